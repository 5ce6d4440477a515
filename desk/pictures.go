package desk

import (
	"container/list"
	"context"
	"sync"

	"docket/model"
)

// picturesSize is how many bytes of pictures stay in memory, as they came. A
// session has some 5 to 10 MB of them.
const picturesSize = 48 << 20

// pictureKey names one picture of one session.
type pictureKey struct {
	id  string
	ref model.PictureRef
}

// pictures keeps the pictures that were fetched lately, for all seats, and lets
// those who ask for the same one at once share a fetch.
type pictures struct {
	max int

	mu      sync.Mutex
	size    int
	order   *list.List // of keptPicture, latest first
	byKey   map[pictureKey]*list.Element
	fetches map[pictureKey]*pictureFetch
}

// keptPicture is a picture in memory.
type keptPicture struct {
	key     pictureKey
	picture model.Picture
}

// pictureFetch is one fetch and those who wait for it.
type pictureFetch struct {
	done    chan struct{}
	stop    context.CancelFunc
	waiting int
	keep    bool // somebody wants it in memory afterwards
	picture model.Picture
	problem *model.Problem
}

func newPictures(size int) *pictures {
	return &pictures{max: size, order: list.New(), byKey: map[pictureKey]*list.Element{}, fetches: map[pictureKey]*pictureFetch{}}
}

// get returns a picture from memory, or as fetch gets it. The fetch goes on as
// long as anybody waits for it. Keep says whether what was fetched stays in
// memory: what is only written to a file need not push out what is looked at.
func (p *pictures) get(ctx context.Context, key pictureKey, keep bool, fetch func(context.Context) (model.Picture, *model.Problem)) (model.Picture, *model.Problem) {
	p.mu.Lock()
	if el, ok := p.byKey[key]; ok {
		p.order.MoveToFront(el)
		p.mu.Unlock()
		return el.Value.(keptPicture).picture, nil
	}
	f := p.join(ctx, key, fetch)
	f.keep = f.keep || keep
	p.mu.Unlock()
	select {
	case <-f.done:
		return f.picture, f.problem
	case <-ctx.Done():
		p.leave(key, f)
		return model.Picture{}, givenUp(ctx, key)
	}
}

func givenUp(ctx context.Context, key pictureKey) *model.Problem {
	return pictureProblem(model.KindUndone, "The request was given up", key, "").Because(ctx.Err())
}

// join starts a fetch or waits for the one under way. The lock is held.
func (p *pictures) join(ctx context.Context, key pictureKey, fetch func(context.Context) (model.Picture, *model.Problem)) *pictureFetch {
	if f, ok := p.fetches[key]; ok {
		f.waiting++
		return f
	}
	own, stop := context.WithCancel(context.WithoutCancel(ctx))
	f := &pictureFetch{done: make(chan struct{}), stop: stop, waiting: 1}
	p.fetches[key] = f
	go func() {
		defer stop()
		f.picture, f.problem = unbroken(own, key, fetch)
		p.finish(key, f)
		close(f.done)
	}()
	return f
}

// leave stops a fetch that nobody waits for any more. It is forgotten at once,
// so that whoever asks next does not get a stopped one.
func (p *pictures) leave(key pictureKey, f *pictureFetch) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if f.waiting--; f.waiting > 0 {
		return
	}
	f.stop()
	if p.fetches[key] == f {
		delete(p.fetches, key)
	}
}

// finish keeps what a fetch brought, unless the session was dropped meanwhile.
func (p *pictures) finish(key pictureKey, f *pictureFetch) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fetches[key] != f {
		return
	}
	delete(p.fetches, key)
	if !f.keep || f.problem != nil || len(f.picture.Body) > p.max {
		return
	}
	p.byKey[key] = p.order.PushFront(keptPicture{key, f.picture})
	p.size += len(f.picture.Body)
	for p.size > p.max {
		p.remove(p.order.Back())
	}
}

// remove takes one picture out of memory. The lock is held.
func (p *pictures) remove(el *list.Element) {
	k := p.order.Remove(el).(keptPicture)
	delete(p.byKey, k.key)
	p.size -= len(k.picture.Body)
}

// drop forgets the pictures for which gone says so. Whoever waits for one still
// gets it, but it is not kept.
func (p *pictures) drop(gone func(id string) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for key, el := range p.byKey {
		if gone(key.id) {
			p.remove(el)
		}
	}
	for key := range p.fetches {
		if gone(key.id) {
			delete(p.fetches, key)
		}
	}
}
