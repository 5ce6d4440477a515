package uitest

import "docket/model"

// person is one line of the population: who, which document, and what the
// checks said. The rest of a session is made from it in build.go.
type person struct {
	id       string
	name     string
	gender   string
	born     string
	docType  string
	country  string // alpha-3
	number   string
	expires  string
	verdict  model.Verdict
	reason   model.ReviewReason
	rule     string
	score    float64
	status   model.Status
	waits    float64 // hours since the session finished
	place    string  // country of the device, alpha-2
	device   string  // device hash
	ip       string
	existing bool
	fraud    model.CheckStatus
	bad      []check // checks that did not pass, worst first
	broken   model.Part
	tags     []string
}

type check struct {
	section, key string
	status       model.CheckStatus
	value, says  string
}

// people are the sessions of the fake desk. Nobody in it exists.
var people = []person{
	{
		id: "5f9a41c2d07e4b12a3c8b7e0", name: "Lucía Fernanda ORTEGA RÍOS", gender: "F", born: "1969-04-03",
		docType: "Passport", country: "MEX", number: "G38214907", expires: "2026-03-14",
		verdict: model.Manual, reason: model.RuleApplied, rule: "Expired document", score: 61.2, waits: 3.2,
		status: model.StatusFinished, place: "ES", device: "9f2c04d1a9b871aa", ip: "203.0.113.24", existing: true,
		bad: []check{
			{"idValidation", "documentExpired", model.Fail, "0", "The document is past its expiry date."},
			{"idValidation", "documentNumberCrosscheck", model.Warn, "50", "Two readings of the document number do not agree."},
			{"idValidation", "issuingStateValidity", model.Unknown, "", "No result: this is not a pass."},
		},
		tags: []string{"vip"},
	},
	{
		id: "66e0b7a1c9d24f0088a1c002", name: "João Pedro de Souza", gender: "M", born: "1994-11-30",
		docType: "IdentificationCard", country: "BRA", number: "402911873", expires: "2031-06-01",
		verdict: model.Manual, reason: model.ManualCapture, score: 74.9, waits: 4.37,
		status: model.StatusFinished, place: "BR", device: "11b7aa20c45d9e31", ip: "198.51.100.7",
		bad: []check{{"idValidation", "sharpnessFront", model.Warn, "31", "The picture of the front is blurred."}},
	},
	{
		id: "66e0c1f0c9d24f0088a1d119", name: "田中 愛子", gender: "F", born: "1988-02-17",
		docType: "Passport", country: "JPN", number: "TK4471920", expires: "2027-09-09",
		verdict: model.Manual, reason: model.OldID, score: 82, waits: 4.13,
		status: model.StatusFinished, place: "JP", device: "c2309be47f1d0a55", ip: "192.0.2.41",
	},
	{
		id: "66e0d4b2c9d24f0088a1e77c", name: "Karim Haddad", gender: "M", born: "1979-07-21",
		docType: "IdentificationCard", country: "FRA", number: "X4RTBPFW4", expires: "2029-01-15",
		verdict: model.ManualPending, reason: model.RuleApplied, rule: "Face not sure", score: 48.5, waits: 2.9,
		status: model.StatusFinished, place: "FR", device: "9f2c04d1a9b871aa", ip: "203.0.113.24",
		existing: true, fraud: model.Fail,
		bad: []check{
			{"antifraud", "overall", model.Fail, "0", "The session has something in common with others that could be fraud."},
			{"faceRecognition", "nameMatch", model.Fail, "0", "The name differs from that of the earlier approved session."},
		},
	},
	{
		id: "66e0e9d8c9d24f0088a1f2b3", docType: "IdentificationCard", country: "MEX",
		verdict: "", score: -1, waits: 2.3, status: model.StatusFinished, place: "MX",
		device: "77e1f0aa35bc2d10", ip: "198.51.100.90", broken: model.PartScore,
	},
	{
		id: "66e0f3e5c9d24f0088a204aa", name: "محمد عبد الرحمن الهاشمي", gender: "M", born: "1990-01-05",
		docType: "Passport", country: "ARE", number: "N5521903", expires: "2030-12-30",
		verdict: model.Manual, reason: model.RuleApplied, rule: "Watchlist name", score: 66, waits: 1.1,
		status: model.StatusFinished, place: "AE", device: "0c77d1924ee3b8f0", ip: "192.0.2.200",
		bad: []check{{"idValidation", "fontCheck", model.Warn, "40", "The typeface differs from what the document type uses."}},
	},
	{
		id: "66e10a17c9d24f0088a21551", name: "Rosa Quispe Mamani", gender: "F", born: "1983-10-12",
		docType: "IdentificationCard", country: "PER", number: "45110987", expires: "2028-08-08",
		verdict: model.Fail, score: 12.5, waits: 6, status: model.StatusFinished, place: "PE",
		device: "f1a8804be2299c36", ip: "198.51.100.61",
		bad: []check{
			{"idValidation", "paperIdLiveness", model.Fail, "0", "The document was photographed from a printout."},
			{"idValidation", "tamperCheck", model.Warn, "33", "The document may have been altered."},
		},
	},
	{
		id: "66e11bc4c9d24f0088a22c0f", name: "Oluwaseun Adébáyọ̀-Williams", gender: "M", born: "1997-05-26",
		docType: "DriversLicense", country: "NGA", number: "LAG88301AA22", expires: "2026-12-19",
		verdict: model.Fail, score: 0, waits: 7.5, status: model.StatusFinished, place: "GB",
		device: "ab10cc94d77e5f02", ip: "203.0.113.180",
		bad: []check{{"liveness", "livenessScore", model.Fail, "4.1", "The selfie does not seem to show a real person."}},
	},
	{
		id: "66e12d90c9d24f0088a23e8d", name: "Ingrid Solveig Bjørnsdóttir-Þorvaldsson", gender: "F", born: "1975-12-01",
		docType: "Passport", country: "ISL", number: "A3410998", expires: "2033-04-22",
		verdict: model.OK, score: 98.7, waits: 9, status: model.StatusFinished, place: "IS",
		device: "5d00e6a1b3c84417", ip: "192.0.2.18",
	},
	{
		id: "66e13ea2c9d24f0088a2409e", name: "Mykola Шевченко", gender: "M", born: "1986-03-09",
		docType: "Passport", country: "UKR", number: "FB220917", expires: "2029-11-11",
		verdict: model.Warn, score: 79.3, waits: 12, status: model.StatusFinished, place: "PL",
		device: "e4b0715cc2da9033", ip: "198.51.100.133",
		bad: []check{{"idValidation", "alignment", model.Warn, "55", "The fields of the document are not quite where they belong."}},
	},
	{
		id: "66e14fb3c9d24f0088a251af", docType: "", country: "", verdict: "", score: -1, waits: 0.2,
		status: model.StatusIDFinished, place: "CO", device: "2217b9e0d4c611f8", ip: "192.0.2.77",
	},
	{
		id: "66e160c4c9d24f0088a262b0", name: "Amélie Dubois", gender: "F", born: "2001-09-14",
		docType: "IdentificationCard", country: "BEL", number: "592-0018822-44", expires: "2030-02-02",
		verdict: model.ManualOK, score: 70, waits: 22, status: model.StatusManualReviewApproved, place: "BE",
		device: "b81c3dd60a7f42e9", ip: "203.0.113.99",
	},
	{
		id: "66e171d5c9d24f0088a273c1", name: "Dmitri Volkov", gender: "M", born: "1964-08-30",
		docType: "Passport", country: "KAZ", number: "N11209384", expires: "2025-05-05",
		verdict: model.ManualFail, score: 33, waits: 30, status: model.StatusManualReviewRejected, place: "KZ",
		device: "90aa13f7be5520dc", ip: "198.51.100.201",
		bad: []check{{"idValidation", "documentExpired", model.Fail, "0", "The document is past its expiry date."}},
	},
}
