package stats_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"docket/audit"
	"docket/model"
	"docket/stats"
	"docket/stats/statsgen"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func at(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }

// month is the period of the tests that do not care.
var month = stats.Query{Since: noon.AddDate(0, 0, -20), Until: noon.AddDate(0, 0, 10)}

func collect(q stats.Query, log ...audit.Entry) stats.Report {
	c := stats.New(q)
	for _, e := range log {
		c.Add(e)
	}
	return c.Report()
}

// entry is one of the log in a few words: "ana claim s1", "ana intent s1 approve r1".
func entry(minute int, words string) audit.Entry {
	w := append(strings.Fields(words), "", "", "")
	return audit.Entry{At: at(minute), By: w[0], Event: audit.Event(w[1]), Session: w[2], Action: w[3], Ref: w[4]}
}

func with(e audit.Entry, change func(*audit.Entry)) audit.Entry {
	change(&e)
	return e
}

func result(e audit.Entry, r string) audit.Entry {
	return with(e, func(e *audit.Entry) { e.Result = r })
}

func was(e audit.Entry, s model.Status) audit.Entry {
	return with(e, func(e *audit.Entry) { e.Was = string(s) })
}

// did is an action that was done at once.
func did(minute int, words string, status model.Status) []audit.Entry {
	w := strings.Fields(words)
	w = slices.Insert(w, 1, "intent")
	i := entry(minute, strings.Join(w, " "))
	i.Was = string(status)
	o := i
	o.Event, o.Result = audit.Outcome, "done"
	return []audit.Entry{i, o}
}

func TestADecisionIsWhatWasDoneOrSettledAsDone(t *testing.T) {
	log := []audit.Entry{
		entry(0, "ana claim s1"),
		with(entry(4, "ana intent s1 approve r1"), func(e *audit.Entry) { e.Reason = "checked-ok" }),
		result(entry(5, "ana outcome s1 approve r1"), "done"),
		// No answer, and a reading later proves it: the reviewer is who sent it, and
		// nobody worked until the reading.
		entry(6, "ben claim s2"), entry(8, "ben intent s2 reject r2"), result(entry(9, "ben outcome s2 reject r2"), "unknown"),
		result(entry(2000, "docket settle s2 reject"), "took effect"),
		// A crash leaves no outcome at all.
		entry(2001, "ben intent s3 reject r3"), result(entry(2009, "ana settle s3 reject"), "did not take effect"),
		entry(2010, "ben intent s4 reject r4"),
		entry(2011, "ben intent s5 reject r5"), result(entry(2012, "ben outcome s5 reject r5"), "refused"),
		result(entry(2013, "ben undo s6 reject r6"), "notsent"), result(entry(2014, "ben refused s6 reject r7"), "notsent"),
		entry(2015, "ben intent s6 enroll r8"), result(entry(2015, "ben outcome s6 enroll r8"), "done"),
	}
	r := collect(month, log...)
	require.Equal(t, stats.Tally{
		Approved: 1, Rejected: 1, Undone: 1, Refused: 2, Unknown: 1, NoEffect: 1,
		Median: stats.Seconds(2 * time.Minute), P90: stats.Seconds(5 * time.Minute),
	}, r.Total)
	require.Equal(t, "ana", r.Reviewers[0].By)
	require.Equal(t, []stats.Day{{Day: "2026-11-21", Rejected: 1}}, r.Reviewers[1].Days, "the day on which it was settled")
	require.Equal(t, []stats.Reason{
		{Action: "approve", Code: "checked-ok", Count: 1, Share: 1}, {Action: "reject", Code: "", Count: 1, Share: 1},
	}, r.Reasons)
	require.Len(t, r.Days, 31, "twenty days before and ten after, both of them in part")
	require.Equal(t, stats.Day{Day: "2026-11-20", Approved: 1}, r.Days[20])
}

func TestATimeBelongsToTheClaimOfWhoDecides(t *testing.T) {
	decision := did(10, "ana s1 approve r1", "")
	for name, c := range map[string]struct {
		log  []audit.Entry
		want time.Duration
	}{
		"none":              {nil, 0},
		"of somebody else":  {[]audit.Entry{entry(1, "ben claim s1")}, 0},
		"of another":        {[]audit.Entry{entry(1, "ana claim s2")}, 0},
		"the last one":      {[]audit.Entry{entry(1, "ana claim s1"), entry(7, "ana claim s1")}, 3 * time.Minute},
		"a take-over":       {[]audit.Entry{entry(1, "ben claim s1"), entry(6, "ana takeover s1")}, 4 * time.Minute},
		"from long before":  {[]audit.Entry{entry(-60*24*31, "ana claim s1")}, 0},
		"given back since":  {[]audit.Entry{entry(1, "ana claim s1"), entry(2, "ana release s1")}, 9 * time.Minute},
		"before the period": {[]audit.Entry{entry(-60*24*21, "ana claim s1")}, 21*24*time.Hour + 10*time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			r := collect(month, append(c.log, decision...)...)
			require.Equal(t, stats.Seconds(c.want), r.Total.Median)
			require.Equal(t, c.want == 0, r.Total.Unclaimed == 1)
		})
	}
}

