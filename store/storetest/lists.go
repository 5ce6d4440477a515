package storetest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/store"
	"docket/store/storegen"
)

func (s suite) views(t *testing.T) {
	o, now := newOracle(), time.Now()
	var rows []model.Row
	for _, verdict := range append(model.Verdicts(), "", "NEW_ONE") {
		for _, status := range append(model.Statuses(), "") {
			for _, life := range []model.Life{"", model.Deleted} {
				id := fmt.Sprintf("%s/%s/%s", verdict, status, life)
				rows = append(rows, model.Row{ID: id, Verdict: verdict, Status: status, Life: life, UpdatedAt: minute(len(rows))})
			}
		}
	}
	rows[3].Pending = &model.Pending{Action: model.ActExpire}
	st := s.fresh(t, rows...)
	for _, r := range rows {
		o.upsert(r, now)
	}
	counts, err := st.Counts(t.Context(), "os:ana", now)
	require.NoError(t, err)
	require.Equal(t, o.counts("os:ana", now), counts)
	for _, v := range model.Views() {
		for _, order := range model.Sorts() {
			q := model.Query{View: v.View, Sort: order.Sort, Limit: 1000}
			require.Equal(t, ids(o.list(q, now)), ids(list(t, st, q).Rows), "%s by %s", v.View, order.Sort)
		}
	}
	require.Empty(t, list(t, st, model.Query{View: "nonsense"}).Rows)
}

// ages: what waits is counted by since when, at the edges too.
func (s suite) ages(t *testing.T) {
	var rows []model.Row
	for i, verdict := range []model.Verdict{model.Manual, model.Manual, model.OK, model.ManualPending, model.Manual} {
		rows = append(rows, model.Row{ID: fmt.Sprint(i), Verdict: verdict, WaitsFrom: minute(i)})
	}
	st := s.fresh(t, rows...)
	for _, c := range []struct {
		view  model.View
		times []time.Time
		want  []int64
	}{
		{model.ViewReview, nil, []int64{4}},
		{model.ViewReview, []time.Time{minute(1)}, []int64{1, 3}},
		{model.ViewReview, []time.Time{minute(0), minute(3), minute(3), minute(9)}, []int64{0, 2, 0, 2, 0}},
		{model.ViewPassed, []time.Time{minute(3)}, []int64{1, 0}},
	} {
		got, err := st.Aged(t.Context(), c.view, c.times...)
		require.NoError(t, err)
		require.Equal(t, c.want, got, "%s %s", c.view, c.times)
	}
	_, err := st.Aged(t.Context(), model.ViewMine)
	require.Error(t, err)
}

func (s suite) mine(t *testing.T) {
	now := time.Now()
	claim := func(id, by string, until time.Time) model.Row {
		return model.Row{ID: id, ClaimedBy: by, ClaimedUntil: until, WaitsFrom: minute(len(id)), Name: name("Ana")}
	}
	st := s.fresh(t, claim("a", "os:ana", now.Add(time.Hour)), claim("bb", "os:ana", now.Add(-time.Hour)),
		claim("ccc", "os:ben", now.Add(time.Hour)), claim("dddd", "os:ana", now.Add(time.Hour)), claim("e", "", now.Add(time.Hour)))
	q := model.Query{View: model.ViewMine, Who: "os:ana"}
	require.Equal(t, []string{"a", "dddd"}, ids(list(t, st, q).Rows))
	q.Search, q.Limit = "an", 1
	first := list(t, st, q)
	require.True(t, first.More)
	q.After = first.Last
	second := list(t, st, q)
	require.Equal(t, []string{"dddd"}, ids(second.Rows))
	require.True(t, second.Less && !second.More)
	require.Empty(t, list(t, st, model.Query{View: model.ViewMine}).Rows, "nobody has claimed nothing")
	for who, want := range map[string]int64{"os:ana": 2, "os:ben": 1, "os:eve": 0, "": 0} {
		counts, err := st.Counts(t.Context(), who, now)
		require.NoError(t, err)
		require.Equal(t, want, counts[model.ViewMine], who)
	}
	counts, err := st.Counts(t.Context(), "os:ana", now.Add(2*time.Hour))
	require.NoError(t, err)
	require.Zero(t, counts[model.ViewMine], "the claim has ended")
}

