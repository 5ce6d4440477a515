package meaning

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"docket/model"
)

// explain finds a name of the list the way the adapter does.
func explain(t *testing.T, kind, name string) model.Meaning {
	t.Helper()
	section, key, nested := strings.Cut(name, ".")
	if !nested {
		section, key = "", name
	}
	code, _ := strconv.Atoi(name)
	switch kind {
	case "check":
		return Check(section, key)
	case "fact":
		return Fact(section, key)
	case "error":
		return ErrorCode(code)
	case "curperror":
		return CURPError(name[:2], name[2:])
	}
	lookups := map[string]func(string) model.Meaning{
		"section": Section, "government": GovernmentCode, "ocr": OCRField, "image": Image, "typeofid": DocumentType, "event": Event,
		"failreason": FailReason, "antifraud": Antifraud, "antifraudstep": AntifraudStep, "retrystep": RetryStep,
		"datamatch": DataMatch, "scraping": ScrapingStatus, "expiry": ExpiryCondition, "component": Component,
		"status":      func(s string) model.Meaning { return Status(model.Status(s)) },
		"life":        func(s string) model.Meaning { return Life(model.Life(s)) },
		"verdict":     func(s string) model.Meaning { return Verdict(s2v(s)) },
		"checkstatus": func(s string) model.Meaning { return CheckStatus(s2v(s)) },
		"reason":      func(s string) model.Meaning { return Reason(model.ReviewReason(s)) },
	}
	require.Contains(t, lookups, kind)
	return lookups[kind](name)
}

func s2v(s string) model.Verdict { return model.Verdict(s) }

func TestEveryNameOfTheReferenceIsExplained(t *testing.T) {
	list, err := os.ReadFile("testdata/reference-names.txt")
	require.NoError(t, err)
	var missing []string
	n := 0
	for line := range strings.Lines(string(list)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		kind, name, ok := strings.Cut(line, " ")
		require.True(t, ok, line)
		n++
		if m := explain(t, kind, name); !m.Known() || m.Title == "" || m.Source == model.FromNowhere {
			missing = append(missing, line)
		}
	}
	require.Greater(t, n, 450)
	require.Empty(t, missing, "names without an explanation")
}

// A table that is written and not listed would be missing in the documentation.
func TestTablesListEverything(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	declared := regexp.MustCompile(`(?m)^var (\w+) = (?:table|map\[int\]model\.Meaning)\{`)
	var written, listed []string
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range declared.FindAllStringSubmatch(string(source), -1) {
			written = append(written, m[1])
		}
	}
	for _, tab := range Tables() {
		listed = append(listed, tab.Name)
		require.NotEmpty(t, tab.Entries, tab.Name)
	}
	require.ElementsMatch(t, written, listed)
}

func TestExplanationsFitAPaneAndTellApart(t *testing.T) {
	texts := map[string]string{}
	for _, tab := range Tables() {
		for _, e := range tab.Entries {
			at, m := tab.Name+" "+e.Name, e.Meaning
			require.NotEmpty(t, m.Title, at)
			require.LessOrEqual(t, utf8.RuneCountInString(m.Title), 28, at)
			require.LessOrEqual(t, utf8.RuneCountInString(m.Text), 110, at)
			require.True(t, strings.HasSuffix(m.Text, "."), at)
			require.NotContains(t, texts, m.Text, "%s says the same as %s", at, texts[m.Text])
			texts[m.Text] = at
			require.Equal(t, m.Source == model.FromName, strings.HasPrefix(m.Text, model.NotDefined+"probably "), at)
		}
	}
}

