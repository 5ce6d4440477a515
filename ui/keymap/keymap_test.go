package keymap

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDefaultsDoNotConflict(t *testing.T) {
	_, err := New(nil)
	require.NoError(t, err)
}

func TestEveryActionIsDeclaredWhole(t *testing.T) {
	seen := map[ID]bool{}
	for _, a := range Defaults() {
		require.False(t, seen[a.ID], "%s is declared twice", a.ID)
		seen[a.ID] = true
		require.NotEmpty(t, a.Help, a.ID)
		require.NotEmpty(t, a.Group, a.ID)
		require.NotZero(t, a.Scope, a.ID)
		if a.Foot > 0 {
			require.NotEmpty(t, a.Short, "%s stands in the footer without a word", a.ID)
			require.NotEmpty(t, a.Keys, "%s stands in the footer without a key", a.ID)
		}
	}
}

// The keys of the console as its documentation promises them.
func TestPromisedKeys(t *testing.T) {
	promised := []struct {
		key   string
		id    ID
		scope Scope
	}{
		{"j", Down, Lists},
		{"down", Down, Lists},
		{"k", Up, Lists},
		{"up", Up, Lists},
		{"g", First, Lists},
		{"G", Last, Lists},
		{"ctrl+d", HalfDown, Lists},
		{"ctrl+u", HalfUp, Lists},
		{"enter", Open, InInbox},
		{"enter", Open, InSession},
		{"esc", Back, Everywhere},
		{"tab", NextView, InInbox},
		{"shift+tab", PrevView, InInbox},
		{"1", ViewN, InInbox},
		{"9", ViewN, InInbox},
		{"tab", NextPane, InSession},
		{"shift+tab", PrevPane, InSession},
		{"1", PaneN, InSession},
		{"9", PaneN, InSession},
		{"]", NextOne, InSession},
		{"[", PrevOne, InSession},
		{"/", Search, Lists},
		{"n", NextHit, InSession},
		{"N", PrevHit, InSession},
		{"n", NextHit, InRaw},
		{"f", Filter, InInbox},
		{"s", SortBy, InInbox},
		{":", Palette, Everywhere},
		{"ctrl+p", Palette, Everywhere},
		{"ctrl+n", Add, InInbox},
		{"J", RawJSON, InSession},
		{"R", Refresh, Everywhere},
		{"space", Mark, InInbox},
		{"a", Approve, InSession},
		{"x", Reject, InSession},
		{"m", Review, InSession},
		{"!", RareMenu, InSession},
		{"t", Note, InSession},
		{"T", Tags, InSession},
		{"u", Undo, Everywhere},
		{"c", Claim, InInbox | InSession},
		{".", TakeNext, InInbox | InSession},
		{"w", Confirm, InInbox | InSession},
		{"y", CopyID, InInbox},
		{"y", CopyID, InSession},
		{"Y", CopyMenu, InSession},
		{"L", Activity, InInbox},
		{"L", Activity, InSession},
		{"*", Reveal, Everywhere},
		{"Z", Lock, Everywhere},
		{"?", Help, Everywhere},
		{"q", Quit, Everywhere},
		{"ctrl+z", Suspend, Everywhere},
	}
	m, err := New(nil)
	require.NoError(t, err)
	for _, p := range promised {
		for s := InInbox; s < Everywhere; s <<= 1 {
			if s&p.scope == 0 {
				continue
			}
			a, ok := m.Match(p.key, s)
			require.True(t, ok, "%q does nothing in scope %d", p.key, s)
			require.Equal(t, p.id, a.ID, "%q in scope %d", p.key, s)
		}
	}
	for _, id := range []ID{Antifraud, Expire, Enroll, CloseIt, Reopen, Delete, Settle, Login, Mouse} {
		require.NotEmpty(t, m.Get(id).Help, "%s is missing from the palette", id)
	}
	require.Empty(t, m.Get(Delete).Keys, "deleting is in the palette only")
}

// What decides must not be within reach outside an opened session; in the inbox it
// begins with a dry run of what is marked.
func TestDecisionKeysWorkWhereTheyAreExpected(t *testing.T) {
	m, err := New(nil)
	require.NoError(t, err)
	for _, key := range []string{"a", "x", "m", "!"} {
		for s := InInbox; s < Everywhere; s <<= 1 {
			_, ok := m.Match(key, s)
			require.Equal(t, s == InInbox || s == InSession, ok, "%q in scope %d", key, s)
		}
	}
}

func TestRebinding(t *testing.T) {
	m, err := New(map[string][]string{"approve": {"ctrl+a"}, "reject": {"a"}})
	require.NoError(t, err)
	a, ok := m.Match("ctrl+a", InSession)
	require.True(t, ok)
	require.Equal(t, Approve, a.ID)
	a, _ = m.Match("a", InSession)
	require.Equal(t, Reject, a.ID)
	_, ok = m.Match("x", InSession)
	require.False(t, ok, "the old key is free")
}

func TestRebindingSaysWhatIsWrong(t *testing.T) {
	_, err := New(map[string][]string{"aprove": {"a"}})
	require.ErrorContains(t, err, `no action is called "aprove"`)
	_, err = New(map[string][]string{"approve": {"x"}})
	require.ErrorContains(t, err, `"x" is bound to both approve and reject`)
}

func TestKeyTexts(t *testing.T) {
	m, err := New(nil)
	require.NoError(t, err)
	require.Equal(t, "j/↓", m.Get(Down).KeyText())
	require.Equal(t, "j", m.Get(Down).FirstKey())
	require.Equal(t, "1…9", m.Get(ViewN).KeyText())
	require.Empty(t, m.Get(Login).FirstKey())
}
