package storetest

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"docket/model"
	"docket/store"
)

// patience is how long a test waits for what must happen before it fails.
const patience = 30 * time.Second

// next returns the next notice.
func next(t testing.TB, news <-chan store.Change) store.Change {
	t.Helper()
	select {
	case c, open := <-news:
		require.True(t, open, "the channel was closed")
		return c
	case <-time.After(patience):
		require.Fail(t, "no notice came")
		return store.Change{}
	}
}

// closed waits for the end of a channel.
func closed(t testing.TB, news <-chan store.Change) {
	t.Helper()
	for {
		select {
		case _, open := <-news:
			if !open {
				return
			}
		case <-time.After(patience):
			require.Fail(t, "the channel was not closed")
		}
	}
}

func (s suite) watch(t *testing.T) {
	st := s.fresh(t, model.Row{ID: "a", UpdatedAt: minute(0)})
	ctx, cancel := context.WithCancel(t.Context())
	news, more := st.Watch(ctx), st.Watch(t.Context())
	for id, change := range map[string]func() error{
		"b": func() error { return st.Upsert(ctx, model.Row{ID: "b"}) },
		"a": func() error { return st.SetTags(ctx, "a", []string{"x"}) },
	} {
		require.NoError(t, change())
		require.Equal(t, []string{id}, next(t, news).IDs)
		require.Equal(t, []string{id}, next(t, more).IDs)
	}
	require.NoError(t, st.Upsert(ctx, model.Row{ID: "a", UpdatedAt: minute(9)}), "nothing new, so no notice")
	const many = 60
	for i := range many {
		require.NoError(t, st.Upsert(ctx, model.Row{ID: fmt.Sprint(i)}), "nobody reads the channel, and writing goes on")
	}
	notices, told := 0, make(map[string]bool)
	for len(told) < many {
		c := next(t, news)
		notices++
		for _, id := range c.IDs {
			require.False(t, told[id], "%s was told twice", id)
			require.NotEqual(t, "a", id)
			told[id] = true
		}
	}
	require.Less(t, notices, many/2, "changes that come quickly are joined")

	var crowd []model.Row
	for i := range 1200 {
		crowd = append(crowd, model.Row{ID: fmt.Sprintf("crowd%d", i)})
	}
	require.NoError(t, st.Upsert(ctx, crowd...))
	require.Empty(t, next(t, news).IDs, "too many to name")
	cancel()
	closed(t, news)
	require.NoError(t, st.Upsert(t.Context(), model.Row{ID: "after"}))

	other, err := s.open(t.Context())
	require.NoError(t, err)
	ending := other.Watch(t.Context())
	require.NoError(t, other.Close())
	closed(t, ending)
	closed(t, other.Watch(t.Context()))
}

