package desk

import (
	"container/list"
	"maps"
	"sync"
	"weak"

	"docket/model"
)

// cacheSize is how many sessions stay in memory: the open one, its neighbours,
// and those just left. A session with its raw bodies is some 50 to 500 KB.
const cacheSize = 24

// cache keeps the sessions that were read lately, shared by all seats and
// unmasked. One that a seat still holds is found here however many were read
// since.
type cache struct {
	mu    sync.Mutex
	max   int
	order *list.List // of *entry, latest first
	byID  map[string]*list.Element
	held  map[string]weak.Pointer[entry] // pushed out, and maybe held by a seat
}

// entry is one session as it grows part by part.
type entry struct {
	id string

	mu      sync.Mutex
	so      *model.Session // replaced, never changed
	loading map[model.Part]int
	changed chan struct{} // closed and replaced at each change
}

func newCache(size int) *cache {
	return &cache{max: size, order: list.New(), byID: map[string]*list.Element{}, held: map[string]weak.Pointer[entry]{}}
}

func newEntry(id, provider string) *entry {
	return &entry{
		id: id, loading: map[model.Part]int{}, changed: make(chan struct{}),
		so: &model.Session{ID: id, Provider: provider, Parts: map[model.Part]model.PartState{}},
	}
}

// get returns the entry of a session, making it if need be.
func (c *cache) get(id, provider string) *entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.find(id)
	if e == nil {
		e = newEntry(id, provider)
	}
	c.front(e)
	return e
}

// find returns the entry of a session, or nil. The lock is held.
func (c *cache) find(id string) *entry {
	if el, ok := c.byID[id]; ok {
		return el.Value.(*entry)
	}
	return c.held[id].Value()
}

// front makes an entry the latest, and pushes out what is too many.
func (c *cache) front(e *entry) {
	if el, ok := c.byID[e.id]; ok {
		c.order.MoveToFront(el)
		return
	}
	delete(c.held, e.id)
	c.byID[e.id] = c.order.PushFront(e)
	for c.order.Len() > c.max {
		last := c.order.Remove(c.order.Back()).(*entry)
		delete(c.byID, last.id)
		c.held[last.id] = weak.Make(last)
	}
	if len(c.held) > c.max {
		maps.DeleteFunc(c.held, func(_ string, p weak.Pointer[entry]) bool { return p.Value() == nil })
	}
}

// has returns the entry of a session if it is in memory.
func (c *cache) has(id string) *entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.find(id)
}

// peek returns the session if it is in memory and anything of it has come.
func (c *cache) peek(id string) *model.Session {
	e := c.has(id)
	if e == nil {
		return nil
	}
	so, _ := e.now()
	if len(so.Parts) == 0 {
		return nil
	}
	return so
}

// drop forgets a session.
func (c *cache) drop(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.held, id)
	if el, ok := c.byID[id]; ok {
		delete(c.byID, id)
		c.order.Remove(el)
	}
}

// now returns the latest snapshot and a channel that closes when it is not the
// latest any more.
func (e *entry) now() (*model.Session, <-chan struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.so, e.changed
}

// update makes a new snapshot.
func (e *entry) update(change func(*model.Session)) *model.Session {
	e.mu.Lock()
	defer e.mu.Unlock()
	so := e.so.Clone()
	change(so)
	for part, st := range so.Parts {
		st.Loading = e.loading[part] > 0
		so.Parts[part] = st
	}
	e.so = so
	close(e.changed)
	e.changed = make(chan struct{})
	return so
}

// start marks parts as being fetched.
func (e *entry) start(parts []model.Part) {
	e.mu.Lock()
	for _, p := range parts {
		e.loading[p]++
	}
	e.mu.Unlock()
	e.update(func(so *model.Session) {
		for _, p := range parts {
			if _, ok := so.Parts[p]; !ok {
				so.Parts[p] = model.PartState{}
			}
		}
	})
}

// finish marks one part as fetched and puts it on the session; apply is nil
// when the fetch was cancelled.
func (e *entry) finish(part model.Part, apply func(*model.Session)) {
	e.mu.Lock()
	e.loading[part]--
	e.mu.Unlock()
	e.update(func(so *model.Session) {
		if apply != nil {
			apply(so)
		}
	})
}
