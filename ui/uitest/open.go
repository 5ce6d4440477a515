package uitest

import (
	"context"
	"slices"
	"time"

	"docket/model"
)

// Peek implements common.Desk: a session is known once any of it was read.
func (d *Desk) Peek(id string) *model.Session {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.seen(d.read[id])
}

// Open implements common.Desk. Parts arrive one by one, with the desk's
// latency between them.
func (d *Desk) Open(ctx context.Context, id string) <-chan *model.Session {
	return d.fetch(ctx, id, opened)
}

// Refresh implements common.Desk: parts that are not named stay as they are.
func (d *Desk) Refresh(ctx context.Context, id string, parts ...model.Part) <-chan *model.Session {
	if len(parts) == 0 {
		parts = opened
	}
	return d.fetch(ctx, id, parts)
}

func (d *Desk) fetch(ctx context.Context, id string, parts []model.Part) <-chan *model.Session {
	ch := make(chan *model.Session, len(parts)+1)
	go func() {
		defer close(ch)
		if err := d.here(); err != nil {
			ch <- withheld(id, parts, model.AsProblem(err))
			return
		}
		ch <- d.start(id, parts)
		for i, p := range parts {
			if d.wait(ctx) != nil {
				d.stop(id, parts[i:])
				return
			}
			ch <- d.merge(id, p)
		}
		d.note(id)
	}()
	return ch
}

// withheld is a session of which nothing is shown.
func withheld(id string, parts []model.Part, why *model.Problem) *model.Session {
	s := &model.Session{ID: id, Provider: "omni", Parts: map[model.Part]model.PartState{}}
	for _, p := range parts {
		s.Parts[p] = model.PartState{Problem: why}
	}
	return s
}

// start marks parts as being fetched.
func (d *Desk) start(id string, parts []model.Part) *model.Session {
	return d.update(id, func(s *model.Session) { load(s, parts, true) })
}

// stop marks parts as not being fetched any more.
func (d *Desk) stop(id string, parts []model.Part) {
	d.update(id, func(s *model.Session) { load(s, parts, false) })
}

func load(s *model.Session, parts []model.Part, loading bool) {
	for _, p := range parts {
		st := s.Parts[p]
		st.Loading = loading
		s.Parts[p] = st
	}
}

// merge puts one part onto what is known of a session.
func (d *Desk) merge(id string, p model.Part) *model.Session {
	d.mu.Lock()
	whole, fault := d.sessions[id], d.faults[p]
	d.mu.Unlock()
	st, known := model.PartState{}, false
	if whole != nil {
		st, known = whole.Parts[p]
	}
	switch {
	case fault != nil:
		st = model.PartState{Problem: fault}
	case !known:
		pr := model.NewProblem(model.KindNotFound, "the API does not know the session", Short(id), "check the id")
		pr.Part = p
		st = model.PartState{Problem: pr}
	}
	return d.update(id, func(s *model.Session) {
		s.Parts[p] = st
		if st.Problem == nil {
			take(s, whole, p)
		}
	})
}

// update replaces what is known of a session.
func (d *Desk) update(id string, change func(*model.Session)) *model.Session {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := &model.Session{ID: id, Provider: "omni", Parts: map[model.Part]model.PartState{}}
	if have := d.read[id]; have != nil {
		s = have.Clone()
	}
	change(s)
	d.read[id] = s
	return d.seen(s)
}

// note says that a session was opened or prefetched.
func (d *Desk) note(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !slices.Contains(d.fetched, id) {
		d.fetched = append(d.fetched, id)
	}
}

// take copies what one part contributes.
func take(s, whole *model.Session, p model.Part) {
	switch p {
	case model.PartStatus:
		s.Status, s.StatusMeaning, s.ExternalID, s.FlowID, s.ClientID = whole.Status, whole.StatusMeaning, whole.ExternalID, whole.FlowID, whole.ClientID
		s.CreatedAt, s.FinishedAt, s.Life = whole.CreatedAt, whole.FinishedAt, whole.Life
		s.Stuck = whole.Stuck
	case model.PartScore:
		s.Verdict, s.VerdictMeaning, s.Score, s.ReviewReason, s.ReasonMeaning = whole.Verdict, whole.VerdictMeaning, whole.Score, whole.ReviewReason, whole.ReasonMeaning
		s.Checks, s.Facts, s.Rules, s.Antifraud, s.CustomerID, s.Digest = whole.Checks, whole.Facts, whole.Rules, whole.Antifraud, whole.CustomerID, whole.Digest
	case model.PartOCR:
		s.Applicant, s.Document, s.OCR, s.Findings = whole.Applicant, whole.Document, whole.OCR, whole.Findings
	case model.PartDevice:
		s.Device, s.Linked = whole.Device, whole.Linked
	case model.PartEvents:
		s.Events = whole.Events
	case model.PartSummary:
		s.Summary = whole.Summary
	case model.PartImages:
		s.Images = whole.Images
	}
}

// Prefetch implements common.Desk: the sessions are known at once.
func (d *Desk) Prefetch(_ context.Context, ids ...string) {
	for _, id := range ids {
		for _, p := range opened {
			d.merge(id, p)
		}
		d.note(id)
	}
}

// calls makes a journal that looks like a quarter of an hour of work.
func calls(now time.Time) []model.Call {
	kinds := []struct {
		name, path string
		ms, server int
		http       int
		kind       model.Kind
		bytes      int64
	}{
		{"score", "/omni/get/score?id=…", 182, 141, 200, "", 18233},
		{"ocr", "/omni/get/ocr-data?id=…", 121, 88, 200, "", 4210},
		{"device-info", "/omni/get/device-info?id=…", 96, 61, 200, "", 988},
		{"events", "/omni/interview-events?id=…", 143, 110, 200, "", 7421},
		{"onboarding-status", "/omni/get/onboarding/status?id=…", 74, 40, 200, "", 61},
		{"score", "/omni/get/score?id=…", 2210, 2170, 500, model.KindServer, 512},
		{"images", "/omni/get/images/v2?id=…", 88, 50, 200, "", 1211},
		{"events", "/omni/interview-events?id=…", 31, 0, 429, model.KindRate, 0},
	}
	var all []model.Call
	for i := range 60 {
		k := kinds[i%len(kinds)]
		took := time.Duration(k.ms+(i*37)%60) * time.Millisecond
		all = append(all, model.Call{
			At: now.Add(-time.Duration(i*13) * time.Second), Name: k.name, Method: "GET", Path: k.path, HTTP: k.http, Took: took,
			ServerTook: time.Duration(k.server) * time.Millisecond, Bytes: k.bytes, Attempt: 1 + i%8/7, Kind: k.kind,
		})
	}
	return all
}
