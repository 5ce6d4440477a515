package sim

import (
	"container/list"
	"fmt"
	"sync"
)

// Drawn keeps the pictures that were drawn last: each takes some 40 ms, and a
// session's picture of a type is always the same. Servers may share it.
type Drawn struct {
	max int // bytes

	mu    sync.Mutex
	size  int
	order *list.List // of *drawing, latest first
	byKey map[string]*list.Element
}

// drawing is one picture, drawn by whoever asks first; the others wait for it.
type drawing struct {
	key   string
	once  sync.Once
	body  []byte
	media string
}

// DefaultDrawn is how many bytes of pictures a server keeps: some 500 pictures.
const DefaultDrawn = 16 << 20

// NewDrawn returns a store of pictures that keeps at most so many bytes.
func NewDrawn(most int) *Drawn {
	return &Drawn{max: most, order: list.New(), byKey: map[string]*list.Element{}}
}

// take returns the picture of the key. What it returns is not to be changed.
func (d *Drawn) take(key string, draw func() (body []byte, media string)) ([]byte, string) {
	el := d.find(key)
	p := el.Value.(*drawing)
	p.once.Do(func() {
		body, media := draw()
		d.mu.Lock()
		defer d.mu.Unlock()
		p.body, p.media = body, media
		d.keep(el)
	})
	return p.body, p.media
}

func (d *Drawn) find(key string) *list.Element {
	d.mu.Lock()
	defer d.mu.Unlock()
	el, ok := d.byKey[key]
	if !ok {
		el = d.order.PushFront(&drawing{key: key})
		d.byKey[key] = el
	}
	d.order.MoveToFront(el)
	return el
}

// keep counts a picture that was drawn just now, and forgets the oldest of those
// that are too many. The lock is held.
func (d *Drawn) keep(el *list.Element) {
	p := el.Value.(*drawing)
	if d.byKey[p.key] != el {
		return // it was forgotten before it was drawn
	}
	d.size += len(p.body)
	for d.size > d.max {
		oldest := d.order.Remove(d.order.Back()).(*drawing)
		delete(d.byKey, oldest.key)
		d.size -= len(oldest.body)
	}
}

// picture is one picture of a session, drawn or kept. The name tells it from the
// others of the session.
func (s *Server) picture(sh shot, name string, p *profile) (body []byte, media string) {
	key := fmt.Sprint(s.people.seed, s.people.size, p.drawnFrom(), name)
	return s.opts.Drawn.take(key, func() ([]byte, string) { return sh.take(p) })
}

// drawnFrom names the session for its pictures: with the dates that they show,
// which move with the clock.
func (p *profile) drawnFrom() string {
	text := fmt.Sprint(p.index, p.story.name, day(p.created), day(p.finished), p.person.birth)
	for _, d := range []*document{p.doc, p.second} {
		if d != nil {
			text += fmt.Sprint(d.holder.birth, d.issued, d.expires)
		}
	}
	return text
}
