// Package group joins webhooks that come at the same time into one commit: the disk
// is waited for once.
package group

import (
	"context"
	"sync"

	"docket/store"
)

// Most is how many webhooks share a commit.
const Most = 200

// Commit keeps webhooks together. Whoever finds nobody at it sees to it that all that
// wait are kept.
type Commit struct {
	Do func(ctx context.Context, all []store.Delivery) error // keeps all, durably, or none

	mu      sync.Mutex
	waiting []offer
	busy    bool
}

type offer struct {
	d    store.Delivery
	done chan error
}

// Accept keeps a webhook, durably when it returns.
func (c *Commit) Accept(ctx context.Context, d store.Delivery) error {
	mine := offer{d, make(chan error, 1)}
	c.mu.Lock()
	c.waiting = append(c.waiting, mine)
	lead := !c.busy
	c.busy = true
	c.mu.Unlock()
	if lead {
		// On its own: who asked first would else wait until nobody asks any more.
		go c.lead(context.WithoutCancel(ctx))
	}
	select {
	case err := <-mine.done:
		return err
	case <-ctx.Done():
		return ctx.Err() // it may be kept all the same, and comes again then
	}
}

// lead commits what waits until nothing does.
func (c *Commit) lead(ctx context.Context) {
	for {
		c.mu.Lock()
		n := min(len(c.waiting), Most)
		batch := c.waiting[:n:n]
		c.waiting = c.waiting[n:]
		c.busy = n > 0
		c.mu.Unlock()
		if n == 0 {
			return
		}
		all := make([]store.Delivery, n)
		for i, o := range batch {
			all[i] = o.d
		}
		err := c.Do(ctx, all)
		for _, o := range batch {
			o.done <- err
		}
	}
}
