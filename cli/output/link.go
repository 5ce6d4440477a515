package output

import (
	"bufio"
	"io"
	"strings"
	"time"

	"docket/model"
)

// LinkPage is what support is told of a session.
type LinkPage struct {
	Session *model.Session
	Link    model.Link // empty: it could not be had
	History []model.LinkEvent
	Since   time.Time // how far back the history goes; zero: to the beginning
	Again   time.Time // when another SMS may be sent; zero: now
	QR      []string  // lines of the code of the link; none: it is not asked for
}

// linkDoc is the answer of `docket link -o json`.
type linkDoc struct {
	ID            string            `json:"id"`
	Status        model.Status      `json:"status,omitempty"`
	SessionStatus model.Life        `json:"sessionStatus,omitempty"`
	Stuck         model.Stuck       `json:"stuck"`
	URL           string            `json:"url,omitempty"`
	Summary       []model.Field     `json:"summary,omitzero"`
	History       []model.LinkEvent `json:"history"`
	HistorySince  time.Time         `json:"historySince,omitzero"`
	SMSAgainAt    time.Time         `json:"smsAgainAt,omitzero"`
}

// LinkJSON writes it for scripts, the address of the link in clear.
func LinkJSON(w io.Writer, p LinkPage) error {
	d := linkDoc{
		ID: p.Session.ID, Status: p.Session.Status, SessionStatus: p.Session.Life, Stuck: p.Session.Stuck,
		URL: p.Link.Reveal(), Summary: p.Session.Summary, History: p.History, HistorySince: p.Since, SMSAgainAt: p.Again.UTC(),
	}
	if p.Again.IsZero() {
		d.SMSAgainAt = time.Time{}
	}
	if d.History == nil {
		d.History = []model.LinkEvent{}
	}
	return JSON(w, d)
}

// linkHistory is how much of a history a page shows.
const linkHistory = 8

// LinkText writes it for people.
func LinkText(w io.Writer, paint Paint, p LinkPage) error {
	b := bufio.NewWriter(w)
	pg := &page{w: b, p: paint, so: p.Session}
	standing := string(p.Session.Status)
	if p.Session.Life != "" {
		standing += ", session " + string(p.Session.Life)
	}
	pg.label("SESSION", strings.TrimSpace(p.Session.ID+"  "+standing))
	pg.label("STUCK", p.Session.Stuck.Where)
	pg.label("TELL", p.Session.Stuck.Tell)
	pg.label("ID", strings.Join(model.Captures(p.Session.Summary), " · "))
	name := "HISTORY"
	for _, e := range p.History[:min(len(p.History), linkHistory)] {
		pg.label(name, e.At.UTC().Format("2006-01-02 15:04:05")+" UTC  "+e.Says()+" by "+e.By)
		name = " "
	}
	switch {
	case len(p.History) > 0:
	case p.Since.IsZero():
		pg.label(name, "nothing was sent or shown from here")
	default:
		pg.label(name, "nothing was sent or shown from here since "+p.Since.UTC().Format(time.DateOnly))
	}
	if !p.Again.IsZero() {
		pg.label("SMS", "not before "+p.Again.UTC().Format("15:04:05")+" UTC")
	}
	if !p.Link.Empty() {
		// Never wrapped: it is there to be copied.
		_, _ = b.WriteString(paint.Strong(pad("LINK", labelWidth)) + p.Link.Reveal() + "\n")
		pg.label(" ", paint.Dim("whoever has it is this customer: give it to nobody else"))
	}
	for _, l := range p.QR {
		_, _ = b.WriteString(l + "\n") // a failed write stays in b until Flush
	}
	return b.Flush()
}

// onPaper is black on white whatever colours a terminal has: of the sixteen where
// there are no others, which its owner may have turned round.
const onPaper = "\x1b[30;107m\x1b[38;5;16;48;5;231m"

// Paper writes a line black on white, where there are colours.
func (p Paint) Paper(text string) string { return p.with(onPaper, text) }
