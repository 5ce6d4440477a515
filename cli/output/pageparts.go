package output

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"docket/model"
)

func (pg *page) checks() {
	so := pg.so
	if !came(so, model.PartScore) {
		return
	}
	pg.title("CHECKS", tally(so.Checks))
	names, statuses := 0, 0
	for _, c := range so.Checks {
		names = max(names, ansi.StringWidth(c.Name()))
		statuses = max(statuses, ansi.StringWidth(signed(c.Status)))
	}
	for _, c := range so.Checks {
		status := pg.p.Tone(c.Status.Tone(), pad(signed(c.Status), statuses))
		pg.entry("  "+status+gap+pad(c.Name(), names)+gap, c.Value.String())
		if c.Status.Tone() != model.ToneGood && c.Meaning.Known() {
			pg.line(2+statuses+len(gap), pg.p.Dim(c.Meaning.Text))
		}
	}
}

// tally counts the checks by status, worst first.
func tally(checks []model.Check) string {
	counts := map[model.CheckStatus]int{}
	var order []model.CheckStatus
	for _, c := range checks {
		if counts[c.Status] == 0 {
			order = append(order, c.Status)
		}
		counts[c.Status]++
	}
	var parts []string
	for _, s := range order {
		parts = append(parts, fmt.Sprintf("%d %s", counts[s], orNone(string(s))))
	}
	if len(parts) == 0 {
		return "none in the score"
	}
	return strings.Join(parts, ", ")
}

func (pg *page) rules() {
	if len(pg.so.Rules) == 0 {
		return
	}
	pg.title("RULES", "of your own rule engine, as Incode sent them")
	for _, r := range pg.so.Rules {
		where := r.Section
		if where == "" {
			where = "total"
		}
		kind := r.Type
		if kind == where {
			kind = ""
		}
		pg.line(2, pg.p.Status(r.Status)+gap+joined(r.Name, where, kind))
		if r.Expression != "" {
			pg.line(4, r.Expression)
		}
	}
}

func (pg *page) facts() {
	if len(pg.so.Facts) == 0 {
		return
	}
	pg.title("FACTS", "values of the score that are no tests")
	var pairs [][2]string
	for _, f := range pg.so.Facts {
		pairs = append(pairs, [2]string{strings.TrimPrefix(f.Section+"."+f.Key, "."), f.Value.String()})
	}
	pg.pairs(pairs)
}

// fields writes what was read, with its confidence and what docket noticed.
func (pg *page) fields(title string, part model.Part, fields []model.Field) {
	if !came(pg.so, part) || len(fields) == 0 {
		return
	}
	pg.title(title, "")
	names, values := 0, 0
	for _, f := range fields {
		names = max(names, ansi.StringWidth(f.Name))
		values = max(values, min(longValue, ansi.StringWidth(f.Value.String())))
	}
	for _, f := range fields {
		pg.entry("  "+pad(f.Name, names)+gap, pad(f.Value.String(), values)+gap+confidence(f.Confidence))
		if part == model.PartOCR {
			pg.findingsOf(f.Name, 2+names+len(gap))
		}
	}
}

// longValue is how wide the column of values becomes at most; longer ones stand
// alone.
const longValue = 48

func (pg *page) findingsOf(field string, indent int) {
	for _, f := range pg.so.Findings {
		if f.Field == field {
			pg.line(indent, pg.finding(f))
		}
	}
}

// confidence writes how certain the reading was, 0 to 1, and draws it.
func confidence(c *float64) string {
	if c == nil {
		return ""
	}
	const cells = 10
	full := max(0, min(cells, int(*c*cells+0.5)))
	return strconv.FormatFloat(*c, 'f', 2, 64) + " " + strings.Repeat("█", full) + strings.Repeat("░", cells-full)
}

func (pg *page) device() {
	d := pg.so.Device
	if d == nil {
		return
	}
	pg.title("DEVICE", "the coordinates come from the device; Incode does not locate addresses")
	pairs := [][2]string{
		{"type", joined(d.Type, d.Model)},
		{"ip", d.IP.String()},
		{"hash", d.Hash.String()},
		{"location", joined(d.Location.String(), d.Country, coordinates(d))},
	}
	for _, f := range d.Data {
		pairs = append(pairs, [2]string{f.Name, f.Value.String()})
	}
	pg.pairs(pairs)
}

func coordinates(d *model.Device) string {
	if d.Latitude == nil || d.Longitude == nil {
		return ""
	}
	return score(d.Latitude) + ", " + score(d.Longitude)
}

// pairs writes names and values in two columns, those without a value left out.
func (pg *page) pairs(pairs [][2]string) {
	names := 0
	for _, kv := range pairs {
		if kv[1] != "" {
			names = max(names, ansi.StringWidth(kv[0]))
		}
	}
	for _, kv := range pairs {
		if kv[1] != "" {
			pg.entry("  "+pad(kv[0], names)+gap, kv[1])
		}
	}
}

// linkWords say why sessions are linked.
var linkWords = map[string]string{
	model.LinkExisting: "the face is enrolled by this session",
	model.LinkIdentity: "passed session of the same identity",
	model.LinkDevice:   "same device",
	model.LinkIP:       "same IP address",
}

func (pg *page) linked() {
	if len(pg.so.Linked) == 0 {
		return
	}
	pg.title("LINKED", "")
	for _, k := range pg.so.Linked {
		name := ""
		if k.SameName != nil {
			name = map[bool]string{true: "same name", false: "another name"}[*k.SameName]
		}
		pg.entry("  "+k.ID+gap, joined(linkWords[k.Why], name, labelled("customer", k.ExternalID)))
	}
}

func (pg *page) images() {
	if len(pg.so.Images) == 0 {
		return
	}
	var parts []string
	for _, i := range pg.so.Images {
		text := i.Type
		if i.Count > 1 {
			text += " ×" + strconv.Itoa(i.Count)
		}
		parts = append(parts, text)
	}
	pg.title("PICTURES", "")
	pg.line(2, strings.Join(parts, ", "))
}

// longGap is a pause between two events that is worth telling.
const longGap = 2 * time.Minute

func (pg *page) timeline() {
	if !came(pg.so, model.PartEvents) {
		return
	}
	pg.title("TIMELINE", "UTC")
	if len(pg.so.Events) == 0 {
		pg.line(2, "no events")
	}
	if pg.so.EventsMore {
		defer pg.line(2, "… there are more events than these")
	}
	var before time.Time
	for _, e := range pg.so.Events {
		if !before.IsZero() && e.At.Sub(before) >= longGap {
			pg.line(4, pg.p.Dim("… "+e.At.Sub(before).Round(time.Second).String()+" without an event"))
		}
		at := strings.Repeat(" ", len("2006-01-02 15:04:05"))
		if !e.At.IsZero() {
			at, before = clock(e.At), e.At
		}
		sign := " "
		if e.Tone != model.ToneNone {
			sign = signs[e.Tone]
		}
		var detail []string
		for _, f := range e.Detail {
			detail = append(detail, f.Name+"="+f.Value.String())
		}
		pg.entry("  "+at+gap, pg.p.Tone(e.Tone, strings.TrimSpace(sign+" "+e.Name))+gap+pg.p.Dim(strings.Join(detail, " ")))
	}
}

func (pg *page) problems() {
	all := pg.so.Problems()
	if len(all) == 0 {
		return
	}
	pg.title("NOT READ", "")
	for _, p := range all {
		pg.entry("  "+pg.p.Tone(model.ToneBad, string(p.Part))+gap, p.Error())
	}
}
