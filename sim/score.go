package sim

// scoreBody is the answer of Fetch scores for a session as it stands.
// Sections that were not reached, or that the flow does not have, are null in
// some sessions and absent in others, as in the API.
func scoreBody(s *session) object {
	p := s.p
	var o object
	section := func(key string, at stage, body func() any) {
		if s.stage >= at {
			if v := body(); v != nil {
				o = append(o, field{key, v})
				return
			}
		}
		if p.index%2 == 0 {
			o = append(o, field{key, nil})
		}
	}
	section("idValidation", stageProcessed, func() any { return idValidation(p, p.doc, p.idRule) })
	section("secondIdValidation", stageProcessed, func() any { return ifSecond(p, func() any { return idValidation(p, p.second, nil) }) })
	section("liveness", stageFace, func() any { return liveness(p) })
	section("faceRecognition", stageFace, func() any { return faceRecognition(p) })
	section("faceRecognitionSecondId", stageFace, func() any {
		return ifSecond(p, func() any { return object{{"overall", outcome(p.selfie.match-1, 60)}} })
	})
	section("videoConference", stageFinished, func() any { return p.video.section() })
	section("governmentValidation", stageGovernment, func() any { return p.gov.section() })
	section("externalVerification", stageFinished, func() any { return externalSection(p) })
	section("curpVerification", stageProcessed, func() any { return p.curp.section(p) })
	section("ineScrapingValidation", stageGovernment, func() any { return scraping(p) })
	section("idOcrConfidence", stageProcessed, func() any { return ocrCertainty(p.doc) })
	section("idOcrConfidenceSecondId", stageProcessed, func() any { return ifSecond(p, func() any { return ocrCertainty(p.second) }) })
	section("antifraud", stageFinished, func() any { return s.antifraudSection() })
	section("incodeWatchlistScore", stageFinished, func() any { return p.watch.section() })
	extraSections(section, p)
	o = append(o, field{"retryInfo", retryInfo(p)})
	o = append(o, total(s)...)
	return o
}

// ifSecond is nil unless the flow captured a second document.
func ifSecond(p *profile, body func() any) any {
	if p.second == nil {
		return nil
	}
	return body()
}

// total is the verdict with what explains it.
func total(s *session) object {
	if s.stage < stageFinished {
		return object{{"appliedRule", nil}, {"overall", nil}}
	}
	o := object{{"appliedRule", s.p.totalRule.object()}}
	if s.p.totalRule != nil {
		o = append(o, field{"reasonMsg", "Rule applied: " + s.p.totalRule.name})
	}
	if s.verdict == "MANUAL" || s.verdict == "MANUAL_PENDING" {
		o.add("needsReviewReason", s.reason)
	}
	return append(o, field{"overall", object{{"value", num(s.p.value)}, {"status", s.verdict}, {"key", nil}}})
}

// object is the rule as the score repeats it; nil for none.
func (r *rule) object() any {
	if r == nil {
		return nil
	}
	return object{{"name", r.name}, {"expression", r.expression}, {"ruleType", r.kind}, {"status", r.status}}
}

func idValidation(p *profile, d *document, applied *rule) object {
	photo, worstPhoto := run(photoChecks, p, d)
	specific, worstSpecific := run(specificChecks, p, d)
	o := object{{"photoSecurityAndQuality", photo}, {"idSpecific", specific}}
	if p.form != nil && d == p.doc {
		o = append(o, field{"customFields", []object{
			match("firstNameMatch", p.form.given == d.name.given),
			match("lastNameMatch", p.form.family == d.name.family),
		}})
	}
	worst := worse(worstPhoto, worstSpecific)
	value := map[string]float64{resOK: 100, resWarn: 82, resManual: 64, resFail: 18}[worst]
	return append(o, field{"appliedRule", applied.object()}, field{"overall", object{{"value", num(value)}, {"status", worst}, {"key", nil}}})
}

