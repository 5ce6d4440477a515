package sim

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// docKind is a type of identity document.
type docKind struct {
	key          string
	country      string // alpha-3 of the issuer
	culture      string // names of its holders
	typeOfID     string // as the reference lists them
	front, back  string // subtypes; back empty for one-sided documents
	mrz          mrzFormat
	mrzCode      string
	number       string // pattern: @ letter, # digit, ? either; anything else stands
	years        int    // validity; 0: does not expire
	minAge       int    // youngest holder
	native       bool   // prints the name in its own script
	address      bool
	barcode      bool // has a 2D barcode
	qr           bool
	weight       int // how often it is met
	authority    string
	extra        func(*rand.Rand, *document)
	predecessors bool // an older series of it is still about
}

// docKinds are the documents of the population.
var docKinds = []docKind{
	{key: "mex-ine", country: "MEX", culture: "es", typeOfID: "VoterIdentification", front: "VOTER_IDENTIFICATION_CARD_E", back: "VOTER_IDENTIFICATION_CARD_E", mrz: mrzTD1, mrzCode: "ID", number: "#########", years: 10, minAge: 18, address: true, qr: true, weight: 26, authority: "INSTITUTO NACIONAL ELECTORAL", extra: extraINE, predecessors: true},
	{key: "mex-passport", country: "MEX", culture: "es", typeOfID: "Passport", front: "PASSPORT", mrz: mrzTD3, mrzCode: "P", number: "G########", years: 10, weight: 14, authority: "SECRETARÍA DE RELACIONES EXTERIORES", extra: extraMexPassport},
	{key: "usa-dl", country: "USA", culture: "en", typeOfID: "DriversLicense", front: "DRIVERS_LICENSE", back: "DRIVERS_LICENSE", number: "@#######", years: 8, minAge: 18, address: true, barcode: true, weight: 22, extra: extraUSDL, predecessors: true},
	{key: "usa-passport", country: "USA", culture: "en", typeOfID: "Passport", front: "PASSPORT", mrz: mrzTD3, mrzCode: "P", number: "#########", years: 10, weight: 14, authority: "UNITED STATES DEPARTMENT OF STATE"},
	{key: "bra-rg", country: "BRA", culture: "pt", typeOfID: "IdentificationCard", front: "IDENTIFICATION_CARD", back: "IDENTIFICATION_CARD", number: "##.###.###-#", weight: 14, extra: extraBRRG, predecessors: true},
	{key: "bra-cnh", country: "BRA", culture: "pt", typeOfID: "DriversLicense", front: "DRIVERS_LICENSE", back: "DRIVERS_LICENSE", number: "###########", years: 10, minAge: 18, qr: true, weight: 12, extra: extraCNH},
	{key: "esp-dni", country: "ESP", culture: "es", typeOfID: "IdentificationCard", front: "IDENTIFICATION_CARD", back: "IDENTIFICATION_CARD", mrz: mrzTD1, mrzCode: "ID", number: "@@@######", years: 10, address: true, weight: 14, extra: extraDNI, predecessors: true},
	{key: "fra-id", country: "FRA", culture: "fr", typeOfID: "IdentificationCard", front: "IDENTIFICATION_CARD", back: "IDENTIFICATION_CARD", mrz: mrzTD1, mrzCode: "ID", number: "?????????", years: 10, address: true, weight: 12, predecessors: true},
	{key: "fra-passport", country: "FRA", culture: "fr", typeOfID: "Passport", front: "PASSPORT", mrz: mrzTD3, mrzCode: "P", number: "##@@#####", years: 10, weight: 6},
	{key: "deu-id", country: "DEU", culture: "de", typeOfID: "IdentificationCard", front: "IDENTIFICATION_CARD", back: "IDENTIFICATION_CARD", mrz: mrzTD1, mrzCode: "ID", number: "L????????", years: 10, address: true, weight: 12},
	{key: "gbr-passport", country: "GBR", culture: "en", typeOfID: "Passport", front: "PASSPORT", mrz: mrzTD3, mrzCode: "P", number: "#########", years: 10, weight: 12, authority: "HMPO"},
	{key: "gbr-dl", country: "GBR", culture: "en", typeOfID: "DriversLicense", front: "DRIVERS_LICENSE", back: "DRIVERS_LICENSE", years: 10, minAge: 18, address: true, weight: 6, authority: "DVLA", extra: extraDVLA, predecessors: true},
	{key: "jpn-passport", country: "JPN", culture: "ja", typeOfID: "Passport", front: "PASSPORT", mrz: mrzTD3, mrzCode: "P", number: "@@#######", years: 10, weight: 10, authority: "MINISTRY OF FOREIGN AFFAIRS", predecessors: true},
	{key: "jpn-dl", country: "JPN", culture: "ja", typeOfID: "DriversLicense", front: "DRIVERS_LICENSE", back: "DRIVERS_LICENSE", number: "############", years: 5, minAge: 18, native: true, address: true, weight: 8},
	{key: "jpn-medical", country: "JPN", culture: "kana", typeOfID: "MedicalCard", front: "MEDICAL_CARD", back: "MEDICAL_CARD", number: "########", years: 2, native: true, weight: 5},
	{key: "chn-passport", country: "CHN", culture: "zh", typeOfID: "Passport", front: "PASSPORT", mrz: mrzTD3, mrzCode: "P", number: "E@#######", years: 10, weight: 8, authority: "MPS EXIT & ENTRY ADMINISTRATION"},
	{key: "chn-id", country: "CHN", culture: "zh", typeOfID: "IdentificationCard", front: "IDENTIFICATION_CARD", back: "IDENTIFICATION_CARD", years: 10, native: true, address: true, weight: 7, extra: extraChineseID},
	{key: "ind-passport", country: "IND", culture: "hi", typeOfID: "Passport", front: "PASSPORT", back: "PASSPORT", mrz: mrzTD3, mrzCode: "P", number: "@#######", years: 10, weight: 8},
	{key: "ind-id", country: "IND", culture: "hi", typeOfID: "FederalID", front: "FEDERAL_ID", back: "FEDERAL_ID", number: "#### #### ####", native: true, address: true, qr: true, weight: 7, extra: extraAadhaar},
	{key: "are-id", country: "ARE", culture: "ar", typeOfID: "IdentificationCard", front: "IDENTIFICATION_CARD", back: "IDENTIFICATION_CARD", mrz: mrzTD1, mrzCode: "IL", number: "#########", years: 5, native: true, weight: 8, extra: extraEmirates},
	{key: "egy-id", country: "EGY", culture: "ar", typeOfID: "IdentificationCard", front: "IDENTIFICATION_CARD", back: "IDENTIFICATION_CARD", years: 7, minAge: 16, native: true, address: true, weight: 6, extra: extraEgyptian},
	{key: "col-cc", country: "COL", culture: "andes", typeOfID: "IdentificationCard", front: "IDENTIFICATION_CARD", back: "IDENTIFICATION_CARD", mrz: mrzTD1, mrzCode: "IC", number: "#########", years: 10, minAge: 18, weight: 14, predecessors: true},
	{key: "per-dni", country: "PER", culture: "andes", typeOfID: "IdentificationCard", front: "IDENTIFICATION_CARD", back: "IDENTIFICATION_CARD", mrz: mrzTD1, mrzCode: "I", number: "########", years: 8, address: true, weight: 14, predecessors: true},
	{key: "arg-dni", country: "ARG", culture: "es", typeOfID: "IdentificationCard", front: "IDENTIFICATION_CARD", back: "IDENTIFICATION_CARD", mrz: mrzTD1, mrzCode: "ID", number: "########", years: 15, address: true, weight: 12},
	{key: "nga-passport", country: "NGA", culture: "ng", typeOfID: "Passport", front: "PASSPORT", mrz: mrzTD3, mrzCode: "P", number: "@########", years: 5, weight: 8},
	{key: "kor-passport", country: "KOR", culture: "ko", typeOfID: "Passport", front: "PASSPORT", mrz: mrzTD3, mrzCode: "PM", number: "M########", years: 10, weight: 6},
	{key: "kor-id", country: "KOR", culture: "ko", typeOfID: "IdentificationCard", front: "IDENTIFICATION_CARD", native: true, address: true, weight: 6, extra: extraKorean},
	{key: "rus-passport", country: "RUS", culture: "ru", typeOfID: "Passport", front: "PASSPORT", mrz: mrzTD3, mrzCode: "P", number: "7########", years: 10, native: true, weight: 7},
	{key: "ukr-id", country: "UKR", culture: "uk", typeOfID: "IdentificationCard", front: "IDENTIFICATION_CARD", back: "IDENTIFICATION_CARD", mrz: mrzTD1, mrzCode: "I", number: "#########", years: 10, native: true, address: true, weight: 7},
	{key: "grc-id", country: "GRC", culture: "el", typeOfID: "IdentificationCard", front: "IDENTIFICATION_CARD", back: "IDENTIFICATION_CARD", number: "ΑΒ ######", native: true, weight: 7, predecessors: true},
	{key: "isr-id", country: "ISR", culture: "he", typeOfID: "IdentificationCard", front: "IDENTIFICATION_CARD", years: 10, minAge: 16, native: true, weight: 7, extra: extraIsraeli},
	{key: "tha-id", country: "THA", culture: "th", typeOfID: "IdentificationCard", front: "IDENTIFICATION_CARD", back: "IDENTIFICATION_CARD", years: 8, native: true, address: true, weight: 7, extra: extraThai},
	{key: "ita-id", country: "ITA", culture: "it", typeOfID: "IdentificationCard", front: "IDENTIFICATION_CARD", back: "IDENTIFICATION_CARD", mrz: mrzTD1, mrzCode: "C<", number: "CA#####@@", years: 10, address: true, weight: 6},
	{key: "rou-id", country: "ROU", culture: "ro", typeOfID: "IdentificationCard", front: "IDENTIFICATION_CARD", mrz: mrzTD2, mrzCode: "ID", number: "@@######", years: 10, address: true, weight: 6},
	{key: "usa-residence", country: "USA", culture: "andes", typeOfID: "ResidenceDocument", front: "PERMANENT_RESIDENT_CARD", back: "PERMANENT_RESIDENT_CARD", mrz: mrzTD1, mrzCode: "C1", number: "#########", years: 10, weight: 5, extra: extraResident},
}

