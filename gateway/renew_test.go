package gateway_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/desk"
	"docket/gateway"
	"docket/model"
	"docket/sim"
)

// renewal is a renewer in a time of its own, with a log-in that a test answers.
type renewal struct {
	*gateway.Renewer
	mu    sync.Mutex
	known desk.Token
	life  time.Duration // of tokens that a log-in brings; 0: they do not say
	err   error
	tries int
}

func newRenewal(t *testing.T, known desk.Token, life time.Duration, err error) *renewal {
	n := &renewal{known: known, life: life, err: err}
	n.Renewer = gateway.NewRenewer(func(context.Context) error {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.tries++
		if n.err != nil {
			return n.err
		}
		n.known = desk.Token{Present: true}
		if n.life > 0 {
			n.known.Expires = time.Now().Add(n.life)
		}
		return nil
	}, func() desk.Token {
		n.mu.Lock()
		defer n.mu.Unlock()
		return n.known
	}, slog.New(slog.DiscardHandler), gateway.NewMetrics())
	ctx, cancel := context.WithCancel(t.Context())
	go func() { _ = n.Run(ctx) }()
	t.Cleanup(cancel)
	return n
}

// mend lets log-ins succeed.
func (n *renewal) mend() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.err = nil
}

// made is how many log-ins were tried.
func (n *renewal) made() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.tries
}

// after lets time pass.
func after(d time.Duration) {
	timer := time.NewTimer(d)
	<-timer.C
	synctest.Wait()
}

func TestTheTokenIsRenewedBeforeItEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newRenewal(t, desk.Token{}, 24*time.Hour, nil)
		after(time.Second)
		require.Equal(t, 1, n.made(), "without one it logs in at once")
		after(22*time.Hour + 59*time.Minute)
		require.Equal(t, 1, n.made())
		after(31 * time.Minute)
		require.Equal(t, 2, n.made(), "half an hour to an hour before the end")
		after(5 * 24 * time.Hour)
		require.Equal(t, 7, n.made())
	})
}

func TestATokenThatSaysNothingIsRenewedEveryDay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newRenewal(t, desk.Token{Present: true}, 0, nil)
		after(22 * time.Hour)
		require.Zero(t, n.made())
		after(time.Hour)
		require.Equal(t, 1, n.made())
	})
}

func TestAShortLivedTokenIsUsedForHalfItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newRenewal(t, desk.Token{Present: true, Expires: time.Now().Add(10 * time.Minute)}, 10*time.Minute, nil)
		after(4 * time.Minute)
		require.Zero(t, n.made())
		after(4 * time.Minute)
		require.Equal(t, 1, n.made())
	})
}

func TestALogInThatFailsIsTriedAgainLessAndLess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newRenewal(t, desk.Token{}, 24*time.Hour, model.NewProblem(model.KindUnreachable, "no way", "", ""))
		after(time.Hour)
		require.Greater(t, n.made(), 6)
		require.Less(t, n.made(), 18)
		n.mend()
		after(16 * time.Minute)
		made := n.made()
		after(20 * time.Hour)
		require.Equal(t, made, n.made(), "it has one again")
	})
}

func TestWrongCredentialsAreNotTriedOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newRenewal(t, desk.Token{}, 24*time.Hour, model.NewProblem(model.KindAuth, "wrong password", "", ""))
		after(7 * time.Minute)
		require.Equal(t, 1, n.made())
		after(9 * time.Minute)
		require.GreaterOrEqual(t, n.made(), 2)
	})
}

func TestARefusedTokenIsRenewedAtOnceAndOnceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newRenewal(t, desk.Token{Present: true, Expires: time.Now().Add(24 * time.Hour)}, 24*time.Hour, nil)
		after(time.Hour)
		require.Zero(t, n.made())
		for range 100 {
			n.Refused()
		}
		after(time.Second)
		require.Equal(t, 1, n.made())
		n.Refused()
		after(30 * time.Second)
		require.Equal(t, 1, n.made())
		after(31 * time.Second)
		require.Equal(t, 2, n.made())
	})
}

// A log-in of the gateway is in the audit log, and its token in use at once.
func TestARenewalIsLoggedAndUsed(t *testing.T) {
	r := newRig(t, func(o *options) { o.noToken = true })
	seat := r.desk.As(model.Actor{Identity: "gateway", Role: model.RoleOwner})
	require.NoError(t, seat.Login(t.Context(), sim.DefaultEmail, sim.DefaultPassword))
	require.Equal(t, 200, r.get("/onboarding-status?interviewId="+r.sessionWith("OK")).code)
	require.Equal(t, audit.Login, r.entries()[0].Event)
	require.Error(t, r.desk.As(model.Actor{Identity: "gateway", Role: model.RoleOwner}).Login(t.Context(), sim.DefaultEmail, "wrong"))
	failed := r.entries()[1]
	require.Equal(t, []any{audit.Login, "gateway", model.KindAuth}, []any{failed.Event, failed.By, failed.Problem})
}
