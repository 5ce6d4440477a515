package uitest

import (
	"context"
	"slices"

	"docket/desk"
	"docket/model"
)

// LinkOf is the link of a session of the fake desk.
func LinkOf(id string) string {
	return "https://onboarding.example.test/acme/flow/66e0aa10c9d24f0088a1b001?interviewCode=" + id[18:]
}

// Link implements common.Desk.
func (d *Desk) Link(ctx context.Context, id, how string) (model.Link, error) {
	if err := d.wait(ctx); err != nil {
		return model.Link{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.linkErr != nil {
		return model.Link{}, d.linkErr
	}
	d.logged = append(d.logged, id+" link "+how)
	d.happened(id, model.LinkEvent{At: d.now(), By: d.me, What: model.LinkShown, How: how})
	return model.NewLink(LinkOf(id)), nil
}

// Links implements common.Desk.
func (d *Desk) Links(_ context.Context, id string) (desk.Links, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.links[id], nil
}

// happened puts something before what became of a link; the lock is held.
func (d *Desk) happened(id string, e model.LinkEvent) {
	l := d.links[id]
	l.Events = append([]model.LinkEvent{e}, slices.Clone(l.Events)...)
	d.links[id] = l
}

// SetLinks says what became of the link of a session before.
func (d *Desk) SetLinks(id string, l desk.Links) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.links[id] = l
}

// FailLink makes Link fail; nil mends it.
func (d *Desk) FailLink(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.linkErr = err
}
