package incode

import (
	"testing"

	"github.com/stretchr/testify/require"

	"docket/model"
)

func names(fields []model.Field) []string {
	var out []string
	for _, f := range fields {
		out = append(out, f.Name)
	}
	return out
}

func TestOCRInTheOrderOfAReader(t *testing.T) {
	fields := ocrOf(t, fixture(t, "ocr.passport.json"))
	require.Equal(t, []string{
		"name.fullName", "documentNumber", "birthDate", "expireAt", "expirationDate", "gender", "nationality", "typeOfId",
		"issuingCountry", "issuedAt", "issueDate", "documentFrontSubtype", "name.firstName", "name.givenName",
		"name.paternalLastName", "name.maternalLastName", "fullNameMrz", "nationalityMrz", "poaName", "addressFromStatement",
		"notExtracted", "notExtractedDetails", "documentNumberCheckDigit",
		"mrz1", "mrz2", "addressFieldsFromStatement.street", "addressFieldsFromStatement.colony", "addressFieldsFromStatement.postalCode",
		"addressStatementTimestamps.0.dateType", "addressStatementTimestamps.0.addressStatementTimestamp", "somethingNew.inner",
	}, names(fields))
	for name, want := range map[string]string{
		"birthDate": "1969-04-03", "expireAt": "2026-03-14", "expirationDate": "2026", "issuedAt": "2016-03-14", "gender": "F",
		"addressStatementTimestamps.0.addressStatementTimestamp": "2025-10-01",
		"addressFromStatement": "CALLE FALSA 12, CENTRO, 06000 CIUDAD DE MEXICO",
		"notExtractedDetails":  "address",
	} {
		require.Equal(t, want, textOf(fields, name), name)
	}
}

func TestOCRConfidencesFindTheirFields(t *testing.T) {
	got := map[string]float64{}
	for _, body := range []string{"ocr.passport.json", "ocr.licence.json"} {
		for _, f := range ocrOf(t, fixture(t, body)) {
			if f.Confidence != nil {
				got[body[4:7]+" "+f.Name] = *f.Confidence
			}
		}
	}
	require.Equal(t, map[string]float64{
		"pas birthDate": 0.98, "pas name.fullName": 0.99, "pas name.paternalLastName": 0.97, "pas name.maternalLastName": 0.96,
		"pas fullNameMrz": 1, "pas documentNumber": 0.42, "pas expireAt": 0.97,
		"lic birthDate": 1, "lic name.fullName": 1, "lic name.machineReadableFullName": 0.9, "lic issuingCountry": 0.8,
		"lic addressFields.street": 0.7,
	}, got)
}

func TestOCRPersonalData(t *testing.T) {
	fields := ocrOf(t, fixture(t, "ocr.passport.json"))
	for name, class := range map[string]model.Class{
		"name.fullName": model.ClassName, "documentNumber": model.ClassDocument, "birthDate": model.ClassBirth,
		"gender": model.ClassTrait, "addressFromStatement": model.ClassAddress, "mrz1": model.ClassOther,
		"addressFieldsFromStatement.street": model.ClassAddress, "poaName": model.ClassName,
		"somethingNew.inner": model.ClassOther, "typeOfId": model.ClassNone, "issuingCountry": model.ClassNone,
	} {
		require.Equal(t, class, valueOf(fields, name).Class(), name)
	}
}

func TestOCRDates(t *testing.T) {
	for in, want := range map[string]string{
		`-23587200000`: "1969-04-03", `"-23587200000"`: "1969-04-03", `0`: "1970-01-01", `"1754265600000"`: "2025-08-04",
		`1.7542656e12`: "2025-08-04", `"1754265600000.0"`: "2025-08-04", `" 1754265600000 "`: "2025-08-04",
		`"04/08/2025"`: "04/08/2025", `99999999999999999999`: "99999999999999999999", `""`: "", `true`: "true",
	} {
		fields := ocrOf(t, []byte(`{"birthDate":`+in+`}`))
		require.Equal(t, want, textOf(fields, "birthDate"), in)
	}
	require.Empty(t, ocrOf(t, []byte(`{"birthDate":null}`)))
}

func TestOCRShapes(t *testing.T) {
	require.Empty(t, ocrOf(t, []byte(`{}`)), "a session without a document has nothing read")
	require.Empty(t, ocrOf(t, []byte(`{"ocrData":{}}`)))
	require.Equal(t, "X1", textOf(ocrOf(t, []byte(`{"ocrData":{"documentNumber":"X1"}}`)), "documentNumber"))
	for _, body := range []string{`[]`, `null`, `"x"`, `{"anything":null}`} {
		_, problem := mapOCR(node(t, []byte(body)), &border{part: model.PartOCR})
		require.NotNil(t, problem, body)
		require.Equal(t, model.KindShape, problem.Kind)
	}
}

func TestApplicantAndDocument(t *testing.T) {
	so := withOCR(t, string(fixture(t, "ocr.passport.json")))
	require.Equal(t, "Lucía Fernanda ORTEGA RÍOS", so.Applicant.Name.Reveal())
	require.Equal(t, "1969-04-03", so.Applicant.BirthDate.Reveal())
	require.Equal(t, "F", so.Applicant.Gender.Reveal())
	require.Equal(t, "Passport", so.Document.Type)
	require.Equal(t, "MEX", so.Document.Country)
	require.Equal(t, "G38214907", so.Document.Number.Reveal())
	require.Equal(t, "2026-03-14", so.Document.Expires.Reveal())

	so = withOCR(t, `{"name":{"firstName":"Ana","paternalLastName":"Ruiz"},"issuingCountry":"mx","expirationDate":2031}`)
	require.Equal(t, "Ana Ruiz", so.Applicant.Name.Reveal())
	require.True(t, so.Applicant.Name.Masked())
	require.Equal(t, "MEX", so.Document.Country)
	require.Equal(t, "2031", so.Document.Expires.Reveal())
	require.False(t, so.Applicant.BirthDate.Present())
}
