package common

import (
	"context"
	"time"

	"docket/audit"
	"docket/desk"
	"docket/model"
	"docket/stats"
)

// Desk is what the console asks of package desk. Every method that takes a
// context may wait for disk or network and is only called from a command.
type Desk interface {
	Me() model.Actor
	Policy() desk.Policy
	Token() desk.Token
	Login(ctx context.Context, email, password string) error

	List(ctx context.Context, q model.Query) (model.Page, error)
	Counts(ctx context.Context) (model.Counts, error)
	// Watch sends a value after rows changed, and when the store went away or is back;
	// it closes when ctx ends.
	Watch(ctx context.Context) <-chan struct{}
	// Away returns since when the store is away; the zero time: it is there. What is
	// asked of it then is refused at once.
	Away() time.Time
	// Erased returns those of the sessions that were deleted after they were read
	// here, by whomever.
	Erased(ctx context.Context, ids ...string) []string
	Add(ctx context.Context, ids []string) []desk.Added

	// Reveal logs that masked values are shown in clear: in the sessions, or in the
	// inbox when none is named. With an error nothing may be revealed.
	Reveal(ctx context.Context, ids ...string) error
	// Export logs that something of a session leaves the console, and in a few words
	// what; never a value. With an error nothing may leave.
	Export(ctx context.Context, id, what string) error

	// Unmask shows a masked value of a session in clear for a while, or all of them when
	// field is empty. It is logged with the reason. See desk.Seat.
	Unmask(ctx context.Context, id, field, reason string) (until time.Time, err error)
	// MaskAgain hides what was revealed so before its time is over.
	MaskAgain()
	// AuditLog returns the audit log to who may read it.
	AuditLog() (audit.Reader, error)

	// Link returns the address of a customer's onboarding in order to show it, and logs
	// that and how; never to be kept. Links returns when it was sent and shown before.
	Link(ctx context.Context, id, how string) (model.Link, error)
	Links(ctx context.Context, id string) (desk.Links, error)

	// Peek returns what is known of a session that was shown, without asking
	// anybody; nil if nothing is.
	Peek(id string) *model.Session
	// Open fetches every part side by side and sends a new snapshot as each
	// arrives; it closes the channel when all have come or failed. Leaving ctx
	// cancels what is still under way.
	Open(ctx context.Context, id string) <-chan *model.Session
	// Refresh fetches the parts again, or all of them if none is named. Parts
	// that need the session's own token are only fetched when named.
	Refresh(ctx context.Context, id string, parts ...model.Part) <-chan *model.Session
	// Prefetch warms the sessions that may be opened next, when there is room.
	Prefetch(ctx context.Context, ids ...string)

	// Picture returns one picture, from memory or fetched; callers of the same one
	// share a fetch, which ends when none waits any more.
	Picture(ctx context.Context, id string, ref model.PictureRef) (model.Picture, error)
	// DropPictures forgets the pictures of the sessions, or all when none is named.
	DropPictures(ids ...string)
	// SavePictures writes pictures into a folder and sends what became of each.
	SavePictures(ctx context.Context, id string, refs []model.PictureRef, o desk.SaveOptions) <-chan model.SavedPicture

	Reasons(kind model.ActionKind) []model.Reason
	// Plan works out what an action would do; it sends nothing.
	Plan(a model.Action) desk.Plan
	// Submit checks the guards and holds the action back, then sends it once.
	Submit(ctx context.Context, a model.Action) (*desk.Submission, error)
	// Claim takes a session for a time, TakeOver takes it from who has it, Renew makes
	// the time longer and Release gives it back. Next claims the session that has waited
	// longest, but not the one with the id. See desk.Seat.
	Claim(ctx context.Context, id string) (model.Row, error)
	TakeOver(ctx context.Context, id, from string) (model.Row, error)
	Renew(ctx context.Context, id string) (model.Row, error)
	Release(ctx context.Context, id string) error
	Next(ctx context.Context, but string) (model.Row, error)
	// Confirm sends what another person has proposed, held back as Submit does.
	Confirm(ctx context.Context, id string, seen model.Evidence) (*desk.Submission, error)
	// EndProposal takes a proposal back, or declines that of somebody else.
	EndProposal(ctx context.Context, id string) error
	// Settle ends an unknown outcome by a person's word.
	Settle(ctx context.Context, id string, applied bool) error

	// DryRun works out for many sessions what would be sent, and sends nothing.
	DryRun(ctx context.Context, o desk.BulkOrder) (<-chan desk.BulkItem, error)
	// StartBulk sends what a dry run has found ready, until ctx ends.
	StartBulk(ctx context.Context, o desk.BulkOrder, items []desk.BulkItem) (*desk.Bulk, error)
	// Unfinished returns the bulk runs with sessions left, Remaining what one of
	// them has left, and StopBatch ends one for good.
	Unfinished(ctx context.Context) ([]desk.Unfinished, error)
	Remaining(ctx context.Context, batch string) (desk.BulkOrder, error)
	StopBatch(ctx context.Context, batch string) error

	Notes(ctx context.Context, id string) ([]model.Note, error)
	AddNote(ctx context.Context, id, text string) error
	Compared(ctx context.Context, id string, c model.Comparison) error
	Row(ctx context.Context, id string) (model.Row, error)
	SetTags(ctx context.Context, id string, tags []string) error

	Activity(most int) desk.Activity
	// Stats returns what was decided in a period, and how long waits what waits now.
	Stats(ctx context.Context, q stats.Query) (stats.Report, error)
}
