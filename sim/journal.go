package sim

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// keepRequests is how many requests the journal remembers; older ones are only
// counted.
const (
	keepRequests = 4096
	keepBody     = 64 << 10
)

// Request is a request that the simulator received. Header values are not
// kept, nor are passwords and tokens in bodies.
type Request struct {
	Method  string    `json:"method"`
	Path    string    `json:"path"` // as sent, with the base path
	Query   string    `json:"query,omitempty"`
	Headers []string  `json:"headers"` // names, sorted
	Body    string    `json:"body,omitempty"`
	Status  int       `json:"status"` // 0: no answer
	At      time.Time `json:"at"`
}

type journal struct {
	mu     sync.Mutex
	ring   []*Request
	counts map[string]int
}

// open records a request that arrives.
func (j *journal) open(r *http.Request, path string, at time.Time) *Request {
	entry := &Request{
		Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, At: at,
		Headers: slices.Sorted(maps.Keys(r.Header)),
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.counts == nil {
		j.counts = map[string]int{}
	}
	j.counts[r.Method+" "+path]++
	if e, _, err := route(r.Method, path); err == nil {
		if e.path != path {
			j.counts[e.name()]++
		}
		if e.writes() {
			j.counts["writes"]++
		}
	}
	if len(j.ring) >= keepRequests {
		j.ring = slices.Delete(j.ring, 0, keepRequests/2)
	}
	j.ring = append(j.ring, entry)
	return entry
}

// received adds the body.
func (j *journal) received(entry *Request, path string, raw []byte) {
	text := string(raw[:min(len(raw), keepBody)])
	if secrets := secretMembers[path]; secrets != nil {
		text = without(raw, secrets)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	entry.Body = text
}

// secretMembers are what is not kept of the bodies at a path.
var secretMembers = map[string][]string{
	"/executive/log-in":           {"password"},
	"/omni/authentication/verify": {"token", "interviewToken"},
}

func without(raw []byte, secrets []string) string {
	var members map[string]any
	if json.Unmarshal(raw, &members) != nil {
		return "(not kept)"
	}
	for _, name := range secrets {
		if _, ok := members[name]; ok {
			members[name] = "(not kept)"
		}
	}
	out, err := encode(members)
	if err != nil {
		return "(not kept)"
	}
	return string(out)
}

func (j *journal) answered(entry *Request, status int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	entry.Status = status
}

// Requests are the last requests of the API, oldest first.
func (s *Server) Requests() []Request {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	out := make([]Request, len(s.journal.ring))
	for i, entry := range s.journal.ring {
		out[i] = *entry
	}
	return out
}

// Count is how many requests of a method and path arrived, whatever became of
// them. The path is without base path and query; an endpoint with a placeholder
// counts under its own name too.
func (s *Server) Count(method, path string) int {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	rest, _ := cutBase(path)
	return s.journal.counts[method+" "+rest]
}

// Writes is how many requests arrived at endpoints that change something.
func (s *Server) Writes() int {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	return s.journal.counts["writes"]
}

// writes says whether an endpoint changes something. Some of them are a surprise
// by their method.
func (e *endpoint) writes() bool {
	switch e.name() {
	case "GET /omni/process/antifraud", "GET /omni/finish-status":
		return true
	case "POST /omni/get/images", "POST /omni/get/images/v2", "POST /omni/get/images-second-id", "POST /omni/get/report",
		"POST /executive/log-in", "POST /omni/authentication/verify":
		return false
	}
	return !strings.EqualFold(e.method, http.MethodGet)
}
