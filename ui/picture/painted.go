package picture

import (
	"fmt"
	"image"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
)

// settle is how long a frame has to be on the screen before pictures are painted
// over it: the renderer writes it some milliseconds after Update, and what it
// writes destroys them. It also spares painting while things move.
const settle = 60 * time.Millisecond

// paint is one picture to be painted over blank cells.
type paint struct {
	content string // what and where: the same text paints the same
	spot    Spot
	placed  placed
	rect    image.Rectangle // in cells of the screen
	sent    int             // by which number it left for the screen
}

// painted follows what of iTerm2's or Sixel's pictures is on the screen.
type painted struct {
	there   []paint // on the screen, and whole
	wanted  string  // what is on its way
	number  int     // of the last thing that was sent on its way
	encoded map[string]string
}

// ready are pictures that may be painted now.
type ready struct {
	number int
	paints []paint
	bodies []string
}

// blanks are the lines of a spot: spaces that differ from any other space, so
// that the renderer writes over them, and with that wipes the picture out, when
// something else, be it blank, takes their place.
func blanks(p placed) []string {
	row := "\x1b[8m" + strings.Repeat(" ", p.cells.Dx()) + reset
	return slices.Repeat([]string{row}, p.cells.Dy())
}

// place paints what a frame shows and the screen does not.
func (d *painted) place(s *Screen, f Frame) tea.Cmd {
	var there, missing []paint
	bodies := map[string]string{}
	for _, spot := range f.Spots {
		p := s.paint(spot)
		if body, ok := d.encoded[p.content]; ok {
			bodies[p.content] = body
		}
		if slices.ContainsFunc(f.Covered, p.rect.Overlaps) {
			continue
		}
		if i := slices.IndexFunc(d.there, func(o paint) bool { return o.content == p.content }); i >= 0 {
			there = append(there, d.there[i])
		} else {
			missing = append(missing, p)
		}
	}
	if len(there) < len(d.there) { // what is on its way may be over something else now
		d.number, d.wanted = d.number+1, ""
	}
	d.there, d.encoded = there, bodies
	wanted := names(missing)
	if wanted == d.wanted {
		return nil
	}
	d.wanted = wanted
	d.number++
	if len(missing) == 0 {
		return nil
	}
	number, protocol, cell, limit := d.number, s.caps.Protocol, s.caps.Cell.orAssumed(), s.limit()
	return tea.Tick(settle, func(time.Time) tea.Msg {
		r := ready{number: number, paints: missing}
		for _, p := range missing {
			body, ok := bodies[p.content]
			if !ok {
				body = p.encode(protocol, cell, limit)
			}
			r.bodies = append(r.bodies, body)
		}
		return r
	})
}

func names(paints []paint) string {
	var b strings.Builder
	for _, p := range paints {
		b.WriteString(p.content + "\n")
	}
	return b.String()
}

// paint says what a spot paints.
func (s *Screen) paint(spot Spot) paint {
	p := s.placed(spot)
	rect := p.cells.Add(spot.Rect.Min)
	return paint{
		content: fmt.Sprintf("%s/%d/%.5f,%.5f,%.5f,%.5f/%v", spot.Image.SHA256, p.quarter, p.x, p.y, p.w, p.h, rect),
		spot:    spot,
		placed:  p,
		rect:    rect,
	}
}

// encode returns all bytes that paint the picture.
func (p paint) encode(protocol Protocol, cell Cell, limit int) string {
	m := p.spot.Image
	px := m.fit(p.placed, cell, workSide, protocol == ITerm)
	if protocol == Sixel {
		return at(p.rect.Min, string(encodeSixel(m.pixels(p.placed, px.X, px.Y), limit)))
	}
	return at(p.rect.Min, itermFile(scaled(m, p.placed, px, limit, encodeJPEG), p.rect.Size()))
}

// arrived paints what was encoded, if the frame is still the same.
func (d *painted) arrived(msg ready) tea.Cmd {
	if msg.number != d.number {
		return nil
	}
	d.wanted = ""
	for i := range msg.paints {
		p := &msg.paints[i]
		p.sent = msg.number
		d.encoded[p.content] = msg.bodies[i]
	}
	d.there = append(d.there, msg.paints...)
	return tea.Raw(painting{d, msg})
}

// painting are pictures on their way to the screen. Whether each is still wanted
// is asked when they are written: others may have joined them meanwhile, or a
// dialog have come over some.
type painting struct {
	on  *painted
	msg ready
}

// String implements fmt.Stringer; Bubble Tea calls it between two Updates.
func (p painting) String() string {
	var b strings.Builder
	for i, picture := range p.msg.paints {
		still := func(o paint) bool { return o.content == picture.content && o.sent == picture.sent }
		if slices.ContainsFunc(p.on.there, still) {
			b.WriteString(p.msg.bodies[i])
		}
	}
	return b.String()
}

// lost notes that the screen was written anew. What was encoded is still good.
func (d *painted) lost() {
	d.there, d.wanted = nil, ""
	d.number++
}
