package sim

import "math/rand/v2"

// linkKind says whether a story is about somebody who was here before.
type linkKind int

const (
	linkNone  linkKind = iota
	linkSame           // the same face and name
	linkOther          // the same face under another name
)

// shareKind says what a story's session shares with others.
type shareKind int

const (
	shareNone shareKind = iota
	shareDevice
	shareIP
)

// story is one way an onboarding goes, as data and a telling: what it changes
// in an otherwise faultless session. The checks of the score, the OCR fields,
// the device and the events are all derived from the profile it leaves, so
// that they cannot contradict each other.
type story struct {
	name            string
	weight          int // how many of a block's sessions tell it
	class           class
	until           stage
	status          string // onboarding status, when it is not the stage's
	verdict, reason string
	docs            func(*docKind) bool // documents it can be told with; nil: any
	minAge, maxAge  int                 // years; 0: adult
	link            linkKind
	share           shareKind
	enrolled        bool   // has an identity; others may link to it
	tie             string // links only to enrolled stories with the same word
	enrolledAgain   bool   // belongs to the linked session's identity
	closed          bool
	rule            *rule // of the total
	idRule          *rule
	faceRule        *rule
	tell            func(*profile, *rand.Rand)
}

func (s *story) ages() (youngest, oldest int) {
	if s.minAge == 0 {
		return 20, 74
	}
	return s.minAge, s.maxAge
}

// Which documents a story needs.

func kind(keys ...string) func(*docKind) bool {
	return func(k *docKind) bool {
		for _, key := range keys {
			if k.key == key {
				return true
			}
		}
		return false
	}
}

func withMRZ(k *docKind) bool     { return k.mrz != mrzNone && k.key != "mex-ine" }
func passport(k *docKind) bool    { return k.typeOfID == "Passport" }
func expiring(k *docKind) bool    { return k.years > 0 }
func olderSeries(k *docKind) bool { return k.predecessors }
func forMinors(k *docKind) bool   { return k.minAge == 0 }
func mexican(k *docKind) bool     { return k.country == "MEX" }
func card(k *docKind) bool        { return k.back != "" && k.typeOfID != "MedicalCard" }

func rules(name, expression, kind, status string) *rule { return &rule{name, expression, kind, status} }

// The rules of the organization's rule engine, as the score repeats them.
var (
	ruleExpired    = rules("Expired document", "documentExpired == 'FAIL'", "total", "WARN")
	ruleNumbers    = rules("Numbers disagree", "documentNumberCrosscheck == 'WARN' || documentNumberCrosscheck == 'FAIL'", "total", "WARN")
	ruleFaceName   = rules("Face enrolled under another name", "existingUser == true && nameMatch == 'FAIL'", "total", "FAIL")
	ruleFaceNameID = rules("Face", "existingUser == true && nameMatch == 'FAIL'", "faceValidation", "FAIL")
	ruleKnownFace  = rules("Existing user", "existingUser == true && nameMatch == 'OK'", "total", "WARN")
	ruleAntifraud  = rules("Antifraud signal", "antifraud.overall == 'FAIL'", "total", "WARN")
	ruleGovernment = rules("Government source without answer", "governmentValidation.overall == 'UNKNOWN'", "total", "UNKNOWN")
	ruleAbroad     = rules("Device away from document country", "deviceCountry != issuingCountry", "total", "WARN")
	ruleDevice     = rules("Device seen before", "deviceRisk.sessions >= 3", "total", "WARN")
	ruleSecondID   = rules("Documents disagree", "secondIdValidation.fullNameCrosscheck == 'FAIL'", "total", "WARN")
	ruleWatchlist  = rules("Watchlist", "incodeWatchlistScore > 0", "total", "WARN")
	ruleCURP       = rules("CURP not confirmed", "curpVerification.success == false", "total", "WARN")
	ruleVideo      = rules("Video interview", "videoConference.score == 'FAIL'", "total", "WARN")
	ruleTampered   = rules("Altered document", "tamperCheck == 'FAIL'", "idValidation", "FAIL")
	ruleUnderage   = rules("Under 18", "underageCheck == 'FAIL'", "idValidation", "FAIL")
	ruleFormName   = rules("Form against document", "firstNameMatch == 'FAIL' || lastNameMatch == 'FAIL'", "total", "FAIL")
)
