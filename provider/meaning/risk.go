package meaning

import (
	"slices"
	"strings"

	"docket/model"
)

// What antifraud and watch lists found is not for everybody: whoever talks to a
// customer must not be able to tip them off. A section of the score that is not in
// openSections counts as such, so that a new one is hidden until somebody says what
// it is.
var openSections = []string{
	"idValidation", "secondIdValidation", "liveness", "faceRecognition", "faceRecognitionSecondId", "videoConference",
	"governmentValidation", "curpVerification", "ineScrapingValidation", "idOcrConfidence", "idOcrConfidenceSecondId", "retryInfo",
	"documentOnEdgeInfo", "sessionRecording", "authentication",
}

// riskKeys are what tells of other sessions or of fraud in a section that is open.
var riskKeys = []string{
	"existingUser", "existingInterviewId", "existingExternalId", "customerId", "identityId", "nameMatch", "idAlreadyUsedCheck",
	"stepName", "dataMatches", "reasonMsg",
}

// riskWords begin, end or stand in names that are hidden wherever they occur.
var riskWords = []string{
	"fraud", "watchlist", "watch_list", "watch-list", "risk", "sanction", "blacklist", "blocklist", "suspic", "duplicate", "aml", "pep",
}

// Open reports whether a test or a fact of the score tells nothing of what antifraud
// and watch lists found. Of one that docket does not know nobody can say.
func Open(section, key string) bool {
	if section != "" && !slices.Contains(openSections, section) {
		return false
	}
	return OpenName(key) && (Check(section, key).Known() || Fact(section, key).Known())
}

// OpenName reports whether a dotted name of an answer is one that docket knows and that
// tells nothing of antifraud and watch lists.
func OpenName(name string) bool {
	for part := range strings.SplitSeq(name, ".") {
		if slices.Contains(riskKeys, part) {
			return false
		}
	}
	return !riskWord(name) && KnownName(name)
}

// OpenPath reports whether a leaf of an answer may be there at all for somebody who
// may not see what antifraud and watch lists found; path begins with the member of the
// answer's top.
func OpenPath(path []string) bool {
	for i, part := range path {
		if riskWord(part) || slices.Contains(riskKeys, part) || i == 0 && sections[part].Known() && !slices.Contains(openSections, part) {
			return false
		}
	}
	return true
}

// OpenTop reports whether a member at the top of a score tells nothing of antifraud and
// watch lists: it is a section that does not, or no section.
func OpenTop(name string) bool {
	return slices.Contains(openSections, name) || name == "overall" || name == "needsReviewReason"
}

// OpenKey reports whether the key of a row's worst check tells nothing of antifraud and
// watch lists: some open section has it, and no other.
func OpenKey(key string) bool {
	section, own, found := strings.Cut(key, ".")
	if found && Section(section).Known() {
		return Open(section, own)
	}
	open := false
	for name := range sections {
		if !Check(name, key).Known() {
			continue
		}
		if !Open(name, key) {
			return false
		}
		open = true
	}
	return open
}

// OpenEvent reports whether an event tells nothing of antifraud and watch lists.
func OpenEvent(name string) bool { return KnownEvent(name) && !riskWord(name) }

// OpenReason reports whether Incode's reason for a review tells nothing of them.
func OpenReason(r model.ReviewReason) bool { return Reason(r).Known() && !riskWord(string(r)) }

func riskWord(name string) bool {
	low := strings.ToLower(name)
	return slices.ContainsFunc(riskWords, func(w string) bool {
		if len(w) <= shortWord {
			return slices.Contains(strings.FieldsFunc(low, func(r rune) bool { return r == '_' || r == '-' || r == '.' || r == ' ' }), w)
		}
		return strings.Contains(low, w)
	})
}

// shortWord is how long a word is that other words may hold by chance.
const shortWord = 3
