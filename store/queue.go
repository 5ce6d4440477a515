package store

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"docket/audit"
	"docket/model"
)

// ErrNoTicket is returned for a session of the token backend that is not known.
var ErrNoTicket = errors.New("there is no such session of the token backend")

// Delivery is a webhook that was accepted and has not come into the inbox yet.
type Delivery struct {
	Seq  int64     // given by the store; the order of arrival
	At   time.Time // when it was accepted
	Body []byte    // what the gateway understood of it; nothing in it is secret
}

// JobKind says what is to be done.
type JobKind string

// The kinds of jobs.
const (
	JobLookUp  JobKind = "look-up" // read a session from the API; the key is its interview id
	JobNotify  JobKind = "notify"  // send an outgoing webhook; the body is what it says
	JobEnroll  JobKind = "enroll"  // create the identity, as a rule says; the key is an interview id
	JobWebhook JobKind = "webhook" // a delivery that could not be placed; always set aside
)

// Reads reports whether a job of the kind changes nothing elsewhere: one whose end was
// lost is done again. So does what belongs to no job.
func (k JobKind) Reads() bool { return k == JobLookUp || k == "" }

// Job is work that is kept until it is done. There is one of a kind for a key: asked
// for again, it is due again.
type Job struct {
	Kind  JobKind
	Key   string
	Body  []byte
	Due   time.Time // not before; while somebody works on it, when it is taken for lost
	Tries int       // how often it failed
	// Version counts how often it was asked for, so that what was asked for while it
	// was being done is done too.
	Version int64
	Reason  string // why it failed last
	Aside   bool   // it failed too often, and waits for a person
}

// Placed is what becomes of deliveries.
type Placed struct {
	Rows    []model.Row // merged into the inbox (Merge)
	Jobs    []Job       // added, or due again
	Results []Result
}

// Result is what a webhook told of somebody who is known already: an authentication,
// or an identity that was verified elsewhere.
type Result struct {
	Kind     string // "authentication", "verification.completed", …
	ID       string // of the transaction or object; the same one is kept once
	Customer string // identity that it is about; may be empty
	Outcome  string // "OK", "FAIL", or empty
	Detail   string // in a few words, nothing personal
	At       time.Time
}

// Effects are what rules do with a session that was read.
type Effects struct {
	Tags  []string      // added to those that it has
	Claim *Claim        // given to somebody, unless somebody has it
	Ahead time.Duration // it goes before those that have waited so much longer; 0 changes nothing
	Ruled *model.Ruled  // what the rules have seen of it; nil changes nothing
	Jobs  []Job
	Log   []audit.Entry
}

// Ticket is a session that the token backend began: what its caller knows it by,
// and the sealed token for it.
type Ticket struct {
	Unique string // made here; the caller knows no other name
	ID     string // interview id
	Sealed []byte // the session's token, unreadable without the key of the gateway
	At     time.Time
}

// Depth is how much waits in the queue.
type Depth struct {
	Deliveries int64
	Oldest     time.Time         // arrival of the oldest delivery; zero: none waits
	Due        map[JobKind]int64 // jobs whose time has come
	Later      map[JobKind]int64 // jobs whose time will come
	Aside      int64             // jobs that wait for a person
	Last       time.Time         // when the last webhook was accepted; zero: never
}

