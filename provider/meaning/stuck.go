package meaning

import (
	"fmt"
	"slices"
	"strings"

	"docket/model"
)

// What is told to customers must tip nobody off: whatever the API found out about a
// person, somebody who has ended is told the same words, and a capture that failed is
// explained by its picture or not at all.
const (
	tellDone    = "Your identity check is complete. There is nothing more for you to do."
	tellResult  = "We have everything we need from you. You will hear about the result in the usual way; there is nothing for you to do now."
	tellReview  = "We have everything we need from you. It is being looked at, and you will hear from us; there is nothing for you to do now."
	tellWait    = "We have everything we need from you. The result takes a moment; there is nothing for you to do now."
	tellNew     = "This identity check has ended and cannot be continued. You will get a new link to begin again."
	tellReopen  = "I will open your identity check again and send you a link to continue."
	tellBegin   = "Please open the link and follow the steps on the screen. Have your ID at hand."
	tellGoOn    = "Please open the link again and follow the steps on the screen: it goes on where you left off."
	tellUnknown = "I cannot see your identity check at the moment. Please give me a minute."
	tellNoSuch  = "I cannot find this identity check. Please tell me again where you got the link from."
)

// stucks says where a customer is by the onboarding status, as far as the captures do
// not say more. What is here has not ended.
var stucks = map[model.Status]model.Stuck{
	model.StatusUnknown:            {Where: "not begun, or at the pictures of the ID", Tell: tellBegin, Next: model.NextLink},
	model.StatusIDFinished:         {Where: "the ID is captured; what comes after it is missing", Tell: tellGoOn, Next: model.NextLink},
	model.StatusSecondIDFinished:   {Where: "the second ID is captured; what comes after it is missing", Tell: tellGoOn, Next: model.NextLink},
	model.StatusPostProcessed:      {Where: "the ID is processed; the selfie is missing", Tell: tellGoOn, Next: model.NextLink},
	model.StatusFaceFinished:       {Where: "ID and selfie are captured; the end of the flow is missing", Tell: tellGoOn, Next: model.NextLink},
	model.StatusGovernmentFinished: {Where: "ID and selfie are captured; the end of the flow is missing", Tell: tellGoOn, Next: model.NextLink},
}

// ends says where a customer is who has ended, by the status; one that only finished
// depends on the verdict.
var ends = map[model.Status]model.Stuck{
	model.StatusManualReviewApproved: {Where: "finished, and approved by a person", Tell: tellDone, Next: model.NextNothing},
	model.StatusManualReviewRejected: {Where: "finished, and decided by a person", Tell: tellResult, Next: model.NextNothing},
	model.StatusExpired:              {Where: "the session has expired: the customer cannot go on in it", Tell: tellNew, Next: model.NextNew},
}

// finished says how a finished session stands, by the verdict. Any other ended without a review, and
// what it says is not for customers.
var finished = map[model.Verdict]model.Stuck{
	model.OK:            {Where: "finished, and passed", Tell: tellDone, Next: model.NextNothing},
	model.Warn:          {Where: "finished, and passed", Tell: tellDone, Next: model.NextNothing},
	model.ManualOK:      {Where: "finished, and passed", Tell: tellDone, Next: model.NextNothing},
	model.Manual:        {Where: "finished; a reviewer is to look at it", Tell: tellReview, Next: model.NextNothing},
	model.Unknown:       {Where: "finished; Incode could not come to a result", Tell: tellResult, Next: model.NextNothing},
	model.ManualPending: {Where: "finished; a reviewer is to look at it", Tell: tellReview, Next: model.NextNothing},
}

// ended is a finished session with any other verdict.
var ended = model.Stuck{Where: "finished, and the result is there: nothing the customer can do in this session", Tell: tellResult, Next: model.NextNothing}

// Stuck says where the customer of a session is stuck and what to tell them, by what
// has been read of it so far. Empty: too little has.
func Stuck(so *model.Session) model.Stuck {
	status := so.Parts[model.PartStatus]
	switch {
	case status.Problem != nil && status.Problem.Kind == model.KindNotFound:
		return model.Stuck{Where: "the API does not know this session", Tell: tellNoSuch, Next: model.NextNew}
	case so.Life == model.Deleted:
		return model.Stuck{Where: "the personal data of this session is deleted: it has ended", Tell: tellNew, Next: model.NextNew}
	case so.Status == "" && status.Problem != nil:
		return model.Stuck{Where: "not known: the status could not be read", Tell: tellUnknown, Next: model.NextRead}
	case so.Status == "":
		return model.Stuck{}
	}
	if end, ok := ends[so.Status]; ok {
		return end
	}
	if so.Status == model.StatusFinished || so.Status.Rank() == 0 && !so.FinishedAt.IsZero() {
		return ofResult(so)
	}
	s, ok := stucks[so.Status]
	if !ok {
		s = model.Stuck{Where: "at a step that docket does not know", Tell: tellGoOn, Next: model.NextLink}
	}
	s = atCapture(s, so)
	if so.Life == model.Closed {
		s.Where, s.Tell, s.Next = "the session is closed before its end: "+s.Where, tellReopen, model.NextReopen
	}
	return s
}

