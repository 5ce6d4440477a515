package output

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"docket/internal/sheet"
	"docket/model"
	"docket/stats"
	"docket/ui/widget"
)

// StatsFormats lists the values of `docket stats -o`, the default first.
func StatsFormats() []string { return []string{"text", "json", "csv"} }

// StatsLook says how statistics are written.
type StatsLook struct {
	Format     string // of StatsFormats
	ByReviewer bool   // with the numbers of each reviewer; JSON always has them
	Plain      bool   // in ASCII
	Paint      Paint
}

// Stats writes a report in a format that StatsFormats lists.
func Stats(w io.Writer, r stats.Report, look StatsLook) error {
	switch look.Format {
	case "json":
		return JSON(w, r)
	case "csv":
		return statsCSV(w, r, look.ByReviewer)
	}
	t := &statsText{StatsLook: look, r: r, bars: widget.Blocks()}
	if look.Plain {
		t.bars = widget.PlainBars()
	}
	_, err := io.WriteString(w, t.text())
	return err
}

// statsText writes a report for a person.
type statsText struct {
	StatsLook
	r    stats.Report
	bars widget.Bars
	b    strings.Builder
}

func (t *statsText) text() string {
	t.head()
	if !t.r.Empty() {
		t.days()
		if t.ByReviewer {
			t.reviewers()
		}
		t.reasons()
		t.spread()
	}
	t.waiting()
	if t.Plain {
		return ascii.Replace(t.b.String())
	}
	return t.b.String()
}

// ascii writes the few letters of a report that are not ASCII in other words.
// Identities were cleaned where they came from, and stay as they are.
var ascii = strings.NewReplacer("·", "-", "–", "-", "…", "~")

func (t *statsText) line(format string, args ...any) {
	t.b.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
}

// title begins a part.
func (t *statsText) title(text string) { t.line("\n%s", t.Paint.Strong(text)) }

func (t *statsText) head() {
	r, total := t.r, t.r.Total
	t.line("%s", t.Paint.Strong("Decisions, "+r.Period()))
	if r.Empty() {
		t.line("  No decision in this period.")
		return
	}
	n := func(n int) string { return widget.Count(int64(n)) }
	t.line("  %s decided: %s approved, %s rejected; %s of them overturned later (%s)",
		n(total.Decided()), n(total.Approved), n(total.Rejected), n(total.Overturned), stats.Percent(total.OverturnRate()))
	t.line("  earlier decisions: %d set back to needs review, %d decided the other way", r.Reversals.Reversed, r.Reversals.Overturned)
	t.line("  undone %d · refused %d · outcome unknown %d · settled without effect %d", total.Undone, total.Refused, total.Unknown, total.NoEffect)
	t.line("  claim to decision: %s", total.Times()+withoutClaim(total))
	if p := r.Proposals; p != (stats.Proposals{}) {
		t.line("  two people: %d proposed, %d confirmed, %d declined, %d withdrawn, %d void", p.Proposed, p.Confirmed, p.Declined, p.Withdrawn, p.Voided)
	}
}

// withoutClaim says how many decisions are not in the times.
func withoutClaim(t stats.Tally) string {
	if t.Unclaimed == 0 {
		return ""
	}
	return fmt.Sprintf(", %d without a claim", t.Unclaimed)
}

// barRoom is how many cells a bar gets beside labels and numbers.
func (t *statsText) barRoom(labels int) int {
	const least, most = 10, 60
	if t.Paint.Width == 0 {
		return most
	}
	return min(max(t.Paint.Width-labels, least), most)
}

func (t *statsText) days() {
	first, second := t.bars.Signs()
	t.title("By day   " + first + " approved  " + second + " rejected")
	most := 0
	for _, d := range t.r.Days {
		most = max(most, d.Decided())
	}
	w := t.barRoom(len("  Sat 2026-11-21  12345  12345 "))
	for _, d := range t.r.Days {
		a, b := t.bars.Pair(d.Approved, d.Rejected, most, w)
		t.line("  %s %5d %5d  %s%s", weekday(d.Day), d.Approved, d.Rejected, t.Paint.Tone(model.ToneGood, a), t.Paint.Tone(model.ToneBad, b))
	}
}

