package incode

import (
	"strconv"
	"strings"

	"docket/model"
	"docket/provider/meaning"
)

// factClasses says what kind of personal data the facts of a score are. Facts
// that are not listed are harmless when they are numbers or booleans or when
// the reference names them; a text that nobody knows counts as a number that
// identifies somebody.
var factClasses = map[string]model.Class{
	"videoConference.speechTranscript":  model.ClassSpeech,
	"curpVerification.curp":             model.ClassDocument,
	"curpVerification.sex":              model.ClassTrait,
	"curpVerification.nationality":      model.ClassTrait,
	"curpVerification.names":            model.ClassName,
	"curpVerification.paternal_surname": model.ClassName,

	"curpVerification.mothers_maiden_name": model.ClassName,
	"curpVerification.birthdate":           model.ClassBirth,
	"curpVerification.entity_birth":        model.ClassBirth,
	"curpVerification.result":              model.ClassDocument, // may quote what was looked up
	"curpVerification.error.message":       model.ClassDocument,
	"curpVerification.error.resultCURPS":   model.ClassDocument,

	"ineScrapingValidation.cic":           model.ClassDocument,
	"ineScrapingValidation.claveElector":  model.ClassDocument,
	"ineScrapingValidation.numeroEmision": model.ClassDocument,
	"ineScrapingValidation.ocr":           model.ClassDocument,
	"ineScrapingValidation.anioRegistro":  model.ClassDocument,
	"ineScrapingValidation.anioEmision":   model.ClassDocument,
}

// personalFolders are paths under which everything identifies a person.
var personalFolders = []string{"curpVerification.probation_document_data."}

func factClass(section, key string, kind model.Scalar) model.Class {
	name := dotted(section, key)
	if c, ok := factClasses[name]; ok {
		return c
	}
	for _, folder := range personalFolders {
		if strings.HasPrefix(name, folder) {
			return model.ClassDocument
		}
	}
	if kind != model.ScalarText || meaning.Fact(section, key).Known() {
		return model.ClassNone
	}
	return model.ClassDocument
}

// checkClass: the value of a check is a number or a word, which says nothing
// about a person. Any other text of a check that nobody knows may.
func checkClass(section, key, value string) model.Class {
	if meaning.Check(section, key).Known() || resultWord(value) {
		return model.ClassNone
	}
	return model.ClassDocument
}

func resultWord(value string) bool {
	if _, err := strconv.ParseFloat(value, 64); err == nil {
		return true
	}
	switch strings.ToUpper(value) {
	case "", "TRUE", "FALSE", "OK", "PASS", "PASSED", "FAIL", "FAILED", "WARN", "UNKNOWN", "MANUAL", "NOT_EXECUTED":
		return true
	}
	return false
}
