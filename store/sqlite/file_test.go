package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"io/fs"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/model"
	"docket/store"
	"docket/store/storegen"
)

func openAt(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func fill(t testing.TB, s *Store, n int) {
	t.Helper()
	for batch := range storegen.Batches(n, 500) {
		require.NoError(t, s.Upsert(t.Context(), batch...))
	}
}

func mode(t testing.TB, path string) fs.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Mode().Perm()
}

func TestPrivate(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new", "folder")
	for _, name := range []string{"inbox.db", "a b?c#d%41&e=f'.db", "受信箱.db", ":memory:", "file:x"} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(folder, name)
			s := openAt(t, path)
			fill(t, s, 10)
			for _, end := range []string{"", "-wal", "-shm"} {
				require.Equal(t, fs.FileMode(0o600), mode(t, path+end), end)
			}
			require.Equal(t, fs.FileMode(0o700), mode(t, folder))
		})
	}
	t.Run("a file that others could read", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "open.db")
		require.NoError(t, os.WriteFile(path, nil, 0o644))
		fill(t, openAt(t, path), 10)
		require.Equal(t, fs.FileMode(0o600), mode(t, path))
		require.Equal(t, fs.FileMode(0o600), mode(t, path+"-wal"))
	})
}

func TestTempLeavesNothing(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	s, err := Temp(t.Context())
	require.NoError(t, err)
	fill(t, s, 10)
	require.Equal(t, fs.FileMode(0o700), mode(t, filepath.Dir(s.path)))
	require.NoError(t, s.Close())
	require.NoError(t, s.Close(), "twice is no error")
	_, err = s.List(t.Context(), model.Query{})
	require.ErrorIs(t, err, errClosed)
	require.ErrorIs(t, s.Upsert(t.Context(), model.Row{ID: "late"}), errClosed)
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "inbox.db")
	first, err := Open(t.Context(), path)
	require.NoError(t, err)
	fill(t, first, 100)
	require.NoError(t, first.Close())
	s := openAt(t, path)
	got, err := s.Get(t.Context(), storegen.Row(42).ID)
	require.NoError(t, err)
	require.Equal(t, storegen.Row(42), got)
	consistent(t, s)
}

func TestRefused(t *testing.T) {
	dir := t.TempDir()
	newer := filepath.Join(dir, "newer.db")
	s, err := Open(t.Context(), newer)
	require.NoError(t, err)
	require.NoError(t, s.write.do(t.Context(), func(c *conn) error { return c.exec(t.Context(), "pragma user_version = 99") }))
	require.NoError(t, s.Close())
	other := filepath.Join(dir, "other.db")
	require.NoError(t, os.WriteFile(other, bytes.Repeat([]byte("not a database "), 1000), 0o600))
	for path, says := range map[string]string{
		newer: "newer docket", other: "not an inbox", filepath.Join(other, "below.db"): "cannot be made or opened", dir: "cannot be made or opened",
	} {
		_, err := Open(t.Context(), path)
		p := model.AsProblem(err)
		require.NotNil(t, p, path)
		require.Contains(t, p.Message, says)
		require.Equal(t, path, p.Subject)
		require.NotEmpty(t, p.Do)
	}
	content, err := os.ReadFile(other)
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(content, []byte("not a database")), "a file that is something else stays as it is")
}

// TestForeign offers files that docket did not make: they stay as they are.
func TestForeign(t *testing.T) {
	database := func(texts ...string) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			db, err := sql.Open("sqlite", path)
			require.NoError(t, err)
			require.NoError(t, execAll(t.Context(), db, texts...))
			require.NoError(t, db.Close())
		}
	}
	for name, make := range map[string]func(t *testing.T, path string){
		"text":                  func(t *testing.T, path string) { require.NoError(t, os.WriteFile(path, []byte("dear diary"), 0o600)) },
		"another database":      database("create table diary (day text)"),
		"one of the same count": database("create table session (id text)", "create table cookies (id text)", "pragma user_version = 1"),
		"one of another name":   database("create table session (id text)", "pragma application_id = 7", "pragma user_version = 2"),
		"one with a log":        database("pragma journal_mode = wal", "create table diary (day text)"),
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file")
			make(t, path)
			require.NoError(t, os.Chmod(path, 0o644))
			before, err := os.ReadFile(path)
			require.NoError(t, err)
			_, err = Open(t.Context(), path)
			p := model.AsProblem(err)
			require.NotNil(t, p)
			require.Contains(t, p.Message, "not an inbox of docket")
			require.Equal(t, path, p.Subject)
			require.NotEmpty(t, p.Do)
			after, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, before, after)
			require.Equal(t, fs.FileMode(0o644), mode(t, path))
			beside, err := os.ReadDir(filepath.Dir(path))
			require.NoError(t, err)
			require.Len(t, beside, 1, "and nothing is left beside it")
		})
	}
}

