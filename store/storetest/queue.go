package storetest

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/model"
	"docket/store"
)

// queue opens an inbox whose driver keeps the queue of gateways too.
func (s suite) queue(t *testing.T, rows ...model.Row) store.Inbox {
	t.Helper()
	q, ok := s.fresh(t, rows...).(store.Inbox)
	require.True(t, ok, "the driver has a queue")
	return q
}

func hook(n int) store.Delivery { return store.Delivery{At: minute(n), Body: []byte(strconv.Itoa(n))} }

// asRows places each delivery as a row that is to be looked up.
func asRows(all []store.Delivery) (p store.Placed) {
	for _, d := range all {
		id := "session-" + string(d.Body)
		p.Rows = append(p.Rows, model.Row{ID: id, Status: model.StatusFinished})
		p.Jobs = append(p.Jobs, store.Job{Kind: store.JobLookUp, Key: id, Due: d.At})
	}
	return p
}

// setAside sets the oldest webhook aside.
func setAside(t *testing.T, q store.Queue, reason string) {
	t.Helper()
	n, err := q.Place(t.Context(), 1, func(all []store.Delivery) store.Placed {
		return store.Placed{Jobs: []store.Job{all[0].SetAside(reason)}}
	})
	require.NoError(t, err)
	require.Equal(t, 1, n)
}

func lookUps(t *testing.T, q store.Queue, n int, now, until time.Time) []store.Job {
	t.Helper()
	jobs, err := q.TakeJobs(t.Context(), store.JobLookUp, n, now, until)
	require.NoError(t, err)
	return jobs
}

func depth(t *testing.T, q store.Queue, now time.Time) store.Depth {
	t.Helper()
	d, err := q.Depth(t.Context(), now)
	require.NoError(t, err)
	return d
}

// deliveries come in in their order and go with what they become.
func (s suite) deliveries(t *testing.T) {
	q, ctx := s.queue(t), t.Context()
	require.Zero(t, depth(t, q, minute(9)).Last)
	for n := range 5 {
		require.NoError(t, q.Accept(ctx, hook(n)))
	}
	d := depth(t, q, minute(9))
	require.Equal(t, int64(5), d.Deliveries)
	require.Equal(t, minute(0), d.Oldest)
	require.Equal(t, minute(4), d.Last)

	var seen []string
	n, err := q.Place(ctx, 3, func(all []store.Delivery) store.Placed {
		for i, one := range all {
			require.Equal(t, minute(i), one.At)
			seen = append(seen, string(one.Body))
		}
		return asRows(all)
	})
	require.NoError(t, err)
	require.Equal(t, 3, n)
	require.Equal(t, []string{"0", "1", "2"}, seen)
	require.Equal(t, int64(3), depth(t, q, minute(9)).Due[store.JobLookUp])

	_, err = q.Place(ctx, 3, func(all []store.Delivery) store.Placed {
		p := asRows(all)
		p.Rows = append(p.Rows, model.Row{}) // cannot be kept
		return p
	})
	require.Error(t, err)
	require.Equal(t, int64(2), depth(t, q, minute(9)).Deliveries, "all or none")
	require.Len(t, list(t, q, model.Query{}).Rows, 3)

	setAside(t, q, "too odd")
	aside, err := q.Aside(ctx, 10)
	require.NoError(t, err)
	require.Len(t, aside, 1)
	require.Equal(t, store.JobWebhook, aside[0].Kind)
	require.Equal(t, "too odd", aside[0].Reason)
	require.Equal(t, []byte("3"), aside[0].Body)
	n, err = q.Place(ctx, 3, asRows)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	n, err = q.Place(ctx, 3, asRows)
	require.NoError(t, err)
	require.Zero(t, n)

	n, err = q.Retry(ctx, minute(9))
	require.NoError(t, err)
	require.Equal(t, 1, n)
	n, err = q.Place(ctx, 3, asRows)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Len(t, list(t, q, model.Query{}).Rows, 5)
	d = depth(t, q, minute(9))
	require.Zero(t, d.Deliveries)
	require.Zero(t, d.Aside)
	require.Equal(t, minute(4), d.Last.Truncate(time.Minute), "that nothing waits does not make it forget")
}

