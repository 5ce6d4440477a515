package sim

import (
	"fmt"
	"slices"
	"time"
)

// event is something that happened in a session.
type event struct {
	name string
	data object
	at   time.Time
}

// object is the event as Fetch events lists it. "singature" is the reference's
// spelling.
func (e event) object(id string, n int) object {
	data := e.data
	if data == nil {
		data = object{}
	}
	return object{
		{"eventName", e.name},
		{"eventData", data},
		{"singature", hashText(fmt.Sprintf("%s/%d/%s", id, n, e.name))},
		{"timestamp", millis(e.at)},
	}
}

// events are all events of the session so far, oldest first.
func (s *session) events() []event {
	var all []event
	p := s.p
	for st := stageStarted; st <= s.stage; st++ {
		from := s.reached[st]
		if st > stageStarted {
			from = s.reached[st-1]
		}
		all = append(all, spread(stageEvents(p, st), from, s.reached[st])...)
	}
	if s.stage == p.until && s.stage < stageFinished { // given up in the middle of the next step
		all = append(all, spread(attempts(p, s.stage+1, false), s.reached[s.stage], p.finished)...)
	}
	if p.decided.After(p.finished) {
		name := map[string]string{"MANUAL_OK": "manualReviewApproved", "MANUAL_FAIL": "manualReviewRejected"}[p.verdict]
		all = append(all, event{name, object{{"executive", "earlier.reviewer@example.test"}}, p.decided})
	}
	all = append(all, s.extra...)
	slices.SortStableFunc(all, func(a, b event) int { return a.at.Compare(b.at) })
	return all
}

// spread places events evenly in a span, the last one at its end.
func spread(list []event, from, to time.Time) []event {
	for i := range list {
		list[i].at = from.Add(to.Sub(from) * time.Duration(i+1) / time.Duration(len(list)))
	}
	return list
}

// stageEvents are the events that end with a stage being reached.
func stageEvents(p *profile, st stage) []event {
	var list []event
	if p.chatty {
		list = append(list, screens(st)...)
	}
	list = append(list, attempts(p, st, true)...)
	switch st {
	case stageStarted:
		return append(list, event{name: "startOnboarding", data: object{{"flowId", p.flow.id}, {"flowName", p.flow.name}}},
			event{name: "deviceFingerprintAdded", data: object{{"deviceType", p.device.kind}, {"hash", p.device.hash}}})
	case stageProcessed:
		return append(list, event{name: "processId", data: object{{"typeOfId", p.doc.kind.typeOfID}, {"issuingCountry", p.doc.kind.country}}})
	case stageGovernment:
		if p.gov != nil {
			list = append(list, event{name: "processGovernmentValidation", data: object{{"statusCode", p.gov.code}}})
		}
	case stageFinished:
		list = append(list, event{name: "processFace", data: object{{"existingUser", p.link != nil}}},
			event{name: "onboardingFinished", data: object{{"overallStatus", p.verdict}}})
	}
	return list
}

// attempts are the captures of a stage, failed ones first; complete adds the
// one that succeeded.
func attempts(p *profile, st stage, complete bool) []event {
	var list []event
	captured := func(what string, fails int, why []string) {
		for i := range fails {
			list = append(list, event{name: "captureAttemptFinished", data: object{
				{"type", what}, {"success", false}, {"failReason", why[i%len(why)]}, {"attempt", i + 1},
			}})
		}
		if complete {
			list = append(list, event{name: "captureAttemptFinished", data: object{
				{"type", what}, {"success", true}, {"attempt", fails + 1},
			}})
		}
	}
	idReasons := []string{"DOCUMENT_NOT_READABLE", "UNABLE_TO_ALIGN_DOCUMENT", "WRONG_DOCUMENT_SIDE"}
	switch st {
	case stageID:
		list = append(list, event{name: "startIdCapture", data: object{{"module", "ID"}}})
		captured("front", p.doc.capture.frontFails, idReasons)
		if p.doc.capture.manual {
			list = append(list, event{name: "switchToManualCapture", data: object{{"type", "front"}}})
		}
		if p.doc.twoSided() {
			captured("back", p.doc.capture.backFails, idReasons)
		}
	case stageSecondID:
		if p.second != nil {
			captured("secondFront", 0, nil)
		}
	case stageFace:
		list = append(list, event{name: "startSelfie", data: object{{"module", "SELFIE"}}})
		captured("selfie", p.selfie.fails, []string{"FACE_NOT_FOUND", "TOO_DARK", "FACE_TOO_FAR"})
	}
	return list
}

// screens is what a capture that logs every screen adds; with it a session has
// more than one page of events.
func screens(st stage) []event {
	var list []event
	for i := range 24 {
		name := []string{"screenOpened", "elementClicked", "screenClosed"}[i%3]
		list = append(list, event{name: name, data: object{{"module", fmt.Sprintf("STEP_%d", st)}, {"screen", fmt.Sprintf("screen-%d", i/3)}}})
	}
	return list
}
