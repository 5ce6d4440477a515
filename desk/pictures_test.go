package desk

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/model"
)

func TestCallersShareAFetchAndOneMayLeave(t *testing.T) {
	p := newPictures(picturesSize)
	key := pictureKey{"1", model.PictureRef{Type: "selfie"}}
	fetches, gate := 0, make(chan struct{})
	fetch := func(ctx context.Context) (model.Picture, *model.Problem) {
		fetches++
		<-gate
		assert.NoError(t, ctx.Err(), "five still wait")
		return model.Picture{Body: []byte("x")}, nil
	}
	first, leave := context.WithCancel(t.Context())
	left := make(chan *model.Problem, 1)
	go func() {
		_, problem := p.get(first, key, false, fetch)
		left <- problem
	}()
	wait := func(n int) {
		require.Eventually(t, func() bool {
			p.mu.Lock()
			defer p.mu.Unlock()
			return p.fetches[key] != nil && p.fetches[key].waiting == n
		}, time.Minute, time.Millisecond)
	}
	wait(1)
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			got, problem := p.get(t.Context(), key, true, fetch)
			assert.Nil(t, problem)
			assert.Equal(t, "x", string(got.Body))
		})
	}
	wait(6)
	leave()
	require.Equal(t, model.KindUndone, (<-left).Kind)
	wait(5)
	close(gate)
	wg.Wait()
	assert.Equal(t, 1, fetches)
	assert.Equal(t, 1, p.size)
	p.drop(func(string) bool { return true })
	assert.Zero(t, p.size)
	assert.Zero(t, p.order.Len())
}
