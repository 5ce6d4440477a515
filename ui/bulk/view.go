package bulk

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/desk"
	"docket/model"
	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/layout"
	"docket/ui/widget"
)

// headLines are the lines above the list: what is done, how far it is, what would
// be or was sent, what not, what to do now, why of the one under the cursor, titles.
const headLines = 7

func (p *Page) head() int { return headLines }

func (p *Page) room() int { return max(p.h-p.head(), 1) }

// View implements common.Page.
func (p *Page) View() string {
	if p.w <= 0 || p.h <= 0 {
		return ""
	}
	columns := p.columns()
	lines := []string{p.what(), p.bar(), p.sent(), p.left(), p.now(), p.about(), "  " + widget.Header(columns, p.c.Styles.Dim)}
	for i := p.top; i < min(len(p.rows), p.top+p.room()); i++ {
		lines = append(lines, p.row(columns, i))
	}
	if len(p.rows) == 0 {
		lines = append(lines, "  "+p.c.Styles.Dim.Render("none was refused"))
	}
	lines = widget.Fill(lines, p.w, p.h)
	for i, l := range lines {
		lines[i] = widget.Fit(l, p.w)
	}
	return strings.Join(lines, "\n")
}

// what names the action, and what it says.
func (p *Page) what() string {
	st, a := p.c.Styles, p.order.Action
	parts := []string{st.Strong.Render(a.Kind.Info().Title + ", " + sessions(len(p.items)))}
	for _, t := range []string{a.Reason, quoted(a.Note), quoted(a.Message), strings.Join(a.Conditions, ", "), strings.Join(a.Components, ", ")} {
		if t != "" {
			parts = append(parts, st.Text.Render(widget.OneLine(t)))
		}
	}
	if a.Override {
		parts = append(parts, st.Warn.Render("with the override"))
	}
	if p.order.Batch != "" {
		parts = append(parts, st.Human.Render("goes on with what is left"))
	}
	return " " + strings.Join(parts, st.Dim.Render("  ·  "))
}

func quoted(s string) string {
	if s == "" {
		return ""
	}
	return "“" + s + "”"
}

// barWidth is how wide the bar gets.
const barWidth = 40

// bar says how far the dry run or the run is.
func (p *Page) bar() string {
	st := p.c.Styles
	done, all, says := p.looked, len(p.items), "read"
	if p.run != nil {
		done, all, says = p.progress.Total-p.progress.Left, p.progress.Total, "ended"
	}
	share := 1.0
	if all > 0 {
		share = float64(done) / float64(all)
	}
	w := min(barWidth, p.w/3)
	text := fmt.Sprintf("  %d of %d %s", done, all, says)
	return " " + st.Accent.Render(widget.Fit(widget.Bar(share, w), w)) + st.Text.Render(text) + st.Dim.Render(p.pace(done))
}

// pace says how fast the run is and how long it will take, once that can be told.
func (p *Page) pace(done int) string {
	if p.run == nil || !p.progress.Ended.IsZero() {
		return ""
	}
	if p.progress.Waits != "" {
		return "   waits for " + p.progress.Waits
	}
	took := p.c.Now().Sub(p.progress.Began)
	if done == 0 || took < time.Second {
		return ""
	}
	rate := float64(done) / took.Seconds()
	left := time.Duration(math.Ceil(float64(p.progress.Left)/rate)) * time.Second
	return fmt.Sprintf("   %.1f a second   %s left", rate, left)
}

// sent counts what would be sent, or what was.
func (p *Page) sent() string {
	st := p.c.Styles
	if p.run == nil {
		n := p.count(desk.BulkReady)
		out := " " + st.Good.Render(common.Sign(model.ToneGood)+" would be sent "+strconv.Itoa(n))
		return out + p.setAside()
	}
	parts := []string{st.Good.Render(common.Sign(model.ToneGood) + " done " + strconv.Itoa(p.progress.Done))}
	if n := p.progress.Unknown; n > 0 {
		parts = append(parts, st.Bad.Render(common.Sign(model.ToneQuery)+" outcome unknown "+strconv.Itoa(n)))
	}
	if n := p.progress.Left; n > 0 {
		parts = append(parts, st.Dim.Render(common.Sign(model.ToneNone)+" not sent "+strconv.Itoa(n)))
	}
	return " " + strings.Join(parts, "   ")
}

