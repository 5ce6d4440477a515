package casefile

import (
	"iter"
	"time"

	"docket/audit"
	"docket/model"
)

// Case is what a case file is made of, as its reader may see it.
type Case struct {
	Session *model.Session
	Notes   []Note
	Log     audit.Proven // the session's entries of the audit log

	// Pictures gives the session's pictures one by one, so that they need not be in
	// memory together. nil: none may be had.
	Pictures iter.Seq[Picture]
	// Absent is what was asked for and not got, beside what the session says itself.
	Absent []Absent

	At     time.Time // of the export, as the log has it
	By     string    // who exported it: authenticated identity
	Origin string    // scheme, host and port of the API
	Masked bool      // its reader may not see everything
}

// Note is a remark of a person about the session.
type Note struct {
	By       string         `json:"by"`
	At       time.Time      `json:"at"`
	Text     model.Personal `json:"text"`
	Salt     string         `json:"salt,omitempty"` // of the hash of the decision's note in the audit log
	Evidence model.Evidence `json:"evidence,omitzero"`
}

// Picture is a picture of the session, or why there is none.
type Picture struct {
	model.Picture
	File    string // its name, made of letters, digits, - _ and . only
	Title   string
	Problem *model.Problem
}

// Absent is something that a case file could hold and does not.
type Absent struct {
	What string `json:"what"`
	Why  string `json:"why"`
}

// order is that of the parts in a case file.
var order = []model.Part{
	model.PartStatus, model.PartScore, model.PartOCR, model.PartOCR2, model.PartDevice, model.PartEvents, model.PartSummary,
	model.PartImages, model.PartLinked, model.PartLife, model.PartCustom, model.PartSignature, model.PartReport,
}

// missing names the parts that were asked for and did not come.
func (c *Case) missing() []Absent {
	var all []Absent
	for _, part := range order {
		if p := c.Session.Parts[part].Problem; p != nil {
			all = append(all, Absent{What: string(part), Why: why(p)})
		}
	}
	return append(all, c.Absent...)
}

// why is a problem in one line.
func why(p *model.Problem) string {
	text := p.Message
	if p.HTTP != 0 {
		text += " (HTTP " + number(p.HTTP) + ")"
	}
	return text
}
