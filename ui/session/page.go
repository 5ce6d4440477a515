// Package session is the page of one session: who, verdict and why on top, then
// the panes, each of which loads, fails and refreshes alone. One file a pane.
package session

import (
	"context"
	"image"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"docket/model"
	"docket/ui/common"
	"docket/ui/gallery"
	"docket/ui/keymap"
	"docket/ui/widget"
)

// Page shows one session. It implements common.Page.
type Page struct {
	c  *common.Context
	id string

	ctx    context.Context // ends when the page is left
	cancel context.CancelFunc
	gen    int  // of the last full reading
	busy   int  // readings that have not ended
	asked  bool // the log-in form was asked for, because the token was refused

	s     *model.Session
	row   *model.Row
	notes []model.Note
	kept  *model.Problem // reading row and notes failed
	keep  int            // counts what was shown of row and notes

	rowAsks int // counts askings for the row
	rowHas  int // the asking that is shown: what an earlier one brings is out of date
	lease   lease

	width, height int
	focus         int
	zoomed        bool
	unfold        bool
	info          [paneCount]paneInfo
	panes         [paneCount]paneState
	head          headCache

	strip   *gallery.Strip
	stripOf model.PartState // the list of pictures that the strip has

	counting bool // the grace period runs
	armed    bool // decisions may be opened
	sending  common.Submission
	doing    model.ActionKind // what sending does
	find     finder
	deeds    map[keymap.ID]deed
}

// paneInfo declares a pane: one row a pane, in the order of their numbers.
type paneInfo struct {
	title, tab string
	parts      []model.Part // fetched again by refresh
	raw        []model.Part // whose JSON is shown: the first that has one
	build      func(*view) content
}

func paneTable() [paneCount]paneInfo {
	score := []model.Part{model.PartScore, model.PartStatus}
	images := []model.Part{model.PartImages, model.PartScore}
	documents := []model.Part{model.PartOCR, model.PartOCR2}
	places := []model.Part{model.PartDevice, model.PartLinked}
	events := []model.Part{model.PartEvents}
	own := []model.Part{model.PartCustom, model.PartLife}
	return [paneCount]paneInfo{
		paneHeader:   {"Summary", "Summary", nil, score, summary},
		paneFaces:    {"Faces", "Faces", images, score, faces},
		paneChecks:   {"Checks", "Checks", score, score, checks},
		paneOCR:      {"OCR", "OCR", documents, documents, ocr},
		paneDevice:   {"Device, place, linked", "Device", places, places, device},
		paneTimeline: {"Timeline", "Timeline", events, events, timeline},
		paneNotes:    {"Notes & tags", "Notes", own, own, notes},
	}
}

// New returns the page of a session. What is known already is shown at once.
func New(c *common.Context, id string) *Page {
	p := &Page{c: c, id: id, focus: paneChecks, info: paneTable()}
	p.find.searchLine = newSearchLine("searches every pane; enter keeps it, esc drops it")
	p.ctx, p.cancel = context.WithCancel(c.Ctx)
	p.s = remembered(c, id)
	p.strip = gallery.NewStrip(p.ctx, c, id)
	p.deeds = p.allDeeds()
	return p
}

// remembered returns what is known of a session without asking anybody.
func remembered(c *common.Context, id string) *model.Session {
	if s := c.Desk.Peek(id); s != nil {
		return s
	}
	return &model.Session{ID: id}
}

// ID returns the interview id of the session.
func (p *Page) ID() string { return p.id }

// Session returns the session as it is shown now.
func (p *Page) Session() *model.Session { return p.s }

// Init opens the session: every part at once, row and notes beside it.
func (p *Page) Init() tea.Cmd {
	return tea.Batch(p.openAll(), p.readKept(), p.arm(), p.takePictures())
}

// Close ends what the page still fetches. The root calls it when the page is
// left in another way than by the key for it.
func (p *Page) Close() { p.cancel() }

// Scope is where the page's actions are declared.
func (p *Page) Scope() keymap.Scope { return keymap.InSession }

// Crumbs names the session: by the person once known.
func (p *Page) Crumbs() []string {
	name := p.c.Show(p.s.Applicant.Name)
	if name == "" && p.row != nil {
		name = p.c.Show(p.row.Name)
	}
	if name == "" {
		return []string{shortID(p.id)}
	}
	return []string{widget.Clip(oneLine(name), 32) + "  " + shortID(p.id)}
}