// ofResult says how a session stands that the customer has finished.
func ofResult(so *model.Session) model.Stuck {
	score := so.Parts[model.PartScore]
	if s, ok := finished[so.Verdict]; ok {
		return s
	}
	switch {
	case so.Verdict != "":
		return ended
	case score.Problem != nil:
		return model.Stuck{Where: "finished; the result could not be read", Tell: tellWait, Next: model.NextRead}
	}
	return model.Stuck{Where: "finished; the result is not there yet", Tell: tellWait, Next: model.NextWait}
}

// capture is one kind of picture that a customer takes.
type capture struct {
	name  string
	again string // what helps when nobody knows why it failed
}

var (
	ofID     = "Please take the picture again in good light, with the whole document in the frame."
	captures = map[string]capture{
		"front":       {"the front of the ID", ofID},
		"back":        {"the back of the ID", ofID},
		"secondfront": {"the front of the second ID", ofID},
		"secondback":  {"the back of the second ID", ofID},
		"selfie":      {"the selfie", "Please take the selfie again in good light, with the whole face in the frame and nothing in front of it."},
	}
)

// retakes say, by the reason why a capture failed, what to do about the picture. What
// is not here is not told: some reasons are about the person.
var retakes = map[string]struct{ why, tell string }{
	"DOCUMENT_NOT_READABLE":     {"not readable", "Please lay the document flat in good light, without reflections, and hold the phone still."},
	"UNABLE_TO_ALIGN_DOCUMENT":  {"not aligned", "Please put the whole document into the frame, on a plain surface."},
	"WRONG_DOCUMENT_SIDE":       {"the other side", "Please turn the document over: the other side is asked for."},
	"WRONG_ONE_SIDED_DOCUMENT":  {"a document with one side", "Please choose the type of document that you have, and take its picture again."},
	"UNKNOWN_DOCUMENT_TYPE":     {"not recognised as a document", "Please show the whole document and nothing else, on a plain surface."},
	"ID_TYPE_UNACCEPTABLE":      {"a type that is not accepted", "This type of document is not accepted here. Please use another official one."},
	"UNEXPECTED_ERROR_OCCURRED": {"an error of the system", "There was a technical problem that is not yours. Please try again in a few minutes."},
	"FACE_NOT_FOUND":            {"no face in the picture", "Please look straight into the camera, with the whole face in the frame."},
	"TOO_DARK":                  {"too dark", "Please find more light, with your face towards it."},
	"FACE_TOO_FAR":              {"too far away", "Please hold the camera closer to your face."},
	"FACE_TOO_CLOSE":            {"too close", "Please hold the camera a little further from your face."},
	"hasFaceMask":               {"something covers the face", "Please take off what covers your face, and take the selfie again."},
	"hasLenses":                 {"glasses", "Please take your glasses off, and take the selfie again."},
}

// atCapture says at which picture the customer is, when the last thing they tried to
// take did not succeed; and that they have not begun, when no event tells of them.
func atCapture(s model.Stuck, so *model.Session) model.Stuck {
	if so.Status == model.StatusUnknown && so.Parts[model.PartEvents].Done() && so.Parts[model.PartEvents].Problem == nil && !so.EventsMore {
		s.Where = "the pictures of the ID are not complete"
		if !slices.ContainsFunc(so.Events, isCapture) {
			s.Where = "no picture of the ID was taken yet"
		}
	}
	kind, why, n := lastFailure(so.Events)
	c, known := captures[kind]
	if !known {
		return s
	}
	s.Tell, s.Where = c.again, fmt.Sprintf("%s did not succeed in %d attempts", c.name, n)
	if n == 1 {
		s.Where = c.name + " did not succeed in one attempt"
	}
	if r, ok := retakes[why]; ok {
		s.Tell = r.tell
		s.Where += "; the last: " + r.why
	}
	s.Tell = "Please open the link again. " + s.Tell
	return s
}

// isCapture reports whether an event tells of a picture that was taken.
func isCapture(e model.Event) bool {
	_, known := captures[captureOf(e)]
	return known
}

// captureOf returns which picture an event is about, in lower case and letters only;
// empty: none.
func captureOf(e model.Event) string {
	if !strings.Contains(strings.ToLower(e.Name), "capture") {
		return ""
	}
	kind := strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(detail(e, "type")))
	return strings.TrimSuffix(kind, "id")
}

func detail(e model.Event, name string) string {
	for _, f := range e.Detail {
		if f.Name == name {
			return f.Value.Reveal()
		}
	}
	return ""
}

// lastFailure returns which picture was tried last, if it did not succeed, why the
// last attempt failed, and how many did.
func lastFailure(events []model.Event) (kind, why string, n int) {
	for _, e := range slices.Backward(events) {
		of := captureOf(e)
		switch {
		case !isCapture(e) || kind != "" && of != kind:
			continue
		case e.Tone != model.ToneBad && detail(e, "success") != "":
			return kind, why, n
		case e.Tone != model.ToneBad: // it tells of something else than an attempt
			continue
		}
		if n++; n == 1 {
			kind, why = of, detail(e, "failReason")
		}
	}
	return kind, why, n
}