// jobs are done once, and again when they were asked for again.
func (s suite) jobs(t *testing.T) {
	q, ctx := s.queue(t), t.Context()
	add := func(key string, n int) {
		t.Helper()
		require.NoError(t, q.AddJobs(ctx, store.Job{Kind: store.JobLookUp, Key: key, Due: minute(n), Body: []byte{}}))
	}
	add("b", 2)
	add("a", 1)
	add("c", 8)
	require.Empty(t, lookUps(t, q, 9, minute(0), minute(1)))
	jobs := lookUps(t, q, 9, minute(5), minute(7))
	require.Equal(t, []string{"a", "b"}, []string{jobs[0].Key, jobs[1].Key})
	require.Empty(t, lookUps(t, q, 9, minute(5), minute(7)), "they are taken")
	d := depth(t, q, minute(5))
	require.Equal(t, map[store.JobKind]int64{store.JobLookUp: 3}, d.Later)

	require.NoError(t, q.Settle(ctx, jobs[0], model.Row{ID: "a", Verdict: model.OK}, nil))
	row, err := q.Get(ctx, "a")
	require.NoError(t, err)
	require.Equal(t, model.OK, row.Verdict)

	add("b", 3) // while it is under way
	require.NoError(t, q.Settle(ctx, jobs[1], model.Row{}, nil))
	again := lookUps(t, q, 9, time.Now().Add(time.Hour), time.Now().Add(2*time.Hour))
	require.Len(t, again, 2, "b again, and c")
	b := again[slices.IndexFunc(again, func(j store.Job) bool { return j.Key == "b" })]
	require.Greater(t, b.Version, jobs[1].Version)

	b.Due, b.Tries, b.Reason = minute(20), 1, "the API is not reachable"
	require.NoError(t, q.PutOff(ctx, b, model.Row{ID: "b", Problems: []model.Failed{{Part: model.PartScore, Kind: model.KindServer, HTTP: 500}}}))
	row, err = q.Get(ctx, "b")
	require.NoError(t, err)
	require.Len(t, row.Problems, 1)
	require.Empty(t, lookUps(t, q, 9, minute(19), minute(30)))
	b = lookUps(t, q, 9, minute(20), minute(30))[0]
	require.Equal(t, 1, b.Tries)
	require.Equal(t, "the API is not reachable", b.Reason)

	b.Aside = true
	require.NoError(t, q.PutOff(ctx, b, model.Row{}))
	require.Empty(t, lookUps(t, q, 9, minute(99), minute(100)))
	require.Equal(t, int64(1), depth(t, q, minute(50)).Aside)
	n, err := q.Retry(ctx, minute(40), "nobody")
	require.NoError(t, err)
	require.Zero(t, n)
	n, err = q.Retry(ctx, minute(40), "b")
	require.NoError(t, err)
	require.Equal(t, 1, n)
	b = lookUps(t, q, 9, minute(40), minute(41))[0]
	require.Zero(t, b.Tries)
	b.Aside = true
	require.NoError(t, q.PutOff(ctx, b, model.Row{}))
	add("b", 60)
	require.Zero(t, depth(t, q, minute(50)).Aside, "a new webhook is a new chance")
	b = lookUps(t, q, 9, minute(60), minute(61))[0]
	b.Aside = true
	require.NoError(t, q.PutOff(ctx, b, model.Row{}))
	n, err = q.Drop(ctx)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Zero(t, depth(t, q, minute(50)).Aside)
}

