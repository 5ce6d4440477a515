package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"docket/cli/output"
	"docket/internal/config"
	"docket/internal/secret"
	"docket/model"
	"docket/provider/clean"
)

// app is one run of the command line.
type app struct {
	env   Env
	flags globalFlags
	lines *bufio.Reader // of standard input

	loaded *config.Config // the configuration, once it was asked for
	warned bool           // what should be mended in it was told
	kept   *secret.Store  // the kept tokens, once they were asked for

	log     *slog.Logger // nil: none is wanted
	logFile *os.File
}

// Run runs one command line and returns the exit code.
func Run(ctx context.Context, env Env) int {
	a := &app{env: env, lines: bufio.NewReader(env.Stdin)}
	root := a.root()
	root.SetArgs(env.Args)
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	if err := a.noCopying(); err != nil {
		return a.end(root, err)
	}
	cmd, err := root.ExecuteContextC(ctx)
	return a.end(cmd, err)
}

// status is an exit code of a command that has told everything itself.
type status int

func (s status) Error() string { return fmt.Sprintf("exit code %d", int(s)) }

// exits ends a command with the code, without another word.
func exits(code int) error {
	if code == model.ExitDone {
		return nil
	}
	return status(code)
}

// end tells what went wrong, if anything, and returns the exit code.
func (a *app) end(cmd *cobra.Command, err error) int {
	code, p := model.ExitDone, (*model.Problem)(nil)
	var s status
	switch {
	case err == nil:
	case errors.As(err, &s):
		code = int(s)
	default:
		p = a.afar(model.AsProblem(err))
		code = p.Kind.Exit()
		a.tell(p)
		if p.Kind == model.KindUsage {
			a.say("Help: " + cmd.CommandPath() + " --help")
		}
	}
	a.closeLog(cmd.CommandPath(), code, p)
	return code
}

// tell writes a problem to standard error: what happened, to what, what to do.
func (a *app) tell(p *model.Problem) {
	paint := output.Paint{Colour: a.env.colour(a.env.ErrTerminal)}
	text := p.Message
	if p.Subject != "" {
		text += " (" + p.Subject + ")"
	}
	a.say(paint.Tone(model.ToneBad, "docket: ") + safe(text))
	if p.Do != "" {
		a.say("  " + safe(upperFirst(mend(p))))
	}
}

// mend is what to do about a problem. The console has a form for a log-in, here
// it is a command.
func mend(p *model.Problem) string {
	if p.Kind == model.KindAuth && (p.Do == "log in" || p.Do == "log in again") {
		return p.Do + " with `docket login`"
	}
	return p.Do
}

// say writes a line to standard error. Nobody can be told when that fails.
func (a *app) say(line string) { _, _ = fmt.Fprintln(a.env.Stderr, line) }

// warn tells a problem that does not end the command.
func (a *app) warn(p *model.Problem, id string) {
	text := p.Message
	if p.Part != "" {
		text = string(p.Part) + ": " + text
	}
	if p.Do != "" {
		text += "; " + mend(p)
	}
	a.say(safe(id + "  " + text))
}

// safe keeps what a person typed, or a name in a file, from acting on the
// terminal. What comes from a provider is clean already, and stays as it is.
func safe(text string) string {
	out, _ := clean.Block(text)
	return out
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// paint says what standard output can show.
func (a *app) paint() output.Paint {
	p := output.Paint{Colour: a.env.colour(a.env.OutTerminal)}
	if a.env.OutTerminal {
		p.Width, _ = a.size()
	}
	return p
}

func (a *app) size() (width, height int) {
	if a.env.Size == nil {
		return 0, 0
	}
	return a.env.Size()
}

// failed turns an error of writing the output into a problem. A reader that has
// gone, as head does, is told like any other.
func failed(err error) error {
	if err == nil {
		return nil
	}
	return model.NewProblem(model.KindFailed, "The output could not be written: "+cause(err), "standard output", "see whether the disk is full or the reader has ended").Because(err)
}

// cause says why the system refused something, without the call and the path
// that Go puts in front.
func cause(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return err.Error()
}

// usage returns a problem of the command line itself.
func usage(message, subject, do string) *model.Problem {
	return model.NewProblem(model.KindUsage, message, subject, do)
}

// line reads a line of standard input; io.EOF when there is none. One that is
// longer than longestLine is read to its end and given cut, with
// bufio.ErrBufferFull.
func (a *app) line(ctx context.Context) (string, error) {
	type answer struct {
		text string
		err  error
	}
	read := make(chan answer, 1)
	go func() {
		text, err := boundedLine(a.lines)
		read <- answer{text, err}
	}()
	select {
	case got := <-read:
		if errors.Is(got.err, io.EOF) && got.text != "" {
			got.err = nil // the last line needs no end
		}
		return strings.TrimRight(got.text, "\r\n"), got.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// boundedLine reads a line and keeps its beginning.
func boundedLine(r *bufio.Reader) (string, error) {
	var kept []byte
	long := false
	for {
		piece, err := r.ReadSlice('\n')
		room := longestLine - len(kept)
		long = long || len(piece) > room
		kept = append(kept, piece[:min(room, len(piece))]...)
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if long {
			err = bufio.ErrBufferFull
		}
		return string(kept), err
	}
}

// wrap breaks a text for standard error.
func (a *app) wrap(text string, indent int) string {
	if w, _ := a.size(); w > indent+20 {
		text = ansi.Wrap(text, w-indent, " ")
	}
	return strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", indent))
}
