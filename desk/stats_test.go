package desk_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/desk"
	"docket/model"
	"docket/stats"
	"docket/stats/statsgen"
)

// What is done at the desk is in its statistics, and what waits there too.
func TestStatisticsOfTheDesk(t *testing.T) {
	b := newBench(t, func(c *desk.Config) { c.SLA = 4 * time.Hour })
	now := b.clock.now()
	for id, hours := range map[string]time.Duration{"a": 0, "b": 1, "c": 5} {
		require.NoError(t, b.store.Upsert(t.Context(), model.Row{ID: id, Verdict: model.Manual, WaitsFrom: now.Add(-hours*time.Hour - time.Minute)}))
	}
	b.Load(t.Context(), id1)
	_, err := b.Do(t.Context(), approve(id1))
	require.NoError(t, err)
	b.clock.forward(time.Minute)
	r, err := b.Stats(t.Context(), stats.Query{Since: now.Add(-time.Hour)})
	require.NoError(t, err)
	require.Equal(t, stats.Tally{Approved: 1, Unclaimed: 1}, r.Total)
	require.Equal(t, "os:ana", r.Reviewers[0].By)
	require.Equal(t, []stats.Reason{{Action: "approve", Code: "checked-ok", Count: 1, Share: 1}}, r.Reasons)
	require.Equal(t, int64(3), r.Waiting.Total)
	require.Equal(t, int64(1), r.Waiting.Late)
	require.Equal(t, []int64{1, 1, 0, 0, 1}, []int64{
		r.Waiting.Ageing[0].Count, r.Waiting.Ageing[1].Count, r.Waiting.Ageing[2].Count, r.Waiting.Ageing[3].Count, r.Waiting.Ageing[4].Count,
	})
	require.True(t, r.Until.Equal(b.clock.now()))
}

// Where reading begins makes no difference, and a log longer than a page is read to
// its end.
func TestStatisticsOfAPartOfTheLog(t *testing.T) {
	b := newBench(t)
	team := []string{"os:ana", "os:ben", "os:kim"}
	until := b.clock.now()
	from := until.AddDate(0, 0, -100).Truncate(24 * time.Hour)
	log := statsgen.Entries(statsgen.Past{Seed: 1, Team: team, From: from, Until: until, PerDay: 12, Views: 3})
	require.Greater(t, len(log), 5000)
	require.NoError(t, b.store.Log(t.Context(), log...))
	for _, days := range []int{1, 30, 60, 200} {
		q := stats.Query{Since: until.AddDate(0, 0, -days), Until: until}
		c := stats.New(q)
		for _, e := range log {
			c.Add(e)
		}
		want := c.Report()
		got, err := b.Stats(t.Context(), q)
		require.NoError(t, err)
		got.Waiting = want.Waiting
		require.Equal(t, want.Total, got.Total, "%d days", days)
		require.Equal(t, want.Reversals, got.Reversals)
		require.Equal(t, want.Proposals, got.Proposals)
		require.Equal(t, want.Reviewers, got.Reviewers)
	}
}

func TestWhoMayNotActSeesNumbersWithoutNames(t *testing.T) {
	b := newBench(t)
	now := b.clock.now()
	for by, n := range map[string]int{"os:ana": 3, "os:ben": 2, "os:eva": 1} {
		for range n {
			e := audit.Entry{At: now, By: by, Event: audit.Undo, Session: "s", Action: "approve", Ref: "r"}
			require.NoError(t, b.store.Log(t.Context(), e))
		}
	}
	q := stats.Query{Since: now.Add(-time.Hour), Until: now.Add(time.Hour)}
	for role, want := range map[model.Role][]string{
		model.RoleReviewer: {"os:ana", "os:ben", "os:eva"},
		model.RoleReader:   {"reviewer 1", "reviewer 2", "os:eva"},
		"":                 {"reviewer 1", "reviewer 2", "os:eva"},
	} {
		r, err := b.desk.As(model.Actor{Identity: "os:eva", Role: role}).Stats(t.Context(), q)
		require.NoError(t, err)
		var got []string
		for _, who := range r.Reviewers {
			got = append(got, who.By)
		}
		require.Equal(t, want, got, "%q", role)
		require.Equal(t, 6, r.Total.Undone)
	}
}
