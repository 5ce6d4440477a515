// Package common is what the pages of the console share: what they are given,
// what they are, and the messages between them and the root. Pages import it
// and never the root.
package common

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"docket/desk"
	"docket/model"
	"docket/ui/keymap"
	"docket/ui/picture"
)

// Context is what the pages of one console are given. It belongs to one
// program: many people share a process, and nothing here is global.
type Context struct {
	Ctx     context.Context // ends with the program
	Desk    Desk
	Keys    *keymap.Map
	Styles  *Styles
	Now     func() time.Time
	Zone    *time.Location
	Masked  bool // personal values are shown masked
	Version string
	Still   bool   // nothing on the screen changes because time passes
	Remote  bool   // a server shows the console to a person who is elsewhere
	Drafts  Drafts // what was filled in and not sent

	Pictures *picture.Screen  // what this terminal can show
	Decoder  *picture.Decoder // keeps the pictures that were shown last
	Looked   Looked           // what the person has looked at

	// Root is the root's own handling of a message; nil: there is no root.
	Root func(tea.Msg) tea.Cmd
}

// AtOnce gives a message to the root before it looks at the next key. It is for what puts
// dialogs and pages on the screen or takes them away, and only while a key, or a message to
// this page alone, is dealt with: between two messages a key would go to what is gone, or
// to what lies under what comes.
func (c *Context) AtOnce(msg tea.Msg) tea.Cmd {
	if c.Root == nil {
		return Send(msg)
	}
	return c.Root(msg)
}

// Present puts a dialog on top, at once.
func (c *Context) Present(d Dialog) tea.Cmd { return c.AtOnce(Push{Dialog: d}) }

// Dismiss takes the dialog on top away, at once, and delivers then, if there is
// any. It is for the dialog that has just taken a key.
func (c *Context) Dismiss(then tea.Msg) tea.Cmd { return c.AtOnce(Pop{Then: then}) }

// Further puts a page on top of the one that is shown, at once.
func (c *Context) Further(p Page) tea.Cmd { return c.AtOnce(PushPage{Page: p}) }

// Open opens a session, at once.
func (c *Context) Open(s OpenSession) tea.Cmd { return c.AtOnce(s) }

// Back takes a page away, at once; nil is the one in front.
func (c *Context) Back(p Page) tea.Cmd { return c.AtOnce(Leave{Page: p}) }

// Show returns a personal value as it may be seen on this screen.
func (c *Context) Show(p model.Personal) string {
	if c.Masked {
		return p.Hidden().String()
	}
	return p.String()
}

// Forget drops what was filled in for an action that has taken effect, and of a
// session that was deleted everything that is remembered of it.
func (c *Context) Forget(id string, done model.ActionKind) {
	if done == model.ActDelete {
		c.Drafts.Drop(id, "")
		c.Looked.Drop(id)
		return
	}
	c.Drafts.Drop(id, done)
}

// When writes a time as short as it can be told: the day only if it is not today.
func (c *Context) When(t time.Time) string {
	t = t.In(c.Zone)
	if t.Format(time.DateOnly) == c.Now().In(c.Zone).Format(time.DateOnly) {
		return t.Format("15:04")
	}
	return t.Format("2006-01-02 15:04")
}

// Page is a full screen of the console between the header and the footer.
type Page interface {
	// Init starts the page when it comes on top for the first time.
	Init() tea.Cmd
	// Update takes every message that is not a key.
	Update(msg tea.Msg) tea.Cmd
	// Key takes a key that is no action: text typed into a field. It reports
	// whether the page wanted it. It is asked before the actions.
	Key(msg tea.KeyPressMsg) (tea.Cmd, bool)
	// Do carries out an action of the page's scope; key is the key that was
	// pressed, or empty from the palette.
	Do(id keymap.ID, key string) tea.Cmd
	// Off says why an action cannot be done now; empty: it can.
	Off(id keymap.ID) string
	// Scope is where the page's actions are declared.
	Scope() keymap.Scope
	// SetSize tells the page its room. It is called before the first View and
	// when the window changes, not otherwise.
	SetSize(width, height int)
	// View draws the page: exactly height lines, none wider than width.
	View() string
	// Crumbs is where the person is, for the header: "Needs review 47".
	Crumbs() []string
}

// Dialog is something on top of a page. It takes all keys.
type Dialog interface {
	Init() tea.Cmd
	Update(msg tea.Msg) tea.Cmd // keys included
	// View draws the dialog's inside; the stack draws the frame. It must fit.
	View(width, height int) string
	Title() string
	// Foot is the dialog's own line of keys.
	Foot() []keymap.Action
}

// Closer is a page that has something to stop when it is taken away.
type Closer interface{ Close() }

