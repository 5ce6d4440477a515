// Package ui is the console: the root model that routes messages to the page
// that is shown, the dialog on top of it and the status line. It does nothing
// else itself, and no input or output.
package ui

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"docket/model"
	"docket/themes"
	"docket/ui/common"
	"docket/ui/dialog"
	"docket/ui/inbox"
	"docket/ui/keymap"
	"docket/ui/layout"
	"docket/ui/picture"
	"docket/ui/widget"
)

// Options say what a console is made of. Desk is all it needs.
type Options struct {
	Desk     common.Desk
	Now      func() time.Time // nil: time.Now
	Zone     *time.Location   // nil: UTC
	Masked   bool             // start with personal values masked
	Version  string
	Theme    string               // empty: the default
	Keys     map[string][]string  // keys bound anew, by the names of actions
	Mouse    bool                 // start with the mouse on
	View     model.View           // where to start; empty: what waits, else everything
	Profile  colorprofile.Profile // what the terminal can show; Run finds out
	Colours  Colours              // how many colours are used; empty or auto: what the terminal can show
	Still    bool                 // what only time changes is drawn with whatever happens next, never by itself
	Light    bool                 // a light background, until the terminal says otherwise
	Pictures picture.Options      // how pictures are shown
	Notify   Notify               // how attention is drawn to what comes in; empty: not at all
	Grace    time.Duration        // how long a fresh dialog chooses nothing; 0: DefaultGrace; negative: not at all

	Local     func(text string) error                 // copies to the clipboard of this machine; nil over SSH
	LocalDrop func(text string) error                 // empties that if it still holds the text; nil over SSH
	Tmux      func(ctx context.Context) (Tmux, error) // asks the tmux around the terminal; nil: nobody can be asked

	Lock      time.Duration         // after which without a key the console locks itself; 0: never by itself
	PIN       func(pin string) bool // reports whether a PIN opens a locked console; nil: there is none
	MaxLength time.Duration         // that the console may last; 0: no limit
	Remote    bool                  // a server shows it to a person who is elsewhere

	Failed func(Failure) // hears of a failure that has ended the console; nil: nobody does
}

// DefaultGrace is how long a fresh dialog chooses nothing: longer than a key
// that was on its way, shorter than a person who has read it.
const DefaultGrace = 250 * time.Millisecond

// Root is the console. It implements tea.Model.
type Root struct {
	c       *common.Context
	theme   *themes.Theme
	profile colorprofile.Profile
	dark    bool
	clips   clips
	plain   *plain // a text to select with the mouse, in front of all but the lock; nil: none
	mouse   bool
	locked  bool
	gate    gate
	bare    bare           // what is revealed to whom values come masked
	ending  *model.Problem // why the console ends by itself; nil: it does not

	revealing bool // masked values are to be shown once that is logged
	reveals   int  // counts presses of the key for it

	w, h   int
	screen layout.Screen

	inbox    *inbox.Page
	pages    []common.Page // the inbox first, the one that is shown last
	dialogs  *dialog.Stack
	holds    holds
	runs     runs
	toast    toast
	notices  notices
	deeds    map[keymap.ID]func() tea.Cmd
	offs     map[keymap.ID]func() string // of deeds: why they cannot be done now
	question common.Dialog               // whether to quit, while it is asked
	glyphs   *glyphs                     // hides letters from the renderer; nil: none
	facts    facts
	did      []keymap.ID // what was done last, for a Failure
	taking   bool        // the next session that nobody has is being claimed
	still    bool        // see Options
	moved    bool        // something has happened since shown was drawn
	due      bool        // something has that can wait for a moment
	shown    string      // the screen of a still console as it was drawn last
	alarmed  alarm       // as it was drawn last
	wipe     bool        // the terminal is to forget its pictures
	loginDue string      // why the log-in form comes once nothing is being typed; empty: it does not
}

// setting is the problem of a configuration that the console cannot follow.
func setting(err error) error {
	return model.NewProblem(model.KindUsage, "The console cannot start: "+err.Error(), "", "mend --theme or the configuration file").Because(err)
}

