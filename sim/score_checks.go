package sim

import "fmt"

// Results of a test.
const (
	resOK      = "OK"
	resWarn    = "WARN"
	resFail    = "FAIL"
	resUnknown = "UNKNOWN"
	resManual  = "MANUAL"
)

// result is the value and status of a test.
type result struct{ value, status string }

// check is one test of a document: its key, when it is made, and what it says
// (Incode Omni API, Fetch scores).
type check struct {
	key  string
	when func(*profile, *document) bool
	says func(*profile, *document) result
}

// passed is a test that nothing in the population fails.
func passed(*profile, *document) result { return result{"PASSED", resOK} }

func full(*profile, *document) result { return result{"100", resOK} }

// unless fails when the capture shows what is asked about.
func unless(bad func(*document) bool) func(*profile, *document) result {
	return func(_ *profile, d *document) result {
		if bad(d) {
			return result{"FAILED", resFail}
		}
		return result{"PASSED", resOK}
	}
}

// live is unless in the words of the liveness tests.
func live(bad func(*document) bool) func(*profile, *document) result {
	return func(_ *profile, d *document) result {
		if bad(d) {
			return result{resFail, resFail}
		}
		return result{resOK, resOK}
	}
}

// level is a quality of 0–100: below 50 a warning, below 10 a failure.
func level(of func(*document) int) func(*profile, *document) result {
	return func(_ *profile, d *document) result {
		v := of(d)
		status := resOK
		switch {
		case v < 10:
			status = resFail
		case v < 50:
			status = resWarn
		}
		return result{fmt.Sprint(v), status}
	}
}

func always(*profile, *document) bool             { return true }
func sides(_ *profile, d *document) bool          { return d.twoSided() }
func zoned(_ *profile, d *document) bool          { return d.mrz != nil }
func machine(_ *profile, d *document) bool        { return d.mrz != nil || d.kind.barcode }
func namesCompared(p *profile, d *document) bool  { return machine(p, d) || d == p.second }
func barcoded(_ *profile, d *document) bool       { return d.kind.barcode }
func expires(_ *profile, d *document) bool        { return !d.expires.IsZero() }
func predecessors(_ *profile, d *document) bool   { return d.kind.predecessors }
func voterCard(_ *profile, d *document) bool      { return d.kind.key == "mex-ine" }
func extended(p *profile, _ *document) bool       { return p.oldKeys }
func extendedBack(p *profile, d *document) bool   { return p.oldKeys && d.twoSided() }
func extendedZone(p *profile, d *document) bool   { return p.oldKeys && d.mrz != nil }
func inBrowser(p *profile, _ *document) bool      { return p.oldKeys && p.device.browser != "" }
func personalNumber(_ *profile, d *document) bool { return d.personal != "" }

// photoChecks are the tests of photoSecurityAndQuality, in the API's order.
var photoChecks = []check{
	{"tamperCheck", always, unless(func(d *document) bool { return d.capture.altered })},
	{"postitCheck", always, unless(func(d *document) bool { return d.capture.postit })},
	{"postitCheckFront", extended, unless(func(d *document) bool { return d.capture.postit })},
	{"postitCheckBack", extendedBack, passed},
	{"idAlterationCheck", extended, unless(func(d *document) bool { return d.capture.altered })},
	{"idAlterationCheckFront", extended, unless(func(d *document) bool { return d.capture.altered })},
	{"idAlterationCheckBack", extendedBack, passed},
	{"alignment", always, passed},
	{"fakeCheck", always, unless(func(d *document) bool { return d.capture.fake })},
	{"fakeIdCheck", extended, unless(func(d *document) bool { return d.capture.fake })},
	{"ocrIdentityCheck", zoned, passed},
	{"screenIdLiveness", always, live(func(d *document) bool { return d.capture.screen })},
	{"paperIdLiveness", always, live(func(d *document) bool { return d.capture.paper })},
	{"readabilityCheck", always, readability},
	{"idAlreadyUsedCheck", extended, passed},
	{"fakeBrowserCheck", inBrowser, passed},
	{"visibleIdCharacteristicsFront", extended, passed},
	{"visibleIdCharacteristicsBack", extendedBack, passed},
	{"balancedLightFront", always, level(func(d *document) int { return d.capture.lightFront })},
	{"balancedLightBack", sides, level(func(d *document) int { return d.capture.lightBack })},
	{"sharpnessFront", always, level(func(d *document) int { return d.capture.sharpFront })},
	{"sharpnessBack", sides, level(func(d *document) int { return d.capture.sharpBack })},
}

