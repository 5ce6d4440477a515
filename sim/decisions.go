package sim

import "slices"

// The endpoints that decide something about a session.

// manualReview approves or rejects, or asks for a review (Incode Omni API,
// Update manual review). The customer's server is told of a new status by the first
// two alone.
func (s *Server) manualReview(c *call) (any, *apiError) {
	found := c.session
	if found.incomplete() || found.status() == "EXPIRED" {
		return nil, badRequest("Interview is not finished, or has expired.")
	}
	message, _ := c.body["newReason"].(string)
	switch c.body["manualReviewStatus"] {
	case "APPROVED":
		found.verdict, found.onboarding = "MANUAL_OK", "MANUAL_REVIEW_APPROVED"
		found.note(s.now(), "manualReviewApproved", object{{"executive", s.opts.Email}})
		s.tellStatus(found)
	case "REJECTED":
		found.verdict, found.onboarding = "MANUAL_FAIL", "MANUAL_REVIEW_REJECTED"
		found.note(s.now(), "manualReviewRejected", object{{"executive", s.opts.Email}})
		s.tellStatus(found)
	default:
		found.verdict, found.onboarding = "MANUAL", ""
		if message != "" {
			found.reasons = append(found.reasons, message)
		}
		if found.reason == "" {
			found.reason = message
		}
		found.note(s.now(), "manualReviewRequired", object{{"reason", message}})
	}
	s.tellEvent(found)
	return success(), nil
}

func success() object { return object{{"success", true}} }

// approve creates the customer's identity (Incode Omni API, Approve customer).
func (s *Server) approve(c *call) (any, *apiError) {
	found := c.session
	if found.customerID != "" {
		return nil, custom(codeCustomerExists, "User with given phone already exists.")
	}
	components := texts(c.body["approveComponents"])
	if found.stage < stageFinished || found.verdict == "MANUAL_FAIL" || !found.componentsPass(components) {
		return object{{"success", false}}, nil
	}
	existing := s.enrol(found)
	return object{
		{"success", true},
		{"uuid", found.customerID},
		{"token", s.sessionToken(found.p.id)},
		{"totalScore", found.verdict},
		{"existingCustomer", existing},
	}, nil
}

// enrol makes an identity of a session, or joins it to that of the same face and
// name.
func (s *Server) enrol(found *session) (existing bool) {
	link := found.p.link
	if existing = link != nil && link.sameName && link.customerID != ""; existing {
		found.customerID = link.customerID
	} else {
		found.customerID = s.people.customerID(found.p.index)
	}
	found.note(s.now(), "customerApproved", object{{"uuid", found.customerID}})
	return existing
}

// componentsPass says whether the features to validate are all right.
func (s *session) componentsPass(names []string) bool {
	p := s.p
	_, photo := run(photoChecks, p, p.doc)
	_, specific := run(specificChecks, p, p.doc)
	fine := map[string]bool{
		"liveness":             p.selfie.liveness >= 50,
		"faceRecognition":      p.selfie.match >= 60,
		"id":                   worse(photo, specific) != resFail,
		"governmentValidation": p.gov != nil && governmentCodes[p.gov.code].status == resOK,
	}
	return !slices.ContainsFunc(names, func(name string) bool { return !fine[name] })
}

// processAntifraud compares the session with others again (Incode Omni API,
// Process Antifraud). A session that was resolved takes no part any more.
func (s *Server) processAntifraud(c *call) (any, *apiError) {
	found := c.session
	switch {
	case found.stage < stageFace:
		return nil, badRequest("Process id and process face have to be finished first.")
	case !found.p.flow.antifraud || found.antifraud == nil:
		return object{{"result", "NOT_EXECUTED"}}, nil
	case found.antifraud.step != "" && !found.exempt:
		return object{{"result", "FAILED"}, {"stepName", found.antifraud.step}}, nil
	}
	if found.antifraud.step != "" {
		found.antifraud = &antifraud{status: resOK}
		if found.verdict == resFail || found.verdict == resManual {
			found.verdict, found.onboarding = resOK, ""
		}
		found.note(s.now(), "processAntifraud", object{{"result", "PASSED"}})
		s.tellEvent(found)
	}
	return object{{"result", "PASSED"}}, nil
}

// resolveAntifraud exempts the session from future checks; the verdict stays.
func (s *Server) resolveAntifraud(c *call) (any, *apiError) {
	reason, _ := c.query["reason"].(string)
	c.session.exempt = true
	c.session.note(s.now(), "antifraudResolved", object{{"reason", reason}})
	return success(), nil
}

// setInterviewer assigns a person to a session; an unknown one has an error
// code of its own.
func (s *Server) setInterviewer(c *call) (any, *apiError) {
	id, _ := c.body["interviewId"].(string)
	found, err := s.subject(c, id)
	if err != nil {
		if err.http == notFound().http {
			return nil, custom(codeInterviewNotFound, "Interview not found.")
		}
		return nil, err
	}
	found.interview, _ = c.body["interviewerId"].(string)
	found.note(s.now(), "interviewerSet", object{{"interviewerId", found.interview}})
	return success(), nil
}

// update sets flags and, deprecated but documented, OCR fields (Incode Omni
// API, Update — interview).
func (s *Server) update(c *call) (any, *apiError) {
	for _, name := range []string{"manualIdCheckNeeded", "manualSelfieCheckNeeded"} {
		if v, ok := c.body[name].(bool); ok {
			c.session.flags[name] = v
		}
	}
	for _, name := range []string{"name", "address", "gender"} {
		if v, ok := c.body[name].(string); ok {
			c.session.edits.set(name, v)
		}
	}
	if v, ok := c.body["birthDate"].(string); ok {
		ms, err := parseMillis(v)
		if err != nil {
			return nil, err
		}
		c.session.edits.set("birthDate", ms)
	}
	c.session.note(s.now(), "interviewUpdated", nil)
	return success(), nil
}
