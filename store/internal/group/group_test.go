package group_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/store"
	"docket/store/internal/group"
)

// How long tests wait for what has to come.
const (
	waits = 10 * time.Second
	tick  = time.Millisecond
)

// gated is a commit that waits to be let through, and says how many came together.
type gated struct {
	group.Commit
	begun chan int
	let   chan error
}

func newGated() *gated {
	g := &gated{begun: make(chan int), let: make(chan error)}
	g.Do = func(_ context.Context, all []store.Delivery) error {
		g.begun <- len(all)
		return <-g.let
	}
	return g
}

// accept accepts one more, and returns where its end comes.
func (g *gated) accept(ctx context.Context) chan error {
	ended := make(chan error, 1)
	go func() { ended <- g.Accept(ctx, store.Delivery{}) }()
	return ended
}

// Under load something has always come meanwhile: who commits for others answers its own
// sender as soon as its own webhook is kept.
func TestWhoLeadsDoesNotWaitForTheOthers(t *testing.T) {
	g := newGated()
	first := g.accept(t.Context())
	require.Equal(t, 1, <-g.begun)
	second := g.accept(t.Context())
	require.Eventually(t, func() bool { return g.Waiting() == 1 }, waits, tick)
	g.let <- nil
	require.Equal(t, 1, <-g.begun, "what came meanwhile is committed next")
	require.NoError(t, <-first)
	g.let <- nil
	require.NoError(t, <-second)
}

func TestWhatComesTogetherIsCommittedTogether(t *testing.T) {
	g := newGated()
	broken := errors.New("the disk is full")
	first := g.accept(t.Context())
	require.Equal(t, 1, <-g.begun)
	second, third := g.accept(t.Context()), g.accept(t.Context())
	require.Eventually(t, func() bool { return g.Waiting() == 2 }, waits, tick)
	g.let <- nil
	require.NoError(t, <-first)
	require.Equal(t, 2, <-g.begun)
	g.let <- broken
	require.ErrorIs(t, <-second, broken)
	require.ErrorIs(t, <-third, broken)

	fourth := g.accept(t.Context())
	require.Equal(t, 1, <-g.begun, "nothing is left over")
	g.let <- nil
	require.NoError(t, <-fourth)
}

func TestWhoLeavesIsNotWaitedFor(t *testing.T) {
	g := newGated()
	first := g.accept(t.Context())
	require.Equal(t, 1, <-g.begun)
	ctx, leave := context.WithCancel(t.Context())
	second := g.accept(ctx)
	require.Eventually(t, func() bool { return g.Waiting() == 1 }, waits, tick)
	leave()
	require.ErrorIs(t, <-second, context.Canceled)
	g.let <- nil
	require.Equal(t, 1, <-g.begun, "it is kept all the same")
	g.let <- nil
	require.NoError(t, <-first)
}