func TestADecisionIsOverturnedOnceAndByWhoMadeIt(t *testing.T) {
	const approved, rejected = model.StatusManualReviewApproved, model.StatusManualReviewRejected
	log := slices.Concat(
		did(0, "ana s1 approve r1", ""), did(5, "ben s1 review r2", approved), did(6, "ben s1 reject r3", "ONBOARDING_FINISHED"),
		did(10, "ana s2 approve r4", ""), did(11, "ben s2 reject r5", approved), did(12, "ana s2 approve r6", rejected),
		did(20, "ana s3 approve r7", ""), did(21, "ana s3 approve r8", approved), // the same again takes nothing back
		did(30, "ben s4 review r9", approved),                                    // decided elsewhere
		did(40, "ben s5 reject r10", ""), did(41, "ana s5 review r11", approved), // somebody else had changed it before
		did(-60*24*25, "ana s6 approve r12", ""), did(50, "ben s6 reject r13", approved), // decided before the period
		did(60, "ana s7 approve r14", ""), []audit.Entry{ // taken back in time
			was(result(entry(61, "ben undo s7 reject r15"), "notsent"), approved),
		},
	)
	r := collect(month, log...)
	require.Equal(t, stats.Reversals{Reversed: 3, Overturned: 3}, r.Reversals)
	require.Equal(t, 3, r.Total.Overturned)
	require.Equal(t, 2, r.Reviewers[0].Overturned, r.Reviewers[0].By)
	require.Equal(t, 1, r.Reviewers[1].Overturned, r.Reviewers[1].By)
	require.InDelta(t, 3.0/float64(r.Total.Decided()), r.Total.OverturnRate(), 1e-9)
}

func TestWhatIsOverturnedAfterThePeriodCounts(t *testing.T) {
	q := stats.Query{Since: at(0), Until: at(10)}
	log := slices.Concat(did(0, "ana s1 approve r1", ""), did(10, "ben s1 reject r2", model.StatusManualReviewApproved))
	r := collect(q, log...)
	require.Equal(t, stats.Tally{Approved: 1, Overturned: 1, Unclaimed: 1}, r.Total)
	require.Equal(t, stats.Reversals{}, r.Reversals, "it happened later")
	require.Equal(t, []stats.Day{{Day: "2026-11-20", Approved: 1}}, r.Days)
}

func TestProposals(t *testing.T) {
	confirmed := did(3, "ben s1 approve r1", "")
	confirmed[0].First = "ana"
	log := append(confirmed, entry(4, "ana propose s1 approve"), entry(4, "ana propose s2 reject"), entry(5, "ben decline s2"),
		entry(6, "ana withdraw s3"), entry(7, "docket void s4"))
	r := collect(month, log...)
	require.Equal(t, stats.Proposals{Proposed: 2, Confirmed: 1, Declined: 1, Withdrawn: 1, Voided: 1}, r.Proposals)
	require.Equal(t, "ben", r.Reviewers[0].By, "who confirmed it sent it")
	require.Len(t, r.Reviewers, 1)
}

func TestADayIsThatOfTheZone(t *testing.T) {
	tokyo := time.FixedZone("Tokyo", 9*60*60)
	q := month
	q.Zone = tokyo
	r := collect(q, did(3*60, "ana s1 approve r1", "")...) // 15:00 UTC
	require.Equal(t, "2026-11-21", r.Reviewers[0].Days[0].Day)
	require.Equal(t, "Tokyo", r.Zone)
	r = collect(stats.Query{Until: at(600)}, did(0, "ana s1 approve r1", "")...)
	require.Equal(t, []stats.Day{{Day: "2026-11-20", Approved: 1}}, r.Days, "without a beginning it is the first decision")
}

func TestNothing(t *testing.T) {
	r := collect(month)
	require.True(t, r.Empty())
	r.Waiting = stats.Aged(0, make([]int64, len(stats.Waits(0))+1))
	text, err := json.Marshal(r)
	require.NoError(t, err)
	require.NotContains(t, string(text), "null")
	require.Empty(t, collect(stats.Query{Until: noon}).Days)
	r = collect(month, result(entry(0, "ana undo s1 approve r1"), "notsent"))
	require.False(t, r.Empty())
}

func TestWaits(t *testing.T) {
	require.Equal(t, []time.Duration{time.Hour, 2 * time.Hour, 3 * time.Hour, 4 * time.Hour}, stats.Waits(4*time.Hour))
	w := stats.Aged(4*time.Hour, []int64{1, 2, 3, 4, 5})
	require.Equal(t, int64(15), w.Total)
	require.Equal(t, int64(5), w.Late)
	require.Equal(t, stats.Bucket{From: stats.Seconds(4 * time.Hour), Count: 5}, w.Ageing[4])
	w = stats.Aged(0, []int64{1, 2, 3, 4})
	require.Zero(t, w.Late)
	require.Equal(t, stats.Bucket{To: stats.Seconds(time.Hour), Count: 1}, w.Ageing[0])
}

