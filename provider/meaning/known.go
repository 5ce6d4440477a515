package meaning

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// What a masked reader may see is what docket knows: a name or a word that is new says
// nothing to anybody until somebody puts it into a table here.

// events that clients of the API are known to log. The reference names none, and they
// have no explanation.
var knownEvents = []string{
	"startOnboarding", "deviceFingerprintAdded", "startIdCapture", "captureAttemptFinished", "switchToManualCapture", "processId",
	"processGovernmentValidation", "startSelfie", "processFace", "onboardingFinished", "onboardingComplete", "finishOnboarding",
	"screenOpened", "elementClicked", "screenClosed",
}

// knownKeys are names of members that no table explains: what answers and events are
// wrapped in.
var knownKeys = []string{
	"overall", "status", "value", "key", "photoSecurityAndQuality", "idSpecific", "ocrValidation", "needsReviewReason", "appliedRule", "name", "expression", "ruleType", "ocrData", "ocrDataConfidence",
	"onboardingStatus", "sessionStatus", "createdAt", "_createdAt", "_id", "interviewId", "externalId", "customFields",
	"ipAddress", "hash", "deviceType", "deviceModel", "longitude", "latitude", "location", "mCountryCode", "mCountryName", "mAdminArea",
	"mSubAdminArea", "mLocality", "mSubLocality", "mThoroughfare", "mSubThoroughfare", "mPostalCode", "osVersion", "sdkVersion", "data",
	"events", "eventName", "eventData", "timestamp", "success", "failReason", "type", "attempt", "module", "screen", "screenName",
	"flowId", "flowName", "statusCode", "overallStatus", "result", "existingUser", "IdSummaryResponse", "signature", "singature",
}

// names are the parts of every name that docket knows.
var names = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for _, t := range []table{sections, checks, facts, ocrFields, eventFields, images, retrySteps, dataMatches} {
		for name := range t {
			for part := range strings.SplitSeq(name, ".") {
				all[part] = true
			}
		}
	}
	for _, list := range [][]string{slices.Collect(maps.Keys(governmentKeys)), knownKeys} {
		for _, name := range list {
			all[name] = true
		}
	}
	return all
})

// KnownName reports whether docket knows every part of a dotted name; the places of
// items in a list count as known. A name that is new may be anybody's data.
func KnownName(name string) bool {
	for part := range strings.SplitSeq(name, ".") {
		if n, err := strconv.Atoi(part); err == nil && n >= 0 && len(part) < 4 {
			continue
		}
		if known := names(); !known[part] && !known[strings.TrimSuffix(part, "Confidence")] {
			return false
		}
	}
	return true
}

// KnownEvent reports whether docket knows the name of an event.
func KnownEvent(name string) bool { return slices.Contains(knownEvents, name) || Event(name).Known() }

// words are values that docket knows: none says more of a person than a test does.
var words = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for _, t := range []table{verdicts, results, statuses, lives, reasons, documentTypes, failReasons, antifraudResults, scrapingStatuses, components} {
		for word := range t {
			all[strings.ToUpper(word)] = true
		}
	}
	for _, word := range []string{
		"", "TRUE", "FALSE", "PASS", "PASSED", "FAILED", "NOT_EXECUTED", "WEBAPP", "IOS", "ANDROID", "FRONT", "BACK", "SECONDFRONT", "SECONDBACK",
		"SELFIE", "ID", "POA", "FACE_NOT_FOUND", "TOO_DARK", "FACE_TOO_FAR", "HIGH", "MEDIUM", "LOW", "NONE", "YES", "NO", "PENDING",
	} {
		all[word] = true
	}
	return all
})

// The numbers that are results of tests, scores and counts.
const (
	leastResult = -1
	mostResult  = 255
)

// Harmless reports whether a value is of a kind that says nothing of who somebody is:
// a yes or no, a word that docket knows, or a number from -1 to 255. What it is the
// value of has to be harmless too.
func Harmless(value string) bool {
	value = strings.TrimSpace(value)
	if words()[strings.ToUpper(value)] {
		return true
	}
	n, err := strconv.ParseFloat(value, 64)
	return err == nil && n >= leastResult && n <= mostResult && plain(value)
}

// plain keeps out numbers that are written with more than a result needs: their digits
// could be those of something else.
func plain(number string) bool {
	const most = 20
	return len(number) <= most && strings.Trim(number, "-.0123456789") == ""
}
