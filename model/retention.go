package model

import (
	"slices"
	"time"
)

// Retention is a rule that keeps sessions from being deleted. The zero value keeps
// none.
type Retention struct {
	Keep        time.Duration // from the end of a session on; 0: no time
	DecidedOnly bool          // sessions that nobody decided may be deleted before
	Reason      string        // of the rule, for people; without personal data
	HoldTags    []string      // a session that carries one of them is kept however old it is
}

// Any reports whether there is a rule at all.
func (r Retention) Any() bool { return r.Keep > 0 || len(r.HoldTags) > 0 }

// Held returns the tag of a session that keeps it; empty: none does.
func (r Retention) Held(tags []string) string {
	if i := slices.IndexFunc(tags, func(t string) bool { return slices.Contains(r.HoldTags, t) }); i >= 0 {
		return tags[i]
	}
	return ""
}

// Until returns until when a session that ended then is kept; the zero time: no time
// keeps it.
func (r Retention) Until(end time.Time) time.Time {
	if r.Keep <= 0 {
		return time.Time{}
	}
	return end.Add(r.Keep)
}
