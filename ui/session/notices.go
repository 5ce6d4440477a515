package session

import (
	"cmp"
	"slices"
	"strings"

	"docket/model"
)

// notice is something that a person should know beside verdict and worst check.
type notice struct {
	tone model.Tone
	text string
}

// toneOrder puts the worst first.
var toneOrder = map[model.Tone]int{
	model.ToneBad: 0, model.ToneWarn: 1, model.ToneHuman: 2, model.ToneQuery: 3, model.ToneNone: 4, model.ToneGood: 5,
}

// notices lists everything that was noticed, the worst first.
func (v *view) notices() []notice {
	var all []notice
	for _, add := range []func() []notice{
		v.unread, v.unknownOutcome, v.failedToo, v.found, v.shared, v.altered,
	} {
		all = append(all, add()...)
	}
	slices.SortStableFunc(all, func(a, b notice) int { return cmp.Compare(toneOrder[a.tone], toneOrder[b.tone]) })
	return all
}

// unread names the parts that could not be fetched; score and name say so
// themselves.
func (v *view) unread() []notice {
	var out []notice
	for _, n := range partNames {
		p := v.s.Parts[n.part].Problem
		if p == nil || n.part == model.PartScore {
			continue
		}
		text := n.name + " not read"
		if p.HTTP != 0 {
			text += " (" + itoa(p.HTTP) + ")"
		}
		out = append(out, notice{model.ToneQuery, text})
	}
	return out
}

// partNames are the parts in words, in the order that matters for a decision.
var partNames = []struct {
	part model.Part
	name string
}{
	{model.PartScore, "score"},
	{model.PartOCR, "OCR"},
	{model.PartOCR2, "second ID"},
	{model.PartStatus, "status"},
	{model.PartDevice, "device"},
	{model.PartLinked, "linked sessions"},
	{model.PartEvents, "timeline"},
	{model.PartImages, "images"},
	{model.PartSummary, "captured sides"},
	{model.PartLife, "session life"},
	{model.PartCustom, "custom fields"},
}

func partName(part model.Part) string {
	for _, n := range partNames {
		if n.part == part {
			return n.name
		}
	}
	return string(part)
}

func (v *view) unknownOutcome() []notice {
	if v.row == nil || v.row.Pending == nil {
		return nil
	}
	return []notice{{model.ToneBad, "outcome of " + string(v.row.Pending.Action) + " unknown"}}
}

// failedToo names the failed checks beside the worst one, composites aside.
func (v *view) failedToo() []notice {
	worst, _ := v.s.Worst()
	var names []string
	for _, c := range v.s.Failed() {
		if c.Key != keyTotal && c.Name() != worst.Name() {
			names = append(names, checkName(c))
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []notice{{model.ToneBad, "failed too: " + listed(names, 3)}}
}

// found lists what the comparison of values turned up; what explains the worst
// check stands beside it already.
func (v *view) found() []notice {
	worst, _ := v.s.Worst()
	var out []notice
	for _, f := range v.s.Findings {
		if f.Tone != model.ToneGood && !concerns(f, worst) {
			out = append(out, notice{f.Tone, strings.TrimSuffix(f.Text, ".")})
		}
	}
	return out
}

// concerns reports whether a finding says more about a check.
func concerns(f model.Finding, c model.Check) bool {
	return f.Tone != model.ToneGood && slices.Contains(f.About, c.Key)
}

// shared says how many sessions of the inbox came from the same device or
// address.
func (v *view) shared() []notice {
	var out []notice
	for _, g := range v.groups() {
		if g.why != model.LinkDevice && g.why != model.LinkIP || len(g.links) == 0 {
			continue
		}
		out = append(out, notice{g.tone(), g.says()})
	}
	return out
}

func (v *view) altered() []notice {
	if len(v.s.Altered) == 0 {
		return nil
	}
	return []notice{{model.ToneWarn, "not shown as sent, control or hidden characters: " + listed(v.s.Altered, 3)}}
}

// listed joins at most n names and says how many more there are.
func listed(names []string, n int) string {
	if len(names) <= n {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:n], ", ") + " +" + itoa(len(names)-n)
}

// summary is the header zoomed: everything that was noticed, in full.
func summary(v *view) content {
	b := newSheet(v)
	b.head("Who")
	for _, p := range []pair{
		{"name", v.show(v.s.Applicant.Name)},
		{"gender", v.show(v.s.Applicant.Gender)},
		{"born", v.birth()},
		{"document", v.document()},
		{"expires", v.show(v.s.Document.Expires)},
		{"external id", v.s.ExternalID},
		{"customer", v.s.CustomerID},
		{"id", v.s.ID},
	} {
		if p.value != "" {
			b.value(p.name, p.value)
		}
	}
	b.head("Verdict")
	b.say(v.verdict(v.width, false))
	for _, m := range []model.Meaning{v.s.VerdictMeaning, v.s.StatusMeaning} {
		b.explain(m)
	}
	b.head("Why")
	b.say(v.dim("Incode's reason: ") + v.incodeReason(false))
	b.explain(v.s.ReasonMeaning)
	b.say(v.dim("worst check: ") + v.worstCheck())
	b.customer()
	b.head("Also")
	for _, part := range []model.Part{model.PartStatus, model.PartSummary} { // they have no pane of their own
		if problem := v.s.Parts[part].Problem; problem != nil {
			b.problem(problem, partName(part))
		}
	}
	for _, n := range v.notices() {
		for i, l := range wrap(n.text, v.width-2, 0) {
			if i == 0 {
				b.say(v.sign(n.tone) + " " + l)
			} else {
				b.say("  " + l)
			}
		}
	}
	return b.out
}

// customer says where the customer is stuck and what to tell them, and what was
// captured of the document.
func (b *sheet) customer() {
	captures := strings.Join(model.Captures(b.s.Summary), " · ")
	if b.s.Stuck.Where == "" && captures == "" {
		return
	}
	b.head("Customer")
	for _, p := range []pair{{"stuck", b.s.Stuck.Where}, {"tell them", b.s.Stuck.Tell}, {"id", captures}} {
		lines := wrap(p.value, b.width-labelWidth, 0)
		for i := range lines {
			label := ""
			if i == 0 {
				label = p.name
			}
			lines[i] = b.label(label) + lines[i]
		}
		if p.value != "" {
			b.entry(item{name: p.name, value: p.value}, lines...)
		}
	}
}

// explain adds a meaning with its source.
func (b *sheet) explain(m model.Meaning) {
	if !m.Known() {
		return
	}
	for _, l := range wrap(m.Text+sourceMark(m), b.width-2, 0) {
		b.say(b.dim("  " + l))
	}
}

// sourceMark says after an explanation how far to trust it; nothing when the
// reference itself says it.
func sourceMark(m model.Meaning) string {
	switch {
	case m.Source == model.FromName && !strings.Contains(m.Text, "not defined"):
		return " (named by Incode, not defined)"
	case m.Source == model.FromPublic:
		return " (Incode's public pages)"
	default:
		return ""
	}
}
