package desk

import (
	"maps"
	"slices"

	"docket/model"
	"docket/provider/meaning"
)

// session returns a copy that shows what may be seen.
func (l lens) session(so *model.Session) *model.Session {
	if so == nil {
		return nil
	}
	c := so.Clone()
	if !l.risk {
		withoutRisk(c)
	}
	l.head(c)
	l.score(c)
	c.OCR, c.OCR2, c.Custom = l.fields(c.OCR), l.fields(c.OCR2), l.fields(c.Custom)
	c.Summary = l.told(c.Summary)
	c.Device = l.device(c.Device)
	c.Events = l.events(c.Events)
	c.Linked = l.linked(c.Linked)
	c.Decided = l.decided(c.Decided)
	c.Altered = l.altered(c.Altered)
	if !l.clear {
		c.Digest = "" // who knows all but one value could find that one by it
		c.Images = slices.DeleteFunc(slices.Clone(c.Images), func(i model.Image) bool { return !meaning.Image(i.Type).Known() })
	}
	l.parts(c)
	return c
}

// openFindings are what docket noticed that tells nothing of antifraud and watch lists.
var openFindings = []string{
	"expired", "underage", "birthDate.implausible", "attempts", "device.country", "timeline.gap", "timeline.after",
	"mrz.unreadable", "mrz.documentNumber", "mrz.birthDate", "mrz.expireAt", "mrz.sex", "mrz.nationality", "mrz.issuer", "mrz.name",
	"mrz.checkDigit", "statement.name", "statement.address", "secondId.name", "secondId.birthDate",
}

// withoutRisk takes away what antifraud and watch lists found, and what docket does not
// know, which may be the same. What a customer's own rules say may be about anything.
func withoutRisk(c *model.Session) {
	c.Checks = slices.DeleteFunc(slices.Clone(c.Checks), func(k model.Check) bool { return !meaning.Open(k.Section, k.Key) })
	c.Facts = slices.DeleteFunc(slices.Clone(c.Facts), func(f model.Fact) bool { return !meaning.Open(f.Section, f.Key) })
	c.Findings = slices.DeleteFunc(slices.Clone(c.Findings), func(f model.Finding) bool { return !slices.Contains(openFindings, f.Key) })
	c.Rules, c.Antifraud = nil, nil
	c.Linked = slices.DeleteFunc(slices.Clone(c.Linked), func(k model.Linked) bool { return k.Why != model.LinkIdentity })
	c.SectionMeanings = maps.Clone(c.SectionMeanings)
	maps.DeleteFunc(c.SectionMeanings, func(section string, _ model.Meaning) bool { return !meaning.OpenTop(section) })
}

// head shows who the session is about and how far it is.
func (l lens) head(c *model.Session) {
	c.Status, c.Life, c.Verdict, c.ReviewReason = l.status(c.Status), l.life(c.Life), l.check(c.Verdict), l.reason(c.ReviewReason)
	c.ExternalID, c.CustomerID = l.id(c.ExternalID), l.id(c.CustomerID)
	c.FlowID, c.ClientID = l.word(c.FlowID, validID(c.FlowID)), l.word(c.ClientID, validID(c.ClientID))
	c.Applicant = model.Applicant{
		Name:      l.value(c.Applicant.Name, "name", "name.fullName"),
		BirthDate: l.value(c.Applicant.BirthDate, "birthDate"),
		Gender:    l.value(c.Applicant.Gender, "gender"),
	}
	d := &c.Document
	d.Type, d.Country = l.word(d.Type, meaning.DocumentType(d.Type).Known()), l.country(d.Country)
	d.State = l.value(model.NewPersonal(model.ClassOther, d.State), "issuingState").String()
	d.Number, d.Expires = l.value(d.Number, "documentNumber"), l.value(d.Expires, "expireAt", "expirationDate")
}