// Pictured is a page that shows pictures: where, counted from its own corner.
type Pictured interface{ Spots() []picture.Spot }

// Typist is a page with a search line. While text goes there the footer shows
// its keys: the others are letters then.
type Typist interface{ Typing() bool }

// Stated is a page that has something to say at any moment, in the header.
type Stated interface{ State() []State }

// State is a few words for the header and how they should feel.
type State struct {
	Text string
	Tone model.Tone
}

// SearchKeys are the keys of a search line, for the footer.
func SearchKeys() []keymap.Action {
	return []keymap.Action{{Keys: []string{"enter"}, Short: "keep the search"}, {Keys: []string{"esc"}, Short: "drop it"}}
}

// Messages from pages and dialogs to the root.
type (
	// OpenSession asks for a session's page: on top of what is shown, or instead
	// of the session that is open. Without an id it is the one under the inbox's
	// cursor when this is heard: of two quick steps the later one counts.
	OpenSession struct {
		ID      string
		Instead bool
	}
	// Leave takes a page away; without one, that in front. A page names itself: by
	// the time it is heard, another may have come up.
	Leave struct{ Page Page }
	// Step asks the inbox for the session after (1) or before (-1) the one that
	// is open, and opens it.
	Step struct {
		ID string // the one that is open
		By int
	}
	// Decided says that the session was submitted and the next may be opened.
	Decided struct{ ID string }
	// Push puts a dialog on top.
	Push struct{ Dialog Dialog }
	// Pop takes the top dialog away; Then is delivered to the page afterwards.
	Pop struct{ Then tea.Msg }
	// PushPage puts a page on top of the one that is shown.
	PushPage struct{ Page Page }
	// Toast shows a line for a few seconds, or until it is seen.
	Toast struct {
		Text  string
		Tone  model.Tone
		Stays bool
	}
	// Copy puts text on the clipboard; What names it in the toast. What is more than
	// an id says of which session it is, and for the log, without a value, what.
	Copy struct{ Text, What, Of, Log string }
	// Run carries out an action by its name, as the palette does.
	Run struct{ ID keymap.ID }
	// NeedLogin asks for the log-in form; Why says what was refused. What was
	// being done goes on afterwards: LoggedIn is sent to the page. The form waits
	// for the end of what is being typed, unless the dialog in front asks for it.
	NeedLogin struct {
		Why   string
		Front bool // the dialog in front cannot go on without
	}
	// LoggedIn says that there is a new token.
	LoggedIn struct{}
	// Submitted says that an action is on its way, for the status line and undo.
	Submitted struct{ Submission Submission }
	// Ended says how a submission ended, to every page.
	Ended struct{ Outcomes []model.Outcome }
	// Ordered asks for the page of a bulk run, which begins with a dry run.
	Ordered struct{ Order desk.BulkOrder }
	// RunStarted says that a bulk run is on its way.
	RunStarted struct{ Run *desk.Bulk }
	// RunEnded says that it has ended.
	RunEnded struct{ Run *desk.Bulk }
	// Unmasked says that values of a session are shown in clear until then, or that this
	// is over: what is shown of it is to be read again.
	Unmasked struct {
		ID    string
		Until time.Time // zero: it is over
	}
	// Masking says that masking was switched.
	Masking struct{}
	// Themed says that the colours changed.
	Themed struct{}
	// Changed says that rows of the inbox changed, here or in another process; Ended
	// is set when there will be no more news.
	Changed struct{ Ended bool }
	// Away says that the store is away. When it is back, Changed comes.
	Away struct{}
	// Waiting says how many sessions wait for a person, whenever that was counted.
	Waiting struct{ N int64 }
	// Locking says that the console was locked, or is open again.
	Locking struct{ On bool }
	// Tick goes to every page once a second, for what ages on the screen.
	Tick struct{ At time.Time }
	// Click is a press of the left mouse button; X and Y count from the page's
	// own corner.
	Click struct{ X, Y int }
	// Wheel is a turn of the mouse wheel; By is negative upwards. X and Y are where
	// the pointer is, as in a Click.
	Wheel struct{ By, X, Y int }
)

// Submission is a desk.Submission as the console needs it.
type Submission interface {
	Undo() bool
	Held() bool
	Done() <-chan struct{}
	Outcomes() []model.Outcome
}

// Failed tells an error. That something could not be reached, or that nobody knows how
// it ended, stays until it is seen: it may have taken so long that nobody looks.
func Failed(err error, tone model.Tone) Toast {
	p := model.AsProblem(err)
	return Toast{Text: p.Error(), Tone: tone, Stays: p.Kind == model.KindUnreachable || p.Kind == model.KindOutcome}
}

// Send returns a command that delivers msg.
func Send(msg tea.Msg) tea.Cmd { return func() tea.Msg { return msg } }
