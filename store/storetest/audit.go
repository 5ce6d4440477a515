package storetest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"docket/audit"
	"docket/model"
	"docket/store"
)

// signing returns a signer of checkpoints and the keys that trust it.
func signing(t *testing.T) (func(int64, tlog.Hash) (string, error), note.Verifiers) {
	t.Helper()
	secret, public, err := audit.NewKey()
	require.NoError(t, err)
	signer, err := note.NewSigner(secret)
	require.NoError(t, err)
	keys, err := audit.Keys(public)
	require.NoError(t, err)
	return func(size int64, root tlog.Hash) (string, error) { return audit.Sign(signer, size, root, minute(0)) }, keys
}

func entries(t *testing.T, st store.Store) []audit.Entry {
	t.Helper()
	records, err := st.AuditRecords(t.Context(), 0, 1_000_000)
	require.NoError(t, err)
	var all []audit.Entry
	for i, r := range records {
		require.Equal(t, int64(i), r.Index)
		e, err := audit.Decode(r.Line)
		require.NoError(t, err)
		all = append(all, e)
	}
	return all
}

// audit: entries are there in order, those of an intent and an outcome with them or
// not at all, and what was signed fits.
func (s suite) audit(t *testing.T) {
	st := s.fresh(t, model.Row{ID: "a"})
	ctx := t.Context()
	sign, keys := signing(t)
	require.NoError(t, st.Checkpoint(ctx, sign), "of an empty log there is nothing to sign")
	size, err := st.AuditSize(ctx)
	require.NoError(t, err)
	require.Zero(t, size)

	p := model.Pending{Action: model.ActApprove, By: "os:ana", At: minute(1)}
	intent := audit.Entry{At: minute(1), By: "os:ana", Event: audit.Intent, Session: "a", Action: "approve"}
	require.NoError(t, st.Log(ctx, audit.Entry{At: minute(0), By: "os:ana", Event: audit.View, Session: "a"}))
	require.NoError(t, st.Intend(ctx, p, minute(0), []audit.Entry{intent}, model.Row{ID: "a"}))
	require.ErrorIs(t, st.Intend(ctx, p, minute(0), []audit.Entry{intent}, model.Row{ID: "a"}), store.ErrPending)
	require.NoError(t, st.Checkpoint(ctx, sign))
	require.NoError(t, st.Checkpoint(ctx, func(int64, tlog.Hash) (string, error) { return "", errors.New("it was signed") }))
	require.NoError(t, st.Conclude(ctx, "a", p, minute(2), audit.Entry{At: minute(2), Event: audit.Outcome, Session: "a"}))
	require.NoError(t, st.Conclude(ctx, "gone", p, minute(3), audit.Entry{At: minute(3), Event: audit.Outcome, Session: "gone"}))
	require.NoError(t, st.Log(ctx, audit.Entry{Event: audit.Login}))

	var events []audit.Event
	for _, e := range entries(t, st) {
		events = append(events, e.Event)
	}
	require.Equal(t, []audit.Event{audit.View, audit.Intent, audit.Outcome, audit.Outcome, audit.Login}, events)
	require.WithinDuration(t, time.Now(), entries(t, st)[4].At, time.Hour, "the time of the transaction")
	report, err := audit.Verify(ctx, st, keys)
	require.NoError(t, err)
	require.Nil(t, report.Broken)
	require.Equal(t, int64(5), report.Size)
	require.Equal(t, int64(2), report.Signed.Size)
	require.NoError(t, st.Forget(ctx, "a"))
	require.Len(t, entries(t, st), 5, "the log stays")
}

// auditTogether: many write at once, and every entry is there once.
func (s suite) auditTogether(t *testing.T) {
	st := s.fresh(t)
	sign, keys := signing(t)
	const writers, each = 8, 20
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for range each {
				_ = st.Log(t.Context(), audit.Entry{By: string(rune('a' + w)), Event: audit.View}, audit.Entry{By: string(rune('a' + w)), Event: audit.Export})
			}
			_ = st.Checkpoint(t.Context(), sign)
		})
	}
	wg.Wait()
	by := map[string]int{}
	all := entries(t, st)
	for i := 0; i < len(all); i += 2 {
		require.Equal(t, all[i].By, all[i+1].By, "those of one call stay together")
		by[all[i].By]++
	}
	require.Len(t, by, writers)
	for _, n := range by {
		require.Equal(t, each, n)
	}
	report, err := audit.Verify(t.Context(), st, keys)
	require.NoError(t, err)
	require.Nil(t, report.Broken)
	require.Equal(t, int64(2*writers*each), report.Signed.Size)
}

// recall: a value is kept with the entries about its change, once.
func (s suite) recall(t *testing.T) {
	st := s.fresh(t)
	var seen []string
	keep := func(name, value string) error {
		return st.Recall(t.Context(), name, value, func(was string) []audit.Entry {
			seen = append(seen, was)
			return []audit.Entry{{Event: audit.Config, Detail: value}}
		})
	}
	for _, kept := range [][2]string{{"a", "1"}, {"a", "1"}, {"b", "1"}, {"a", "2"}, {"b", "1"}, {"a", "1"}} {
		require.NoError(t, keep(kept[0], kept[1]))
	}
	require.Equal(t, []string{"", "", "1", "2"}, seen)
	require.Len(t, entries(t, st), 4)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			_ = st.Recall(t.Context(), "c", "1", func(string) []audit.Entry { return []audit.Entry{{Event: audit.Config, Detail: "c"}} })
		})
	}
	wg.Wait()
	require.Len(t, entries(t, st), 5, "many that begin at once are one change")
}
