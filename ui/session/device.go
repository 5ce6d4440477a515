package session

import (
	"slices"
	"strconv"
	"strings"

	"docket/desk"
	"docket/model"
	"docket/ui/common"
	"docket/ui/widget"
)

// device is the pane with where the session came from and which other sessions
// share something with it.
func device(v *view) content {
	b := newSheet(v)
	b.out.badge = v.deviceBadge()
	if b.part(model.PartDevice, "device") {
		b.place()
		b.machine()
	}
	b.head("Linked sessions")
	b.linked()
	if v.s.Device != nil && len(v.s.Device.Data) > 0 {
		b.head("Everything else the device gave")
		b.plain(v.s.Device.Data, false)
	}
	return b.out
}

// noneLinked says that no session is linked, among those that the role would see.
func (v *view) noneLinked() string {
	if v.c.Lacks(desk.MayRisk) != "" {
		return "none of the same identity known"
	}
	return "none known"
}

func (v *view) deviceBadge() string {
	n := len(v.s.Linked)
	if n == 0 {
		return ""
	}
	return v.dim(count(n, "linked session", "linked sessions"))
}

func (b *sheet) place() {
	d := b.s.Device
	if d == nil {
		b.say(b.dim("the API has no device for this session"))
		return
	}
	where := strings.TrimSpace(d.Country + " " + b.show(d.Location))
	if where == "" {
		where = b.dim("no place was given")
	} else {
		where += b.dim("  given by the device")
	}
	b.value("place", where)
	b.compared(b.s.Document.Country)
	if d.Latitude != nil && d.Longitude != nil {
		b.value("coordinates", b.coordinates(*d.Latitude, *d.Longitude))
	}
	if !d.IP.Empty() {
		b.value("IP", b.show(d.IP), b.dim("not located by the API"))
	}
}

// compared shows the document's country with what the comparison found.
func (b *sheet) compared(country string) {
	i := slices.IndexFunc(b.s.Findings, func(f model.Finding) bool { return f.Key == "device.country" })
	good := ""
	if i >= 0 && b.s.Findings[i].Tone == model.ToneGood {
		good = b.sign(model.ToneGood) + " same country"
	}
	if country != "" {
		b.value("document", country, good)
	}
	if i < 0 || good != "" {
		return
	}
	for n, l := range wrap(b.foundText(b.s.Findings[i]), b.width-labelWidth-2, 2) {
		sign := "  "
		if n == 0 {
			sign = common.Sign(b.s.Findings[i].Tone) + " "
		}
		b.say(widget.Spaces(labelWidth) + b.st().Tone(b.s.Findings[i].Tone).Render(sign+l))
	}
}

// coordinates are personal too: masked with the place.
func (b *sheet) coordinates(lat, lon float64) string {
	return b.show(b.placed(strconv.FormatFloat(lat, 'f', 4, 64) + ", " + strconv.FormatFloat(lon, 'f', 4, 64)))
}

// placed wraps a text as a place that is as visible as the device's location.
func (b *sheet) placed(text string) model.Personal {
	p := model.NewPersonal(model.ClassPlace, text)
	if d := b.s.Device; d != nil && !d.Location.Masked() {
		return p.Revealed()
	}
	return p
}

func (b *sheet) machine() {
	d := b.s.Device
	if d == nil {
		return
	}
	if kind := strings.TrimSpace(d.Type + "  " + d.Model); kind != "" {
		b.value("device", kind)
	}
	if !d.Hash.Empty() {
		b.value("hash", shortID(b.show(d.Hash)))
	}
}

// group is the linked sessions of one kind.
type group struct {
	why    string
	links  []model.Linked
	others int // of another name
}

// groups sorts the linked sessions by kind, in the order a reviewer wants them.
func (v *view) groups() []group {
	var out []group
	for _, why := range []string{model.LinkExisting, model.LinkDevice, model.LinkIP, model.LinkIdentity} {
		g := group{why: why}
		for _, l := range v.s.Linked {
			if l.Why != why {
				continue
			}
			g.links = append(g.links, l)
			if v.otherName(l) {
				g.others++
			}
		}
		out = append(out, g)
	}
	return out
}

// otherName reports whether the linked session is known to be of another name.
func (v *view) otherName(l model.Linked) bool {
	if l.SameName != nil {
		return !*l.SameName
	}
	mine := v.s.Applicant.Name
	return l.Row != nil && !l.Row.Name.Empty() && !mine.Empty() && !strings.EqualFold(l.Row.Name.Reveal(), mine.Reveal())
}

func (g group) tone() model.Tone {
	if g.others > 0 {
		return model.ToneWarn
	}
	return model.ToneNone
}

// says sums the group up.
func (g group) says() string {
	n := len(g.links)
	text := map[string]string{
		model.LinkDevice: "same device in " + count(n, "other session here", "other sessions here"),
		model.LinkIP:     "same IP in " + count(n, "other session here", "other sessions here"), model.LinkExisting: "face enrolled by",
		model.LinkIdentity: count(n, "passed session of this identity", "passed sessions of this identity") + "; others are not listed",
	}[g.why]
	if g.others > 0 {
		text += ", " + itoa(g.others) + " of another name"
	}
	return text
}

func (b *sheet) linked() {
	state := b.s.Parts[model.PartLinked]
	if state.Problem != nil {
		b.problem(state.Problem, "linked sessions")
	}
	some := false
	for _, g := range b.groups() {
		if len(g.links) == 0 {
			continue
		}
		some = true
		b.say(b.st().Tone(g.tone()).Render(common.Sign(g.tone()) + " " + g.says()))
		for _, l := range g.links {
			b.link(l)
		}
	}
	switch {
	case b.busy: // the inbox is asked for the same device and address last
		b.say(b.dim("being looked up " + ellipsis))
	case !some && state.Problem == nil:
		b.say(b.dim(b.noneLinked()))
	}
}

func (b *sheet) link(l model.Linked) {
	parts := []string{"  " + shortID(l.ID)}
	if l.Row != nil {
		tone := l.Row.Verdict.Tone()
		if name := b.show(l.Row.Name); name != "" {
			parts = append(parts, name)
		}
		if l.Row.Verdict != "" {
			parts = append(parts, b.st().Tone(tone).Render(common.Sign(tone)+" "+string(l.Row.Verdict)))
		}
	}
	if l.ExternalID != "" {
		parts = append(parts, b.dim("customer ")+l.ExternalID)
	}
	switch {
	case b.otherName(l):
		parts = append(parts, b.st().Warn.Render(common.Sign(model.ToneWarn)+" another name"))
	case l.SameName != nil:
		parts = append(parts, b.sign(model.ToneGood)+" same name")
	}
	b.entry(item{name: "linked session", value: l.ID, open: opens(l.ID)}, strings.Join(parts, "  "))
}
