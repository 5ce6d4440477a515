package output

import (
	"encoding/json"
	"io"
	"time"

	"docket/model"
)

// document is the answer of `docket show -o json`. The names and their order
// are a promise to scripts. What the API left out is left out; a list is left
// out only while the part that it belongs to has not come.
type document struct {
	ID            string             `json:"id"`
	Provider      string             `json:"provider"`
	Status        model.Status       `json:"status,omitempty"`
	SessionStatus model.Life         `json:"sessionStatus,omitempty"`
	Digest        string             `json:"digest,omitempty"`
	Verdict       model.Verdict      `json:"verdict,omitempty"`
	Score         *float64           `json:"score,omitempty"`
	ReviewReason  model.ReviewReason `json:"reviewReason,omitempty"`
	ExternalID    string             `json:"externalId,omitempty"`
	FlowID        string             `json:"flowId,omitempty"`
	Applicant     model.Applicant    `json:"applicant,omitzero"`
	Checks        []model.Check      `json:"checks,omitzero"`
	Facts         []model.Fact       `json:"facts,omitzero"`
	Rules         []ruleDoc          `json:"rules,omitzero"`
	OCR           []model.Field      `json:"ocr,omitzero"`
	Device        *deviceDoc         `json:"device,omitempty"`
	Antifraud     *antifraudDoc      `json:"antifraud,omitempty"`
	Events        []eventDoc         `json:"events,omitzero"`
	Problems      []problemDoc       `json:"problems"`
}

type ruleDoc struct {
	Section    string            `json:"section,omitempty"`
	Name       string            `json:"name,omitempty"`
	Expression string            `json:"expression,omitempty"`
	Status     model.CheckStatus `json:"status,omitempty"`
}

type deviceDoc struct {
	Type      string         `json:"type,omitempty"`
	IP        model.Personal `json:"ip,omitzero"`
	Hash      model.Personal `json:"hash,omitzero"`
	Latitude  *float64       `json:"latitude,omitempty"`
	Longitude *float64       `json:"longitude,omitempty"`
	Location  model.Personal `json:"location,omitzero"`
}

type antifraudDoc struct {
	Status model.CheckStatus `json:"status,omitempty"`
}

type eventDoc struct {
	Name string    `json:"name"`
	At   time.Time `json:"at,omitzero"`
}

// problemDoc always has its numbers: 0 says that there was no answer, or no
// code in it.
type problemDoc struct {
	Part    model.Part `json:"part,omitempty"`
	Kind    model.Kind `json:"kind"`
	HTTP    int        `json:"http"`
	Code    int        `json:"code"`
	Message string     `json:"message"`
}

func newProblemDoc(p model.Problem) problemDoc {
	return problemDoc{Part: p.Part, Kind: p.Kind, HTTP: p.HTTP, Code: p.Code, Message: p.Message}
}

// SessionJSON writes one session as one JSON document.
func SessionJSON(w io.Writer, so *model.Session) error { return JSON(w, newDocument(so)) }

func newDocument(so *model.Session) document {
	d := document{
		ID: so.ID, Provider: so.Provider, Status: so.Status, SessionStatus: so.Life, Digest: so.Digest,
		Verdict: so.Verdict, Score: so.Score, ReviewReason: so.ReviewReason,
		ExternalID: so.ExternalID, FlowID: so.FlowID, Applicant: so.Applicant,
		Device: newDeviceDoc(so.Device), Problems: []problemDoc{},
	}
	if came(so, model.PartScore) {
		d.Checks, d.Facts, d.Rules = present(so.Checks), present(so.Facts), []ruleDoc{}
		for _, r := range so.Rules {
			d.Rules = append(d.Rules, ruleDoc{Section: r.Section, Name: r.Name, Expression: r.Expression, Status: r.Status})
		}
	}
	if came(so, model.PartOCR) {
		d.OCR = present(so.OCR)
	}
	if so.Antifraud != nil {
		d.Antifraud = &antifraudDoc{Status: so.Antifraud.Status}
	}
	if came(so, model.PartEvents) {
		d.Events = []eventDoc{}
		for _, e := range so.Events {
			d.Events = append(d.Events, eventDoc{Name: e.Name, At: e.At.UTC()})
		}
	}
	for _, p := range so.Problems() {
		d.Problems = append(d.Problems, newProblemDoc(p))
	}
	return d
}

func newDeviceDoc(d *model.Device) *deviceDoc {
	if d == nil {
		return nil
	}
	return &deviceDoc{Type: d.Type, IP: d.IP, Hash: d.Hash, Latitude: d.Latitude, Longitude: d.Longitude, Location: d.Location}
}

// came reports whether a part was fetched, now or earlier.
func came(so *model.Session, p model.Part) bool { return !so.Parts[p].At.IsZero() }

// present makes an empty list of none, so that it is written.
func present[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// JSON writes one document, indented and with its text as it is.
func JSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