// downs takes the migrations back, the newest first.
var downs = [][]string{
	{"drop table sort_block", "delete from goose_db_version where version_id = 8", "pragma user_version = 7"},
	{"drop table delivery", "drop table job", "drop table result", "drop table ticket", "delete from goose_db_version where version_id = 7", "pragma user_version = 6"},
	{"drop table batch_left", "drop table batch", "delete from goose_db_version where version_id = 6", "pragma user_version = 5"},
	{"drop index session_due_proposed", "drop index session_newest_proposed", "drop index session_worst_proposed", "drop index session_name_proposed", "delete from counter where view = 'proposed'", "drop table case_file", "delete from goose_db_version where version_id = 5", "pragma user_version = 4"},
	{"drop table audit", "drop table audit_hash", "drop table audit_checkpoint", "alter table note drop column salt", "delete from goose_db_version where version_id = 4", "pragma user_version = 3"},
	{"alter table note drop column evidence", "delete from goose_db_version where version_id = 3", "pragma user_version = 2"},
	{"drop table meta", "delete from goose_db_version where version_id = 2", "pragma application_id = 0", "pragma user_version = 1"},
}

// TestEarlierLayouts opens inboxes that lack the newest migrations.
func TestEarlierLayouts(t *testing.T) {
	for back := range downs {
		path := filepath.Join(t.TempDir(), "inbox.db")
		s := openAt(t, path)
		fill(t, s, 10)
		rows, err := s.List(t.Context(), model.Query{View: model.ViewAll, Limit: 1})
		require.NoError(t, err)
		id := rows.Rows[0].ID
		before, err := s.Notes(t.Context(), id)
		require.NoError(t, err)
		require.NoError(t, s.Close())
		db, err := sql.Open("sqlite", path)
		require.NoError(t, err)
		require.NoError(t, execAll(t.Context(), db, slices.Concat(downs[:back+1]...)...))
		require.NoError(t, db.Close())
		s = openAt(t, path)
		require.NoError(t, s.Bind(t.Context(), "https://api.example.test"))
		require.NoError(t, s.AddNote(t.Context(), id, model.Note{Text: "later", Evidence: model.Evidence{Pictures: []model.Seen{{SHA256: "00"}}}}))
		after, err := s.Notes(t.Context(), id)
		require.NoError(t, err)
		require.Len(t, after, len(before)+1)
		consistent(t, s)
	}
}

// TestNumbersOfEarlierRows opens an inbox whose rows were written before there were sort
// blocks: some in between are gone, and the last of them fills no block.
func TestNumbersOfEarlierRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "inbox.db")
	s := openAt(t, path)
	fill(t, s, 3*blockRows+7)
	odd := model.Row{ID: "odd", Name: model.NewPersonal(model.ClassName, "Zé\x00"), WaitsFrom: time.Date(1965, 3, 4, 5, 6, 7, 0, time.UTC)}
	require.NoError(t, s.Upsert(t.Context(), odd))
	require.NoError(t, s.change(t.Context(), "take rows out", func(e *edit) error {
		for i := range blockRows + 20 {
			id := storegen.Row(i + blockRows - 10).ID
			if _, err := e.Find(id); err != nil {
				return err
			}
			if err := e.Remove(id); err != nil {
				return err
			}
		}
		return nil
	}))
	consistent(t, s)
	require.NoError(t, s.Close())
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	require.NoError(t, execAll(t.Context(), db, downs[0]...))
	require.NoError(t, db.Close())
	s = openAt(t, path)
	consistent(t, s)
	s.effort = effort{} // rows are picked by their numbers
	for _, order := range model.Sorts() {
		q := model.Query{Search: "m", Sort: order.Sort, Limit: store.MaxLimit}
		picked, err := s.List(t.Context(), q)
		require.NoError(t, err)
		s.effort = effort{walk: 1_000_000}
		walked, err := s.List(t.Context(), q)
		require.NoError(t, err)
		s.effort = effort{}
		require.NotEmpty(t, picked.Rows)
		require.Equal(t, walked, picked, "by %s", order.Sort)
	}
}

