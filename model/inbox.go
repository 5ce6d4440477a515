package model

import (
	"slices"
	"time"
)

// Row is one session as the inbox holds it: enough to list, search, sort and
// link, and no more.
type Row struct {
	ID            string
	Provider      string
	Status        Status
	Life          Life
	Verdict       Verdict
	Score         *float64
	ReviewReason  ReviewReason
	RuleName      string
	WorstKey      string // the worst check that did not pass
	WorstStatus   CheckStatus
	OpenKey       string // the worst of those that tell nothing of antifraud and watch lists
	OpenStatus    CheckStatus
	Name          Personal
	DocType       string
	DocCountry    string
	DocNumber     Personal
	ExternalID    string
	CustomerID    string
	FlowID        string
	DeviceHash    Personal
	IP            Personal
	DeviceCountry string
	Existing      bool        // the face is already enrolled
	Antifraud     CheckStatus // empty: not in the score

	CreatedAt time.Time // start of the session, if known
	WaitsFrom time.Time // since when it waits for a person: finished, else first seen
	AddedAt   time.Time // first seen here
	UpdatedAt time.Time // last change here

	ClaimedBy    string // authenticated identity
	ClaimedAt    time.Time
	ClaimedUntil time.Time

	Decided  *Decided  // the decision that was made from here last; nil: none, or it was taken back
	Proposal *Proposal // a decision that waits for a second person; nil: none
	Pending  *Pending  // an action whose outcome is unknown
	ActedAt  time.Time // when the last action that was sent from here ended; zero: none has
	Problems []Failed  // look-ups that failed when the row was last read
	Tags     []string
	Custom   map[string]string

	// Ahead is how much longer it counts as waiting than it does: a rule's way of
	// putting it before others.
	Ahead time.Duration

	ReadAt time.Time // when the look-up began that said what is known; zero: none did
	Ruled  *Ruled    // what rules have seen of it last; nil: it did not arrive by itself
	// Told says, of a row that comes in, that it is what a webhook told, which may have
	// been under way for long. It is not kept.
	Told bool
}

// Ruled is what the rules of the configuration have seen of a session last, so that
// they act once on what changes, whoever else reads the session meanwhile.
type Ruled struct {
	Arrived bool    `json:"arrived,omitempty"` // those for arrivals have acted
	Verdict Verdict `json:"verdict,omitempty"`
}

// HeldBy returns who else has the session at a time; empty: nobody but who.
func (r *Row) HeldBy(who string, now time.Time) string {
	if r.ClaimedBy == who || !now.Before(r.ClaimedUntil) {
		return ""
	}
	return r.ClaimedBy
}

// Failed is a look-up that failed, in the few words that fit a row.
type Failed struct {
	Part Part `json:"part"`
	Kind Kind `json:"kind"`
	HTTP int  `json:"http,omitempty"`
}

// Pending is an action that is being sent, or was sent and got no clear answer.
type Pending struct {
	Action ActionKind `json:"action"`
	By     string     `json:"by"`
	At     time.Time  `json:"at"`
	Reason string     `json:"reason,omitempty"`
	// Confirms is the Ref of the proposal that is sent; empty: it needed no second person.
	Confirms string `json:"confirms,omitempty"`
	Ref      string `json:"ref,omitempty"` // of its entries in the audit log
	// Took says, to whoever ends the action, that it took effect, and Unsent that it never
	// left docket. Neither is kept.
	Took, Unsent bool `json:"-"`
	// Guest says that nobody put the session in the inbox: it is there for this
	// action only, and leaves when the outcome is known.
	Guest bool `json:"guest,omitempty"`
}

// Is reports whether two values mean the same action, sent once.
func (p *Pending) Is(other *Pending) bool {
	if p == nil || other == nil {
		return p == other
	}
	return p.Action == other.Action && p.By == other.By && p.At.Equal(other.At)
}

// Proposal is an action that one person asks for and a second has to confirm
// before it is sent. It goes with the session's personal data.
type Proposal struct {
	Action Action    `json:"action"`
	By     string    `json:"by"` // authenticated identity; may not confirm it
	At     time.Time `json:"at"`
	Rule   string    `json:"rule,omitempty"` // name of the rule that asks for a second person
	Ref    string    `json:"ref"`            // of its entries in the audit log
	Salt   string    `json:"salt,omitempty"` // of the note's hash in the audit log
}

// View is a named part of the inbox.
type View string

// The views. Their rules are in rules and nowhere else.
const (
	ViewReview   View = "review"
	ViewMine     View = "mine"
	ViewProposed View = "proposed"
	ViewFailed   View = "failed"
	ViewProgress View = "progress"
	ViewPassed   View = "passed"
	ViewDecided  View = "decided"
	ViewUnknown  View = "unknown"
	ViewAll      View = "all"
)

// ViewInfo describes a view for people.
type ViewInfo struct {
	View  View
	Title string
	Says  string // which sessions are in it
}

