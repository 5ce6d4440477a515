package incode

import (
	"slices"

	"docket/model"
	"docket/provider/meaning"
)

// explain puts the explanations on a session that belong to no single check,
// fact or field.
func explain(so *model.Session) {
	so.VerdictMeaning = meaning.Verdict(so.Verdict)
	so.StatusMeaning = meaning.Status(so.Status)
	so.ReasonMeaning = meaning.Reason(so.ReviewReason)
	so.LifeMeaning = meaning.Life(so.Life)
	so.Stuck = meaning.Stuck(so)
	so.SectionMeanings = map[string]model.Meaning{}
	add := func(section string) {
		if m := meaning.Section(section); m.Known() {
			so.SectionMeanings[section] = m
		}
	}
	for _, c := range so.Checks {
		add(c.Section)
	}
	for _, f := range so.Facts {
		add(f.Section)
	}
	for _, r := range so.Rules {
		add(r.Section)
	}
}

// mergeSummary exchanges the fields of the summary and keeps the attempts that
// the session status told.
func mergeSummary(old, fields []model.Field) []model.Field {
	attempts := slices.DeleteFunc(slices.Clone(old), func(f model.Field) bool { return !isAttempt(f) })
	return append(slices.Clone(fields), attempts...)
}
