package desk

import (
	"context"
	"maps"
	"slices"

	"docket/audit"
	"docket/model"
)

// Needs returns why this seat may not do something that is done beside the desk; nil:
// it may.
func (s *Seat) Needs(r Right) error {
	if p := s.denied(r); p != nil {
		return p
	}
	return nil
}

// Came logs that the actor has come in, and how: in a word or two, nothing personal.
// Nobody may do anything when it fails.
func (s *Seat) Came(ctx context.Context, how string) error {
	return stored(s.d.log(ctx, s.detailed(audit.Login, "", how)), "The log-in could not be logged, so nobody is let in")
}

// Went logs that the actor has gone, and how.
func (s *Seat) Went(ctx context.Context, how string) error {
	return stored(s.d.log(ctx, s.detailed(audit.Logout, "", how)), "The end of a session could not be logged")
}

// Revoked logs that somebody, or a key, was locked out or let in again.
func (s *Seat) Revoked(ctx context.Context, what string) error {
	return stored(s.d.log(ctx, s.detailed(audit.Revoke, "", what)), "The audit log could not be written, so nothing was done")
}

// took notes a session that was claimed at this seat by the person themselves.
func (s *Seat) took(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.claims == nil {
		s.claims = map[string]bool{}
	}
	s.claims[id] = true
}

// GiveBack releases what was claimed at this seat and is still this person's, because
// they go. What a rule has assigned to them stays theirs.
func (s *Seat) GiveBack(ctx context.Context) error {
	s.mu.Lock()
	ids := slices.Sorted(maps.Keys(s.claims))
	s.claims = nil
	s.mu.Unlock()
	for _, id := range ids {
		if err := s.letGo(ctx, id, "left"); err != nil {
			return err
		}
	}
	return nil
}

// farAway returns why this seat cannot have a file written: the person has no folders
// here; nil: they have.
func (s *Seat) farAway(subject string) *model.Problem {
	if !s.Me().Afar {
		return nil
	}
	return FarAway(subject)
}

// FarAway is the refusal to write a file for somebody who has no folders here.
func FarAway(subject string) *model.Problem {
	return model.NewProblem(model.KindGuard, "Files are not written over SSH: they would be on the server, not with you", subject,
		"do it where docket runs on your own machine, or ask somebody who works on the server itself")
}
