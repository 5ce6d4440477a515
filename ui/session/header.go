package session

import (
	"strings"
	"time"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"docket/model"
	"docket/ui/common"
	"docket/ui/widget"
)

// labelHead is how wide the labels of the header are.
const labelHead = 9

// header draws who, verdict, why and what else, in exactly n lines of w cells.
// In four lines everything is said shorter.
func (v *view) header(w, n int) []string {
	label := func(s string) string { return v.dim(widget.Fit(s, labelHead)) }
	also := v.also()
	if n <= 4 {
		room := w - 10
		return []string{
			widget.Fit(" "+label("WHO")+v.who(room), w),
			widget.Fit(" "+label("VERDICT")+v.verdict(room, true), w),
			widget.Fit(" "+label("WHY")+v.why(room), w),
			widget.Fit(" "+label("ALSO")+flow(also, room, "  ", v.dim), w),
		}
	}
	room := w - labelHead
	out := []string{label("WHO") + v.who(room), label("VERDICT") + v.verdict(room, false)}
	reason, worst := v.dim("Incode's reason: ")+v.incodeReason(false), v.dim("worst check: ")+v.worstCheck()
	if stuck := v.stuck(); stuck != "" {
		reason = v.dim("stuck: ") + stuck
	}
	// What is left of the room goes to what else there is, then to the causes.
	others := flowRows(also, room, n-4, "    ", v.dim)
	spare := n - 4 - len(others)
	causes := styledRows(worst, room, 1+spare)
	causes = append(styledRows(reason, room, 2+spare-len(causes)), causes...)
	for _, block := range []struct {
		name string
		rows []string
	}{{"WHY", causes}, {"ALSO", others}} {
		for i, r := range block.rows {
			if i > 0 {
				block.name = ""
			}
			out = append(out, label(block.name)+r)
		}
	}
	for len(out) < n {
		out = append(out, "")
	}
	return out
}

// styledRows breaks a styled text into at most n rows; a cut one ends in an
// ellipsis.
func styledRows(s string, w, n int) []string {
	rows := strings.Split(lipgloss.Wrap(s, w, ""), "\n")
	if len(rows) > n {
		rows = append(rows[:n-1], widget.Clip(strings.Join(rows[n-1:], " "), w))
	}
	return rows
}

// why says both causes in one line: of a long reason of Incode's the end gives
// way, so that the worst check keeps its name.
func (v *view) why(room int) string {
	const least = 14 // of Incode's reason: RULE_APPLIED and an ellipsis
	lead, middle, worst := v.dim("Incode: "), v.dim(" · worst: "), v.worstCheck()
	if stuck := v.stuck(); stuck != "" {
		return v.dim("stuck: ") + stuck
	}
	name, _, _ := strings.Cut(ansi.Strip(worst), "; ")
	left := room - ansi.StringWidth(lead) - ansi.StringWidth(middle) - ansi.StringWidth(name) - 1 // what is cut ends in an ellipsis
	return lead + widget.Clip(v.incodeReason(true), max(left, least)) + middle + worst
}

// stuck says where the customer is stuck, of a session that has no verdict to give a
// reason for; empty: it has, or nobody knows.
func (v *view) stuck() string {
	if v.s.Verdict != "" || v.unscored() != "" {
		return ""
	}
	return v.s.Stuck.Where
}

// fitting joins the parts that there is room for, the first in any case.
func fitting(parts []string, w int) string {
	const gap = "   "
	out := ""
	for i, p := range parts {
		switch {
		case p == "":
		case i == 0:
			out = p
		case ansi.StringWidth(out)+len(gap)+ansi.StringWidth(p) <= w:
			out += gap + p
		}
	}
	return out
}

// who says whose session it is.
func (v *view) who(w int) string {
	s := v.s
	name := v.show(s.Applicant.Name)
	if name == "" && v.row != nil {
		name = v.show(v.row.Name)
	}
	if name == "" {
		name = v.nameless()
	} else {
		name = v.st().Strong.Render(name)
	}
	parts := []string{name, v.show(s.Applicant.Gender), v.birth(), v.document(), v.belongs()}
	if need := ansi.StringWidth(strings.Join(parts[:4], "   ")); need > w {
		parts[3] = strings.TrimSpace(s.Document.Country + " " + v.show(s.Document.Number))
	}
	return fitting(parts, w)
}

func (v *view) nameless() string {
	st := v.s.Parts[model.PartOCR]
	switch {
	case st.Problem != nil:
		return v.st().Bad.Render("name not read: " + st.Problem.Message)
	case st.At.IsZero():
		return v.dim("reading the name " + ellipsis)
	default:
		return v.dim("no name in this answer")
	}
}

