package postgres

import (
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"docket/internal/pgtest"
	"docket/model"
	"docket/store"
	"docket/store/storegen"
)

func openAt(t testing.TB, url string) *Store {
	t.Helper()
	s, err := Open(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// with returns a URL with a part of it changed.
func with(t testing.TB, raw string, change func(*url.URL)) string {
	t.Helper()
	u, err := url.Parse(raw)
	require.NoError(t, err)
	change(u)
	return u.String()
}

// TestManyOpenIt lets many make the same inbox at once.
func TestManyOpenIt(t *testing.T) {
	at := pgtest.URL(t)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			s, err := Open(t.Context(), at)
			if err == nil {
				err = s.Upsert(t.Context(), storegen.Row(i), storegen.Row(99))
			}
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	consistent(t, openAt(t, at), 9)
}

// TestWhetherThereIsOne: looking for an inbox makes none.
func TestWhetherThereIsOne(t *testing.T) {
	at := pgtest.URL(t)
	schemas := func() (n int) {
		c, err := pgx.Connect(t.Context(), at)
		require.NoError(t, err)
		defer func() { require.NoError(t, c.Close(t.Context())) }()
		require.NoError(t, c.QueryRow(t.Context(), "select count(*) from pg_namespace where nspname = 'docket'").Scan(&n))
		return n
	}
	there, err := Exists(t.Context(), at)
	require.NoError(t, err)
	require.False(t, there)
	require.Zero(t, schemas())
	openAt(t, at)
	there, err = Exists(t.Context(), at)
	require.NoError(t, err)
	require.True(t, there)
	_, err = Exists(t.Context(), "postgres://127.0.0.1:1/nobody")
	require.Error(t, err)
}

// TestSchemas: an inbox has a schema of its own, or the one that the URL names.
func TestSchemas(t *testing.T) {
	at := pgtest.URL(t)
	ours := openAt(t, at)
	require.NoError(t, ours.Upsert(t.Context(), storegen.Row(1)))
	pgtest.Exec(t, at, "create schema other")
	other := openAt(t, with(t, at, func(u *url.URL) { u.RawQuery += "&search_path=other" }))
	news := other.Watch(t.Context())
	require.NoError(t, ours.Upsert(t.Context(), storegen.Row(2)))
	require.NoError(t, other.Upsert(t.Context(), storegen.Row(3)))
	require.Equal(t, []string{storegen.Row(3).ID}, (<-news).IDs, "what one inbox tells another does not hear")
	consistent(t, ours, 2)
	consistent(t, other, 1)
	pgtest.Exec(t, at, "select 1 from docket.session") // it is there
}

func TestRefused(t *testing.T) {
	at := pgtest.URL(t)
	openAt(t, at)
	pgtest.Exec(t, at, "create role stranger login password 'fake-stranger'; create schema taken; create table taken.session (id int)")
	pgtest.Exec(t, at, "create schema empty; create schema theirs; create table theirs.goose_db_version (version_id bigint, is_applied boolean); "+
		"insert into theirs.goose_db_version values (0, true), (1, true)")
	t.Cleanup(func() { pgtest.Exec(t, at, "drop role stranger") })
	newer := pgtest.URL(t)
	openAt(t, newer)
	pgtest.Exec(t, newer, "insert into docket.goose_db_version (version_id, is_applied) values (99, true)")
	for name, c := range map[string]struct {
		url, says string
		kind      model.Kind
	}{
		"newer":          {newer, "newer docket", model.KindFailed},
		"other tables":   {at + "&search_path=taken", "did not make", model.KindFailed},
		"other program":  {at + "&search_path=theirs", "did not make", model.KindFailed},
		"no schema":      {at + "&search_path=nowhere", "schema of the inbox does not exist", model.KindFailed},
		"read only":      {at + "&search_path=empty&default_transaction_read_only=on", "can be read only", model.KindFailed},
		"no setting":     {at + "&nonsense=1", "does not take a setting", model.KindFailed},
		"no value":       {at + "&statement_timeout=soon", "does not take a setting", model.KindFailed},
		"no database":    {with(t, at, func(u *url.URL) { u.Path = "/nowhere" }), "does not exist", model.KindFailed},
		"wrong password": {with(t, at, func(u *url.URL) { u.User = url.UserPassword("stranger", "fake-wrong") }), "does not let this user in", model.KindFailed},
		"no rights":      {with(t, at, func(u *url.URL) { u.User = url.UserPassword("stranger", "fake-stranger") }), "may not do this", model.KindFailed},
		"no server":      {"postgres://stranger:fake-wrong@127.0.0.1:1/docket?sslmode=disable", "cannot be reached", model.KindUnreachable},
		"no such host":   {"postgres://stranger:fake-wrong@no-such-host.invalid/docket", "cannot be reached", model.KindUnreachable},
		"no address":     {"postgres://stranger:fake-wrong@127.0.0.1:port/docket", "not the address", model.KindFailed},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(t.Context(), c.url)
			p := model.AsProblem(err)
			require.Contains(t, p.Message, c.says)
			require.NotEmpty(t, p.Do)
			require.Equal(t, c.kind, p.Kind)
			for _, secret := range []string{"fake", "stranger", "password of a test"} {
				require.NotContains(t, err.Error(), secret)
			}
		})
	}
	pgtest.Exec(t, at, "create table theirs.delivery (nothing int)") // it was not there
}