// match is a comparison of the form with the document. The value repeats the
// key, as the API does.
func match(key string, same bool) object {
	status := resFail
	if same {
		status = resOK
	}
	return object{{"value", key}, {"status", status}, {"key", key}}
}

// outcome is a value of 0–100 that passes from the limit on.
func outcome(v, limit float64) object {
	status := resOK
	if v < limit {
		status = resFail
	}
	return object{{"value", num(v)}, {"status", status}}
}

// outcomeKeyed is outcome with the null key that composites carry.
func outcomeKeyed(v, limit float64) object { return append(outcome(v, limit), field{"key", nil}) }

func liveness(p *profile) object {
	key := "livenessScore"
	if p.oldKeys {
		key = "liveness_score"
	}
	o := object{
		{"overall", outcomeKeyed(p.selfie.liveness, 50)},
		{"photoQuality", object{{"value", num(p.selfie.quality)}}},
		{key, outcome(p.selfie.liveness, 50)},
	}
	if p.selfie.spoof != "" {
		o = append(o, field{"physicalAttack", true})
	}
	o.add("spoofDetectionMethod", p.selfie.spoof)
	return o
}

func faceRecognition(p *profile) object {
	lenses, mask, light := resOK, resOK, resOK
	if p.selfie.lenses {
		lenses = resWarn
	}
	if p.selfie.mask > 50 {
		mask = resFail
	}
	if p.selfie.brightness < 50 {
		light = resWarn
	}
	o := object{{"existingUser", p.link != nil}}
	if p.link != nil {
		o.add("existingInterviewId", p.link.interviewID)
		o.add("existingExternalId", p.link.externalID)
		o.add("customerId", p.link.customerID)
		o = append(o, field{"nameMatch", object{{"status", map[bool]string{true: resOK, false: resFail}[p.link.sameName]}}})
	}
	return append(o, object{
		{"maskCheck", object{{"value", num(p.selfie.mask)}, {"status", mask}}},
		{"lensesCheck", object{{"status", lenses}}},
		{"faceBrightness", object{{"value", num(p.selfie.brightness)}, {"status", light}}},
		{"appliedRule", p.faceRule.object()},
		{"overall", outcome(p.selfie.match, 60)},
	}...)
}

func ocrCertainty(d *document) object {
	return object{{"overallConfidence", outcomeKeyed(overallConfidence(d), 40)}}
}

// retryInfo is {} or [] when nothing was tried twice, else the counters.
func retryInfo(p *profile) any {
	counts, steps := object{}, []string{}
	add := func(step string, n int) {
		if n > 0 {
			counts = append(counts, field{step, n})
			steps = append(steps, step)
		}
	}
	add("frontId", p.doc.capture.frontFails)
	add("backId", p.doc.capture.backFails)
	add("selfie", p.selfie.fails)
	switch {
	case len(steps) > 0:
		return object{{"failedAttemptsCounter", counts}, {"stepsToRetry", steps}}
	case p.index%2 == 0:
		return []string{}
	default:
		return object{}
	}
}

// extraSections are those that the reference does not list but the API was
// seen to send.
func extraSections(section func(string, stage, func() any), p *profile) {
	if p.link != nil && p.link.sameName {
		section("authentication", stageFinished, func() any {
			return object{{"overall", object{{"value", "100.0"}, {"status", resOK}}}, {"identityId", p.link.customerID}}
		})
	}
	if !p.oldKeys {
		return
	}
	risk := func(name string, value float64, status string) {
		section(name, stageFinished, func() any {
			return object{{"overall", object{{"value", num(value)}, {"status", status}, {"key", nil}}}}
		})
	}
	deviceStatus := resOK
	if p.story.share == shareDevice {
		deviceStatus = resWarn
	}
	risk("deviceRisk", 88, deviceStatus)
	risk("behavioralRisk", 93.5, resOK)
	section("documentOnEdgeInfo", stageProcessed, func() any { return object{{"documentOnEdge", false}} })
	section("sessionRecording", stageFinished, func() any { return object{{"overall", object{{"value", nil}, {"status", resUnknown}, {"key", nil}}}} })
}
