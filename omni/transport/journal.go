package transport

import (
	"strings"
	"sync"
	"time"
)

// Entry is one request as the journal keeps it. It holds nothing personal: no
// query, no body, no message, and of the id only its end.
type Entry struct {
	Seq      uint64 // counts from 1, never reused
	At       time.Time
	Endpoint string // the endpoint's name in the table
	Method   string
	Path     string // as declared: placeholders stay placeholders
	ID       string // what ShortID leaves of the session's or customer's id
	Write    bool
	Priority Priority
	Attempt  int // from 1; 0 when nothing was sent
	Status   int // HTTP status, 0 when none came
	Code     int // the API's custom code
	Kind     Kind
	Took     time.Duration // from asking for a connection to the last byte
	Server   time.Duration // the answer's Processing-Time; 0 when not told
	Sent     int           // bytes of the request's body
	Received int           // bytes of the answer's body
}

// journal keeps the newest entries in a ring.
type journal struct {
	mu    sync.Mutex
	ring  []Entry
	total uint64
}

func newJournal(size int) *journal { return &journal{ring: make([]Entry, 0, size)} }

func (j *journal) add(e Entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.total++
	e.Seq = j.total
	if len(j.ring) < cap(j.ring) {
		j.ring = append(j.ring, e)
		return
	}
	j.ring[(j.total-1)%uint64(cap(j.ring))] = e
}

// latest copies the newest of the ring, oldest first.
func (j *journal) latest(most int) []Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	n := min(max(most, 0), len(j.ring))
	out := make([]Entry, 0, n)
	for i := j.total - uint64(n); i < j.total; i++ {
		out = append(out, j.ring[i%uint64(cap(j.ring))])
	}
	return out
}

// idTail is how many characters of an id are kept.
const idTail = 6

// ShortID leaves the last six characters of an id, and never more than half of
// it. Whatever is not a letter, a digit, "-" or "_" becomes "?".
func ShortID(id string) string {
	if id == "" {
		return ""
	}
	runes := []rune(id)
	tail := string(runes[len(runes)-min(idTail, len(runes)/2):])
	return "…" + strings.Map(plain, tail)
}

func plain(r rune) rune {
	switch {
	case r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '-', r == '_':
		return r
	default:
		return '?'
	}
}