// fifty rows of which every order is different.
func fifty() []model.Row {
	var rows []model.Row
	for r := range storegen.Rows(50) {
		rows = append(rows, r)
	}
	return rows
}

// walk reads a whole query page by page and checks what each page says of itself.
func walk(t tester, st store.Store, q model.Query, want []string) {
	t.Helper()
	var got []string
	for at := 0; ; at = len(got) {
		p := list(t, st, q)
		got = append(got, ids(p.Rows)...)
		require.Equal(t, at > 0, p.Less)
		require.Equal(t, len(got) < len(want), p.More)
		if !p.More {
			break
		}
		require.Len(t, p.Rows, q.Limit)
		q.After = p.Last
	}
	require.Equal(t, want, got)
	q.After, q.Last = nil, true
	got = nil
	for {
		p := list(t, st, q)
		require.Equal(t, len(got) > 0, p.More)
		got = append(ids(p.Rows), got...)
		require.Equal(t, len(got) < len(want), p.Less)
		if !p.Less {
			break
		}
		q.Before, q.Last = p.First, false
	}
	require.Equal(t, want, got)
}

func (s suite) pages(t *testing.T) {
	o, st := newOracle(), s.fresh(t, fifty()...)
	for _, r := range fifty() {
		o.upsert(r, day)
	}
	for _, order := range append(model.Sorts(), struct {
		Sort  model.Sort
		Title string
	}{Title: "unnamed"}) {
		for _, limit := range []int{3, 50, 51} {
			for _, q := range []model.Query{{}, {View: model.ViewPassed}, {Search: "a", Countries: []string{"MEX", "BRA"}}} {
				q.Sort, q.Limit = order.Sort, limit
				walk(t, st, q, ids(o.list(q, day)))
			}
		}
	}
	require.Len(t, list(t, st, model.Query{}).Rows, 50, "no limit is a hundred")
	require.Len(t, list(t, st, model.Query{Limit: -1}).Rows, 50)
	require.Len(t, list(t, st, model.Query{Limit: 1 << 40}).Rows, 50)

	empty := list(t, st, model.Query{Search: "nobodyhere"})
	require.Equal(t, model.Page{}, empty)
	last := list(t, st, model.Query{Last: true, Limit: 1})
	beyond := list(t, st, model.Query{After: last.Last})
	require.Empty(t, beyond.Rows)
	require.True(t, beyond.Less && !beyond.More)
	_, err := st.List(t.Context(), model.Query{After: &model.Cursor{Key: "not a key", ID: "x"}})
	require.Equal(t, model.KindUsage, model.AsProblem(err).Kind)
}

func (s suite) equalKeys(t *testing.T) {
	var rows []model.Row
	var want []string
	for i := range 40 {
		id := fmt.Sprintf("id%02d", i)
		rows = append(rows, model.Row{ID: id, WaitsFrom: day, UpdatedAt: day, Verdict: model.Manual})
		want = append(want, id)
	}
	slices.Reverse(rows)
	st := s.fresh(t, rows...)
	for _, order := range model.Sorts() {
		walk(t, st, model.Query{Sort: order.Sort, Limit: 3, View: model.ViewReview}, want)
	}
}

