package sim

import (
	"net/http"
	"slices"
	"strings"
)

// access is who may call an endpoint.
type access int

const (
	accessAny       access = iota // an executive, or the session itself
	accessKey                     // the API key alone, before there is a token
	accessExecutive               // "requires admin login token"
)

// bodyNeed says whether a request has a body.
type bodyNeed int

const (
	bodyNone bodyNeed = iota
	bodyOptional
	bodyRequired
)

// endpoint is one endpoint of the API as the reference describes it.
type endpoint struct {
	method, path string
	access       access
	// subject is the query parameter that names the session. Empty: the
	// endpoint acts on the session in the token, or the handler looks for
	// ids itself when anySession is set.
	subject    string
	anySession bool
	evenGone   bool   // answers for a deleted session
	keeps      string // entity that a deletion may have kept for this endpoint
	query      []param
	need       bodyNeed
	body       []param
	media      string // type of the answer; empty: JSON
	handle     func(*Server, *call) (any, *apiError)
}

// name is the endpoint as faults, counters and hooks call it.
func (e *endpoint) name() string { return e.method + " " + e.path }

var (
	optionalID = param{name: "id", kind: kindString}
	mustID     = param{name: "interviewId", kind: kindString, required: true}
	mayID      = param{name: "interviewId", kind: kindString}
	onlyID     = []param{optionalID}
)

// endpoints are all simulated endpoints, in the order of the reference.
var endpoints = []endpoint{
	{method: "POST", path: "/executive/log-in", access: accessKey, anySession: true, need: bodyRequired, body: logInBody, handle: (*Server).logIn},
	{method: "POST", path: "/omni/start", access: accessKey, anySession: true, need: bodyRequired, body: startBody, handle: (*Server).start},
	{method: "GET", path: "/omni/get/ocr-data-second-id", subject: "id", query: onlyID, handle: (*Server).ocrSecond},
	{method: "GET", path: "/omni/get/custom-fields", handle: (*Server).customFields},
	{method: "POST", path: "/omni/external/send-sms", access: accessExecutive, subject: "id", query: smsParams, need: bodyRequired, body: smsBody, handle: (*Server).sendSMS},
	{method: "PUT", path: "/omni/update", subject: "id", query: onlyID, need: bodyRequired, body: updateBody, handle: (*Server).update},
	{method: "GET", path: "/omni/process/antifraud", handle: (*Server).processAntifraud},
	{method: "PUT", path: "/omni/resolve/antifraud", subject: "interviewId", query: []param{mustID, {name: "reason", kind: kindString}}, handle: (*Server).resolveAntifraud},
	{method: "PUT", path: "/omni/manual-review", subject: "interviewId", query: []param{mayID}, need: bodyRequired, body: reviewBody, handle: (*Server).manualReview},
	{method: "POST", path: "/omni/process/approve", subject: "interviewId", query: []param{mustID}, need: bodyOptional, body: approveBody, handle: (*Server).approve},
	{method: "GET", path: "/omni/get/onboarding/status", subject: "id", query: onlyID, evenGone: true, handle: (*Server).onboardingStatus},
	{method: "GET", path: "/omni/onboarding-url", query: onboardingURLParams, handle: (*Server).onboardingURL},
	{method: "GET", path: "/omni/get/postprocess/isfinished", handle: (*Server).processingFinished},
	{method: "GET", path: "/omni/identity/{customerId}/sessions", access: accessExecutive, anySession: true, handle: (*Server).identitySessions},
	{method: "GET", path: "/omni/get/device-info", subject: "id", keeps: "deviceFingerPrints", query: []param{optionalID, {name: "returnData", kind: kindBool}}, handle: (*Server).deviceInfo},
	{method: "GET", path: "/omni/get/score", subject: "id", query: onlyID, handle: (*Server).score},
	{method: "POST", path: "/omni/get/images", subject: "id", keeps: "images", query: onlyID, need: bodyRequired, body: inlineBody, handle: (*Server).images},
	{method: "POST", path: "/omni/get/images/v2", subject: "id", keeps: "images", query: onlyID, need: bodyRequired, body: imagesBody, handle: (*Server).imageLinks},
	{method: "POST", path: "/omni/get/images-second-id", subject: "id", keeps: "images", query: onlyID, need: bodyRequired, body: secondBody, handle: (*Server).imagesSecond},
	{method: "GET", path: "/omni/get/ocr-data", subject: "id", query: onlyID, handle: (*Server).ocr},
	{method: "GET", path: "/omni/get/ocr-data/v2", subject: "id", query: onlyID, handle: (*Server).ocrWrapped},
	{method: "POST", path: "/omni/get/report", need: bodyRequired, body: reportBody, media: "application/pdf", handle: (*Server).eventsReport},
	{method: "GET", path: "/omni/get/events", anySession: true, query: eventsParams, need: bodyOptional, body: eventsParams, handle: (*Server).eventList},
	{method: "GET", path: "/omni/get/events-signature", subject: "id", query: onlyID, handle: (*Server).eventsSignature},
	{method: "GET", path: "/omni/finish-status", handle: (*Server).finish},
	{method: "DELETE", path: "/omni/interview", access: accessExecutive, subject: "interviewId", query: []param{mustID, {name: "keepCustomer", kind: kindBool}, {name: "sendNotification", kind: kindBool}}, handle: (*Server).deleteOne},
	{method: "DELETE", path: "/omni/interviews", access: accessExecutive, anySession: true, need: bodyRequired, body: deleteBody, handle: (*Server).deleteMany},
	{method: "POST", path: "/omni/expire/interviews", access: accessExecutive, anySession: true, need: bodyRequired, body: expireBody, handle: (*Server).expire},
	{method: "POST", path: "/omni/interview/set-interviewer", anySession: true, need: bodyRequired, body: interviewerBody, handle: (*Server).setInterviewer},
	{method: "GET", path: "/omni/get/id-summary", subject: "id", query: onlyID, handle: (*Server).idSummary},
	{method: "POST", path: "/omni/session/status/set", anySession: true, evenGone: true, query: statusParams, need: bodyOptional, body: statusParams, handle: (*Server).setStatus},
	{method: "GET", path: "/omni/session/status/get", evenGone: true, handle: (*Server).getStatus},
	{method: "POST", path: "/omni/authentication/verify", access: accessExecutive, anySession: true, need: bodyRequired, body: verifyBody, handle: (*Server).verifyAuthentication},
}