// Where a wrong explanation would do harm, each point is held here.
func TestExplanationsDoNoHarm(t *testing.T) {
	t.Run("total", func(t *testing.T) {
		require.Contains(t, Verdict(model.Fail).Text, "may still be 100")
	})
	t.Run("old is not expired", func(t *testing.T) {
		require.Contains(t, Reason(model.OldID).Text, "not the same as expired")
	})
	t.Run("three tests of expiry", func(t *testing.T) {
		for _, key := range []string{"documentExpired", "expirationDateValidity", "documentSeriesExpired"} {
			require.Equal(t, model.FromName, Check("idValidation", key).Source, key)
		}
	})
	t.Run("a picture of a screen is about the document", func(t *testing.T) {
		for _, key := range []string{"screenIdLiveness", "paperIdLiveness"} {
			require.Contains(t, Check("idValidation", key).Text, "document", key)
			require.Contains(t, Check("idValidation", key).Text, "Nothing about the person", key)
			require.Equal(t, model.FromPublic, Check("idValidation", key).Source, key)
		}
	})
	t.Run("tampering and faking are two tests", func(t *testing.T) {
		require.Equal(t, model.FromPublic, Check("idValidation", "tamperCheck").Source)
		require.Equal(t, model.FromName, Check("idValidation", "fakeCheck").Source)
	})
	t.Run("high liveness is real", func(t *testing.T) {
		require.Contains(t, Check("liveness", "livenessScore").Text, "high is real")
	})
	t.Run("face match and nothing else", func(t *testing.T) {
		require.Contains(t, Check("faceRecognition", "overall").Text, "nothing else")
	})
	t.Run("enrolled is not fraud", func(t *testing.T) {
		require.Contains(t, Fact("faceRecognition", "existingUser").Text, "Not fraud by itself")
	})
	t.Run("name against the earlier session", func(t *testing.T) {
		require.Contains(t, Check("faceRecognition", "nameMatch").Text, "Not form against document")
	})
	t.Run("no mask is good", func(t *testing.T) {
		require.Contains(t, Check("faceRecognition", "maskCheck").Text, "0.0 is good")
	})
	t.Run("not executed is not passed", func(t *testing.T) {
		require.Contains(t, Antifraud("NOT_EXECUTED").Text, "did not pass")
		require.Contains(t, Check("antifraud", "overall").Text, "no proof")
	})
	t.Run("an outage accuses nobody", func(t *testing.T) {
		for _, code := range []string{"2", "3"} {
			require.Contains(t, GovernmentCode(code).Text, "nothing about the person", code)
		}
		for _, code := range []string{"4", "5", "6", "9", "99", "-1"} {
			require.NotContains(t, strings.ToLower(GovernmentCode(code).Text), "fail", code)
		}
		require.Equal(t, GovernmentCode("2"), GovernmentCode("ineConnectionError"))
		require.Equal(t, GovernmentCode("13"), Check("governmentValidation", "ineReportedStolen"))
	})
	t.Run("renapo_valid is read beside its error", func(t *testing.T) {
		require.Contains(t, Fact("curpVerification", "renapo_valid").Text, "error beside it")
	})
	t.Run("a watch list is no sanctions list", func(t *testing.T) {
		require.Contains(t, Section("incodeWatchlistScore").Text, "not a sanctions hit")
		require.Contains(t, Fact("incodeWatchlistScore", "watchlistScore").Text, "not documented")
	})
	t.Run("certainty of reading", func(t *testing.T) {
		require.Contains(t, Check("idOcrConfidence", "overallConfidence").Text, "Not whether it is genuine")
		require.Contains(t, OCRField("ocrDataConfidence").Text, "not authenticity")
	})
}

func TestNoExplanationAccuses(t *testing.T) {
	for _, tab := range Tables() {
		for _, e := range tab.Entries {
			for _, word := range []string{"criminal", "fraudster", "forger", "liar", "thief", "impostor", "cheat"} {
				require.NotContains(t, strings.ToLower(e.Meaning.Title+e.Meaning.Text), word, tab.Name+" "+e.Name)
			}
		}
	}
}

