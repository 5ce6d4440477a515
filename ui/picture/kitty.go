package picture

import (
	"cmp"
	"context"
	"fmt"
	"image"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi/kitty"
)

const (
	// storedMost is how many pictures the terminal keeps for us at a time.
	storedMost = 24
	// placementsMost is how many sizes a picture has before all are forgotten:
	// a window that is dragged larger makes one each.
	placementsMost = 100
	// storedSide is the longest side of a picture that is sent.
	storedSide = 1000
	// The numbers of pictures: any of 24 bits as true colours, else one of the
	// 256, without the 16 that a program may write in another way.
	firstID, lastID       = 0xD0C000, 0xD0CFFF
	firstID256, lastID256 = 16, 255
)

// stored is one picture in the terminal's own store.
type stored struct {
	id    int
	fixed bool // the whole of a picture, which does not change
	used  int  // the frame that showed it last

	content string      // what the terminal has; empty before the first was sent
	px      image.Point // in so many pixels
	coming  string      // what is being encoded
	cancel  context.CancelFunc

	sizes map[image.Point]int  // in cells, and the placement that has it
	put   map[image.Point]bool // which of them the terminal knows
}

// store is what of ours the terminal holds, by what is shown.
type store struct {
	items  map[string]*stored
	lastID int
	frame  int
	out    outbox
}

func newStore() store { return store{items: map[string]*stored{}} }

// encoded is a picture ready to be sent.
type encoded struct {
	key, content string
	id           int
	px, size     image.Point
	bytes        string
}

// storeKey says which stored picture shows a spot. The whole of a picture is
// stored once, wherever it is shown; what a zoom cuts out belongs to its slot,
// where the next cut takes its place.
func storeKey(spot Spot, p placed) (key, content string) {
	if p.whole() {
		key = fmt.Sprintf("%s/%d", spot.Image.SHA256, p.quarter)
		return key, key
	}
	key = spot.Slot + "/" + spot.Image.SHA256
	return key, fmt.Sprintf("%s/%d/%.5f,%.5f,%.5f,%.5f", key, p.quarter, p.x, p.y, p.w, p.h)
}

// item returns the stored picture of a spot with the placement of its size.
func (k *store) item(key string, p placed, colours colorprofile.Profile) (*stored, int) {
	it := k.items[key]
	if it == nil {
		it = &stored{id: k.newID(colours), fixed: p.whole(), sizes: map[image.Point]int{}, put: map[image.Point]bool{}}
		k.items[key] = it
	}
	it.used = k.frame
	size := p.cells.Size()
	n, ok := it.sizes[size]
	if !ok {
		n = len(it.sizes) + 1
		it.sizes[size] = n
	}
	return it, n
}

func (k *store) newID(colours colorprofile.Profile) int {
	first, last := firstID, lastID
	if colours < colorprofile.TrueColor {
		first, last = firstID256, lastID256
	}
	for {
		k.lastID++
		if k.lastID < first || k.lastID > last {
			k.lastID = first
		}
		// storedMost is far below the count of numbers, so one is free.
		if !k.has(k.lastID) {
			return k.lastID
		}
	}
}

func (k *store) has(id int) bool {
	for _, it := range k.items {
		if it.id == id {
			return true
		}
	}
	return false
}

// drop frees a picture and returns what says so to the terminal.
func (k *store) drop(key string) string {
	it := k.items[key]
	delete(k.items, key)
	it.stop()
	if it.content == "" {
		return ""
	}
	return kittyDelete(it.id)
}

func (it *stored) stop() {
	if it.cancel != nil {
		it.cancel()
		it.cancel, it.coming = nil, ""
	}
}

// clear frees all pictures. What has not left for the terminal yet stays here.
func (k *store) clear() string {
	k.out.waiting.Reset()
	var b strings.Builder
	for _, key := range k.keys() {
		b.WriteString(k.drop(key))
	}
	return b.String()
}

// keys are those of all pictures, the one that was not shown for longest first.
func (k *store) keys() []string {
	keys := make([]string, 0, len(k.items))
	for key := range k.items {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int {
		x, y := k.items[a], k.items[b]
		return cmp.Or(cmp.Compare(x.used, y.used), cmp.Compare(x.id, y.id))
	})
	return keys
}