// setAside says what of that is decided against a check or a verdict.
func (p *Page) setAside() string {
	st := p.c.Styles
	forced, checks := 0, 0
	for i, it := range p.items {
		if !p.found[i] || it.State != desk.BulkReady {
			continue
		}
		if it.Forced {
			forced++
		}
		if len(it.Overrides) > 0 {
			checks++
		}
	}
	out := ""
	if checks > 0 {
		out += "   " + st.Warn.Render("! "+strconv.Itoa(checks)+" with checks that did not pass")
	}
	if forced > 0 {
		out += "   " + st.Warn.Render("! "+strconv.Itoa(forced)+" whose verdict does not wait for a person")
	}
	return out
}

// left counts what was refused, by reason.
func (p *Page) left() string {
	st := p.c.Styles
	n := p.count(desk.BulkRefused)
	if n == 0 {
		return " " + st.Dim.Render(common.Sign(model.ToneNone)+" refused 0")
	}
	return " " + st.Bad.Render(common.Sign(model.ToneBad)+" refused "+strconv.Itoa(n)) + st.Text.Render(": "+p.reasons())
}

// reasons lists why sessions were refused, what is most frequent first.
func (p *Page) reasons() string {
	by := map[string]int{}
	var names []string
	for i, it := range p.items {
		if !p.found[i] || it.State != desk.BulkRefused {
			continue
		}
		if by[it.Why] == 0 {
			names = append(names, it.Why)
		}
		by[it.Why]++
	}
	slices.SortStableFunc(names, func(a, b string) int { return by[b] - by[a] })
	for i, name := range names {
		names[i] = name + " " + strconv.Itoa(by[name])
	}
	return strings.Join(names, ", ")
}

// now says what can be done now, or what has gone wrong.
func (p *Page) now() string {
	st := p.c.Styles
	key := func(id keymap.ID) string { return p.c.Keys.Get(id).FirstKey() }
	switch {
	case p.problem != nil:
		return " " + st.Bad.Render(common.Sign(model.ToneBad)+" "+p.problem.Error())
	case p.run != nil:
		return " " + p.end(key)
	case p.starting:
		return " " + st.Human.Render(common.Sign(model.ToneHuman)+" "+widget.Dots("the plan is being logged "))
	case p.looked < len(p.items):
		return " " + st.Dim.Render("Dry run: nothing is sent.")
	}
	if off := p.cannotStart(); off != "" {
		return " " + st.Warn.Render("Dry run: "+off+".")
	}
	return " " + st.Human.Render(common.Sign(model.ToneHuman)+" Nothing was sent yet: "+key(keymap.StartRun)+" starts it, "+key(keymap.Back)+" drops it.")
}

// end says how the run is, or how it ended.
func (p *Page) end(key func(keymap.ID) string) string {
	st := p.c.Styles
	tone, text := model.ToneHuman, "It goes on when you leave this page; "+key(keymap.Runs)+" comes back, "+key(keymap.StopRun)+" stops it."
	switch pr := p.progress; pr.End {
	case desk.BulkRuns:
		if pr.Stopped {
			text = widget.Dots("It stops after what is on its way ")
		}
	case desk.BulkFinished:
		tone, text = model.ToneGood, "Finished."
		if p.count(desk.BulkRefused)+pr.Unknown > 0 {
			tone, text = model.ToneWarn, "Finished. "+key(keymap.Failures)+" lists what was not done."
		}
	case desk.BulkStopped:
		tone, text = model.ToneWarn, "Stopped. "+sessions(pr.Left)+" not sent."
	case desk.BulkHalted:
		tone, text = model.ToneBad, "Halted: "+pr.Why.Message+". "+key(keymap.Runs)+" goes on with the "+strconv.Itoa(pr.Left)+" that are left."
	case desk.BulkInterrupted:
		tone, text = model.ToneWarn, "Interrupted. "+sessions(pr.Left)+" left."
	}
	return st.Tone(tone).Render(common.Sign(tone) + " " + text)
}

