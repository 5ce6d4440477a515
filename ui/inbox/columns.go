package inbox

import (
	"strconv"
	"strings"
	"time"

	"charm.land/lipgloss/v2"

	"docket/model"
	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/layout"
	"docket/ui/widget"
)

// column is one column of the list: its title, its size, and what stands in it.
type column struct {
	title string
	size  layout.Column
	right bool
	cell  func(p *Page, r *model.Row) widget.Cell
}

// whoFrom is the width from which there is a column for who has claimed a
// session; below it stands among the alerts. Below alertFrom it stands before the
// causes.
const (
	whoFrom   = 150
	alertFrom = 100
)

// columns are the columns of the list from left to right. Size.From says from
// which width on a column is shown.
func columns(sla time.Duration) []column {
	due := column{"DUE", layout.Column{Min: 6}, true, dueCell}
	if sla == 0 {
		due.title, due.cell = "WAITS", waitsCell
	}
	return []column{
		{"VERDICT", layout.Column{Min: 12, Max: 16, Grow: 1}, false, verdictCell},
		{"NAME", layout.Column{Min: 16, Max: 36, Grow: 4}, false, nameCell},
		{"DOCUMENT", layout.Column{Min: 12, Max: 18, Grow: 2}, false, documentCell},
		{"WHY: Incode's reason · worst check", layout.Column{Min: 26, Max: 72, Grow: 8}, false, whyCell},
		{"SCORE", layout.Column{Min: 5, From: 140}, true, scoreCell},
		due,
		{"WHO", layout.Column{Min: 8, Max: 14, Grow: 1, From: whoFrom}, false, whoCell},
		{"ALERT", layout.Column{Min: 14, Max: 28, Grow: 2, From: alertFrom}, false, alertCell},
		{"STATUS", layout.Column{Min: 22, From: 170}, false, statusCell},
		{"CHANGED", layout.Column{Min: 7, From: 180}, true, changedCell},
		{"ID", layout.Column{Min: 13, From: 190}, false, idCell},
	}
}

// The places of the columns that others ask for.
const (
	nameColumn = 1
	whyColumn  = 3
)

func cell(text string, style lipgloss.Style) widget.Cell {
	if text == "" {
		return nil
	}
	return widget.Cell{{Text: text, Style: style}}
}

// short are the verdicts that are longer than their column.
var short = map[model.Verdict]string{model.ManualPending: "M. PENDING", model.ManualFail: "MANUAL_FAIL", "": "no verdict"}

func verdictCell(p *Page, r *model.Row) widget.Cell {
	if r.Life == model.Deleted {
		return cell(common.Sign(model.ToneNone)+" deleted", p.c.Styles.Dim)
	}
	tone := r.Verdict.Tone()
	word := short[r.Verdict]
	if word == "" {
		word = string(r.Verdict)
	}
	if r.Verdict == "" && scoreFailed(r) != nil {
		word, tone = "not read", model.ToneQuery
	}
	return cell(common.Sign(tone)+" "+word, p.c.Styles.Tone(tone).Bold(true))
}

// scoreFailed returns the look-up of the score if it failed.
func scoreFailed(r *model.Row) *model.Failed {
	for i := range r.Problems {
		if r.Problems[i].Part == model.PartScore {
			return &r.Problems[i]
		}
	}
	return nil
}

func nameCell(p *Page, r *model.Row) widget.Cell {
	switch {
	case !r.Name.Empty():
		return cell(flat(p.c.Show(r.Name)), p.c.Styles.Text)
	case r.Life == model.Deleted:
		return cell("(deleted)", p.c.Styles.Dim)
	default:
		return cell("(no name yet)", p.c.Styles.Dim)
	}
}

func flat(s string) string { return strings.ReplaceAll(s, "\n", " ") }

