package desk

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"docket/audit"
	"docket/model"
)

// DefaultSMSWait is how long after an SMS to a customer the next may be sent, unless
// the configuration says otherwise.
const DefaultSMSWait = 2 * time.Minute

// Link returns the address at which the customer of a session goes through its
// onboarding, to be shown in the way that how says in a word: "text", "qr", "json",
// "copy". Whoever has it is that customer to the API: it is for those who may, each
// time is in the log, and what cannot be logged is not shown.
func (s *Seat) Link(ctx context.Context, id, how string) (model.Link, error) {
	if p := s.denied(MayLink); p != nil {
		return model.Link{}, p
	}
	switch {
	case !validID(id):
		return model.Link{}, model.NewProblem(model.KindUsage, "This is not an interview id", quoteID(id), "an interview id is letters, digits, - and _")
	case !s.Policy().Can[model.CanLink]:
		return model.Link{}, model.NewProblem(model.KindGuard, "The provider gives no links to onboardings", shortID(id), "use the provider's own dashboard")
	}
	so := s.Peek(id)
	if so == nil || !came(so) {
		so = s.Read(ctx, id, model.PartStatus)
	}
	if so == nil {
		return model.Link{}, model.NewProblem(model.KindUndone, "The session was not read, so there is no link", shortID(id), "try again")
	}
	if p := so.Parts[model.PartStatus].Problem; p != nil {
		return model.Link{}, p
	}
	if whole := s.d.cache.peek(id); whole != nil { // what this seat is shown of it is not all
		so = whole
	}
	link, problem := s.d.cfg.Provider.Link(ctx, so)
	if problem != nil {
		return model.Link{}, s.lens().problem(problem)
	}
	if err := s.d.log(ctx, s.detailed(audit.Link, id, how)); err != nil {
		return model.Link{}, stored(err, "The audit log could not be written, so the link is not shown")
	}
	return link, nil
}

// came reports whether the status of a session has come.
func came(so *model.Session) bool {
	st := so.Parts[model.PartStatus]
	return !st.At.IsZero() && st.Problem == nil
}

// Links is what became of the link of a session, as the log tells.
type Links struct {
	Events []model.LinkEvent // the newest first
	Since  time.Time         // how far back was looked; zero: to the beginning
	Again  time.Time         // when another SMS may be sent; zero: now
}

// How far back the history of a link goes: a session that is older has a link that
// nobody should use any more, and a log can be long.
const (
	linksFor  = 30 * 24 * time.Hour
	linksRead = 50_000 // entries of the log
)

// Links returns when the link of a session was sent and shown, and by whom. Reading
// it is not in the log: it says nothing of the customer.
func (s *Seat) Links(ctx context.Context, id string) (Links, error) {
	if p := s.denied(MayLink); p != nil {
		return Links{}, p
	}
	if p := s.outside(ctx, id); p != nil {
		return Links{}, p
	}
	h, since, err := s.d.linksOf(ctx, id, s.d.cfg.Now().Add(-linksFor))
	if err != nil {
		return Links{}, stored(err, "The history of the link could not be read")
	}
	l := Links{Events: h.events, Since: since}
	if last := h.sent(); last != nil {
		l.Again = s.smsAfter(*last)
	}
	return l, nil
}

// smsAfter returns when an SMS may follow on one; zero: now.
func (s *Seat) smsAfter(last model.LinkEvent) time.Time {
	if at := last.At.Add(s.d.cfg.SMSWait); at.After(s.d.cfg.Now()) {
		return at
	}
	return time.Time{}
}

// Barred returns why an action may not be done at this time, whatever is filled in: a
// rule keeps the session, or its customer was sent an SMS just now. Nil: it may.
func (s *Seat) Barred(ctx context.Context, a model.Action) *model.Problem {
	if p := s.outsideAny(ctx, a.IDs); p != nil {
		return p
	}
	if p := s.Retained(ctx, a); p != nil {
		return p
	}
	if a.Kind != model.ActSMS || s.d.cfg.SMSWait <= 0 {
		return nil
	}
	h, _, err := s.d.linksOf(ctx, a.ID(), s.d.cfg.Now().Add(-s.d.cfg.SMSWait))
	if err != nil {
		return model.AsProblem(stored(err, "It could not be read when the last SMS was sent, so nothing was sent"))
	}
	last := h.sent()
	if last == nil {
		return nil
	}
	at := s.smsAfter(*last)
	if at.IsZero() {
		return nil
	}
	now := s.d.cfg.Now()
	return model.NewProblem(model.KindGuard, "An SMS with the link was sent by "+last.By+" "+now.Sub(last.At).Truncate(time.Second).String()+" ago; nothing was sent",
		shortID(a.ID()), "it may be sent again in "+secondsTo(at.Sub(now))+", at "+at.UTC().Format("15:04:05")+" UTC")
}

