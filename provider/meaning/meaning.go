// Package meaning explains in plain words what Incode Omni's keys, statuses,
// reasons and codes stand for. Each explanation says where it comes from, so
// that a reviewer knows how far to trust it: the API reference, Incode's public
// pages, or only the name of the key. It says what a test looks at and never
// more about a person than the source does.
package meaning

import (
	"strings"

	"docket/model"
)

// table maps a name to its explanation. Tables are never written.
type table map[string]model.Meaning

// The three sources. The text of a name that is not defined says so first.
func ref(title, text string) model.Meaning {
	return model.Meaning{Title: title, Text: text, Source: model.FromReference}
}

func pub(title, text string) model.Meaning {
	return model.Meaning{Title: title, Text: text, Source: model.FromPublic}
}

func named(title, guess string) model.Meaning {
	return model.Meaning{Title: title, Text: model.NotDefined + "probably " + guess, Source: model.FromName}
}

// sameAs names the sections that the reference describes as the same as another,
// for the second document.
var sameAs = map[string]string{
	"secondIdValidation":      "idValidation",
	"faceRecognitionSecondId": "faceRecognition",
	"idOcrConfidenceSecondId": "idOcrConfidence",
}

// spellings maps spellings that were seen to those of the reference.
var spellings = map[string]string{
	"liveness.liveness_score": "liveness.livenessScore",
}

// in looks a key of a section up: by its whole path, then by its last name.
func (t table) in(section, key string) (model.Meaning, bool) {
	for _, s := range []string{section, sameAs[section]} {
		name := strings.TrimPrefix(s+"."+key, ".")
		if spelled, ok := spellings[name]; ok {
			name = spelled
		}
		if m, ok := t[name]; ok {
			return m, true
		}
	}
	if i := strings.LastIndexByte(key, '.'); i >= 0 {
		return t.in(section, key[i+1:])
	}
	return model.Meaning{}, false
}

// Section explains a section of the score.
func Section(name string) model.Meaning { return sections[name] }

// Check explains a test of the score. A key of the second document is explained
// as that of the first. A key that is new has no text.
func Check(section, key string) model.Meaning {
	if m, ok := checks.in(section, key); ok {
		return m
	}
	if section == "governmentValidation" {
		return GovernmentCode(key)
	}
	return model.Meaning{}
}

// Fact explains a value of the score that has no status.
func Fact(section, key string) model.Meaning {
	if m, ok := facts.in(section, key); ok {
		return m
	}
	return checks[section+"."+key]
}

// Status explains how far a session has come.
func Status(s model.Status) model.Meaning { return statuses[string(s)] }

// Life explains whether a session takes input.
func Life(l model.Life) model.Meaning { return lives[string(l)] }

// Verdict explains the total of a score.
func Verdict(v model.Verdict) model.Meaning { return verdicts[string(v)] }

// CheckStatus explains the status of one test.
func CheckStatus(s model.CheckStatus) model.Meaning { return results[string(s)] }

// Reason explains Incode's reason for a review.
func Reason(r model.ReviewReason) model.Meaning { return reasons[string(r)] }

// GovernmentCode explains a code of governmentValidation.validationStatus, by
// its number or by its key.
func GovernmentCode(value string) model.Meaning {
	if number, ok := governmentKeys[value]; ok {
		value = number
	}
	return governmentCodes[value]
}

// ErrorCode explains a custom error code of the API.
func ErrorCode(code int) model.Meaning { return errorCodes[code] }

// CURPError explains an error of the CURP register by "tipoError" and
// "codigoError", each of two digits.
func CURPError(tipo, codigo string) model.Meaning {
	code := tipo + codigo
	if group, ok := curpGroups[code]; ok {
		code = group
	}
	return curpErrors[code]
}

// OCRField explains a field that was read from a document, or a mark of the ID
// summary. Items of a list are explained by their last name.
func OCRField(name string) model.Meaning {
	m, _ := ocrFields.in("", name)
	return m
}

// Image explains a type of picture.
func Image(kind string) model.Meaning { return images[kind] }

// DocumentType explains a value of "typeOfId".
func DocumentType(kind string) model.Meaning { return documentTypes[kind] }

// Event explains an event by its name.
func Event(name string) model.Meaning { return events[name] }

// EventField explains a detail of an event; for a failure, its reason.
func EventField(name, value string) model.Meaning {
	if name == "failReason" {
		return FailReason(value)
	}
	return eventFields[name]
}

// FailReason explains why a capture was not accepted.
func FailReason(value string) model.Meaning { return failReasons[value] }

// Antifraud explains a result of the antifraud check.
func Antifraud(result string) model.Meaning { return antifraudResults[result] }

// AntifraudStep explains the step in which the antifraud check found something.
func AntifraudStep(name string) model.Meaning { return antifraudSteps[name] }

// RetryStep explains a step that was tried again.
func RetryStep(name string) model.Meaning { return retrySteps[name] }

// DataMatch explains a field by which the watch list matched.
func DataMatch(name string) model.Meaning { return dataMatches[name] }

// ScrapingStatus explains how far the look-up at the electoral institute came.
func ScrapingStatus(value string) model.Meaning { return scrapingStatuses[value] }

// ExpiryCondition explains which sessions an expiry takes.
func ExpiryCondition(value string) model.Meaning { return expiryConditions[value] }

// Component explains a feature that an enrolment can be limited to.
func Component(name string) model.Meaning { return components[name] }