// Views returns the views in the order of the inbox's tabs.
func Views() []ViewInfo {
	return []ViewInfo{
		{ViewReview, "Needs review", "sessions that wait for a person (MANUAL, MANUAL_PENDING)"},
		{ViewMine, "Mine", "sessions that you have claimed"},
		{ViewProposed, "Confirm", "sessions with a decision that a second person has to confirm"},
		{ViewFailed, "Failed", "sessions whose verdict is FAIL"},
		{ViewProgress, "In progress", "sessions without a verdict that have not expired"},
		{ViewPassed, "Passed", "sessions whose verdict is OK or WARN"},
		{ViewDecided, "Decided", "sessions that a person has decided"},
		{ViewUnknown, "Unknown", "sessions with an action whose outcome is unknown"},
		{ViewAll, "All", "every session in the inbox"},
	}
}

// rules say which rows a view holds, by the row alone. Mine also depends on who
// asks and when.
var rules = map[View]func(*Row) bool{
	ViewReview:  func(r *Row) bool { return r.Verdict.OpenToDecision() },
	ViewFailed:  func(r *Row) bool { return r.Verdict == Fail },
	ViewPassed:  func(r *Row) bool { return r.Verdict == OK || r.Verdict == Warn },
	ViewDecided: func(r *Row) bool { return DecisionOf(r.Status, r.Verdict) != "" },
	ViewProgress: func(r *Row) bool {
		return (r.Verdict == "" || r.Verdict == Unknown) && r.Status != StatusExpired && !r.Status.Decided() && r.Life != Deleted
	},
	ViewProposed: func(r *Row) bool { return r.Proposal != nil },
	ViewUnknown:  func(r *Row) bool { return r.Pending != nil },
	ViewAll:      func(*Row) bool { return true },
}

// In reports whether the row belongs to the view.
func (r *Row) In(v View, who string, now time.Time) bool {
	if v == ViewMine {
		return who != "" && r.ClaimedBy == who && now.Before(r.ClaimedUntil)
	}
	rule, ok := rules[v]
	return ok && rule(r)
}

// Sort is an order of the inbox.
type Sort string

// The orders. Ties are broken by the interview id, so pages never overlap.
const (
	SortDue    Sort = "due"    // who has waited longest first
	SortNewest Sort = "newest" // what changed last first
	SortName   Sort = "name"   // by name, folded
	SortWorst  Sort = "worst"  // by verdict, worst first, then longest waiting
)

// Sorts returns the orders with their titles.
func Sorts() []struct {
	Sort  Sort
	Title string
} {
	return []struct {
		Sort  Sort
		Title string
	}{{SortDue, "longest waiting first"}, {SortNewest, "latest change first"}, {SortName, "by name"}, {SortWorst, "worst verdict first"}}
}

// Query asks the inbox for rows. Empty fields do not filter.
type Query struct {
	View      View   // empty is all
	Who       string // for ViewMine
	Search    string
	Statuses  []Status
	Verdicts  []Verdict
	Countries []string // document country, alpha-3
	Tags      []string
	FlowID    string
	Flows     []string // any of them; beside FlowID
	Sort      Sort     // empty is SortDue
	Limit     int      // rows a page, 1 to 1000; 0 is 100

	After  *Cursor // rows after this one
	Before *Cursor // rows before this one, nearest kept, still in order
	Last   bool    // the last page
}

// Filtered reports whether anything but the view narrows the query.
func (q Query) Filtered() bool {
	return q.Search != "" || len(q.Statuses)+len(q.Verdicts)+len(q.Countries)+len(q.Tags) > 0 || q.FlowID != "" || len(q.Flows) > 0
}

// byVerdict are the views that depend on the verdict alone.
var byVerdict = []View{ViewReview, ViewFailed, ViewPassed}

// Contradicts reports whether no row can satisfy the query, since its view holds none
// of the verdicts that it asks for.
func (q Query) Contradicts() bool {
	if len(q.Verdicts) == 0 || !slices.Contains(byVerdict, q.View) {
		return false
	}
	return !slices.ContainsFunc(q.Verdicts, func(v Verdict) bool { return rules[q.View](&Row{Verdict: v}) })
}

// Cursor marks a place in a sorted inbox by the values of one row.
type Cursor struct {
	Key string // the sort key, as the store wrote it
	ID  string
}

// Page is a run of rows in order.
type Page struct {
	Rows        []Row
	First, Last *Cursor // the places of the first and the last row; nil without rows
	More        bool    // there are rows after this page
	Less        bool    // there are rows before it
}

// Counts says how many rows each view holds, filters aside.
type Counts map[View]int64

// Note is a remark of a person about a session. It stays here.
type Note struct {
	ID       int64
	By       string
	At       time.Time
	Text     string
	Salt     string   // of the hash of the decision's note in the audit log
	Evidence Evidence // of a decision or a comparison: what the person had looked at
}

// HasTag reports whether the row carries the tag.
func (r *Row) HasTag(tag string) bool { return slices.Contains(r.Tags, tag) }