// birth writes the date of birth with the age today.
func (v *view) birth() string {
	p := v.s.Applicant.BirthDate
	text := v.show(p)
	if text == "" || text != p.Reveal() {
		return text
	}
	if born, err := time.Parse(time.DateOnly, text); err == nil {
		return text + " (" + itoa(age(born, v.now)) + ")"
	}
	return text
}

func age(born, now time.Time) int {
	years := now.Year() - born.Year()
	if now.Month() < born.Month() || (now.Month() == born.Month() && now.Day() < born.Day()) {
		years--
	}
	return years
}

func (v *view) document() string {
	d := v.s.Document
	parts := make([]string, 0, 3)
	for _, p := range []string{documentName(d.Type), d.Country, v.show(d.Number)} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, " ")
}

// belongs names the customer in the words of the client's own system, else the
// identity at the API.
func (v *view) belongs() string {
	switch {
	case v.s.ExternalID != "":
		return v.dim("external id ") + v.s.ExternalID
	case v.s.CustomerID != "":
		return v.dim("customer ") + shortID(v.s.CustomerID)
	}
	return ""
}

// verdict says what the API made of the session, and how long it has waited.
func (v *view) verdict(w int, brief bool) string {
	score := ""
	if v.s.Score != nil {
		score = v.dim("score ") + number(*v.s.Score)
	}
	return fitting([]string{v.verdictText(brief), score, v.standing(), v.waiting()}, w)
}

func (v *view) verdictText(brief bool) string {
	s := v.s
	st := s.Parts[model.PartScore]
	switch {
	case s.Verdict != "":
		text := v.st().Tone(s.Verdict.Tone()).Bold(true).Render(common.Sign(s.Verdict.Tone()) + " " + string(s.Verdict))
		if t := s.VerdictMeaning.Title; !brief && !strings.HasPrefix(strings.ToUpper(t), string(s.Verdict)) {
			text += ", " + strings.ToLower(t)
		}
		return text
	case st.Problem != nil:
		last, why := v.lastVerdict(), st.Problem.Message
		if brief && last != "" { // the panes say why
			return v.st().Bad.Render(common.Sign(model.ToneBad)+" score not read") + last
		}
		return v.st().Bad.Render(common.Sign(model.ToneBad)+" score not read: "+why) + last
	case st.At.IsZero():
		return v.dim("reading the score " + ellipsis)
	default:
		return v.dim(common.Sign(model.ToneNone) + " no verdict in this answer")
	}
}

// lastVerdict is what the inbox knew of a score that could not be read: of an
// earlier reading, at the latest when its row last changed.
func (v *view) lastVerdict() string {
	r := v.row
	if r == nil || r.Verdict == "" {
		return ""
	}
	text := "   " + v.dim("last known ") + v.st().Tone(r.Verdict.Tone()).Render(common.Sign(r.Verdict.Tone())+" "+string(r.Verdict))
	if r.Score != nil {
		text += " " + number(*r.Score)
	}
	return text + v.dim(" at "+v.c.When(r.UpdatedAt)+", in the inbox")
}

// standing says how far the session has come and whether it takes input.
func (v *view) standing() string {
	text := string(v.s.Status)
	if text == "" {
		if p := v.s.Parts[model.PartStatus].Problem; p != nil {
			return v.st().Bad.Render("status not read")
		}
		return ""
	}
	if v.s.Status.Decided() {
		text = v.st().Strong.Render(text)
	}
	if v.s.Life != "" {
		text += ", session " + string(v.s.Life)
	}
	return text
}

// waiting says how long the session has waited for a person, and of how much.
func (v *view) waiting() string {
	if !v.s.Verdict.OpenToDecision() || v.s.Status.Decided() {
		return ""
	}
	from := v.s.FinishedAt
	if from.IsZero() && v.row != nil {
		from = v.row.WaitsFrom
	}
	if from.IsZero() {
		return ""
	}
	waits, sla := v.now.Sub(from), v.c.Desk.Policy().SLA
	if sla <= 0 {
		return "waits " + model.Span(waits)
	}
	text := "waits " + model.Span(waits) + " of SLA " + short(sla)
	switch {
	case waits > sla:
		return v.st().Bad.Render(common.Sign(model.ToneWarn) + " waits " + model.Span(waits) + ", SLA " + short(sla))
	case waits > sla*3/4:
		return v.st().Warn.Render(text)
	}
	return text
}

// short writes a whole duration: "4h", "90m".
func short(d time.Duration) string {
	if d%time.Hour == 0 {
		return itoa(int(d/time.Hour)) + "h"
	}
	return itoa(int(d/time.Minute)) + "m"
}

