package uitest

import (
	"context"
	"time"

	"docket/audit"
	"docket/model"
	"docket/stats"
	"docket/stats/statsgen"
)

// past is what the team of the fake desk did lately.
func past(now time.Time) []audit.Entry {
	const days = 120
	return statsgen.Entries(statsgen.Past{
		Seed: 4, Team: []string{"os:ana", "token:ben@example.test", "ssh:SHA256:Kf3vXwq1rZ0aUuJ7xk2m9cQeYtNbPdLhGsVoIyRjTwE", "os:kim"},
		From: now.Truncate(24*time.Hour).AddDate(0, 0, -days), Until: now, PerDay: 16,
	})
}

// Stats implements common.Desk.
func (d *Desk) Stats(ctx context.Context, q stats.Query) (stats.Report, error) {
	if err := d.wait(ctx); err != nil {
		return stats.Report{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.statsErr != nil {
		return stats.Report{}, d.statsErr
	}
	c := stats.New(q)
	for _, e := range d.past {
		c.Add(e)
	}
	r := c.Report()
	waits := stats.Waits(d.policy.SLA)
	counts := make([]int64, len(waits)+1)
	for i := range d.rows {
		if !d.rows[i].In(model.ViewReview, "", d.now()) {
			continue
		}
		n, waited := 0, d.now().Sub(d.rows[i].WaitsFrom)
		for n < len(waits) && waited >= waits[n] {
			n++
		}
		counts[n]++
	}
	r.Waiting = stats.Aged(d.policy.SLA, counts)
	return r, nil
}
