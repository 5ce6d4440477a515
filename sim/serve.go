package sim

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// call is one request on its way through the simulator.
type call struct {
	request  *http.Request
	endpoint *endpoint
	zero     bool // under the base path /0
	segment  string
	token    *token
	query    map[string]any
	body     map[string]any
	session  *session // the one acted on
	links    []Fault  // what goes wrong with the links in the answer
}

// answer is what goes back.
type answer struct {
	status int
	kind   string // content type
	body   []byte
	header map[string]string
}

// ServeHTTP answers a request of the API, of the pictures that it links to, or
// of the controls under /_sim/.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if control, ok := controls[r.Method+" "+r.URL.Path]; ok {
		control(s, w, r)
		return
	}
	path, _ := cutBase(r.URL.Path)
	began := time.Now()
	fault, links := s.faults.take(r.Method, path, r.URL.Query())
	entry := s.journal.open(r, path, s.now())
	if fault.Kind == FaultDrop && fault.Unread {
		drop(w)
		return
	}
	raw, tooBig := takeBody(r)
	s.journal.received(entry, path, raw)
	if !wait(r, fault.Latency) {
		return
	}
	var a answer
	if fault.lets() {
		a = s.answer(&call{request: r, links: links}, raw, tooBig)
	}
	a = s.faulty(w, r, fault, a)
	if a.status == 0 { // the fault has answered, or nobody will
		return
	}
	s.journal.answered(entry, a.status)
	ms := time.Since(began) - fault.Latency
	w.Header().Set("Processing-Time", strconv.FormatInt(max(ms.Milliseconds(), 1), 10))
	a.write(w)
}

// wait sleeps unless the client goes away first.
func wait(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

func (a answer) write(w http.ResponseWriter) {
	for k, v := range a.header {
		w.Header().Set(k, v)
	}
	w.Header().Set("Content-Type", a.kind)
	if w.Header().Get("Content-Length") == "" {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a client that went away is no trouble of the simulator
}

// answer works out the answer to a request that no fault stands in the way of.
func (s *Server) answer(c *call, raw []byte, tooBig *apiError) answer {
	r := c.request
	if strings.HasPrefix(r.URL.Path, imagePath) {
		return s.image(r)
	}
	name := r.Method + " " + r.URL.Path
	s.mu.Lock()
	tree, err := any(nil), tooBig
	if err == nil {
		tree, err = s.handle(c, raw)
	}
	if c.endpoint != nil {
		name = c.endpoint.name()
	}
	status := http.StatusOK
	if err != nil {
		status = err.http
		path, _ := cutBase(r.URL.Path)
		tree = err.body(millis(s.now()), path)
	}
	hook := s.mutate
	if made, ok := tree.(report); ok {
		s.mu.Unlock()
		return answer{status: status, kind: c.endpoint.answers(), body: made}
	}
	body, encodeErr := encode(tree)
	s.mu.Unlock()
	if encodeErr != nil {
		return answer{status: http.StatusInternalServerError, kind: "text/plain; charset=utf-8", body: []byte(encodeErr.Error())}
	}
	if hook != nil {
		body = rewritten(hook, name, body)
	}
	return answer{status: status, kind: "application/json;charset=UTF-8", body: body}
}

// rewritten passes a body through the hook. Numbers keep their digits.
func rewritten(hook func(string, any) any, name string, body []byte) []byte {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var tree any
	if err := dec.Decode(&tree); err != nil {
		return body
	}
	out, err := encode(hook(name, tree))
	if err != nil {
		return body
	}
	return out
}

// handle checks a request step by step, as strictly as the reference allows,
// and lets the endpoint act. The lock is held.
func (s *Server) handle(c *call, raw []byte) (any, *apiError) {
	path, zero := cutBase(c.request.URL.Path)
	c.zero = zero
	if zero && strings.HasPrefix(path, "/executive/") {
		return nil, failed(http.StatusNotFound, "No endpoint "+c.request.URL.Path+".")
	}
	var err *apiError
	if c.endpoint, c.segment, err = route(c.request.Method, path); err != nil {
		return nil, err
	}
	if err = s.authenticate(c); err != nil {
		return nil, err
	}
	if media := c.endpoint.answers(); !accepts(c.request.Header.Get("Accept"), media) {
		return nil, failed(http.StatusNotAcceptable, "Only "+media+" can be produced.")
	}
	if c.query, err = checkQuery(c.endpoint.query, c.request.URL.Query()); err != nil {
		return nil, err
	}
	if c.body, err = readBody(c.request, raw, c.endpoint); err != nil {
		return nil, err
	}
	if !c.endpoint.anySession {
		id, _ := c.query[c.endpoint.subject].(string)
		if c.session, err = s.subject(c, id); err != nil {
			return nil, err
		}
	}
	return c.endpoint.handle(s, c)
}

// answers is the media type of the endpoint's answer.
func (e *endpoint) answers() string { return cmp.Or(e.media, "application/json") }

func accepts(accept, want string) bool {
	if accept == "" {
		return true
	}
	for _, part := range strings.Split(accept, ",") {
		media, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		if media == "*/*" || media == "application/*" || media == want {
			return true
		}
	}
	return false
}

// subject is the session that a call acts on: the one named, else the token's.
func (s *Server) subject(c *call, id string) (*session, *apiError) {
	if id == "" {
		id = c.token.interviewID
	}
	if id == "" {
		return nil, badRequest("Interview id is neither given nor in the token.")
	}
	if !c.token.executive() && c.token.interviewID != id {
		return nil, failed(http.StatusUnauthorized, "Access token belongs to another session.")
	}
	found := s.find(id)
	if found == nil || !c.endpoint.evenGone && found.deleted(c.endpoint.keeps) {
		return nil, notFound()
	}
	return found, nil
}