// secondsTo writes how long something takes, in whole seconds, rounded up.
func secondsTo(d time.Duration) string {
	return (d + time.Second - time.Nanosecond).Truncate(time.Second).String()
}

// unsupported returns what is wrong with the text of an SMS or with flags.
func unsupported(a model.Action) *model.Problem {
	switch a.Kind {
	case model.ActSMS:
		if message, do := model.SMSWrong(a.Message); message != "" {
			return misused(a, message, do)
		}
	case model.ActFlag:
		has := func(flag string) bool { return slices.Contains(a.Flags, flag) }
		switch {
		case len(a.Flags) == 0:
			return misused(a, "No flag was given", "choose the document, the selfie or both")
		case unlisted(a.Flags, model.Flags()) != "":
			return misused(a, "The API knows no such flag", "choose among "+strings.Join(model.Flags(), ", "))
		case has(model.FlagIDCheck) && has(model.FlagNoIDCheck) || has(model.FlagSelfieCheck) && has(model.FlagNoSelfieCheck):
			return misused(a, "A flag was both set and taken back", "leave one of them out")
		}
	}
	return nil
}

// linkHistory collects what entries of the log tell of a link, the newest first.
type linkHistory struct {
	events  []model.LinkEvent
	byRef   map[string]int          // where the event of an action is
	settled map[string]model.Result // how an unknown outcome was settled
}

// sent returns the last SMS that went out, or may have; nil: none is known.
func (h *linkHistory) sent() *model.LinkEvent {
	for i, e := range h.events {
		if e.What == model.LinkSent && (e.Result == model.ResultDone || e.Result == model.ResultUnknown) {
			return &h.events[i]
		}
	}
	return nil
}

// whats names the actions of which a history tells.
var whats = map[model.ActionKind]string{model.ActSMS: model.LinkSent, model.ActFlag: model.LinkFlagged}

// take takes an entry, which is older than those before.
func (h *linkHistory) take(e audit.Entry) {
	if e.Event == audit.Link {
		h.events = append(h.events, model.LinkEvent{At: e.At, By: e.By, What: model.LinkShown, How: e.Detail})
		return
	}
	what, ok := whats[model.ActionKind(e.Action)]
	if !ok {
		return
	}
	switch e.Event {
	case audit.Settle:
		h.settled[e.Ref] = model.ResultRefused
		if e.Result == tookEffect {
			h.settled[e.Ref] = model.ResultDone
		}
	case audit.Outcome:
		event := model.LinkEvent{At: e.At, By: e.By, What: what, Result: model.Result(e.Result)}
		if how, ok := h.settled[e.Ref]; ok {
			event.Result = how
		}
		h.byRef[e.Ref] = len(h.events)
		h.events = append(h.events, event)
	case audit.Intent:
		i, ok := h.byRef[e.Ref]
		if !ok { // cut off, or on its way: it may have been sent
			event := model.LinkEvent{At: e.At, By: e.By, What: what, Result: model.ResultUnknown}
			if how, ok := h.settled[e.Ref]; ok {
				event.Result = how
			}
			i, h.events = len(h.events), append(h.events, event)
		}
		h.events[i].How = e.Detail
	}
}

// linksOf reads the log backwards for what became of the link of a session since a
// time. It returns how far back it looked; zero: to the beginning.
func (d *Desk) linksOf(ctx context.Context, id string, since time.Time) (*linkHistory, time.Time, error) {
	h := &linkHistory{byRef: map[string]int{}, settled: map[string]model.Result{}}
	size, err := d.cfg.Store.AuditSize(ctx)
	if err != nil {
		return nil, since, err
	}
	member := []byte(`"session":"` + id + `"`)
	for end := size; end > 0; {
		from := max(end-logPage, 0)
		records, err := d.cfg.Store.AuditRecords(ctx, from, int(end-from))
		if err != nil || len(records) == 0 {
			return h, since, err
		}
		for _, r := range slices.Backward(records) {
			if !bytes.Contains(r.Line, member) {
				continue
			}
			e, err := decode(r)
			switch {
			case err != nil:
				return nil, since, err
			case e.At.Before(since):
				return h, since, nil
			case e.Session == id:
				h.take(e)
			}
		}
		first, err := decode(records[0])
		if err != nil {
			return nil, since, err
		}
		if end = from; first.At.Before(since) {
			return h, since, nil
		}
		if size-end >= linksRead {
			return h, first.At, nil
		}
	}
	return h, time.Time{}, nil
}