// about says all of what the list may have cut off of the session under the cursor.
func (p *Page) about() string {
	it, ok := p.selected()
	if !ok || why(it) == "" {
		return ""
	}
	return " " + p.c.Styles.Dim.Render(short(it.ID)+": "+why(it))
}

// columns are the columns of the list for the width.
func (p *Page) columns() []widget.Column {
	names := []string{"RESULT", "NAME", "VERDICT", "ID", "WHY"}
	sizes := []layout.Column{{Min: 15}, {Min: 18, Max: 32, Grow: 2}, {Min: 14}, {Min: 13}, {Min: 12, Grow: 5}}
	out := make([]widget.Column, len(names))
	for i, w := range layout.Widths(p.w-2, 1, sizes) {
		out[i] = widget.Column{Title: names[i], Width: w, Gap: 1}
	}
	return out
}

// row draws one session.
func (p *Page) row(columns []widget.Column, i int) string {
	st, it := p.c.Styles, p.items[p.rows[i]]
	word, tone := p.result(p.rows[i])
	name := widget.OneLine(p.c.Show(it.Who))
	sign, style := "  ", st.Text
	if i == p.at {
		sign, style, name = st.Accent.Render("> "), st.Selected, widget.Fit(name, columns[1].Width)
	}
	cells := []widget.Cell{
		{{Text: common.Sign(tone) + " " + word, Style: st.Tone(tone)}},
		{{Text: name, Style: style}},
		{{Text: string(it.Verdict), Style: st.Tone(it.Verdict.Tone())}},
		{{Text: short(it.ID), Style: st.Dim}},
		{{Text: why(it), Style: st.Text}},
	}
	return sign + widget.Row(columns, cells)
}

// result is what became of a session, in a word.
func (p *Page) result(i int) (string, model.Tone) {
	switch s := p.items[i].State; {
	case !p.found[i]:
		return widget.Dots("reading "), model.ToneNone
	case s == desk.BulkReady && p.run == nil:
		return "would be sent", model.ToneGood
	case s == desk.BulkReady && p.progress.Ended.IsZero():
		return "waits", model.ToneNone
	default:
		return s.String(), tones[s]
	}
}

var tones = map[desk.BulkState]model.Tone{
	desk.BulkReady: model.ToneNone, desk.BulkRefused: model.ToneBad, desk.BulkSending: model.ToneHuman,
	desk.BulkDone: model.ToneGood, desk.BulkUnknown: model.ToneQuery,
}

// why says in a line why a session was refused, or what is set aside.
func why(it desk.BulkItem) string {
	switch {
	case it.Problem != nil && it.Why != "":
		return it.Why + ": " + it.Problem.Message
	case it.Problem != nil:
		return it.Problem.Message
	case it.State == desk.BulkReady && it.Forced:
		return "override: does not wait for a person"
	case it.State == desk.BulkReady && len(it.Overrides) > 0:
		return "sets aside " + strings.Join(it.Overrides, ", ")
	case it.State == desk.BulkDone:
		return string(it.Status)
	}
	return it.Says
}

func short(id string) string {
	const most, head, tail = 14, 8, 4
	if len(id) <= most {
		return id
	}
	return id[:head] + "…" + id[len(id)-tail:]
}

func sessions(n int) string {
	if n == 1 {
		return "1 session"
	}
	return widget.Count(int64(n)) + " sessions"
}
