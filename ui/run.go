package ui

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"docket/ui/picture"
)

// Terminal is where a console runs. Signals are for whoever owns the process:
// they end ctx.
type Terminal struct {
	In  io.Reader
	Out io.Writer
	Env []string // of the person's terminal: TERM, COLORTERM, NO_COLOR

	// Of a terminal at the other end of a connection, which cannot be asked.
	Size    func() (columns, rows int)
	Resized <-chan struct{} // Size has changed
}

// frames is how often a second the screen may change. Keys are answered within
// one frame.
const frames = 120

// farFrames is the same of a terminal at the other end of a connection, where many share
// the processors and the way is longer than a frame.
const farFrames = 60

// patience is how long the end waits for held-back actions to be written down
// as not sent.
const patience = 2 * time.Second

// Run shows the console until the person quits or ctx ends. However it ends,
// what was held back then is not sent.
func Run(ctx context.Context, o Options, t Terminal) error {
	within, stop := context.WithCancel(ctx)
	defer stop()
	o.Profile = o.Colours.most(Profile(t.Env))
	o.Light = o.Light || lightHint(t.Env)
	o.Pictures.Environ = t.Env
	if out, ok := t.Out.(interface{ Fd() uintptr }); ok {
		o.Pictures.Cell = picture.SystemCell(out.Fd())
	}
	o.Pictures.Remote = o.Pictures.Remote || Remote(t.Env)
	root, err := New(within, o)
	if err != nil {
		return err
	}
	root.glyphs = newGlyphs()
	rate := frames
	if t.Size != nil {
		rate = farFrames
	}
	g := &guard{root: root}
	options := []tea.ProgramOption{
		tea.WithInput(t.In), tea.WithOutput(g.writer(root.glyphs.writer(t.Out, root.farewell), t.Out)), tea.WithEnvironment(t.Env),
		tea.WithFPS(rate), tea.WithColorProfile(o.Profile), tea.WithoutSignalHandler(),
	}
	if t.Size != nil {
		options = append(options, tea.WithWindowSize(t.Size()))
	}
	program := tea.NewProgram(g, options...)
	g.send = program.Send
	go follow(within, program, t)
	// Bubble Tea's own context kills a program, which closes the terminal under
	// the reader that still waits for keys.
	defer context.AfterFunc(ctx, program.Quit)()
	_, err = program.Run()
	g.end(func() {
		root.holds.undoAll()
		root.holds.settle(patience)
		root.clips.leaves()
	})
	if f := g.did.Load(); f != nil {
		if o.Failed != nil {
			o.Failed(*f)
		}
		return g.problem()
	}
	if root.ending != nil {
		return root.ending
	}
	if ended := ctx.Err() != nil || errors.Is(err, tea.ErrInterrupted); ended {
		return nil
	}
	return err
}

// Colours are how many colours a console uses.
type Colours string

// most returns the profile that a person has chosen for a terminal. Who wants no colour
// in their environment gets none.
func (c Colours) most(terminal colorprofile.Profile) colorprofile.Profile {
	chosen, ok := map[Colours]colorprofile.Profile{
		"none": colorprofile.ASCII, "16": colorprofile.ANSI, "256": colorprofile.ANSI256, "true": colorprofile.TrueColor,
	}[c]
	if !ok || terminal == colorprofile.ASCII {
		return terminal
	}
	return chosen
}

// farewell is what is said to the terminal before it is left.
func (r *Root) farewell() string { return r.c.Pictures.Clear() + r.clips.farewell() }

// follow tells the console the size of a terminal that cannot be asked, when it changes.
func follow(ctx context.Context, program *tea.Program, t Terminal) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.Resized:
			w, h := t.Size()
			program.Send(tea.WindowSizeMsg{Width: w, Height: h})
		}
	}
}

// Profile returns how many colours a terminal shows. NO_COLOR with any value
// and TERM=dumb mean none; tmux takes true colours when told so, and does by
// itself with them what the terminal around it can show.
func Profile(env []string) colorprofile.Profile {
	if value(env, "NO_COLOR") != "" || value(env, "TERM") == "dumb" {
		return colorprofile.ASCII
	}
	p := colorprofile.Env(env)
	if strings.HasPrefix(value(env, "TERM"), "tmux") && value(env, "COLORTERM") == "truecolor" {
		p = colorprofile.TrueColor
	}
	return max(p, colorprofile.ASCII)
}

// Remote reports whether a terminal is at the other end of SSH.
func Remote(env []string) bool {
	return value(env, "SSH_CONNECTION") != "" || value(env, "SSH_TTY") != ""
}

// lightHint reports whether the environment says that the background is light.
// The terminal's own answer comes later and wins.
func lightHint(env []string) bool {
	_, back, found := strings.Cut(value(env, "COLORFGBG"), ";")
	if i := strings.LastIndexByte(back, ';'); i >= 0 {
		back = back[i+1:]
	}
	return found && (back == "7" || back == "15")
}

func value(env []string, name string) string {
	out := ""
	for _, e := range env {
		if n, v, ok := strings.Cut(e, "="); ok && n == name {
			out = v
		}
	}
	return out
}
