package desk

import (
	"context"

	"docket/audit"
	"docket/store"
)

// Ending logs what a person is about to do with jobs that were set aside: audit.Retry
// or audit.Drop. Nothing may be done when this fails.
func (s *Seat) Ending(ctx context.Context, event audit.Event, jobs []store.Job) error {
	entries := make([]audit.Entry, len(jobs))
	for i, j := range jobs {
		session := ""
		if j.Kind == store.JobLookUp || j.Kind == store.JobEnroll {
			session = j.Key
		}
		entries[i] = s.detailed(event, session, string(j.Kind)+" "+j.Key)
	}
	return stored(s.d.log(ctx, entries...), "The audit log could not be written, so nothing was done")
}