// New returns a console. The error names a theme or a key that cannot be used.
func New(ctx context.Context, o Options) (*Root, error) {
	keys, err := keymap.New(o.Keys)
	if err != nil {
		return nil, setting(err)
	}
	if o.Theme == "" {
		o.Theme = themes.Default
	}
	theme, err := themes.Load(o.Theme)
	if err != nil {
		return nil, setting(err)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Grace == 0 {
		o.Grace = DefaultGrace
	}
	c := &common.Context{
		Ctx: ctx, Desk: o.Desk, Keys: keys, Now: o.Now, Zone: o.Zone, Masked: o.Masked, Version: o.Version, Still: o.Still, Remote: o.Remote,
		Styles: common.NewStyles(theme, !o.Light, o.Profile),
	}
	c.Pictures, c.Decoder = picture.NewScreen(o.Pictures), picture.NewDecoder(picture.DefaultKept)
	r := &Root{still: o.Still, c: c, theme: theme, profile: o.Profile, dark: !o.Light, mouse: o.Mouse, dialogs: dialog.NewStack(c, o.Grace)}
	r.inbox = inbox.New(c, o.View)
	r.pages = []common.Page{r.first()}
	c.Root = r.handle
	r.deeds, r.offs = r.allDeeds(), r.ownOffs()
	r.facts = factsOf(c)
	r.gate = newGate(o, o.Now())
	r.clips = newClips(o)
	r.notices = newNotices(o.Notify, o.Pictures.Environ, o.Now())
	return r, nil
}

// Init implements tea.Model.
func (r *Root) Init() tea.Cmd {
	return tea.Batch(r.pages[0].Init(), tea.RequestBackgroundColor, second(), sends(r.c.Pictures.Query()), r.readUnfinished(false))
}

// Update implements tea.Model. It only dispatches.
func (r *Root) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	due := r.paced(msg)
	shown := r.c.Pictures.Update(msg)
	cmd := r.handle(msg)
	if r.loginDue != "" && !r.typing() {
		why := r.loginDue
		r.loginDue = ""
		cmd = tea.Batch(cmd, r.login(why))
	}
	if now := r.alarm(); now != r.alarmed { // time alone may have raised it, between two messages
		r.alarmed, r.moved = now, true
	}
	return r, tea.Batch(shown, cmd, due, r.wiped(), r.place())
}

func (r *Root) handle(msg tea.Msg) tea.Cmd {
	r.signs(msg)
	if key, ok := msg.(tea.KeyPressMsg); ok {
		return r.key(key)
	}
	for _, take := range []func(tea.Msg) (tea.Cmd, bool){r.fromLock, r.fromTerminal, r.fromPages, r.fromRuns, r.fromClock} {
		if cmd, taken := take(msg); taken {
			return cmd
		}
	}
	return r.broadcast(msg)
}

// broadcast gives a message to every page and every dialog: who asked for it
// knows it by its type.
func (r *Root) broadcast(msg tea.Msg) tea.Cmd {
	cmds := []tea.Cmd{r.dialogs.Update(msg)}
	for _, p := range r.pages {
		cmds = append(cmds, p.Update(msg))
	}
	return tea.Batch(cmds...)
}

// page returns the page that is shown.
func (r *Root) page() common.Page { return r.pages[len(r.pages)-1] }

// View implements tea.Model.
func (r *Root) View() tea.View {
	v := tea.View{AltScreen: true, WindowTitle: r.title(), Content: r.drawn()}
	if r.mouse && r.plain == nil {
		v.MouseMode = tea.MouseModeCellMotion
	}
	return v
}

// drawn is the screen. Of a still console it stays as it is until something happens:
// what a clock shows is not worth a byte on the line.
func (r *Root) drawn() string {
	if r.moved || !r.still {
		r.shown, r.moved, r.due = r.hidden(r.content()), false, false
	}
	return r.shown
}

// hidden is a screen as the renderer gets it.
func (r *Root) hidden(screen string) string {
	if r.glyphs == nil {
		return screen
	}
	return r.glyphs.hide(screen)
}

// covered reports whether something lies over the page and its dialogs.
func (r *Root) covered() bool { return r.locked || r.plain != nil }

func (r *Root) content() string {
	switch {
	case r.w == 0 || r.h == 0:
		return ""
	case r.locked:
		return r.lockScreen()
	case r.screen.Small:
		return r.tooSmall()
	case r.plain != nil:
		return r.plainScreen()
	}
	lines := make([]string, 0, r.h)
	lines = append(lines, r.header())
	lines = append(lines, strings.Split(r.page().View(), "\n")...)
	status := r.status()
	lines = append(lines[:len(lines)-len(status)+1], status...)
	lines = append(lines, r.foot())
	if r.dialogs.Open() {
		lines = widget.Fill(lines, r.w, r.h)
		r.dialogs.Draw(lines, r.screen.Page, r.w)
	}
	return strings.Join(lines, "\n")
}

// tooSmall says which size is needed, in as many lines as that takes.
func (r *Root) tooSmall() string {
	text := fmt.Sprintf("docket needs a terminal of %d×%d; this one has %d×%d. Make it larger, or the letters smaller. q quits.",
		layout.MinWidth, layout.MinHeight, r.w, r.h)
	if r.holds.held() {
		text = "A decision is held back: u takes it back, and so does q. " + text
	}
	return strings.Join(widget.Fill(widget.Wrap(text, r.w), r.w, r.h), "\n")
}

// title is the title of the window: never anything personal, and only text that
// a terminal cannot take for an instruction.
func (r *Root) title() string {
	if r.locked {
		return "docket"
	}
	if s, ok := r.page().(named); ok {
		return "docket · " + inbox.ShortID(widget.OneLine(s.ID()))
	}
	return "docket"
}