// specificChecks are the tests of idSpecific, in the API's order.
var specificChecks = []check{
	{"documentClassification", always, classification},
	{"visiblePhotoFeatures", always, unless(func(d *document) bool { return d.capture.fake })},
	{"issueDateValidity", always, full},
	{"documentExpired", expires, notExpired},
	{"documentSeriesExpired", predecessors, series},
	{"birthDateValidity", always, full},
	{"expirationDateValidity", expires, full},
	{"issuingStateValidity", always, issuingState},
	{"qrScan", func(_ *profile, d *document) bool { return d.kind.qr }, passed},
	{"mrzLineFormatCheck", extendedZone, passed},
	{"documentNumberCheckDigit", zoned, passed},
	{"birthDateCheckDigit", zoned, passed},
	{"expirationDateCheckDigit", zoned, passed},
	{"compositeCheckDigit", zoned, passed},
	{"illiteracyCheck", voterCard, passed},
	{"birthDateCrosscheck", machine, passed},
	{"expirationDateCrosscheck", zoned, passed},
	{"sexCrosscheck", machine, passed},
	{"fullNameCrosscheck", namesCompared, namesAgree},
	{"emissionNumberCrosscheck", voterCard, passed},
	{"documentNumberCrosscheck", machine, numbersAgree},
	{"personalNumberCrosscheck", personalNumber, passed},
	{"2DBarcodeContent", barcoded, passed},
	{"barcode2DDetected", barcoded, passed},
	{"documentTypeSideCrosscheck", sides, passed},
	{"dD/ReferenceNumberCrosscheck", barcoded, passed},
	{"underageCheck", always, underage},
}

func readability(_ *profile, d *document) result {
	switch {
	case d.capture.manual:
		return result{fmt.Sprint(d.capture.sharpFront), resManual}
	case d.capture.sharpFront < 50:
		return result{fmt.Sprint(d.capture.sharpFront), resWarn}
	}
	return result{"100", resOK}
}

func classification(_ *profile, d *document) result {
	if d.capture.fake || d.capture.lightFront < 50 {
		return result{"61", resWarn}
	}
	return result{"100", resOK}
}

func notExpired(p *profile, d *document) result {
	if d.expiredAt(p.finished) {
		return result{"0", resFail}
	}
	return result{"100", resOK}
}

func series(_ *profile, d *document) result {
	if d.old {
		return result{"0", resWarn}
	}
	return result{"100", resOK}
}

// issuingState has no list of states to go by outside four countries.
func issuingState(_ *profile, d *document) result {
	switch d.kind.country {
	case "MEX", "USA", "BRA", "IND":
		if d.kind.address {
			return result{"100", resOK}
		}
	}
	return result{"", resUnknown}
}

// namesAgree fails for a second document that another person's name is on.
func namesAgree(p *profile, d *document) result {
	if d.name.given != p.person.given || d.name.family != p.person.family {
		return result{"FAILED", resFail}
	}
	return result{"PASSED", resOK}
}

func numbersAgree(_ *profile, d *document) result {
	if d.number != d.genuine {
		return result{"WARN", resWarn}
	}
	return result{"PASSED", resOK}
}

func underage(p *profile, d *document) result {
	if d.holder.birth.AddDate(18, 0, 0).After(p.finished) {
		return result{"0", resFail}
	}
	return result{"100", resOK}
}

// run makes the tests that apply and returns them as the API lists them, with
// the worst status among them.
func run(checks []check, p *profile, d *document) (list []object, worst string) {
	worst = resOK
	list = []object{}
	for _, c := range checks {
		if !c.when(p, d) {
			continue
		}
		res := c.says(p, d)
		list = append(list, object{{"value", res.value}, {"status", res.status}, {"key", c.key}})
		worst = worse(worst, res.status)
	}
	return list, worst
}

// worse orders statuses by how much they say against the applicant; UNKNOWN
// says nothing.
func worse(a, b string) string {
	order := map[string]int{resFail: 3, resManual: 2, resWarn: 1}
	if order[b] > order[a] {
		return b
	}
	return a
}
