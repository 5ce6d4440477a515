package postgres

import (
	"bytes"
	"context"
	"fmt"
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
	var kept, logged atomic.Int64
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
				if err := s.Log(t.Context(), audit.Entry{Event: audit.View, Session: fmt.Sprint(n, "-", i)}); err != nil {
					t.Error(err)
					return
				}
				logged.Add(1)
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
	require.Equal(t, logged.Load(), size)
	keys, err := audit.Keys()
	require.NoError(t, err)
	report, err := audit.Verify(t.Context(), s, keys)
	require.NoError(t, err)
	require.Nil(t, report.Broken)
}

// TestUnknown: a commit that gets no answer, and nobody to ask afterwards, is told as
// what it is.
func TestUnknown(t *testing.T) {
	c, err := pgtest.New()
	require.NoError(t, err)
	defer func() { require.NoError(t, c.Remove()) }()
	s := openAt(t, c.URL())
	s.wait = 100 * time.Millisecond
	require.NoError(t, c.Stop(syscall.SIGQUIT))
	require.ErrorIs(t, s.settled(t.Context(), "1000", errLost), errUnknown)
	p := model.AsProblem(s.told("keep an intent", errUnknown))
	require.Equal(t, model.KindOutcome, p.Kind)
	require.ErrorIs(t, p, store.ErrDown)
	p = model.AsProblem(s.Upsert(t.Context(), model.Row{ID: "a"}))
	require.Equal(t, model.KindUnreachable, p.Kind)
	require.ErrorIs(t, p, store.ErrDown)
	require.NoError(t, c.Start())
	require.NoError(t, s.Upsert(t.Context(), model.Row{ID: "a"}))
}

// relay is a network that can swallow what the server answers.
type relay struct {
	net.Listener
	to      string
	swallow atomic.Bool // from the next commit on, on that connection
}

func newRelay(t *testing.T, to string) *relay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, l.Close()) })
	r := &relay{Listener: l, to: to}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go r.serve(c)
		}
	}()
	return r
}

func (r *relay) serve(client net.Conn) {
	server, err := net.Dial("tcp", r.to)
	if err != nil {
		_ = client.Close()
		return
	}
	var deaf atomic.Bool
	var both sync.WaitGroup
	both.Go(func() {
		b := make([]byte, 1<<16)
		for {
			n, err := client.Read(b)
			if bytes.Contains(b[:n], []byte("commit\x00")) && r.swallow.CompareAndSwap(true, false) {
				deaf.Store(true)
			}
			if _, to := server.Write(b[:n]); err != nil || to != nil {
				_ = server.Close()
				return
			}
		}
	})
	both.Go(func() {
		b := make([]byte, 1<<16)
		for {
			n, err := server.Read(b)
			if err != nil {
				_ = client.Close()
				return
			}
			if !deaf.Load() {
				_, _ = client.Write(b[:n]) // one that left is seen by the other direction
			}
		}
	})
	both.Wait()
}

// TestSwallowed: a network that swallows answers holds nobody up for ever, and what
// became of a commit is found out over another connection.
func TestSwallowed(t *testing.T) {
	at := pgtest.URL(t)
	u, err := url.Parse(at)
	require.NoError(t, err)
	r := newRelay(t, u.Host)
	u.Host = r.Addr().String()
	s := openAt(t, u.String())
	s.limits = limits{read: 100 * time.Millisecond, write: time.Minute, commit: 100 * time.Millisecond, ask: 2 * time.Second}
	r.swallow.Store(true)
	require.NoError(t, s.Log(t.Context(), audit.Entry{Event: audit.View}))
	size, err := openAt(t, at).AuditSize(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 1, size, "it was kept, once")

	s.wait = 0
	r.swallow.Store(true)
	_, err = s.AuditSize(t.Context())
	require.Equal(t, model.KindUnreachable, model.AsProblem(err).Kind)
	err = s.reading(t.Context(), "wait", func(tx pgx.Tx) error { return one(t.Context(), tx, "select from pg_sleep(60)", nil) })
	require.Equal(t, model.KindUnreachable, model.AsProblem(err).Kind)
	_, err = s.AuditSize(t.Context())
	require.NoError(t, err)
}

// TestStopped: a question that the server stopped is not told as a server that is away.
func TestStopped(t *testing.T) {
	s := openAt(t, pgtest.URL(t)+"&statement_timeout=500")
	err := s.reading(t.Context(), "wait", func(tx pgx.Tx) error { return one(t.Context(), tx, "select from pg_sleep(60)", nil) })
	require.Contains(t, model.AsProblem(err).Message, "took too long")
}

var errLost = lostError{fmt.Errorf("the connection is lost")}

// TestSettled asks Postgres what became of transactions.
func TestSettled(t *testing.T) {
	s := openAt(t, pgtest.URL(t))
	number := func(end func(pgx.Tx) error) (n string) {
		tx, err := s.pool.Begin(t.Context())
		require.NoError(t, err)
		require.NoError(t, tx.QueryRow(t.Context(), "select pg_current_xact_id()::text").Scan(&n))
		require.NoError(t, end(tx))
		return n
	}
	require.NoError(t, s.settled(t.Context(), number(func(tx pgx.Tx) error { return tx.Commit(t.Context()) }), errLost))
	err := s.settled(t.Context(), number(func(tx pgx.Tx) error { return tx.Rollback(t.Context()) }), errLost)
	require.ErrorAs(t, err, &lostError{}, "so it can be done again")
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
	require.Empty(t, (<-news).IDs, "something may have been missed")
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
