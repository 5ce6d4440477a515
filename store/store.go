// Package store keeps the inbox: the sessions that docket has heard of, with
// notes and tags. The API has no list of sessions, so this is the only one.
//
// Two databases stand behind the one interface: store/sqlite for a person, and
// Postgres for a team. What they must agree on is in store/storetest.
package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"docket/audit"
	"docket/model"
)

// What a caller may want to tell apart.
var (
	// ErrNotFound is returned for an interview id that the inbox does not hold.
	ErrNotFound = errors.New("session is not in the inbox")
	// ErrPending is returned where an action is on its way or of unknown outcome.
	ErrPending = errors.New("an earlier action on the session is not settled")
	// ErrActed is returned where an action ended that the caller cannot know of.
	ErrActed = errors.New("another action on the session ended meanwhile")
	// ErrClaimed is returned where somebody else has claimed the session.
	ErrClaimed = errors.New("somebody else has claimed the session")
	// ErrProposed is returned where a decision waits for a second person.
	ErrProposed = errors.New("a decision on the session waits for a second person")
	// ErrDown is behind errors of the database itself, whatever was asked of it: it
	// cannot be reached, written to, or used at all.
	ErrDown = errors.New("the database cannot be used")
	// ErrNoProposal is returned where a proposal is not there, or another one.
	ErrNoProposal = errors.New("the proposal is not there any more")
)

// Change says that rows changed. IDs is empty when the store cannot tell which:
// another process wrote, too many changed at once, or the database is back.
type Change struct {
	IDs []string
	// Away says that the database does not answer: what others write is not heard of
	// until a change comes that does not say so. Without IDs it is no more than that.
	Away bool
}

// Erased says how much of a session was erased here, beside its row.
type Erased struct {
	Notes, CaseFiles int
	Results          int // that webhooks told of its customer
}

// String is the detail of an entry in the audit log.
func (e Erased) String() string {
	text := fmt.Sprintf("notes %d, case files %d", e.Notes, e.CaseFiles)
	if e.Results > 0 {
		text += fmt.Sprintf(", results %d", e.Results)
	}
	return text
}