// TestDamagedBlock: a block that lacks rows is told, and not taken for an order.
func TestDamagedBlock(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "inbox.db"))
	s.effort, s.packAt = effort{}, 0
	fill(t, s, 10)
	require.NoError(t, s.write.do(t.Context(), func(c *conn) error { return c.exec(t.Context(), "update sort_block set numbers = x'00'") }))
	_, err := s.List(t.Context(), model.Query{Search: "client"})
	require.ErrorIs(t, err, errBlock)
	require.NotEmpty(t, model.AsProblem(err).Do)
	require.ErrorIs(t, s.SetTags(t.Context(), storegen.Row(0).ID, nil), errBlock)
}

// TestErrorsSpeakToPeople breaks the file under an open inbox.
func TestErrorsSpeakToPeople(t *testing.T) {
	path := filepath.Join(t.TempDir(), "inbox.db")
	s := openAt(t, path)
	fill(t, s, 10)
	for code, says := range map[int]string{codeBusy: "Another process", codeFull: "no room", codeReadOnly: "cannot be written", codeCorrupt: "damaged"} {
		require.Contains(t, meanings[code][0], says)
		require.NotEmpty(t, meanings[code][1])
	}
	require.NoError(t, s.write.do(t.Context(), func(c *conn) error {
		return c.exec(t.Context(), "update session set body = x'ff' where id = ?", storegen.Row(1).ID)
	}))
	_, damaged := s.Get(t.Context(), storegen.Row(1).ID)
	_, refused := s.rows(t.Context(), "select no such thing")
	for _, err := range []error{damaged, s.told("look", refused)} {
		var p *model.Problem
		require.ErrorAs(t, err, &p)
		require.Equal(t, path, p.Subject)
		require.NotEmpty(t, p.Do)
		require.NotContains(t, err.Error(), "SQL logic error")
		require.NotContains(t, err.Error(), "no such")
	}
}

