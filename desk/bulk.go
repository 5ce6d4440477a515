package desk

import (
	"context"
	"slices"
	"sync"
	"time"

	"docket/audit"
	"docket/model"
)

// MaxBulk is how many sessions one bulk run takes. Each costs the API some nine
// requests in all: this many take it half an hour and leave half of its limits to
// everybody else.
const MaxBulk = 2000

// BulkOrder is what a person asks for: one action on each of many sessions.
type BulkOrder struct {
	Action model.Action // without ids
	IDs    []string
	Batch  string            // the run that is gone on with; empty: a new one
	expect map[string]string // by interview id: the digest that was planned on
}

// BulkState is what became of a session in a bulk run.
type BulkState uint8

// The states of a session in a bulk run.
const (
	BulkReady   BulkState = iota // would be sent
	BulkRefused                  // a guard or the API refused it: nothing changed
	BulkSending                  // on its way
	BulkDone                     // the API confirmed it
	BulkUnknown                  // sent, and no clear answer
)

// BulkItem is one session of a bulk run: what a dry run found, then what became of
// it.
type BulkItem struct {
	ID        string
	Who       model.Personal
	Verdict   model.Verdict
	Status    model.Status
	Overrides []string // checks that did not pass and that an approval sets aside
	Forced    bool     // the verdict does not wait for a person, and it is decided all the same
	State     BulkState
	Why       string // why it was refused, in two or three words, to be counted
	Problem   *model.Problem
	Says      string // of an end: one sentence for a person
	HTTP      int

	seen *glance
}

// glance is what the dry run saw of a session, as far as the run compares it and
// logs it.
type glance struct {
	so  *model.Session // without what nothing is compared with
	saw []audit.Digest
}

// glanceAt keeps of a session what differences and evidence need: two thousand
// whole ones would be a gigabyte.
func glanceAt(so *model.Session) *glance {
	slim := &model.Session{
		ID: so.ID, Status: so.Status, Verdict: so.Verdict, Score: so.Score, Digest: so.Digest, Parts: map[model.Part]model.PartState{},
	}
	for _, p := range driftParts {
		slim.Parts[p] = model.PartState{At: so.Parts[p].At, Problem: so.Parts[p].Problem}
	}
	for _, c := range so.Checks {
		slim.Checks = append(slim.Checks, model.Check{Section: c.Section, Key: c.Key, Status: c.Status})
	}
	for _, f := range so.OCR {
		slim.OCR = append(slim.OCR, model.Field{Name: f.Name, Value: f.Value})
	}
	return &glance{slim, bodiesOf(so)}
}

// BulkEnd is how a bulk run came to its end.
type BulkEnd uint8

// The ends of a bulk run.
const (
	BulkRuns        BulkEnd = iota // it has not
	BulkFinished                   // nothing is left
	BulkStopped                    // by a person; what is left will not be sent
	BulkHalted                     // it could not go on; what is left can be gone on with
	BulkInterrupted                // docket ended; what is left can be gone on with
)

// BulkProgress says how far a bulk run is.
type BulkProgress struct {
	Total, Done, Refused, Unknown, Left int

	End     BulkEnd
	Why     *model.Problem // of a run that halted
	Waits   string         // what it waits for now; empty: nothing
	Stopped bool           // it was asked to stop
	Began   time.Time
	Ended   time.Time // zero: it runs
}

// Bulk is a bulk run on its way. Only a desk leads it through its life, and in
// tests what stands in for a desk; everyone else watches it and may stop it.
type Bulk struct {
	Order BulkOrder

	mu       sync.Mutex
	items    []BulkItem
	progress BulkProgress
	cancel   context.CancelFunc
	done     chan struct{}
}

// NewBulk returns a run of the items that are ready. For desks: cancel ends what
// waits, not what is being sent.
func NewBulk(o BulkOrder, items []BulkItem, now time.Time, cancel context.CancelFunc) *Bulk {
	return &Bulk{
		Order: o, items: slices.Clone(items), cancel: cancel, done: make(chan struct{}),
		progress: BulkProgress{Total: len(items), Began: now},
	}
}

// Stop ends the run for good: what is on its way is waited for, the rest is not
// sent.
func (b *Bulk) Stop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.progress.Stopped = true
	b.cancel()
}

// Done is closed when the run has ended.
func (b *Bulk) Done() <-chan struct{} { return b.done }

// Items returns what became of each session so far.
func (b *Bulk) Items() []BulkItem {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.items)
}

// Progress returns how far the run is.
func (b *Bulk) Progress() BulkProgress {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.progress
	for i := range b.items {
		switch b.items[i].State {
		case BulkDone:
			p.Done++
		case BulkRefused:
			p.Refused++
		case BulkUnknown:
			p.Unknown++
		case BulkReady, BulkSending:
			p.Left++
		}
	}
	return p
}

// Set changes a session of the run. For desks.
func (b *Bulk) Set(i int, change func(*BulkItem)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change(&b.items[i])
}

// Wait says what the run waits for; empty: nothing any more. For desks.
func (b *Bulk) Wait(what string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.progress.Waits = what
}

// Finish ends the run. For desks: exactly once.
func (b *Bulk) Finish(end BulkEnd, why *model.Problem, now time.Time) {
	b.mu.Lock()
	b.progress.End, b.progress.Why, b.progress.Waits, b.progress.Ended = end, why, "", now
	b.mu.Unlock()
	close(b.done)
}

func (b *Bulk) item(i int) BulkItem {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.items[i]
}

func (b *Bulk) stopped() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.progress.Stopped
}