// weekday writes a day with its name, which tells a quiet day from a weekend.
func weekday(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.Format("Mon 2006-01-02")
}

func (t *statsText) reviewers() {
	t.title("By reviewer")
	w := len("REVIEWER")
	for _, who := range t.r.Reviewers {
		w = max(w, widget.Width(who.By))
	}
	const titles, most = "  APPROVED  REJECTED  OVERTURNED    MEDIAN  NINE IN TEN", 40
	w = min(w, most)
	if room := t.Paint.Width - len(titles) - len(gap); room > 0 {
		w = min(w, room)
	}
	t.line("  %s", t.Paint.Dim(fit("REVIEWER", w)+titles))
	for _, who := range t.r.Reviewers {
		median, p90 := "–", "–"
		if who.Claimed() > 0 {
			median, p90 = who.Median.String(), who.P90.String()
		}
		t.line("  %s  %8d  %8d  %10s  %8s  %11s", fit(who.By, w), who.Approved, who.Rejected, stats.Percent(who.OverturnRate()), median, p90)
	}
	t.sparks(w)
}

// sparks draws what each reviewer decided on each day of the period, as one letter.
func (t *statsText) sparks(w int) {
	t.title("By reviewer and day   one letter a day")
	most := 0
	for _, who := range t.r.Reviewers {
		for _, d := range who.Days {
			most = max(most, d.Decided())
		}
	}
	for _, who := range t.r.Reviewers {
		t.line("  %s  %s", fit(who.By, w), t.Paint.Tone(model.ToneGood, t.spark(who, most)))
	}
}

// spark draws each day of the period as one letter, the latest last.
func (t *statsText) spark(who stats.Reviewer, most int) string {
	by := map[string]int{}
	for _, d := range who.Days {
		by[d.Day] = d.Decided()
	}
	var b strings.Builder
	for _, d := range t.r.Days {
		b.WriteString(t.bars.Up(by[d.Day], most))
	}
	return b.String()
}

func (t *statsText) reasons() {
	w := 0
	for _, r := range t.r.Reasons {
		w = max(w, len(reasonText(r)))
	}
	t.title("Reasons   share of the action")
	room := t.barRoom(w + len("    12345  100.0 %  "))
	for _, r := range t.r.Reasons {
		const whole = 1000
		tone := model.ToneGood
		if r.Action == model.ActReject {
			tone = model.ToneBad
		}
		t.line("  %s %5d %8s  %s", pad(reasonText(r), w), r.Count, stats.Percent(r.Share), t.Paint.Tone(tone, t.bars.Right(int(r.Share*whole), whole, room)))
	}
}

func reasonText(r stats.Reason) string {
	return fmt.Sprintf("%-7s %s", r.Action, r.Label())
}

func (t *statsText) spread() {
	if t.r.Total.Claimed() > 0 {
		t.title("Claim to decision")
		t.buckets(t.r.Spread, model.ToneNone, model.ToneNone)
	}
}

func (t *statsText) waiting() {
	w := t.r.Waiting
	switch {
	case w.SLA > 0:
		t.title(fmt.Sprintf("Waiting now   %s, %s later than the SLA of %s", widget.Count(w.Total), widget.Count(w.Late), w.SLA))
		t.buckets(w.Ageing, model.ToneWarn, model.ToneBad)
	default:
		t.title(fmt.Sprintf("Waiting now   %s, no SLA is configured", widget.Count(w.Total)))
		t.buckets(w.Ageing, model.ToneNone, model.ToneNone)
	}
}

// buckets draws a bar for each; the last has a tone of its own.
func (t *statsText) buckets(all []stats.Bucket, tone, last model.Tone) {
	var most int64
	for _, b := range all {
		most = max(most, b.Count)
	}
	room := t.barRoom(len("  2h30 to 4h00       12345678  "))
	for i, b := range all {
		if i == len(all)-1 {
			tone = last
		}
		t.line("  %-16s %10s  %s", b, widget.Count(b.Count), t.tone(tone, t.bars.Right(int(b.Count), int(most), room)))
	}
}

