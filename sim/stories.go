package sim

// stories are all ways an onboarding goes in the population. Their weights add
// up to [blockSize]; 47 of 400 wait for a person.
var stories = concat(reviewStories, failedStories, passedStories, decidedStories, unfinishedStories)

func concat(lists ...[]story) []story {
	var out []story
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

const (
	reasonCapture = "MANUAL_CAPTURE"
	reasonRule    = "RULE_APPLIED"
	reasonOldID   = "OLD_ID"
)

// reviewStories wait for a person (47).
var reviewStories = inClass(classReview, stageFinished, "MANUAL", []story{
	{name: "expired-passport-seen-before", weight: 1, reason: reasonRule, docs: kind("mex-passport"), minAge: 45, maxAge: 60, link: linkSame, tie: "passport", share: shareDevice, rule: ruleExpired, tell: all(expired(250, 254), misreadNumber, retried(2, 0), inSpain)},
	{name: "old-id", weight: 4, reason: reasonOldID, docs: olderSeries, minAge: 42, maxAge: 74, tell: oldSeries},
	{name: "blurred-manual-capture", weight: 5, reason: reasonCapture, tell: blurred},
	{name: "expired-passport", weight: 4, reason: reasonRule, docs: passport, minAge: 40, maxAge: 74, rule: ruleExpired, tell: expired(3, 900)},
	{name: "number-disagrees", weight: 4, reason: reasonRule, docs: withMRZ, rule: ruleNumbers, tell: misreadNumber},
	{name: "known-face-other-name", weight: 3, reason: reasonRule, link: linkOther, rule: ruleFaceName, faceRule: ruleFaceNameID},
	{name: "known-face-same-name", weight: 3, reason: reasonRule, link: linkSame, rule: ruleKnownFace},
	{name: "antifraud-signal", weight: 3, reason: reasonRule, rule: ruleAntifraud, tell: anyFraudSignal},
	{name: "ine-unreachable", weight: 1, reason: reasonRule, docs: kind("mex-ine"), rule: ruleGovernment, tell: governmentSays(2)},
	{name: "ine-outage", weight: 1, reason: reasonRule, docs: kind("mex-ine"), rule: ruleGovernment, tell: governmentSays(3)},
	{name: "government-pending", weight: 1, verdict: "MANUAL_PENDING", docs: kind("mex-ine"), tell: governmentSays(-1)},
	{name: "device-abroad", weight: 3, reason: reasonRule, rule: ruleAbroad, tell: abroad},
	{name: "shared-device", weight: 3, reason: reasonRule, share: shareDevice, rule: ruleDevice},
	{name: "second-id-differs", weight: 2, reason: reasonRule, docs: card, rule: ruleSecondID, tell: secondIDDiffers},
	{name: "watchlist-hit", weight: 2, reason: reasonRule, rule: ruleWatchlist, tell: onWatchlist},
	{name: "curp-error", weight: 2, reason: reasonRule, docs: mexican, rule: ruleCURP, tell: curpRefused},
	{name: "many-retries", weight: 2, reason: reasonCapture, tell: manyRetries},
	{name: "review-pending", weight: 2, verdict: "MANUAL_PENDING", tell: darkSelfie},
	{name: "video-mismatch", weight: 1, reason: reasonRule, rule: ruleVideo, tell: videoWrong},
})

// failedStories were refused by the checks (100).
var failedStories = inClass(classFailed, stageFinished, "FAIL", []story{
	{name: "paper-copy", weight: 10, docs: card, tell: paperCopy},
	{name: "screen-photo", weight: 10, tell: screenPhoto},
	{name: "altered", weight: 8, idRule: ruleTampered, tell: altered},
	{name: "counterfeit", weight: 4, tell: counterfeit},
	{name: "face-mismatch", weight: 12, tell: faceMismatch},
	{name: "not-live", weight: 14, tell: notLive},
	{name: "masked", weight: 1, tell: masked},
	{name: "antifraud-failed", weight: 8, tell: anyFraudSignal},
	{name: "ine-stolen", weight: 2, docs: kind("mex-ine"), tell: governmentSays(13)},
	{name: "ine-lost", weight: 3, docs: kind("mex-ine"), tell: governmentSays(12)},
	{name: "ine-not-current", weight: 4, docs: kind("mex-ine"), tell: governmentSays(11)},
	{name: "ine-signature", weight: 2, docs: kind("mex-ine"), tell: governmentSays(14)},
	{name: "ine-user-not-found", weight: 2, docs: kind("mex-ine"), tell: governmentSays(7)},
	{name: "ine-not-in-database", weight: 2, docs: kind("mex-ine"), tell: governmentSays(8)},
	{name: "ine-liveness", weight: 2, docs: kind("mex-ine"), tell: all(notLive, governmentSays(10))},
	{name: "underage", weight: 5, docs: forMinors, minAge: 14, maxAge: 16, idRule: ruleUnderage},
	{name: "expired-document", weight: 6, docs: expiring, minAge: 40, maxAge: 74, tell: expired(20, 1500)},
	{name: "form-differs", weight: 2, rule: ruleFormName, tell: formDiffers},
	{name: "shared-device-failed", weight: 3, share: shareDevice, tell: screenPhoto},
})

// passedStories went through without a person (133).
var passedStories = inClass(classPassed, stageFinished, "OK", []story{
	{name: "clean", weight: 70},
	{name: "clean-enrolled", weight: 15, class: classEnrolled, enrolled: true, closed: true},
	{name: "clean-enrolled-voter", weight: 1, class: classEnrolled, docs: kind("mex-ine"), minAge: 45, maxAge: 60, enrolled: true, tie: "passport", closed: true},
	{name: "returning-customer", weight: 5, link: linkSame, enrolledAgain: true, closed: true},
	{name: "second-id-clean", weight: 6, docs: card, tell: withSecondID},
	{name: "video-clean", weight: 4, tell: videoOK},
	{name: "externally-verified", weight: 6, tell: all(externally, formAgrees)},
	{name: "government-clean", weight: 8, docs: kind("mex-ine"), tell: governmentSays(0)},
	{name: "government-error", weight: 1, docs: kind("mex-ine"), tell: governmentSays(1)},
	{name: "government-not-supported", weight: 1, tell: governmentSays(4)},
	{name: "government-no-document-id", weight: 1, docs: kind("mex-ine"), tell: governmentSays(5)},
	{name: "government-no-selfie", weight: 1, docs: kind("mex-ine"), tell: governmentSays(6)},
	{name: "government-not-enough-data", weight: 1, docs: kind("mex-ine"), tell: governmentSays(9)},
	{name: "government-region", weight: 1, tell: governmentSays(99)},
	{name: "glare", weight: 5, verdict: "WARN", tell: glare},
	{name: "dark-selfie", weight: 3, verdict: "WARN", tell: darkSelfie},
	{name: "same-address", weight: 4, share: shareIP},
})

// decidedStories were decided by a reviewer before (60).
var decidedStories = inClass(classDecided, stageFinished, "", []story{
	{name: "approved-blurred", weight: 12, verdict: "MANUAL_OK", closed: true, tell: blurred},
	{name: "approved-old-id", weight: 10, verdict: "MANUAL_OK", docs: olderSeries, minAge: 42, maxAge: 74, tell: oldSeries},
	{name: "approved-number", weight: 10, verdict: "MANUAL_OK", docs: withMRZ, rule: ruleNumbers, tell: misreadNumber},
	{name: "approved-watchlist", weight: 2, verdict: "MANUAL_OK", closed: true, rule: ruleWatchlist, tell: onWatchlist},
	{name: "rejected-paper", weight: 8, verdict: "MANUAL_FAIL", closed: true, docs: card, tell: paperCopy},
	{name: "rejected-expired", weight: 8, verdict: "MANUAL_FAIL", docs: expiring, minAge: 40, maxAge: 74, rule: ruleExpired, tell: expired(30, 1200)},
	{name: "rejected-face", weight: 8, verdict: "MANUAL_FAIL", closed: true, tell: faceMismatch},
	{name: "rejected-antifraud", weight: 2, verdict: "MANUAL_FAIL", rule: ruleAntifraud, tell: anyFraudSignal},
})

// unfinishedStories never reached a verdict, or lost it (60).
var unfinishedStories = inClass(classProgress, stageStarted, "", []story{
	{name: "started", weight: 8},
	{name: "struggling", weight: 8, tell: all(blurred, retried(4, 0))},
	{name: "id-captured", weight: 6, until: stageID},
	{name: "second-id-captured", weight: 2, until: stageSecondID, docs: card, tell: withSecondID},
	{name: "processed", weight: 6, until: stageProcessed},
	{name: "government-checked", weight: 4, until: stageGovernment, docs: kind("mex-ine"), tell: governmentSays(0)},
	{name: "selfie-taken", weight: 6, until: stageFace},
	{name: "stuck", weight: 4, class: classStuck, until: stageFace, tell: retried(1, 3)},
	{name: "expired-unfinished", weight: 6, class: classExpired, until: stageID, status: "EXPIRED", closed: true},
	{name: "expired-in-review", weight: 4, class: classExpired, until: stageFinished, status: "EXPIRED", verdict: "UNKNOWN", closed: true, tell: blurred},
	{name: "verdict-unknown", weight: 4, class: classPassed, until: stageFinished, verdict: "UNKNOWN", tell: governmentSays(-1)},
	{name: "deleted", weight: 2, class: classPassed, until: stageFinished, verdict: "OK", closed: true, tell: deletedLater},
})

// inClass completes a list of stories with what its members have in common.
func inClass(c class, until stage, verdict string, list []story) []story {
	for i := range list {
		s := &list[i]
		if s.class == 0 {
			s.class = c
		}
		if s.until == stageStarted {
			s.until = until
		}
		if s.verdict == "" {
			s.verdict = verdict
		}
		if s.class == classDecided {
			s.status = map[string]string{"MANUAL_OK": "MANUAL_REVIEW_APPROVED", "MANUAL_FAIL": "MANUAL_REVIEW_REJECTED"}[s.verdict]
		}
	}
	return list
}
