package ui

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"docket/model"
	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/widget"
)

// Tmux is what the tmux around a terminal does with a text that is to be copied.
type Tmux struct {
	Takes  bool // set-clipboard is on: it copies what programs in it ask for
	Passes bool // allow-passthrough is on: it hands on what is meant for the terminal around it
}

// clips are the copies of this console.
type clips struct {
	local func(text string) error // copies to the clipboard of this machine; nil: there is none
	drop  func(text string) error // empties that if it still holds the text
	asks  func(ctx context.Context) (Tmux, error)
	tmux  bool // the terminal is tmux

	n    int // counts copies
	last common.Copy
	due  time.Time // when what was copied is cleared; zero: it is not
	left *atomic.Bool
}

// clearAfter is how long personal data stays on a clipboard.
const clearAfter = time.Minute

func newClips(o Options) clips {
	return clips{
		local: o.Local, drop: o.LocalDrop, asks: o.Tmux, left: &atomic.Bool{},
		tmux: value(o.Pictures.Environ, "TMUX") != "" || strings.HasPrefix(value(o.Pictures.Environ, "TERM"), "tmux"),
	}
}

// sequence is what asks a terminal to copy a text: OSC 52. tmux takes it for itself, or
// hands it on when it is wrapped; it ignores the form that it is not set to.
func (c *clips) sequence(text string) string {
	seq := ansi.SetSystemClipboard(text)
	if c.tmux {
		seq += ansi.TmuxPassthrough(seq)
	}
	return seq
}

// farewell is what is said to the terminal before it is left: what was copied of a
// person does not stay behind. It may be called from any goroutine.
func (c *clips) farewell() string {
	if !c.left.Swap(false) {
		return ""
	}
	return c.sequence("")
}

// copiable is what became of logging a copy before it is made.
type copiable struct {
	copy common.Copy
	err  error
}

// copied is what became of a copy beside the terminal's clipboard.
type copied struct {
	n     int
	what  string
	err   error // of the local clipboard
	local bool
	tmux  Tmux
	asked bool // tmux has said what it does
}

// copy puts a text on the clipboard, after it was logged if it says anything of a
// person.
func (r *Root) copy(msg common.Copy) tea.Cmd {
	if msg.Of == "" {
		return r.toClipboard(msg)
	}
	desk, ctx := r.c.Desk, r.c.Ctx
	return func() tea.Msg { return copiable{msg, desk.Export(ctx, msg.Of, "copied "+msg.Log)} }
}

// toClipboard copies by an escape sequence, which works through SSH, and on this
// machine where there is a clipboard. Always one clean line.
func (r *Root) toClipboard(msg common.Copy) tea.Cmd {
	c := &r.clips
	msg.Text = widget.OneLine(msg.Text)
	c.n++
	c.last, c.due = msg, time.Time{}
	c.left.Store(msg.Of != "")
	if msg.Of != "" {
		c.due = r.c.Now().Add(clearAfter)
	}
	n, local, asks, ctx := c.n, c.local, c.asks, r.c.Ctx
	return tea.Batch(sends(c.sequence(msg.Text)), func() tea.Msg {
		out := copied{n: n, what: msg.What, local: local != nil}
		if local != nil {
			out.err = local(msg.Text)
		}
		if asks != nil {
			tmux, err := asks(ctx)
			out.tmux, out.asked = tmux, err == nil
		}
		return out
	})
}

// tookCopied says whether the text is where it can be pasted from.
func (r *Root) tookCopied(msg copied) tea.Cmd {
	c := &r.clips
	cleared := ""
	if !c.due.IsZero() {
		cleared = ", for a minute"
	}
	switch {
	case msg.n != c.n:
		return nil // another copy has followed
	case msg.local && msg.err == nil, msg.asked && (msg.tmux.Takes || msg.tmux.Passes), !c.tmux && !msg.local:
		return r.say(msg.what+" copied"+cleared, model.ToneGood)
	case msg.local && !c.tmux:
		return r.say(msg.what+" sent to the terminal's clipboard; this machine's own could not be used", model.ToneWarn)
	case msg.asked:
		r.plain = &plain{text: c.last.Text, why: "tmux copies nothing: tmux set -s set-clipboard on lets it. "}
		return nil
	}
	return r.say(msg.what+" sent to tmux, which may keep it: tmux set -s set-clipboard on; "+r.c.Keys.Get(keymap.Palette).FirstKey()+" show copied shows it", model.ToneWarn)
}

// clearsDue clears what was copied when its time is over.
func (r *Root) clearsDue() tea.Cmd {
	if c := &r.clips; c.due.IsZero() || r.c.Now().Before(c.due) {
		return nil
	}
	return r.clear()
}

// clear takes what was copied last off the clipboards, if it is of a person. Nothing
// else was copied from here since; what was copied elsewhere, a terminal does not tell.
func (r *Root) clear() tea.Cmd {
	c := &r.clips
	text, drop := c.last.Text, c.drop
	if c.last.Of == "" {
		return nil
	}
	what := c.last.What
	c.last, c.due, r.plain = common.Copy{}, time.Time{}, nil
	cmds := []tea.Cmd{sends(c.farewell()), r.say(what+" is taken off the clipboard again", model.ToneNone)}
	if drop != nil {
		cmds = append(cmds, func() tea.Msg {
			if err := drop(text); err != nil {
				return common.Toast{Text: "This machine's clipboard could not be cleared", Tone: model.ToneWarn}
			}
			return nil
		})
	}
	return tea.Batch(cmds...)
}

// leaves takes it off this machine's clipboard when the console has ended.
func (c *clips) leaves() {
	if c.last.Of != "" && c.drop != nil {
		_ = c.drop(c.last.Text) // there is nobody left to tell
	}
}

// plain is a text on a screen of its own, without a frame: the mouse can select it
// where nothing else can copy.
type plain struct {
	text string
	why  string // why it came up by itself; empty: somebody asked for it
	top  int
}

func (r *Root) noCopied() string {
	if r.clips.last.Text == "" {
		return "nothing was copied here, or it is off the clipboard again"
	}
	return ""
}

// showCopied shows what was copied last.
func (r *Root) showCopied() tea.Cmd {
	r.plain = &plain{text: r.clips.last.Text}
	return nil
}

func (p *plain) lines(w int) []string {
	return strings.Split(ansi.Hardwrap(p.text, max(w, 1), true), "\n")
}

// keyPlain takes a key in front of the text.
func (r *Root) keyPlain(msg tea.KeyPressMsg) tea.Cmd {
	p := r.plain
	most := max(len(p.lines(r.w))-plainRoom(r.h), 0)
	switch msg.String() {
	case "j", "down":
		p.top = min(p.top+1, most)
	case "k", "up":
		p.top = max(p.top-1, 0)
	default:
		r.plain = nil
	}
	return nil
}

// plainTitles are the lines above the text.
const plainTitles = 3

func plainRoom(h int) int { return max(h-plainTitles, 1) }

func (r *Root) plainScreen() string {
	p := r.plain
	hint := p.why + "Select it with the mouse. j and k scroll, any other key goes back."
	lines := widget.Wrap(hint, r.w)
	lines = append(lines[:min(len(lines), plainTitles-1)], "")
	for i, l := range lines {
		lines[i] = r.c.Styles.Dim.Render(l)
	}
	text := p.lines(r.w)
	p.top = min(p.top, len(text)-1)
	lines = append(lines, text[p.top:min(len(text), p.top+plainRoom(r.h))]...)
	return strings.Join(widget.Fill(lines, r.w, r.h), "\n")
}