// tone leaves what has none as it is: a bar that steps back would say less.
func (t *statsText) tone(tone model.Tone, text string) string {
	if tone == model.ToneNone {
		return text
	}
	return t.Paint.Tone(tone, text)
}

// statsColumns are the columns of `docket stats -o csv`: one number a line.
var statsColumns = []string{"measure", "day", "reviewer", "of", "value"}

// statsCSV writes every number of a report on a line of its own, which a
// spreadsheet can turn into any table.
func statsCSV(w io.Writer, r stats.Report, byReviewer bool) error {
	c := &statsRows{w: sheet.New(w)}
	c.err = c.w.Write(statsColumns)
	for _, d := range r.Days {
		c.day(d, "")
	}
	c.tally("total", "", r.Total)
	if byReviewer {
		for _, who := range r.Reviewers {
			c.tally("reviewer", who.By, who.Tally)
			for _, d := range who.Days {
				c.day(d, who.By)
			}
		}
	}
	for _, n := range []struct {
		measure, of string
		value       int
	}{
		{"reversals", "reversed", r.Reversals.Reversed},
		{"reversals", "overturned", r.Reversals.Overturned},
		{"proposals", "proposed", r.Proposals.Proposed},
		{"proposals", "confirmed", r.Proposals.Confirmed},
		{"proposals", "declined", r.Proposals.Declined},
		{"proposals", "withdrawn", r.Proposals.Withdrawn},
		{"proposals", "voided", r.Proposals.Voided},
	} {
		c.put(n.measure, "", "", n.of, strconv.Itoa(n.value))
	}
	for _, reason := range r.Reasons {
		c.put("reason", "", "", string(reason.Action)+" "+reason.Code, strconv.Itoa(reason.Count))
	}
	c.buckets("timeToDecide", r.Spread)
	c.buckets("waiting", r.Waiting.Ageing)
	c.w.Flush()
	if c.err != nil {
		return c.err
	}
	return c.w.Error()
}

type statsRows struct {
	w   *csv.Writer
	err error
}

func (c *statsRows) put(measure, day, reviewer, of, value string) {
	if c.err == nil {
		c.err = c.w.Write([]string{measure, day, sheet.Cell(reviewer), sheet.Cell(of), value})
	}
}

func (c *statsRows) day(d stats.Day, by string) {
	c.put("decisions", d.Day, by, "approved", strconv.Itoa(d.Approved))
	c.put("decisions", d.Day, by, "rejected", strconv.Itoa(d.Rejected))
}

func (c *statsRows) tally(measure, by string, t stats.Tally) {
	for _, n := range []struct {
		of    string
		value int
	}{
		{"approved", t.Approved},
		{"rejected", t.Rejected},
		{"overturned", t.Overturned},
		{"undone", t.Undone},
		{"refused", t.Refused},
		{"unknown", t.Unknown},
		{"noEffect", t.NoEffect},
		{"unclaimed", t.Unclaimed},
	} {
		c.put(measure, "", by, n.of, strconv.Itoa(n.value))
	}
	if t.Claimed() > 0 {
		c.put(measure, "", by, "medianSeconds", seconds(t.Median))
		c.put(measure, "", by, "p90Seconds", seconds(t.P90))
	}
}

// buckets names each by its length in seconds: "3600-7200", "14400-".
func (c *statsRows) buckets(measure string, all []stats.Bucket) {
	for _, b := range all {
		of := seconds(b.From) + "-"
		if b.To > 0 {
			of += seconds(b.To)
		}
		c.put(measure, "", "", of, strconv.FormatInt(b.Count, 10))
	}
}

func seconds(s stats.Seconds) string {
	return strconv.FormatFloat(time.Duration(s).Seconds(), 'f', -1, 64)
}
