package sim

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
)

// The endpoints that begin, close, expire and delete sessions, and the log-in.

// logIn exchanges an executive's password for a token.
func (s *Server) logIn(c *call) (any, *apiError) {
	if c.body["email"] != s.opts.Email || c.body["password"] != s.opts.Password {
		return nil, failed(http.StatusUnauthorized, "Invalid email or password.")
	}
	t := &token{expires: s.now().Add(executiveLife)}
	return object{{"token", s.issue(t, s.opts.Email)}}, nil
}

var countryCode = regexp.MustCompile(`^[A-Z]{2,3}$`)

// start begins a session, or gives a token for an existing one (Incode Omni
// API, Start onboarding).
func (s *Server) start(c *call) (any, *apiError) {
	text := func(name string) string {
		v, _ := c.body[name].(string)
		return v
	}
	if code := text("countryCode"); code != "" && !countryCode.MatchString(code) {
		return nil, badRequest("Country code is not valid.")
	}
	if text("uuid") != "" {
		return nil, custom(codeInvalidUUID, "Invalid uuid parameter.")
	}
	flow, err := chooseFlow(text("configurationId"))
	if err != nil {
		return nil, err
	}
	found, err := s.existing(text("interviewId"), text("externalId"))
	if err != nil {
		return nil, err
	}
	exists := found != nil
	if !exists {
		found = s.begin(c, flow)
	}
	o := object{
		{"token", s.sessionToken(found.p.id)},
		{"interviewCode", found.p.code},
		{"interviewId", found.p.id},
	}
	if flow != nil {
		o = append(o, field{"flowType", "flow"})
	}
	return append(o, object{
		{"idCaptureTimeout", 16},
		{"selfieCaptureTimeout", 25},
		{"idCaptureRetries", 3},
		{"selfieCaptureRetries", 3},
		{"curpValidationRetries", 3},
		{"clientId", found.p.clientID},
		{"env", "demo"},
		{"existingSession", exists},
	}...), nil
}

// chooseFlow finds the flow of a configurationId; nil for none given.
func chooseFlow(id string) (*flow, *apiError) {
	if id == "" {
		return nil, nil
	}
	i := slices.IndexFunc(flows, func(f flow) bool { return f.id == id })
	switch {
	case i < 0:
		return nil, custom(codeInvalidFlow, "Invalid configurationId.")
	case !flows[i].active:
		return nil, custom(codeFlowNotActive, "Flow is not activated.")
	}
	return &flows[i], nil
}

// existing is the session that a start names: by its id, or by the client's
// own id, which restarts that session. Nil: none is named.
func (s *Server) existing(id, externalID string) (*session, *apiError) {
	if id != "" {
		if found := s.find(id); found != nil {
			return found, nil
		}
		return nil, notFound()
	}
	if externalID == "" {
		return nil, nil
	}
	for _, known := range s.ids {
		if found := s.find(known); found.p.externalID == externalID && found.state != "Deleted" {
			return found, nil
		}
	}
	return nil, nil
}

// begin makes a new session with what the start said of it.
func (s *Server) begin(c *call, flow *flow) *session {
	found := s.arrive()
	found.p.externalID, _ = c.body["externalId"].(string)
	found.p.externalCustomerID, _ = c.body["externalCustomerId"].(string)
	found.redirect, _ = c.body["redirectionUrl"].(string)
	if flow != nil {
		found.p.flow = flow
	}
	found.fields = map[string]any{}
	if fields, ok := c.body["customFields"].(map[string]any); ok {
		found.fields = fields
	}
	s.tell(found)
	return found
}

// setStatus closes, reopens or deletes a session (Incode Omni API, Set session
// status).
func (s *Server) setStatus(c *call) (any, *apiError) {
	args, err := eitherWay(c)
	if err != nil {
		return nil, err
	}
	id, _ := args["id"].(string)
	action, _ := args["action"].(string)
	if action == "" {
		return nil, badRequest("Required parameter 'action' is not present.")
	}
	found, err := s.subject(c, id)
	if err != nil {
		return nil, err
	}
	switch {
	case action == "Deleted":
		found.delete(nil)
	case found.state == "Deleted":
		return nil, badRequest("Interview is deleted.")
	case action == "Closed":
		found.closed = s.now()
		found.state = action
	default:
		found.state = action
	}
	found.note(s.now(), "sessionStatusChanged", object{{"sessionStatus", action}})
	return found.life("_"), nil
}

