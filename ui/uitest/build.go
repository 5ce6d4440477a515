package uitest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"docket/model"
)

func ptr[T any](v T) *T { return &v }

func personal(c model.Class, s string) model.Personal {
	if s == "" {
		return model.Personal{}
	}
	return model.NewPersonal(c, s).Revealed()
}

// session makes the whole session of a person, with every part.
func (p person) session(now time.Time) *model.Session {
	finished := now.Add(-time.Duration(p.waits * float64(time.Hour)))
	s := &model.Session{
		ID: p.id, Provider: "omni", Status: p.status, Life: model.Alive, Verdict: p.verdict,
		ReviewReason: p.reason, ExternalID: "order-" + p.id[18:], FlowID: "flow-onboarding-7", ClientID: "acme",
		CreatedAt: finished.Add(-12 * time.Minute), FinishedAt: finished,
		Applicant: model.Applicant{Name: personal(model.ClassName, p.name), BirthDate: personal(model.ClassBirth, p.born), Gender: personal(model.ClassTrait, p.gender)},
		Document:  model.Document{Type: p.docType, Country: p.country, Number: personal(model.ClassDocument, p.number), Expires: personal(model.ClassDocument, p.expires)},
		Checks:    p.checks(), OCR: p.ocr(), Device: p.deviceInfo(), Events: p.events(finished),
		Digest: "d" + p.id[:8],
	}
	if p.score >= 0 {
		s.Score = ptr(p.score)
	}
	if p.existing {
		s.CustomerID = "client-34598"
		s.Facts = append(s.Facts, model.Fact{Section: "faceRecognition", Key: "existingUser", Value: personal(model.ClassNone, "true"), Scalar: model.ScalarBool})
	}
	if p.fraud != "" {
		s.Antifraud = &model.Antifraud{Status: p.fraud, Value: "0"}
	}
	if p.rule != "" {
		s.Rules = []model.Rule{{Name: p.rule, Expression: "documentExpired == 'FAIL'", Type: "WARN", Status: model.Warn}}
	}
	p.explain(s)
	s.Parts = p.parts(s, now)
	return s
}

func (p person) explain(s *model.Session) {
	says := func(text string) model.Meaning {
		return model.Meaning{Title: text, Text: text, Source: model.FromReference}
	}
	s.VerdictMeaning = says(map[model.Tone]string{
		model.ToneHuman: "waits for a person", model.ToneBad: "failed", model.ToneGood: "passed",
		model.ToneWarn: "passed with a warning", model.ToneQuery: "no result", model.ToneNone: "no verdict yet",
	}[p.verdict.Tone()])
	s.Stuck = model.Stuck{Where: "finished; a reviewer is to look at it", Tell: "It is being looked at; there is nothing for you to do now.", Next: model.NextNothing}
	if p.status == model.StatusIDFinished {
		s.Stuck = model.Stuck{
			Where: "the selfie did not succeed in 3 attempts; the last: too dark", Next: model.NextLink,
			Tell: "Please open the link again. Please find more light, with your face towards it.",
		}
	}
	s.StatusMeaning = says("everything that the flow asks for was captured")
	s.ReasonMeaning = says("a rule of your own rule engine asked for a person")
	for _, f := range s.Checks {
		if f.Key == "documentNumberCrosscheck" {
			s.Findings = append(s.Findings, model.Finding{Key: "mrz", Tone: model.ToneWarn, Text: "the machine-readable zone reads another number", Field: "documentNumber"})
		}
	}
	if p.expires != "" && p.expires < "2026-11-21" {
		s.Findings = append(s.Findings, model.Finding{Key: "expired", Tone: model.ToneBad, Text: "the date on the document is past", Field: "expireAt"})
	}
}

