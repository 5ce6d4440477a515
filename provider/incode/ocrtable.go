package incode

import (
	"strings"

	"docket/model"
	"docket/provider/meaning"
)

// How an OCR value is written on the wire, and so how it has to be read.
type ocrForm uint8

const (
	asText   ocrForm = iota
	asMillis         // UTC milliseconds, a number or a string, negative before 1970
	asGender         // M or F; Female was seen
)

// ocrField says what docket knows of one field of "Fetch ocr data".
type ocrField struct {
	name  string
	class model.Class
	form  ocrForm
	// open tells of a value that it says nothing about a person; nil: none does.
	open func(string) bool
}

// classOf is the class of a value of the field.
func (f ocrField) classOf(value string) model.Class {
	if f.open != nil && f.open(value) {
		return model.ClassNone
	}
	return f.class
}

// isCountry reports whether a value is a country that docket knows, or its code.
func isCountry(value string) bool {
	_, ok := countryOf(value)
	return ok
}

// ocrFields lists the fields in the order a reader wants them. A field that is
// not listed comes after them, in the order sent, and nobody knows what it tells.
var ocrFields = []ocrField{
	{name: "name.fullName", class: model.ClassName},
	{name: "documentNumber", class: model.ClassDocument},
	{name: "birthDate", class: model.ClassBirth, form: asMillis},
	{name: "expireAt", class: model.ClassDocument, form: asMillis},
	{name: "expirationDate", class: model.ClassDocument},
	{name: "gender", class: model.ClassTrait, form: asGender},
	{name: "nationality", class: model.ClassTrait},
	{name: "address", class: model.ClassAddress},
	{name: "typeOfId", class: model.ClassOther, open: meaning.Harmless},
	{name: "issuingCountry", class: model.ClassOther, open: isCountry},
	{name: "issuingState", class: model.ClassOther},
	{name: "issuedAt", class: model.ClassDocument, form: asMillis},
	{name: "issueDate", class: model.ClassDocument},
	{name: "issuingAuthority", class: model.ClassOther},
	{name: "documentFrontSubtype", class: model.ClassOther},
	{name: "documentBackSubtype", class: model.ClassOther},
	{name: "name.firstName", class: model.ClassName},
	{name: "name.middleName", class: model.ClassName},
	{name: "name.givenName", class: model.ClassName},
	{name: "name.paternalLastName", class: model.ClassName},
	{name: "name.maternalLastName", class: model.ClassName},
	{name: "name.nameSuffix", class: model.ClassName},
	{name: "name.machineReadableFullName", class: model.ClassName},
	{name: "name.givenNameMrz", class: model.ClassName},
	{name: "name.lastNameMrz", class: model.ClassName},
	{name: "fullNameMrz", class: model.ClassName},
	{name: "nationalityMrz", class: model.ClassTrait},
	{name: "nationalityAlpha3", class: model.ClassTrait},
	{name: "birthPlace", class: model.ClassBirth},
	{name: "fathersName", class: model.ClassName},
	{name: "mothersName", class: model.ClassName},
	{name: "maritalStatus", class: model.ClassTrait},
	{name: "race", class: model.ClassTrait},
	{name: "height", class: model.ClassTrait},
	{name: "weight", class: model.ClassTrait},
	{name: "eyeColor", class: model.ClassTrait},
	{name: "hairColor", class: model.ClassTrait},
	{name: "bloodType", class: model.ClassTrait},
	{name: "fullAddress", class: model.ClassOther, open: meaning.Harmless},
	{name: "invalidAddress", class: model.ClassOther, open: meaning.Harmless},
	{name: "checkedAddress", class: model.ClassAddress},
	{name: "exteriorNumber", class: model.ClassAddress},
	{name: "interiorNumber", class: model.ClassAddress},
	{name: "poaName", class: model.ClassName},
	{name: "addressFromStatement", class: model.ClassAddress},
	{name: "invalidAddressFromStatement", class: model.ClassOther, open: meaning.Harmless},
	{name: "addressStatementEmissionDate", class: model.ClassOther, form: asMillis},
	{name: "documentType", class: model.ClassOther},
	{name: "classes", class: model.ClassOther},
	{name: "cond", class: model.ClassOther},
	{name: "mentions", class: model.ClassOther},
	{name: "restrictions", class: model.ClassOther},
	{name: "driversLicenseCategory", class: model.ClassOther},
	{name: "registrationDate", class: model.ClassOther},
	{name: "externalId", class: model.ClassDocument},
	{name: "notExtracted", class: model.ClassOther, open: meaning.Harmless},
	{name: "notExtractedDetails", class: model.ClassOther},
	{name: "documentNumberCheckDigit", class: model.ClassOther},
	{name: "dateOfBirthCheckDigit", class: model.ClassOther},
	{name: "expirationDateCheckDigit", class: model.ClassOther},
}

// ocrFolders are nested structures: what to think of any field inside them.
var ocrFolders = []ocrField{
	{name: "name.", class: model.ClassName},
	{name: "addressFields.", class: model.ClassAddress},
	{name: "addressFieldsFromStatement.", class: model.ClassAddress},
	{name: "checkedAddressBean.", class: model.ClassAddress},
	{name: "governmentComparisonResults.", class: model.ClassOther, open: meaning.Harmless},
}

// ocrLeaves are fields of list items, known by their last name.
var ocrLeaves = map[string]ocrField{
	"addressStatementTimestamp": {class: model.ClassOther, form: asMillis},
	"validFromDate":             {class: model.ClassOther, form: asMillis},
	"validToDate":               {class: model.ClassOther, form: asMillis},
}

// infoOf returns what is known of a field.
func infoOf(name string) ocrField {
	for _, f := range ocrFields {
		if f.name == name {
			return f
		}
	}
	for _, f := range ocrFolders {
		if strings.HasPrefix(name, f.name) {
			return f
		}
	}
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		if f, ok := ocrLeaves[name[i+1:]]; ok {
			return f
		}
	}
	return ocrField{name: name, class: model.ClassOther}
}

// orderOf returns the place of a field among the others.
func orderOf(name string) int {
	for i, f := range ocrFields {
		if f.name == name {
			return i
		}
	}
	return len(ocrFields)
}

// confidenceOf is the one mapping from a member of "ocrDataConfidence" to the
// fields it speaks of; the first one that was read gets it. The reference names
// most members after their field ("documentNumberConfidence"), which needs no
// line here, and these otherwise.
var confidenceOf = map[string][]string{
	"nameConfidence":           {"name.fullName"},
	"givenNameConfidence":      {"name.givenName"},
	"firstNameConfidence":      {"name.firstName"},
	"middleNameConfidence":     {"name.middleName"},
	"nameSuffixConfidence":     {"name.nameSuffix"},
	"fathersSurnameConfidence": {"name.paternalLastName"},
	"mothersSurnameConfidence": {"name.maternalLastName"},
	"fullNameMrzConfidence":    {"fullNameMrz", "name.machineReadableFullName"},
	"givenNameMrzConfidence":   {"name.givenNameMrz"},
	"lastNameMrzConfidence":    {"name.lastNameMrz"},
	"streetConfidence":         {"addressFields.street"},
	"colonyConfidence":         {"addressFields.colony"},
	"postalCodeConfidence":     {"addressFields.postalCode"},
	"cityConfidence":           {"addressFields.city"},
	"stateConfidence":          {"addressFields.state"},
	"countryCodeConfidence":    {"issuingCountry"},
}