// TestFit: what can be read and not written to is told before somebody tries.
func TestFit(t *testing.T) {
	at := pgtest.URL(t)
	s := openAt(t, at)
	ahead, err := s.Fit(t.Context())
	require.NoError(t, err)
	require.Less(t, ahead.Abs(), time.Hour)
	s.now = func() time.Time { return time.Now().Add(48 * time.Hour) }
	ahead, err = s.Fit(t.Context())
	require.NoError(t, err)
	require.Greater(t, ahead, 47*time.Hour)

	_, err = openAt(t, at+"&default_transaction_read_only=on").Fit(t.Context())
	require.Contains(t, model.AsProblem(err).Message, "read only")
	pgtest.Exec(t, at, "create role reader login password 'fake-reader'; grant usage on schema docket to reader; grant select on all tables in schema docket to reader")
	t.Cleanup(func() { pgtest.Exec(t, at, "drop owned by reader; drop role reader") })
	reader := with(t, at, func(u *url.URL) { u.User = url.UserPassword("reader", "fake-reader") })
	_, err = openAt(t, reader).Fit(t.Context())
	require.Contains(t, model.AsProblem(err).Message, "may not do this")
	pgtest.Exec(t, at, "grant insert on all tables in schema docket to reader; grant update on docket.session, docket.turn to reader")
	_, err = openAt(t, reader).Fit(t.Context())
	require.NoError(t, err)
}

// TestNoSamples: the server keeps no samples of what is personal, in which it would
// outlive its deletion.
func TestNoSamples(t *testing.T) {
	at := pgtest.URL(t)
	s, ctx := openAt(t, at), t.Context()
	for i := range 300 {
		r := storegen.Row(i)
		r.Tags = []string{"tag"}
		require.NoError(t, s.Upsert(ctx, r))
		require.NoError(t, s.AddNote(ctx, r.ID, model.Note{By: "ana", Text: "a text"}))
		require.NoError(t, s.KeepCaseFile(ctx, r.ID, "/cases/"+r.ID))
	}
	pgtest.Exec(t, at, "analyze")
	var sampled []string
	err := s.reading(ctx, "look", func(tx pgx.Tx) error {
		var column string
		return each(ctx, tx, "select tablename || '.' || attname from pg_stats where schemaname = 'docket' and tablename in ('session', 'note', 'tag', 'case_file') order by 1",
			nil, func() error { sampled = append(sampled, column); return nil }, &column)
	})
	require.NoError(t, err)
	require.Equal(t, []string{
		"case_file.at", "case_file.session", "note.at", "note.by", "note.id", "note.session", "session.claimed_by", "session.claimed_until", "session.due",
		"session.id", "session.newest", "session.views", "session.worst", "tag.session",
	}, sampled)
}

func TestMigrationsAreCounted(t *testing.T) {
	files, err := migrations.ReadDir("migrations")
	require.NoError(t, err)
	require.Len(t, files, version)
}

// consistent compares everything that is derived with what it is derived from.
func consistent(t testing.TB, s *Store, rows int) {
	t.Helper()
	ctx := t.Context()
	want := model.Counts{model.ViewMine: 0}
	for _, v := range model.Views() {
		want[v.View] = 0
	}
	found := 0
	err := s.reading(ctx, "check", func(tx pgx.Tx) error {
		var k struct {
			id, words string
			views     int64
			body      []byte
		}
		return each(ctx, tx, "select id, views, body, array_to_string(tsvector_to_array(words), ' ') from session", nil, func() error {
			r, err := store.DecodeRow(k.body)
			require.NoError(t, err)
			require.Equal(t, keyed(r.ID), k.id)
			require.Equal(t, store.Mask(&r), k.views)
			found++
			want[model.ViewAll]++
			for bit, v := range store.StoredViews() {
				want[v] += k.views >> bit & 1
			}
			return nil
		}, &k.id, &k.views, &k.body, &k.words)
	})
	require.NoError(t, err)
	require.Equal(t, rows, found)
	counts, err := s.Counts(ctx, "", s.now())
	require.NoError(t, err)
	require.Equal(t, want, counts)
}