// effects of rules are part of what a job brings.
func (s suite) effects(t *testing.T) {
	q, ctx := s.queue(t, model.Row{ID: "old", Verdict: model.Manual, WaitsFrom: minute(0)}), t.Context()
	look := func(id string) store.Job {
		t.Helper()
		require.NoError(t, q.AddJobs(ctx, store.Job{Kind: store.JobLookUp, Key: id, Due: minute(0)}))
		jobs := lookUps(t, q, 1, minute(1), minute(2))
		require.Len(t, jobs, 1)
		return jobs[0]
	}
	read := model.Row{ID: "new", Verdict: model.Manual, WaitsFrom: minute(30)}
	err := q.Settle(ctx, look("new"), read, func(old, now model.Row) store.Effects {
		require.Empty(t, old.ID, "it was not known before")
		require.Equal(t, model.Manual, now.Verdict)
		return store.Effects{
			Tags: []string{"urgent"}, Ahead: time.Hour, Claim: &store.Claim{Who: "os:ana", At: minute(1), Until: minute(11)},
			Jobs: []store.Job{{Kind: store.JobNotify, Key: "rule new", Due: minute(1), Body: []byte("{}")}},
			Log:  []audit.Entry{{At: minute(1), By: "rule:one", Event: audit.Claim, Session: "new"}},
		}
	})
	require.NoError(t, err)
	row, err := q.Get(ctx, "new")
	require.NoError(t, err)
	require.Equal(t, []string{"urgent"}, row.Tags)
	require.Equal(t, "os:ana", row.ClaimedBy)
	require.Equal(t, time.Hour, row.Ahead)
	require.Len(t, entries(t, q), 1)
	page := list(t, q, model.Query{View: model.ViewReview, Sort: model.SortDue})
	require.Equal(t, "new", page.Rows[0].ID, "goes before those that have waited less than an hour longer")
	notify, err := q.TakeJobs(ctx, store.JobNotify, 5, minute(1), minute(2))
	require.NoError(t, err)
	require.Len(t, notify, 1)

	require.NoError(t, q.Settle(ctx, look("new"), read, func(old, _ model.Row) store.Effects {
		require.Equal(t, "new", old.ID)
		return store.Effects{Claim: &store.Claim{Who: "os:bo", At: minute(2), Until: minute(12)}, Tags: []string{"urgent", "b"}}
	}))
	row, err = q.Get(ctx, "new")
	require.NoError(t, err)
	require.Equal(t, "os:ana", row.ClaimedBy, "who has it keeps it")
	require.Equal(t, []string{"b", "urgent"}, row.Tags)

	require.NoError(t, q.KeepTicket(ctx, store.Ticket{Unique: "u", ID: "new", Sealed: []byte{1}, At: minute(1)}, time.Time{}))
	require.NoError(t, q.AddJobs(ctx, store.Job{Kind: store.JobLookUp, Key: "new", Due: minute(1)}))
	require.NoError(t, q.Forget(ctx, "new"))
	_, err = q.Ticket(ctx, "u")
	require.ErrorIs(t, err, store.ErrNoTicket)
	require.Empty(t, lookUps(t, q, 5, minute(2), minute(3)), "nothing is looked up of who is forgotten")
}

// forgetQueued: what waits and names who is forgotten goes too, and nothing else.
func (s suite) forgetQueued(t *testing.T) {
	q, ctx := s.queue(t), t.Context()
	require.NoError(t, q.Upsert(ctx, model.Row{ID: "a1", CustomerID: "c<1>"}, model.Row{ID: "a2", CustomerID: "c2"}, model.Row{ID: "a3"}))
	result := func(id, customer string) store.Result {
		return store.Result{Kind: "authentication", ID: id, Customer: customer, Outcome: "OK", At: minute(1)}
	}
	require.NoError(t, q.Accept(ctx, hook(1)))
	_, err := q.Place(ctx, 1, func([]store.Delivery) store.Placed {
		return store.Placed{Results: []store.Result{result("t1", "c<1>"), result("t2", "c2"), result("t3", "")}}
	})
	require.NoError(t, err)
	notice := func(id string) []byte { return []byte(`{"target":"ops","says":{"event":"verdict","id":"` + id + `"}}`) }
	told := func(id, customer string) []byte {
		return []byte(`{"kind":"authentication","id":"` + id + `","customer":"` + customer + `"}`)
	}
	require.NoError(t, q.AddJobs(ctx,
		store.Job{Kind: store.JobNotify, Key: "ops-1", Due: minute(1), Body: notice("a1")},
		store.Job{Kind: store.JobNotify, Key: "ops-2", Due: minute(1), Body: notice("a1"), Aside: true},
		store.Job{Kind: store.JobNotify, Key: "ops-3", Due: minute(1), Body: notice("a11")},
		store.Job{Kind: store.JobNotify, Key: "ops-4", Due: minute(1), Body: notice("a2")},
		store.Job{Kind: store.JobWebhook, Key: "7", Due: minute(1), Body: []byte(`{"kind":"odd","id":"a1"}`), Aside: true},
		store.Job{Kind: store.JobWebhook, Key: "8", Due: minute(1), Body: told("t4", `c\u003c1\u003e`), Aside: true},
		store.Job{Kind: store.JobWebhook, Key: "9", Due: minute(1), Body: []byte("no JSON a1"), Aside: true},
		store.Job{Kind: store.JobEnroll, Key: "a1", Due: minute(1)},
	))
	for _, body := range [][]byte{[]byte(`{"kind":"onboarding","id":"a1"}`), told("t5", `c\u003c1\u003e`), []byte(`{"kind":"onboarding","id":"a2"}`)} {
		require.NoError(t, q.Accept(ctx, store.Delivery{At: minute(2), Body: body}))
	}
	require.NoError(t, q.Forget(ctx, "a1", audit.Entry{By: "os:ana", Event: audit.Delete, Session: "a1"}))
	require.NoError(t, q.Forget(ctx, "a3"), "nobody's results are those of nobody")

	results, err := q.Results(ctx, 9)
	require.NoError(t, err)
	require.ElementsMatch(t, []store.Result{result("t2", "c2"), result("t3", "")}, results)
	logged := entries(t, q)
	require.Equal(t, store.Erased{Results: 1}.String(), logged[len(logged)-1].Detail)
	var left []string
	for _, kind := range []store.JobKind{store.JobNotify, store.JobEnroll} {
		jobs, err := q.TakeJobs(ctx, kind, 9, minute(2), minute(3))
		require.NoError(t, err)
		for _, j := range jobs {
			left = append(left, j.Key)
		}
	}
	aside, err := q.Aside(ctx, 9)
	require.NoError(t, err)
	for _, j := range aside {
		left = append(left, j.Key)
	}
	require.ElementsMatch(t, []string{"ops-3", "ops-4", "9"}, left)
	_, err = q.Place(ctx, 9, func(all []store.Delivery) store.Placed {
		require.Len(t, all, 1)
		require.Contains(t, string(all[0].Body), "a2")
		return store.Placed{}
	})
	require.NoError(t, err)
}

