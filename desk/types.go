package desk

import (
	"slices"
	"time"

	"docket/model"
)

// Policy is what the person at this desk works under.
type Policy struct {
	Profile  string        // name of the profile in use, for the status line
	Origin   string        // scheme, host and port of the API
	ReadOnly bool          // nothing may be changed at the API
	NoImages bool          // pictures are not asked for
	Hold     time.Duration // how long a send is held back; 0: not at all
	SLA      time.Duration // how long a session may wait for a person; 0: no limit
	Lease    time.Duration // how long a claim lasts; 0: sessions are not claimed
	Can      model.Capabilities

	Role   model.Role
	Rights []Right // what the role lets a person do

	Afar bool // files of this machine are not theirs

	ReasonsLang string          // of the texts of reasons
	Retention   model.Retention // what keeps sessions from being deleted
	SMSText     string          // what an SMS says unless a person says otherwise
}

// May reports whether there is a right.
func (p Policy) May(r Right) bool { return slices.Contains(p.Rights, r) }

// Token says what is known of the executive token, never the token itself.
type Token struct {
	Present bool
	User    string
	Expires time.Time // zero: unknown
	From    string    // where it came from: "keyring", "environment", …
}

// Added is what became of one id that was put in the inbox.
type Added struct {
	ID       string
	Row      model.Row
	New      bool
	Problem  *model.Problem   // the id could not be added: unknown to the API, or refused
	Problems []*model.Problem // parts that failed; the row was added all the same
}

// Plan is what an action would do, worked out before anything is sent.
type Plan struct {
	Action     model.Action
	Info       model.ActionInfo
	Who        model.Personal // the person the session is about
	Verdict    model.Verdict
	Overrides  []model.Check // checks that did not pass and that an approval sets aside
	Refusal    *model.Problem
	Second     *model.SecondRule // asks for a second person: it will be a proposal; nil: none does
	NeedsForce bool              // the verdict is not open to a decision: an override is needed
}

// Activity is what the console has asked of the API lately.
type Activity struct {
	Calls  []model.Call // newest first
	Budget model.Budget
}
