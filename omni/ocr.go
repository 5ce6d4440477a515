package omni

import (
	"context"

	"docket/omni/transport"
)

// OCR is what was read from a document and from a proof of address, Incode
// Omni API, Fetch ocr data. All of it is optional. Tree has all of it in the
// API's order, unknown members too.
type OCR struct {
	Name                         *OCRName       `omni:"name"`
	Address                      Text           `omni:"address"` // lines separated by \n
	AddressFields                *OCRAddress    `omni:"addressFields"`
	FullAddress                  Flag           `omni:"fullAddress"`
	InvalidAddress               Flag           `omni:"invalidAddress"`
	CheckedAddress               Text           `omni:"checkedAddress"` // by a geocoder
	CheckedAddressBean           *OCRAddress    `omni:"checkedAddressBean"`
	ExteriorNumber               Text           `omni:"exteriorNumber"`
	InteriorNumber               Text           `omni:"interiorNumber"`
	AddressFromStatement         Text           `omni:"addressFromStatement"`
	AddressFieldsFromStatement   *OCRAddress    `omni:"addressFieldsFromStatement"`
	InvalidAddressFromStatement  Flag           `omni:"invalidAddressFromStatement"`
	AddressStatementEmissionDate Millis         `omni:"addressStatementEmissionDate"`
	DocumentType                 Text           `omni:"documentType"` // of the proof of address
	AddressStatementTimestamps   []OCRTimestamp `omni:"addressStatementTimestamps"`
	PoAName                      Text           `omni:"poaName"`

	TypeOfID             Text   `omni:"typeOfId"`
	DocumentFrontSubtype Text   `omni:"documentFrontSubtype"`
	DocumentBackSubtype  Text   `omni:"documentBackSubtype"`
	BirthDate            Millis `omni:"birthDate"`
	Gender               Text   `omni:"gender"` // M or F; "Female" was seen

	ClaveDeElector          Text   `omni:"claveDeElector"`
	CURP                    Text   `omni:"curp"`
	NumeroEmisionCredencial Text   `omni:"numeroEmisionCredencial"`
	CIC                     Text   `omni:"cic"`
	OCR                     Text   `omni:"ocr"`
	DocumentNumber          Text   `omni:"documentNumber"`
	PersonalNumber          Text   `omni:"personalNumber"`
	RefNumber               Text   `omni:"refNumber"`
	TaxIDNumber             Text   `omni:"taxIdNumber"`
	NUE                     Text   `omni:"nue"`
	ExternalID              Text   `omni:"externalId"`
	IssuedAt                Millis `omni:"issuedAt"`
	ExpireAt                Millis `omni:"expireAt"`
	IssueDate               Num    `omni:"issueDate"`        // a year
	ExpirationDate          Num    `omni:"expirationDate"`   // a year
	RegistrationDate        Num    `omni:"registrationDate"` // a year
	IssuingCountry          Text   `omni:"issuingCountry"`
	IssuingState            Text   `omni:"issuingState"`
	IssuingAuthority        Text   `omni:"issuingAuthority"`

	BirthPlace        Text `omni:"birthPlace"`
	Height            Text `omni:"height"`
	Weight            Text `omni:"weight"`
	EyeColor          Text `omni:"eyeColor"`
	HairColor         Text `omni:"hairColor"`
	BloodType         Text `omni:"bloodType"`
	MaritalStatus     Text `omni:"maritalStatus"`
	Nationality       Text `omni:"nationality"`
	NationalityMRZ    Text `omni:"nationalityMrz"`
	NationalityAlpha3 Text `omni:"nationalityAlpha3"`
	Race              Text `omni:"race"`

	DLClassDetails         []OCRDLClass   `omni:"dlClassDetails"`
	GovernmentComparison   *OCRGovernment `omni:"governmentComparisonResults"`
	NotExtracted           Num            `omni:"notExtracted"`
	NotExtractedDetails    []Text         `omni:"notExtractedDetails"`
	Classes                Text           `omni:"classes"`
	Conditions             Text           `omni:"cond"`
	Mentions               Text           `omni:"mentions"`
	Restrictions           Text           `omni:"restrictions"`
	DriversLicenseCategory Text           `omni:"driversLicenseCategory"`

	MRZ1                     Text `omni:"mrz1"`
	MRZ2                     Text `omni:"mrz2"`
	MRZ3                     Text `omni:"mrz3"`
	FullNameMRZ              Text `omni:"fullNameMrz"`
	DocumentNumberCheckDigit Text `omni:"documentNumberCheckDigit"`
	DateOfBirthCheckDigit    Text `omni:"dateOfBirthCheckDigit"`
	ExpirationDateCheckDigit Text `omni:"expirationDateCheckDigit"`
	BarcodeRawData           Text `omni:"barcodeRawData"`

	FathersName          Text `omni:"fathersName"`
	MothersName          Text `omni:"mothersName"`
	FederalRevenueNumber Text `omni:"federalRevenueNumber"`
	OriginDocumentID     Text `omni:"originDocumentId"`
	ControlNumber        Text `omni:"controlNumber"`
	Renach               Text `omni:"renach"`

	// Confidence holds, for a field, its name followed by "Confidence", 0 to 1.
	Confidence Node `omni:"ocrDataConfidence"`
	Tree       Node
}