// document is one person's document as it was captured.
type document struct {
	kind    *docKind
	holder  *person
	name    name   // as printed; a second document may disagree
	number  string // as read from the visual zone
	genuine string // as in the machine-readable zone
	// personal is the national number that some documents also carry.
	personal string
	issued   time.Time
	expires  time.Time // zero: does not expire
	old      bool      // an old series
	mrz      []string
	extras   object // further OCR fields
	capture  capture
	// confidence overrides how surely a field was read, 0–1, by the OCR
	// field's own name.
	confidence map[string]float64
}

// capture is how the pictures of a document came out. Sharpness and light are
// 0–100.
type capture struct {
	sharpFront, sharpBack int
	lightFront, lightBack int
	frontFails, backFails int
	paper, screen, altered,
	postit, fake, manual bool
}

func (d *document) twoSided() bool { return d.kind.back != "" }

func (d *document) expiredAt(t time.Time) bool { return !d.expires.IsZero() && d.expires.Before(t) }

// newDocument issues a document to a person, valid at the moment of use.
func newDocument(r *rand.Rand, k *docKind, p *person, at time.Time) *document {
	d := &document{kind: k, holder: p, name: p.name, confidence: map[string]float64{}}
	d.number = fill(r, k.number)
	d.capture = capture{sharpFront: 82 + r.IntN(18), lightFront: 80 + r.IntN(20)}
	if d.twoSided() {
		d.capture.sharpBack, d.capture.lightBack = 80+r.IntN(20), 80+r.IntN(20)
	}
	age := 0.15 + 0.7*r.Float64()
	years := k.years
	if years == 0 {
		years = 12
	}
	d.issued = day(at.AddDate(0, 0, -int(age*float64(years)*365)))
	if earliest := p.birth.AddDate(k.minAge, 1, 0); d.issued.Before(earliest) {
		d.issued = earliest
	}
	if d.issued.After(at) {
		d.issued = day(at.AddDate(0, 0, -3))
	}
	d.settle(r)
	return d
}

