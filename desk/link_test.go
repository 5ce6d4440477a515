package desk_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/desk"
	"docket/model"
	"docket/store/sqlite"
)

func smsWait(d time.Duration) func(*desk.Config) { return func(c *desk.Config) { c.SMSWait = d } }

func sms(id string) model.Action {
	return model.Action{Kind: model.ActSMS, IDs: []string{id}, Message: model.SMSText}
}

func (b *bench) does(t *testing.T, a model.Action) model.Outcome {
	t.Helper()
	out, err := b.Do(t.Context(), a)
	require.NoError(t, err)
	require.Len(t, out, 1)
	return out[0]
}

func TestALinkIsForThoseWhoMayAndInTheLog(t *testing.T) {
	b := newBench(t)
	for _, info := range model.Roles() {
		me := b.desk.As(model.Actor{Identity: "os:bo", Role: info.Role})
		before := len(logged(t, b.store, audit.Link))
		link, err := me.Link(t.Context(), id1, "text")
		if !me.May(desk.MayLink) {
			require.Equal(t, model.KindForbidden, kindOf(t, err), info.Role)
			require.True(t, link.Empty())
			_, err = me.Links(t.Context(), id1)
			require.Equal(t, model.KindForbidden, kindOf(t, err), info.Role)
			require.Len(t, logged(t, b.store, audit.Link), before)
			continue
		}
		require.NoError(t, err, info.Role)
		require.NotEmpty(t, link.Reveal())
		entries := logged(t, b.store, audit.Link)
		require.Len(t, entries, before+1)
		last := entries[before]
		require.Equal(t, []string{"os:bo", id1, "text"}, []string{last.By, last.Session, last.Detail})
		line, err := last.Encode()
		require.NoError(t, err)
		require.NotContains(t, string(line), "onboarding.example")
	}
	require.NotZero(t, b.provider.links)
}

func TestNoLinkWithoutTheLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "inbox.db")
	st, err := sqlite.Open(t.Context(), path)
	require.NoError(t, err)
	b := newBench(t, func(c *desk.Config) { c.Store = st })
	b.Load(t.Context(), id1)
	require.NoError(t, st.Close())
	link, err := b.Link(t.Context(), id1, "text")
	require.ErrorContains(t, err, "the link is not shown")
	require.True(t, link.Empty())
}

func TestNoLinkOfASessionThatCannotBeRead(t *testing.T) {
	b := newBench(t)
	b.provider.set(func(p *faultyProvider) { p.known = map[string]bool{} })
	_, err := b.Link(t.Context(), id1, "text")
	require.Equal(t, model.KindNotFound, kindOf(t, err))
	require.Zero(t, b.provider.links, "the API would make a new session")
	_, err = b.Link(t.Context(), "../x", "text")
	require.Equal(t, model.KindUsage, kindOf(t, err))
	b.provider.set(func(p *faultyProvider) {
		p.known, p.linkFails = nil, model.NewProblem(model.KindServer, "The API failed", "", "try again")
	})
	_, err = b.Link(t.Context(), id1, "text")
	require.Equal(t, model.KindServer, kindOf(t, err))
	require.Empty(t, logged(t, b.store, audit.Link), "nothing was shown")
}

// A customer is not sent one SMS after the other, whoever sends it.
func TestAnSMSWaitsForTheOneBefore(t *testing.T) {
	b := newBench(t, smsWait(2*time.Minute))
	require.Equal(t, model.ResultDone, b.does(t, sms(id1)).Result)
	b.clock.forward(30 * time.Second)
	other := b.desk.As(model.Actor{Identity: "os:bo", Role: model.RoleSupport})
	_, err := other.Do(t.Context(), sms(id1))
	require.Equal(t, model.KindGuard, kindOf(t, err))
	p := model.AsProblem(err)
	require.Equal(t, "An SMS with the link was sent by os:ana 30s ago; nothing was sent", p.Message)
	require.Contains(t, p.Do, "in 1m30s, at "+b.clock.now().Truncate(time.Microsecond).Add(90*time.Second).UTC().Format("15:04:05"))
	require.Equal(t, 1, b.provider.writes())
	refused := logged(t, b.store, audit.Refused)
	require.Len(t, refused, 1)
	require.Equal(t, "os:bo", refused[0].By)

	links, err := other.Links(t.Context(), id1)
	require.NoError(t, err)
	require.WithinDuration(t, b.clock.now().Add(90*time.Second), links.Again, time.Second)

	require.Equal(t, model.ResultDone, b.does(t, sms(id2)).Result, "another customer")
	b.clock.forward(90 * time.Second)
	require.Equal(t, model.ResultDone, b.does(t, sms(id1)).Result)
	require.Equal(t, 3, b.provider.writes())
}

