package incode

import (
	"slices"
	"strconv"
	"time"

	"docket/model"
	"docket/provider/meaning"
	"docket/provider/veil"
)

// openLeaves are the last names of what an answer says of a session and not of a
// person, by part: results of tests, how far it has come, when something happened. A
// value is shown only if it is of that kind too. What is not here is hidden.
var openLeaves = map[model.Part][]string{
	model.PartStatus:  {"onboardingStatus"},
	model.PartScore:   {"status", "value", "needsReviewReason", "scrapingStatus", "success", "renapo_valid", "frontId", "backId", "selfie", "poa"},
	model.PartOCR:     {"typeOfId", "issuingCountry", "fullAddress", "invalidAddress", "notExtracted"},
	model.PartOCR2:    {"typeOfId", "issuingCountry", "fullAddress", "invalidAddress", "notExtracted"},
	model.PartDevice:  {"deviceType", "mCountryCode", "osVersion", "sdkVersion"},
	model.PartEvents:  {"eventName", "timestamp"},
	model.PartSummary: {"addFrontResult", "addBackResult", "onlyFront", "frontIdAttempts", "backIdAttempts", "selfieAttempts", "success"},
	model.PartLife:    {"sessionStatus", "createdAt", "_createdAt", "frontIdAttempts", "backIdAttempts", "selfieAttempts"},
}

// openKinds say what a value is like that may be shown under a name; of the other names
// it is what says nothing of who somebody is.
var openKinds = map[string]func(string) bool{
	"issuingCountry": isCountry, "mCountryCode": isCountry,
	"osVersion": versionLike.MatchString, "sdkVersion": versionLike.MatchString,
	"eventName": meaning.KnownEvent,
	"timestamp": recent, "createdAt": recent, "_createdAt": recent,
	"sessionStatus": func(s string) bool { return meaning.Life(model.Life(s)).Known() },
}

// firstYear is the year before which nothing can have happened in a session.
const firstYear = 2015

// recent reports whether a number is a moment in milliseconds at which something can
// have happened in a session.
func recent(value string) bool {
	ms, err := strconv.ParseInt(value, 10, 64)
	at := time.UnixMilli(ms)
	return err == nil && at.Year() >= firstYear && at.Before(time.Now().AddDate(1, 0, 0))
}

// certainty reports whether a number is how certain a reading was.
func certainty(path []string) bool { return slices.Contains(path, confidences) }

// Veiled returns a body of a part for somebody who may not see all of it. Plain says
// that they may see personal values, risk that they may see what antifraud and watch
// lists found; what nobody knows may be either. Nothing is returned of what is no JSON.
func (p *Provider) Veiled(part model.Part, body []byte, plain, risk bool) []byte {
	r := veil.Rules{
		Name: func(name string) bool { return meaning.KnownName(name) || plain && risk },
		Value: func(path []string, value string) bool {
			return plain && (risk || openName(part, path)) || (risk || !ofSomeTest(part, path)) && openLeaf(part, path, value)
		},
	}
	if !risk {
		r.Keep = func(path []string) bool { return openMember(part, path) }
	}
	out, err := veil.JSON(body, r)
	if err != nil {
		return nil
	}
	return out
}

// openMember reports whether a member tells nothing of antifraud and watch lists. In a
// score that is said of each section, and a rule may quote any.
func openMember(part model.Part, path []string) bool {
	path = slices.DeleteFunc(slices.Clone(path), func(name string) bool { return name == veil.Item })
	if part == model.PartScore && (isRuleName(path[len(path)-1]) || len(path) == 1 && !meaning.OpenTop(path[0])) {
		return false
	}
	return meaning.OpenPath(path)
}

// ofSomeTest reports whether a leaf belongs to one of a list of tests: which one is told
// beside it, so nobody knows here whether it is one of antifraud.
func ofSomeTest(part model.Part, path []string) bool {
	return part == model.PartScore && slices.Contains(path, veil.Item)
}

// openName reports whether a leaf tells nothing of antifraud and watch lists.
func openName(part model.Part, path []string) bool {
	return !ofSomeTest(part, path) && meaning.OpenName(lastName(path))
}

// lastName is the name of the member that a leaf is of, or stands in the list of.
func lastName(path []string) string {
	for _, name := range slices.Backward(path) {
		if name != veil.Item {
			return name
		}
	}
	return ""
}

func openLeaf(part model.Part, path []string, value string) bool {
	name := lastName(path)
	if !slices.Contains(openLeaves[part], name) {
		return certainty(path) && meaning.KnownName(name) && meaning.Harmless(value)
	}
	for _, outer := range path {
		if outer != veil.Item && !meaning.KnownName(outer) {
			return false
		}
	}
	if kind, ok := openKinds[name]; ok {
		return kind(value)
	}
	return meaning.Harmless(value)
}
