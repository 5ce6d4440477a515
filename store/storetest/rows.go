package storetest

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/model"
	"docket/store"
)

// full is a row in which every part is set.
func full() model.Row {
	score := 61.25
	return model.Row{
		ID: "5f9a41c2b7e0", Provider: "omni", Status: model.StatusFinished, Life: model.Alive, Verdict: model.Manual,
		Score: &score, ReviewReason: model.RuleApplied, RuleName: "Expired document", WorstKey: "documentExpired",
		WorstStatus: model.Fail, OpenKey: "documentExpired", OpenStatus: model.Fail, Name: name("Lucía Ortega").WithAltered(true), DocType: "Passport", DocCountry: "MEX",
		DocNumber: model.NewPersonal(model.ClassDocument, "G38214907"), ExternalID: "client-34598", CustomerID: "66f1c0a2",
		FlowID: "flow-1", DeviceHash: model.NewPersonal(model.ClassDevice, "9f2c71aa"),
		IP: model.NewPersonal(model.ClassDevice, "203.0.113.24"), DeviceCountry: "ES", Existing: true, Antifraud: model.Warn,
		CreatedAt: minute(1), WaitsFrom: minute(2), AddedAt: minute(3), UpdatedAt: minute(4),
		ClaimedBy: "os:ana", ClaimedUntil: minute(5), ActedAt: minute(7),
		Pending:  &model.Pending{Action: model.ActApprove, By: "os:ana", At: minute(6), Reason: "checked-ok"},
		Problems: []model.Failed{{Part: model.PartOCR, Kind: model.KindServer, HTTP: 500}},
		Tags:     []string{"vip", "要確認"}, Custom: map[string]string{"branch": "Köln", "note": ""}, Ahead: 90 * time.Minute,
		ReadAt: minute(3), Ruled: &model.Ruled{Arrived: true, Verdict: model.Manual},
	}
}

func (s suite) roundTrip(t *testing.T) {
	before := time.Date(1965, 3, 4, 5, 6, 7, 891_000, time.FixedZone("", -3600))
	odd := model.Row{
		ID: "a\x00b 'quoted\" %s", Name: model.NewPersonal(model.ClassName, ""), ExternalID: "\xff\xfe", CreatedAt: before,
		WaitsFrom: minute(1), AddedAt: minute(1), UpdatedAt: minute(1),
	}
	st := s.fresh(t, full(), odd)
	got, err := st.Get(t.Context(), full().ID)
	require.NoError(t, err)
	require.Equal(t, full(), got)
	require.Equal(t, model.ClassDocument, got.DocNumber.Class())
	require.True(t, got.Name.Altered())
	require.Equal(t, []model.Row{full()}, list(t, st, model.Query{Search: "lucia"}).Rows)

	got, err = st.Get(t.Context(), odd.ID)
	require.NoError(t, err)
	require.True(t, got.Name.Present(), "an empty name is not an absent one")
	require.False(t, got.DocNumber.Present())
	require.True(t, got.CreatedAt.Equal(before))
	require.Equal(t, "\xff\xfe", got.ExternalID)

	shown := full()
	shown.ID, shown.Name = "revealed", shown.Name.Revealed()
	require.NoError(t, st.Upsert(t.Context(), shown))
	got, err = st.Get(t.Context(), "revealed")
	require.NoError(t, err)
	require.True(t, got.Name.Masked(), "that somebody saw a name does not make it public")
}