// alikeNames: names are in order though they differ late, or only in their length, and
// so are the rows of one name, in every view and whatever is searched.
func (s suite) alikeNames(t *testing.T) {
	names := []string{
		"Maria", "Maria\x00", "Maria\x00\x00b", "Maria\x01", "Maria G", "Maria Garcia", "Maria Garcia Lopez", "Maria Garcib", "Mariagarcia", "María Garcia",
		"", "\U0010FFFE", "田中", "田中太", "田中太郎", "田中大輔", "田中さくら", "أحمد نور", "أحمد نورة", "Ana Maria", "Zoe Maria",
	}
	o := newOracle()
	var rows []model.Row
	for i, n := range names {
		for j := range 3 {
			r := model.Row{ID: fmt.Sprintf("id%d-%02d", j, i), Name: name(n), Tags: []string{"t"}, UpdatedAt: minute(i % 4), WaitsFrom: minute(j)}
			r.Verdict = []model.Verdict{model.Manual, model.OK}[(i+j)%2]
			rows = append(rows, r)
			o.upsert(r, day)
		}
	}
	st := s.fresh(t, rows...)
	for _, order := range model.Sorts() {
		for _, q := range []model.Query{{Tags: []string{"t"}}, {Search: "maria"}, {Search: "田中"}, {Search: "garc maria", View: model.ViewPassed}, {Search: "ma", View: model.ViewReview}} {
			for _, limit := range []int{1, 4, 50} {
				q.Sort, q.Limit = order.Sort, limit
				walk(t, st, q, ids(o.list(q, day)))
			}
		}
	}
}

// arrivals turns pages while rows come and change: what was there all along and
// did not move is seen exactly once.
func (s suite) arrivals(t *testing.T) {
	st := s.fresh(t, fifty()...)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 50; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			r := storegen.Row(i)
			r.WaitsFrom = storegen.Row(i % 50).WaitsFrom.Add(time.Second)
			if err := st.Upsert(t.Context(), r); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for _, order := range []model.Sort{model.SortDue, model.SortName, model.SortWorst} {
		for _, back := range []bool{false, true} {
			seen := make(map[string]int)
			q := model.Query{Sort: order, Limit: 5, Last: back}
			for p := list(t, st, q); ; p = list(t, st, q) {
				for _, id := range ids(p.Rows) {
					seen[id]++
				}
				if back && !p.Less || !back && !p.More || len(p.Rows) == 0 {
					break
				}
				q.Last, q.After, q.Before = false, p.Last, nil
				if back {
					q.After, q.Before = nil, p.First
				}
			}
			for _, r := range fifty() {
				require.Equal(t, 1, seen[r.ID], "%s by %s", r.ID, order)
			}
			for id, n := range seen {
				require.Equal(t, 1, n, "%s by %s", id, order)
			}
		}
	}
	close(stop)
	wg.Wait()
}

func (s suite) search(t *testing.T) {
	doc := func(n string) model.Personal { return model.NewPersonal(model.ClassDocument, n) }
	st := s.fresh(t,
		model.Row{ID: "5f9a41c2b7e0d1", Name: name("Lucía Fernanda ORTEGA RÍOS"), ExternalID: "client-34598", DocNumber: doc("G38214907")},
		model.Row{ID: "sess-001", Name: name("田中太郎"), CustomerID: "cust77", Tags: []string{"Second Look"}},
		model.Row{ID: "7e57", Name: name("Jörg Weiß-O'Brien"), Custom: map[string]string{"branch": "Köln Süd", "zebra": "x"}},
		model.Row{ID: "thai", Name: name("สมชาย ใจดี"), Tags: []string{"🔥hot"}},
		model.Row{ID: "kana", Name: name("やまだ タケシ ｶﾞﾗｽ")},
		model.Row{ID: "pole", Name: name("Łukasz Żółć-Đukić Æsir İzmir")},
		model.Row{ID: "greek", Name: name("Γιώργος ΠΑΠΑΔΟΠΟΥΛΟΣ"), ExternalID: "ﬁnance"},
		model.Row{ID: "arab", Name: name("أَحمد")},
		model.Row{ID: "seoul", Name: name("김민준")},
	)
	for query, want := range map[string]string{
		"luc":             "5f9a41c2b7e0d1",
		"LUCÍA rios":      "5f9a41c2b7e0d1",
		"ríos fern luci":  "5f9a41c2b7e0d1",
		"ucía":            "",
		"lucia juan":      "",
		"5f9a":            "5f9a41c2b7e0d1",
		"5F9A41C2B7E0D1":  "5f9a41c2b7e0d1",
		"5f9":             "",
		"41c2":            "",
		"client":          "5f9a41c2b7e0d1",
		"client-345":      "5f9a41c2b7e0d1",
		"345":             "5f9a41c2b7e0d1",
		"g382":            "5f9a41c2b7e0d1",
		"38214907":        "",
		"sess-001":        "sess-001",
		"sess-0":          "sess-001",
		"001":             "",
		"太郎":              "sess-001",
		"中":               "sess-001",
		"田中太郎":            "sess-001",
		"郎太":              "",
		"cust look":       "sess-001",
		"sec":             "sess-001",
		"weiss":           "7e57",
		"WEISS o'b":       "7e57",
		"obrien":          "7e57",
		"brien":           "7e57",
		"o’brien":         "7e57",
		"jo":              "7e57",
		"koln":            "7e57",
		"sud":             "7e57",
		"zebra":           "",
		"ชาย":             "thai",
		"สม ดี":           "thai",
		"🔥":               "thai",
		"hot":             "thai",
		"🔥hot":            "thai",
		"まだ":              "kana",
		"ケシ":              "kana",
		"ガラ":              "kana",
		"カラ":              "",
		"lukasz zolc":     "pole",
		"dukic aes izmir": "pole",
		"παπαδοπουλος":    "greek",
		"γιωρ":            "greek",
		"finance":         "greek",
		"احمد":            "arab",
		"김민":              "seoul",
		"기":               "",
		"%":               "*",
		"  ":              "*",
		"\"*-'":           "*",
	} {
		var got []string
		for _, r := range list(t, st, model.Query{Search: query}).Rows {
			got = append(got, r.ID)
		}
		if want == "*" {
			require.Len(t, got, 9, "%q has no word, so nothing is asked", query)
			continue
		}
		require.Equal(t, strings.Fields(want), append([]string{}, got...), "%q", query)
	}
}