// Store is an inbox. All methods may be called from many goroutines. Errors
// wrap ErrNotFound where a named session is missing.
type Store interface {
	// Upsert adds rows or merges them into what is known of them, in one
	// transaction; Merge has the rules. In short: a row is what one reading of the
	// session brought, and what the reading did not bring stays as it was. AddedAt,
	// tags, claims and a pending outcome of an existing row stay in any case; of a
	// new row they are taken.
	Upsert(ctx context.Context, rows ...model.Row) error
	// Get returns one row.
	Get(ctx context.Context, id string) (model.Row, error)
	// Has says which of the ids the inbox holds.
	Has(ctx context.Context, ids ...string) (map[string]bool, error)
	// List returns one page. It costs the same at any place of the inbox. A search
	// text without a letter or digit in it asks for nothing and finds every row.
	List(ctx context.Context, q model.Query) (model.Page, error)
	// Counts returns how many rows each view holds, at no cost that grows with
	// the inbox. Mine is counted for who.
	Counts(ctx context.Context, who string, now time.Time) (model.Counts, error)
	// Aged returns how many rows of a view wait since when: before the first of the
	// times, between each and the next, and not before the last. The times are in
	// order. It reads an index and no row; the view is one of StoredViews.
	Aged(ctx context.Context, v model.View, times ...time.Time) ([]int64, error)
	// Alike returns rows with the same device hash or the same IP address as the
	// row with the id, without it, newest first, at most limit of each.
	Alike(ctx context.Context, id string, limit int) (device, ip []model.Row, err error)
	// Forget erases everything personal of a session: name, document, device,
	// notes, tags, custom fields, its entry in the search index, and where its case
	// files are. The id stays, with the life Deleted. In the same transaction it logs
	// what was erased: the entries get it as their detail (Erased).
	Forget(ctx context.Context, id string, log ...audit.Entry) error

	// Intend records that an action is about to be sent: the one gate for all
	// processes that share the inbox. In one transaction, for all the rows or for
	// none, it refuses with ErrPending a session that another action is on, and
	// with ErrActed one on which an action ended after since: what its caller knows
	// of the session may be older, with ErrClaimed one that somebody else has claimed,
	// and with ErrProposed one with a proposal, unless it is the one that is confirmed:
	// that ends with the intent. A row that is missing is added, and is a guest;
	// whether it was one before nobody knows, so any guest that left counts for it.
	Intend(ctx context.Context, p model.Pending, since time.Time, log []audit.Entry, rows ...model.Row) error
	// Conclude ends the pending action of a session if it is p, and no other; the
	// action ended at the time given, and took effect if p says so (Took); with one that was
	// not sent (Unsent) nothing was done. A guest leaves, unless somebody has put notes or
	// tags on it or added it meanwhile. That there is nothing to end is no error.
	Conclude(ctx context.Context, id string, p model.Pending, at time.Time, log ...audit.Entry) error

	// Claim gives a session to a person for a time, in one transaction with the
	// entries, and returns its row then. ErrClaimed: somebody else has it, unless it is
	// taken over from them by name; or its data was deleted. Who has it already gets a
	// longer lease, and no entry.
	Claim(ctx context.Context, id string, c Claim, log ...audit.Entry) (model.Row, error)
	// Release ends the claim of a person. If it is not theirs, nothing happens and
	// nothing is logged.
	Release(ctx context.Context, id, who string, log ...audit.Entry) error
	// Propose keeps an action of one session until a second person confirms it, under
	// the conditions of Intend. The claim of who proposes ends. A row that is missing
	// is added.
	Propose(ctx context.Context, p model.Proposal, since time.Time, log []audit.Entry, row model.Row) error
	// EndProposal takes a proposal away that will not be sent. ErrNoProposal: it is
	// not there, or another one is.
	EndProposal(ctx context.Context, id, ref string, log ...audit.Entry) error

	// Bind says for which API the inbox is to be used (scheme, host, port). The
	// first rows bind it for good: another API is refused, because ids mean nothing
	// there, and a decision must not go to the wrong one. See BoundTo.
	Bind(ctx context.Context, origin string) error
	// Recall keeps a value of the whole inbox under a name. When it is another one
	// than the last, it is written with the entries that log makes of the last one
	// (empty: there was none) in one transaction; else nothing is written.
	Recall(ctx context.Context, name, value string, log func(was string) []audit.Entry) error

	// The audit log. Intend and Conclude write their entries in the transaction of
	// what they tell of. An entry without a time gets that of the transaction.
	audit.Reader
	// Log adds entries, durably when it returns.
	Log(ctx context.Context, entries ...audit.Entry) error
	// Checkpoint signs the log as it is, unless its size was signed already. Nobody
	// adds to it meanwhile.
	Checkpoint(ctx context.Context, sign func(size int64, root tlog.Hash) (string, error)) error

	// PlanBatch begins a bulk run: what is done to each session is kept, and the
	// entries that plan it for each are logged, in one transaction. Batches and
	// BatchLeft cost what the runs that are under way cost, however long the log is:
	// an entry of the run (Entry.Batch) that says an intent, a refusal or an undo
	// takes its session out, a stop takes out all, and with the last one goes what
	// was kept. An intent for a session that is not left is refused with ErrActed: of
	// two who go on with the same run one sends.
	PlanBatch(ctx context.Context, b model.Batch, log []audit.Entry) error
	// Batches returns the bulk runs that have sessions left, the oldest first.
	Batches(ctx context.Context) ([]model.Batch, error)
	// BatchLeft returns the entries that planned the sessions that a run has left, in
	// the order of the plan.
	BatchLeft(ctx context.Context, id string) ([]audit.Entry, error)

	// AddNote and Notes keep remarks, oldest first.
	AddNote(ctx context.Context, id string, n model.Note) error
	Notes(ctx context.Context, id string) ([]model.Note, error)
	// SetTags replaces the tags of a session.
	SetTags(ctx context.Context, id string, tags []string) error
	// KeepCaseFile remembers that a case file of a session was written to a file, an
	// absolute path, so that a deletion can erase it too. CaseFiles returns what is
	// remembered, by path, until Forget. The session need not be in the inbox.
	KeepCaseFile(ctx context.Context, id, path string) error
	CaseFiles(ctx context.Context, id string) ([]string, error)
	// Tags returns every tag in use with the number of its sessions.
	Tags(ctx context.Context) (map[string]int64, error)

	// Watch sends a value after rows changed, here or in another process, until
	// ctx ends; then it closes the channel. Changes that come quickly are joined. It
	// also sends one when the database goes away, within two seconds unless only the
	// network shows it, and one when it is back.
	Watch(ctx context.Context) <-chan Change

	Close() error
}