// unscored says why nothing can be said of the score yet; empty: it is there.
func (v *view) unscored() string {
	switch st := v.s.Parts[model.PartScore]; {
	case !st.At.IsZero():
		return ""
	case st.Problem != nil:
		return "unknown, the score was not read"
	}
	return ellipsis
}

// incodeReason is the API's own reason; our worst check stands beside it, each
// labelled.
func (v *view) incodeReason(brief bool) string {
	s := v.s
	if u := v.unscored(); u != "" {
		return v.dim(u) + v.lastReason()
	}
	if s.ReviewReason == "" {
		if brief || s.Verdict.OpenToDecision() {
			return v.dim("none given")
		}
		return v.dim("none; it gives one with MANUAL only")
	}
	text := string(s.ReviewReason)
	rule := v.deciding()
	switch {
	case rule != "" && brief:
		return text + " " + quote(rule)
	case rule != "":
		return text + ", rule " + quote(rule)
	case s.ReasonMeaning.Known() && !brief:
		return text + v.dim("; "+s.ReasonMeaning.Text)
	}
	return text
}

// lastReason and lastWorst are the causes that the inbox knew, beside what
// could not be read.
func (v *view) lastReason() string {
	if v.row == nil || v.row.ReviewReason == "" || v.s.Parts[model.PartScore].Problem == nil {
		return ""
	}
	text := string(v.row.ReviewReason)
	if v.row.RuleName != "" {
		text += " " + quote(v.row.RuleName)
	}
	return v.dim("; last known ") + text
}

func (v *view) lastWorst() string {
	if v.row == nil || v.row.WorstKey == "" || v.s.Parts[model.PartScore].Problem == nil {
		return ""
	}
	tone := v.row.WorstStatus.Tone()
	return v.dim("; last known ") + v.st().Tone(tone).Render(common.Sign(tone)+" "+string(v.row.WorstStatus)+" "+v.row.WorstKey)
}

// deciding names the rule behind the reason: that of the total, else the only
// one there is.
func (v *view) deciding() string {
	if v.s.ReviewReason != model.RuleApplied {
		return ""
	}
	for _, r := range v.s.Rules {
		if r.Section == "" && r.Name != "" {
			return r.Name
		}
	}
	if len(v.s.Rules) > 0 {
		return v.s.Rules[0].Name
	}
	return ""
}

func quote(s string) string { return "“" + s + "”" }

func (v *view) worstCheck() string {
	if u := v.unscored(); u != "" {
		return v.dim(u) + v.lastWorst()
	}
	c, ok := v.s.Worst()
	if !ok {
		if len(v.s.Checks) == 0 {
			return "no check in this answer"
		}
		return v.sign(model.ToneGood) + " every check passed"
	}
	tone := c.Status.Tone()
	text := v.sign(tone) + " " + v.st().Tone(tone).Render(string(c.Status)+" "+checkName(c))
	if why := v.explains(c); why != "" {
		text += v.dim("; ") + why
	}
	return text
}

// explains finds a finding that says more about the check, else what the check
// is about.
func (v *view) explains(c model.Check) string {
	for _, f := range v.s.Findings {
		if concerns(f, c) {
			return v.foundText(f)
		}
	}
	return brief(c.Meaning, v.width)
}

// also lists what else a person should know, the worst first.
func (v *view) also() []string {
	var out []string
	for _, n := range v.notices() {
		out = append(out, v.st().Tone(n.tone).Render(common.Sign(n.tone)+" "+n.text))
	}
	if len(out) == 0 {
		if v.s.ReadyToDecide() {
			return []string{v.dim("nothing else stands out")}
		}
		return []string{v.dim(ellipsis)}
	}
	return out
}

// flow puts items in one line and says how many did not fit.
func flow(items []string, w int, gap string, dim func(string) string) string {
	rows := flowRows(items, w, 1, gap, dim)
	if len(rows) == 0 {
		return ""
	}
	return rows[0]
}

// flowRows puts items in at most n lines; the last says how many did not fit.
func flowRows(items []string, w, n int, gap string, dim func(string) string) []string {
	var rows []string
	row := ""
	for i, it := range items {
		last := len(rows) == n-1
		need := ansi.StringWidth(row) + ansi.StringWidth(gap) + ansi.StringWidth(it)
		left := len(items) - i
		room := w
		if last && left > 1 {
			room -= 9 // for "+12 more"
		}
		switch {
		case row == "":
			row = widget.Clip(it, room)
		case need <= room:
			row += gap + it
		case last:
			return append(rows, row+gap+dim("+"+itoa(left)+" more"))
		default:
			rows = append(rows, row)
			row = widget.Clip(it, w)
		}
	}
	if row != "" {
		rows = append(rows, row)
	}
	return rows
}