// What is skipped by a look at the line would have made no difference, and a value
// that looks like the name of the event does not deceive it.
func TestMatters(t *testing.T) {
	for _, event := range audit.Events() {
		for _, label := range []string{"", `"event":"view"`, `"event":"intent"`, `\"event\":\"view`} {
			e := audit.Entry{At: noon, By: "ana", Label: label, Event: event, Session: "s1", Action: "approve", Result: "done"}
			line, err := e.Encode()
			require.NoError(t, err)
			plain, err := audit.Entry{Event: event}.Encode()
			require.NoError(t, err)
			require.Equal(t, stats.Matters(plain), stats.Matters(line), "%s", line)
		}
	}
	view, _ := audit.Entry{Event: audit.View}.Encode()
	require.False(t, stats.Matters(view))
	intent, _ := audit.Entry{Event: audit.Intent}.Encode()
	require.True(t, stats.Matters(intent))
	require.True(t, stats.Matters([]byte("nonsense")), "decoding it tells what is wrong")
}

func TestQuantile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.Int64Range(0, 9), 1, 40).Draw(t, "all")
		q := rapid.IntRange(0, 100).Draw(t, "q")
		slices.Sort(all)
		got := stats.Quantile(all, q)
		upTo := func(v int64) (n int) {
			for _, x := range all {
				if x <= v {
					n++
				}
			}
			return n
		}
		require.GreaterOrEqual(t, upTo(got)*100, q*len(all))
		if got > all[0] {
			require.Less(t, upTo(got-1)*100, q*len(all))
		}
	})
	require.Zero(t, stats.Quantile([]int64{}, 50))
}

// A plausible log, and logs in which anything follows anything, give what the
// plainest reading of docs/statistics.md gives.
func TestLikeTheOracle(t *testing.T) {
	team := []string{"os:ana", "os:ben", "token:kim@example.test"}
	rapid.Check(t, func(t *rapid.T) {
		from := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
		log := statsgen.Entries(statsgen.Past{
			Seed: rapid.Uint64().Draw(t, "seed"), Team: team, From: from, Until: from.AddDate(0, 0, 40), PerDay: 8, Views: 1,
		})
		q := drawQuery(t, from, 40*24)
		requireSame(t, oracle(q, log), collect(q, log...))
	})
	rapid.Check(t, func(t *rapid.T) {
		log := drawLog(t, team)
		q := drawQuery(t, noon, 60)
		requireSame(t, oracle(q, log), collect(q, log...))
	})
}

func drawQuery(t *rapid.T, from time.Time, hours int) stats.Query {
	since := rapid.IntRange(0, hours).Draw(t, "since")
	return stats.Query{
		Since: from.Add(time.Duration(since) * time.Hour),
		Until: from.Add(time.Duration(rapid.IntRange(since, hours+1).Draw(t, "until")) * time.Hour),
		Zone:  time.FixedZone("here", rapid.IntRange(-12, 14).Draw(t, "zone")*60*60),
	}
}

// events are those of the log that drawLog makes, the ones that matter most often.
var events = append(audit.Events(), audit.Intent, audit.Outcome, audit.Intent, audit.Outcome, audit.Settle, audit.Claim)

// drawLog is a log of any entries on a few sessions.
func drawLog(t *rapid.T, team []string) []audit.Entry {
	pick := func(what string, of ...string) string { return rapid.SampledFrom(of).Draw(t, what) }
	at, refs := noon, 0
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) audit.Entry {
		at = at.Add(time.Duration(rapid.IntRange(0, 90).Draw(t, "minutes")) * time.Minute)
		e := audit.Entry{
			At: at, By: rapid.SampledFrom(team).Draw(t, "by"), Session: pick("session", "s1", "s2"),
			Event:  rapid.SampledFrom(events).Draw(t, "event"),
			Action: pick("action", "approve", "approve", "reject", "review", "expire"),
			Was:    pick("was", "", string(model.StatusManualReviewApproved), string(model.StatusManualReviewRejected)),
			Ref:    fmt.Sprintf("r%d", max(0, refs-rapid.IntRange(0, 3).Draw(t, "ref"))),
			Result: pick("result", "done", "done", "unknown", "refused", "took effect", "did not take effect"),
			First:  pick("first", "", "", "os:ana"), Reason: pick("reason", "", "a", "b"),
		}
		if e.Event == audit.Intent { // no other has its ref
			refs++
			e.Ref = fmt.Sprintf("r%d", refs)
		}
		return e
	}), 0, 60).Draw(t, "log")
}

func requireSame(t *rapid.T, want, got stats.Report) {
	order := func(r stats.Report) stats.Report {
		slices.SortFunc(r.Reviewers, func(a, b stats.Reviewer) int { return cmp.Compare(a.By, b.By) })
		return r
	}
	w, err := json.MarshalIndent(order(want), "", " ")
	require.NoError(t, err)
	g, err := json.MarshalIndent(order(got), "", " ")
	require.NoError(t, err)
	require.Equal(t, string(w), string(g))
}
