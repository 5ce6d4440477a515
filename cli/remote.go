package cli

import (
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"docket/model"
)

// whole says of a command that it has nothing to do with the files of its machine.
var whole []string

// fromAfar are the commands that a person at the other end of a connection can run, each
// with the flags of it that name files of this machine. What is not here is refused: a
// new command until somebody has thought about it.
var fromAfar = map[string][]string{
	"docket": whole, "docket help": whole, "docket version": whole, "docket whoami": whole,
	"docket add": whole, "docket list": whole, "docket show": whole, "docket stats": whole,
	"docket approve": whole, "docket reject": whole, "docket review": whole, "docket confirm": whole,
	"docket antifraud": whole, "docket antifraud resolve": whole, "docket enroll": whole, "docket expire": whole,
	"docket close": whole, "docket reopen": whole, "docket delete": whole, "docket link": whole, "docket flag": whole,
	"docket bulk": whole, "docket bulk list": whole, "docket bulk resume": whole, "docket bulk stop": whole,
	"docket audit": whole, "docket audit list": whole, "docket audit export": whole, "docket audit verify": {"file", "checkpoint"},
}

// stayHere are the flags of every command that choose what the server works with.
var stayHere = []string{"config", "profile", "env-file", "store", "read-only", "no-images", "log-file", "log-level"}

// whyNot says of commands that people will try what to do instead.
var whyNot = map[string]string{
	"docket images": "look at them in the console: ssh without a command opens it",
	"docket export": "ask somebody who works on the server itself",
	"docket login":  "the server has its own token, and whoever runs it renews that",
	"docket logout": "the server has its own token; to leave, end the connection",
	"docket doctor": "ask whoever runs the server to run it there",
	"docket demo":   "run docket demo on your own machine",
}

// remote refuses what makes no sense, or must not be, from the other end of a connection.
func (a *app) remote(cmd *cobra.Command) error {
	if !a.env.Remote {
		return nil
	}
	flags, allowed := fromAfar[cmd.CommandPath()]
	if !allowed {
		do := whyNot[cmd.CommandPath()]
		if do == "" {
			do = "run it where docket is installed; see `docket --help` for what can be done from here"
		}
		return usage("This cannot be done over SSH", cmd.CommandPath(), do)
	}
	var refusal error
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if refusal == nil && (slices.Contains(stayHere, f.Name) || slices.Contains(flags, f.Name)) {
			refusal = usage("This flag cannot be given over SSH: it is about the server and its files", "--"+f.Name, "leave it out; whoever runs the server configures that")
		}
	})
	return refusal
}

// copying are programs that clients start to copy files.
var copying = []string{"scp", "sftp", "rsync", "sftp-server", "internal-sftp"}

// noCopying refuses to be asked for files by a program.
func (a *app) noCopying() error {
	if !a.env.Remote || len(a.env.Args) == 0 || !slices.Contains(copying, a.env.Args[0]) {
		return nil
	}
	return usage("Files are not copied over this server", a.env.Args[0], "see `docket --help` for what can be done from here, such as `docket list -o json`")
}

// afar is a problem as it is told to somebody at the other end: the token that the API
// wants is the server's, and they cannot renew it.
func (a *app) afar(p *model.Problem) *model.Problem {
	if !a.env.Remote || p.Kind != model.KindAuth {
		return p
	}
	c := *p
	c.Do = "tell whoever runs the server that it needs a new executive token"
	return &c
}
