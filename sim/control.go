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
}

// listSessions writes one interview id a line.
func (s *Server) listSessions(w http.ResponseWriter, _ *http.Request) {
	text := strings.Join(s.IDs(), "\n") + "\n"
	answer{status: http.StatusOK, kind: "text/plain; charset=utf-8", body: []byte(text)}.write(w)
}

func (s *Server) listRequests(w http.ResponseWriter, _ *http.Request) {
	body, err := encode(s.Requests())
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer{status: http.StatusOK, kind: "application/json;charset=UTF-8", body: body}.write(w)
}

// faultForm is a [Fault] in JSON; latency is written like 250ms.
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
}

func (s *Server) addFault(w http.ResponseWriter, r *http.Request) {
	var form faultForm
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, keepBody))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&form); err != nil {
		http.Error(w, "fault: "+err.Error(), http.StatusBadRequest)
		return
	}
	latency, err := time.ParseDuration(form.Latency)
	if form.Latency != "" && err != nil || !form.valid() {
		http.Error(w, "fault: pattern, kind, status or latency is missing or not known", http.StatusBadRequest)
		return
	}
	s.Fault(form.Pattern, Fault{
		Kind: form.Kind, Latency: latency, Status: form.Status, Code: form.Code, Message: form.Message, HTML: form.HTML,
		RetryAfter: form.RetryAfter, Shape: form.Shape, Unread: form.Unread, Applied: form.Applied, Times: form.Times,
	})
	w.WriteHeader(http.StatusNoContent)
}

func (f faultForm) valid() bool {
	switch f.Kind {
	case FaultStatus:
		return f.Pattern != "" && f.Status >= 100 && f.Status <= 599
	case FaultNone, FaultRateLimit, FaultTruncate, FaultOversize, FaultDrop, FaultHang, FaultShape:
		return f.Pattern != ""
	default:
		return false
	}
}

func (s *Server) removeFaults(w http.ResponseWriter, _ *http.Request) {
	s.ClearFaults()
	w.WriteHeader(http.StatusNoContent)
}
