package transport

import (
	"context"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// held is a server that answers when told to.
type held struct {
	arrived chan struct{}
	release chan struct{}
}

func newHeld() *held {
	return &held{arrived: make(chan struct{}, 100), release: make(chan struct{})}
}

func (h *held) serve(w http.ResponseWriter, r *http.Request) {
	h.arrived <- struct{}{}
	select {
	case <-h.release:
		ok(w, r)
	case <-r.Context().Done():
	}
}

// waiters blocks until n callers share the one read that is under way.
func waiters(c *Client, n int) {
	for {
		c.flights.mu.Lock()
		callers := 0
		for _, f := range c.flights.m {
			callers += f.callers
		}
		c.flights.mu.Unlock()
		if callers == n {
			return
		}
	}
}

func TestEqualReadsAreShared(t *testing.T) {
	h := newHeld()
	s, n := server(t, h.serve)
	c := client(t, s.URL)
	const callers = 5
	var (
		wg     sync.WaitGroup
		mu     sync.Mutex
		shared int
	)
	for range callers {
		wg.Go(func() {
			res, err := c.Do(context.Background(), read())
			mu.Lock()
			defer mu.Unlock()
			if err == nil && res.Shared {
				shared++
			}
		})
	}
	<-h.arrived
	waiters(c, callers)
	close(h.release)
	wg.Wait()
	require.EqualValues(t, 1, n.Load())
	require.Equal(t, callers-1, shared)
	require.Empty(t, c.flights.m)
	require.Len(t, c.Journal(), 1)
}

func TestDifferentReadsAreNotShared(t *testing.T) {
	other, token, body, path := read(), read(), read(), read()
	other.Query = map[string][]string{"id": {"b"}}
	token.Token = "another"
	body.Body = []byte("{}")
	path.PathArgs = map[string]string{"x": "y"}
	one := read()
	keys := map[flightKey]bool{one.key(t.Context(), 0): true, one.key(t.Context(), 1): true}
	for _, r := range []Request{other, token, body, path} {
		keys[r.key(t.Context(), 0)] = true
	}
	require.Len(t, keys, 6)
}

func TestWritesAreNotShared(t *testing.T) {
	h := newHeld()
	s, n := server(t, h.serve)
	c := client(t, s.URL)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { _, _ = c.Do(context.Background(), write()) }) // counted below
	}
	<-h.arrived
	<-h.arrived
	close(h.release)
	wg.Wait()
	require.EqualValues(t, 2, n.Load())
}

func TestOneCallerLeavesTheOthersStay(t *testing.T) {
	h := newHeld()
	s, n := server(t, h.serve)
	c := client(t, s.URL)
	ctx, cancel := context.WithCancel(context.Background())
	first, second := make(chan error, 1), make(chan error, 1)
	go func() { _, err := c.Do(ctx, read()); first <- err }()
	<-h.arrived
	go func() { _, err := c.Do(context.Background(), read()); second <- err }()
	waiters(c, 2)
	cancel()
	require.Equal(t, KindCanceled, failure(t, <-first).Kind)
	close(h.release)
	require.NoError(t, <-second)
	require.EqualValues(t, 1, n.Load())
}

func TestLastCallerStopsTheRequest(t *testing.T) {
	gone := make(chan struct{})
	arrived := make(chan struct{}, 1)
	s, _ := server(t, func(_ http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-r.Context().Done()
		close(gone)
	})
	c := client(t, s.URL)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { _, err := c.Do(ctx, read()); done <- err }()
	<-arrived
	cancel()
	require.ErrorIs(t, <-done, context.Canceled)
	<-gone
}

// A read after a write must tell what the write did.
func TestReadAfterWriteIsFresh(t *testing.T) {
	h := newHeld()
	s, n := server(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			ok(w, r)
			return
		}
		h.serve(w, r)
	})
	c := client(t, s.URL)
	before, after := make(chan error, 1), make(chan error, 1)
	go func() { _, err := c.Do(context.Background(), read()); before <- err }()
	<-h.arrived
	do(t, c, write())
	go func() { _, err := c.Do(context.Background(), read()); after <- err }()
	<-h.arrived
	close(h.release)
	require.NoError(t, <-before)
	require.NoError(t, <-after)
	require.EqualValues(t, 3, n.Load())
}
