package sim

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// FaultKind is a way for a request to go wrong.
type FaultKind string

const (
	// FaultNone only delays, by Latency.
	FaultNone FaultKind = ""
	// FaultStatus answers with Status and the documented error body, or an
	// HTML page when HTML is set.
	FaultStatus FaultKind = "status"
	// FaultRateLimit answers 429, with a Retry-After header when RetryAfter
	// is set.
	FaultRateLimit FaultKind = "rate-limit"
	// FaultTruncate announces the whole body and sends half of it.
	FaultTruncate FaultKind = "truncate"
	// FaultOversize sends 11 MB of valid JSON.
	FaultOversize FaultKind = "oversize"
	// FaultDrop closes the connection without an answer, after the request
	// was read; before, when Unread is set.
	FaultDrop FaultKind = "drop"
	// FaultHang never answers, until the client gives up or the faults are
	// cleared.
	FaultHang FaultKind = "hang"
	// FaultShape answers 200 with Shape as the body.
	FaultShape FaultKind = "shape"
	// FaultDrip sends the whole answer, one byte every Every.
	FaultDrip FaultKind = "drip"
	// FaultRedirect sends the client to Link, or to where clouds keep the
	// credentials of a machine.
	FaultRedirect FaultKind = "redirect"

	// FaultExpired refuses a picture as an expired link does.
	FaultExpired FaultKind = "link-expired"
	// FaultPage answers with an HTML page and calls it a JPEG.
	FaultPage FaultKind = "picture-html"
	// FaultLarge answers with a JPEG of 12 MB.
	FaultLarge FaultKind = "picture-large"
	// FaultHuge answers with a small PNG of 20,000 by 20,000 pixels.
	FaultHuge FaultKind = "picture-huge"

	// FaultLink hands out Link in place of the link to a picture of Type (none:
	// of all). {port} and {path} in it are those of the proper link. Without
	// Link the type is left out. Faults of links add up.
	FaultLink FaultKind = "link"
	// FaultLinkList hands out a list of two links.
	FaultLinkList FaultKind = "link-list"
	// FaultLinkExtra hands out the link of croppedIDFace as one of Type too.
	FaultLinkExtra FaultKind = "link-extra"
)

// oversize is what [FaultOversize] sends, in bytes: more than the API's limit
// of 10 MB.
const oversize = 11 << 20

// Fault is something that goes wrong with the requests that match a pattern.
type Fault struct {
	Kind       FaultKind
	Latency    time.Duration // before the answer; not counted as processing
	Status     int           // FaultStatus
	Code       int           // FaultStatus: the body's status, when it is a custom code
	Message    string        // FaultStatus: the body's message
	HTML       bool          // FaultStatus
	RetryAfter string        // FaultRateLimit
	Shape      string        // FaultShape: such as [], "x", {} or null
	Unread     bool          // FaultDrop: without reading the request
	Applied    bool          // the request takes effect before the fault
	Times      int           // only the first so many requests; 0: all
	Type       string        // FaultLink, FaultLinkList, FaultLinkExtra: type of picture
	Link       string        // FaultLink, FaultRedirect
	Every      time.Duration // FaultDrip; 0: a second
}

// lets says whether the request is carried out.
func (f Fault) lets() bool {
	return f.Applied || f.Kind == FaultNone || f.Kind == FaultTruncate || f.Kind == FaultDrip
}

type faultRule struct {
	method, path string
	query        url.Values
	fault        Fault
	used         int
}

type faults struct {
	mu       sync.Mutex
	rules    []*faultRule
	released chan struct{} // closed when the faults are cleared
}

// Fault makes requests fail. The pattern is "METHOD /path?name=value": method
// and query are optional, * in the path stands for anything, the query's
// parameters must be among the request's, and paths are without the base path
// /0. The first matching fault of a kind counts; latencies add up.
func (s *Server) Fault(pattern string, f Fault) {
	rule := &faultRule{fault: f}
	rest := pattern
	if method, path, ok := strings.Cut(pattern, " "); ok {
		rule.method, rest = method, path
	}
	path, query, _ := strings.Cut(rest, "?")
	rule.path = path
	rule.query, _ = url.ParseQuery(query) // what cannot be parsed matches nothing more
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.rules = append(s.faults.rules, rule)
}