var (
	logInBody = []param{{name: "email", kind: kindString, required: true}, {name: "password", kind: kindString, required: true}}

	startBody = []param{
		{name: "countryCode", kind: kindString},
		{name: "language", kind: kindString, oneOf: words("en-US,es-ES")},
		{name: "externalId", kind: kindString},
		{name: "externalCustomerId", kind: kindString},
		{name: "interviewId", kind: kindString},
		{name: "uuid", kind: kindString},
		{name: "configurationId", kind: kindString},
		{name: "redirectionUrl", kind: kindString},
		{name: "customFields", kind: kindMap},
	}
	updateBody = []param{
		{name: "manualIdCheckNeeded", kind: kindBool},
		{name: "manualSelfieCheckNeeded", kind: kindBool},
		{name: "name", kind: kindString},
		{name: "birthDate", kind: kindString},
		{name: "address", kind: kindString},
		{name: "gender", kind: kindString, oneOf: words("M,F")},
	}
	smsParams  = []param{{name: "id", kind: kindString, required: true}}
	smsBody    = []param{{name: "clientId", kind: kindString, required: true}, {name: "smsText", kind: kindString}}
	reviewBody = []param{
		{name: "manualReviewStatus", kind: kindString, required: true, oneOf: words("REQUIRED,APPROVED,REJECTED")},
		{name: "newReason", kind: kindString},
	}
	approveBody  = []param{{name: "approveComponents", kind: kindStrings, oneOf: words("liveness,faceRecognition,id,governmentValidation")}}
	imagesBody   = []param{{name: "images", kind: kindStrings, required: true, oneOf: imageTypes}}
	inlineBody   = []param{{name: "images", kind: kindStrings, required: true, oneOf: inlineTypes}}
	secondBody   = []param{{name: "images", kind: kindStrings, required: true, oneOf: append(slices.Clone(imageTypes), signatures)}}
	reportBody   = []param{{name: "provider", kind: kindString, required: true, oneOf: words("incode,nom151")}}
	eventsParams = []param{
		{name: "id", kind: kindString},
		{name: "offset", kind: kindInt, max: 1 << 30},
		{name: "limit", kind: kindInt, min: 1, max: 100},
	}
	deleteBody = []param{
		{name: "filter", kind: kindObject, required: true, fields: []param{
			{name: "ids", kind: kindStrings},
			{name: "flowId", kind: kindString},
			{name: "externalId", kind: kindString},
		}},
		{name: "config", kind: kindObject, fields: []param{
			{name: "deletePiiDataOnly", kind: kindBool},
			{name: "sendNotification", kind: kindBool},
			{name: "relatedEntitiesToKeep", kind: kindStrings, oneOf: words("identities,faceTemplates,images,stats,chats,deviceFingerPrints")},
		}},
	}
	expireBody = []param{
		{name: "interviewIds", kind: kindStrings, required: true},
		{name: "cleanerConfiguration", kind: kindObject, required: true, fields: []param{
			{name: "expirationConditions", kind: kindStrings, required: true, oneOf: words("INCOMPLETE,NEEDS_REVIEW")},
		}},
	}
	onboardingURLParams = []param{
		{name: "clientId", kind: kindString},
		{name: "components", kind: kindString, oneOf: words("qr")},
		{name: "tag", kind: kindString, oneOf: words("payments,verification")},
	}
	verifyBody = []param{
		{name: "transactionId", kind: kindString, required: true},
		{name: "token", kind: kindString, required: true},
		{name: "interviewToken", kind: kindString, required: true},
	}
	interviewerBody = []param{{name: "interviewId", kind: kindString, required: true}, {name: "interviewerId", kind: kindString, required: true}}
	statusParams    = []param{{name: "action", kind: kindString, oneOf: words("Alive,Closed,Deleted")}, {name: "id", kind: kindString}}
)

