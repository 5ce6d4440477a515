package postgres

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/internal/pgtest"
	"docket/model"
	"docket/store"
)

// TestRestarted ends the server in the middle of what many write, as an operator does
// and as a crash does. What was acknowledged is there, and nothing is there twice.
func TestRestarted(t *testing.T) {
	c, err := pgtest.New()
	require.NoError(t, err)
	defer func() { require.NoError(t, c.Remove()) }()
	s := openAt(t, c.URL())
	news := s.Watch(t.Context())
	var kept, logged, unknown atomic.Int64
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for n := range 4 {
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				if err := s.Upsert(t.Context(), model.Row{ID: fmt.Sprint(n, "-", i), Verdict: model.Manual}); err != nil {
					t.Error(err)
					return
				}
				kept.Add(1)
				switch err := s.Log(t.Context(), audit.Entry{Event: audit.View, Session: fmt.Sprint(n, "-", i)}); {
				case err == nil:
					logged.Add(1)
				case model.AsProblem(err).Kind == model.KindOutcome:
					unknown.Add(1)
				default:
					t.Error(err)
					return
				}
			}
		})
	}
	for _, how := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT, syscall.SIGQUIT} {
		for before := kept.Load(); kept.Load() < before+50; { // they write
			<-news
		}
		require.NoError(t, c.Stop(how))
		require.NoError(t, c.Start())
	}
	for before := kept.Load(); kept.Load() < before+50; {
		<-news
	}
	close(stop)
	wg.Wait()
	consistent(t, s, int(kept.Load()))
	size, err := s.AuditSize(t.Context())
	require.NoError(t, err)
	require.GreaterOrEqual(t, size, logged.Load())
	require.LessOrEqual(t, size, logged.Load()+unknown.Load())
	keys, err := audit.Keys()
	require.NoError(t, err)
	report, err := audit.Verify(t.Context(), s, keys)
	require.NoError(t, err)
	require.Nil(t, report.Broken)
}

// TestAway: a database that is away is told as such, and is used again when it is back.
// Whoever watches hears of both, however late they came.
func TestAway(t *testing.T) {
	c, err := pgtest.New()
	require.NoError(t, err)
	defer func() { require.NoError(t, c.Remove()) }()
	s := openAt(t, c.URL())
	s.wait = 100 * time.Millisecond
	news := s.Watch(t.Context())
	require.NoError(t, c.Stop(syscall.SIGQUIT))
	require.Equal(t, store.Change{Away: true}, <-news)
	late := s.Watch(t.Context())
	require.Equal(t, store.Change{Away: true}, <-late)
	for _, err := range []error{s.Upsert(t.Context(), model.Row{ID: "a"}), s.Log(t.Context(), audit.Entry{Event: audit.View})} {
		p := model.AsProblem(err)
		require.Equal(t, model.KindUnreachable, p.Kind)
		require.ErrorIs(t, p, store.ErrDown)
	}
	require.NoError(t, c.Start())
	require.Equal(t, store.Change{}, <-news)
	require.Equal(t, store.Change{}, <-late)
	s.wait = patience
	require.NoError(t, s.Upsert(t.Context(), model.Row{ID: "a"}))
	require.Equal(t, store.Change{IDs: []string{"a"}}, <-news)
}

// TestSilent: a server that swallows everything is told as away too, though the
// connection is never lost.
func TestSilent(t *testing.T) {
	c, err := pgtest.New()
	require.NoError(t, err)
	defer func() { require.NoError(t, c.Remove()) }()
	s := openAt(t, c.URL())
	news := s.Watch(t.Context())
	var listener int
	require.NoError(t, s.pool.QueryRow(t.Context(), "select pid from pg_stat_activity where query like 'listen %'").Scan(&listener))
	require.NoError(t, syscall.Kill(listener, syscall.SIGSTOP))
	defer func() { require.NoError(t, syscall.Kill(listener, syscall.SIGCONT)) }() // else it never ends
	require.Equal(t, store.Change{Away: true}, <-news)
	require.Equal(t, store.Change{}, <-news, "another connection is answered")
}

// cutter hands on what goes between a store and its server, and cuts the connection
// after a commit went out.
type cutter struct {
	to  string
	cut atomic.Bool
}

func (c *cutter) serve(l net.Listener) {
	for {
		near, err := l.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", c.to)
		if err != nil {
			_ = near.Close()
			return
		}
		go func() { _, _ = io.Copy(near, far) }()
		go c.up(near, far)
	}
}