// passing are the checks that an ordinary session passes.
var passing = [][3]string{
	{"idValidation", "overall", "100"},
	{"idValidation", "photoIdQuality", "100"},
	{"idValidation", "alignment", "100"},
	{"idValidation", "screenIdLiveness", "100"},
	{"idValidation", "paperIdLiveness", "100"},
	{"idValidation", "tamperCheck", "100"},
	{"idValidation", "idClassification", "100"},
	{"idValidation", "birthDateValidity", "100"},
	{"idValidation", "documentNumberValidity", "100"},
	{"idValidation", "issueDateValidity", "100"},
	{"idValidation", "documentExpired", "100"},
	{"idValidation", "fakeCheck", "100"},
	{"liveness", "overall", "99.1"},
	{"liveness", "livenessScore", "99.1"},
	{"faceRecognition", "overall", "97.4"},
	{"faceRecognition", "maskCheck", "0.0"},
	{"faceRecognition", "lensesCheck", ""},
}

func (p person) checks() []model.Check {
	if p.broken == model.PartScore || p.verdict == "" {
		return nil
	}
	var all []model.Check
	known := map[string]bool{}
	for _, b := range p.bad {
		known[b.section+b.key] = true
		all = append(all, model.Check{
			Section: b.section, Key: b.key, Status: b.status, Value: personal(model.ClassNone, b.value),
			Meaning: model.Meaning{Title: b.key, Text: b.says, Source: model.FromReference},
		})
	}
	for _, g := range passing {
		if known[g[0]+g[1]] {
			continue
		}
		all = append(all, model.Check{Section: g[0], Key: g[1], Status: model.OK, Value: personal(model.ClassNone, g[2])})
	}
	model.WorstFirst(all)
	return all
}

func (p person) ocr() []model.Field {
	if p.name == "" {
		return nil
	}
	row := func(name string, class model.Class, value string, sure float64) model.Field {
		return model.Field{Name: name, Value: personal(class, value), Confidence: ptr(sure)}
	}
	sure := 0.97
	if len(p.bad) > 1 {
		sure = 0.42
	}
	return []model.Field{
		row("name.fullName", model.ClassName, strings.ToUpper(p.name), 0.99),
		row("documentNumber", model.ClassDocument, p.number, sure),
		row("birthDate", model.ClassBirth, p.born, 0.98),
		row("gender", model.ClassTrait, p.gender, 0.99),
		row("expireAt", model.ClassDocument, p.expires, 0.97),
		row("nationality", model.ClassTrait, p.country, 0.99),
		row("typeOfId", model.ClassNone, p.docType, 1),
	}
}

func (p person) deviceInfo() *model.Device {
	where := map[string]string{"ES": "Madrid", "GB": "London", "PL": "Warszawa"}[p.place]
	return &model.Device{
		Type: "WEBAPP", Model: "iPhone 14 / Safari", IP: personal(model.ClassDevice, p.ip), Hash: personal(model.ClassDevice, p.device),
		Latitude: ptr(40.41), Longitude: ptr(-3.70), Location: personal(model.ClassPlace, where), Country: p.place,
		Data: []model.Field{{Name: "browser", Value: personal(model.ClassNone, "Safari 18")}, {Name: "os", Value: personal(model.ClassNone, "iOS 18.1")}},
	}
}

func (p person) events(finished time.Time) []model.Event {
	steps := []struct {
		name  string
		after time.Duration
		tone  model.Tone
		why   string
	}{
		{"START", 0, model.ToneNone, ""},
		{"ID_FRONT_ATTEMPT", 174 * time.Second, model.ToneBad, "GLARE"},
		{"ID_FRONT_ATTEMPT", 269 * time.Second, model.ToneBad, "BLUR"},
		{"ID_FRONT_CAPTURED", 342 * time.Second, model.ToneGood, ""},
		{"SELFIE_CAPTURED", 481 * time.Second, model.ToneGood, ""},
		{"ONBOARDING_FINISHED", 12 * time.Minute, model.ToneNone, ""},
	}
	var all []model.Event
	for _, st := range steps {
		e := model.Event{Name: st.name, At: finished.Add(st.after - 12*time.Minute), Tone: st.tone}
		if st.why != "" {
			e.Detail = []model.Field{{Name: "failReason", Value: personal(model.ClassNone, st.why)}}
		}
		all = append(all, e)
	}
	return all
}

