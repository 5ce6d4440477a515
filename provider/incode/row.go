package incode

import (
	"slices"

	"docket/model"
	"docket/provider/meaning"
)

// RowOf returns what the inbox keeps of a session. What the inbox knows by
// itself (when it was added, claims, tags) is left empty.
func RowOf(so *model.Session) model.Row {
	r := model.Row{
		ID: so.ID, Provider: so.Provider, Status: so.Status, Life: so.Life,
		Verdict: so.Verdict, Score: so.Score, ReviewReason: so.ReviewReason, RuleName: ruleName(so.Rules),
		Name: so.Applicant.Name, DocType: so.Document.Type, DocCountry: so.Document.Country, DocNumber: so.Document.Number,
		ExternalID: so.ExternalID, CustomerID: so.CustomerID, FlowID: so.FlowID,
		CreatedAt: so.CreatedAt, WaitsFrom: so.FinishedAt,
	}
	if worst, ok := so.Worst(); ok {
		r.WorstKey, r.WorstStatus = rowKey(worst), worst.Status
	}
	if worst, ok := worstOpen(so); ok {
		r.OpenKey, r.OpenStatus = rowKey(worst), worst.Status
	}
	if d := so.Device; d != nil {
		r.DeviceHash, r.IP, r.DeviceCountry = d.Hash, d.IP, d.Country
	}
	if so.Antifraud != nil {
		r.Antifraud = so.Antifraud.Status
	}
	for _, f := range so.Facts {
		if f.Key == "existingUser" && f.True() && (f.Section == secFace || f.Section == secFaceTwo) {
			r.Existing = true
		}
	}
	for _, f := range so.Custom {
		if r.Custom == nil {
			r.Custom = map[string]string{}
		}
		r.Custom[f.Name] = f.Value.Reveal()
	}
	for _, p := range so.Problems() {
		r.Problems = append(r.Problems, model.Failed{Part: p.Part, Kind: p.Kind, HTTP: p.HTTP})
	}
	return r
}

// rowKey names a check in a row, where its section is not beside it: composites
// are all called overall.
func rowKey(c model.Check) string {
	if c.Key == "overall" {
		return c.Name()
	}
	return c.Key
}

// worstOpen is the worst check for who may not see what antifraud and watch lists found.
func worstOpen(so *model.Session) (model.Check, bool) {
	open := &model.Session{Checks: slices.DeleteFunc(slices.Clone(so.Checks), func(c model.Check) bool {
		return !meaning.Open(c.Section, c.Key)
	})}
	return open.Worst()
}

// ruleName is the rule that made the total what it is, else the first of a
// section.
func ruleName(rules []model.Rule) string {
	for _, r := range rules {
		if r.Section == "" && r.Name != "" {
			return r.Name
		}
	}
	for _, r := range rules {
		if r.Name != "" {
			return r.Name
		}
	}
	return ""
}
