package sshd

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// TestChannelThatAsksForNothing ends like any session, and does not hold up the end of
// the server.
func TestChannelThatAsksForNothing(t *testing.T) {
	key := newSigner(t)
	cfg := settings(t, ana(key))
	cfg.SSH.Max = 50 * time.Millisecond
	b := serve(t, cfg, nothing)
	_, requests, err := b.client(key).OpenChannel("session", nil)
	require.NoError(t, err)
	ssh.DiscardRequests(requests) // until the channel is closed
	until(t, func() bool { return len(b.s.Here()) == 0 })

	b = serve(t, settings(t, ana(key)), nothing)
	_, _, err = b.client(key).OpenChannel("session", nil)
	require.NoError(t, err)
	until(t, func() bool { return len(b.s.Here()) == 1 })
	b.stop()
	require.NoError(t, <-b.ended)
	b.ended <- nil
	require.NotContains(t, b.log.String(), "cut off")
}

// TestClientThatReadsNothing cannot keep its session longer than anybody else.
func TestClientThatReadsNothing(t *testing.T) {
	key := newSigner(t)
	cfg := settings(t, ana(key))
	cfg.SSH.Max = 50 * time.Millisecond
	b := serve(t, cfg, func(_ context.Context, g *Guest) int {
		for {
			if _, err := g.Out.Write(make([]byte, 1<<16)); err != nil {
				return 0
			}
		}
	})
	b.s.late = 50 * time.Millisecond
	ch, _, err := b.client(key).OpenChannel("session", nil)
	require.NoError(t, err)
	_, err = ch.SendRequest("exec", true, ssh.Marshal(struct{ Words string }{"list"}))
	require.NoError(t, err)
	until(t, func() bool { return len(b.noted()) == 2 && len(b.s.Here()) == 0 })
}

// TestConnectionWithoutSessionIsOneThatWaits: it has a minute, as before the log-in.
func TestConnectionWithoutSessionIsOneThatWaits(t *testing.T) {
	key := newSigner(t)
	b := serve(t, settings(t, ana(key)), nothing)
	waiting := func() int {
		b.s.mu.Lock()
		defer b.s.mu.Unlock()
		return len(b.s.knocks)
	}
	c := b.client(key)
	for range 2 {
		ch, requests, err := c.OpenChannel("session", nil)
		require.NoError(t, err)
		until(t, func() bool { return waiting() == 0 })
		_ = ch.Close()
		ssh.DiscardRequests(requests)
		until(t, func() bool { return waiting() == 1 })
	}
	_ = c.Close()
	until(t, func() bool { return waiting() == 0 })
}

// TestAddressWithMostConnectionsMakesRoom, so that it keeps nobody else out.
func TestAddressWithMostConnectionsMakesRoom(t *testing.T) {
	now := time.Now()
	s := &Server{knocks: map[*knock]struct{}{}, now: func() time.Time { now = now.Add(time.Second); return now }}
	var flood []*knock
	for range mostKnocks - 1 {
		k := &knock{s: s, from: "192.0.2.1"}
		flood = append(flood, k)
		require.Nil(t, s.waits(k))
	}
	for i := range 3 {
		gone := s.waits(&knock{s: s, from: "192.0.2.2"})
		if i == 0 {
			require.Nil(t, gone)
			continue
		}
		require.Same(t, flood[i-1], gone)
	}
	require.Len(t, s.knocks, mostKnocks)
	for k := range s.knocks {
		k.late.Stop()
	}
}