func (s suite) merging(t *testing.T) {
	later := minute(60)
	for _, c := range []struct {
		name string
		in   model.Row
		want func(*model.Row)
	}{
		{"nothing new leaves everything", model.Row{UpdatedAt: later, Problems: full().Problems}, func(*model.Row) {}},
		{"the same row again leaves everything", func() model.Row { r := full(); r.UpdatedAt = later; return r }(), func(*model.Row) {}},
		{"an empty row clears problems only", model.Row{UpdatedAt: later}, func(r *model.Row) { r.Problems, r.UpdatedAt = nil, later }},
		{
			"a status alone, and the score could not be read",
			model.Row{Status: model.StatusManualReviewApproved, UpdatedAt: later, Problems: []model.Failed{{Part: model.PartScore, Kind: model.KindServer, HTTP: 500}}},
			func(r *model.Row) {
				r.Status, r.UpdatedAt = model.StatusManualReviewApproved, later
				r.Problems = []model.Failed{{Part: model.PartScore, Kind: model.KindServer, HTTP: 500}}
			},
		},
		{
			"a new score replaces what the old one said",
			model.Row{Verdict: model.OK, UpdatedAt: later, Problems: full().Problems},
			func(r *model.Row) {
				r.Verdict, r.Score, r.ReviewReason, r.RuleName, r.WorstKey, r.WorstStatus = model.OK, nil, "", "", "", ""
				r.OpenKey, r.OpenStatus = "", ""
				r.Existing, r.Antifraud, r.UpdatedAt = false, "", later
			},
		},
		{
			"tags, claim, pending and the time of adding are not for Upsert",
			model.Row{
				Tags: []string{"x"}, ClaimedBy: "os:eve", ClaimedUntil: later, Pending: &model.Pending{By: "os:eve"}, AddedAt: later,
				UpdatedAt: later, Problems: full().Problems,
			},
			func(*model.Row) {},
		},
		{
			"an empty text erases nothing, another one replaces",
			model.Row{
				Name: name(""), DocNumber: model.NewPersonal(model.ClassDocument, "X1"), Custom: map[string]string{"a": "b"},
				WaitsFrom: later, UpdatedAt: later, Problems: full().Problems,
			},
			func(r *model.Row) {
				r.DocNumber, r.Custom = model.NewPersonal(model.ClassDocument, "X1"), map[string]string{"a": "b"}
				r.WaitsFrom, r.UpdatedAt = later, later
			},
		},
		{
			"time does not go backward",
			model.Row{ExternalID: "other", UpdatedAt: minute(-100), Problems: full().Problems},
			func(r *model.Row) { r.ExternalID = "other" },
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			st := s.fresh(t, full())
			want := full()
			c.want(&want)
			c.in.ID = want.ID
			require.NoError(t, st.Upsert(t.Context(), c.in))
			got, err := st.Get(t.Context(), want.ID)
			require.NoError(t, err)
			require.Equal(t, want, got)
		})
	}
	t.Run("times that are missing are filled in", func(t *testing.T) {
		st := s.fresh(t, model.Row{ID: "bare"})
		got, err := st.Get(t.Context(), "bare")
		require.NoError(t, err)
		require.WithinDuration(t, time.Now(), got.AddedAt, time.Hour)
		require.Equal(t, got.AddedAt, got.UpdatedAt)
		require.Equal(t, got.AddedAt, got.WaitsFrom)
	})
	t.Run("a row twice in one call, and none", func(t *testing.T) {
		st := s.fresh(t, model.Row{ID: "twice", ExternalID: "e"}, model.Row{ID: "twice", FlowID: "f"})
		got, err := st.Get(t.Context(), "twice")
		require.NoError(t, err)
		require.Equal(t, []string{"e", "f"}, []string{got.ExternalID, got.FlowID})
		require.NoError(t, st.Upsert(t.Context()))
	})
	t.Run("one bad row and none is kept", func(t *testing.T) {
		st := s.fresh(t)
		require.Error(t, st.Upsert(t.Context(), model.Row{ID: "good"}, model.Row{}))
		_, err := st.Get(t.Context(), "good")
		require.ErrorIs(t, err, store.ErrNotFound)
		require.NoError(t, st.Upsert(t.Context(), model.Row{ID: "good"}), "the store goes on")
	})
}

