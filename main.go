// Docket is a console for people who review identity verification sessions.
package main

import (
	"context"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"

	"docket/cli"
)

func main() {
	// net/http writes what a server sends out of turn to the standard logger: it
	// is the server's text, and would stand in the middle of the console.
	log.SetOutput(io.Discard)
	os.Exit(run())
}

// run gives the command line its world. The first signal ends it in order: what
// is only held back is not sent, what is being sent is waited for. A second
// one ends it at once.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	context.AfterFunc(ctx, stop)
	return cli.Run(ctx, cli.Process())
}
