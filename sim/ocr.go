package sim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ocrBody is the answer of Fetch ocr data for one document. Which fields there
// are depends on the document, as in the reference.
func ocrBody(p *profile, d *document) object {
	h := d.holder
	o := object{{"name", ocrName(d)}}
	ocrAddress(&o, d)
	o.add("typeOfId", d.kind.typeOfID)
	o.add("documentFrontSubtype", d.kind.front)
	o.add("documentBackSubtype", d.kind.back)
	o.add("birthDate", millis(h.birth))
	o.add("gender", gender(p, h))
	o.add("documentNumber", d.number)
	o.add("personalNumber", d.personal)
	o = append(o, d.extras...)
	o.add("externalId", p.externalID)
	o.add("issuedAt", millisText(d.issued))
	o.add("expireAt", millisText(d.expires))
	o.add("issueDate", d.issued.Year())
	if !d.expires.IsZero() {
		o.add("expirationDate", d.expires.Year())
	}
	o.add("issuingCountry", d.kind.country)
	if d.kind.country == "USA" && d.kind.barcode {
		o.add("issuingState", h.place.state)
	}
	o.add("issuingAuthority", d.kind.authority)
	o.add("nationality", nationality(d))
	ocrZone(&o, d)
	if d.kind.country == "MEX" {
		o = append(o, field{"notExtracted", 0}, field{"notExtractedDetails", []string{}})
	}
	ocrGovernment(&o, p, d)
	return append(o, field{"ocrDataConfidence", ocrConfidence(o, d)})
}

func gender(p *profile, h *person) string {
	if p.femaleInWords {
		return "Female"
	}
	return h.sex()
}

func nationality(d *document) string {
	if d.kind.key == "usa-residence" {
		return "COLOMBIA"
	}
	return countries[d.kind.country].demonym
}

func ocrName(d *document) object {
	n := d.name
	words := strings.Fields(strings.ToUpper(n.given))
	o := object{{"fullName", n.full(d.kind.native)}}
	if d.kind.native && n.givenNative != "" {
		o = append(o, field{"firstName", n.givenNative}, field{"givenName", n.givenNative}, field{"paternalLastName", n.familyNative})
	} else {
		o = append(o, field{"firstName", words[0]}, field{"givenName", strings.Join(words, " ")})
		o.add("middleName", strings.Join(words[1:], " "))
		o.add("paternalLastName", strings.ToUpper(n.family))
		o.add("maternalLastName", strings.ToUpper(n.family2))
	}
	if d.mrz != nil || d.kind.barcode {
		o.add("machineReadableFullName", latin(n.given+" "+n.surnames()))
		o.add("givenNameMrz", latin(n.given))
		o.add("lastNameMrz", latin(n.surnames()))
	}
	return o
}

// ocrAddress adds the address, as read and as the geocoder has it.
func ocrAddress(o *object, d *document) {
	if !d.kind.address {
		return
	}
	h := d.holder
	fields := object{{"street", h.street}}
	lines := []string{h.street}
	colony := ""
	if d.kind.country == "MEX" {
		colony = "COL CENTRO"
		lines = append(lines, colony+" "+h.place.postal)
		fields = append(fields, field{"colony", "CENTRO"})
	}
	fields.add("postalCode", h.place.postal)
	fields.add("city", h.place.city)
	fields.add("state", h.place.state)
	last := h.place.city + ", " + h.place.state
	if colony == "" {
		last = h.place.postal + " " + last
	}
	lines = append(lines, strings.TrimSpace(last))
	checked := slices.Concat(fields, object{
		{"label", h.street},
		{"latitude", h.place.lat},
		{"longitude", h.place.lon},
		{"zipColonyOptions", []string{}},
	})
	*o = append(*o, object{
		{"address", strings.Join(lines, "\n")},
		{"addressFields", fields},
		{"fullAddress", len(lines) == 3},
		{"checkedAddress", fmt.Sprintf("%s, %s, %s, %s", h.street, h.place.city, h.place.postal, h.country.name)},
		{"checkedAddressBean", checked},
	}...)
	if d.kind.country == "MEX" {
		*o = append(*o, field{"invalidAddress", false})
	}
}