func (s suite) missing(t *testing.T) {
	st := s.fresh(t, model.Row{ID: "here"})
	ctx := t.Context()
	_, err := st.Get(ctx, "gone")
	require.ErrorIs(t, err, store.ErrNotFound)
	_, _, err = st.Alike(ctx, "gone", 10)
	require.ErrorIs(t, err, store.ErrNotFound)
	_, err = st.Notes(ctx, "gone")
	require.ErrorIs(t, err, store.ErrNotFound)
	require.ErrorIs(t, st.Forget(ctx, "gone"), store.ErrNotFound)
	require.NoError(t, st.Conclude(ctx, "gone", model.Pending{}, minute(0)), "there is nothing to end")
	require.ErrorIs(t, st.SetTags(ctx, "gone", nil), store.ErrNotFound)
	require.ErrorIs(t, st.AddNote(ctx, "gone", model.Note{Text: "x"}), store.ErrNotFound)
	has, err := st.Has(ctx, "here", "gone")
	require.NoError(t, err)
	require.Equal(t, map[string]bool{"here": true, "gone": false}, has)
}

func (s suite) alike(t *testing.T) {
	device := func(s string) model.Personal { return model.NewPersonal(model.ClassDevice, s) }
	var rows []model.Row
	for i, id := range []string{"a", "b", "c", "d"} {
		rows = append(rows, model.Row{ID: id, DeviceHash: device("h1"), IP: device("ip" + id), UpdatedAt: minute(i)})
	}
	rows = append(rows, model.Row{ID: "e", DeviceHash: device("h2"), IP: device("ipa"), UpdatedAt: minute(9)}, model.Row{ID: "bare", IP: device("")})
	st := s.fresh(t, rows...)
	byDevice, byIP, err := st.Alike(t.Context(), "a", 10)
	require.NoError(t, err)
	require.Equal(t, []string{"d", "c", "b"}, ids(byDevice))
	require.Equal(t, []string{"e"}, ids(byIP))
	byDevice, _, err = st.Alike(t.Context(), "a", 2)
	require.NoError(t, err)
	require.Equal(t, []string{"d", "c"}, ids(byDevice))
	byDevice, byIP, err = st.Alike(t.Context(), "bare", 10)
	require.NoError(t, err)
	require.Empty(t, slices.Concat(byDevice, byIP), "sessions without a device are not alike")
}

func (s suite) notes(t *testing.T) {
	st := s.fresh(t, model.Row{ID: "a"}, model.Row{ID: "b"})
	none, err := st.Notes(t.Context(), "a")
	require.NoError(t, err)
	require.Empty(t, none)
	require.NoError(t, st.AddNote(t.Context(), "a", model.Note{By: "os:ana", At: minute(5), Text: "first"}))
	require.NoError(t, st.AddNote(t.Context(), "b", model.Note{By: "os:ana", At: minute(5), Text: "other"}))
	require.NoError(t, st.AddNote(t.Context(), "a", model.Note{By: "os:ben", At: minute(6), Text: "second\nline \x00"}))
	notes, err := st.Notes(t.Context(), "a")
	require.NoError(t, err)
	require.Len(t, notes, 2)
	require.NotEqual(t, notes[0].ID, notes[1].ID)
	require.Equal(t, model.Note{ID: notes[0].ID, By: "os:ana", At: minute(5), Text: "first"}, notes[0])
	require.Equal(t, "second\nline \x00", notes[1].Text)

	looked := model.Evidence{
		Pictures: []model.Seen{{Session: "b", Ref: model.PictureRef{Type: "signature", N: 1}, SHA256: "00ff"}},
		Compared: []model.Comparison{{A: model.Seen{Session: "b"}, B: model.Seen{Session: "a"}, Saw: model.Different, At: minute(7)}},
	}
	require.NoError(t, st.AddNote(t.Context(), "b", model.Note{By: "os:ana", At: minute(7), Text: "Reject", Salt: "grains", Evidence: looked}))
	notes, err = st.Notes(t.Context(), "b")
	require.NoError(t, err)
	require.Equal(t, looked, notes[1].Evidence)
	require.Equal(t, "grains", notes[1].Salt)
	require.True(t, notes[0].Evidence.Empty())
}

