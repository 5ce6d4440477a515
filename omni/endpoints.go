package omni

import (
	"net/http"
	"slices"
)

// Effect says whether an endpoint changes something. It is declared, never
// guessed from the method: GET process/antifraud acts, POST get/images reads.
type Effect int

// Effects.
const (
	Read  Effect = iota + 1 // may be repeated and shared
	Write                   // goes out once, whatever happens
)

// Auth says whose token a call carries beside the API key.
type Auth int

// Whose token.
const (
	AuthKey       Auth = iota + 1 // none: the API key is enough
	AuthID                        // the executive's; the session is named by an id
	AuthExecutive                 // the executive's, demanded by the reference
	AuthSession                   // the session's own, which also names the session
)

// Param is one parameter of an endpoint.
type Param struct {
	Name     string
	Required bool // by this client: a missing id would mean "the token's session"
}

// Endpoint declares one endpoint of the API.
type Endpoint struct {
	Name   string // our name for it, in errors and in the journal
	Title  string // its section in the reference
	Method string
	Path   string // with {placeholders}
	Query  []Param
	Body   []Param // the members of the request's JSON object; none: no body
	Effect Effect
	Auth   Auth
	// Subject is the parameter that holds the id the call is about.
	Subject string
	// NotFound are custom codes that mean "no such session" here.
	NotFound []int
	// Root: the base URL's path, such as /0, is left out.
	Root bool
	// Token: the answer holds a token, which is cut out of Answer.Body.
	Token bool
	// Media is the type of the answer; empty: JSON.
	Media string
}

// Names of the endpoints.
const (
	EndpointLogIn            = "log-in"
	EndpointOnboardingStatus = "onboarding-status"
	EndpointSessionStatus    = "session-status"
	EndpointSetSessionStatus = "set-session-status"
	EndpointScore            = "score"
	EndpointOCR              = "ocr"
	EndpointOCRV2            = "ocr-v2"
	EndpointOCRSecondID      = "ocr-second-id"
	EndpointDevice           = "device"
	EndpointEvents           = "events"
	EndpointEventsSignature  = "events-signature"
	EndpointEventsReport     = "events-report"
	EndpointIDSummary        = "id-summary"
	EndpointCustomFields     = "custom-fields"
	EndpointImages           = "images"
	EndpointImageData        = "image-data"
	EndpointImagesSecondID   = "images-second-id"
	EndpointManualReview     = "manual-review"
	EndpointApprove          = "approve"
	EndpointResolveAntifraud = "resolve-antifraud"
	EndpointProcessAntifraud = "process-antifraud"
	EndpointExpire           = "expire"
	EndpointDeleteSession    = "delete-session"
	EndpointDeleteSessions   = "delete-sessions"
	EndpointSetInterviewer   = "set-interviewer"
	EndpointIdentitySessions = "identity-sessions"
	EndpointStart            = "start"
	EndpointUpdate           = "update"
	EndpointSendSMS          = "send-sms"
	EndpointFinished         = "finished"
	EndpointOnboardingURL    = "onboarding-url"
	EndpointFinish           = "finish"
	EndpointVerifyAuth       = "verify-authentication"
)

// codeNoUser is "Could not find user", the API's word for an unknown session.
const codeNoUser = 4004

// codeNoInterview means "interview not found" at set-interviewer; elsewhere
// the same code is an invalid interview code.
const codeNoInterview = 4014

var (
	byID        = []Param{{"id", true}}
	byInterview = []Param{{"interviewId", true}}
	noUser      = []int{codeNoUser}
)