// OCRName is a name in its parts.
type OCRName struct {
	FullName                Text `omni:"fullName"`
	FirstName               Text `omni:"firstName"`
	PaternalLastName        Text `omni:"paternalLastName"`
	MaternalLastName        Text `omni:"maternalLastName"`
	GivenName               Text `omni:"givenName"`
	MiddleName              Text `omni:"middleName"`
	NameSuffix              Text `omni:"nameSuffix"`
	MachineReadableFullName Text `omni:"machineReadableFullName"`
	GivenNameMRZ            Text `omni:"givenNameMrz"`
	LastNameMRZ             Text `omni:"lastNameMrz"`
}

// OCRAddress is an address in its parts. Label and coordinates come with the
// geocoder's only.
type OCRAddress struct {
	Street     Text `omni:"street"`
	Colony     Text `omni:"colony"`
	PostalCode Text `omni:"postalCode"`
	City       Text `omni:"city"`
	State      Text `omni:"state"`
	Label      Text `omni:"label"`
	Latitude   Num  `omni:"latitude"`
	Longitude  Num  `omni:"longitude"`
}

// OCRTimestamp is a date on a proof of address.
type OCRTimestamp struct {
	DateType Text   `omni:"dateType"`
	At       Millis `omni:"addressStatementTimestamp"`
}

// OCRDLClass is a class of a driver's licence.
type OCRDLClass struct {
	Class           Text   `omni:"dlClass"`
	ValidFrom       Millis `omni:"validFromDate"`
	ValidTo         Millis `omni:"validToDate"`
	AdditionalCodes Text   `omni:"additionalCodes"`
}

// OCRGovernment tells which fields an authority confirmed.
type OCRGovernment struct {
	PaternalLastName        Flag `omni:"paternalLastNameValid"`
	MaternalLastName        Flag `omni:"maternalLastNameValid"`
	FirstName               Flag `omni:"firstNameValid"`
	CURP                    Flag `omni:"curpValid"`
	OCR                     Flag `omni:"ocrValid"`
	ClaveDeElector          Flag `omni:"claveDeElectorValid"`
	NumeroEmisionCredencial Flag `omni:"numeroEmisionCredencialValid"`
	RegistrationDate        Flag `omni:"registrationDateValid"`
	IssueDate               Flag `omni:"issueDateValid"`
}

// OCR reads what was read from a session's document (Incode Omni API, Fetch
// ocr data).
func (c *Client) OCR(ctx context.Context, id string) (Answer[OCR], error) {
	return call(ctx, c, EndpointOCR, args{query: map[string]string{"id": id}}, decodeOCR)
}

// OCRV2 reads the same from the newer endpoint (Incode Omni API, Fetch ocr
// data v2). The value's Tree is what is inside "ocrData".
func (c *Client) OCRV2(ctx context.Context, id string) (Answer[OCR], error) {
	return call(ctx, c, EndpointOCRV2, args{query: map[string]string{"id": id}}, decodeOCRV2)
}

// OCRSecondID reads what was read from the second document (Incode Omni API,
// Fetch ocr data for second id).
func (c *Client) OCRSecondID(ctx context.Context, id string) (Answer[OCR], error) {
	return call(ctx, c, EndpointOCRSecondID, args{query: map[string]string{"id": id}}, decodeOCR)
}

// A session without a document has nothing read: an empty object.
func decodeOCR(body []byte) (OCR, error) {
	v, n, err := decode[OCR](body, shape{empty: true})
	v.Tree = n
	return v, err
}

func decodeOCRV2(body []byte) (OCR, error) {
	const wrapper = "ocrData"
	n, err := ParseNode(body)
	if err != nil {
		return OCR{}, transport.WrongShape("the answer is %s", err.Error())
	}
	inner := n.Get(wrapper)
	switch {
	case n.Kind != Object:
		return OCR{}, transport.WrongShape("expected an object, got %s", n.Kind)
	case inner.Kind == Absent:
		return OCR{}, transport.WrongShape("the answer has no %s", wrapper)
	case inner.empty():
		return OCR{Tree: Node{Kind: Object}}, nil
	}
	if err := checkShape[OCR](inner, shape{}); err != nil {
		return OCR{}, err
	}
	v := OCR{Tree: inner}
	fill(inner, &v)
	return v, nil
}
