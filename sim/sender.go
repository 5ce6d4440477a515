package sim

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// maxBehind is how many later webhooks overtake one at most.
const maxBehind = 5

// maxPause is the longest pause between two attempts.
const maxPause = 30 * time.Second

// Sender delivers webhooks. See [Server.Send].
type Sender struct {
	hooks Hooks
	http  *http.Client

	mu     sync.Mutex
	moved  *sync.Cond // whenever one of the following changes
	rng    *rand.Rand
	queue  [][]byte
	held   []*overtaken
	flying int
	counts HookCounts
}

// HookCounts are what became of webhooks so far.
type HookCounts struct {
	Made       int // webhooks to deliver, duplicates included
	Duplicates int // of these
	Shuffled   int // of these: overtaken by later ones on purpose
	Sent       int // taken by the receiver
	Failed     int // attempts that failed
	Lost       int // given up after the last attempt
}

// overtaken is a webhook that lets later ones pass.
type overtaken struct {
	body   []byte
	behind int // how many are to pass still
}

func newSender(h Hooks) *Sender {
	s := &Sender{hooks: h, http: h.client(), rng: rand.New(rand.NewPCG(h.Seed, 0))}
	s.moved = sync.NewCond(&s.mu)
	return s
}

// Counts tell what became of webhooks so far.
func (s *Sender) Counts() HookCounts {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts
}

// push takes a webhook on its way, once or twice.
func (s *Sender) push(body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.moved.Broadcast()
	s.place(body)
	if s.rng.Float64() < s.hooks.Duplicates {
		s.counts.Duplicates++
		s.place(body)
	}
}

// place puts a webhook at the end of the queue, or lets later ones pass.
func (s *Sender) place(body []byte) {
	s.counts.Made++
	for _, h := range s.held {
		h.behind--
	}
	if s.rng.Float64() < s.hooks.Shuffle {
		s.hold(body)
	} else {
		s.queue = append(s.queue, body)
	}
	s.free(func(o *overtaken) bool { return o.behind <= 0 })
}

func (s *Sender) hold(body []byte) {
	s.counts.Shuffled++
	h := &overtaken{body, 1 + s.rng.IntN(maxBehind)}
	s.held = append(s.held, h)
	time.AfterFunc(s.hooks.Hold, func() { s.release(func(o *overtaken) bool { return o == h }) })
}

// free puts held webhooks at the end of the queue. The lock must be held.
func (s *Sender) free(which func(*overtaken) bool) {
	kept := s.held[:0]
	for _, h := range s.held {
		if which(h) {
			s.queue = append(s.queue, h.body)
			continue
		}
		kept = append(kept, h)
	}
	clear(s.held[len(kept):])
	s.held = kept
}

func (s *Sender) release(which func(*overtaken) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free(which)
	s.moved.Broadcast()
}

// Run delivers webhooks until ctx ends. What is not delivered then stays, for
// another Run.
func (s *Sender) Run(ctx context.Context) {
	defer s.http.CloseIdleConnections()
	defer context.AfterFunc(ctx, s.wake)()
	var workers sync.WaitGroup
	for range s.hooks.Parallel {
		workers.Go(func() {
			for body, ok := s.next(ctx); ok; body, ok = s.next(ctx) {
				s.deliver(ctx, body)
			}
		})
	}
	workers.Wait()
}

// wake makes everybody who waits look again.
func (s *Sender) wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.moved.Broadcast()
}

// next waits for a webhook to deliver; false: ctx has ended.
func (s *Sender) next(ctx context.Context) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.queue) == 0 && ctx.Err() == nil {
		s.moved.Wait()
	}
	if ctx.Err() != nil {
		return nil, false
	}
	body := s.queue[0]
	s.queue[0] = nil
	s.queue = s.queue[1:]
	s.flying++
	return body, true
}

// Drain waits until every webhook so far was taken or given up, while Run runs.
// What waits to be overtaken goes at once.
func (s *Sender) Drain(ctx context.Context) error {
	s.release(func(*overtaken) bool { return true })
	defer context.AfterFunc(ctx, s.wake)()
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.queue)+len(s.held)+s.flying > 0 && ctx.Err() == nil {
		s.moved.Wait()
	}
	return ctx.Err()
}

// deliver tries until the receiver has taken a webhook, attempts are used up, or ctx
// ends.
func (s *Sender) deliver(ctx context.Context, body []byte) {
	pause := s.hooks.Pause
	for n := 1; ; n++ {
		err := s.post(ctx, body)
		if err == nil {
			s.landed(func(c *HookCounts) { c.Sent++ })
			return
		}
		if ctx.Err() != nil {
			s.putBack(body)
			return
		}
		s.failed(err)
		if n == s.hooks.Attempts {
			s.landed(func(c *HookCounts) { c.Lost++ })
			return
		}
		select {
		case <-s.hooks.After(pause):
		case <-ctx.Done():
			s.putBack(body)
			return
		}
		pause = min(2*pause, maxPause)
	}
}

func (s *Sender) failed(err error) {
	s.mu.Lock()
	s.counts.Failed++
	s.mu.Unlock()
	if s.hooks.Failed != nil {
		s.hooks.Failed(err.Error())
	}
}

func (s *Sender) landed(count func(*HookCounts)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	count(&s.counts)
	s.flying--
	s.moved.Broadcast()
}

func (s *Sender) putBack(body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = append([][]byte{body}, s.queue...)
	s.flying--
}

// mostOfAnswer is how much of a receiver's answer is read.
const mostOfAnswer = 64 << 10

// post makes one attempt. A receiver takes a webhook with any 2xx, unless its body
// says that it did not succeed.
func (s *Sender) post(ctx context.Context, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.hooks.URL, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "docket-sim")
	if s.hooks.Secret != "" {
		req.Header.Set(s.hooks.Header, s.hooks.Secret)
	}
	if s.hooks.SignKey != "" {
		req.Header.Set(SignatureHeader, signature(s.hooks.SignKey, body))
	}
	resp, err := s.http.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }() // it was read as far as it matters
	said, err := io.ReadAll(io.LimitReader(resp.Body, mostOfAnswer))
	if err != nil {
		return err
	}
	if resp.StatusCode/100 != 2 {
		return errors.New("the receiver answered " + resp.Status)
	}
	var answer struct {
		Success *bool `json:"success"`
	}
	if json.Unmarshal(said, &answer) == nil && answer.Success != nil && !*answer.Success {
		return errors.New("the receiver answered that it did not succeed")
	}
	return nil
}

// signature is the HMAC-SHA256 of a body, in hex.
func signature(key string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(key))
	_, _ = mac.Write(body) // a hash never fails to write
	return hex.EncodeToString(mac.Sum(nil))
}
