package output

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"docket/internal/sheet"
	"docket/model"
)

// Rows writes an inbox page by page, so that a large one needs no memory.
type Rows interface {
	// Page writes more rows.
	Page(rows []model.Row) error
	// End finishes the output; it is called once, also after no page at all.
	End() error
}

// Formats lists the values of `docket list -o`, the default first.
func Formats() []string { return []string{"table", "json", "csv"} }

// NewRows returns the writer of a format that Formats lists.
func NewRows(w io.Writer, format string, p Paint) Rows {
	switch format {
	case "json":
		return &jsonRows{w: w}
	case "csv":
		return newCSVRows(w)
	default:
		return &tableRows{w: w, p: p}
	}
}

// rowDoc is one row of `docket list -o json`.
type rowDoc struct {
	ID            string             `json:"id"`
	Provider      string             `json:"provider"`
	Status        model.Status       `json:"status,omitempty"`
	SessionStatus model.Life         `json:"sessionStatus,omitempty"`
	Verdict       model.Verdict      `json:"verdict,omitempty"`
	Score         *float64           `json:"score,omitempty"`
	ReviewReason  model.ReviewReason `json:"reviewReason,omitempty"`
	Rule          string             `json:"rule,omitempty"`
	WorstCheck    *worstDoc          `json:"worstCheck,omitempty"`
	Name          model.Personal     `json:"name,omitzero"`
	Document      docDoc             `json:"document,omitzero"`
	ExternalID    string             `json:"externalId,omitempty"`
	CustomerID    string             `json:"customerId,omitempty"`
	FlowID        string             `json:"flowId,omitempty"`
	DeviceHash    model.Personal     `json:"deviceHash,omitzero"`
	IP            model.Personal     `json:"ip,omitzero"`
	DeviceCountry string             `json:"deviceCountry,omitempty"`
	ExistingUser  bool               `json:"existingUser,omitempty"`
	Antifraud     model.CheckStatus  `json:"antifraud,omitempty"`
	CreatedAt     time.Time          `json:"createdAt,omitzero"`
	WaitsFrom     time.Time          `json:"waitsFrom,omitzero"`
	AddedAt       time.Time          `json:"addedAt,omitzero"`
	UpdatedAt     time.Time          `json:"updatedAt,omitzero"`
	Claim         *claimDoc          `json:"claim,omitempty"`
	Proposal      *proposalDoc       `json:"proposal,omitempty"`
	Unknown       *model.Pending     `json:"unknownOutcome,omitempty"`
	Problems      []model.Failed     `json:"problems,omitempty"`
	Tags          []string           `json:"tags,omitempty"`
	Custom        map[string]string  `json:"custom,omitempty"`
}

type worstDoc struct {
	Key    string            `json:"key"`
	Status model.CheckStatus `json:"status"`
}

type docDoc struct {
	Type    string         `json:"type,omitempty"`
	Country string         `json:"country,omitempty"`
	Number  model.Personal `json:"number,omitzero"`
}

// claimDoc is whose a session is, or was until a time.
type claimDoc struct {
	By    string    `json:"by"`
	At    time.Time `json:"at"`
	Until time.Time `json:"until"`
}

// proposalDoc is what waits for a second person; its note stays in the inbox.
type proposalDoc struct {
	Action model.ActionKind `json:"action"`
	Reason string           `json:"reason,omitempty"`
	By     string           `json:"by"`
	At     time.Time        `json:"at"`
	Rule   string           `json:"rule,omitempty"`
}

func newRowDoc(r model.Row) rowDoc {
	d := rowDoc{
		ID: r.ID, Provider: r.Provider, Status: r.Status, SessionStatus: r.Life, Verdict: r.Verdict, Score: r.Score,
		ReviewReason: r.ReviewReason, Rule: r.RuleName, Name: r.Name,
		Document:   docDoc{Type: r.DocType, Country: r.DocCountry, Number: r.DocNumber},
		ExternalID: r.ExternalID, CustomerID: r.CustomerID, FlowID: r.FlowID,
		DeviceHash: r.DeviceHash, IP: r.IP, DeviceCountry: r.DeviceCountry, ExistingUser: r.Existing, Antifraud: r.Antifraud,
		CreatedAt: r.CreatedAt.UTC(), WaitsFrom: r.WaitsFrom.UTC(), AddedAt: r.AddedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(),
		Unknown: r.Pending, Problems: r.Problems, Tags: r.Tags, Custom: r.Custom,
	}
	if r.WorstKey != "" {
		d.WorstCheck = &worstDoc{Key: r.WorstKey, Status: r.WorstStatus}
	}
	if r.ClaimedBy != "" {
		d.Claim = &claimDoc{By: r.ClaimedBy, At: r.ClaimedAt.UTC(), Until: r.ClaimedUntil.UTC()}
	}
	if p := r.Proposal; p != nil {
		d.Proposal = &proposalDoc{Action: p.Action.Kind, Reason: p.Action.Reason, By: p.By, At: p.At.UTC(), Rule: p.Rule}
	}
	return d
}

