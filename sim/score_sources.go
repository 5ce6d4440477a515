package sim

import (
	"slices"
	"strconv"
)

// government is a validation against an authority's records.
type government struct {
	code        int // Fetch scores, governmentValidation.validationStatus
	wrong       []string
	recognition float64 // 0: faces were not compared
}

// governmentCodes are the documented status codes with their keys. Those
// without answer say nothing about the person.
var governmentCodes = map[int]result{
	-1: {"processingIne", resUnknown},
	0:  {"ok", resOK},
	1:  {"validationError", resUnknown},
	2:  {"ineConnectionError", resUnknown},
	3:  {"ineInfrastructureError", resUnknown},
	4:  {"moduleNotSupported", resUnknown},
	5:  {"missingDocumentId", resUnknown},
	6:  {"missingSelfie", resUnknown},
	7:  {"userNotFound", resFail},
	8:  {"userNotFoundInIneDb", resFail},
	9:  {"notEnoughData", resUnknown},
	10: {"livenessFail", resFail},
	11: {"ineNotCurrent", resFail},
	12: {"ineReportedLost", resFail},
	13: {"ineReportedStolen", resFail},
	14: {"ineSignaturError", resFail},
	99: {"geographicRegionNotSupported", resUnknown},
}

// compared says whether the authority had a record to compare with.
func (g *government) compared() bool {
	return g.code == 0 || g.code >= 7 && g.code <= 14 && g.code != 9
}

// governmentFields are the keys of ocrValidation.
var governmentFields = []string{
	"issueDate", "firstName", "maternalLastName", "paternalLastName", "ocr", "personalId", "electorsKey",
	"emissionNumber", "registrationDate",
}

func (g *government) section() any {
	if g == nil {
		return nil
	}
	code := governmentCodes[g.code]
	var o object
	if g.recognition > 0 {
		o = append(o, field{"recognitionConfidence", outcome(g.recognition, 60)})
	}
	o = append(o, field{"validationStatus", object{{"value", strconv.Itoa(g.code)}, {"status", code.status}, {"key", code.value}}})
	right := 0
	if g.compared() {
		var list []object
		for _, key := range governmentFields {
			res := result{"true", resOK}
			if slices.Contains(g.wrong, key) {
				res = result{"false", resFail}
			} else {
				right++
			}
			list = append(list, object{{"value", res.value}, {"status", res.status}, {"key", key}})
		}
		share := float64(right) * 100 / float64(len(governmentFields))
		o = append(o, field{"ocrValidation", list}, field{"ocrValidationOverall", outcome(share, 99)})
	}
	overall := map[string]float64{resOK: 100}[code.status]
	return append(o, field{"overall", object{{"value", num(overall)}, {"status", code.status}, {"key", nil}}})
}

// scraping repeats part of the government validation for Mexican voter cards.
func scraping(p *profile) any {
	if p.gov == nil || p.doc.kind.key != "mex-ine" || !p.oldKeys {
		return nil
	}
	status, res := "FINISHED", "success"
	if !p.gov.compared() {
		status, res = "ERROR", "error"
	}
	return object{
		{"scrapingStatus", status},
		{"success", p.gov.compared()},
		{"result", res},
		{"cic", p.doc.text("cic")},
		{"claveElector", p.doc.text("claveDeElector")},
		{"numeroEmision", p.doc.text("numeroEmisionCredencial")},
		{"ocr", p.doc.text("ocr")},
		{"anioRegistro", strconv.Itoa(p.doc.issued.Year() - 1)},
		{"anioEmision", strconv.Itoa(p.doc.issued.Year())},
	}
}

// curpCheck is a verification against the Mexican population registry. An
// empty problem is success.
type curpCheck struct{ problem string }

// curpProblems are messages of the registry (Incode Omni API, Add curp).
var curpProblems = []string{
	"La CURP no se encuentra en la base de datos.",
	"CURP previamente dada de baja",
	"Más de una CURP para estos datos",
	"Error de conexión",
}

func (c *curpCheck) section(p *profile) any {
	if c == nil {
		return nil
	}
	code := p.doc.text("curp")
	if c.problem != "" {
		return object{{"success", false}, {"curp", code}, {"result", c.problem}, {"renapo_valid", false}}
	}
	sex := "HOMBRE"
	if p.person.female {
		sex = "MUJER"
	}
	return object{
		{"success", true},
		{"curp", code},
		{"sex", sex},
		{"nationality", "MEXICO"},
		{"result", "success"},
		{"renapo_valid", true},
		{"names", latin(p.person.given)},
		{"paternal_surname", latin(p.person.family)},
		{"mothers_maiden_name", latin(p.person.family2)},
		{"birthdate", p.person.birth.Format("02/01/2006")},
		{"entity_birth", curpState(p.person.place.state)},
		{"probation_document", "1"},
		{"status_curp", "RCN"},
		{"probation_document_data", object{
			{"foja", ""},
			{"numEntidadReg", "09"},
			{"libro", ""},
			{"NumRegExtranjeros", ""},
			{"cveEntidadNac", curpState(p.person.place.state)},
			{"numActa", "00421"},
			{"CRIP", ""},
			{"tomo", ""},
			{"cveEntidadEmisora", ""},
			{"anioReg", strconv.Itoa(p.person.birth.Year())},
			{"cveMunicipioReg", "015"},
			{"FolioCarta", ""},
		}},
	}
}

// watch is a match on a custom watchlist.
type watch struct {
	score   float64
	matches []string
}

func (w *watch) section() any {
	if w == nil {
		return nil
	}
	return object{{"watchlistScore", object{{"value", num(w.score)}}}, {"dataMatches", w.matches}}
}

// video is a recorded interview. Scores are 0–100.
type video struct{ speech, liveness, match float64 }

func (v *video) section() any {
	if v == nil {
		return nil
	}
	score := object{{"status", resOK}}
	if v.speech < 60 || v.match < 60 {
		score = object{{"status", resFail}, {"value", "0.0"}}
	}
	return object{
		{"speechTranscript", "I agree to open an account"},
		{"speechRecognition", outcome(v.speech, 60)},
		{"videoSelfieLiveness", outcome(v.liveness, 50)},
		{"videoSelfieFaceRecognition", outcome(v.match, 60)},
		{"score", score},
	}
}

// externalSection are the correlations of external sources, 0–1.
func externalSection(p *profile) any {
	if !p.external {
		return nil
	}
	return object{
		{"nameAddressCorrelation", 0.91},
		{"nameEmailCorrelation", 0.84},
		{"namePhoneCorrelation", 0.88},
		{"addressRisk", 0.05},
		{"emailRisk", 0.12},
		{"phoneRisk", 0.07},
	}
}