func TestLookups(t *testing.T) {
	require.Equal(t, Check("idValidation", "tamperCheck"), Check("secondIdValidation", "tamperCheck"))
	require.Equal(t, Check("faceRecognition", "overall"), Check("faceRecognitionSecondId", "overall"))
	require.Equal(t, Check("liveness", "livenessScore"), Check("liveness", "liveness_score"))
	require.Equal(t, Check("externalVerification", "taxIdMatch"), Check("externalVerification", "kyc.taxIdMatch"))
	require.Equal(t, OCRField("dlClass"), OCRField("dlClassDetails.0.dlClass"))
	require.Equal(t, CURPError("01", "13"), CURPError("02", "01"), "one group")
	require.Equal(t, FailReason("DOCUMENT_NOT_READABLE"), EventField("failReason", "DOCUMENT_NOT_READABLE"))
	for _, unknown := range []model.Meaning{
		Check("idValidation", "brandNew"), Check("brandNew", "overall"), Fact("x", "y"), Status("SOMETHING"), GovernmentCode("15"),
		ErrorCode(1), Section("x"), OCRField("x.y"), Event("x"), CURPError("99", "99"),
	} {
		require.Equal(t, model.Meaning{}, unknown)
		require.Equal(t, model.FromNowhere, unknown.Source)
	}
}

func TestWhatIsKnownAndWhatIsHarmless(t *testing.T) {
	for _, name := range []string{"name.fullName", "dlClassDetails.0.dlClass", "documentNumberConfidence", "failedAttemptsCounter.frontId", "eventData"} {
		require.True(t, KnownName(name), name)
	}
	for _, name := range []string{"", "Ana Ruiz", "name.Ana", "5512345678", "brandNew", "name.fullName.brandNew"} {
		require.False(t, KnownName(name), name)
	}
	for _, value := range []string{"", "true", "FAIL", "0", "-1", "99.97", "128.6", "ONBOARDING_FINISHED", "Passport", "TOO_DARK"} {
		require.True(t, Harmless(value), value)
	}
	for _, value := range []string{"Ana", "5512345678", "1e2", "0x10", "256", "-2", "NaN", "Inf", "0.1234567890123456789012", "a@b.test"} {
		require.False(t, Harmless(value), value)
	}
}

// A section, a test or an event that is new is hidden from those who may not see what
// antifraud and watch lists found, until somebody says that it tells nothing of them.
func TestWhatTellsOfAntifraudAndWatchLists(t *testing.T) {
	for _, c := range []struct {
		section, key string
		open         bool
	}{
		{"idValidation", "documentExpired", true},
		{"secondIdValidation", "documentExpired", true},
		{"liveness", "livenessScore", true},
		{"retryInfo", "failedAttemptsCounter.frontId", true},
		{"faceRecognition", "overall", true},
		{"antifraud", "overall", false},
		{"incodeWatchlistScore", "watchlistScore", false},
		{"externalVerification", "emailLevel", false},
		{"deviceRisk", "overall", false},
		{"faceRecognition", "existingUser", false},
		{"faceRecognition", "nameMatch", false},
		{"idValidation", "idAlreadyUsedCheck", false},
		{"idValidation", "brandNew", false},
		{"brandNew", "overall", false},
		{"", "reasonMsg", false},
	} {
		require.Equal(t, c.open, Open(c.section, c.key), "%s.%s", c.section, c.key)
	}
	for key, open := range map[string]bool{
		"documentExpired": true, "liveness.overall": true, "antifraud.overall": false, "overallLevel": false, "watchlistScore": false,
		"idAlreadyUsedCheck": false, "brandNew": false, "": false, "overall": false,
	} {
		require.Equal(t, open, OpenKey(key), key)
	}
	require.True(t, OpenEvent("captureAttemptFinished"))
	require.False(t, OpenEvent("processAntifraud"))
	require.False(t, OpenEvent("brandNew"))
	require.True(t, OpenReason(model.OldID))
	require.False(t, OpenReason("WATCHLIST_HIT"))
	require.False(t, OpenPath([]string{"antifraud", "overall"}))
	require.False(t, OpenPath([]string{"x", "customerRiskLevel"}))
	require.True(t, OpenPath([]string{"idValidation", "overall", "status"}))
}