// ClearFaults removes all faults and lets hanging requests go.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.rules = nil
	close(s.faults.released)
	s.faults.released = make(chan struct{})
}

// take finds what is to go wrong with a request, and with the links in its
// answer.
func (f *faults) take(method, path string, query url.Values) (out Fault, links []Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, rule := range f.rules {
		if !rule.matches(method, path, query) || rule.fault.Times > 0 && rule.used >= rule.fault.Times {
			continue
		}
		if rule.fault.ofLinks() {
			rule.used++
			links = append(links, rule.fault)
			continue
		}
		if rule.fault.Kind != FaultNone && out.Kind != FaultNone {
			continue
		}
		rule.used++
		latency := out.Latency + rule.fault.Latency
		if rule.fault.Kind != FaultNone {
			out = rule.fault
		}
		out.Latency = latency
	}
	return out, links
}

func (r *faultRule) matches(method, path string, query url.Values) bool {
	if r.method != "" && r.method != method || !glob(r.path, path) {
		return false
	}
	for name, values := range r.query {
		for _, v := range values {
			if !slices.Contains(query[name], v) {
				return false
			}
		}
	}
	return true
}

// glob matches a pattern in which * stands for anything.
func glob(pattern, s string) bool {
	head, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == s
	}
	if !strings.HasPrefix(s, head) {
		return false
	}
	s = s[len(head):]
	for i := 0; i <= len(s); i++ {
		if glob(rest, s[i:]) {
			return true
		}
	}
	return false
}

// faulty turns an answer into what the fault makes of it. No status means that
// nothing is left to send.
func (s *Server) faulty(w http.ResponseWriter, r *http.Request, f Fault, a answer) answer {
	path, _ := cutBase(r.URL.Path)
	if instead, ok := pictureFaults[f.Kind]; ok {
		return instead(s, f)
	}
	switch f.Kind {
	case FaultStatus:
		return s.statusFault(f, path)
	case FaultRateLimit:
		f.Status = http.StatusTooManyRequests
		limited := s.statusFault(f, path)
		if f.RetryAfter != "" {
			limited.header = map[string]string{"Retry-After": f.RetryAfter}
		}
		return limited
	case FaultShape:
		return answer{status: http.StatusOK, kind: "application/json;charset=UTF-8", body: []byte(f.Shape)}
	case FaultOversize:
		filler := `{"filler":"` + strings.Repeat("x", oversize) + `"}`
		return answer{status: http.StatusOK, kind: "application/json;charset=UTF-8", body: []byte(filler)}
	case FaultTruncate:
		truncate(w, a)
	case FaultDrop:
		drop(w)
	case FaultDrip:
		s.drip(w, r, f, a)
	case FaultHang:
		s.hang(r)
		drop(w)
	default:
		return a
	}
	return answer{}
}

func (s *Server) statusFault(f Fault, path string) answer {
	if f.HTML {
		page := "<!DOCTYPE html><html><head><title>" + strconv.Itoa(f.Status) + "</title></head><body><h1>" +
			http.StatusText(f.Status) + "</h1><hr>nginx</body></html>"
		return answer{status: f.Status, kind: "text/html", body: []byte(page)}
	}
	e := &apiError{http: f.Status, code: f.Status, message: f.Message}
	if f.Code != 0 {
		e.code = f.Code
	}
	body, _ := encode(e.body(millis(s.now()), path)) // plain strings and numbers always encode
	return answer{status: f.Status, kind: "application/json;charset=UTF-8", body: body}
}

func (s *Server) hang(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-s.faults.cleared():
	}
}

// cleared is closed when the faults of now are cleared.
func (f *faults) cleared() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.released
}

// drop ends the connection without an answer.
func drop(w http.ResponseWriter) {
	if h, ok := w.(http.Hijacker); ok {
		if conn, _, err := h.Hijack(); err == nil {
			_ = conn.Close() // the point is that it ends
			return
		}
	}
	panic(http.ErrAbortHandler) // what net/http offers where a connection cannot be taken over
}

// truncate promises the whole body and sends half.
func truncate(w http.ResponseWriter, a answer) {
	full := len(a.body)
	a.body = a.body[:full/2]
	w.Header().Set("Content-Length", strconv.Itoa(full))
	a.write(w)
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
	panic(http.ErrAbortHandler) // ends the connection in the middle of the body
}
