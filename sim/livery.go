package sim

import (
	"image/color"
	"strings"
	"time"
)

// livery is how the documents of a country look. None copies a real document:
// the colours, places and emblems are made up.
type livery struct {
	title      string
	main, soft color.RGBA // of the head, and of the ground
	photoRight bool
	dates      string // layout of a date
	labels     string // language of the labels
}

const (
	datesDotted  = "02.01.2006"
	datesSlashed = "02/01/2006"
	datesUS      = "01/02/2006"
	datesISO     = "2006.01.02"
	datesWords   = "02 Jan 2006"
)

var liveries = map[string]livery{
	"MEX": {"MÉXICO", rgb(0x7b1f3a), rgb(0xf2e6ea), false, datesSlashed, "es"},
	"USA": {"UNITED STATES OF AMERICA", rgb(0x1d3f72), rgb(0xe4ebf5), false, datesUS, ""},
	"BRA": {"REPÚBLICA FEDERATIVA DO BRASIL", rgb(0x1f6b43), rgb(0xe3f0e4), false, datesSlashed, "pt"},
	"ESP": {"ESPAÑA", rgb(0x9c2f2f), rgb(0xf5ebdc), false, "02 01 2006", "es"},
	"FRA": {"RÉPUBLIQUE FRANÇAISE", rgb(0x28518f), rgb(0xe3edf6), false, datesDotted, "fr"},
	"DEU": {"BUNDESREPUBLIK DEUTSCHLAND", rgb(0x3c6e71), rgb(0xe6f0ea), false, datesDotted, "de"},
	"GBR": {"UNITED KINGDOM", rgb(0x5c2a5e), rgb(0xf3e6ee), false, datesDotted, ""},
	"JPN": {"JAPAN", rgb(0x7a2b2b), rgb(0xf4ece4), true, datesISO, ""},
	"CHN": {"CHINA", rgb(0x1b6e7a), rgb(0xe2f1f0), true, datesISO, ""},
	"IND": {"REPUBLIC OF INDIA", rgb(0xb45f1c), rgb(0xf7efe2), false, datesSlashed, ""},
	"ARE": {"UNITED ARAB EMIRATES", rgb(0x2f6d4f), rgb(0xe9f1ea), false, datesSlashed, ""},
	"EGY": {"EGYPT", rgb(0x8a6d1f), rgb(0xf4efdd), false, datesSlashed, ""},
	"COL": {"REPÚBLICA DE COLOMBIA", rgb(0x8f6b12), rgb(0xf7f0d8), true, datesSlashed, "es"},
	"PER": {"REPÚBLICA DEL PERÚ", rgb(0x8c2f39), rgb(0xe6eef5), false, datesSlashed, "es"},
	"ARG": {"REPÚBLICA ARGENTINA", rgb(0x2e7ca8), rgb(0xe2f0f7), false, datesSlashed, "es"},
	"NGA": {"FEDERAL REPUBLIC OF NIGERIA", rgb(0x1f6b3a), rgb(0xe6f2e6), false, datesWords, ""},
	"KOR": {"REPUBLIC OF KOREA", rgb(0x2b4c7e), rgb(0xe9eef6), true, datesISO, ""},
	"RUS": {"РОССИЙСКАЯ ФЕДЕРАЦИЯ", rgb(0x7a2f3f), rgb(0xf5e9e4), false, datesDotted, ""},
	"UKR": {"УКРАЇНА", rgb(0x2a6fa8), rgb(0xf4f2dc), false, "02 01 2006", ""},
	"GRC": {"ΕΛΛΗΝΙΚΗ ΔΗΜΟΚΡΑΤΙΑ", rgb(0x2c5aa0), rgb(0xe4edf6), false, datesSlashed, ""},
	"ISR": {"STATE OF ISRAEL", rgb(0x3564a8), rgb(0xe6eef8), true, datesDotted, ""},
	"THA": {"THAILAND", rgb(0x2c5d8f), rgb(0xdfeef6), true, datesWords, ""},
	"ITA": {"REPUBBLICA ITALIANA", rgb(0x2d6a4f), rgb(0xe8f1e6), false, datesDotted, ""},
	"ROU": {"ROMÂNIA", rgb(0x31508c), rgb(0xf3eedc), false, datesDotted, ""},
}