func (s suite) tags(t *testing.T) {
	st := s.fresh(t, model.Row{ID: "a", Tags: []string{"vip"}}, model.Row{ID: "b"})
	require.NoError(t, st.SetTags(t.Context(), "b", []string{"vip", "", "late", "vip"}))
	require.NoError(t, st.Upsert(t.Context(), model.Row{ID: "b", ExternalID: "moved"}))
	r, err := st.Get(t.Context(), "b")
	require.NoError(t, err)
	require.Equal(t, []string{"late", "vip"}, r.Tags)
	tags, err := st.Tags(t.Context())
	require.NoError(t, err)
	require.Equal(t, map[string]int64{"vip": 2, "late": 1}, tags)
	require.Equal(t, []string{"b"}, ids(list(t, st, model.Query{Search: "LAT"}).Rows))
	require.NoError(t, st.SetTags(t.Context(), "b", nil))
	tags, err = st.Tags(t.Context())
	require.NoError(t, err)
	require.Equal(t, map[string]int64{"vip": 1}, tags)
	require.Empty(t, list(t, st, model.Query{Tags: []string{"late"}}).Rows)
}

func (s suite) forget(t *testing.T) {
	st := s.fresh(t, full(), model.Row{ID: "other", DeviceHash: full().DeviceHash})
	ctx := t.Context()
	require.NoError(t, st.AddNote(ctx, full().ID, model.Note{By: "os:ana", Text: "Ortega called"}))
	require.NoError(t, st.Forget(ctx, full().ID, audit.Entry{By: "os:ana", Event: audit.Delete, Session: full().ID, Ref: "R"}))
	logged := entries(t, st)
	require.Equal(t, store.Erased{Notes: 1}.String(), logged[len(logged)-1].Detail)
	require.ErrorIs(t, st.Forget(ctx, "gone", audit.Entry{Event: audit.Delete}), store.ErrNotFound)
	require.Len(t, entries(t, st), len(logged), "what was not there was not erased")
	got, err := st.Get(ctx, full().ID)
	require.NoError(t, err)
	require.Equal(t, model.Deleted, got.Life)
	want := model.Row{
		ID: full().ID, Provider: "omni", Life: model.Deleted, CreatedAt: full().CreatedAt, WaitsFrom: full().WaitsFrom,
		AddedAt: full().AddedAt, UpdatedAt: got.UpdatedAt, Pending: full().Pending, ActedAt: full().ActedAt,
	}
	require.Equal(t, want, got)
	notes, err := st.Notes(ctx, full().ID)
	require.NoError(t, err)
	require.Empty(t, notes)
	for _, q := range []string{"lucia", "ortega", "G382", "client", "66f1", "vip", "要", "koln"} {
		require.Empty(t, list(t, st, model.Query{Search: q}).Rows, q)
	}
	require.Equal(t, []string{full().ID}, ids(list(t, st, model.Query{Search: "5f9a"}).Rows), "the id stays")
	tags, err := st.Tags(ctx)
	require.NoError(t, err)
	require.Empty(t, tags)
	device, _, err := st.Alike(ctx, "other", 10)
	require.NoError(t, err)
	require.Empty(t, device)
	counts, err := st.Counts(ctx, "os:ana", minute(0))
	require.NoError(t, err)
	require.Zero(t, counts[model.ViewReview]+counts[model.ViewMine])

	late := full()
	late.UpdatedAt, late.Status = minute(900), model.StatusExpired
	require.NoError(t, st.Upsert(ctx, late), "an answer that was under way")
	got, err = st.Get(ctx, full().ID)
	require.NoError(t, err)
	require.Equal(t, want, got)
	require.NoError(t, st.Forget(ctx, full().ID), "twice is no error")
}
