package incode

import (
	"context"
	"net/netip"
	"net/url"
	"strings"

	"docket/model"
	"docket/omni"
)

// longestLink is how long the address of an onboarding may be, in bytes.
const longestLink = 2048

// Link returns the address at which the customer of a session goes through its
// onboarding (Incode Omni API, Fetch onboarding url). The API gives it for the
// session's own token, which is asked for when there is none yet: see sessionToken. A
// problem never holds it.
func (p *Provider) Link(ctx context.Context, so *model.Session) (model.Link, *model.Problem) {
	subject := ""
	if so != nil {
		subject = subjectOf("", so.ID)
	}
	ctx = withPriority(ctx)
	answer, problem, refused := p.onboardingURL(ctx, so)
	if refused { // the token may be an old one: it is asked for anew, once
		answer, problem, refused = p.onboardingURL(ctx, so)
	}
	switch {
	case refused:
		return model.Link{}, model.NewProblem(model.KindForbidden, "The API does not take the token of this session, so there is no link", subject,
			"see whether the session is still open")
	case problem != nil:
		problem.Subject = subject
		return model.Link{}, problem
	case !followable(answer):
		return model.Link{}, model.NewProblem(model.KindShape, "The API gave an address that nobody should follow, so it is not shown", subject,
			"tell Incode's support")
	}
	return model.NewLink(answer), nil
}

// onboardingURL asks for the address with the session's own token; refused says that
// the API did not take that.
func (p *Provider) onboardingURL(ctx context.Context, so *model.Session) (address string, problem *model.Problem, refused bool) {
	token, problem := p.sessionToken(ctx, so)
	if problem != nil {
		return "", problem, false
	}
	answer, err := p.client.OnboardingURL(ctx, token, p.clientID)
	p.forgetIfRefused(so.ID, err)
	if e, ok := omni.AsError(err); ok && e.Kind == omni.KindAuth {
		return "", nil, true
	}
	return answer.Value.URL.Value, Problem(unquoted(err), "", ""), false
}

// unquoted is a failed call without what the API said about it.
func unquoted(err error) error {
	e, ok := omni.AsError(err)
	if !ok {
		return err
	}
	bare := *e
	bare.Message = ""
	return &bare
}

// followable reports whether an address may be shown to be followed: one of the web in
// plain letters, and encrypted unless it is on this machine.
func followable(address string) bool {
	if len(address) > longestLink || strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return false
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil {
		return false
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && ip.IsLoopback() && u.Scheme == "http" {
		return true
	}
	return u.Scheme == "https"
}
