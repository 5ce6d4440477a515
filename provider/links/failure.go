package links

import (
	"context"
	"strconv"

	"docket/model"
)

// Why is what kept a picture from being fetched.
type Why int

// The reasons.
const (
	BadLink     Why = iota + 1 // it cannot be read, or holds a user
	NotSecure                  // neither https nor, where that is allowed, http
	BadAddress                 // it leads to an address that is not of the open internet
	Redirects                  // it leads on too often, or to nowhere
	Expired                    // the server refuses the link (400, 401, 403, 404, 410)
	BadStatus                  // the server answered with another status
	Unreachable                // no connection, or it broke
	Untrusted                  // the server's certificate is not trusted
	TooSlow                    // not there within the limit
	TooLarge                   // more bytes than the limit
	Empty                      // no bytes at all
	NotPicture                 // bytes of another kind
	Broken                     // a picture's header that cannot be read
	TooManyPixels
	Canceled // the caller gave up
)

// Failure is a picture that was not fetched. It never holds the link, nor an
// error that does.
type Failure struct {
	Why    Why
	Status int // of HTTP; 0: none came
	cause  error
}

// advice is what a failure means to a person: one row a reason.
type advice struct {
	kind    model.Kind
	message string // what happened
	do      string // what to do now
}

const (
	doTell  = "the picture is not shown; tell Incode's support"
	doLater = "try again; if it stays so, look at it in Incode's dashboard"
)

var advices = map[Why]advice{
	BadLink:       {model.KindShape, "The API gave something else than a link to the picture", doTell},
	NotSecure:     {model.KindGuard, "The link to the picture is not https, it was not followed", doTell},
	BadAddress:    {model.KindGuard, "The link to the picture leads into a private network, it was not followed", doTell},
	Redirects:     {model.KindGuard, "The link to the picture leads from one address to the next, it was given up", doTell},
	Expired:       {model.KindRefused, "The picture's server refused the link", "refresh the session, then try again"},
	BadStatus:     {model.KindServer, "The picture's server failed", doLater},
	Unreachable:   {model.KindUnreachable, "The picture's server could not be reached", "check the network; pictures are fetched without a proxy"},
	Untrusted:     {model.KindUnreachable, "The certificate of the picture's server is not trusted", "check the network and this machine's clock"},
	TooSlow:       {model.KindTimeout, "The picture did not come in time", doLater},
	TooLarge:      {model.KindTooLarge, "The picture is larger than 10 MB", "look at it in Incode's dashboard"},
	Empty:         {model.KindShape, "The picture is empty", doLater},
	NotPicture:    {model.KindShape, "What came is no picture (JPEG, PNG, WebP, GIF) and no PDF", doTell},
	Broken:        {model.KindShape, "The picture is broken", doTell},
	TooManyPixels: {model.KindTooLarge, "The picture has too many pixels to be opened safely", "look at it in Incode's dashboard"},
	Canceled:      {model.KindUndone, "The request was given up", ""},
}

// Error says what happened.
func (f *Failure) Error() string { return advices[f.Why].message }

// Unwrap returns the end of a context behind the failure, if it was that.
func (f *Failure) Unwrap() error { return f.cause }

// Problem turns the failure into one that a person can act on. Subject names the
// picture, without personal data.
func (f *Failure) Problem(subject string) *model.Problem {
	a := advices[f.Why]
	p := model.NewProblem(a.kind, a.message, subject, a.do).Because(f)
	p.Part, p.HTTP = model.PartImages, f.Status
	if f.Status != 0 {
		p.Message += " (HTTP " + strconv.Itoa(f.Status) + ")"
	}
	return p
}

func because(why Why) *Failure { return &Failure{Why: why} }

// ended is the failure of a fetch whose context ended: the caller's, or only the
// one with the time limit.
func ended(caller context.Context) *Failure {
	if err := caller.Err(); err != nil {
		return &Failure{Why: Canceled, cause: err}
	}
	return &Failure{Why: TooSlow, cause: context.DeadlineExceeded}
}
