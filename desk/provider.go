package desk

import (
	"context"

	"docket/model"
)

// Provider is a system that verifies identities, as the desk needs it. Its
// answers are clean and in the model's words.
type Provider interface {
	// Name is what Session.Provider holds.
	Name() string
	// Origin is scheme, host and port: what credentials belong to.
	Origin() string
	Capabilities() model.Capabilities

	// Parts are fetched when a session is opened, all side by side.
	Parts() []model.Part
	// Follow names the parts that can be fetched only now that the score has
	// come, for instance the second document when there is one.
	Follow(so *model.Session) []model.Part
	// Fetch reads one part. The function it returns puts the part on a session,
	// also when there is a problem, and must not fail.
	Fetch(ctx context.Context, id string, part model.Part, so *model.Session) (func(*model.Session), *model.Problem)
	// FetchMore reads the rest of a timeline of which Fetch gave the first page
	// (Session.EventsMore).
	FetchMore(ctx context.Context, id string) (func(*model.Session), *model.Problem)
	// Picture fetches one picture of a session. A link that has ended is asked for
	// anew, once. The problem says which picture, and never holds a link.
	Picture(ctx context.Context, id string, ref model.PictureRef) (model.Picture, *model.Problem)
	// Veiled returns a body of a part without what may not be seen: leaf by leaf what
	// is personal unless plain, and what antifraud and watch lists found unless risk. It
	// is JSON, or nothing.
	Veiled(part model.Part, body []byte, plain, risk bool) []byte
	// Link returns the address at which the customer of a session goes through its
	// onboarding. The session must have been read. The problem never holds the address.
	Link(ctx context.Context, so *model.Session) (model.Link, *model.Problem)
	// Row is what the inbox keeps of a session.
	Row(so *model.Session) model.Row

	// Act carries out an action with exactly one write. It never repeats it.
	Act(ctx context.Context, a model.Action) model.Outcome

	Login(ctx context.Context, email, password string) (token string, err error)
	SetToken(token string)
	Journal(most int) []model.Call // the newest, newest first; 0: all there are
	Budget() model.Budget
}