// jsonRows writes one list, one row a line.
type jsonRows struct {
	w     io.Writer
	wrote bool
}

func (j *jsonRows) Page(rows []model.Row) error {
	for _, r := range rows {
		line, err := marshalLine(newRowDoc(r))
		if err != nil {
			return err
		}
		before := ",\n"
		if !j.wrote {
			before, j.wrote = "[\n", true
		}
		if _, err := io.WriteString(j.w, before+line); err != nil {
			return err
		}
	}
	return nil
}

func (j *jsonRows) End() error {
	end := "\n]\n"
	if !j.wrote {
		end = "[]\n"
	}
	_, err := io.WriteString(j.w, end)
	return err
}

func marshalLine(v any) (string, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "", err
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

// csvColumns are the columns of `docket list -o csv`, in order.
var csvColumns = []struct {
	name string
	of   func(model.Row) string
}{
	{"id", func(r model.Row) string { return r.ID }},
	{"verdict", func(r model.Row) string { return string(r.Verdict) }},
	{"score", func(r model.Row) string { return score(r.Score) }},
	{"status", func(r model.Row) string { return string(r.Status) }},
	{"sessionStatus", func(r model.Row) string { return string(r.Life) }},
	{"reviewReason", func(r model.Row) string { return string(r.ReviewReason) }},
	{"rule", func(r model.Row) string { return r.RuleName }},
	{"worstCheck", func(r model.Row) string { return r.WorstKey }},
	{"worstStatus", func(r model.Row) string { return string(r.WorstStatus) }},
	{"name", func(r model.Row) string { return r.Name.String() }},
	{"documentType", func(r model.Row) string { return r.DocType }},
	{"documentCountry", func(r model.Row) string { return r.DocCountry }},
	{"documentNumber", func(r model.Row) string { return r.DocNumber.String() }},
	{"externalId", func(r model.Row) string { return r.ExternalID }},
	{"customerId", func(r model.Row) string { return r.CustomerID }},
	{"flowId", func(r model.Row) string { return r.FlowID }},
	{"antifraud", func(r model.Row) string { return string(r.Antifraud) }},
	{"createdAt", func(r model.Row) string { return stamp(r.CreatedAt) }},
	{"waitsFrom", func(r model.Row) string { return stamp(r.WaitsFrom) }},
	{"addedAt", func(r model.Row) string { return stamp(r.AddedAt) }},
	{"updatedAt", func(r model.Row) string { return stamp(r.UpdatedAt) }},
	{"claimedBy", func(r model.Row) string { return r.ClaimedBy }},
	{"claimedUntil", func(r model.Row) string { return stamp(r.ClaimedUntil) }},
	{"proposed", func(r model.Row) string { return proposedAction(r.Proposal) }},
	{"proposedBy", func(r model.Row) string { return proposer(r.Proposal) }},
	{"unknownOutcome", func(r model.Row) string { return pendingAction(r.Pending) }},
	{"tags", func(r model.Row) string { return strings.Join(r.Tags, " ") }},
}

// csvRows writes RFC 4180: a header, lines that end in CR LF.
type csvRows struct {
	w      *csv.Writer
	headed bool
}

func newCSVRows(w io.Writer) *csvRows {
	return &csvRows{w: sheet.New(w)}
}

func (c *csvRows) head() error {
	if c.headed {
		return nil
	}
	c.headed = true
	names := make([]string, len(csvColumns))
	for i, col := range csvColumns {
		names[i] = col.name
	}
	return c.w.Write(names)
}

func (c *csvRows) Page(rows []model.Row) error {
	if err := c.head(); err != nil {
		return err
	}
	cells := make([]string, len(csvColumns))
	for _, r := range rows {
		for i, col := range csvColumns {
			cells[i] = sheet.Cell(col.of(r))
		}
		if err := c.w.Write(cells); err != nil {
			return err
		}
	}
	c.w.Flush()
	return c.w.Error()
}

func (c *csvRows) End() error {
	if err := c.head(); err != nil {
		return err
	}
	c.w.Flush()
	return c.w.Error()
}

// tableRows writes columns for people. Widths come from the first page; a
// terminal narrower than that gets its cells cut, and one that would not show
// enough of each gets fewer columns.
type tableRows struct {
	w      io.Writer
	p      Paint
	widths []int // of the columns; a column of width gone is left out
}

const gone = -1

// tableColumns are the columns of the table. The id is whole, so that it can be
// copied.
var tableColumns = []struct {
	name string
	min  int // cells below which the column is not cut
	out  int // its turn to be left out where there is no room; 0: it stays
	of   func(model.Row) string
}{
	{"ID", 64, 0, func(r model.Row) string { return r.ID }},
	{"VERDICT", 16, 0, func(r model.Row) string { return signed(r.Verdict) }},
	{"NAME", 16, 4, func(r model.Row) string { return r.Name.String() }},
	{"DOCUMENT", 12, 2, func(r model.Row) string { return strings.TrimSpace(r.DocCountry + " " + r.DocType) }},
	{"STATUS", 19, 1, status},
	{"WHY", 24, 3, why},
}

const verdictColumn = 1

func (t *tableRows) Page(rows []model.Row) error {
	if len(rows) == 0 {
		return nil // no head without a body
	}
	cells := make([][]string, len(rows))
	for i, r := range rows {
		cells[i] = make([]string, len(tableColumns))
		for c, col := range tableColumns {
			cells[i][c] = col.of(r)
		}
	}
	if t.widths == nil {
		if err := t.head(cells); err != nil {
			return err
		}
	}
	for i, line := range cells {
		if err := t.line(line, func(c int, s string) string {
			if c == verdictColumn {
				return t.p.Tone(rows[i].Verdict.Tone(), s)
			}
			return s
		}); err != nil {
			return err
		}
	}
	return nil
}

func (t *tableRows) head(cells [][]string) error {
	names := make([]string, len(tableColumns))
	for c, col := range tableColumns {
		names[c] = col.name
	}
	t.widths = tableWidths(append(cells, names), t.p.Width)
	return t.line(names, func(_ int, s string) string { return t.p.Dim(s) })
}

// tableWidths gives each column what its longest cell needs. When a line would
// not fit it leaves columns out, then takes from the last ones first.
func tableWidths(cells [][]string, limit int) []int {
	widths := make([]int, len(tableColumns))
	for _, line := range cells {
		for c, s := range line {
			widths[c] = max(widths[c], ansi.StringWidth(s))
		}
	}
	if limit == 0 {
		return widths
	}
	least := func(c int) int { return min(widths[c], tableColumns[c].min) }
	for turn := 1; turn < len(tableColumns) && lineWidth(widths, least) > limit; turn++ {
		for c, col := range tableColumns {
			if col.out == turn {
				widths[c] = gone
			}
		}
	}
	over := lineWidth(widths, func(c int) int { return widths[c] }) - limit
	for c := len(widths) - 1; c >= 0 && over > 0; c-- {
		cut := min(over, max(0, widths[c]-tableColumns[c].min))
		widths[c] -= cut
		over -= cut
	}
	return widths
}

// lineWidth is how long a line is whose columns are as wide as of says.
func lineWidth(widths []int, of func(c int) int) int {
	sum := -len(gap)
	for c, w := range widths {
		if w != gone {
			sum += of(c) + len(gap)
		}
	}
	return sum
}

const gap = "  "

func (t *tableRows) line(cells []string, paint func(int, string) string) error {
	var b strings.Builder
	for c, s := range cells {
		switch {
		case t.widths[c] == gone:
			continue
		case t.p.Width > 0:
			s = fit(s, t.widths[c])
		case c < len(cells)-1:
			s = pad(s, t.widths[c])
		}
		if c > 0 {
			b.WriteString(gap)
		}
		b.WriteString(paint(c, s))
	}
	text := b.String()
	if t.p.Width == 0 {
		text = strings.TrimRight(text, " ")
	}
	_, err := fmt.Fprintln(t.w, text)
	return err
}

func (t *tableRows) End() error { return nil }

// status is how far a session has come, or that there is nothing left of it.
func status(r model.Row) string {
	if r.Life == model.Deleted {
		return "deleted"
	}
	return string(r.Status)
}

// why says in a few words what the row waits for: the provider's reason, then
// the worst check.
func why(r model.Row) string {
	var parts []string
	if reason := strings.TrimSpace(string(r.ReviewReason) + " " + r.RuleName); reason != "" {
		parts = append(parts, reason)
	}
	if r.WorstKey != "" {
		parts = append(parts, r.WorstKey+" "+string(r.WorstStatus))
	}
	if r.Pending != nil {
		parts = append(parts, "outcome of "+string(r.Pending.Action)+" unknown")
	}
	if r.Proposal != nil {
		parts = append(parts, string(r.Proposal.Action.Kind)+" proposed by "+r.Proposal.By)
	}
	for _, p := range r.Problems {
		parts = append(parts, fmt.Sprintf("%s not read: %s", p.Part, failure(p.Kind, p.HTTP)))
	}
	return strings.Join(parts, " · ")
}

func failure(kind model.Kind, status int) string {
	if status != 0 {
		return strconv.Itoa(status)
	}
	return string(kind)
}

func pendingAction(p *model.Pending) string {
	if p == nil {
		return ""
	}
	return string(p.Action)
}

func proposedAction(p *model.Proposal) string {
	if p == nil {
		return ""
	}
	return string(p.Action.Kind)
}

func proposer(p *model.Proposal) string {
	if p == nil {
		return ""
	}
	return p.By
}

func score(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'f', -1, 64)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
