package desk_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/desk"
	"docket/model"
	"docket/stats"
	"docket/stats/statsgen"
	"docket/store/sqlite"
)

// What is done at the desk is in its statistics, and what waits there too.
func TestStatisticsOfTheDesk(t *testing.T) {
	b := newBench(t, func(c *desk.Config) { c.SLA, c.Lease = 4*time.Hour, 10*time.Minute })
	now := b.clock.now()
	for id, hours := range map[string]time.Duration{"a": 0, "b": 1, "c": 5} {
		require.NoError(t, b.store.Upsert(t.Context(), model.Row{ID: id, Verdict: model.Manual, WaitsFrom: now.Add(-hours*time.Hour - time.Minute)}))
	}
	_, err := b.Claim(t.Context(), id1)
	require.NoError(t, err)
	b.clock.forward(time.Minute)
	_, err = b.Renew(t.Context(), id1)
	require.NoError(t, err)
	b.clock.forward(time.Minute)
	b.Load(t.Context(), id1)
	_, err = b.Do(t.Context(), approve(id1))
	require.NoError(t, err)
	b.clock.forward(time.Minute)
	review := model.Action{Kind: model.ActReview, IDs: []string{id1}, Message: "second look", Reason: "quality-check"}
	_, err = b.Do(t.Context(), review)
	require.NoError(t, err)
	b.clock.forward(time.Minute)
	r, err := b.Stats(t.Context(), stats.Query{Since: now.Add(-time.Hour)})
	require.NoError(t, err)
	took := stats.Seconds(2 * time.Minute)
	require.Equal(t, stats.Tally{Approved: 1, Overturned: 1, Median: took, P90: took}, r.Total)
	require.Equal(t, stats.Reversals{Reversed: 1}, r.Reversals)
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
		model.RoleOwner:      {"os:ana", "os:ben", "os:eva"},
		model.RoleService:    {"reviewer 1", "reviewer 2", "os:eva"},
		model.RoleReviewer:   {"reviewer 1", "reviewer 2", "os:eva"},
		model.RoleSupervisor: {"os:ana", "os:ben", "os:eva"},
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

// BenchmarkStats computes statistics of a log of 100,000 entries, most of which are
// views, in a file.
func BenchmarkStats(b *testing.B) {
	st, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "inbox.db"))
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, st.Close()) })
	until := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	log := statsgen.Entries(statsgen.Past{
		Seed: 1, Team: []string{"os:ana", "os:ben", "os:kim", "os:mei"}, From: until.AddDate(-1, 0, 0), Until: until, PerDay: 50, Views: 5,
	})
	const entries = 100_000
	require.Greater(b, len(log), entries)
	for page := range slices.Chunk(log[len(log)-entries:], 1000) {
		require.NoError(b, st.Log(b.Context(), page...))
	}
	seat := desk.New(desk.Config{Store: st, Now: func() time.Time { return until }}).As(model.Actor{Identity: "os:ana", Role: model.RoleOwner})
	for name, since := range map[string]time.Time{"month": until.AddDate(0, 0, -30), "all": {}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r, err := seat.Stats(b.Context(), stats.Query{Since: since})
				require.NoError(b, err)
				require.NotZero(b, r.Total.Decided())
			}
		})
	}
}
