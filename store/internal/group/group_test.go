package group

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/store"
)

// Who asks first is answered when its webhook is kept, however many come after it.
func TestTheFirstDoesNotWaitForTheLast(t *testing.T) {
	begun, kept := make(chan int, 10), make(chan struct{})
	c := &Commit{Do: func(_ context.Context, all []store.Delivery) error {
		begun <- len(all)
		<-kept
		return nil
	}}
	accept := func() chan error {
		answered := make(chan error, 1)
		go func() { answered <- c.Accept(t.Context(), store.Delivery{}) }()
		return answered
	}
	first := accept()
	require.Equal(t, 1, <-begun)
	rest := []chan error{accept(), accept()}
	for waiting := 0; waiting < len(rest); {
		c.mu.Lock()
		waiting = len(c.waiting)
		c.mu.Unlock()
	}
	kept <- struct{}{}
	require.NoError(t, <-first, "the second commit has not ended")
	require.Equal(t, 2, <-begun, "both share one")
	kept <- struct{}{}
	for _, answered := range rest {
		require.NoError(t, <-answered)
	}
}
