package session

import (
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"docket/model"
	"docket/ui/common"
	"docket/ui/widget"
)

// timeline is the pane with what happened when: attempts, failures and gaps.
func timeline(v *view) content {
	b := newSheet(v)
	b.out.badge = v.dim(v.zone())
	if !b.part(model.PartEvents, "timeline") {
		return b.out
	}
	if len(v.s.Events) == 0 {
		b.say(b.dim("no event in this answer"))
		return b.out
	}
	parts := v.timelineSummary()
	if v.height <= 5 && v.width >= 60 {
		b.say(fitting(parts, v.width))
		b.strip()
		return b.out
	}
	for _, row := range flowRows(parts, v.width, 3, "   ", v.dim) {
		b.say(row)
	}
	b.eventList()
	return b.out
}

func (v *view) zone() string {
	if v.c.Zone == nil {
		return "UTC"
	}
	return v.c.Zone.String()
}

func (v *view) local(t time.Time) time.Time {
	if v.c.Zone == nil {
		return t.UTC()
	}
	return t.In(v.c.Zone)
}

// timelineSummary counts attempts and failures and names the longest gap, what
// matters most first: the last give way.
func (v *view) timelineSummary() []string {
	events := v.s.Events
	n, failed := map[string]int{}, 0
	var order []string
	var longest time.Duration
	for i, e := range events {
		if n[e.Name]++; n[e.Name] == 2 {
			order = append(order, e.Name)
		}
		if e.Tone == model.ToneBad {
			failed++
		}
		if i > 0 && !e.At.IsZero() && !events[i-1].At.IsZero() {
			longest = max(longest, e.At.Sub(events[i-1].At))
		}
	}
	parts := []string{count(len(events), "event", "events")}
	if v.s.EventsMore {
		parts = append(parts, v.st().Query.Render(common.Sign(model.ToneQuery)+" more follow"))
	}
	if failed > 0 {
		parts = append(parts, v.st().Bad.Render(common.Sign(model.ToneBad)+" "+itoa(failed)+" failed"))
	}
	after, late := v.after()
	if late {
		parts = append(parts, after)
	}
	again := make([]string, 0, len(order))
	for _, name := range order {
		again = append(again, itoa(n[name])+"× "+eventName(name))
	}
	if len(again) > 0 {
		parts = append(parts, listed(again, 1))
	}
	if longest > 0 {
		parts = append(parts, v.dim("longest gap ")+model.Span(longest))
	}
	if !late && after != "" {
		parts = append(parts, after)
	}
	return parts
}

// after says whether anything happened once the session was finished; late:
// something did.
func (v *view) after() (says string, late bool) {
	end := v.s.FinishedAt
	switch {
	case end.IsZero() && v.s.EventsMore:
		return "", false
	case end.IsZero():
		return v.dim("not finished"), false
	}
	n := 0
	for _, e := range v.s.Events {
		if e.At.After(end) {
			n++
		}
	}
	if n == 0 {
		return v.dim("no event after finish"), false
	}
	return v.st().Warn.Render(common.Sign(model.ToneWarn) + " " + count(n, "event", "events") + " after finish"), true
}

// chatter is how often an event may happen before the strip leaves it out; the
// list has it.
const chatter = 6

// strip writes the events one after the other, for a pane of few lines.
func (b *sheet) strip() {
	row, last := "", time.Time{}
	times := map[string]int{}
	for _, e := range b.s.Events {
		times[e.Name]++
	}
	for _, e := range b.s.Events {
		if times[e.Name] > chatter && e.Tone != model.ToneBad {
			continue
		}
		text := b.clock(e.At, last) + " " + b.eventText(e)
		last = e.At
		if row != "" && ansi.StringWidth(row)+3+ansi.StringWidth(text) > b.width {
			b.say(row)
			row = ""
		}
		if row != "" {
			row += b.dim(" · ")
		}
		row += text
	}
	b.say(row)
}

// clock writes the time of day, without the hour while that does not change.
func (b *sheet) clock(t, last time.Time) string {
	if t.IsZero() {
		return b.dim("--:--")
	}
	layout := "15:04:05"
	if l := b.local(t); !last.IsZero() && l.Truncate(time.Hour).Equal(b.local(last).Truncate(time.Hour)) {
		layout = "04:05"
	}
	return b.dim(b.local(t).Format(layout))
}

func (b *sheet) eventText(e model.Event) string {
	name := eventName(e.Name)
	if e.Tone == model.ToneNone {
		return name
	}
	return b.st().Tone(e.Tone).Render(name + " " + common.Sign(e.Tone))
}

// eventName writes an event's name for people: "frontIdCaptureAttempt" and
// "FRONT_ID_CAPTURE" become words.
func eventName(name string) string {
	if strings.ContainsAny(name, " ") || strings.ToUpper(name) == name {
		return strings.ToLower(strings.ReplaceAll(name, "_", " "))
	}
	var b strings.Builder
	for i, r := range name {
		upper := r >= 'A' && r <= 'Z'
		if upper && i > 0 && name[i-1] >= 'a' && name[i-1] <= 'z' {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return strings.ReplaceAll(strings.ToLower(b.String()), "_", " ")
}

// longGap is how long nothing may happen before the list says so.
const longGap = time.Minute

func (b *sheet) eventList() {
	var last time.Time
	day := ""
	for _, e := range b.s.Events {
		if d := b.local(e.At).Format(time.DateOnly); !e.At.IsZero() && d != day {
			day = d
			b.say(b.dim(d))
		}
		gap := widget.Spaces(7)
		if d := e.At.Sub(last); !last.IsZero() && d >= 0 {
			gap = widget.FitRight("+"+model.Span(d), 7)
			if d >= longGap {
				gap = b.st().Warn.Render(gap)
			} else {
				gap = b.dim(gap)
			}
		}
		if !e.At.IsZero() {
			last = e.At
		}
		v, ev := b.view, e
		b.entry(item{name: e.Name, value: e.At.Format(time.RFC3339), open: pushed(func() *detail { return eventDetail(v, ev) })},
			b.dim(b.hour(e.At))+" "+gap+"  "+b.sign(e.Tone)+" "+b.toned(e.Tone, eventName(e.Name))+b.details(e))
	}
}

func (b *sheet) hour(t time.Time) string {
	if t.IsZero() {
		return "--:--:--"
	}
	return b.local(t).Format(time.TimeOnly)
}

func (b *sheet) details(e model.Event) string {
	parts := make([]string, 0, len(e.Detail))
	for _, f := range e.Detail {
		if !f.Value.Empty() {
			parts = append(parts, f.Name+" "+b.show(f.Value))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "  " + b.dim(strings.Join(parts, ", "))
}