// namesakes are found in the order of names, right behind the place of the name: desk
// finds whole names so.
func (s suite) namesakes(t *testing.T) {
	st := s.fresh(t,
		model.Row{ID: "1", Name: name("José María Núñez"), FlowID: "f1"}, model.Row{ID: "2", Name: name("jose maria nunez"), FlowID: "f2"},
		model.Row{ID: "3", Name: name("José María Núñez Ruiz")}, model.Row{ID: "4", Name: name("Jose Maria")}, model.Row{ID: "5", Name: name("田中")},
		model.Row{ID: "6"}, model.Row{ID: "7", Name: name("Zoe")},
	)
	for _, c := range []struct {
		name  string
		flows []string
		want  string
	}{
		{"JOSE MARÍA NUÑEZ", nil, "1 2 3 7 5 6"}, {"jose maria nunez", []string{"f2"}, "2"}, {"jose", nil, "4 1 2 3 7 5 6"}, {"田中", nil, "5 6"}, {"zz", nil, "5 6"},
	} {
		key := store.KeysOf(&model.Row{Name: name(c.name)}).Name
		q := model.Query{Sort: model.SortName, After: &model.Cursor{Key: key}, Flows: c.flows}
		require.Equal(t, strings.Fields(c.want), ids(list(t, st, q).Rows), c.name)
	}
}

