package sim

import (
	"context"
	"time"
)

// Live makes sessions arrive and move on until the context ends: one change
// every so often. After each one it calls changed, if that is not nil, with the
// session's id, as a webhook would.
func (s *Server) Live(ctx context.Context, every time.Duration, changed func(id string)) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			id := s.Step()
			if changed != nil {
				changed(id)
			}
		}
	}
}

// Step makes one change of [Server.Live] and returns the session's id: a new
// session arrives, or one that is under way comes a step further.
func (s *Server) Step() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.authenticateSomebody()
	if s.moving == nil {
		s.moving = s.underWay()
	}
	if len(s.moving) == 0 || s.live.IntN(3) == 0 {
		found := s.arrive()
		s.moving = append(s.moving, found.p.id)
		s.tell(found)
		return found.p.id
	}
	at := s.live.IntN(len(s.moving))
	found := s.find(s.moving[at])
	if found.incomplete() && found.state == "Alive" {
		found.advance(s.now())
		s.tell(found)
	}
	if !found.incomplete() || found.state != "Alive" {
		s.moving = append(s.moving[:at], s.moving[at+1:]...)
	}
	return found.p.id
}

// underWay are the ids of the sessions that have not come to their end.
func (s *Server) underWay() []string {
	list := []string{}
	for _, id := range s.ids {
		if found := s.find(id); found.incomplete() && found.state == "Alive" && found.p.story.class == classProgress {
			list = append(list, id)
		}
	}
	return list
}

// arrive adds a session that has just begun.
func (s *Server) arrive() *session {
	index := len(s.ids)
	s.people.arrivals[index] = s.now().UTC()
	found := newSession(s.people.profile(index))
	found.stage, found.onboarding, found.state = stageStarted, "", "Alive"
	found.customerID = ""
	found.created, found.updated = s.now(), s.now()
	found.reached = [stageCount]time.Time{stageStarted: s.now()}
	s.ids = append(s.ids, found.p.id)
	s.index[found.p.id] = index
	s.sessions[found.p.id] = found
	return found
}

// advance brings the applicant to the next stage that the flow has.
func (s *session) advance(now time.Time) {
	for s.stage < stageFinished {
		s.stage++
		s.reached[s.stage] = now
		skip := s.stage == stageSecondID && s.p.second == nil || s.stage == stageGovernment && s.p.gov == nil
		if !skip {
			break
		}
	}
	s.updated = now
	if s.stage == stageFinished && s.verdict == "" {
		s.verdict = resOK // someone who had stopped and came back, with nothing against them
	}
}