// delete removes the personal data, apart from the entities to keep.
func (s *session) delete(keep []string) {
	s.state, s.kept = "Deleted", keep
}

// expire ends the sessions that meet one of the conditions; the others stay as
// they are.
func (s *Server) expire(c *call) (any, *apiError) {
	config, _ := c.body["cleanerConfiguration"].(map[string]any)
	conditions := texts(config["expirationConditions"])
	list, err := s.all(texts(c.body["interviewIds"]))
	if err != nil {
		return nil, err
	}
	for _, found := range list {
		met := slices.Contains(conditions, "INCOMPLETE") && found.incomplete() ||
			slices.Contains(conditions, "NEEDS_REVIEW") && found.needsReview()
		if !met || found.state == "Deleted" {
			continue
		}
		found.onboarding, found.state, found.closed = "EXPIRED", "Closed", s.now()
		if found.stage == stageFinished {
			found.verdict = resUnknown
		}
		found.note(s.now(), "sessionExpired", nil)
		s.tell(found)
	}
	return success(), nil
}

// all finds sessions by id; one that is not known is an error.
func (s *Server) all(ids []string) ([]*session, *apiError) {
	var list []*session
	for _, id := range ids {
		found := s.find(id)
		if found == nil {
			return nil, notFound()
		}
		list = append(list, found)
	}
	return list, nil
}

// deleteOne deletes the personal data of one session, with its identity unless
// told to keep that.
func (s *Server) deleteOne(c *call) (any, *apiError) {
	keep, _ := c.query["keepCustomer"].(bool)
	notify, _ := c.query["sendNotification"].(bool)
	s.erase(c.session, keep, nil)
	s.tellIf(notify, c.session)
	return success(), nil
}

func (s *Server) erase(found *session, keepIdentity bool, keep []string) {
	customer := found.customerID
	found.delete(keep)
	found.note(s.now(), "sessionDeleted", nil)
	if keepIdentity || customer == "" {
		return
	}
	for _, id := range s.ids {
		if other := s.find(id); other.customerID == customer {
			other.customerID = ""
		}
	}
}

// deleteMany deletes by ids, flow or external id.
func (s *Server) deleteMany(c *call) (any, *apiError) {
	list, err := s.filtered(c.body["filter"])
	if err != nil {
		return nil, err
	}
	config, _ := c.body["config"].(map[string]any)
	var keep []string
	if only, _ := config["deletePiiDataOnly"].(bool); only {
		keep = texts(config["relatedEntitiesToKeep"])
	}
	notify, _ := config["sendNotification"].(bool)
	for _, found := range list {
		s.erase(found, slices.Contains(keep, "identities"), keep)
		s.tellIf(notify, found)
	}
	return success(), nil
}

// filtered are the sessions that a deletion's filter means.
func (s *Server) filtered(filter any) ([]*session, *apiError) {
	f, _ := filter.(map[string]any)
	if ids := texts(f["ids"]); len(ids) > 0 {
		return s.all(ids)
	}
	flowID, _ := f["flowId"].(string)
	externalID, _ := f["externalId"].(string)
	if flowID == "" && externalID == "" {
		return nil, badRequest("Filter must contain one of ids, flowId, externalId.")
	}
	var list []*session
	for _, id := range s.ids {
		found := s.find(id)
		if (flowID == "" || found.p.flow.id == flowID) && (externalID == "" || found.p.externalID == externalID) {
			list = append(list, found)
		}
	}
	return list, nil
}

func parseMillis(text string) (int64, *apiError) {
	ms, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, badRequest("Field 'birthDate' is not a timestamp.")
	}
	return ms, nil
}