// expire makes it run out the given number of days before the moment of use.
func (d *document) expire(r *rand.Rand, at time.Time, days int) {
	d.expires = day(at.AddDate(0, 0, -days))
	d.issued = d.expires.AddDate(-d.kind.years, 0, 1)
	d.settle(r)
}

// settle derives what depends on dates, number and name.
func (d *document) settle(r *rand.Rand) {
	if d.kind.years > 0 {
		d.expires = d.issued.AddDate(d.kind.years, 0, -1)
	}
	if d.genuine == "" {
		if d.kind.extra != nil {
			d.kind.extra(r, d)
		}
		d.genuine = d.number
	}
	d.mrz = d.kind.mrz.lines(d.zone())
}

// misread changes one character of the number as read from the visual zone, so
// that it differs from the machine-readable one: a digit for one that looks
// like it, or the last letter when there is no digit.
func (d *document) misread() {
	const digits, alike = "0123456789", "6758960134"
	b := []byte(d.genuine)
	at := strings.LastIndexAny(d.genuine[:len(d.genuine)-1], digits)
	if at < 0 {
		b[len(b)-1] = 'A' + (b[len(b)-1]-'A'+1)%26
	} else {
		b[at] = alike[b[at]-'0']
	}
	d.number = string(b)
	d.confidence["documentNumber"] = 0.42
}

