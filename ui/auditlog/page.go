// Package auditlog is the page that lists the audit log, the latest entry first: who saw
// and did what. It is read backwards, as far as the person looks.
package auditlog

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"docket/audit"
	"docket/model"
	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/widget"
)

// Page implements common.Page.
type Page struct {
	c    *common.Context
	w, h int
	ctx  context.Context // ends when the page is left
	end  context.CancelFunc

	rows    []row // the latest first; those that the search leaves
	size    int64 // of the log, when it was read last
	low     int64 // the first entry that was read
	gen     int   // of the reading; what an older one brings is dropped
	busy    bool
	problem *model.Problem

	top     int
	find    *widget.Field
	finding bool
}

// row is an entry with its place in the log.
type row struct {
	index int64
	audit.Entry
}

// chunk is how many entries are read at once.
const chunk = 1000

// readMsg are entries from an index on, up to what was there already.
type readMsg struct {
	page *Page
	gen  int
	rows []row
	size int64
	low  int64
	err  error
}

// New returns the page.
func New(c *common.Context) *Page {
	p := &Page{c: c, find: widget.NewField("who, event, session, reason, result", "")}
	p.ctx, p.end = context.WithCancel(c.Ctx)
	return p
}

// Init reads the latest entries.
func (p *Page) Init() tea.Cmd { return p.again() }

// Close implements common.Closer.
func (p *Page) Close() { p.end() }

// Scope implements common.Page.
func (p *Page) Scope() keymap.Scope { return keymap.InActivity }

// Typing implements common.Typist.
func (p *Page) Typing() bool { return p.finding }

// Crumbs implements common.Page.
func (p *Page) Crumbs() []string { return []string{"Audit log"} }

// SetSize implements common.Page.
func (p *Page) SetSize(w, h int) {
	p.w, p.h = w, h
	p.scroll(0)
}

// again reads from the latest entry on.
func (p *Page) again() tea.Cmd {
	p.gen++
	p.rows, p.top, p.low, p.busy = nil, 0, -1, false
	return p.more()
}

// more reads the entries before those that were read.
func (p *Page) more() tea.Cmd {
	if p.busy || p.low == 0 {
		return nil
	}
	p.busy = true
	gen, low, ctx, desk, want := p.gen, p.low, p.ctx, p.c.Desk, p.want()
	return func() tea.Msg {
		m := readMsg{page: p, gen: gen}
		log, err := desk.AuditLog()
		if err == nil {
			m.rows, m.size, m.low, err = before(ctx, log, low, want)
		}
		m.err = err
		return m
	}
}

// before reads a chunk of entries before an index, or the last when it is negative, and
// returns those that are wanted, the latest first.
func before(ctx context.Context, log audit.Reader, index int64, want string) (rows []row, size, low int64, err error) {
	if size, err = log.AuditSize(ctx); err != nil {
		return nil, 0, 0, err
	}
	if index < 0 {
		index = size
	}
	low = max(index-chunk, 0)
	records, err := log.AuditRecords(ctx, low, int(index-low))
	if err != nil {
		return nil, size, index, err
	}
	for _, r := range slices.Backward(records) {
		e, err := audit.Decode(r.Line)
		if err != nil { // docket audit verify tells what is wrong with it
			e = audit.Entry{Event: "cannot be read"}
		}
		if one := (row{r.Index, e}); strings.Contains(one.searched(), want) {
			rows = append(rows, one)
		}
	}
	return rows, size, low, nil
}

func (p *Page) want() string { return strings.ToLower(strings.TrimSpace(p.find.Text())) }

// Update implements common.Page.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case readMsg:
		return p.took(msg)
	case common.Wheel:
		return p.scroll(msg.By)
	}
	return nil
}

func (p *Page) took(msg readMsg) tea.Cmd {
	if msg.page != p || msg.gen != p.gen || p.ctx.Err() != nil {
		return nil
	}
	p.busy, p.problem = false, model.AsProblem(msg.err)
	if msg.err != nil {
		return nil
	}
	p.rows, p.size, p.low = append(p.rows, msg.rows...), msg.size, msg.low
	return p.scroll(0)
}

// scroll moves the list, and reads on where its end comes into sight.
func (p *Page) scroll(by int) tea.Cmd {
	p.top = max(0, min(p.top+by, len(p.rows)-p.room()))
	if p.problem == nil && p.gen > 0 && p.top+2*p.room() > len(p.rows) {
		return p.more()
	}
	return nil
}

// Key implements common.Page.
func (p *Page) Key(msg tea.KeyPressMsg) (tea.Cmd, bool) {
	if !p.finding {
		return nil, false
	}
	was := p.want()
	switch msg.String() {
	case "enter":
		p.finding = false
	case "esc":
		p.finding = false
		p.find.Set("")
	case "up", "down", "pgup", "pgdown", "ctrl+c", "ctrl+z":
		return nil, false
	default:
		p.find.Key(msg)
	}
	if p.want() == was {
		return nil, true
	}
	return p.again(), true
}

// Do implements common.Page.
func (p *Page) Do(id keymap.ID, _ string) tea.Cmd {
	half := max(p.room()/2, 1)
	switch id {
	case keymap.Down:
		return p.scroll(1)
	case keymap.Up:
		return p.scroll(-1)
	case keymap.HalfDown:
		return p.scroll(half)
	case keymap.HalfUp:
		return p.scroll(-half)
	case keymap.First:
		return p.scroll(-p.top)
	case keymap.Last:
		return p.scroll(len(p.rows))
	case keymap.Search:
		p.finding = true
	case keymap.Refresh:
		return p.again()
	case keymap.Back:
		return p.back()
	}
	return nil
}

func (p *Page) back() tea.Cmd {
	if p.want() != "" {
		p.find.Set("")
		return p.again()
	}
	return p.c.Back(p)
}

// Off implements common.Page.
func (p *Page) Off(keymap.ID) string { return "" }
