package intake

import (
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"docket/model"
	"docket/omni/transport"
)

// valve is closed while asking the API is of no use: nothing can be reached, or the
// token is refused. When its time is up one is let through first, to see.
type valve struct {
	mu     sync.Mutex
	closed bool
	until  time.Time
	// doubted are the sessions that closed it. If they fail so again although others
	// were read meanwhile, it is not the API as a whole.
	doubted map[string]bool
	// spared are the sessions that were read in part since it closed: once for each that
	// is the end of what closed it, and not counted.
	spared map[string]bool
}

// all is more than any pump is wide.
const all = 1 << 10

// lets returns how many may be asked for at once.
func (v *valve) lets(now time.Time) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case !v.closed:
		return all
	case now.Before(v.until):
		return 0
	}
	return 1
}

// shut closes the valve for a while, because of how a session failed (empty: whichever
// it was), and reports whether it was open. It stays open, and whole is false, if it is
// the session itself.
func (v *valve) shut(key string, now time.Time, d time.Duration) (whole, first bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.doubted[key] && !v.closed {
		return false, false
	}
	if v.doubted == nil {
		v.doubted = map[string]bool{}
	}
	if key != "" {
		v.doubted[key] = true
	}
	first = !v.closed
	v.closed = true
	if until := now.Add(d); until.After(v.until) {
		v.until = until
	}
	return true, first
}

// open says that a session was read, and reports whether the valve was closed.
func (v *valve) open(key string) (was bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.doubted, key)
	clear(v.spared)
	was, v.closed, v.until = v.closed, false, time.Time{}
	return was
}

// spare keeps the valve closed for another while, because a session was read in part: it
// reports false if the valve is open, or did that for the session already.
func (v *valve) spare(key string, now time.Time, d time.Duration) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.closed || v.spared[key] {
		return false
	}
	if v.spared == nil {
		v.spared = map[string]bool{}
	}
	v.spared[key], v.until = true, now.Add(d)
	return true
}

// trust forgets what a session did.
func (v *valve) trust(key string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.doubted, key)
}

// fate is what the problems of a reading mean for the job.
type fate uint8

// The fates, the one that counts most last.
const (
	fateRead    fate = iota // it was read, as far as there is something
	fateFailed              // it is tried again a few times
	fateTorn                // the same, but some of it could not be reached and some could
	fateHeld                // it was not tried: our own limits are used up
	fateCut                 // nothing can be reached
	fateRefused             // the token or the key is refused
	fateMissing             // the API does not know it
)

// fates says what a problem of a kind means; others are failures.
var fates = map[model.Kind]fate{
	model.KindAuth: fateRefused, model.KindForbidden: fateRefused, model.KindUnreachable: fateCut,
}

// fateOf returns what the problems mean, and the one that counts. asked is how many
// parts were asked for: unless all of them failed alike, the API can be reached and
// takes the token.
func fateOf(problems []*model.Problem, asked int) (worst fate, why *model.Problem) {
	alike := map[fate]int{}
	for _, p := range problems {
		f := fateOfOne(p)
		alike[f]++
		if f > worst {
			worst, why = f, p
		}
	}
	if (worst == fateCut || worst == fateRefused) && alike[worst] < asked {
		worst = fateTorn
	}
	return worst, why
}

func fateOfOne(p *model.Problem) fate {
	f, ok := fates[p.Kind]
	switch {
	case p.Kind == model.KindNotFound && p.Part == model.PartStatus:
		return fateMissing
	case p.Kind == model.KindNotFound:
		return fateRead // the session has not come that far
	case p.Kind == model.KindRate && p.HTTP == 0:
		return fateHeld
	case !ok:
		return fateFailed
	}
	return f
}

// reason says in a few words why something failed, without what was sent or answered.
func reason(p *model.Problem) string {
	words := map[model.Kind]string{
		model.KindAuth: "the API refused the token", model.KindForbidden: "the API does not allow it", model.KindRate: "too many requests",
		model.KindServer: "the API failed", model.KindShape: "the API answered with something else than expected",
		model.KindTooLarge: "the answer is too large", model.KindTimeout: "no answer in time",
		model.KindUnreachable: "the API could not be reached", model.KindRefused: "the API refused it",
	}
	text, ok := words[p.Kind]
	if transport.Untrusted(p) {
		text = "the API's TLS certificate is not trusted"
	}
	if !ok {
		text = "it failed here"
	}
	if p.Part != "" {
		text = string(p.Part) + ": " + text
	}
	return text + status(p.HTTP)
}

// steps is how long a job waits after each failure; the last holds for the rest.
var steps = []time.Duration{10 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, time.Hour}

// maxTries is how often a job may fail before it waits for a person.
const maxTries = 8

// backOff is how long a job waits after so many failures: at least what it was asked
// to, and a little more, so that many do not come back at once.
func backOff(tries int, asked time.Duration) time.Duration {
	step := max(steps[min(tries, len(steps))-1], asked)
	return step + rand.N(step/5)
}

// longestUnknown is how long sessions are asked for that have not begun, since they
// came in: no webhook tells of them.
const longestUnknown = 72 * time.Hour

// pollStep doubles with each look-up, up to pollMost.
const (
	pollStep = 30 * time.Second
	pollMost = 30 * time.Minute
)

// pollWait is how long to wait after so many look-ups that told nothing.
func pollWait(polls int) time.Duration {
	return slices.Min([]time.Duration{pollStep << min(polls, 10), pollMost})
}