func TestMigrationsAreCounted(t *testing.T) {
	files, err := migrations.ReadDir("migrations")
	require.NoError(t, err)
	require.Len(t, files, version)
	s, err := Temp(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	have, err := versionOf(t.Context(), s.write.db)
	require.NoError(t, err)
	require.Equal(t, version, have)
}

// TestManyMakeIt lets many make the same inbox at once.
func TestManyMakeIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "inbox.db")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			s, err := Open(t.Context(), path)
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Upsert(t.Context(), storegen.Row(i)); err != nil {
				t.Error(err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	consistent(t, openAt(t, path))
}

// TestTwo has two stores on one file, as two processes have.
func TestTwo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "inbox.db")
	a := openAt(t, path)
	fill(t, a, 10)
	b := openAt(t, path)
	b.news.every = time.Millisecond
	news := b.Watch(t.Context())
	require.NoError(t, b.Upsert(t.Context(), model.Row{ID: "b1"}))
	require.Equal(t, []string{"b1"}, (<-news).IDs, "what one wrote itself is known by name")

	require.NoError(t, a.Upsert(t.Context(), model.Row{ID: "a1"}))
	require.Empty(t, (<-news).IDs, "that another wrote is known, but not what")
	for i := range 20 {
		require.NoError(t, a.Upsert(t.Context(), model.Row{ID: "shared", ExternalID: fmt.Sprint("a", i)}))
		require.NoError(t, b.Upsert(t.Context(), model.Row{ID: "shared", FlowID: fmt.Sprint("b", i)}))
	}
	for _, s := range []*Store{a, b} {
		r, err := s.Get(t.Context(), "shared")
		require.NoError(t, err)
		require.Equal(t, []string{"a19", "b19"}, []string{r.ExternalID, r.FlowID})
	}
	var wg sync.WaitGroup
	for n, s := range []*Store{a, b} {
		wg.Go(func() {
			for i := range 50 {
				if err := s.Upsert(t.Context(), model.Row{ID: fmt.Sprintf("%d-%d", n, i), Verdict: model.Manual}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	counts, err := a.Counts(t.Context(), "", time.Now())
	require.NoError(t, err)
	require.EqualValues(t, 113, counts[model.ViewAll])
	consistent(t, b)
}

// TestAway: a file that cannot be asked is told as away, until it can.
func TestAway(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "inbox.db"))
	var broken atomic.Bool
	version := s.news.version
	s.news.every, s.news.version = time.Millisecond, func(ctx context.Context) (int64, error) {
		if broken.Load() {
			return 0, errClosed
		}
		return version(ctx)
	}
	news := s.Watch(t.Context())
	broken.Store(true)
	require.Equal(t, store.Change{Away: true}, <-news)
	broken.Store(false)
	require.Equal(t, store.Change{}, <-news)
}

// TestForgetFromTheFile looks for what was forgotten in every byte on disk.
func TestForgetFromTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "inbox.db")
	s, ctx := openAt(t, path), t.Context()
	dice := rand.New(rand.NewSource(1))
	person := func(i int) model.Row {
		r := storegen.Row(i)
		r.Name = model.NewPersonal(model.ClassName, fmt.Sprintf("%04dq Secretname%04dq Ōther%04dq", i, i, i))
		r.DocNumber = model.NewPersonal(model.ClassDocument, fmt.Sprintf("SECRETNUMBER%04dq", i))
		r.DeviceHash = model.NewPersonal(model.ClassDevice, fmt.Sprintf("secrethash%04dq", i))
		r.IP = model.NewPersonal(model.ClassDevice, fmt.Sprintf("secretip%04dq", i))
		r.ExternalID, r.CustomerID = fmt.Sprintf("secretexternal%04dq", i), fmt.Sprintf("secretcustomer%04dq", i)
		r.Tags, r.Custom = []string{fmt.Sprintf("secrettag%04dq", i)}, map[string]string{"k": fmt.Sprintf("secretfield%04dq", i)}
		r.Proposal = &model.Proposal{Action: model.Action{Note: fmt.Sprintf("secretproposal%04dq", i)}, Salt: fmt.Sprintf("secretsalt%04dq", i), Ref: "R"}
		return r
	}
	for _, i := range dice.Perm(manyPeople) { // many small writes, in no order: pages split all the time
		require.NoError(t, s.Upsert(ctx, person(i)))
		if i%10 == 0 {
			r := person(i)
			r.Status, r.RuleName = model.StatusExpired, strings.Repeat("longer ", dice.Intn(60))
			require.NoError(t, s.Upsert(ctx, r))
			require.NoError(t, s.AddNote(ctx, r.ID, model.Note{Text: fmt.Sprintf("secretnote%04dq", i)}))
		}
	}
	_, err := s.List(ctx, model.Query{Search: "secretname0"}) // a reader that has seen the old state
	require.NoError(t, err)
	gone := dice.Perm(manyPeople)[:manyPeople/50]
	for _, i := range gone {
		err := s.write.do(ctx, func(c *conn) error {
			return c.exec(ctx, "insert into case_file (id, path, at) values (?, ?, 0)", person(i).ID, fmt.Sprintf("secretfile%04dq", i))
		})
		require.NoError(t, err)
		require.NoError(t, s.Forget(ctx, person(i).ID, audit.Entry{Event: audit.Delete}))
	}
	size, err := s.AuditSize(ctx)
	require.NoError(t, err)
	last, err := s.AuditRecords(ctx, size-1, 1)
	require.NoError(t, err)
	require.Contains(t, string(last[0].Line), "case files 1")
	for _, end := range []string{"", "-wal"} {
		content, err := os.ReadFile(path + end)
		require.NoError(t, err)
		content = bytes.ToLower(content)
		for _, i := range gone {
			for _, mark := range []string{"%04dq", "%04d_71"} { // as it is, and in the token of a filter
				at := bytes.Index(content, fmt.Appendf(nil, mark, i))
				if at >= 0 {
					t.Errorf("person %d in inbox%s at %d: %q", i, end, at, content[max(at-30, 0):at+10])
				}
			}
		}
	}
	consistent(t, s)
}

