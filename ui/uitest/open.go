package uitest

import (
	"context"
	"slices"
	"time"

	"docket/model"
)

// Peek implements common.Desk: a session is known once it was opened.
func (d *Desk) Peek(id string) *model.Session {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !slices.Contains(d.fetched, id) {
		return nil
	}
	return d.sessions[id]
}

// Open implements common.Desk. Parts arrive one by one, with the desk's
// latency between them.
func (d *Desk) Open(ctx context.Context, id string) <-chan *model.Session {
	return d.fetch(ctx, id, opened)
}

// Refresh implements common.Desk.
func (d *Desk) Refresh(ctx context.Context, id string, parts ...model.Part) <-chan *model.Session {
	if len(parts) == 0 {
		parts = opened
	}
	return d.fetch(ctx, id, parts)
}

func (d *Desk) fetch(ctx context.Context, id string, parts []model.Part) <-chan *model.Session {
	ch := make(chan *model.Session, len(parts)+1)
	d.mu.Lock()
	whole, ok := d.sessions[id]
	d.mu.Unlock()
	if !ok {
		whole = &model.Session{ID: id, Parts: map[model.Part]model.PartState{}}
	}
	go func() {
		defer close(ch)
		have := &model.Session{ID: id, Provider: "omni", Parts: map[model.Part]model.PartState{}}
		for _, p := range parts {
			have.Parts[p] = model.PartState{Loading: true}
		}
		ch <- have
		for _, p := range parts {
			if d.wait(ctx) != nil {
				return
			}
			have = d.merge(have, whole, p)
			ch <- have
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		if !slices.Contains(d.fetched, id) {
			d.fetched = append(d.fetched, id)
		}
	}()
	return ch
}

// merge returns the session with one more part of the whole one.
func (d *Desk) merge(have, whole *model.Session, p model.Part) *model.Session {
	d.mu.Lock()
	fault := d.faults[p]
	d.mu.Unlock()
	s := have.Clone()
	st, known := whole.Parts[p]
	switch {
	case fault != nil:
		st = model.PartState{Problem: fault}
	case !known:
		pr := model.NewProblem(model.KindNotFound, "the API does not know the session", Short(whole.ID), "check the id")
		pr.Part = p
		st = model.PartState{Problem: pr}
	}
	s.Parts[p] = st
	if st.Problem == nil {
		take(s, whole, p)
	}
	return s
}

// take copies what one part contributes.
func take(s, whole *model.Session, p model.Part) {
	switch p {
	case model.PartStatus:
		s.Status, s.StatusMeaning, s.ExternalID, s.FlowID, s.ClientID = whole.Status, whole.StatusMeaning, whole.ExternalID, whole.FlowID, whole.ClientID
		s.CreatedAt, s.FinishedAt, s.Life = whole.CreatedAt, whole.FinishedAt, whole.Life
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
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, id := range ids {
		if _, ok := d.sessions[id]; ok && !slices.Contains(d.fetched, id) {
			d.fetched = append(d.fetched, id)
		}
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
