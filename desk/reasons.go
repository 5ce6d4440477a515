package desk

import (
	"slices"

	"docket/model"
)

// DefaultReasons is the catalogue of reason codes that docket ships. A
// configuration replaces it.
func DefaultReasons() []model.Reason {
	approve, reject := []model.ActionKind{model.ActApprove}, []model.ActionKind{model.ActReject}
	both := []model.ActionKind{model.ActApprove, model.ActReject}
	return []model.Reason{
		{Code: "checked-ok", Text: "Everything was looked at and is in order", For: approve},
		{Code: "false-alarm", Text: "The check that failed was wrong", For: approve},
		{Code: "document-accepted", Text: "The document is acceptable as it is", For: approve},
		{Code: "document-expired", Text: "The document is past its date", For: reject},
		{Code: "document-altered", Text: "The document was changed or is not genuine", For: reject},
		{Code: "document-unreadable", Text: "The document cannot be read well enough", For: reject},
		{Code: "face-mismatch", Text: "The face is not the one on the document", For: reject},
		{Code: "not-live", Text: "The selfie does not show a living person", For: reject},
		{Code: "duplicate-identity", Text: "The person is already known under another name", For: reject},
		{Code: "antifraud", Text: "Signs of fraud", For: reject},
		{Code: "watchlist", Text: "A confirmed hit on a watchlist", For: reject},
		{Code: "data-mismatch", Text: "The data do not agree with each other", For: reject},
		{Code: "underage", Text: "The person is too young", For: reject},
		{Code: "other", Text: "Something else: say what in the note", For: both, NeedsNote: true},
	}
}

// Reasons returns the reasons that may be given for an action.
func (s *Seat) Reasons(kind model.ActionKind) []model.Reason {
	return slices.DeleteFunc(slices.Clone(s.d.cfg.Reasons), func(r model.Reason) bool { return !r.Allows(kind) })
}

// reason looks a code up for an action.
func (d *Desk) reason(code string, kind model.ActionKind) (model.Reason, bool) {
	i := slices.IndexFunc(d.cfg.Reasons, func(r model.Reason) bool { return r.Code == code && r.Allows(kind) })
	if i < 0 {
		return model.Reason{}, false
	}
	return d.cfg.Reasons[i], true
}
