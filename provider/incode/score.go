package incode

import (
	"strconv"
	"strings"

	"docket/model"
	"docket/omni"
	"docket/provider/meaning"
)

// The sections of a score that docket treats apart.
const (
	secFace      = "faceRecognition"
	secFaceTwo   = "faceRecognitionSecondId"
	secSecondID  = "secondIdValidation"
	secAntifraud = "antifraud"
	secRetry     = "retryInfo"
	secGov       = "governmentValidation"
	secAuth      = "authentication"
)

// score is what the answer of "Fetch scores" says, in the model's words.
type score struct {
	verdict   model.Verdict
	value     *float64
	reason    model.ReviewReason
	checks    []model.Check
	facts     []model.Fact
	rules     []model.Rule
	antifraud *model.Antifraud
	customer  string
	existing  *model.Linked
}

// mapScore reads the answer of "Fetch scores". It knows the shape of a test, a
// rule and a fact, not the list of them, so sections and keys that are new come
// through as well.
func mapScore(n omni.Node, b *border) (score, *model.Problem) {
	if n.Kind != omni.Object || !hasScore(n) {
		return score{}, wrongShape(model.PartScore, "the answer is not a score")
	}
	w := &scoreWalk{b: b}
	for _, m := range members(n) {
		w.top(m)
	}
	model.WorstFirst(w.checks)
	s := score{checks: w.checks, facts: w.facts, rules: w.rules}
	s.total(n.Get("overall"), b)
	s.reason = model.ReviewReason(b.text("needsReviewReason", n.Get("needsReviewReason")))
	s.antifraud = antifraudOf(n.Get(secAntifraud), b)
	s.identity()
	return s, nil
}

// hasScore reports whether the answer has at least one member of a score.
func hasScore(n omni.Node) bool {
	for _, m := range n.Members {
		if m.Key == "overall" || m.Key == "needsReviewReason" || m.Key == "appliedRule" || meaning.Section(m.Key).Known() {
			return true
		}
	}
	return false
}

func (s *score) total(n omni.Node, b *border) {
	if n.Scalar() {
		s.verdict = model.Verdict(b.text("overall", n))
		return
	}
	s.verdict = model.Verdict(b.text("overall.status", n.Get("status")))
	if f, err := strconv.ParseFloat(strings.TrimSpace(n.Get("value").Text), 64); err == nil && f >= 0 && f <= 100 {
		s.value = &f
	}
}

// antifraudOf returns the result of the antifraud check, nil when the answer
// has none: absent and "not executed" are no pass.
func antifraudOf(n omni.Node, b *border) *model.Antifraud {
	if n.Kind != omni.Object || len(n.Members) == 0 {
		return nil
	}
	for _, at := range []omni.Node{n.Get("overall"), n} {
		if status := b.text("antifraud.overall.status", at.Get("status")); status != "" {
			return &model.Antifraud{Status: model.CheckStatus(status), Value: b.text("antifraud.overall.value", at.Get("value"))}
		}
	}
	return &model.Antifraud{Status: model.CheckStatus(b.text("antifraud.result", n.Get("result")))}
}

// identity works out which identity the session belongs to or matches.
func (s *score) identity() {
	s.customer = s.first([2]string{secFace, "customerId"}, [2]string{secFaceTwo, "customerId"}, [2]string{"", "customerId"},
		[2]string{secAuth, "identityId"})
	id := s.first([2]string{secFace, "existingInterviewId"}, [2]string{secFaceTwo, "existingInterviewId"})
	if id == "" {
		return
	}
	s.existing = &model.Linked{
		ID: id, Why: model.LinkExisting, SameName: s.sameName(),
		ExternalID: s.first([2]string{secFace, "existingExternalId"}, [2]string{secFaceTwo, "existingExternalId"}),
	}
}

func (s *score) first(names ...[2]string) string {
	for _, name := range names {
		for _, f := range s.facts {
			if f.Section == name[0] && f.Key == name[1] && !f.Value.Empty() {
				return f.Value.Reveal()
			}
		}
	}
	return ""
}

// sameName is the API's own comparison of the name with that of the session the
// face is enrolled by; nil when it made none.
func (s *score) sameName() *bool {
	for _, c := range s.checks {
		if c.Key != "nameMatch" || (c.Section != secFace && c.Section != secFaceTwo) {
			continue
		}
		if c.Status == model.OK || c.Status == model.Fail {
			same := c.Status == model.OK
			return &same
		}
	}
	return nil
}

func (s score) apply(so *model.Session) {
	so.Verdict, so.Score, so.ReviewReason = s.verdict, s.value, s.reason
	so.Checks, so.Facts, so.Rules, so.Antifraud = s.checks, s.facts, s.rules, s.antifraud
	so.CustomerID = s.customer
	so.Linked = replaceLinks(so.Linked, model.LinkExisting, s.links())
}

func (s score) links() []model.Linked {
	if s.existing == nil {
		return nil
	}
	return []model.Linked{*s.existing}
}

// replaceLinks returns the links with those of one kind exchanged.
func replaceLinks(all []model.Linked, why string, with []model.Linked) []model.Linked {
	out := append([]model.Linked{}, with...)
	for _, l := range all {
		if l.Why != why {
			out = append(out, l)
		}
	}
	return out
}