// imageTypes are the types of Fetch images v2.
var imageTypes = words("selfie,videoSelfie,croppedFace,croppedIDFace,document,signature,fullFrameFrontID,fullFrameBackID," +
	"croppedFrontID,croppedBackID,confSelfie,confFrontID,confBackID,confPoa,addressStatement,medicalTest,secondId,thirdId,contract,signedContract")

// inlineTypes are those of Fetch images, with the name that its example uses.
var inlineTypes = words("selfie,videoSelfie,croppedFace,croppedIDFace,document,signature,fullFrameFrontID,fullFrameBackID," +
	"croppedFrontID,croppedBackID,confSelfie,confFrontID,confBackID,confPoa,addressStatement,medicalDoc,thirdId,contract,signedContract," +
	"videoSelfieCompareID,videoSelfieCompareOcr,otherDocument1,otherDocument2," + signatures)

// route finds the endpoint of a method and path (without the base path), and
// the value of the path's placeholder.
func route(method, path string) (e *endpoint, placeholder string, err *apiError) {
	known := false
	for i := range endpoints {
		value, ok := matchPath(endpoints[i].path, path)
		if !ok {
			continue
		}
		if endpoints[i].method == method {
			return &endpoints[i], value, nil
		}
		known = true
	}
	if known {
		return nil, "", failed(http.StatusMethodNotAllowed, "Request method '"+method+"' not supported")
	}
	return nil, "", failed(http.StatusNotFound, "No endpoint "+method+" "+path+".")
}

// matchPath compares a path with a pattern that may hold one {placeholder}.
func matchPath(pattern, path string) (value string, ok bool) {
	open, rest, found := strings.Cut(pattern, "{")
	if !found {
		return "", pattern == path
	}
	_, end, _ := strings.Cut(rest, "}")
	if len(path) <= len(open)+len(end) || !strings.HasPrefix(path, open) || !strings.HasSuffix(path, end) {
		return "", false
	}
	value = path[len(open) : len(path)-len(end)]
	return value, !strings.Contains(value, "/")
}