// table is the one place that says how an endpoint is called.
var table = []Endpoint{
	{
		Name: EndpointLogIn, Title: "Admin-Login", Method: http.MethodPost, Path: "/executive/log-in",
		Body: []Param{{"email", true}, {"password", true}}, Effect: Write, Auth: AuthKey, Root: true, Token: true,
	},
	{
		Name: EndpointOnboardingStatus, Title: "Fetch onboarding status",
		Method: http.MethodGet, Path: "/omni/get/onboarding/status",
		Query: byID, Effect: Read, Auth: AuthID, Subject: "id", NotFound: noUser,
	},
	{
		Name: EndpointSessionStatus, Title: "Get session status",
		Method: http.MethodGet, Path: "/omni/session/status/get",
		Effect: Read, Auth: AuthSession, NotFound: noUser,
	},
	{
		Name: EndpointSetSessionStatus, Title: "Set session status",
		Method: http.MethodPost, Path: "/omni/session/status/set",
		Query: []Param{{"action", true}, {"id", true}}, Effect: Write, Auth: AuthID, Subject: "id", NotFound: noUser,
	},
	{
		Name: EndpointScore, Title: "Fetch scores", Method: http.MethodGet, Path: "/omni/get/score",
		Query: byID, Effect: Read, Auth: AuthID, Subject: "id", NotFound: noUser,
	},
	{
		Name: EndpointOCR, Title: "Fetch ocr data", Method: http.MethodGet, Path: "/omni/get/ocr-data",
		Query: byID, Effect: Read, Auth: AuthID, Subject: "id", NotFound: noUser,
	},
	{
		Name: EndpointOCRV2, Title: "Fetch ocr data v2", Method: http.MethodGet, Path: "/omni/get/ocr-data/v2",
		Query: byID, Effect: Read, Auth: AuthID, Subject: "id", NotFound: noUser,
	},
	{
		Name: EndpointOCRSecondID, Title: "Fetch ocr data for second id",
		Method: http.MethodGet, Path: "/omni/get/ocr-data-second-id",
		Query: byID, Effect: Read, Auth: AuthID, Subject: "id", NotFound: noUser,
	},
	{
		Name: EndpointDevice, Title: "Fetch device info", Method: http.MethodGet, Path: "/omni/get/device-info",
		Query: []Param{{"id", true}, {"returnData", true}}, Effect: Read, Auth: AuthID, Subject: "id", NotFound: noUser,
	},
	{
		// The reference lists the parameters as a request body, of a GET; its
		// own example has them in the query, and so have we.
		Name: EndpointEvents, Title: "Fetch events", Method: http.MethodGet, Path: "/omni/get/events",
		Query:  []Param{{"id", true}, {"offset", true}, {"limit", true}},
		Effect: Read, Auth: AuthID, Subject: "id", NotFound: noUser,
	},
	{
		Name: EndpointEventsSignature, Title: "Fetch events signature",
		Method: http.MethodGet, Path: "/omni/get/events-signature",
		Query: byID, Effect: Read, Auth: AuthID, Subject: "id", NotFound: noUser,
	},
	{
		// Of the two under "events report" the one that is a PDF. It reads, though
		// it is a POST, and names no session: it is about the token's.
		Name: EndpointEventsReport, Title: "Download events report", Method: http.MethodPost, Path: "/omni/get/report",
		Body: []Param{{"provider", true}}, Effect: Read, Auth: AuthSession, NotFound: noUser, Media: mediaPDF,
	},
	{
		Name: EndpointIDSummary, Title: "Get ID Summary", Method: http.MethodGet, Path: "/omni/get/id-summary",
		Query: byID, Effect: Read, Auth: AuthID, Subject: "id", NotFound: noUser,
	},
	{
		Name: EndpointCustomFields, Title: "Get custom fields", Method: http.MethodGet, Path: "/omni/get/custom-fields",
		Effect: Read, Auth: AuthSession, NotFound: noUser,
	},
	{
		// The second of the two under "Fetch images": links, not base64.
		Name: EndpointImages, Title: "Fetch images", Method: http.MethodPost, Path: "/omni/get/images/v2",
		Query: byID, Body: []Param{{"images", true}}, Effect: Read, Auth: AuthID, Subject: "id", NotFound: noUser,
	},
	{
		// The first of the two under "Fetch images": base64, so one type a call.
		Name: EndpointImageData, Title: "Fetch images", Method: http.MethodPost, Path: "/omni/get/images",
		Query: byID, Body: []Param{{"images", true}}, Effect: Read, Auth: AuthID, Subject: "id", NotFound: noUser,
	},
	{
		Name: EndpointImagesSecondID, Title: "Fetch images second id",
		Method: http.MethodPost, Path: "/omni/get/images-second-id",
		Query: byID, Body: []Param{{"images", true}}, Effect: Read, Auth: AuthID, Subject: "id", NotFound: noUser,
	},
	{
		Name: EndpointManualReview, Title: "Update manual review", Method: http.MethodPut, Path: "/omni/manual-review",
		Query: byInterview, Body: []Param{{"manualReviewStatus", true}, {"newReason", false}},
		Effect: Write, Auth: AuthID, Subject: "interviewId", NotFound: noUser,
	},
	{
		Name: EndpointApprove, Title: "Approve customer", Method: http.MethodPost, Path: "/omni/process/approve",
		Query: byInterview, Body: []Param{{"approveComponents", false}},
		Effect: Write, Auth: AuthID, Subject: "interviewId", NotFound: noUser, Token: true,
	},
	{
		Name: EndpointResolveAntifraud, Title: "Resolve Antifraud result",
		Method: http.MethodPut, Path: "/omni/resolve/antifraud",
		Query:  []Param{{"interviewId", true}, {"reason", false}},
		Effect: Write, Auth: AuthID, Subject: "interviewId", NotFound: noUser,
	},
	{
		// A GET, but "the result of the call affects the total score".
		Name: EndpointProcessAntifraud, Title: "Process Antifraud",
		Method: http.MethodGet, Path: "/omni/process/antifraud",
		Effect: Write, Auth: AuthSession, NotFound: noUser,
	},
	{
		Name: EndpointExpire, Title: "Expire onboarding sessions by interviewIds",
		Method: http.MethodPost, Path: "/omni/expire/interviews",
		Body:   []Param{{"interviewIds", true}, {"cleanerConfiguration", true}},
		Effect: Write, Auth: AuthExecutive, NotFound: noUser,
	},
	{
		Name: EndpointDeleteSession, Title: "Delete PII data for single onboarding session",
		Method: http.MethodDelete, Path: "/omni/interview",
		Query:  []Param{{"interviewId", true}, {"keepCustomer", true}, {"sendNotification", true}},
		Effect: Write, Auth: AuthExecutive, Subject: "interviewId", NotFound: noUser,
	},
	{
		Name: EndpointDeleteSessions, Title: "Delete PII data for multiple onboarding sessions with multiple options",
		Method: http.MethodDelete, Path: "/omni/interviews",
		Body: []Param{{"filter", true}, {"config", false}}, Effect: Write, Auth: AuthExecutive, NotFound: noUser,
	},
	{
		Name: EndpointSetInterviewer, Title: "Assign interviewId to interview",
		Method: http.MethodPost, Path: "/omni/interview/set-interviewer",
		Body:   []Param{{"interviewId", true}, {"interviewerId", true}},
		Effect: Write, Auth: AuthExecutive, Subject: "interviewId", NotFound: []int{codeNoUser, codeNoInterview},
	},
	{
		Name: EndpointIdentitySessions, Title: "Fetch all passed onboardings for the same person",
		Method: http.MethodGet, Path: "/omni/identity/{customerId}/sessions",
		Effect: Read, Auth: AuthExecutive, Subject: "customerId", NotFound: noUser,
	},
	{
		Name: EndpointStart, Title: "Start onboarding", Method: http.MethodPost, Path: "/omni/start",
		Body: []Param{
			{"countryCode", false},
			{"language", false},
			{"externalId", false},
			{"externalCustomerId", false},
			{"interviewId", false},
			{"uuid", false},
			{"configurationId", false},
			{"redirectionUrl", false},
			{"customFields", false},
		},
		Effect: Write, Auth: AuthKey, Subject: "interviewId", NotFound: noUser, Token: true,
	},
	{
		Name: EndpointUpdate, Title: "Update — interview", Method: http.MethodPut, Path: "/omni/update",
		Query: byID, Body: []Param{{"manualIdCheckNeeded", false}, {"manualSelfieCheckNeeded", false}},
		Effect: Write, Auth: AuthID, Subject: "id", NotFound: noUser,
	},
	{
		// The section in the reference has no heading of its own.
		Name: EndpointSendSMS, Title: "Send SMS", Method: http.MethodPost, Path: "/omni/external/send-sms",
		Query: byID, Body: []Param{{"clientId", true}, {"smsText", false}},
		Effect: Write, Auth: AuthExecutive, Subject: "id", NotFound: noUser,
	},
	{
		Name: EndpointFinished, Title: "Fetch processing status",
		Method: http.MethodGet, Path: "/omni/get/postprocess/isfinished",
		Effect: Read, Auth: AuthSession, NotFound: noUser,
	},
	{
		// The reference demands clientId; the token backend sample leaves it out,
		// because the token says whose session it is.
		Name: EndpointOnboardingURL, Title: "Fetch onboarding url",
		Method: http.MethodGet, Path: "/omni/onboarding-url",
		Query: []Param{{"clientId", false}}, Effect: Read, Auth: AuthSession, NotFound: noUser,
	},
	{
		// A GET, but it marks the session and does what the flow decides by score.
		Name: EndpointFinish, Title: "Mark onboarding complete", Method: http.MethodGet, Path: "/omni/finish-status",
		Effect: Write, Auth: AuthSession, NotFound: noUser,
	},
	{
		// Nothing says whether an attempt can be verified twice, so it is not.
		Name: EndpointVerifyAuth, Title: "Token backend sample: /auth",
		Method: http.MethodPost, Path: "/omni/authentication/verify",
		Body:   []Param{{"transactionId", true}, {"token", true}, {"interviewToken", true}},
		Effect: Write, Auth: AuthExecutive,
	},
}

// Endpoints copies the table, for documentation and tests.
func Endpoints() []Endpoint { return slices.Clone(table) }

// endpoint finds a row by its name.
func endpoint(name string) (Endpoint, bool) {
	i := slices.IndexFunc(table, func(e Endpoint) bool { return e.Name == name })
	if i < 0 {
		return Endpoint{}, false
	}
	return table[i], true
}