// ocrZone adds what the machine-readable zone says.
func ocrZone(o *object, d *document) {
	if d.mrz == nil {
		return
	}
	z := d.zone()
	for i, line := range d.mrz {
		o.add(fmt.Sprintf("mrz%d", i+1), line)
	}
	o.add("fullNameMrz", latin(d.name.given+" "+d.name.surnames()))
	o.add("nationalityMrz", z.nation)
	o.add("documentNumberCheckDigit", checkDigit(pad(z.number, 9)))
	o.add("dateOfBirthCheckDigit", checkDigit(mrzDate(z.birth)))
	o.add("expirationDateCheckDigit", checkDigit(mrzDate(z.expires)))
}

// ocrGovernment adds the comparison with the authority's record.
func ocrGovernment(o *object, p *profile, d *document) {
	if p.gov == nil || d != p.doc || d.kind.key != "mex-ine" || !p.gov.compared() {
		return
	}
	valid := func(key string) bool { return !slices.Contains(p.gov.wrong, key) }
	*o = append(*o, field{"governmentComparisonResults", object{
		{"paternalLastNameValid", valid("paternalLastName")},
		{"maternalLastNameValid", valid("maternalLastName")},
		{"firstNameValid", valid("firstName")},
		{"curpValid", valid("personalId")},
		{"ocrValid", valid("ocr")},
		{"claveDeElectorValid", valid("electorsKey")},
		{"numeroEmisionCredencialValid", valid("emissionNumber")},
		{"registrationDateValid", valid("registrationDate")},
		{"issueDateValid", valid("issueDate")},
	}})
}

// confidenceNames are the OCR fields whose confidence has another name than
// the field (Incode Omni API, Fetch ocr data); the others append "Confidence".
var confidenceNames = []struct{ field, confidence string }{
	{"fullName", "name"},
	{"givenName", "givenName"},
	{"firstName", "firstName"},
	{"middleName", "middleName"},
	{"maternalLastName", "mothersSurname"},
	{"paternalLastName", "fathersSurname"},
}

// plainConfidences are the fields that have a confidence under their own name.
var plainConfidences = []string{
	"birthDate", "fullNameMrz", "address", "gender", "issueDate", "expirationDate", "issuedAt", "expireAt",
	"documentNumber", "personalNumber", "nationality", "nationalityMrz", "claveDeElector", "curp", "cic", "ocr",
	"numeroEmisionCredencial", "registrationDate", "height", "weight", "eyeColor", "refNumber", "classes",
	"mentions", "restrictions", "fathersName", "mothersName", "federalRevenueNumber", "mrz1", "mrz2", "mrz3",
}

// ocrConfidence says how surely each field was read, 0–1.
func ocrConfidence(o object, d *document) object {
	var c object
	sure := func(of, name string, at int) {
		v := 0.999 - float64((at*7+len(d.genuine)*3+int(d.holder.face%11))%9)/100
		if low, ok := d.confidence[of]; ok {
			v = low
		} else if d.capture.sharpFront < 50 {
			v -= 0.12
		}
		c = append(c, field{name + "Confidence", float64(int(v*1000)) / 1000})
	}
	names, _ := o[0].value.(object)
	for i, n := range confidenceNames {
		if slices.ContainsFunc(names, func(f field) bool { return f.key == n.field }) {
			sure(n.field, n.confidence, i)
		}
	}
	for i, n := range plainConfidences {
		if slices.ContainsFunc(o, func(f field) bool { return f.key == n }) {
			sure(n, n, i)
		}
	}
	for i, n := range []string{"street", "postalCode", "city", "state"} {
		if d.kind.address {
			sure(n, n, i)
		}
	}
	return c
}

// overallConfidence is the mean certainty of reading, 0–100.
func overallConfidence(d *document) float64 {
	v := 97.0
	if d.capture.sharpFront < 50 {
		v -= 12
	}
	for _, key := range slices.Sorted(maps.Keys(d.confidence)) { // in order: sums of floats depend on it
		v -= (1 - d.confidence[key]) * 15
	}
	return v
}

// emptyOCR is the answer while no document was read.
func emptyOCR() object {
	return object{{"name", nil}, {"address", nil}, {"typeOfId", "Unknown"}, {"ocrDataConfidence", object{}}}
}