// consistent compares everything that is derived with what it is derived from.
func consistent(t testing.TB, s *Store) {
	t.Helper()
	ctx := context.Background()
	err := s.write.do(ctx, func(c *conn) error {
		var says string
		require.NoError(t, c.one(ctx, "pragma integrity_check", nil, &says))
		require.Equal(t, "ok", says)
		require.NoError(t, c.exec(ctx, "insert into search (search) values ('integrity-check')"))
		return nil
	})
	require.NoError(t, err)
	rows := consistentRows(t, s)
	consistentBlocks(t, s)
	want := model.Counts{model.ViewMine: 0}
	terms := make(map[store.Term]int)
	for _, v := range model.Views() {
		want[v.View] = 0
	}
	for i := range rows {
		for v := range want {
			if v != model.ViewMine && rows[i].In(v, "", time.Time{}) {
				want[v]++
			}
		}
		for term := range termsOf(&rows[i]) {
			terms[term]++
		}
	}
	counts, err := s.Counts(ctx, "", time.Now())
	require.NoError(t, err)
	require.Equal(t, want, counts)
	asked := 0
	for term, want := range terms {
		if asked++; asked > 400 {
			break
		}
		var n int
		err := s.read.do(ctx, func(c *conn) error {
			return c.one(ctx, "select count(*) from search where search match ?", []any{match([]store.Clause{{term}})}, &n)
		})
		require.NoError(t, err)
		require.Equal(t, want, n, "%+v", term)
	}
}

// consistentBlocks compares the packed numbers of every row with the row; where there is
// none there are zeros.
func consistentBlocks(t testing.TB, s *Store) {
	t.Helper()
	ctx := t.Context()
	if ctx.Err() != nil { // when a test cleans up
		ctx = context.Background()
	}
	want := make(map[int64][]byte)
	var rid int64
	var p store.Place
	var body, got []byte
	require.NoError(t, s.read.do(ctx, func(c *conn) error {
		err := c.each(ctx, "select rid, body from session", nil, func() error {
			r, err := store.DecodeRow(body)
			p = store.PlaceOf(&r)
			for k, n := range numbers(&p) {
				at := kind(k).block(rid)
				if want[at] == nil {
					want[at] = make([]byte, blockRows*numberSize)
				}
				binary.BigEndian.PutUint64(want[at][rid%blockRows*numberSize:], n)
			}
			return err
		}, &rid, &body)
		if err != nil {
			return err
		}
		return c.each(ctx, "select at, numbers from sort_block", nil, func() error {
			expected := want[rid]
			if expected == nil {
				expected = make([]byte, blockRows*numberSize)
			}
			require.Equal(t, expected, got, "block %x", rid)
			delete(want, rid)
			return nil
		}, &rid, &got)
	}))
	require.LessOrEqual(t, len(want), int(kinds), "only the last rows are not packed")
}

// termsOf returns what a row can be found by: its tokens and their beginnings.
func termsOf(r *model.Row) map[store.Term]bool {
	terms := make(map[store.Term]bool)
	for _, token := range strings.Fields(store.Tokens(r)) {
		terms[store.Term{Token: token}] = true
		letters := []rune(token)
		for n := 1; n <= min(len(letters), 4); n++ {
			terms[store.Term{Token: string(letters[:n]), Prefix: true}] = true
		}
	}
	return terms
}

// consistentRows reads every row and compares the columns beside the body with it.
func consistentRows(t testing.TB, s *Store) []model.Row {
	t.Helper()
	var rows []model.Row
	var p store.Place
	var id string
	var body sql.RawBytes
	err := s.read.do(context.Background(), func(c *conn) error {
		return c.each(context.Background(), "select id, body, "+strings.Join(placeColumns[:], ", ")+" from session", nil, func() error {
			r, err := store.DecodeRow(body)
			require.Equal(t, id, r.ID)
			require.Equal(t, store.PlaceOf(&r), p, id)
			rows = append(rows, r)
			return err
		}, &id, &body, &p.Views, &p.Due, &p.Newest, &p.Worst, &p.Name, &p.Device, &p.IP, &p.Claimer, &p.Until, &p.Words)
	})
	require.NoError(t, err)
	return rows
}