// zone is the content of the machine-readable zone. Where the document carries
// a national number, the zone has it as optional data.
func (d *document) zone() mrzData {
	c := countries[d.kind.country]
	data := mrzData{
		code: d.kind.mrzCode, issuer: c.machine(), nation: c.machine(), number: strings.ReplaceAll(d.genuine, " ", ""),
		birth: d.holder.birth, sex: d.holder.sex(), expires: d.expires,
		family: d.name.surnames(), given: d.name.given, optional: strings.ReplaceAll(d.personal, "-", ""),
	}
	switch d.kind.key {
	case "mex-ine": // the zone holds the CIC and the OCR number, not the document number
		data.number, data.optional = d.text("cic"), "<<"+d.text("ocr")
	case "usa-residence":
		data.nation, data.optional = "COL", d.text("nue")
	}
	return data
}

// text is a further field's string.
func (d *document) text(key string) string {
	for _, f := range d.extras {
		if f.key == key {
			s, _ := f.value.(string)
			return s
		}
	}
	return ""
}

// fill turns a number pattern into a number.
func fill(r *rand.Rand, pattern string) string {
	const letters, digits = "ABCDEFGHJKLMNPRSTUVWXYZ", "0123456789"
	var b strings.Builder
	for _, c := range pattern {
		switch c {
		case '@':
			b.WriteByte(letters[r.IntN(len(letters))])
		case '#':
			b.WriteByte(digits[r.IntN(len(digits))])
		case '?':
			both := letters + digits
			b.WriteByte(both[r.IntN(len(both))])
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

func day(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

func extraINE(r *rand.Rand, d *document) {
	p := d.holder
	d.number = fill(r, "#########")
	d.extras = object{
		{"claveDeElector", electorKey(r, p)},
		{"curp", curp(r, p)},
		{"numeroEmisionCredencial", fmt.Sprintf("%02d", r.IntN(4))},
		{"cic", d.number},
		{"ocr", fill(r, "#############")},
		{"registrationDate", max(p.birth.Year()+18, d.issued.Year()-r.IntN(10))},
	}
}

func extraMexPassport(r *rand.Rand, d *document) {
	d.extras = object{{"curp", curp(r, d.holder)}}
}

func extraUSDL(r *rand.Rand, d *document) {
	p := d.holder
	weight := 110 + r.IntN(110)
	inches := p.heightCM * 100 / 254
	d.extras = object{
		{"refNumber", fill(r, "##############")},
		{"height", fmt.Sprintf("%03d IN", inches)},
		{"weight", fmt.Sprint(weight)},
		{"eyeColor", p.eyes},
		{"hairColor", pick(r, []string{"BRO", "BLK", "BLN", "GRY"})},
		{"classes", "C"},
		{"mentions", "NONE"},
		{"restrictions", pick(r, []string{"NONE", "A", "B"})},
		{"dlClassDetails", []object{{
			{"dlClass", "C"},
			{"validFromDate", millis(d.issued)},
			{"validToDate", millis(d.issued.AddDate(d.kind.years, 0, -1))},
			{"additionalCodes", ""},
		}}},
	}
	d.extras.add("barcodeRawData", fmt.Sprintf("@\nANSI 636000100002DL\nDCS%s\nDAC%s\nDBB%s\nDAQ%s\nDAJ%s",
		strings.ToUpper(p.family), strings.ToUpper(p.given), p.birth.Format("01022006"), d.number, p.place.state))
}

func extraBRRG(r *rand.Rand, d *document) {
	d.extras = object{
		{"fathersName", d.holder.father},
		{"mothersName", d.holder.mother},
		{"federalRevenueNumber", cpf(r)},
		{"originDocumentId", "C.NASC LV A" + fill(r, "## FLS ### N #####")},
		{"nationalityAlpha3", "BRA"},
		{"birthPlace", d.holder.place.city + " - " + d.holder.place.state},
	}
}

func extraCNH(r *rand.Rand, d *document) {
	d.extras = object{
		{"fathersName", d.holder.father},
		{"mothersName", d.holder.mother},
		{"federalRevenueNumber", cpf(r)},
		{"driversLicenseCategory", pick(r, []string{"B", "AB", "D"})},
		{"controlNumber", fill(r, "###########")},
		{"renach", d.holder.place.state + fill(r, "#########")},
		{"nationalityAlpha3", "BRA"},
	}
}

func extraDNI(r *rand.Rand, d *document) {
	n := r.IntN(90_000_000) + 10_000_000
	d.personal = fmt.Sprintf("%d%c", n, "TRWAGMYFPDXBNJZSQVHLCKE"[n%23])
}

func extraEmirates(r *rand.Rand, d *document) {
	d.personal = fmt.Sprintf("784-%d-%s", d.holder.birth.Year(), fill(r, "#######-#"))
}

func extraAadhaar(_ *rand.Rand, d *document) {
	d.extras = object{{"fathersName", d.holder.father}}
}

func extraResident(r *rand.Rand, d *document) {
	d.extras = object{{"nue", fill(r, "SRC##########")}, {"birthPlace", "COLOMBIA"}}
}

// extraChineseID numbers the card: region, birth date, sequence (odd for men),
// check character of ISO 7064 MOD 11-2.
func extraChineseID(r *rand.Rand, d *document) {
	p := d.holder
	seq := r.IntN(499) * 2
	if !p.female {
		seq++
	}
	s := fmt.Sprintf("510104%s%03d", p.birth.Format("20060102"), seq)
	d.number = s + chineseCheck(s)
	d.extras = object{{"race", "汉"}}
}
