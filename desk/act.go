package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"docket/model"
)

// needs says which capability an action asks of the provider.
var needs = map[model.ActionKind]model.Capability{
	model.ActApprove: model.CanDecide, model.ActReject: model.CanDecide, model.ActReview: model.CanDecide,
	model.ActAntifraud: model.CanAntifraud, model.ActEnroll: model.CanEnroll, model.ActExpire: model.CanExpire,
	model.ActClose: model.CanSetLife, model.ActReopen: model.CanSetLife, model.ActDelete: model.CanDelete,
	model.ActSMS: model.CanSMS, model.ActFlag: model.CanFlag,
}

// Needs returns which capability an action asks of the provider.
func Needs(kind model.ActionKind) model.Capability { return needs[kind] }

// mends say what to do where the provider lacks a capability that can be had.
var mends = map[model.Capability]string{
	model.CanSMS: "set DOCKET_CLIENT_ID, or client_id: the API sends no SMS without it",
}

// ErrUnread is behind the refusal of a decision on a session that has not been
// read: reading it may lift the refusal.
var ErrUnread = errors.New("session has not been read")

// Plan works out what an action would do on the session as it is in memory, and
// whether it would be refused. It sends nothing.
func (s *Seat) Plan(a model.Action) Plan {
	p := Plan{Action: a, Info: a.Kind.Info()}
	so := s.known(a.ID())
	if so != nil {
		shown := s.lensOf(so.ID).session(so)
		p.Who = shown.Applicant.Name
		p.Verdict = shown.Verdict
		if a.Kind == model.ActApprove {
			p.Overrides = shown.Failed()
		}
		if rule, ok := s.second(a, so); ok {
			rule.Name = s.ruleName(rule)
			p.Second = &rule
		}
		p.NeedsForce = p.Info.Decision && !so.Verdict.OpenToDecision()
	}
	p.Refusal = s.refusal(a, so)
	return p
}

// refusal returns why an action may not be done by this seat at all. What a
// form can still fill in is not among it; see incomplete.
func (s *Seat) refusal(a model.Action, so *model.Session) *model.Problem {
	policy := s.Policy()
	guard := func(message, do string) *model.Problem {
		return model.NewProblem(model.KindGuard, message, shortID(a.ID()), do)
	}
	if p := s.denied(asks[a.Kind]); p != nil {
		return p
	}
	switch {
	case policy.ReadOnly:
		return guard("docket is read-only here, nothing was sent", "start it without --read-only or read_only")
	case !policy.Can[needs[a.Kind]]:
		return guard("The provider cannot do this: "+a.Kind.Info().Title,
			cmp.Or(mends[needs[a.Kind]], "use the provider's own dashboard"))
	case !s.Token().Present:
		return NoToken()
	case len(a.IDs) == 0 || slices.ContainsFunc(a.IDs, func(id string) bool { return !validID(id) }):
		return model.NewProblem(model.KindUsage, "This is not an interview id", quoteID(a.ID()), "an interview id is letters, digits, - and _")
	case len(a.IDs) > 1 && !a.Kind.Info().Bulk:
		return model.NewProblem(model.KindUsage, a.Kind.Info().Title+" takes one session", strconv.Itoa(len(a.IDs)), "name one id")
	case a.Kind.Info().Reads() && so == nil:
		return guard("The session has not been read, nothing was sent", "open it first").Because(ErrUnread)
	case len(a.IDs) > 1 && s.anySecond(a):
		return guard("A second person has to confirm each of these, so they are not sent in one call", "do them one by one")
	case s.d.busy(a.IDs) != "":
		return guard("An action on this session is already on its way, nothing more was sent", "wait for it, or undo it with u")
	}
	return nil
}

// NoToken is the problem of having no executive token.
func NoToken() *model.Problem {
	return model.NewProblem(model.KindAuth, "There is no executive token", "", "log in with `docket login`, or set DOCKET_ADMIN_TOKEN")
}

// maxMessage is how long a text that goes to the API may be, in letters. The
// reference names no limit; this is what a person reads.
const maxMessage = 500

// Incomplete returns what is still missing in an action on the session as it is in
// memory; nil: nothing.
func (s *Seat) Incomplete(a model.Action) *model.Problem {
	so := s.known(a.ID())
	if so == nil {
		so = &model.Session{}
	}
	return s.incomplete(a, s.lensOf(so.ID).session(so))
}

