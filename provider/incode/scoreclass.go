package incode

import (
	"strings"

	"docket/model"
	"docket/provider/meaning"
)

// factClasses says what kind of personal data the facts of a score are; for those that
// are not listed see factClass.
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
	"curpVerification.result":              model.ClassOther, // may quote what was looked up
	"curpVerification.error.message":       model.ClassOther,
	"curpVerification.error.resultCURPS":   model.ClassOther,

	"ineScrapingValidation.cic":           model.ClassDocument,
	"ineScrapingValidation.claveElector":  model.ClassDocument,
	"ineScrapingValidation.numeroEmision": model.ClassDocument,
	"ineScrapingValidation.ocr":           model.ClassDocument,
	"ineScrapingValidation.anioRegistro":  model.ClassDocument,
	"ineScrapingValidation.anioEmision":   model.ClassDocument,
}

// personalFolders are paths under which everything identifies a person.
var personalFolders = []string{"curpVerification.probation_document_data."}

// factClass: a fact that docket knows is harmless when its value is of a kind that says
// nothing of who somebody is. Of any other nobody knows what it tells.
func factClass(section, key, value string) model.Class {
	name := dotted(section, key)
	if c, ok := factClasses[name]; ok {
		return c
	}
	for _, folder := range personalFolders {
		if strings.HasPrefix(name, folder) {
			return model.ClassOther
		}
	}
	return openIf(meaning.Fact(section, key).Known(), value)
}

// checkClass: the value of a check that docket knows is a number or a word, which says
// nothing about a person. Any other may.
func checkClass(section, key, value string) model.Class {
	return openIf(meaning.Check(section, key).Known(), value)
}

// openIf is the class of a value that says nothing about a person when its name is
// known and it is a result, a count or a word that docket knows.
func openIf(known bool, value string) model.Class {
	if known && meaning.Harmless(value) {
		return model.ClassNone
	}
	return model.ClassOther
}
