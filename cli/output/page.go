package output

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"docket/model"
)

// SessionPage writes one session as a page for people: who, verdict and why
// first, then what it rests on.
func SessionPage(w io.Writer, so *model.Session, p Paint) error {
	b := bufio.NewWriter(w)
	pg := &page{w: b, p: p, so: so}
	pg.header()
	for _, section := range pg.sections() {
		section()
	}
	return b.Flush() // a failed write stays in b until here
}

// page writes the parts of one session. Its writer keeps the first error.
type page struct {
	w  *bufio.Writer
	p  Paint
	so *model.Session
}

func (pg *page) sections() []func() {
	return []func(){
		pg.checks, pg.rules, pg.facts,
		func() { pg.fields("OCR", model.PartOCR, pg.so.OCR) },
		func() { pg.fields("SECOND DOCUMENT", model.PartOCR2, pg.so.OCR2) },
		pg.device, pg.linked,
		func() { pg.fields("SUMMARY", model.PartSummary, pg.so.Summary) },
		func() { pg.fields("CUSTOM FIELDS", model.PartCustom, pg.so.Custom) },
		pg.images, pg.timeline, pg.problems,
	}
}

// labelWidth is the room for WHO, VERDICT and the like.
const labelWidth = 9

// label writes a line of the header, if there is something to say.
func (pg *page) label(name, text string) {
	if text != "" {
		pg.entry(pg.p.Strong(pad(name, labelWidth)), text)
	}
}

// title begins a section.
func (pg *page) title(name, says string) {
	line := pg.p.Strong(name)
	if says != "" {
		line += gap + pg.p.Dim(says)
	}
	if pg.p.Width > 0 {
		line = ansi.Truncate(line, pg.p.Width, "…")
	}
	_, _ = fmt.Fprintf(pg.w, "\n%s\n", line)
}

// line writes text, wrapped and indented.
func (pg *page) line(indent int, text string) { pg.entry(strings.Repeat(" ", indent), text) }

// minText is the narrowest column that text is wrapped into.
const minText = 20

// entry writes a text after what begins its line. What does not fit goes on
// below the text's own beginning, or at the margin where that leaves no room.
func (pg *page) entry(begins, text string) {
	indent := ansi.StringWidth(begins)
	if pg.p.Width > 0 && pg.p.Width-indent < minText {
		begins, text, indent = "", begins+text, 0
	}
	if pg.p.Width > 0 {
		text = ansi.Wrap(text, pg.p.Width-indent, " ")
	}
	for i, l := range strings.Split(text, "\n") {
		if i > 0 {
			begins = strings.Repeat(" ", indent)
		}
		_, _ = pg.w.WriteString(strings.TrimRight(begins+l, " ") + "\n")
	}
}

func (pg *page) header() {
	so := pg.so
	_, _ = fmt.Fprintf(pg.w, "%s  %s\n\n", pg.p.Strong(so.ID), pg.p.Dim(so.Provider))
	pg.label("WHO", pg.who())
	pg.label("VERDICT", pg.verdict())
	pg.label("WHY", pg.why())
	if so.Verdict == "" && came(so, model.PartScore) { // else the verdict says what there is to say
		pg.label("STUCK", so.Stuck.Where)
	}
	pg.label("ALSO", pg.also())
}

const dot = "  ·  "

// joined writes what there is of the texts, with dots between.
func joined(texts ...string) string {
	var have []string
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" {
			have = append(have, t)
		}
	}
	return strings.Join(have, dot)
}

// labelled writes a text after its name, or nothing.
func labelled(name, text string) string {
	if text == "" {
		return ""
	}
	return name + " " + text
}

func (pg *page) who() string {
	so, a, d := pg.so, pg.so.Applicant, pg.so.Document
	name := "name not known"
	if !a.Name.Empty() {
		name = pg.p.Strong(a.Name.String())
	}
	document := strings.Join(strings.Fields(joinWords(d.Type, d.Country, d.State, d.Number.String())), " ")
	return joined(name, a.Gender.String(), labelled("born", a.BirthDate.String()), document,
		labelled("expires", d.Expires.String()), labelled("customer", so.ExternalID), labelled("identity", so.CustomerID),
		labelled("flow", so.FlowID))
}

func joinWords(words ...string) string { return strings.Join(words, " ") }

func (pg *page) verdict() string {
	so := pg.so
	verdict := pg.p.Dim("– no verdict yet")
	if so.Verdict != "" {
		verdict = pg.p.Status(so.Verdict)
	} else if pr := so.Parts[model.PartScore].Problem; pr != nil {
		verdict = pg.p.Tone(model.ToneQuery, "? not known: the score could not be read")
	}
	text := joined(verdict, labelled("score", score(so.Score)), string(so.Status), labelled("session", string(so.Life)),
		labelled("started", stamp(so.CreatedAt)), labelled("finished", stamp(so.FinishedAt)))
	for _, m := range []model.Meaning{so.VerdictMeaning, so.StatusMeaning} {
		if m.Known() {
			text += "\n" + pg.p.Dim(m.Text)
		}
	}
	return text
}

// why keeps the provider's reason and the worst check apart: they are two
// statements by two parties.
func (pg *page) why() string {
	so := pg.so
	var lines []string
	if so.ReviewReason != "" {
		line := "Incode's reason: " + string(so.ReviewReason)
		if so.ReasonMeaning.Known() {
			line += ". " + so.ReasonMeaning.Text
		}
		lines = append(lines, line)
	}
	if c, ok := so.Worst(); ok {
		line := "worst check: " + pg.p.Tone(c.Status.Tone(), signs[c.Status.Tone()]+" "+c.Name()+" "+string(c.Status))
		if c.Meaning.Known() {
			line += "  " + c.Meaning.Text
		}
		lines = append(lines, line)
	} else if came(so, model.PartScore) && len(so.Checks) > 0 {
		lines = append(lines, "worst check: none, every check passed")
	}
	return strings.Join(lines, "\n")
}

// also holds what docket noticed by itself and somebody should look at. It is
// never a verdict. What agrees is told beside its field.
func (pg *page) also() string {
	var lines []string
	for _, f := range pg.so.Findings {
		if f.Tone != model.ToneGood {
			lines = append(lines, pg.finding(f))
		}
	}
	if len(pg.so.Altered) > 0 {
		lines = append(lines, pg.p.Tone(model.ToneWarn, "! text was changed to be safe to show: "+some(pg.so.Altered)))
	}
	return strings.Join(lines, "\n")
}

// some joins a list that may be long: its first few, each once, and how many
// more there are.
func some(list []string) string {
	const most = 6
	once := slices.Compact(slices.Sorted(slices.Values(list)))
	if len(once) <= most {
		return strings.Join(once, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(once[:most], ", "), len(once)-most)
}

func (pg *page) finding(f model.Finding) string {
	line := pg.p.Tone(f.Tone, signs[f.Tone]+" "+f.Text)
	if !f.Shown.Empty() {
		line += "  " + f.Shown.String()
	}
	return line
}

func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") }