// Two who send at the same time send one: the second is told that something happened.
func TestTwoWhoSendAtOnceSendOne(t *testing.T) {
	b := newBench(t, smsWait(2*time.Minute), hold(long))
	first, err := b.Submit(t.Context(), sms(id1))
	require.NoError(t, err)
	_, err = b.Submit(t.Context(), sms(id1))
	require.Equal(t, model.KindGuard, kindOf(t, err), "it is on its way")
	require.True(t, first.Undo())
	<-first.Done()
	require.Zero(t, b.provider.writes())
	require.Equal(t, model.ResultDone, b.does(t, sms(id1)).Result, "what was taken back was not sent")
}

func TestWhatWasNotSentNeedsNoWait(t *testing.T) {
	b := newBench(t, smsWait(time.Hour))
	b.provider.set(func(p *faultyProvider) {
		p.onAct = func(model.Action) model.Outcome {
			return model.Outcome{Result: model.ResultRefused, Problem: model.NewProblem(model.KindRate, "Too many requests", "", "wait")}
		}
	})
	require.Equal(t, model.ResultRefused, b.does(t, sms(id1)).Result)
	b.provider.set(func(p *faultyProvider) { p.onAct = nil })
	require.Equal(t, model.ResultDone, b.does(t, sms(id1)).Result)
}

// Nobody knows whether it was sent: it is not sent again until a person has said so,
// and then only if it was not.
func TestAnSMSOfUnknownOutcomeIsNotRepeated(t *testing.T) {
	for _, took := range []bool{true, false} {
		b := newBench(t, smsWait(time.Hour))
		b.provider.set(func(p *faultyProvider) {
			p.onAct = func(model.Action) model.Outcome {
				return model.Outcome{Result: model.ResultUnknown, Problem: model.NewProblem(model.KindOutcome, "no answer", "", "look")}
			}
		})
		require.Equal(t, model.ResultUnknown, b.does(t, sms(id1)).Result)
		b.provider.set(func(p *faultyProvider) { p.onAct = nil })
		_, err := b.Do(t.Context(), sms(id1))
		require.ErrorContains(t, err, "outcome of an earlier sms is unknown")
		b.Load(t.Context(), id1)
		_, err = b.Do(t.Context(), sms(id1))
		require.ErrorContains(t, err, "unknown", "no reading tells")

		b.clock.forward(2 * time.Minute)
		require.NoError(t, b.Settle(t.Context(), id1, took))
		links, err := b.Links(t.Context(), id1)
		require.NoError(t, err)
		require.Len(t, links.Events, 1)
		_, err = b.Do(t.Context(), sms(id1))
		if took {
			require.Equal(t, model.ResultDone, links.Events[0].Result)
			require.ErrorContains(t, err, "An SMS with the link was sent")
			require.Equal(t, 1, b.provider.writes())
			continue
		}
		require.Equal(t, model.ResultRefused, links.Events[0].Result)
		require.NoError(t, err)
		require.Equal(t, 2, b.provider.writes())
	}
}

