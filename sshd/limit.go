package sshd

import (
	"net"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How often an address, or somebody with a right key and wrong codes, may fail.
const (
	failsAtOnce  = 10
	failEvery    = 6 * time.Second
	mostFailing  = 4096 // addresses that are remembered
	prefixOfIPv6 = 64   // of one customer of a provider
)

// limiter counts failures by a name.
type limiter struct {
	mu  sync.Mutex
	all map[string]*rate.Limiter
}

// allows reports whether there may be another try.
func (l *limiter) allows(name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	one := l.all[name]
	return one == nil || one.Tokens() >= 1
}

// try lets somebody try, unless they have failed too often. Tries are made one after the
// other: of those at the same time each would come before the first has failed.
func (l *limiter) try(name string, right func() bool) (tried, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if one := l.all[name]; one != nil && one.Tokens() < 1 {
		return false, false
	}
	ok = right()
	if !ok {
		l.count(name)
	}
	return true, ok
}

// failed counts a failure.
func (l *limiter) failed(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count(name)
}

// count counts a failure. The lock is held.
func (l *limiter) count(name string) {
	one := l.all[name]
	if one == nil {
		l.forget()
		one = rate.NewLimiter(rate.Every(failEvery), failsAtOnce)
		if l.all == nil {
			l.all = map[string]*rate.Limiter{}
		}
		l.all[name] = one
	}
	one.Allow()
}

// forget makes room: first of who has not failed for long, then of anybody.
func (l *limiter) forget() {
	if len(l.all) < mostFailing {
		return
	}
	for name, one := range l.all {
		if one.Tokens() >= failsAtOnce {
			delete(l.all, name)
		}
	}
	for name := range l.all {
		if len(l.all) < mostFailing {
			return
		}
		delete(l.all, name)
	}
}

// addressOf is what failures are counted by.
func addressOf(addr net.Addr) string {
	at, err := netip.ParseAddrPort(addr.String())
	if err != nil {
		return addr.String()
	}
	ip := at.Addr().Unmap().WithZone("")
	if ip.Is6() {
		if prefix, err := ip.Prefix(prefixOfIPv6); err == nil {
			return prefix.String()
		}
	}
	return ip.String()
}
