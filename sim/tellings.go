package sim

import "math/rand/v2"

// The tellings: what a story changes in an otherwise faultless session.

type telling func(*profile, *rand.Rand)

// all tells several things of one session.
func all(parts ...telling) telling {
	return func(p *profile, r *rand.Rand) {
		for _, part := range parts {
			part(p, r)
		}
	}
}

func expired(minDays, maxDays int) telling {
	return func(p *profile, r *rand.Rand) {
		p.doc.expire(r, p.finished, minDays+r.IntN(maxDays-minDays+1))
	}
}

func oldSeries(p *profile, r *rand.Rand) {
	p.doc.old = true
	if p.doc.kind.years > 0 { // still valid, but not for long: old is not expired
		p.doc.expire(r, p.finished, -(30 + r.IntN(400)))
	}
}

func blurred(p *profile, r *rand.Rand) {
	c := &p.doc.capture
	c.manual, c.sharpFront, c.frontFails = true, 6+r.IntN(30), 2+r.IntN(2)
	p.doc.confidence["address"], p.doc.confidence["documentNumber"] = 0.55+0.2*r.Float64(), 0.6+0.2*r.Float64()
}

func glare(p *profile, r *rand.Rand) {
	p.doc.capture.lightFront = 22 + r.IntN(25)
	p.doc.capture.frontFails = r.IntN(2)
}

func misreadNumber(p *profile, _ *rand.Rand) { p.doc.misread() }

func manyRetries(p *profile, r *rand.Rand) {
	c := &p.doc.capture
	c.manual, c.frontFails, p.selfie.fails = true, 3+r.IntN(3), 2+r.IntN(3)
	c.sharpFront = 40 + r.IntN(15)
	if p.doc.twoSided() {
		c.backFails = 1 + r.IntN(3)
	}
}

func paperCopy(p *profile, r *rand.Rand) {
	p.doc.capture.paper = true
	p.doc.capture.sharpFront = 50 + r.IntN(30)
}

func screenPhoto(p *profile, r *rand.Rand) {
	p.doc.capture.screen = true
	p.doc.capture.lightFront = 40 + r.IntN(20)
}

func altered(p *profile, _ *rand.Rand) { p.doc.capture.altered = true }

func counterfeit(p *profile, r *rand.Rand) {
	p.doc.capture.fake = true
	p.doc.capture.postit = r.IntN(2) == 0
}

func faceMismatch(p *profile, r *rand.Rand) {
	p.selfie.otherFace = true
	p.selfie.match = 2 + 28*r.Float64()
}

func notLive(p *profile, r *rand.Rand) {
	p.selfie.liveness = 1 + 20*r.Float64()
	p.selfie.fails = 1 + r.IntN(3)
	p.selfie.spoof = pick(r, []string{"PAPER_PHOTO", "SCREEN_REPLAY", "MASK_3D"})
}

func masked(p *profile, r *rand.Rand) {
	p.selfie.mask, p.selfie.lenses = 70+30*r.Float64(), true
	p.selfie.match = 48 + 10*r.Float64()
}

func darkSelfie(p *profile, r *rand.Rand) {
	p.selfie.brightness, p.selfie.lenses = 22+20*r.Float64(), r.IntN(2) == 0
}

func fraudSignal(step string) telling {
	return func(p *profile, _ *rand.Rand) { p.antifraud = &antifraud{status: "FAIL", step: step} }
}

// anyFraudSignal draws one of the executors of Process Antifraud.
func anyFraudSignal(p *profile, r *rand.Rand) {
	steps := []string{"FuzzyFieldAntifraudExecutor", "IdFaceAntifraudExecutor", "SelfieFaceAntifraudExecutor"}
	fraudSignal(pick(r, steps))(p, r)
}

func governmentSays(code int) telling {
	return func(p *profile, r *rand.Rand) {
		p.gov = &government{code: code}
		switch code {
		case 0:
			p.gov.recognition = 88 + 12*r.Float64()
		case 10:
			p.gov.recognition = 12 + 20*r.Float64()
		case 7, 8:
			p.gov.wrong = []string{"ocr", "electorsKey", "paternalLastName"}
		case 11:
			p.gov.wrong = []string{"emissionNumber", "issueDate"}
		}
	}
}

func curpRefused(p *profile, r *rand.Rand) { p.curp = &curpCheck{problem: pick(r, curpProblems)} }

func onWatchlist(p *profile, r *rand.Rand) {
	fields := [][]string{{"face"}, {"name", "birthDate"}, {"idNumber"}, {"phone", "email"}, {"face", "name"}}
	p.watch = &watch{score: float64(20 + 10*r.IntN(8)), matches: pick(r, fields)}
}

func videoOK(p *profile, r *rand.Rand) {
	p.video = &video{speech: 85 + 15*r.Float64(), liveness: 92 + 8*r.Float64(), match: 90 + 10*r.Float64()}
}

func videoWrong(p *profile, r *rand.Rand) {
	p.video = &video{speech: 20 + 25*r.Float64(), liveness: 80 + 10*r.Float64(), match: 55 + 10*r.Float64()}
}

func externally(p *profile, _ *rand.Rand) { p.external = true }

func abroad(p *profile, r *rand.Rand) {
	for {
		c := countries[pick(r, []string{"ESP", "USA", "DEU", "NGA", "BRA", "THA"})]
		if c != p.person.country {
			p.device.move(c, pick(r, c.places))
			return
		}
	}
}

func inSpain(p *profile, _ *rand.Rand) {
	c := countries["ESP"]
	p.device.move(c, c.places[0])
}

// withSecondID adds another document of the same country.
func withSecondID(p *profile, r *rand.Rand) {
	k := sameCountry(r, p.doc.kind, nil)
	p.second = newDocument(r, k, &p.person, p.finished)
}

func secondIDDiffers(p *profile, r *rand.Rand) {
	withSecondID(p, r)
	p.second.name = otherName(r, p.second.kind, p.person)
	p.second.settle(r)
}

// formDiffers makes the name typed into the form another one.
func formDiffers(p *profile, r *rand.Rand) {
	n := otherName(r, p.doc.kind, p.person)
	p.form = &n
	p.value = 100
}

func formAgrees(p *profile, _ *rand.Rand) {
	n := p.person.name
	p.form = &n
}

func retried(front, selfie int) telling {
	return func(p *profile, _ *rand.Rand) {
		p.doc.capture.frontFails, p.selfie.fails = front, selfie
	}
}

func deletedLater(p *profile, _ *rand.Rand) { p.deleted = true }