func TestTheTextOfAnSMS(t *testing.T) {
	b := newBench(t)
	for _, text := range []string{"", "  ", "no link", "{0} and {0}", "{0} {1}", "{0}\n", "a\x1b[2J {0}", "{0}" + string(make([]rune, 301)), "{0}\u202e"} {
		a := sms(id1)
		a.Message = text
		_, err := b.Do(t.Context(), a)
		require.Equal(t, model.KindUsage, kindOf(t, err), "%q", text)
	}
	require.Zero(t, b.provider.writes())
	a := sms(id1)
	a.Message = "Continúe aquí: {0} — gracias"
	require.Equal(t, model.ResultDone, b.does(t, a).Result)
	require.Equal(t, a.Message, b.provider.acts[0].Message)
}

func TestFlagsAskForAChoice(t *testing.T) {
	b := newBench(t)
	flag := func(flags ...string) model.Action {
		return model.Action{Kind: model.ActFlag, IDs: []string{id1}, Flags: flags}
	}
	for _, flags := range [][]string{nil, {"teeth"}, {model.FlagIDCheck, model.FlagNoIDCheck}, {model.FlagSelfieCheck, model.FlagNoSelfieCheck}} {
		_, err := b.Do(t.Context(), flag(flags...))
		require.Equal(t, model.KindUsage, kindOf(t, err), flags)
	}
	require.Equal(t, model.ResultDone, b.does(t, flag(model.FlagIDCheck, model.FlagSelfieCheck)).Result)
	require.Equal(t, "id-check selfie-check", logged(t, b.store, audit.Intent)[0].Detail)
	viewer := b.desk.As(model.Actor{Identity: "os:bo", Role: model.RoleReviewer})
	_, err := viewer.Do(t.Context(), flag(model.FlagIDCheck))
	require.Equal(t, model.KindForbidden, kindOf(t, err))
	require.Equal(t, 1, b.provider.writes())
}

// The history is what the log tells of this session, the newest first, however much of
// other sessions lies between.
func TestTheHistoryOfALink(t *testing.T) {
	b := newBench(t, smsWait(time.Minute))
	b.does(t, sms(id1))
	b.clock.forward(time.Minute)
	_, err := b.Link(t.Context(), id1, "qr")
	require.NoError(t, err)
	b.clock.forward(time.Minute)
	b.does(t, model.Action{Kind: model.ActFlag, IDs: []string{id1}, Flags: []string{model.FlagNoIDCheck}})
	var other []audit.Entry
	for i := range 4500 {
		other = append(other, audit.Entry{At: b.clock.now(), By: "os:bo", Event: audit.View, Session: fmt.Sprint("other-", i)})
	}
	other[10] = audit.Entry{At: b.clock.now(), By: "os:bo", Event: audit.View, Session: "other", Detail: `"session":"` + id1 + `"`}
	require.NoError(t, b.store.Log(t.Context(), other...))
	b.does(t, sms(id2))

	links, err := b.Links(t.Context(), id1)
	require.NoError(t, err)
	var seen []string
	for _, e := range links.Events {
		seen = append(seen, e.What+" "+e.How+" "+string(e.Result)+" "+e.By)
	}
	assert.Equal(t, []string{"flag no-id-check done os:ana", "shown qr  os:ana", "sms  done os:ana"}, seen)
	require.Zero(t, links.Since, "to the beginning")
	require.Zero(t, links.Again)

	b.clock.forward(40 * 24 * time.Hour)
	_, err = b.Link(t.Context(), id1, "text")
	require.NoError(t, err)
	links, err = b.Links(t.Context(), id1)
	require.NoError(t, err)
	require.Len(t, links.Events, 1, "what is old is not looked for")
	require.WithinDuration(t, b.clock.now().Add(-30*24*time.Hour), links.Since, time.Second)
}

func TestReadOnlyShowsTheLinkAndSendsNothing(t *testing.T) {
	b := newBench(t, func(c *desk.Config) { c.ReadOnly = true })
	_, err := b.Link(t.Context(), id1, "text")
	require.NoError(t, err)
	_, err = b.Do(t.Context(), sms(id1))
	require.Equal(t, model.KindGuard, kindOf(t, err))
	require.Zero(t, b.provider.writes())
}