// Queue is what gateways keep between a webhook and the inbox. Several gateways may
// work on one: what one has taken the others pass over.
//
// Place, TakeJobs, and Settle and PutOff of a job that only reads do not wait for the
// disk: when the power fails, the last of them may not have happened, and then nothing
// that was written after them has. What they began with is still there, and is done
// again. All else is on disk when it returns.
type Queue interface {
	// Accept keeps a webhook, durably when it returns. Callers at the same time may
	// share one commit.
	Accept(ctx context.Context, d Delivery) error
	// Place takes the oldest deliveries that nobody else has taken, at most n, and does
	// with them what fn says, in one transaction in which they also go. It returns how
	// many there were. When it fails, all of them are still there.
	Place(ctx context.Context, n int, fn func([]Delivery) Placed) (int, error)

	// TakeJobs returns jobs of a kind that are due, the longest first, at most n. They
	// are not due again before until.
	TakeJobs(ctx context.Context, kind JobKind, n int, now, until time.Time) ([]Job, error)
	// Settle ends a job and keeps what it brought, in one transaction: the row is
	// merged, and effects, if there are any, are given what was known before and what
	// is known now. A job that was asked for again meanwhile stays, and is due. The
	// row may be one without an id: then there is none.
	Settle(ctx context.Context, j Job, row model.Row, effects func(old, now model.Row) Effects) error
	// PutOff keeps what a try came to: Due, Tries, Reason and Aside. A job that was
	// asked for again meanwhile is due at once instead. A row comes along, if it has
	// an id.
	PutOff(ctx context.Context, j Job, row model.Row) error
	// AddJobs adds jobs, or makes them due again.
	AddJobs(ctx context.Context, jobs ...Job) error
	// Aside returns the jobs that wait for a person, the oldest first, at most limit.
	Aside(ctx context.Context, limit int) ([]Job, error)
	// Retry makes jobs that were set aside due again, Drop ends them: those with a
	// key, or all without one. Both return how many there were.
	Retry(ctx context.Context, now time.Time, keys ...string) (int, error)
	Drop(ctx context.Context, keys ...string) (int, error)

	// Depth returns how much waits.
	Depth(ctx context.Context, now time.Time) (Depth, error)
	// Results returns what was told last, the newest first, at most limit.
	Results(ctx context.Context, limit int) ([]Result, error)

	// KeepTicket keeps a session of the token backend, and lets go of those that began
	// before a time.
	KeepTicket(ctx context.Context, t Ticket, before time.Time) error
	// Ticket returns one, or ErrNoTicket.
	Ticket(ctx context.Context, unique string) (Ticket, error)
}

// Inbox is a store with the queue of gateways.
type Inbox interface {
	Store
	Queue
}

// Naming returns the pieces of JSON by which the body of a delivery or of a job names a
// session or its customer, as package intake writes them.
func Naming(r model.Row) [][]byte {
	var all [][]byte
	for _, by := range []struct{ member, value string }{{"id", r.ID}, {"customer", r.CustomerID}} {
		if quoted, err := json.Marshal(by.value); err == nil && by.value != "" {
			all = append(all, append([]byte(`"`+by.member+`":`), quoted...))
		}
	}
	return all
}

// SetAside returns the job of a delivery that cannot be placed, so that the rest can
// come in: it waits for a person.
func (d Delivery) SetAside(reason string) Job {
	return Job{Kind: JobWebhook, Key: strconv.FormatInt(d.Seq, 10), Body: d.Body, Due: d.At, Tries: 1, Reason: reason, Aside: true}
}

// Again returns a job that is asked for once more: due when the earlier of both is.
func (j Job) Again(once Job) Job {
	if j.Aside || once.Due.Before(j.Due) {
		j.Due = once.Due
	}
	j.Version++
	j.Aside, j.Tries, j.Reason, j.Body = false, 0, "", once.Body
	return j
}

// Affected returns a row with what rules do to it.
func Affected(r model.Row, e Effects) model.Row {
	if r.Life == model.Deleted {
		return r
	}
	r.Tags = Tags(append(append([]string(nil), r.Tags...), e.Tags...))
	if e.Ahead != 0 {
		r.Ahead = e.Ahead
	}
	if e.Ruled != nil {
		r.Ruled = e.Ruled
	}
	if e.Claim != nil && r.HeldBy(e.Claim.Who, e.Claim.At) == "" {
		r, _, _ = Claimed(r, *e.Claim) // nobody has it, so it is not refused
	}
	return r
}
