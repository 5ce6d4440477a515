// Package stats computes what reviewers did from the audit log: how many decisions
// a day, how long they took, how many were overturned, and why they were made. It
// reads nothing by itself: entries are handed to it in the order of the log, once,
// and what it keeps of them is a few words for each session that was worked on.
//
// What each number means is in docs/statistics.md.
package stats

import (
	"encoding/json"
	"time"

	"docket/model"
)

// Query is what is asked for.
type Query struct {
	Since time.Time      // the beginning of the period; zero: of the log
	Until time.Time      // its end, which is not in it
	Zone  *time.Location // in which a day is a day; nil: UTC
}

// Seconds is a duration that JSON has as a number of seconds.
type Seconds time.Duration

// MarshalJSON implements json.Marshaler.
func (s Seconds) MarshalJSON() ([]byte, error) { return json.Marshal(time.Duration(s).Seconds()) }

// UnmarshalJSON implements json.Unmarshaler.
func (s *Seconds) UnmarshalJSON(text []byte) error {
	var n float64
	err := json.Unmarshal(text, &n)
	*s = Seconds(n * float64(time.Second))
	return err
}

// Report is what the log says of a period.
type Report struct {
	Since     time.Time  `json:"since"`
	Until     time.Time  `json:"until"`
	Zone      string     `json:"timezone"`
	Total     Tally      `json:"total"`
	Reversals Reversals  `json:"reversals"`
	Proposals Proposals  `json:"proposals"`
	Spread    []Bucket   `json:"timeToDecide"`
	Days      []Day      `json:"days"`      // every day of the period, in order
	Reviewers []Reviewer `json:"reviewers"` // those who decide most first
	Reasons   []Reason   `json:"reasons"`   // by action, the most frequent first
	Waiting   Waiting    `json:"waiting"`   // as it is now, whatever the period
}

// Empty reports whether nobody decided or tried to in the period.
func (r *Report) Empty() bool {
	t := r.Total
	return t.Decided()+t.Undone+t.Refused+t.Unknown+t.NoEffect == 0 && r.Reversals == Reversals{} && r.Proposals == Proposals{}
}

// Tally counts the decisions of one reviewer, or of all.
type Tally struct {
	Approved   int `json:"approved"`
	Rejected   int `json:"rejected"`
	Overturned int `json:"overturned"` // of these, later reversed or decided the other way
	Undone     int `json:"undone"`     // taken back in time, nothing was sent
	Refused    int `json:"refused"`    // by a guard or by the API, nothing changed
	Unknown    int `json:"unknown"`    // nobody knows yet whether it took effect
	NoEffect   int `json:"noEffect"`   // settled: it did not take effect
	Unclaimed  int `json:"unclaimed"`  // decisions without a claim before them: not in the times
	// Median and P90 are of the time from claim to decision: the smallest times that
	// half and nine tenths of the decisions do not exceed. Zero without a claim.
	Median Seconds `json:"medianSeconds"`
	P90    Seconds `json:"p90Seconds"`
}

// Decided is how many decisions there were.
func (t Tally) Decided() int { return t.Approved + t.Rejected }

// Claimed is how many decisions the times are of.
func (t Tally) Claimed() int { return t.Decided() - t.Unclaimed }

// OverturnRate is the share of the decisions that did not last, from 0 to 1.
func (t Tally) OverturnRate() float64 { return share(t.Overturned, t.Decided()) }

// Day is one day of the period.
type Day struct {
	Day      string `json:"day"` // 2026-11-20, in the zone
	Approved int    `json:"approved"`
	Rejected int    `json:"rejected"`
}

// Decided is how many decisions there were.
func (d Day) Decided() int { return d.Approved + d.Rejected }

// Reviewer is what one person did. Days has those on which they decided.
type Reviewer struct {
	By string `json:"by"` // authenticated identity
	Tally
	Days []Day `json:"days"`
}

// Reversals counts the actions of the period that changed what had been decided,
// in the period or before it.
type Reversals struct {
	Reversed   int `json:"reversed"`   // set back to needs review
	Overturned int `json:"overturned"` // decided the other way
}

// Proposals counts what became of decisions that need two people.
type Proposals struct {
	Proposed  int `json:"proposed"`
	Confirmed int `json:"confirmed"` // sent by a second person, and done
	Declined  int `json:"declined"`  // by a second person
	Withdrawn int `json:"withdrawn"` // by who proposed it
	Voided    int `json:"voided"`    // because the evidence had changed
}

// Reason is how often a reason was given for an action.
type Reason struct {
	Action model.ActionKind `json:"action"`
	Code   string           `json:"code"` // empty: none was given
	Count  int              `json:"count"`
	Share  float64          `json:"share"` // of the decisions with that action
}

// Bucket is how many times, or waits, lie from one length to another.
type Bucket struct {
	From  Seconds `json:"fromSeconds"`
	To    Seconds `json:"toSeconds,omitempty"` // 0: no end
	Count int64   `json:"count"`
}

// Waiting is how long the sessions wait that need a review.
type Waiting struct {
	SLA    Seconds  `json:"slaSeconds"` // 0: there is none
	Total  int64    `json:"total"`
	Late   int64    `json:"late"` // longer than the SLA
	Ageing []Bucket `json:"ageing"`
}

// Waits returns the lengths at which ageing divides what waits: the quarters of
// the SLA, or without one an hour, four and a day.
func Waits(sla time.Duration) []time.Duration {
	const quarters = 4
	if sla <= 0 {
		return []time.Duration{time.Hour, 4 * time.Hour, 24 * time.Hour}
	}
	marks := make([]time.Duration, quarters)
	for i := range marks {
		marks[i] = sla * time.Duration(i+1) / quarters
	}
	return marks
}

// Aged puts the counts between the lengths of Waits into words: counts has one
// more, for what waits longer than the last.
func Aged(sla time.Duration, counts []int64) Waiting {
	w := Waiting{SLA: Seconds(sla), Ageing: between(Waits(sla), counts)}
	for _, n := range counts {
		w.Total += n
	}
	if sla > 0 {
		w.Late = counts[len(counts)-1]
	}
	return w
}

// between makes buckets of the counts between marks.
func between(marks []time.Duration, counts []int64) []Bucket {
	all := make([]Bucket, len(counts))
	for i, n := range counts {
		all[i].Count = n
		if i > 0 {
			all[i].From = Seconds(marks[i-1])
		}
		if i < len(marks) {
			all[i].To = Seconds(marks[i])
		}
	}
	return all
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// Quantile returns the smallest of sorted values that at least q per cent of them
// do not exceed; 0 of none.
func Quantile[T ~int64](sorted []T, q int) T {
	if len(sorted) == 0 {
		return 0
	}
	const whole = 100
	i := (len(sorted)*q + whole - 1) / whole
	return sorted[max(i-1, 0)]
}