// documents are the API's types of documents in few letters. Others are shown
// as they came.
var documents = map[string]string{
	"Passport": "passport", "Visa": "visa", "DriversLicense": "licence", "IdentificationCard": "ID card", "Permit": "permit",
	"ResidenceDocument": "residence", "TravelDocument": "travel doc", "BirthCertificate": "birth cert", "VehicleRegistration": "vehicle",
	"WeaponLicense": "weapon", "TribalIdentification": "tribal ID", "VoterIdentification": "voter ID", "Military": "military",
	"TaxIdentification": "tax ID", "FederalID": "federal ID", "MedicalCard": "medical", "Other": "other", "Unknown": "",
}

func documentCell(p *Page, r *model.Row) widget.Cell {
	kind, ok := documents[r.DocType]
	if !ok {
		kind = r.DocType
	}
	return cell(strings.TrimSpace(r.DocCountry+" "+kind), p.c.Styles.Text)
}

// whyCell is what stands before the causes, and the causes.
func whyCell(p *Page, r *model.Row) widget.Cell {
	whose := whoseCell(p, r)
	room := p.lines.drawn[whyColumn].Width
	for _, s := range whose {
		room -= widget.Width(s.Text)
	}
	return append(whose, causeCell(p, r, room)...)
}

// causeCell keeps Incode's reason and our worst check apart. The name of the rule
// gives way when there is no room for both.
func causeCell(p *Page, r *model.Row, room int) widget.Cell {
	st := p.c.Styles
	if r.Life == model.Deleted {
		return cell("personal data deleted, here and at Incode", st.Dim)
	}
	if f := scoreFailed(r); f != nil && r.Verdict == "" {
		return cell("score not read: "+cause(f)+" · "+p.key(keymap.Refresh)+" tries again", st.Query)
	}
	worst := worstSpan(p, r)
	if r.ReviewReason == "" {
		return widget.Cell{worst}
	}
	reason := string(r.ReviewReason)
	if rule := flat(r.RuleName); rule != "" {
		if with := reason + " " + rule; widget.Width(with)+widget.Width(worst.Text)+3 <= room {
			reason = with
		}
	}
	return widget.Cell{{Text: reason, Style: st.Text}, {Text: " · ", Style: st.Dim}, worst}
}

// whoseCell says before the causes what waits for a second person and, where there is
// no other column for it, who has claimed the session; nil: nothing and nobody.
func whoseCell(p *Page, r *model.Row) widget.Cell {
	st := p.c.Styles
	var out widget.Cell
	if who := p.who(r); who != "" && p.w < alertFrom {
		out = append(out, widget.Span{Text: "@" + who + " ", Style: st.Accent})
	}
	if w := r.Proposal; w != nil {
		out = append(out, widget.Span{Text: "to confirm: " + string(w.Action.Kind) + " by " + p.person(w.By) + " ", Style: st.Human})
	}
	return out
}

func worstSpan(p *Page, r *model.Row) widget.Span {
	st := p.c.Styles
	switch {
	case r.WorstKey != "":
		return widget.Span{Text: r.WorstKey + " " + string(r.WorstStatus), Style: st.Tone(r.WorstStatus.Tone())}
	case r.Verdict == "":
		return widget.Span{Text: "still under way", Style: st.Dim}
	case r.Verdict.Tone() == model.ToneGood:
		return widget.Span{Style: st.Dim}
	default:
		return widget.Span{Text: "no failed check", Style: st.Dim}
	}
}

// cause says in a word why a look-up failed.
func cause(f *model.Failed) string {
	if f.HTTP > 0 {
		return strconv.Itoa(f.HTTP)
	}
	return string(f.Kind)
}

func scoreCell(p *Page, r *model.Row) widget.Cell {
	if r.Score == nil {
		return nil
	}
	return cell(strconv.FormatFloat(*r.Score, 'f', 1, 64), p.c.Styles.Dim)
}

