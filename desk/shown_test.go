package desk_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/desk"
	"docket/model"
	"docket/store"
)

// told are the entries of the log since some were there: event, session, detail.
func told(t *testing.T, b *bench, since int) []string {
	t.Helper()
	records, err := b.store.AuditRecords(t.Context(), int64(since), 1000)
	require.NoError(t, err)
	var all []string
	for _, r := range records {
		e, err := audit.Decode(r.Line)
		require.NoError(t, err)
		all = append(all, string(e.Event)+" "+e.Session+" "+e.Detail)
	}
	return all
}

// fullLog is a store whose log takes nothing while it is full.
type fullLog struct {
	store.Store
	full *bool
}

func (s fullLog) Log(ctx context.Context, entries ...audit.Entry) error {
	if *s.full {
		return errors.New("no room")
	}
	return s.Store.Log(ctx, entries...)
}

func TestASearchIsOneEntryHoweverItIsTyped(t *testing.T) {
	b := newBench(t)
	search := func(texts ...string) []string {
		from := len(told(t, b, 0))
		for _, text := range texts {
			_, err := b.List(t.Context(), model.Query{Search: text})
			require.NoError(t, err)
		}
		return told(t, b, from)
	}
	one := []string{"search  inbox"}
	assert.Equal(t, one, search("o", "or", "ort", "or", "o", "ort", "ortega"), "typed, taken back, typed on")
	assert.Empty(t, search("ortega", "ortega"), "read again, because rows changed")
	assert.Equal(t, one, search("o", "om"), "another one that begins alike")
	assert.Equal(t, []string{"view  inbox"}, search(""))
	assert.Equal(t, one, search("x"))
	b.clock.forward(11 * time.Minute)
	assert.Equal(t, one, search("x"))
}

func TestWhatLeavesIsLoggedAndIsNoViewBesideIt(t *testing.T) {
	b := newBench(t)
	b.Add(t.Context(), []string{id1, id2})
	for _, q := range []model.Query{{}, {Search: "ana"}, {Search: "nobody"}} {
		_, err := b.Take(t.Context(), q, "csv")
		require.NoError(t, err)
	}
	require.NoError(t, b.Export(t.Context(), id1, "raw score"))
	b.Read(t.Context(), id1, model.PartScore)
	b.Load(t.Context(), id2)
	assert.Equal(t, []string{"export  list csv, 2 rows", "export  list csv, 2 rows of a search", "export " + id1 + " raw score", "view " + id2 + " session"}, told(t, b, 0))
}

// Whatever is shown after a reveal is a view of its own: before, it was masked.
func TestAfterARevealEverythingIsSeenAnew(t *testing.T) {
	b := newBench(t)
	b.Load(t.Context(), id1)
	b.Load(t.Context(), id1)
	require.NoError(t, b.Reveal(t.Context()))
	require.NoError(t, b.Reveal(t.Context(), id1, id2))
	require.NotNil(t, b.Peek(id1))
	b.Load(t.Context(), id1)
	assert.Equal(t, []string{"view " + id1 + " session", "reveal  inbox", "reveal " + id1 + " session", "reveal " + id2 + " session", "view " + id1 + " session"}, told(t, b, 0))
}

// Nothing is shown while the log takes nothing, however often somebody tries.
func TestWhatCannotBeLoggedIsWithheld(t *testing.T) {
	full := true
	b := newBench(t)
	b = newBench(t, func(c *desk.Config) { c.Store = fullLog{b.store, &full} })
	for range 2 {
		so := b.Load(t.Context(), id1)
		require.NotNil(t, so)
		assert.Equal(t, model.KindFailed, so.Parts[model.PartScore].Problem.Kind)
		assert.Empty(t, so.Verdict)
		_, err := b.List(t.Context(), model.Query{})
		require.Error(t, err)
		_, err = b.List(t.Context(), model.Query{Search: "ana"})
		require.Error(t, err)
		_, err = b.Notes(t.Context(), id1)
		require.Error(t, err)
		require.Error(t, b.Reveal(t.Context(), id1))
		require.Error(t, b.Export(t.Context(), id1, "raw score"))
	}
	assert.Nil(t, b.Peek(id1))
	full = false
	assert.Equal(t, model.Manual, b.Load(t.Context(), id1).Verdict)
}

func TestAChangeOfTheConfigurationIsNamedAndNotShown(t *testing.T) {
	b := newBench(t)
	work := func(place string, settings map[string]string) {
		require.NoError(t, b.Configured(t.Context(), place, settings))
	}
	work("here", map[string]string{"hold": "3s", "sla": "4h"})
	work("here", map[string]string{"hold": "3s", "sla": "4h"})
	work("there", map[string]string{"hold": "9s"})
	work("here", map[string]string{"hold": "5s", "reasons": "none"})
	work("there", map[string]string{"hold": "9s"})
	all := told(t, b, 0)
	require.Len(t, all, 3)
	assert.Regexp(t, `^config  [0-9a-f]{16}, first seen here$`, all[0])
	assert.Regexp(t, `^config  [0-9a-f]{16}, first seen here$`, all[1])
	assert.Regexp(t, `^config  [0-9a-f]{16}, changed: hold reasons sla$`, all[2])
}