// together lets many callers work at once and checks that nothing is lost.
func (s suite) together(t *testing.T) {
	st := s.fresh(t)
	var wg sync.WaitGroup
	const callers, rows = 6, 8
	for n := range callers {
		wg.Go(func() {
			for i := range rows {
				id := fmt.Sprintf("%d-%d", n, i)
				err := st.Upsert(t.Context(), model.Row{ID: id, Verdict: model.Manual, Name: name("Ana")}, model.Row{ID: "shared", ExternalID: id})
				if err == nil {
					err = st.SetTags(t.Context(), id, []string{"t"})
				}
				if err == nil {
					_, err = st.List(t.Context(), model.Query{Search: "an", View: model.ViewReview})
				}
				if err == nil {
					_, err = st.Counts(t.Context(), "os:ana", day)
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Go(func() { // a caller who loses patience spoils nothing for others
		for range 20 {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if _, err := st.List(ctx, model.Query{}); err == nil {
				t.Error("a cancelled call went through")
			}
			if err := st.Upsert(ctx, model.Row{ID: "never"}); err == nil {
				t.Error("a cancelled call went through")
			}
		}
	})
	wg.Wait()
	counts, err := st.Counts(t.Context(), "", day)
	require.NoError(t, err)
	require.EqualValues(t, callers*rows, counts[model.ViewReview])
	require.EqualValues(t, callers*rows+1, counts[model.ViewAll])
	tags, err := st.Tags(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, callers*rows, tags["t"])
}

// What the property test puts together. Few different values make many rows
// alike, which is where orders and pages go wrong.
var (
	someNames = []string{
		"", "Ana", "Ána Prueba", "Ana Prueba Dos", "ANA\x00", "ANA O'Brien", "田中太郎", "田中 花子", "Jörg Weiß", "Łukasz Đukić", "สมชาย ใจดี", "Βλάχος", "أحمد نور",
		"प्रिया", "김민준", "aab ab b", "Ⅷ ½ ﬁn", "'' ''", "やま タケ", "🔥 x",
	}
	someIDs     = []string{"5f9a41c2", "5f9a77", "sess-1", "sess-22", "a", "ab-cd", "田中", "x y", "5F9A", "O'X1"}
	someTags    = []string{"vip", "Vip", "要確認", "a b"}
	someQueries = []string{
		"", "a", "an", "ana", "5f9", "5f9a", "sess-2", "sess", "ab-c", "abcd", "田", "中太", "weiss", "w", "o'b", "obr", "brien", "duk", "ชาย",
		"ใจ", "βλαχ", "احم", "प्र", "김", "b", "1", "v", "vip", "確", "a b", "a a", "fi", "½", "🔥", "x", "'", "zz", "ケ", "client", "c 3",
	}
	someVerdicts  = append(model.Verdicts(), "", "NEW")
	someStatuses  = append(model.Statuses(), "")
	someCountries = []string{"", "MEX", "BRA"}
)

func drawRow(t *rapid.T) model.Row {
	r := model.Row{
		ID:      rapid.SampledFrom(someIDs).Draw(t, "id") + rapid.SampledFrom([]string{"", "2", "3", "-4"}).Draw(t, "end"),
		Verdict: rapid.SampledFrom(someVerdicts).Draw(t, "verdict"), Status: rapid.SampledFrom(someStatuses).Draw(t, "status"),
		DocCountry: rapid.SampledFrom(someCountries).Draw(t, "country"), FlowID: rapid.SampledFrom([]string{"", "f1"}).Draw(t, "flow"),
		ExternalID: rapid.SampledFrom([]string{"", "client-3", "client-4"}).Draw(t, "external"),
		WaitsFrom:  minute(rapid.IntRange(0, 5).Draw(t, "waits")), UpdatedAt: minute(rapid.IntRange(0, 5).Draw(t, "updated")),
	}
	if n := rapid.SampledFrom(someNames).Draw(t, "name"); n != "" {
		r.Name = name(n)
	}
	if rapid.Bool().Draw(t, "has device") {
		r.DeviceHash = model.NewPersonal(model.ClassDevice, rapid.SampledFrom([]string{"h1", "h2"}).Draw(t, "hash"))
		r.IP = model.NewPersonal(model.ClassDevice, rapid.SampledFrom([]string{"1", "2"}).Draw(t, "ip"))
	}
	if rapid.Bool().Draw(t, "has custom") {
		r.Custom = map[string]string{"k": rapid.SampledFrom(someNames).Draw(t, "custom")}
	}
	return r
}

func drawQuery(t *rapid.T) model.Query {
	some := func(n int, label string) bool { return rapid.IntRange(0, n).Draw(t, label) == 0 }
	q := model.Query{
		View: rapid.SampledFrom(model.Views()).Draw(t, "view").View, Who: "os:ana", Search: rapid.SampledFrom(someQueries).Draw(t, "search"),
		Sort: rapid.SampledFrom(model.Sorts()).Draw(t, "sort").Sort, Limit: rapid.IntRange(1, 6).Draw(t, "limit"),
	}
	if some(2, "all") {
		q.View = ""
	}
	if some(4, "by status") {
		q.Statuses = rapid.SliceOfN(rapid.SampledFrom(someStatuses), 1, 3).Draw(t, "statuses")
	}
	if some(4, "by verdict") {
		q.Verdicts = rapid.SliceOfN(rapid.SampledFrom(someVerdicts), 1, 3).Draw(t, "verdicts")
	}
	if some(4, "by country") {
		q.Countries = rapid.SliceOfN(rapid.SampledFrom(someCountries), 1, 2).Draw(t, "countries")
	}
	if some(4, "by tag") {
		q.Tags = rapid.SliceOfN(rapid.SampledFrom(someTags), 1, 2).Draw(t, "tags")
	}
	if some(6, "by flow") {
		q.FlowID = "f1"
	}
	return q
}

// property does what comes to the mind of rapid to a driver and to the oracle,
// and compares all that can be asked.
func (s suite) property(t *testing.T) {
	checks := flag.Lookup("rapid.checks") // rapid has no other place for it
	before := checks.Value.String()
	if before == checks.DefValue {
		require.NoError(t, checks.Value.Set(strconv.Itoa(examples)))
		defer func() { require.NoError(t, checks.Value.Set(before)) }()
	}
	rapid.Check(t, func(t *rapid.T) {
		st, err := s.open(context.Background())
		require.NoError(t, err)
		defer func() { require.NoError(t, st.Close()) }()
		m := &machine{st: st, oracle: newOracle(), now: time.Now()}
		var first []model.Row
		for range 12 {
			first = append(first, drawRow(t))
		}
		m.upsert(t, first...)
		t.Repeat(map[string]func(*rapid.T){
			"":       m.check,
			"upsert": func(t *rapid.T) { m.upsert(t, drawRow(t), drawRow(t)) },
			"tags":   m.tags, "intend": m.intend, "conclude": m.conclude, "forget": m.forget, "pages": m.pages,
		})
	})
}

// machine is a driver beside the oracle.
type machine struct {
	st     store.Store
	oracle *oracle
	now    time.Time

	guestLeft time.Time // the latest
}

func (m *machine) upsert(t *rapid.T, rows ...model.Row) {
	require.NoError(t, m.st.Upsert(context.Background(), rows...))
	for _, r := range rows {
		m.oracle.upsert(r, m.now)
	}
}

// change applies a change to a row that is there.
func (m *machine) change(t *rapid.T, driver func(id string) error, oracle func(model.Row) model.Row) {
	known := slices.Sorted(maps.Keys(m.oracle.rows))
	id := rapid.SampledFrom(known).Draw(t, "which")
	require.NoError(t, driver(id))
	m.oracle.rows[id] = oracle(m.oracle.rows[id])
}

func (m *machine) tags(t *rapid.T) {
	tags := rapid.SliceOfN(rapid.SampledFrom(someTags), 0, 3).Draw(t, "tags")
	m.change(t, func(id string) error { return m.st.SetTags(context.Background(), id, tags) },
		func(r model.Row) model.Row { r.Tags = store.Tags(tags); return r })
}

// drawPending draws one of few actions, so that the same comes again.
func drawPending(t *rapid.T) model.Pending {
	return model.Pending{Action: model.ActApprove, By: "os:ana", At: minute(rapid.IntRange(0, 2).Draw(t, "at"))}
}

func (m *machine) intend(t *rapid.T) {
	r, p, since := drawRow(t), drawPending(t), minute(rapid.IntRange(0, 3).Draw(t, "since"))
	err := m.st.Intend(context.Background(), p, since, nil, r)
	old, ok := m.oracle.rows[r.ID]
	if !ok && m.guestLeft.After(since) {
		require.ErrorIs(t, err, store.ErrActed)
		return
	}
	if !ok {
		p.Guest = true
		r.Pending = &p
		m.oracle.rows[r.ID] = store.Fresh(r, m.now)
		require.NoError(t, err)
		return
	}
	want, wantErr := store.Intended(old, p, since)
	require.ErrorIs(t, err, wantErr)
	m.oracle.rows[r.ID] = want
}

func (m *machine) conclude(t *rapid.T) {
	p, at := drawPending(t), minute(rapid.IntRange(0, 3).Draw(t, "ended"))
	known := slices.Sorted(maps.Keys(m.oracle.rows))
	id := rapid.SampledFrom(known).Draw(t, "which")
	require.NoError(t, m.st.Conclude(context.Background(), id, p, at))
	old := m.oracle.rows[id]
	r, ok := store.Concluded(old, p, at)
	if ok && old.Pending.Guest && len(r.Tags) == 0 {
		delete(m.oracle.rows, id)
		if at.After(m.guestLeft) {
			m.guestLeft = at
		}
		return
	}
	m.oracle.rows[id] = r
}

func (m *machine) forget(t *rapid.T) {
	m.change(t, func(id string) error { return m.st.Forget(context.Background(), id) },
		func(r model.Row) model.Row {
			kept, err := m.st.Get(context.Background(), r.ID)
			require.NoError(t, err)
			return store.Forgotten(r, kept.UpdatedAt) // the driver's clock
		})
}

// pages reads a whole query in both directions.
func (m *machine) pages(t *rapid.T) {
	q := drawQuery(t)
	walk(t, m.st, q, ids(m.oracle.list(q, m.now)))
}

// check compares counts, tags, rows, and rows alike.
func (m *machine) check(t *rapid.T) {
	ctx := context.Background()
	counts, err := m.st.Counts(ctx, "os:ana", m.now)
	require.NoError(t, err)
	require.Equal(t, m.oracle.counts("os:ana", m.now), counts)
	tags, err := m.st.Tags(ctx)
	require.NoError(t, err)
	require.Equal(t, m.oracle.tags(), tags)
	for id, want := range m.oracle.rows {
		got, err := m.st.Get(ctx, id)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	id := slices.Min(slices.Collect(maps.Keys(m.oracle.rows)))
	device, ip, err := m.st.Alike(ctx, id, 100)
	require.NoError(t, err)
	require.Equal(t, m.oracle.alike(id, func(r model.Row) model.Personal { return r.DeviceHash }), ids(device))
	require.Equal(t, m.oracle.alike(id, func(r model.Row) model.Personal { return r.IP }), ids(ip))
}

// DrawRows draws some rows, of which many are alike.
func DrawRows(t *rapid.T) (rows []model.Row) {
	for range rapid.IntRange(0, 30).Draw(t, "rows") {
		rows = append(rows, drawRow(t))
	}
	return rows
}