// kindTitles are what a document calls itself.
var kindTitles = map[string]string{
	"Passport": "PASSPORT", "DriversLicense": "DRIVING LICENCE", "IdentificationCard": "IDENTITY CARD", "FederalID": "IDENTITY CARD",
	"VoterIdentification": "CREDENCIAL PARA VOTAR", "MedicalCard": "HEALTH INSURANCE CARD", "ResidenceDocument": "PERMANENT RESIDENT CARD",
}

// labelWords are the labels of a document in other languages than English.
var labelWords = map[string]map[string]string{
	"es": {"Surname": "Apellidos", "Given names": "Nombres", "Number": "Número", "Date of birth": "Fecha de nacimiento", "Sex": "Sexo", "Nationality": "Nacionalidad", "Date of issue": "Emisión", "Date of expiry": "Vigencia", "Address": "Domicilio", "Authority": "Autoridad", "Personal number": "Núm. personal"},
	"pt": {"Surname": "Sobrenome", "Given names": "Nome", "Number": "Registro", "Date of birth": "Nascimento", "Sex": "Sexo", "Nationality": "Nacionalidade", "Date of issue": "Emissão", "Date of expiry": "Vence em", "Address": "Endereço"},
	"fr": {"Surname": "Nom", "Given names": "Prénoms", "Number": "N° du document", "Date of birth": "Date de naissance", "Sex": "Sexe", "Nationality": "Nation.", "Date of issue": "Délivré le", "Date of expiry": "Expire le", "Address": "Adresse"},
	"de": {"Surname": "Name", "Given names": "Vornamen", "Number": "Nummer", "Date of birth": "Geburtstag", "Sex": "Geschlecht", "Nationality": "Staatsangehörigkeit", "Date of issue": "Ausgestellt", "Date of expiry": "Gültig bis", "Address": "Anschrift"},
}

// entry is a labelled line of a document.
type entry struct {
	label, value string
	wide         bool // has a row of its own
}

// entries are what a document's front says, as the OCR answer has it; apart
// from a number that was misread, of which the document shows the right one.
// What the typeface cannot write stands in Latin letters, or is left out.
func (d *document) entries(f *faces) []entry {
	lv := liveries[d.kind.country]
	var list []entry
	add := func(label, value string, wide bool) {
		if word := labelWords[lv.labels][label]; word != "" {
			label = word
		}
		if value != "" && writable(f.bold, value) {
			list = append(list, entry{label, value, wide})
		}
	}
	date := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return strings.ToUpper(t.Format(lv.dates))
	}
	if native := d.name.full(true); d.kind.native && writable(f.bold, native) && native != d.name.full(false) {
		add("Name", native, true)
	}
	add("Surname", strings.ToUpper(d.name.surnames()), true)
	add("Given names", strings.ToUpper(d.name.given), true)
	add("Number", d.genuine, false)
	add("Personal number", d.personal, false)
	add("Date of birth", date(d.holder.birth), false)
	add("Sex", d.holder.sex(), false)
	add("Nationality", nationality(d), false)
	add("Date of issue", date(d.issued), false)
	add("Date of expiry", date(d.expires), false)
	for _, e := range []struct{ label, key string }{
		{"CURP", "curp"}, {"Clave de elector", "claveDeElector"}, {"CPF", "federalRevenueNumber"}, {"USCIS#", "nue"}, {"Class", "classes"}, {"Height", "height"}, {"Eyes", "eyeColor"}, {"Cat.", "driversLicenseCategory"},
	} {
		add(e.label, d.text(e.key), false)
	}
	if d.kind.address {
		add("Address", strings.ReplaceAll(addressOf(d), "\n", ", "), true)
	}
	add("Authority", d.kind.authority, true)
	return list
}

// addressOf is the address as the OCR answer has it.
func addressOf(d *document) string {
	var o object
	ocrAddress(&o, d)
	for _, f := range o {
		if f.key == "address" {
			s, _ := f.value.(string)
			return s
		}
	}
	return ""
}
