package desk

import (
	"docket/model"
	"docket/provider/meaning"
)

// row returns a row that shows what may be seen.
func (l lens) row(r model.Row) model.Row {
	if l.clear && l.risk { // a page has many
		r.Name, r.DocNumber, r.DeviceHash, r.IP = r.Name.Revealed(), r.DocNumber.Revealed(), r.DeviceHash.Revealed(), r.IP.Revealed()
		return r
	}
	r.Status, r.Life, r.Verdict, r.ReviewReason = l.status(r.Status), l.life(r.Life), l.check(r.Verdict), l.reason(r.ReviewReason)
	r.Name, r.DocNumber = l.value(r.Name, "name", "name.fullName"), l.value(r.DocNumber, "documentNumber")
	r.DeviceHash, r.IP = l.value(r.DeviceHash, "hash"), l.value(r.IP, "ip")
	r.ExternalID, r.CustomerID = l.id(r.ExternalID), l.id(r.CustomerID)
	r.FlowID = l.word(r.FlowID, validID(r.FlowID))
	r.DocType, r.DocCountry = l.word(r.DocType, meaning.DocumentType(r.DocType).Known()), l.country(r.DocCountry)
	r.DeviceCountry = l.country(r.DeviceCountry)
	r.Decided, r.Proposal, r.Pending = l.decided(r.Decided), l.proposal(r.Proposal), l.pending(r.Pending)
	if !l.clear {
		r.Custom = nil
	}
	if !l.risk {
		return l.harmlessRow(r)
	}
	r.WorstKey, r.WorstStatus = l.name(r.WorstKey), l.check(r.WorstStatus)
	r.RuleName = l.word(r.RuleName, false)
	return r
}

// harmlessRow takes away what tells of antifraud and watch lists: also what people and
// rules here wrote on it, since that may say the same in other words.
func (l lens) harmlessRow(r model.Row) model.Row {
	// The worst of the others, also where it is not the worst of all: a session that
	// shows a failed check where its row shows none would say that one is hidden.
	r.WorstKey, r.WorstStatus = r.OpenKey, r.OpenStatus
	r.OpenKey, r.OpenStatus = "", ""
	if !meaning.OpenKey(r.WorstKey) {
		r.WorstKey, r.WorstStatus = "", ""
	}
	r.WorstStatus = l.check(r.WorstStatus)
	r.RuleName, r.Existing, r.Antifraud, r.Tags, r.Ahead, r.Ruled = "", false, "", nil, 0, nil
	return r
}

// proposal shows what waits for a second person. What it rests on is for those who
// could confirm it.
func (l lens) proposal(p *model.Proposal) *model.Proposal {
	if p == nil || l.clear && l.risk {
		return p
	}
	c := *p
	c.Action.Reason, c.Action.Note, c.Action.Message = l.code(c.Action.Reason), l.note(c.Action.Note), l.note(c.Action.Message)
	c.Action.Expect, c.Action.Evidence, c.Salt = "", model.Evidence{}, ""
	if !l.risk {
		c.Rule = ""
	}
	return &c
}

func (l lens) pending(p *model.Pending) *model.Pending {
	if p == nil {
		return nil
	}
	c := *p
	c.Reason = l.code(c.Reason)
	return &c
}
