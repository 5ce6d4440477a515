package sim

import (
	"net/http"
	"strings"
)

// The endpoints that only read.

func (s *Server) onboardingStatus(c *call) (any, *apiError) {
	return object{{"onboardingStatus", c.session.status()}}, nil
}

func (s *Server) score(c *call) (any, *apiError) { return scoreBody(c.session), nil }

func (s *Server) ocr(c *call) (any, *apiError) { return c.session.ocr(), nil }

func (s *Server) ocrWrapped(c *call) (any, *apiError) {
	return object{{"ocrData", c.session.ocr()}}, nil
}

func (s *Server) ocrSecond(c *call) (any, *apiError) {
	p := c.session.p
	if p.second == nil || c.session.stage < stageProcessed {
		return emptyOCR(), nil
	}
	return ocrBody(p, p.second), nil
}

// ocr is what was read from the document, with what an update replaced.
func (s *session) ocr() object {
	if s.stage < stageProcessed {
		return emptyOCR()
	}
	o := ocrBody(s.p, s.p.doc)
	for _, e := range s.edits {
		if e.key != "name" {
			o.set(e.key, e.value)
			continue
		}
		if n, ok := o[0].value.(object); ok {
			n.set("fullName", e.value)
			o[0].value = n
		}
	}
	return o
}

func (s *Server) deviceInfo(c *call) (any, *apiError) {
	withData, _ := c.query["returnData"].(bool)
	return c.session.p.device.info(withData), nil
}

func (s *Server) customFields(c *call) (any, *apiError) {
	return object{{"customFields", c.session.fields}}, nil
}

func (s *Server) processingFinished(c *call) (any, *apiError) {
	return object{{"finished", c.session.stage >= stageProcessed}}, nil
}

func (s *Server) idSummary(c *call) (any, *apiError) {
	captured, both := c.session.stage >= stageID, c.session.p.doc.twoSided()
	return object{{"addFrontResult", captured}, {"addBackResult", captured && both}, {"onlyFront", !both}}, nil
}

// eventList pages through the events. The reference calls its parameters a
// request body, although the method is GET; both ways are understood.
func (s *Server) eventList(c *call) (any, *apiError) {
	args, err := eitherWay(c)
	if err != nil {
		return nil, err
	}
	id, _ := args["id"].(string)
	found, err := s.subject(c, id)
	if err != nil {
		return nil, err
	}
	offset, limit := 0, 100
	if v, ok := args["offset"].(float64); ok {
		offset = int(v)
	}
	if v, ok := args["limit"].(float64); ok {
		limit = int(v)
	}
	all := found.events()
	list := []object{}
	for i := offset; i < min(offset+limit, len(all)); i++ {
		list = append(list, all[i].object(found.p.id, i))
	}
	return object{{"events", list}}, nil
}

// eitherWay takes an endpoint's parameters from the query or the body.
func eitherWay(c *call) (map[string]any, *apiError) {
	if c.body == nil {
		err := checkFields(c.endpoint.query, c.query)
		return c.query, err
	}
	if len(c.query) > 0 {
		return nil, badRequest("Parameters are given in the query and in the body.")
	}
	return c.body, nil
}

func (s *Server) eventsSignature(c *call) (any, *apiError) {
	var all strings.Builder
	for _, e := range c.session.events() {
		all.WriteString(e.name + e.at.String())
	}
	return object{{"signature", hashText(c.session.p.id + all.String())}}, nil
}

// identitySessions lists the passed sessions of an identity.
func (s *Server) identitySessions(c *call) (any, *apiError) {
	list := []object{}
	for _, id := range s.ids {
		found := s.find(id)
		if found.customerID == "" || found.customerID != c.segment {
			continue
		}
		if found.passed() {
			list = append(list, object{
				{"interviewId", id},
				{"onboardingStatus", found.status()},
				{"createdAt", millis(found.created)},
				{"flowId", found.p.flow.id},
				{"externalId", found.p.externalID},
			})
		}
	}
	if len(list) == 0 {
		return nil, failed(http.StatusNotFound, "Customer not found.")
	}
	return list, nil
}

func (s *Server) getStatus(c *call) (any, *apiError) { return c.session.life(""), nil }

// life is the session's state; the prefix is what the setting endpoint was seen
// to put before three of the names.
func (s *session) life(prefix string) object {
	p := s.p
	attempts := func(at stage, fails int) int {
		if s.stage < at {
			return fails
		}
		return fails + 1
	}
	back := 0
	if p.doc.twoSided() {
		back = attempts(stageID, p.doc.capture.backFails)
	}
	o := object{
		{prefix + "id", p.id},
		{prefix + "createdAt", millis(s.created)},
		{prefix + "updatedAt", millis(s.updated)},
		{"closedAt", nil},
		{"frontIdAttempts", attempts(stageID, p.doc.capture.frontFails)},
		{"backIdAttempts", back},
		{"selfieAttempts", attempts(stageFace, p.selfie.fails)},
		{"sessionStatus", s.state},
	}
	if !s.closed.IsZero() {
		o.set("closedAt", millis(s.closed))
	}
	return o
}