// prune frees what is not in this frame: cuts at once, whole pictures when there
// are too many.
func (k *store) prune() string {
	var b strings.Builder
	for _, key := range k.keys() {
		it := k.items[key]
		if it.used != k.frame && (!it.fixed || len(k.items) > storedMost) {
			b.WriteString(k.drop(key))
		}
	}
	return b.String()
}

// placeholders are the lines of a spot: letters that say which picture, which
// placement, which row and column, so that they can be written in any order.
func placeholders(id, placement int, p placed, colours colorprofile.Profile) []string {
	fore := fmt.Sprintf("\x1b[38;5;%d;58;5;%dm", id, placement)
	if colours == colorprofile.TrueColor {
		fore = fmt.Sprintf("\x1b[38;2;%d;%d;%d;58;5;%dm", id>>16&0xFF, id>>8&0xFF, id&0xFF, placement)
	}
	rows := make([]string, p.cells.Dy())
	var b strings.Builder
	for y := range rows {
		b.Reset()
		b.WriteString(fore)
		for x := range p.cells.Dx() {
			b.WriteRune(kitty.Placeholder)
			b.WriteRune(kitty.Diacritic(y))
			b.WriteRune(kitty.Diacritic(x))
		}
		b.WriteString(reset)
		rows[y] = b.String()
	}
	return rows
}

// place sends what a frame needs and the terminal does not have.
func (k *store) place(s *Screen, spots []Spot) tea.Cmd {
	k.frame++
	var now strings.Builder
	var later []tea.Cmd
	for _, spot := range spots {
		p := s.placed(spot)
		key, content := storeKey(spot, p)
		it, placement := k.item(key, p, s.colours.Profile)
		if placement > placementsMost {
			// Nothing of it is on the screen but this size: begin anew.
			now.WriteString(k.drop(key))
			it, placement = k.item(key, p, s.colours.Profile)
		}
		px := s.storedPixels(spot, p)
		switch {
		case it.coming == content:
		case it.content != content || outgrown(it.px, px):
			later = append(later, it.encode(key, content, spot, p, px, placement, s.limit()))
		case !it.put[p.cells.Size()]:
			it.put[p.cells.Size()] = true
			now.WriteString(kittyPut(it.id, placement, p.cells.Size()))
		}
	}
	now.WriteString(k.prune())
	return tea.Batch(append(later, k.out.add(now.String()))...)
}

// outgrown reports whether a picture that was sent in these pixels is much too
// coarse for those.
func outgrown(sent, wanted image.Point) bool {
	const much = 1.6
	return float64(wanted.X) > much*float64(sent.X) && float64(wanted.Y) > much*float64(sent.Y)
}

// encode returns the command that makes the bytes of a picture. A newer one for
// the same place cancels it.
func (it *stored) encode(key, content string, spot Spot, p placed, px image.Point, placement, limit int) tea.Cmd {
	it.stop()
	ctx, cancel := context.WithCancel(context.Background())
	it.cancel, it.coming = cancel, content
	id, m := it.id, spot.Image
	return func() tea.Msg {
		defer cancel()
		if ctx.Err() != nil {
			return nil
		}
		body := scaled(m, p, px, limit, encodePNG)
		if ctx.Err() != nil {
			return nil
		}
		size := p.cells.Size()
		return encoded{key, content, id, px, size, kittyTransmit(body, id, placement, size)}
	}
}

// arrived sends what was encoded, if it is still wanted.
func (k *store) arrived(msg encoded) tea.Cmd {
	it := k.items[msg.key]
	if it == nil || it.id != msg.id || it.coming != msg.content {
		return nil
	}
	it.stop()
	it.content, it.px = msg.content, msg.px
	// The terminal replaces the picture of this number with all its placements.
	it.put = map[image.Point]bool{msg.size: true}
	return k.out.add(msg.bytes)
}

// outbox is what goes to the terminal, in order: commands may overtake each
// other, so each of them sends all that is there, and a late one nothing.
type outbox struct{ waiting strings.Builder }

// add puts something behind what is there.
func (o *outbox) add(s string) tea.Cmd {
	if s == "" {
		return nil
	}
	o.waiting.WriteString(s)
	return tea.Raw(o)
}

// String implements fmt.Stringer for [tea.Raw], which calls it once, between two
// Updates, to write it: what it returns has left.
func (o *outbox) String() string {
	s := o.waiting.String()
	o.waiting.Reset()
	return s
}