// score shows checks, facts, rules and findings.
func (l lens) score(c *model.Session) {
	c.Checks = slices.Clone(c.Checks)
	for i := range c.Checks {
		k := &c.Checks[i]
		k.Value = l.value(k.Value, k.Name())
		k.Section, k.Key, k.Status = l.name(k.Section), l.name(k.Key), l.check(k.Status)
	}
	c.Facts = slices.Clone(c.Facts)
	for i := range c.Facts {
		f := &c.Facts[i]
		f.Value = l.value(f.Value, f.Key, f.Section+"."+f.Key)
		f.Section, f.Key = l.word(f.Section, meaning.KnownName(f.Section)), l.name(f.Key)
	}
	c.Rules = slices.Clone(c.Rules)
	for i := range c.Rules {
		r := &c.Rules[i]
		r.Section, r.Status = l.name(r.Section), l.check(r.Status)
		r.Name, r.Expression, r.Type = l.word(r.Name, false), l.word(r.Expression, false), l.word(r.Type, meaning.KnownName(r.Type))
	}
	c.Findings = slices.Clone(c.Findings)
	for i := range c.Findings {
		c.Findings[i] = l.finding(c.Findings[i])
	}
	if a := c.Antifraud; a != nil {
		value := l.word(a.Value, meaning.Harmless(a.Value))
		c.Antifraud = &model.Antifraud{Status: l.check(a.Status), Value: value}
	}
}

// finding shows what docket noticed. Days counted from a date that is masked would be
// that date.
func (l lens) finding(f model.Finding) model.Finding {
	f.Shown = l.value(f.Shown, f.Field)
	if f.Plain != "" && !l.sees(f.Field) {
		f.Text = f.Plain
	}
	f.Plain = ""
	return f
}

// knownDevices are the kinds of device that docket knows.
var knownDevices = []string{"WEBAPP", "IOS", "ANDROID"}

func (l lens) device(in *model.Device) *model.Device {
	if in == nil {
		return nil
	}
	d := *in
	d.Type, d.Model = l.word(d.Type, slices.Contains(knownDevices, d.Type)), l.word(d.Model, false)
	d.IP, d.Hash, d.Location = l.value(d.IP, "ip"), l.value(d.Hash, "hash"), l.value(d.Location, "location")
	d.Latitude, d.Longitude = l.coarse(d.Latitude), l.coarse(d.Longitude)
	d.Country = l.country(d.Country)
	d.Data = l.told(d.Data)
	return &d
}

// events shows the timeline. An event that docket does not know stays in it without its
// name.
func (l lens) events(in []model.Event) []model.Event {
	out := slices.Clone(in)
	for i := range out {
		e := &out[i]
		e.Detail = l.told(e.Detail)
		if !l.risk && !meaning.OpenEvent(e.Name) {
			e.Name, e.Detail, e.Tone, e.Meaning = model.MaskedText, nil, model.ToneNone, model.Meaning{}
			continue
		}
		e.Name = l.word(e.Name, meaning.KnownEvent(e.Name))
	}
	return out
}

// linked shows other sessions. Outside of what the seat has to do with there are none.
// What is revealed of this one is not revealed of them.
func (l lens) linked(in []model.Linked) []model.Linked {
	out := slices.DeleteFunc(slices.Clone(in), func(k model.Linked) bool {
		if !l.scope.Whole() && (k.Row == nil || !l.scope.Holds(k.Row.FlowID, k.Row.DocCountry)) {
			return true
		}
		return !l.clear && !plainID.MatchString(k.ID)
	})
	other := l.unbared()
	for i := range out {
		k := &out[i]
		k.ExternalID = other.id(k.ExternalID)
		if !l.risk {
			k.SameName = nil
		}
		if k.Row != nil {
			row := other.row(*k.Row)
			k.Row = &row
		}
	}
	return out
}

func (l lens) decided(d *model.Decided) *model.Decided {
	if d == nil {
		return nil
	}
	c := *d
	c.Reason = l.code(c.Reason)
	return &c
}

// parts shows how far each part is, and its answers to those who may see them.
func (l lens) parts(c *model.Session) {
	all := l.clear && l.risk
	for part, st := range c.Parts {
		st.Problem = l.problem(st.Problem)
		if !all {
			st.Target = "" // ids of others may be in it, and it leads to the answer
		}
		if !l.raw {
			st.Raw = nil
		} else if !all {
			st.Raw = l.bodies(part, st.Raw)
		}
		c.Parts[part] = st
	}
}

// bodies shows answers leaf by leaf, and none that is no JSON.
func (l lens) bodies(part model.Part, in []model.Raw) []model.Raw {
	var out []model.Raw
	for _, raw := range in {
		if raw.Body = l.veiled(part, raw.Body, l.clear, l.risk); raw.Body != nil {
			out = append(out, raw)
		}
	}
	return out
}