// SetSize tells the page its room.
func (p *Page) SetSize(width, height int) {
	p.width, p.height = width, height
	p.recount()
}

// Update takes what was read and what became of a send.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	return tea.Batch(p.strip.Update(msg), p.handle(msg))
}

func (p *Page) handle(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case snapshot:
		return p.took(msg)
	case kept:
		return p.tookKept(msg)
	case common.Changed:
		p.reread()
		return tea.Batch(p.readKept(), p.catchUp())
	case common.Unmasked:
		p.reread()
		return p.readKept()
	case armed:
		p.armed = p.armed || msg.page == p
	case common.Masking, common.Themed:
		p.forget()
	case tea.PasteMsg:
		p.paste(msg.Content)
	case leaseDue, renewed, common.Locking:
		return p.updateLease(msg)
	case common.LoggedIn:
		return p.loggedIn()
	case common.Wheel:
		p.panes[p.focus].move(msg.By)
	case common.Click:
		return p.click(msg.X, msg.Y)
	default:
		return p.updateSend(msg)
	}
	return nil
}

// reread shows the session as the desk shows it now, where that changes by itself: values
// that were revealed are masked again.
func (p *Page) reread() {
	if s := p.c.Desk.Peek(p.id); p.c.Veiled() && s != nil {
		p.s = s
		p.recount()
	}
}

// Field returns the name of the value under the cursor; empty: it has none.
func (p *Page) Field() string {
	it, _ := p.panes[p.focus].selected()
	return it.name
}

// forget makes every pane anew: colours or masking changed.
func (p *Page) forget() {
	for i := range p.panes {
		p.panes[i].built, p.panes[i].drawn = builtKey{}, drawnKey{}
	}
	p.head = headCache{}
	p.recount()
}

// graceTime is how long decision keys are dropped after the page changed, so
// that nobody decides on a session they have not seen.
const graceTime = 400 * time.Millisecond

type armed struct{ page *Page }

// arm starts the grace period once score and OCR are on screen.
func (p *Page) arm() tea.Cmd {
	if p.counting || !p.s.ReadyToDecide() {
		return nil
	}
	p.counting = true
	return tea.Tick(graceTime, func(time.Time) tea.Msg { return armed{p} })
}

func (p *Page) plan() plan { return arrange(p.width, p.height, p.focus, p.zoomed) }

// View draws the page: exactly as many lines as it has room for.
func (p *Page) View() string {
	if p.width <= 0 || p.height <= 0 {
		return ""
	}
	a := p.plan()
	lines := make([]string, 0, p.height)
	lines = append(lines, p.drawHeader(a)...)
	if a.tabs {
		lines = append(lines, p.drawTabs())
	}
	for _, b := range a.bands {
		columns := make([][]string, len(b))
		for i, col := range b {
			for _, cell := range col {
				columns[i] = append(columns[i], p.drawPane(cell)...)
			}
		}
		lines = append(lines, beside(columns)...)
	}
	lines = append(lines, p.lastLine())
	return strings.Join(lines, "\n")
}

// lastLine is what an approval sets aside, or the search while it is typed.
func (p *Page) lastLine() string {
	if p.find.typing {
		return p.prompt()
	}
	return widget.Fit(" "+p.before(), p.width)
}

// click focuses the pane under the mouse and selects the line there; on what is
// selected already it opens it.
func (p *Page) click(x, y int) tea.Cmd {
	a := p.plan()
	if y < a.header {
		p.focus = paneHeader
		return nil
	}
	for pane, at := range a.places() {
		if image.Pt(x, y).In(at) {
			return p.clickPane(pane, y-at.Min.Y-1)
		}
	}
	return nil
}

func (p *Page) clickPane(pane, row int) tea.Cmd {
	ps := &p.panes[pane]
	row -= len(ps.content.pinned)
	before, focused := ps.cursor, p.focus == pane
	p.focus = pane
	if !ps.pick(row) {
		return nil
	}
	if it, ok := ps.selected(); ok && focused && ps.cursor == before && it.open != nil {
		return it.open(p)
	}
	return nil
}

// view gathers what a pane of the size is made from.
func (p *Page) view(w, h int) *view {
	return &view{
		c: p.c, s: p.s, strip: p.strip, row: p.row, notes: p.notes, kept: p.kept, now: p.c.Now(),
		width: w, height: h, busy: p.busy > 0, unfold: p.unfold || p.find.query() != "",
	}
}