// opened are the parts that opening a session fetches.
var opened = []model.Part{model.PartStatus, model.PartScore, model.PartOCR, model.PartDevice, model.PartEvents, model.PartSummary, model.PartImages}

func (p person) parts(s *model.Session, now time.Time) map[model.Part]model.PartState {
	all := map[model.Part]model.PartState{}
	for i, part := range opened {
		took := time.Duration(80+20*i) * time.Millisecond
		st := model.PartState{At: now.Add(took), Raw: []model.Raw{{
			Call: "omni." + string(part), Body: rawOf(part, s), HTTP: 200, At: now, Took: took, ServerTook: took - 20*time.Millisecond,
		}}}
		if part == p.broken {
			pr := model.NewProblem(model.KindServer, "the API failed with 500", "score of "+Short(p.id), "R tries again")
			pr.Part, pr.HTTP = part, 500
			st = model.PartState{Problem: pr}
		}
		all[part] = st
	}
	if p.broken == "" {
		s.Images = []model.Image{{Type: "croppedIDFace", Count: 1}, {Type: "croppedFace", Count: 1}, {Type: "fullFrameFrontID", Count: 1}}
	}
	return all
}

// rawOf makes a body that looks like an answer of the API.
func rawOf(part model.Part, s *model.Session) []byte {
	var v any
	switch part {
	case model.PartScore:
		sections := map[string]any{"overall": map[string]any{"value": fmt.Sprint(*orZero(s.Score)), "status": s.Verdict}}
		for _, c := range s.Checks {
			list, _ := sections[c.Section].([]any)
			sections[c.Section] = append(list, map[string]any{"key": c.Key, "value": c.Value.Reveal(), "status": c.Status})
		}
		v = sections
	case model.PartOCR:
		fields := map[string]any{}
		for _, f := range s.OCR {
			fields[f.Name] = f.Value.Reveal()
		}
		v = map[string]any{"ocrData": fields}
	default:
		v = map[string]any{"id": s.ID, "part": part, "success": true}
	}
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return nil
	}
	return b
}

func orZero(f *float64) *float64 {
	if f == nil {
		return ptr(0.0)
	}
	return f
}

// Short shortens an interview id the way the console does.
func Short(id string) string {
	if len(id) <= 13 {
		return id
	}
	return id[:8] + "…" + id[len(id)-4:]
}

// row makes the inbox row of a session.
func (p person) row(s *model.Session) model.Row {
	r := model.Row{
		ID: p.id, Provider: s.Provider, Status: s.Status, Life: s.Life, Verdict: s.Verdict, Score: s.Score,
		ReviewReason: s.ReviewReason, RuleName: p.rule, Name: s.Applicant.Name, DocType: p.docType, DocCountry: p.country,
		DocNumber: s.Document.Number, ExternalID: s.ExternalID, CustomerID: s.CustomerID, FlowID: s.FlowID,
		DeviceHash: s.Device.Hash, IP: s.Device.IP, DeviceCountry: s.Device.Country, Existing: p.existing, Antifraud: p.fraud,
		CreatedAt: s.CreatedAt, WaitsFrom: s.FinishedAt, AddedAt: s.CreatedAt, UpdatedAt: s.FinishedAt, Tags: slices.Clone(p.tags),
	}
	if len(p.bad) > 0 {
		r.WorstKey, r.WorstStatus = p.bad[0].key, p.bad[0].status
	}
	if p.broken != "" {
		r.Problems = []model.Failed{{Part: p.broken, Kind: model.KindServer, HTTP: 500}}
	}
	return r
}