func dueCell(p *Page, r *model.Row) widget.Cell {
	if !waits(r) {
		return nil
	}
	left := r.WaitsFrom.Add(p.policy.SLA).Sub(p.c.Now())
	st, atMost := p.c.Styles.Text, sinceAdding(r, "≤")
	switch {
	case left < 0:
		st, atMost = p.c.Styles.Bad, "" // late in any case
	case left < time.Hour:
		st = p.c.Styles.Warn
	}
	return cell(atMost+clock(left), st)
}

func waitsCell(p *Page, r *model.Row) widget.Cell {
	if !waits(r) {
		return nil
	}
	return cell(sinceAdding(r, "≥")+clock(p.c.Now().Sub(r.WaitsFrom)), p.c.Styles.Text)
}

// sinceAdding returns the sign for a session of which it is not known since when
// it waits, only that it did when it was added.
func sinceAdding(r *model.Row, sign string) string {
	if r.WaitsFrom.Equal(r.AddedAt) {
		return sign
	}
	return ""
}

func waits(r *model.Row) bool { return r.Verdict.OpenToDecision() && !r.WaitsFrom.IsZero() }

// clock writes a time span the way people look at a list: -0:22, 3:12, 5d.
func clock(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = "-", -d
	}
	minutes := int(d / time.Minute)
	if days := minutes / (24 * 60); days >= 2 {
		return sign + strconv.Itoa(days) + "d"
	}
	m := strconv.Itoa(minutes % 60)
	if len(m) < 2 {
		m = "0" + m
	}
	return sign + strconv.Itoa(minutes/60) + ":" + m
}

func whoCell(p *Page, r *model.Row) widget.Cell {
	who := p.who(r)
	if who == "you" {
		return cell(who, p.c.Styles.Accent)
	}
	return cell(who, p.c.Styles.Text)
}

// who returns who has claimed the session, without the kind of identity.
func (p *Page) who(r *model.Row) string {
	if r.ClaimedBy == "" || !p.c.Now().Before(r.ClaimedUntil) {
		return ""
	}
	return p.person(r.ClaimedBy)
}

// person names somebody by their identity, without the kind of it.
func (p *Page) person(identity string) string {
	if identity == p.query.Who {
		return "you"
	}
	if _, name, found := strings.Cut(identity, ":"); found {
		return flat(name)
	}
	return flat(identity)
}

func alertCell(p *Page, r *model.Row) widget.Cell {
	st := p.c.Styles
	var out widget.Cell
	add := func(text string, style lipgloss.Style) {
		if len(out) > 0 {
			text = " " + text
		}
		out = append(out, widget.Span{Text: text, Style: style})
	}
	switch who := p.who(r); {
	case who == "":
	case p.w < whoFrom:
		add("@"+who, st.Accent)
	case who != "you":
		add("claimed", st.Warn)
	}
	if r.Pending != nil {
		add(string(r.Pending.Action)+"?", st.Bad)
	}
	if r.Antifraud.Tone() == model.ToneBad {
		add("fraud", st.Bad)
	}
	if r.Existing {
		add("enrolled", st.Warn)
	}
	if elsewhere(r) {
		add("place", st.Warn)
	}
	for _, t := range r.Tags {
		add("#"+flat(t), st.Accent)
	}
	return out
}

func statusCell(p *Page, r *model.Row) widget.Cell {
	return cell(string(r.Status), p.c.Styles.Dim)
}

func changedCell(p *Page, r *model.Row) widget.Cell {
	if r.UpdatedAt.IsZero() {
		return nil
	}
	return cell(clock(p.c.Now().Sub(r.UpdatedAt)), p.c.Styles.Dim)
}

func idCell(p *Page, r *model.Row) widget.Cell {
	return cell(ShortID(r.ID), p.c.Styles.Dim)
}

// ShortID shortens an interview id so that it can still be told apart.
func ShortID(id string) string {
	if len(id) <= 14 {
		return id
	}
	return id[:8] + "…" + id[len(id)-4:]
}
