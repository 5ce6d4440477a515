package desk_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/desk"
	"docket/model"
)

// shared lets the sessions be claimed for ten minutes.
func shared(c *desk.Config) { c.Lease = desk.DefaultLease }

// beside is another person at the same desk.
func (b *bench) beside(name string) *desk.Seat {
	return b.desk.As(model.Actor{Identity: "os:" + name, Name: "Ana", Role: model.RoleOwner})
}

// entries are those of the log, without the views.
func (b *bench) entries(t *testing.T) []audit.Entry {
	t.Helper()
	records, err := b.store.AuditRecords(t.Context(), 0, 1000)
	require.NoError(t, err)
	var all []audit.Entry
	for _, r := range records {
		e, err := audit.Decode(r.Line)
		require.NoError(t, err)
		if e.Event != audit.View {
			all = append(all, e)
		}
	}
	return all
}

func TestWhatSomebodyElseHasClaimedIsNotDecided(t *testing.T) {
	b := newBench(t, shared)
	ben := b.beside("ben")
	b.Load(t.Context(), id1)
	ben.Load(t.Context(), id1)
	row, err := b.Claim(t.Context(), id1)
	require.NoError(t, err)
	require.Equal(t, "os:ana", row.ClaimedBy)
	require.Equal(t, desk.DefaultLease, row.ClaimedUntil.Sub(row.ClaimedAt))

	_, err = ben.Claim(t.Context(), id1)
	require.ErrorContains(t, err, "claimed by os:ana since "+row.ClaimedAt.Format("15:04"))
	_, err = ben.Do(t.Context(), approve(id1))
	require.Equal(t, model.KindGuard, kindOf(t, err))
	require.ErrorContains(t, err, "claimed by os:ana")
	_, err = ben.TakeOver(t.Context(), id1, "os:cid")
	require.ErrorContains(t, err, "claimed by os:ana", "it is taken from who has it, knowingly")
	require.NoError(t, ben.Release(t.Context(), id1), "what is not theirs stays")
	require.Zero(t, b.provider.writes())

	_, err = ben.TakeOver(t.Context(), id1, "os:ana")
	require.NoError(t, err)
	_, err = b.Do(t.Context(), approve(id1))
	require.ErrorContains(t, err, "claimed by os:ben")
	_, err = b.Renew(t.Context(), id1)
	require.ErrorContains(t, err, "claimed by os:ben", "who lost it hears of it")
	out, err := ben.Do(t.Context(), approve(id1))
	require.NoError(t, err)
	require.Equal(t, model.ResultDone, out[0].Result)
	require.Equal(t, 1, b.provider.writes())
	row, err = b.Row(t.Context(), id1)
	require.NoError(t, err)
	require.Empty(t, row.ClaimedBy, "what is decided is nobody's")

	var events []string
	for _, e := range b.entries(t) {
		events = append(events, e.By+" "+string(e.Event)+" "+e.Detail)
	}
	assert.Equal(t, []string{
		"os:ana claim ", "os:ben takeover os:ana", "os:ben intent ",
		"os:ben outcome MANUAL_REVIEW_APPROVED", "os:ben release decided",
	}, events)
}

// A claim ends by itself unless its session stays open.
func TestAClaimEndsUnlessItIsRenewed(t *testing.T) {
	b := newBench(t, shared)
	ben := b.beside("ben")
	_, err := b.Claim(t.Context(), id1)
	require.NoError(t, err)
	b.clock.forward(desk.DefaultLease - time.Minute)
	row, err := b.Renew(t.Context(), id1)
	require.NoError(t, err)
	require.Equal(t, desk.DefaultLease, row.ClaimedUntil.Sub(b.clock.now()).Round(time.Second))
	require.Equal(t, desk.DefaultLease-time.Minute, b.clock.now().Sub(row.ClaimedAt).Round(time.Second), "since when stays")
	b.clock.forward(desk.DefaultLease - time.Second)
	_, err = ben.Claim(t.Context(), id1)
	require.Error(t, err)
	b.clock.forward(2 * time.Second)
	_, err = ben.Claim(t.Context(), id1)
	require.NoError(t, err)

	require.NoError(t, ben.Release(t.Context(), id1))
	row, err = ben.Renew(t.Context(), id1)
	require.NoError(t, err)
	require.Empty(t, row.ClaimedBy, "what was given back is not taken again")
}

// A decision that is held back is not sent when the session was taken over
// meanwhile.
func TestATakeOverStopsWhatIsHeldBack(t *testing.T) {
	b := newBench(t, shared, hold(50*time.Millisecond))
	b.Load(t.Context(), id1)
	_, err := b.Claim(t.Context(), id1)
	require.NoError(t, err)
	sub, err := b.Submit(t.Context(), approve(id1))
	require.NoError(t, err)
	_, err = b.beside("ben").TakeOver(t.Context(), id1, "os:ana")
	require.NoError(t, err)
	<-sub.Done()
	require.Equal(t, model.ResultNotSent, sub.Outcomes()[0].Result)
	require.Contains(t, sub.Outcomes()[0].Problem.Message, "claimed by os:ben")
	require.Zero(t, b.provider.writes())
}

func TestNextIsTheLongestWaitingThatIsFree(t *testing.T) {
	b := newBench(t, shared)
	ids := make([]string, 250)
	var rows []model.Row
	for i := range ids {
		ids[i] = fmt.Sprintf("session-%03d", i)
		rows = append(rows, model.Row{ID: ids[i], Verdict: model.Manual, WaitsFrom: b.clock.now().Add(time.Duration(i-300) * time.Minute)})
	}
	require.NoError(t, b.store.Upsert(t.Context(), rows...))
	row, err := b.Next(t.Context(), "")
	require.NoError(t, err)
	require.Equal(t, ids[0], row.ID)
	row, err = b.beside("ben").Next(t.Context(), ids[1])
	require.NoError(t, err)
	require.Equal(t, ids[2], row.ID, "one is claimed, and one is passed over")

	// Many ask at once: each gets one of its own, until none is left.
	var mu sync.Mutex
	taken := map[string]int{}
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			seat := b.beside(fmt.Sprint("reviewer-", n))
			for {
				row, err := seat.Next(t.Context(), "")
				if err != nil {
					assert.Equal(t, model.KindNotFound, model.AsProblem(err).Kind)
					return
				}
				mu.Lock()
				taken[row.ID]++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	require.Len(t, taken, len(ids)-2)
	for id, n := range taken {
		require.Equal(t, 1, n, id)
	}
}

func TestClaimsWhereThereAreNone(t *testing.T) {
	b := newBench(t)
	_, err := b.Claim(t.Context(), id1)
	require.Equal(t, model.KindGuard, kindOf(t, err))
	_, err = b.Next(t.Context(), "")
	require.Equal(t, model.KindGuard, kindOf(t, err))
	b = newBench(t, shared)
	_, err = b.desk.As(model.Actor{Identity: "os:rea", Role: model.RoleService}).Claim(t.Context(), id1)
	require.Equal(t, model.KindForbidden, kindOf(t, err))
	_, err = b.Claim(t.Context(), "../../etc")
	require.Equal(t, model.KindUsage, kindOf(t, err))
}