func (c *cutter) up(near, far net.Conn) {
	defer func() { _ = far.Close() }()
	defer func() { _ = near.Close() }()
	for b := make([]byte, 1<<16); ; {
		n, err := near.Read(b)
		if err != nil {
			return
		}
		cut := bytes.Contains(b[:n], []byte("commit")) && c.cut.CompareAndSwap(true, false)
		if cut {
			_ = near.Close() // before the answer can come
		}
		if _, err := far.Write(b[:n]); err != nil || cut {
			_, _ = io.Copy(io.Discard, far) // the server is not disturbed
			return
		}
	}
}

// TestCommitWithoutAnswer: what may be done twice is done again, and of what may not
// it is told that nobody knows.
func TestCommitWithoutAnswer(t *testing.T) {
	at := pgtest.URL(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	server, err := url.Parse(at)
	require.NoError(t, err)
	c := &cutter{to: server.Host}
	go c.serve(l)
	s := openAt(t, with(t, at, func(u *url.URL) { u.Host = l.Addr().String() }))
	direct := openAt(t, at)

	c.cut.Store(true)
	require.NoError(t, s.Upsert(t.Context(), model.Row{ID: "a", Verdict: model.Manual}))
	require.False(t, c.cut.Load())
	consistent(t, direct, 1)
	c.cut.Store(true)
	p := model.AsProblem(s.Log(t.Context(), audit.Entry{Event: audit.View}))
	require.NotNil(t, p)
	require.Equal(t, model.KindOutcome, p.Kind)
	require.ErrorIs(t, p, store.ErrDown)
	require.NotContains(t, p.Error(), "docket@")
	require.NoError(t, s.Log(t.Context(), audit.Entry{Event: audit.View}))
	size, err := direct.AuditSize(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 2, size, "it went through, and once")
}

// TestNoAnswer: a network that swallows answers holds nobody up for ever.
func TestNoAnswer(t *testing.T) {
	s := openAt(t, pgtest.URL(t))
	s.limits, s.wait = limits{read: 100 * time.Millisecond, write: 100 * time.Millisecond, commit: time.Minute}, 0
	sleep := func(tx pgx.Tx) error { return one(t.Context(), tx, "select from pg_sleep(60)", nil) }
	for _, err := range []error{
		s.reading(t.Context(), "wait", sleep),
		s.change(t.Context(), "wait", once, func(e *edit) error { return sleep(e) }),
	} {
		require.Equal(t, model.KindUnreachable, model.AsProblem(err).Kind)
	}
	require.NoError(t, s.changeWithin(t.Context(), "wait", once, 0, func(e *edit) error {
		return one(t.Context(), e, "select from pg_sleep(0.2)", nil)
	}))
}

// TestStopped: a question that the server stopped is not told as a server that is away.
func TestStopped(t *testing.T) {
	s := openAt(t, pgtest.URL(t)+"&statement_timeout=500")
	err := s.reading(t.Context(), "wait", func(tx pgx.Tx) error { return one(t.Context(), tx, "select from pg_sleep(60)", nil) })
	require.Contains(t, model.AsProblem(err).Message, "took too long")
}

// TestTwo has two stores on one inbox, as two processes have.
func TestTwo(t *testing.T) {
	at := pgtest.URL(t)
	a, b := openAt(t, at), openAt(t, at)
	news := b.Watch(t.Context())
	require.NoError(t, a.Upsert(t.Context(), model.Row{ID: "a\x00\x01\xff"}))
	require.Equal(t, []string{"a\x00\x01\xff"}, (<-news).IDs, "what another wrote is known by name")
	require.NoError(t, b.Upsert(t.Context(), model.Row{ID: "b"}))
	require.Equal(t, []string{"b"}, (<-news).IDs)

	var crowd []model.Row
	told := map[string]bool{}
	for i := range 900 {
		crowd = append(crowd, model.Row{ID: fmt.Sprintf("one of the crowd, number %d", i)})
	}
	require.NoError(t, a.Upsert(t.Context(), crowd...))
	for len(told) < len(crowd) {
		ids := (<-news).IDs
		require.NotEmpty(t, ids)
		for _, id := range ids {
			require.False(t, told[id])
			told[id] = true
		}
	}
	require.NoError(t, a.Upsert(t.Context(), append(crowd, make100("more")...)...), "nothing new but a hundred")
	require.NoError(t, a.Upsert(t.Context(), make100("long ago, "+string(make([]byte, 2000)))...))
	for len((<-news).IDs) > 0 { // until one says that it does not know which
	}

	pgtest.Exec(t, at, "select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %'")
	c := <-news
	for c.Away {
		c = <-news
	}
	require.Empty(t, c.IDs, "something may have been missed")
	require.NoError(t, a.Upsert(t.Context(), model.Row{ID: "again"}))
	require.Equal(t, []string{"again"}, (<-news).IDs)
}

func make100(name string) (rows []model.Row) {
	for i := range 100 {
		rows = append(rows, model.Row{ID: fmt.Sprint(name, i)})
	}
	return rows
}

// TestCollisions lets two stores change and add the same sessions all the time, in
// other orders.
func TestCollisions(t *testing.T) {
	at := pgtest.URL(t)
	var wg sync.WaitGroup
	const stores, rounds, each = 3, 15, 8
	for n := range stores {
		s := openAt(t, at)
		for k := range 2 {
			wg.Go(func() {
				for round := range rounds {
					var rows []model.Row
					for i := range each {
						if k == 0 {
							i = each - 1 - i
						}
						rows = append(rows, model.Row{
							ID: fmt.Sprint("shared", (round/3*4)+i), Custom: map[string]string{"k": fmt.Sprint(n, k, round)},
						})
					}
					if err := s.Upsert(t.Context(), rows...); err != nil {
						t.Error(err)
					}
					p := model.Pending{Action: model.ActApprove, By: fmt.Sprint(n, k), At: time.Now()}
					log := []audit.Entry{{Event: audit.Intent, Session: "shared0"}}
					if err := s.Intend(t.Context(), p, time.Now(), log, rows[:2]...); err == nil {
						for _, r := range rows[:2] {
							if err := s.Conclude(t.Context(), r.ID, p, time.Time{}, audit.Entry{Event: audit.Outcome}); err != nil {
								t.Error(err)
							}
						}
					}
				}
			})
		}
	}
	wg.Wait()
	s := openAt(t, at)
	consistent(t, s, (rounds-1)/3*4+each)
	require.Empty(t, unknowns(t, s))
	keys, err := audit.Keys()
	require.NoError(t, err)
	report, err := audit.Verify(t.Context(), s, keys)
	require.NoError(t, err)
	require.Nil(t, report.Broken)
}

func unknowns(t *testing.T, s *Store) []model.Row {
	t.Helper()
	p, err := s.List(t.Context(), model.Query{View: model.ViewUnknown})
	require.NoError(t, err)
	return p.Rows
}

// TestLongTexts: what is too long for an index is kept and found all the same.
func TestLongTexts(t *testing.T) {
	s, ctx := openAt(t, pgtest.URL(t)), t.Context()
	long := string(make([]byte, 9000)) + "end"
	hash := model.NewPersonal(model.ClassDevice, long+"device")
	require.NoError(t, s.Upsert(ctx, model.Row{ID: long + "1", DeviceHash: hash, IP: hash, Tags: []string{long}}, model.Row{ID: long + "2", DeviceHash: hash}))
	device, _, err := s.Alike(ctx, long+"1", 5)
	require.NoError(t, err)
	require.Len(t, device, 1)
	require.Equal(t, long+"2", device[0].ID)
	p, err := s.List(ctx, model.Query{Limit: 1})
	require.NoError(t, err)
	p, err = s.List(ctx, model.Query{After: p.Last})
	require.NoError(t, err)
	require.Len(t, p.Rows, 1)
	tags, err := s.Tags(ctx)
	require.NoError(t, err)
	require.EqualValues(t, 1, tags[long])
	require.NoError(t, s.KeepCaseFile(ctx, long, "/cases/"+long))
	require.NoError(t, s.AddJobs(ctx, store.Job{Kind: store.JobLookUp, Key: long + "1", Due: time.Now()}))
	require.NoError(t, s.Forget(ctx, long+"1"))
	jobs, err := s.TakeJobs(ctx, store.JobLookUp, 5, time.Now().Add(time.Hour), time.Now().Add(2*time.Hour))
	require.NoError(t, err)
	require.Empty(t, jobs)
}

// TestTheAuditLogIsAppendOnly: nothing that is written can be changed or taken out by
// a statement, an accident included.
func TestTheAuditLogIsAppendOnly(t *testing.T) {
	s := openAt(t, pgtest.URL(t))
	require.NoError(t, s.Log(t.Context(), audit.Entry{Event: audit.View}))
	for _, table := range []string{"audit", "audit_hash", "audit_checkpoint"} {
		for _, text := range []string{"delete from ", "truncate "} {
			_, err := s.pool.Exec(t.Context(), text+table)
			require.ErrorContains(t, err, "append-only", text+table)
		}
	}
	_, err := s.pool.Exec(t.Context(), "update audit set line = 'x'")
	require.ErrorContains(t, err, "append-only")
}

// TestClosed: who is late is told.
func TestClosed(t *testing.T) {
	s := openAt(t, pgtest.URL(t))
	require.NoError(t, s.Close())
	require.NoError(t, s.Close(), "twice is no error")
	_, err := s.List(context.Background(), model.Query{})
	require.Contains(t, model.AsProblem(err).Message, "closed")
	require.ErrorIs(t, err, store.ErrDown)
}
