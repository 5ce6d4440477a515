package sim

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// controls are the endpoints that steer the simulator itself. They are open to
// whoever reaches it.
var controls = map[string]func(*Server, http.ResponseWriter, *http.Request){
	"GET /_sim/sessions":  (*Server).listSessions,
	"GET /_sim/requests":  (*Server).listRequests,
	"POST /_sim/faults":   (*Server).addFault,
	"DELETE /_sim/faults": (*Server).removeFaults,

	"POST /_sim/authentications": (*Server).addAuthentication,
}

// listSessions writes one interview id a line.
func (s *Server) listSessions(w http.ResponseWriter, _ *http.Request) {
	text := strings.Join(s.IDs(), "\n") + "\n"
	answer{status: http.StatusOK, kind: "text/plain; charset=utf-8", body: []byte(text)}.write(w)
}

func (s *Server) listRequests(w http.ResponseWriter, _ *http.Request) { writeJSON(w, s.Requests()) }

// writeJSON answers a control.
func writeJSON(w http.ResponseWriter, tree any) {
	body, err := encode(tree)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer{status: http.StatusOK, kind: "application/json;charset=UTF-8", body: body}.write(w)
}

// faultForm is a [Fault] in JSON; latency and every are written like 250ms.
type faultForm struct {
	Pattern    string    `json:"pattern"`
	Kind       FaultKind `json:"kind"`
	Latency    string    `json:"latency"`
	Status     int       `json:"status"`
	Code       int       `json:"code"`
	Message    string    `json:"message"`
	HTML       bool      `json:"html"`
	RetryAfter string    `json:"retryAfter"`
	Shape      string    `json:"shape"`
	Unread     bool      `json:"unread"`
	Applied    bool      `json:"applied"`
	Times      int       `json:"times"`
	Type       string    `json:"type"`
	Link       string    `json:"link"`
	Every      string    `json:"every"`
}

func (s *Server) addFault(w http.ResponseWriter, r *http.Request) {
	var form faultForm
	if err := readForm(w, r, &form); err != nil {
		http.Error(w, "fault: "+err.Error(), http.StatusBadRequest)
		return
	}
	latency, latencyOK := duration(form.Latency)
	every, everyOK := duration(form.Every)
	if !latencyOK || !everyOK || !form.valid() {
		http.Error(w, "fault: pattern, kind, status, type or a duration is missing or not known", http.StatusBadRequest)
		return
	}
	s.Fault(form.Pattern, Fault{
		Kind: form.Kind, Latency: latency, Status: form.Status, Code: form.Code, Message: form.Message, HTML: form.HTML,
		RetryAfter: form.RetryAfter, Shape: form.Shape, Unread: form.Unread, Applied: form.Applied, Times: form.Times,
		Type: form.Type, Link: form.Link, Every: every,
	})
	w.WriteHeader(http.StatusNoContent)
}

// readForm reads the body of a control; a member that is not known is an error.
func readForm(w http.ResponseWriter, r *http.Request, form any) error {
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, keepBody))
	dec.DisallowUnknownFields()
	return dec.Decode(form)
}

func (f faultForm) valid() bool {
	switch f.Kind {
	case FaultStatus:
		return f.Pattern != "" && f.Status >= 100 && f.Status <= 599
	case FaultLinkExtra:
		return f.Pattern != "" && f.Type != ""
	case FaultNone, FaultRateLimit, FaultTruncate, FaultOversize, FaultDrop, FaultHang, FaultShape, FaultDrip, FaultLink, FaultLinkList:
		return f.Pattern != ""
	default:
		_, known := pictureFaults[f.Kind]
		return known && f.Pattern != ""
	}
}

// duration reads a duration that may be left out.
func duration(text string) (d time.Duration, ok bool) {
	if text == "" {
		return 0, true
	}
	d, err := time.ParseDuration(text)
	return d, err == nil
}

func (s *Server) removeFaults(w http.ResponseWriter, _ *http.Request) {
	s.ClearFaults()
	w.WriteHeader(http.StatusNoContent)
}
