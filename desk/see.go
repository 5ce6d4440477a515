package desk

import (
	"slices"

	"docket/model"
)

// lens shows values the way a role may see them.
type lens func(model.Class) bool

func (l lens) value(p model.Personal) model.Personal {
	if l(p.Class()) {
		return p.Revealed()
	}
	return p.Hidden()
}

func (l lens) fields(in []model.Field) []model.Field {
	out := slices.Clone(in)
	for i := range out {
		out[i].Value = l.value(out[i].Value)
	}
	return out
}

func (l lens) row(r model.Row) model.Row {
	r.Name, r.DocNumber = l.value(r.Name), l.value(r.DocNumber)
	r.DeviceHash, r.IP = l.value(r.DeviceHash), l.value(r.IP)
	return r
}

func (l lens) page(p model.Page) model.Page {
	for i := range p.Rows {
		p.Rows[i] = l.row(p.Rows[i])
	}
	return p
}

// session returns a copy that shows what may be seen. Raw bodies cannot be
// masked value by value here, so they go only to those who see everything.
func (l lens) session(so *model.Session) *model.Session {
	if so == nil {
		return nil
	}
	c := so.Clone()
	c.Applicant = model.Applicant{
		Name: l.value(c.Applicant.Name), BirthDate: l.value(c.Applicant.BirthDate), Gender: l.value(c.Applicant.Gender),
	}
	c.Document.Number, c.Document.Expires = l.value(c.Document.Number), l.value(c.Document.Expires)
	c.Checks = slices.Clone(c.Checks)
	for i := range c.Checks {
		c.Checks[i].Value = l.value(c.Checks[i].Value)
	}
	c.Facts = slices.Clone(c.Facts)
	for i := range c.Facts {
		c.Facts[i].Value = l.value(c.Facts[i].Value)
	}
	c.Findings = slices.Clone(c.Findings)
	for i := range c.Findings {
		c.Findings[i].Shown = l.value(c.Findings[i].Shown)
	}
	c.OCR, c.OCR2, c.Summary, c.Custom = l.fields(c.OCR), l.fields(c.OCR2), l.fields(c.Summary), l.fields(c.Custom)
	c.Device = l.device(c.Device)
	c.Events = slices.Clone(c.Events)
	for i := range c.Events {
		c.Events[i].Detail = l.fields(c.Events[i].Detail)
	}
	c.Linked = slices.Clone(c.Linked)
	for i, k := range c.Linked {
		if k.Row != nil {
			row := l.row(*k.Row)
			c.Linked[i].Row = &row
		}
	}
	l.parts(c)
	return c
}

func (l lens) device(in *model.Device) *model.Device {
	if in == nil {
		return nil
	}
	d := *in
	d.IP, d.Hash, d.Location, d.Data = l.value(d.IP), l.value(d.Hash), l.value(d.Location), l.fields(d.Data)
	if !l(model.ClassPlace) {
		d.Latitude, d.Longitude = nil, nil
	}
	return &d
}

// all reports whether personal values are seen in clear: what cannot be masked value by
// value goes only to those who see them.
func (l lens) all() bool { return l(model.ClassDocument) && l(model.ClassSpeech) }

func (l lens) parts(c *model.Session) {
	if l.all() {
		return
	}
	for part, st := range c.Parts {
		st.Raw = nil
		c.Parts[part] = st
	}
}
