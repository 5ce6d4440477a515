package uitest

import (
	"context"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"docket/audit"
	"docket/desk"
	"docket/model"
)

// bareFor is how long what was revealed stays so.
const bareFor = time.Minute

// SetRole makes whoever sits here work under a role.
func (d *Desk) SetRole(r model.Role) {
	d.SetPolicy(func(p *desk.Policy) { p.Role, p.Rights = r, desk.RightsOf(r) })
}

// Unmask implements common.Desk. The log tells what, and what for.
func (d *Desk) Unmask(ctx context.Context, id, field, reason string) (time.Time, error) {
	if err := d.wait(ctx); err != nil {
		return time.Time{}, err
	}
	if err := d.log("unmask " + id + " " + field + ": " + reason); err != nil {
		return time.Time{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	until := d.now().Add(bareFor)
	d.bare = bare{id, field, until}
	return until, nil
}

// MaskAgain implements common.Desk.
func (d *Desk) MaskAgain() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.bare = bare{}
}

// bare is what was revealed last.
type bare struct {
	id, field string
	until     time.Time
}

// sees reports whether a value is shown in clear; the lock is held.
func (d *Desk) sees(id, field string) bool {
	open := d.bare.id == id && d.now().Before(d.bare.until) && (d.bare.field == "" || d.bare.field == field)
	return open || d.policy.May(desk.MaySee)
}

// seen is a session as the role sees it; the lock is held. Names and what was read from
// the documents are masked, and answers withheld, which is enough for a console.
func (d *Desk) seen(s *model.Session) *model.Session {
	if s == nil || d.sees(s.ID, "") {
		return s
	}
	s = s.Clone()
	s.Applicant.Name = d.value(s.ID, "name", s.Applicant.Name)
	s.Document.Number = d.value(s.ID, "documentNumber", s.Document.Number)
	s.OCR = slices.Clone(s.OCR)
	for i, f := range s.OCR {
		s.OCR[i].Value = d.value(s.ID, f.Name, f.Value)
	}
	for part, st := range s.Parts {
		st.Raw = slices.Clone(st.Raw)
		for i := range st.Raw {
			st.Raw[i].Body = []byte(`"withheld"`)
		}
		s.Parts[part] = st
	}
	return s
}

func (d *Desk) value(id, field string, v model.Personal) model.Personal {
	if d.sees(id, field) {
		return v
	}
	return v.Sealed()
}

// seenRow is a row as the role sees it; the lock is held.
func (d *Desk) seenRow(r model.Row) model.Row {
	r.Name, r.DocNumber = d.value(r.ID, "name", r.Name), d.value(r.ID, "documentNumber", r.DocNumber)
	return r
}

// AuditLog implements common.Desk.
func (d *Desk) AuditLog() (audit.Reader, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.policy.May(desk.MayLog) {
		return nil, model.NewProblem(model.KindForbidden, "The role "+string(d.policy.Role)+" may not read the audit log", "Ana", "ask an auditor")
	}
	return kept(slices.Clone(d.past)), nil
}

// kept is a log in memory, without hashes: nothing here verifies it.
type kept []audit.Entry

// AuditSize implements audit.Reader.
func (k kept) AuditSize(context.Context) (int64, error) { return int64(len(k)), nil }

// AuditRecords implements audit.Reader.
func (k kept) AuditRecords(_ context.Context, from int64, limit int) ([]audit.Record, error) {
	var out []audit.Record
	for i := int(from); i < min(len(k), int(from)+limit); i++ {
		line, err := k[i].Encode()
		if err != nil {
			return nil, err
		}
		out = append(out, audit.Record{Index: int64(i), Line: line})
	}
	return out, nil
}

// AuditHashes implements audit.Reader.
func (k kept) AuditHashes(context.Context, int64, int) ([]tlog.Hash, error) { return nil, nil }

// Checkpoints implements audit.Reader.
func (k kept) Checkpoints(context.Context) ([]string, error) { return nil, nil }
