package casefile

import (
	"io"
	"strconv"
	"strings"
	"time"

	"docket/internal/sheet"
	"docket/model"
)

// summary is session.json: what docket reads in the answers, but for the checks, OCR
// values and events, which have files of their own. What the API left out is left out.
type summary struct {
	ID            string             `json:"id"`
	Provider      string             `json:"provider"`
	Status        model.Status       `json:"status,omitempty"`
	SessionStatus model.Life         `json:"sessionStatus,omitempty"`
	Digest        string             `json:"digest,omitempty"`
	Verdict       model.Verdict      `json:"verdict,omitempty"`
	Score         *float64           `json:"score,omitempty"`
	ReviewReason  model.ReviewReason `json:"reviewReason,omitempty"`
	ExternalID    string             `json:"externalId,omitempty"`
	CustomerID    string             `json:"customerId,omitempty"`
	FlowID        string             `json:"flowId,omitempty"`
	CreatedAt     time.Time          `json:"createdAt,omitzero"`
	FinishedAt    time.Time          `json:"finishedAt,omitzero"`
	Applicant     model.Applicant    `json:"applicant,omitzero"`
	Document      document           `json:"document,omitzero"`
	Facts         []model.Fact       `json:"facts,omitempty"`
	Rules         []model.Rule       `json:"rules,omitempty"`
	Findings      []finding          `json:"findings,omitempty"`
	Device        *device            `json:"device,omitempty"`
	Antifraud     *model.Antifraud   `json:"antifraud,omitempty"`
	Linked        []model.Linked     `json:"linked,omitempty"`
	Summary       []model.Field      `json:"summary,omitempty"`
	Custom        []model.Field      `json:"customFields,omitempty"`
	EventsMore    bool               `json:"eventsMore,omitempty"` // the timeline goes on
	Altered       []string           `json:"altered,omitempty"`    // where a text was made safe to show
	Answers       []answer           `json:"answers,omitempty"`
	Absent        []Absent           `json:"absent,omitempty"`
}

type document struct {
	Type    string         `json:"type,omitempty"`
	Country string         `json:"country,omitempty"`
	State   string         `json:"state,omitempty"`
	Number  model.Personal `json:"number,omitzero"`
	Expires model.Personal `json:"expires,omitzero"`
}

type finding struct {
	Key   string         `json:"key"`
	Text  string         `json:"text"`
	Shown model.Personal `json:"values,omitzero"`
}

type device struct {
	*model.Device
	Data []model.Field `json:"data,omitempty"`
}

// answer is an answer of the API in the case file.
type answer struct {
	File string    `json:"file"`
	Call string    `json:"call"` // as docs/endpoints.md names it
	HTTP int       `json:"http"`
	At   time.Time `json:"at"`
}

func (b *builder) summary() summary {
	so := b.c.Session
	d := summary{
		ID: so.ID, Provider: so.Provider, Status: so.Status, SessionStatus: so.Life, Digest: so.Digest, Verdict: so.Verdict,
		Score: so.Score, ReviewReason: so.ReviewReason, ExternalID: so.ExternalID, CustomerID: so.CustomerID, FlowID: so.FlowID,
		CreatedAt: so.CreatedAt.UTC(), FinishedAt: so.FinishedAt.UTC(), Applicant: so.Applicant,
		Document: document{so.Document.Type, so.Document.Country, so.Document.State, so.Document.Number, so.Document.Expires},
		Facts:    so.Facts, Rules: so.Rules, Antifraud: so.Antifraud, Linked: so.Linked, Summary: so.Summary, Custom: so.Custom,
		EventsMore: so.EventsMore, Altered: so.Altered, Answers: b.page.answers, Absent: b.page.absent,
	}
	for _, f := range so.Findings {
		d.Findings = append(d.Findings, finding{f.Key, f.Text, f.Shown})
	}
	if so.Device != nil {
		d.Device = &device{so.Device, so.Device.Data}
	}
	return d
}

// reading is a value that was read from a document, the first or the second.
type reading struct {
	Document int `json:"document"`
	model.Field
}

func readings(so *model.Session) []reading {
	all := []reading{}
	for i, fields := range [][]model.Field{so.OCR, so.OCR2} {
		for _, f := range fields {
			all = append(all, reading{i + 1, f})
		}
	}
	return all
}

// column is a column of a table.
type column[T any] struct {
	name string
	of   func(T) string
}

var (
	checkColumns = []column[model.Check]{
		{"section", func(c model.Check) string { return c.Section }},
		{"key", func(c model.Check) string { return c.Key }},
		{"status", func(c model.Check) string { return string(c.Status) }},
		{"value", func(c model.Check) string { return c.Value.String() }},
		{"meaning", func(c model.Check) string { return c.Meaning.Text }},
	}
	ocrColumns = []column[reading]{
		{"document", func(r reading) string { return number(r.Document) }},
		{"field", func(r reading) string { return r.Name }},
		{"value", func(r reading) string { return r.Value.String() }},
		{"confidence", func(r reading) string { return decimal(r.Confidence) }},
	}
	eventColumns = []column[model.Event]{
		{"at", func(e model.Event) string { return stamp(e.At) }},
		{"event", func(e model.Event) string { return e.Name }},
		{"detail", func(e model.Event) string { return details(e) }},
	}
)

func writeCSV[T any](w io.Writer, columns []column[T], rows []T) error {
	out := sheet.New(w)
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = c.name
	}
	if err := out.Write(cells); err != nil {
		return err
	}
	for _, row := range rows {
		for i, c := range columns {
			cells[i] = sheet.Cell(c.of(row))
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// details writes what is said of an event in one text.
func details(e model.Event) string {
	var all []string
	for _, f := range e.Detail {
		all = append(all, f.Name+"="+f.Value.String())
	}
	return strings.Join(all, "; ")
}

// decimal writes a number as it is; nothing for none.
func decimal(n *float64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatFloat(*n, 'f', -1, 64)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
