package sim

import "strings"

// The endpoints with which a customer's own pages begin and end an onboarding.

// onboardingPage is where the simulated onboarding would take place. Nothing
// answers there: the simulator has no captures.
const onboardingPage = "https://onboarding.example.test/"

// onboardingURL is the address of the token's session (Incode Omni API, Fetch
// onboarding url).
func (s *Server) onboardingURL(c *call) (any, *apiError) {
	if id, given := c.query["clientId"].(string); given && id != c.session.p.clientID {
		return nil, badRequest("Client id is not valid.")
	}
	return object{{"url", c.session.onboardingPage()}}, nil
}

func (s *session) onboardingPage() string {
	return onboardingPage + s.p.clientID + "/flow/" + s.p.flow.id + "?interviewCode=" + s.p.code
}

// smsDefault is what an SMS says when the request does not.
const smsDefault = "Finish your onboarding: {0}"

// sendSMS "sends" the link of a session (Incode Omni API, external/send-sms): what
// the customer would read is kept for tests. Every call sends one more.
func (s *Server) sendSMS(c *call) (any, *apiError) {
	if c.body["clientId"] != c.session.p.clientID {
		return nil, badRequest("Client id is not valid.")
	}
	text, given := c.body["smsText"].(string)
	if !given {
		text = smsDefault
	}
	if !strings.Contains(text, "{0}") {
		return nil, badRequest("Field 'smsText' must contain {0}.")
	}
	c.session.sms = append(c.session.sms, strings.ReplaceAll(text, "{0}", c.session.onboardingPage()))
	return success(), nil
}

// finish marks the onboarding as done (Incode Omni API, Mark onboarding complete),
// and does what the flow decides by the score. Marking twice changes nothing.
func (s *Server) finish(c *call) (any, *apiError) {
	found := c.session
	if found.status() == "EXPIRED" || found.state == "Closed" && found.incomplete() {
		return nil, badRequest("Interview is closed, or has expired.")
	}
	if found.incomplete() {
		for found.stage < stageFinished {
			found.advance(s.now())
		}
		found.action = s.scored(found)
		s.tell(found)
	}
	return object{{"redirectionUrl", orNil(found.redirect)}, {"action", found.action}}, nil
}

// scored does what the flow is configured to do with a score.
func (s *Server) scored(found *session) string {
	switch {
	case found.needsReview():
		return "manualReview"
	case !found.p.flow.decides:
		return actionNone
	case found.passed():
		if found.customerID == "" {
			s.enrol(found)
		}
		return "approved"
	case found.verdict == resFail:
		return "rejected"
	default:
		return actionNone
	}
}

// actionNone is what a flow does that decides nothing.
const actionNone = "none"

func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}