// tickets and results are kept once.
func (s suite) told(t *testing.T) {
	q, ctx := s.queue(t), t.Context()
	_, err := q.Ticket(ctx, "one")
	require.ErrorIs(t, err, store.ErrNoTicket)
	one := store.Ticket{Unique: "one", ID: "5f9a", Sealed: []byte{0, 1, 255}, At: minute(1)}
	require.NoError(t, q.KeepTicket(ctx, one, time.Time{}))
	got, err := q.Ticket(ctx, "one")
	require.NoError(t, err)
	require.Equal(t, one, got)
	require.NoError(t, q.KeepTicket(ctx, store.Ticket{Unique: "two", ID: "5f9b", Sealed: []byte{2}, At: minute(9)}, minute(5)))
	_, err = q.Ticket(ctx, "one")
	require.ErrorIs(t, err, store.ErrNoTicket, "its token has ended long ago")

	spoof := store.Result{Kind: "authentication", ID: "t1", Customer: "67dd", Outcome: "FAIL", Detail: "spoof attempt", At: minute(1)}
	other := spoof
	other.ID, other.At = "t2", minute(2)
	for range 2 {
		require.NoError(t, q.Accept(ctx, hook(1)))
		_, err = q.Place(ctx, 1, func([]store.Delivery) store.Placed { return store.Placed{Results: []store.Result{spoof, other}} })
		require.NoError(t, err)
	}
	results, err := q.Results(ctx, 5)
	require.NoError(t, err)
	require.Equal(t, []store.Result{other, spoof}, results)
}

// queueTogether: many accept, several place and look up, and nothing is lost or done
// by two at once.
func (s suite) queueTogether(t *testing.T) {
	const senders, each, workers = 8, 25, 3
	q, ctx := s.queue(t), t.Context()
	var sending, working sync.WaitGroup
	for n := range senders {
		sending.Go(func() {
			for i := range each {
				assert.NoError(t, q.Accept(ctx, hook(n*each+i)))
			}
		})
	}
	done, stop := context.WithCancel(ctx)
	var mu sync.Mutex
	taken := map[string]int{}
	for range workers {
		working.Go(func() {
			for n := 1; done.Err() == nil || n > 0; {
				var err error
				n, err = q.Place(ctx, 7, asRows)
				assert.NoError(t, err)
				jobs, err := q.TakeJobs(ctx, store.JobLookUp, 5, minute(1000), minute(2000))
				assert.NoError(t, err)
				for _, j := range jobs {
					mu.Lock()
					taken[j.Key]++
					mu.Unlock()
					assert.NoError(t, q.Settle(ctx, j, model.Row{ID: j.Key, Verdict: model.OK}, nil))
				}
			}
		})
	}
	sending.Wait()
	stop()
	working.Wait()
	for _, j := range lookUps(t, q, senders*each, minute(1000), minute(2000)) {
		taken[j.Key]++
	}
	require.Len(t, taken, senders*each)
	for key, n := range taken {
		require.Equal(t, 1, n, fmt.Sprintf("%s was looked up by two", key))
	}
	counts, err := q.Counts(ctx, "", minute(0))
	require.NoError(t, err)
	require.Equal(t, int64(senders*each), counts[model.ViewAll])
}