func (s suite) hostile(t *testing.T) {
	st := s.fresh(t, model.Row{ID: "plain", Name: name("Ana AND OR NOT NEAR words search Prueba")}, model.Row{ID: "other", Name: name("Eva")})
	long := strings.Repeat("x", 1<<20)
	for query, want := range map[string]int{
		`"`: 2, `""`: 2, `*`: 2, `^`: 2, `'; drop table session; --`: 0, `ana"`: 1, `"ana`: 1, `ana*`: 1, `^ana`: 1, `a*a`: 1,
		`-ana`: 1, `+ana`: 1, `ana AND pru`: 1, `ana AND eva`: 0, `ana OR eva`: 0, `NOT ana`: 1, `NOT eva`: 0, `NEAR(ana, 3)`: 0,
		`name:ana`: 0, `words:ana`: 1, `{words}:ana`: 1, `(ana`: 1, `ana)`: 1, `ana;`: 1, "ana\x00": 1, "\x00": 2, "an\x00a": 1,
		`%`: 2, `_`: 2, `an%`: 1, `a_a`: 1, `\`: 2, `🙂`: 0, `ana 🙂`: 0, "\xff": 2, "ana\xff": 1, "\u202eana": 1, "a\u200bna": 1,
		"a" + strings.Repeat("\u0301", 50) + "na": 1, long: 0, strings.Repeat("ana ", 10_000): 1,
		strings.Repeat("a b c d e f ", 1000): 0, `=vMANUAL`: 0, `$manual`: 0, `&x`: 0, `!`: 2, `#plai`: 1, `#pla`: 0, "\u0301": 2, "ａｎａ": 1, "\u00a0ana\u3000": 1,
	} {
		p, err := st.List(t.Context(), model.Query{Search: query})
		require.NoError(t, err, "%.40q", query)
		require.Len(t, p.Rows, want, "%.40q", query)
	}
	var words []string
	for i := range 500 {
		words = append(words, fmt.Sprintf("w%d", i))
	}
	require.Empty(t, list(t, st, model.Query{Search: strings.Join(words, " ")}).Rows)

	huge := model.Row{ID: "huge", Name: name(strings.Repeat("田中 ", 1<<16) + long), Custom: map[string]string{"k": long}}
	require.NoError(t, st.Upsert(t.Context(), huge))
	require.Equal(t, []string{"huge"}, ids(list(t, st, model.Query{Search: "中"}).Rows))
}

func (s suite) filters(t *testing.T) {
	st := s.fresh(t,
		model.Row{ID: "a", Status: model.StatusFinished, Verdict: model.Manual, DocCountry: "MEX", FlowID: "f1", Tags: []string{"x", "y z"}, Name: name("Ana")},
		model.Row{ID: "b", Status: model.StatusExpired, Verdict: model.Fail, DocCountry: "mex", FlowID: "F1", Tags: []string{"x"}, Name: name("Ana")},
		model.Row{ID: "c", Verdict: model.Manual, DocCountry: "BRA", FlowID: "f_1", Tags: []string{"X"}},
	)
	for _, c := range []struct {
		q    model.Query
		want string
	}{
		{model.Query{Statuses: []model.Status{model.StatusFinished}}, "a"},
		{model.Query{Statuses: []model.Status{model.StatusFinished, model.StatusExpired}}, "a b"},
		{model.Query{Statuses: []model.Status{"FINISHED"}}, ""},
		{model.Query{Statuses: []model.Status{""}}, "c"},
		{model.Query{Verdicts: []model.Verdict{model.Manual}}, "a c"},
		{model.Query{Verdicts: []model.Verdict{model.ManualPending}}, ""},
		{model.Query{Countries: []string{"MEX"}}, "a"},
		{model.Query{Countries: []string{"BRA", "mex"}}, "b c"},
		{model.Query{Tags: []string{"x"}}, "a b"},
		{model.Query{Tags: []string{"x", "y z"}}, "a"},
		{model.Query{Tags: []string{"y"}}, ""},
		{model.Query{FlowID: "f1"}, "a"},
		{model.Query{FlowID: "f_1"}, "c"},
		{model.Query{FlowID: "f1 "}, ""},
		{model.Query{Flows: []string{"f1", "f_1"}}, "a c"},
		{model.Query{Flows: []string{"F1", "f_1"}, FlowID: "f_1", Countries: []string{"BRA"}}, "c"},
		{model.Query{Flows: []string{""}}, ""},
		{model.Query{Tags: []string{"x"}, Search: "ana", View: model.ViewFailed}, "b"},
		{model.Query{Tags: []string{"x"}, Search: "ana", Verdicts: []model.Verdict{model.Fail}, Statuses: []model.Status{model.StatusFinished}}, ""},
		{model.Query{Search: "x"}, "a b c"},
		{model.Query{Search: "manual"}, ""},
		{model.Query{Search: "mex"}, ""},
	} {
		require.Equal(t, strings.Fields(c.want), append([]string{}, ids(list(t, st, c.q).Rows)...), "%+v", c.q)
	}
}
