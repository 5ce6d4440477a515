package storetest

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"

	"docket/audit"
	"docket/model"
	"docket/store"
	"docket/store/storegen"
)

// Furnish puts something of every kind into an inbox and returns the keys that trust
// its audit log.
func Furnish(t *testing.T, st store.Inbox) note.Verifiers {
	t.Helper()
	ctx := t.Context()
	odd := model.Row{ID: "a\x00b 'q\" \xff", Name: name("\x00Ana\x01"), ExternalID: "\xff\xfe", Tags: []string{"\x00", "vip"}}
	require.NoError(t, st.Bind(ctx, "https://api.example.test"))
	require.NoError(t, st.Upsert(ctx, slices.Concat(fifty(), []model.Row{full(), odd})...))
	for i := range 3 {
		id := storegen.Row(i).ID
		_, err := st.Claim(ctx, id, store.Claim{Who: "os:ana", At: minute(1), Until: minute(9)}, claimed("os:ana"))
		require.NoError(t, err)
		seen := model.Evidence{Pictures: []model.Seen{{Session: id, SHA256: "00ff"}}}
		require.NoError(t, st.AddNote(ctx, id, model.Note{By: "os:ana\x00", At: minute(i), Text: "a note \x00\xff", Salt: "grains", Evidence: seen}))
		require.NoError(t, st.KeepCaseFile(ctx, id, "/cases/a\xff.zip"))
	}
	sign, keys := signing(t)
	require.NoError(t, st.Checkpoint(ctx, sign))
	require.NoError(t, st.Propose(ctx, model.Proposal{Action: model.Action{Kind: model.ActApprove}, By: "os:ana", At: minute(3), Ref: "r"}, minute(3),
		[]audit.Entry{{Event: audit.Propose}}, model.Row{ID: "proposed"}))
	require.NoError(t, st.Intend(ctx, reject(4), minute(4), []audit.Entry{{Event: audit.Intent, Session: "guest"}}, model.Row{ID: "guest"}))
	require.NoError(t, st.Intend(ctx, reject(5), minute(5), nil, model.Row{ID: "left"}))
	require.NoError(t, st.Conclude(ctx, "left", reject(5), minute(6), audit.Entry{Event: audit.Outcome, Session: "left"}))
	require.NoError(t, st.Recall(ctx, "colour\x00", "red", func(string) []audit.Entry { return []audit.Entry{{Event: audit.Config}} }))
	require.NoError(t, st.PlanBatch(ctx, model.Batch{ID: "run", By: "os:ana", At: minute(1), Action: model.Action{Kind: model.ActReject, Note: "n"}},
		[]audit.Entry{planned("run", "a"), planned("run", "b")}))
	require.NoError(t, st.Log(ctx, audit.Entry{At: minute(8), Event: audit.Refused, Session: "a", Batch: "run"}))
	for n := range 3 {
		require.NoError(t, st.Accept(ctx, hook(n)))
	}
	setAside(t, st, "too \x00 odd")
	_, err := st.Place(ctx, 1, func([]store.Delivery) store.Placed {
		return store.Placed{Results: []store.Result{{Kind: "authentication", ID: "t\xff", Outcome: "FAIL", At: minute(1)}}}
	})
	require.NoError(t, err)
	require.NoError(t, st.AddJobs(ctx, store.Job{Kind: store.JobLookUp, Key: "a\x00", Due: minute(3), Body: []byte{0, 255}}))
	require.NoError(t, st.KeepTicket(ctx, store.Ticket{Unique: "u", ID: "5f9a", Sealed: []byte{0, 1}, At: minute(1)}, minute(0)))
	require.NoError(t, st.Checkpoint(ctx, sign))
	return keys
}

// Pieces returns all that an inbox holds, in an order that is the same for every
// database. Numbers that a store gives by itself are left out.
func Pieces(t tester, st store.Store) []store.Piece {
	t.Helper()
	from, ok := st.(store.Mover)
	require.True(t, ok, "the driver can move an inbox")
	var all []store.Piece
	for p, err := range from.Export(context.Background()) {
		require.NoError(t, err)
		p.Note.ID = 0
		all = append(all, p)
	}
	slices.SortStableFunc(all, func(a, b store.Piece) int {
		return cmp.Or(cmp.Compare(slices.Index(store.Kinds(), a.Kind), slices.Index(store.Kinds(), b.Kind)),
			strings.Compare(a.Row.ID, b.Row.ID), strings.Compare(a.File.Session, b.File.Session),
			strings.Compare(a.Meta.Name, b.Meta.Name), strings.Compare(string(a.Job.Kind)+a.Job.Key, string(b.Job.Kind)+b.Job.Key))
	})
	return all
}

// moving: what is moved is all there is, as it was.
func (s suite) moving(t *testing.T) {
	from, to, ctx := s.queue(t), s.queue(t), t.Context()
	keys := Furnish(t, from)
	news := to.Watch(ctx)
	source, target := from.(store.Mover), to.(store.Mover)
	_, err := source.Import(ctx, target.Export(ctx))
	require.ErrorIs(t, err, store.ErrNotEmpty)

	broken := errors.New("the disk is gone")
	_, err = target.Import(ctx, until(source.Export(ctx), 70, broken))
	require.ErrorIs(t, err, broken)
	require.Empty(t, Pieces(t, to), "all or nothing")

	moved, err := target.Import(ctx, source.Export(ctx))
	require.NoError(t, err)
	want := Pieces(t, from)
	require.Equal(t, want, Pieces(t, to))
	kinds := make(store.Moved)
	for i := range want {
		kinds[want[i].Kind]++
	}
	require.Equal(t, kinds, moved)
	require.Len(t, kinds, len(store.Kinds()), "something of every kind is there")
	require.Empty(t, next(t, news).IDs, "too many to name")

	for _, st := range []store.Inbox{from, to} {
		report, err := audit.Verify(ctx, st, keys)
		require.NoError(t, err)
		require.Nil(t, report.Broken)
		require.Equal(t, report.Size, report.Signed.Size)
		counts, err := st.Counts(ctx, "os:ana", minute(2))
		require.NoError(t, err)
		require.EqualValues(t, 4, counts[model.ViewMine])
		require.EqualValues(t, 54, counts[model.ViewAll])
		tags, err := st.Tags(ctx)
		require.NoError(t, err)
		require.EqualValues(t, 1, tags["\x00"])
	}
	_, err = target.Import(ctx, source.Export(ctx))
	require.ErrorIs(t, err, store.ErrNotEmpty)

	// Life goes on: no number is given out twice.
	require.NoError(t, to.Log(ctx, audit.Entry{Event: audit.View}))
	require.NoError(t, to.AddNote(ctx, full().ID, model.Note{Text: "later"}))
	require.NoError(t, to.Accept(ctx, hook(9)))
	setAside(t, to, "the second")
	setAside(t, to, "the third")
	aside, err := to.Aside(ctx, 9)
	require.NoError(t, err)
	require.Len(t, aside, 3)
}

// until ends with an error after so many pieces.
func until(pieces iter.Seq2[store.Piece, error], n int, err error) iter.Seq2[store.Piece, error] {
	return func(yield func(store.Piece, error) bool) {
		for p, e := range pieces {
			if n--; n < 0 {
				yield(p, err)
				return
			}
			if !yield(p, e) {
				return
			}
		}
	}
}