// incomplete returns what is missing in an action.
func (s *Seat) incomplete(a model.Action, so *model.Session) *model.Problem {
	info := a.Kind.Info()
	if p := s.unreasoned(a, so); p != nil {
		return p
	}
	if p := unsupported(a); p != nil {
		return p
	}
	switch {
	case info.Message != "" && strings.TrimSpace(a.Message) == "":
		return misused(a, "The "+info.Message+" is empty", "say why in a few words, without personal data")
	case utf8.RuneCountInString(a.Message) > maxMessage:
		return misused(a, "The "+info.Message+" is longer than "+strconv.Itoa(maxMessage)+" letters", "say it in fewer words; a note has room for more")
	case a.Kind == model.ActExpire && len(a.Conditions) == 0:
		return misused(a, "No condition was given", "choose INCOMPLETE, NEEDS_REVIEW or both")
	case a.Kind == model.ActExpire && unlisted(a.Conditions, []string{model.ExpireIncomplete, model.ExpireNeedsReview}) != "":
		return misused(a, "The API knows no such condition", "choose INCOMPLETE, NEEDS_REVIEW or both")
	case a.Kind == model.ActEnroll && unlisted(a.Components, model.ApproveComponents()) != "":
		return misused(a, "The API knows no such component", "choose among "+strings.Join(model.ApproveComponents(), ", "))
	case info.Decision && !a.Override && !so.Verdict.OpenToDecision():
		return model.NewProblem(model.KindGuard, "The verdict is "+verdictText(so.Verdict)+", which does not wait for a person; nothing was sent",
			shortID(a.ID()), "decide all the same with an override")
	}
	return nil
}

// unreasoned returns what is wrong with the reason of an action that takes one, or
// takes one on this session.
func (s *Seat) unreasoned(a model.Action, so *model.Session) *model.Problem {
	info := a.Kind.Info()
	if info.Reverses {
		if p := unreversed(a, so); p != nil || a.Reason == "" && so.Overturns(a.Kind) == nil {
			return p
		}
	} else if !info.Reasons {
		return nil
	}
	r, ok := s.d.reason(a.Reason, a.Kind)
	codes := "give one of: " + strings.Join(s.codes(a.Kind), ", ")
	switch {
	case a.Reason == "" && info.Reverses:
		return misused(a, "The session is decided, and no reason was given to take that back", codes)
	case a.Reason == "":
		return misused(a, "No reason was given", codes)
	case !ok:
		return misused(a, fmt.Sprintf("%q is no reason for %s", a.Reason, a.Kind), codes)
	case r.NeedsNote && strings.TrimSpace(a.Note) == "":
		return misused(a, "The reason "+r.Code+" needs a note", "say in a note what it is")
	}
	return nil
}

// unreversed returns why an action that may take a decision back cannot: nobody knows
// whether there is one, or there is none that its reason could be for.
func unreversed(a model.Action, so *model.Session) *model.Problem {
	switch {
	case so.Status == "" && so.Verdict == "":
		return model.NewProblem(model.KindGuard, "Neither status nor score could be read, so nobody knows whether the session is decided; nothing was sent",
			shortID(a.ID()), "read it again, then try again")
	case so.Overturns(a.Kind) == nil && a.Reason+a.Note != "":
		return model.NewProblem(model.KindGuard, "The session is not decided, so there is nothing to give a reason for; nothing was sent",
			shortID(a.ID()), "leave reason and note out: the message says why")
	}
	return nil
}

// misused is the problem of an action whose words are off.
func misused(a model.Action, message, do string) *model.Problem {
	return model.NewProblem(model.KindUsage, message, shortID(a.ID()), do)
}

func (s *Seat) codes(kind model.ActionKind) []string {
	var codes []string
	for _, r := range s.Reasons(kind) {
		codes = append(codes, r.Code)
	}
	return codes
}

func unlisted(given, known []string) string {
	for _, g := range given {
		if !slices.Contains(known, g) {
			return g
		}
	}
	return ""
}

func verdictText(v model.Verdict) string {
	if v == "" {
		return "not known"
	}
	return string(v)
}

// busy returns the first of the sessions that has an action on its way.
func (d *Desk) busy(ids []string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, id := range ids {
		if d.onWay[id] != nil {
			return id
		}
	}
	return ""
}

// reserve marks the sessions as having an action on its way, or reports that
// one has already.
func (d *Desk) reserve(sub *Submission) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, id := range sub.Action.IDs {
		if d.onWay[id] != nil {
			return false
		}
	}
	for _, id := range sub.Action.IDs {
		d.onWay[id] = sub
	}
	return true
}

func (d *Desk) release(sub *Submission) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, id := range sub.Action.IDs {
		delete(d.onWay, id)
	}
}

// Submit checks the guards, holds the action back, reads the session again and
// sends it once. Ending ctx before it is sent takes it back. The error is a
// *model.Problem and means that nothing was or will be sent.
func (s *Seat) Submit(ctx context.Context, a model.Action) (*Submission, error) {
	if err := s.here("Nothing was sent"); err != nil {
		return nil, err
	}
	return s.send(ctx, a, s.d.cfg.Hold, nil)
}

// Do is Submit without holding back, and waits for the end.
func (s *Seat) Do(ctx context.Context, a model.Action) ([]model.Outcome, error) {
	return awaited(s.send(ctx, a, 0, nil))
}

// awaited waits for the end of a submission.
func awaited(sub *Submission, err error) ([]model.Outcome, error) {
	if err != nil {
		return nil, err
	}
	<-sub.Done()
	return sub.Outcomes(), nil
}

// shortID writes an id for a narrow place: ids are long and their ends tell.
func shortID(id string) string {
	if len(id) <= 14 {
		return id
	}
	return id[:8] + "…" + id[len(id)-4:]
}

// quoteID shows a text that is no id without obeying it.
func quoteID(id string) string {
	if len(id) > maxID {
		id = id[:maxID] + "…"
	}
	return strconv.QuoteToASCII(id)
}
