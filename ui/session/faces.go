package session

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"docket/model"
	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/widget"
)

// faces says what the API measured of the face and which pictures there are.
func faces(v *view) content {
	b := newSheet(v)
	b.out.badge = v.faceBadge()
	if h := v.stripHeight(); h > 0 {
		b.out.pinned = v.strip.Draw(v.width, h)
	}
	if b.part(model.PartScore, "score") {
		b.faceTests()
	}
	b.earlier()
	b.head("Pictures at the API")
	if b.c.Desk.Policy().NoImages {
		b.say(b.dim("left out: the console was told to show none"))
	} else if b.part(model.PartImages, "list of images") {
		b.pictures()
	}
	return b.out
}

// Lines of the pane that the strip of pictures leaves to the numbers, and the
// fewest and most that it has itself, with the names of the pictures.
const (
	stripLeaves           = 3
	stripLeast, stripMost = 5, 18
)

// stripHeight is how many lines the strip of pictures has; 0: there is none.
func (v *view) stripHeight() int {
	h := min(v.height-stripLeaves, stripMost)
	if h < stripLeast || v.width < 20 || !v.strip.Shown() {
		return 0
	}
	return h
}

func (v *view) faceBadge() string {
	if c, ok := v.testOf(secFace, keyTotal); ok {
		return v.sign(c.Status.Tone())
	}
	return ""
}

func (v *view) testOf(section, key string) (model.Check, bool) {
	i := slices.IndexFunc(v.s.Checks, func(c model.Check) bool { return c.Section == section && c.Key == key })
	if i < 0 {
		return model.Check{}, false
	}
	return v.s.Checks[i], true
}

func (b *sheet) faceTests() {
	seen := false
	for _, t := range common.FaceTests() {
		c, ok := b.testOf(t.Section, t.Key)
		if !ok {
			continue
		}
		seen = true
		tone := c.Status.Tone()
		value := ""
		if !c.Value.Empty() {
			value = b.show(c.Value)
		}
		text := b.label(t.Name) + b.sign(tone) + " "
		status := b.st().Tone(tone).Render(string(c.Status))
		switch {
		case tone == model.ToneGood:
			text += widget.Fit(value, 6)
		case value == "":
			text += status + widget.Spaces(6-ansi.StringWidth(status))
		default:
			text += widget.Fit(value, 6) + status + " "
		}
		it := b.checkItem(c)
		b.entry(it, text+" "+b.dim(t.Says))
	}
	if !seen {
		b.say(b.dim("– no face test in this answer"))
	}
}

// earlier names the session by which the face is enrolled: there is no number
// that compares the two.
func (b *sheet) earlier() {
	for _, l := range b.s.Linked {
		if l.Why != model.LinkExisting {
			continue
		}
		b.entry(item{name: "earlier session", value: l.ID, open: opens(l.ID)},
			b.label("earlier")+shortID(l.ID), widget.Spaces(labelWidth)+b.dim("no score against it"))
	}
}

func (b *sheet) pictures() {
	if len(b.s.Images) == 0 {
		b.say(b.dim("none"))
		return
	}
	names, sizes := make([]string, len(b.s.Images)), b.view.strip.Sizes()
	for i, im := range b.s.Images {
		names[i] = im.Meaning.Title
		if names[i] == "" {
			names[i] = im.Type
		}
		if im.Count > 1 {
			names[i] += " ×" + itoa(im.Count)
		}
		if size := sizes[im.Type]; size != "" {
			names[i] += " " + size
		}
	}
	text := strings.Join(names, " · ")
	b.entry(item{name: "pictures", value: text}, wrap(text, b.width, 0)...)
	keys := b.c.Keys
	b.say(b.st().Key.Render(keys.Get(keymap.Compare).FirstKey()) + b.dim(" compares the faces   ") + b.st().Key.Render(keys.Get(keymap.Images).FirstKey()) + b.dim(" shows all"))
	if s := b.c.Looked.Evidence(b.s.ID).Latest(); s != "" {
		b.say(b.dim("you saw: ") + b.st().Human.Render(string(s)))
	}
}
