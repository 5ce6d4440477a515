package sim

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func fixed(o Options) *Server {
	o.Now = func() time.Time { return epoch }
	return New(o)
}

// profiles are all profiles of a population.
func profiles(s *Server) []*profile {
	var out []*profile
	for _, id := range s.ids {
		out = append(out, s.find(id).p)
	}
	return out
}

func TestStoriesFillABlock(t *testing.T) {
	sum, review := 0, 0
	for _, st := range stories {
		sum += st.weight
		if st.class == classReview {
			review += st.weight
		}
	}
	require.Equal(t, blockSize, sum)
	require.Equal(t, 47, review)
}

func TestEveryOpeningStoryExists(t *testing.T) {
	s := fixed(Options{})
	for i, name := range opening {
		require.Equal(t, name, s.find(s.ids[i]).p.story.name)
	}
}

func TestSameSeedSameBytes(t *testing.T) {
	bodies := func(o Options) string {
		s := fixed(o)
		var b strings.Builder
		for _, id := range s.IDs() {
			found := s.find(id)
			for _, tree := range []any{scoreBody(found), found.ocr(), found.p.device.info(true), found.life(""), found.webhook()} {
				raw, err := encode(tree)
				require.NoError(t, err)
				b.Write(raw)
			}
		}
		return b.String()
	}
	require.Equal(t, bodies(Options{}), bodies(Options{}))
	require.NotEqual(t, bodies(Options{}), bodies(Options{Seed: 2}))
}

func TestIDsDependOnTheSeedAlone(t *testing.T) {
	later := New(Options{Now: func() time.Time { return epoch.AddDate(0, 3, 0) }, Sessions: 50})
	require.Equal(t, fixed(Options{Sessions: 50}).IDs(), later.IDs())
	for _, id := range later.IDs() {
		require.Len(t, id, 24)
	}
}

// seen collects what the answers of a whole population contain.
type seen struct {
	verdicts, reasons, statuses, states, countries, stories, checks, codes, sections, checkStatuses map[string]bool
}

func collect(t *testing.T, s *Server) seen {
	t.Helper()
	set := func() map[string]bool { return map[string]bool{} }
	got := seen{set(), set(), set(), set(), set(), set(), set(), set(), set(), set()}
	for _, id := range s.IDs() {
		snap, ok := s.Session(id)
		require.True(t, ok)
		got.verdicts[snap.Verdict], got.reasons[snap.ReviewReason] = true, true
		got.statuses[snap.OnboardingStatus], got.states[snap.SessionStatus] = true, true
		got.countries[snap.Country], got.stories[snap.Story] = true, true
		raw, err := encode(scoreBody(s.find(id)))
		require.NoError(t, err)
		var tree map[string]any
		require.NoError(t, json.Unmarshal(raw, &tree))
		for name, v := range tree {
			got.sections[name] = got.sections[name] || v != nil
		}
		gather(tree, got)
	}
	return got
}

// gather walks a score for its checks.
func gather(tree any, got seen) {
	switch v := tree.(type) {
	case map[string]any:
		if key, ok := v["key"].(string); ok {
			got.checks[key] = true
		}
		if status, ok := v["status"].(string); ok {
			got.checkStatuses[status] = true
		}
		if code, ok := v["validationStatus"].(map[string]any); ok {
			got.codes[code["value"].(string)] = true
		}
		for _, child := range v {
			gather(child, got)
		}
	case []any:
		for _, child := range v {
			gather(child, got)
		}
	}
}

func TestDefaultPopulationHasEverything(t *testing.T) {
	got := collect(t, fixed(Options{}))
	has := func(in map[string]bool, list string) {
		t.Helper()
		for _, want := range strings.Split(list, ",") {
			require.True(t, in[want], "missing %q", want)
		}
	}
	has(got.verdicts, "OK,WARN,FAIL,UNKNOWN,MANUAL,MANUAL_OK,MANUAL_FAIL,MANUAL_PENDING,")
	has(got.reasons, "MANUAL_CAPTURE,RULE_APPLIED,OLD_ID")
	has(got.statuses, "ID_VALIDATION_FINISHED,ID_VALIDATION_FINISHED_SECOND_ID,POST_PROCESSING_FINISHED,GOVERNMENT_VALIDATION_FINISHED,"+
		"FACE_VALIDATION_FINISHED,ONBOARDING_FINISHED,MANUAL_REVIEW_APPROVED,MANUAL_REVIEW_REJECTED,EXPIRED,UNKNOWN")
	has(got.states, "Alive,Closed,Deleted")
	has(got.countries, "MEX,USA,BRA,ESP,FRA,DEU,GBR,JPN,CHN,IND,ARE,EGY,COL,PER,ARG,NGA,KOR,RUS,UKR,GRC,ISR,THA,ITA,ROU")
	has(got.checkStatuses, "OK,WARN,FAIL,UNKNOWN,MANUAL")
	has(got.codes, "-1,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,99")
	has(got.sections, "idValidation,secondIdValidation,liveness,faceRecognition,faceRecognitionSecondId,videoConference,governmentValidation,"+
		"externalVerification,curpVerification,ineScrapingValidation,idOcrConfidence,idOcrConfidenceSecondId,antifraud,incodeWatchlistScore,"+
		"retryInfo,appliedRule,reasonMsg,needsReviewReason,overall,deviceRisk,behavioralRisk,documentOnEdgeInfo,sessionRecording,authentication")
	has(got.checks, "tamperCheck,postitCheck,alignment,fakeCheck,ocrIdentityCheck,screenIdLiveness,paperIdLiveness,readabilityCheck,"+
		"balancedLightFront,balancedLightBack,sharpnessFront,sharpnessBack,documentClassification,visiblePhotoFeatures,issueDateValidity,"+
		"documentExpired,documentSeriesExpired,birthDateValidity,expirationDateValidity,issuingStateValidity,qrScan,documentNumberCheckDigit,"+
		"birthDateCheckDigit,expirationDateCheckDigit,compositeCheckDigit,illiteracyCheck,birthDateCrosscheck,expirationDateCrosscheck,"+
		"sexCrosscheck,fullNameCrosscheck,emissionNumberCrosscheck,documentNumberCrosscheck,personalNumberCrosscheck,2DBarcodeContent,"+
		"barcode2DDetected,documentTypeSideCrosscheck,dD/ReferenceNumberCrosscheck,underageCheck,firstNameMatch,lastNameMatch")
	for _, st := range stories {
		require.True(t, got.stories[st.name], "story %q", st.name)
	}
}

func TestNamesComeInManyScripts(t *testing.T) {
	found := map[string]bool{}
	for _, p := range profiles(fixed(Options{})) {
		for _, r := range p.doc.name.full(p.doc.kind.native) {
			for _, script := range words("Latin,Cyrillic,Greek,Arabic,Hebrew,Han,Katakana,Hangul,Devanagari,Thai") {
				found[script] = found[script] || unicode.Is(unicode.Scripts[script], r)
			}
			found["diacritic"] = found["diacritic"] || strings.ContainsRune("ÁÉÍÓÚÑÇÃÖÜß", r)
		}
	}
	require.Len(t, found, 11)
	for script, is := range found {
		require.True(t, is, script)
	}
}

// TestPopulationsHoldTogether looks at populations of any seed: what the
// answers say of a session has to fit together.
func TestPopulationsHoldTogether(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := fixed(Options{Seed: rapid.Uint64Range(1, 1<<40).Draw(rt, "seed"), Sessions: rapid.IntRange(1, 900).Draw(rt, "sessions")})
		id := rapid.SampledFrom(s.ids).Draw(rt, "id")
		consistent(rt, s, s.find(id))
	})
}

func TestDefaultPopulationHoldsTogether(t *testing.T) {
	s := fixed(Options{Sessions: 800})
	for _, id := range s.ids {
		consistent(t, s, s.find(id))
	}
}

func consistent(t require.TestingT, s *Server, found *session) {
	p := found.p
	require.False(t, p.created.After(p.finished))
	require.False(t, p.finished.After(epoch), "nothing happens in the future: %s", p.story.name)
	require.False(t, p.doc.issued.After(p.finished), "issued before it is used")
	require.False(t, p.doc.issued.Before(p.person.birth), "issued to somebody born: %s %s", p.doc.kind.key, p.story.name)
	require.Equal(t, p.story.name == "underage", p.person.birth.AddDate(18, 0, 0).After(p.finished), "age: %s", p.story.name)
	require.Equal(t, strings.Contains(p.story.name, "expired-passport") || p.story.name == "expired-document" || p.story.name == "rejected-expired",
		p.doc.expiredAt(p.finished), "expiry: %s", p.story.name)
	require.LessOrEqual(t, int(p.device.place.lat), 90)
	require.True(t, slices.ContainsFunc(testNetworks, func(n string) bool { return strings.HasPrefix(p.device.ip, n+".") }))
	if p.link != nil && s.index[p.link.interviewID] > 0 {
		earlier := s.find(p.link.interviewID).p
		require.Equal(t, earlier.person.face, p.person.face, "the same face")
		require.Equal(t, p.link.sameName, earlier.person.name == p.person.name)
		require.Equal(t, earlier.customerID, p.link.customerID)
		require.True(t, earlier.finished.Before(p.created), "earlier is earlier")
	}
	events := found.events()
	require.True(t, slices.IsSortedFunc(events, func(a, b event) int { return a.at.Compare(b.at) }))
	for _, e := range events {
		require.False(t, e.at.Before(p.created))
		require.False(t, e.at.After(epoch))
		require.NotEmpty(t, e.name)
	}
	checkZone(t, p.doc)
	if p.story.name == "second-id-differs" {
		_, worst := run(specificChecks, p, p.second)
		require.Equal(t, resFail, worst, "the rule is about a check that failed")
	}
	if p.second != nil {
		checkZone(t, p.second)
	}
}

// checkZone reads a machine-readable zone back, apart from what wrote it.
func checkZone(t require.TestingT, d *document) {
	digit := func(s string) byte {
		sum := 0
		for i, c := range s {
			sum += strings.IndexRune("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", c) * []int{7, 3, 1}[i%3]
			if c == '<' {
				sum += []int{7, 3, 1}[i%3] // IndexRune said -1
			}
		}
		return byte('0' + sum%10)
	}
	width := map[mrzFormat]int{mrzTD1: 30, mrzTD2: 36, mrzTD3: 44}[d.kind.mrz]
	for _, line := range d.mrz {
		require.Len(t, line, width)
		require.Empty(t, strings.Trim(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"))
	}
	switch d.kind.mrz {
	case mrzTD1:
		one, two := d.mrz[0], d.mrz[1]
		require.Equal(t, digit(one[5:14]), one[14])
		require.Equal(t, digit(two[0:6]), two[6])
		require.Equal(t, digit(two[8:14]), two[14])
		require.Equal(t, digit(one[5:30]+two[0:7]+two[8:15]+two[18:29]), two[29])
		require.Equal(t, d.holder.birth.Format("060102"), two[0:6])
		require.Equal(t, d.expires.Format("060102"), two[8:14])
	case mrzTD2, mrzTD3:
		two := d.mrz[1]
		last := len(two) - 1
		require.Equal(t, digit(two[0:9]), two[9])
		require.Equal(t, digit(two[13:19]), two[19])
		require.Equal(t, digit(two[21:27]), two[27])
		require.Equal(t, digit(two[0:10]+two[13:20]+two[21:last]), two[last])
		require.Equal(t, d.holder.birth.Format("060102"), two[13:19])
		require.Equal(t, d.expires.Format("060102"), two[21:27])
	default:
		require.Empty(t, d.mrz)
	}
}

// TestMRZOfTheStandard compares with the specimens of ICAO Doc 9303.
func TestMRZOfTheStandard(t *testing.T) {
	eriksson := mrzData{
		code: "P", issuer: "UTO", nation: "UTO", number: "L898902C3", optional: "ZE184226B", sex: "F",
		birth: time.Date(1974, 8, 12, 0, 0, 0, 0, time.UTC), expires: time.Date(2012, 4, 15, 0, 0, 0, 0, time.UTC),
		family: "Eriksson", given: "Anna Maria",
	}
	require.Equal(t, []string{
		"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
		"L898902C36UTO7408122F1204159ZE184226B<<<<<10",
	}, mrzTD3.lines(eriksson))
	card := eriksson
	card.code, card.number, card.optional = "I", "D23145890", ""
	require.Equal(t, []string{
		"I<UTOD231458907<<<<<<<<<<<<<<<",
		"7408122F1204159UTO<<<<<<<<<<<6",
		"ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
	}, mrzTD1.lines(card))
	require.Equal(t, []string{
		"I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<",
		"D231458907UTO7408122F1204159<<<<<<<6",
	}, mrzTD2.lines(card))
}

func TestMisreadNumberDiffersInOneCharacter(t *testing.T) {
	for _, p := range profiles(fixed(Options{})) {
		if !strings.HasPrefix(p.story.name, "number-disagrees") && p.story.name != "approved-number" {
			continue
		}
		require.Len(t, p.doc.number, len(p.doc.genuine))
		differ := 0
		for i := range p.doc.number {
			if p.doc.number[i] != p.doc.genuine[i] {
				differ++
			}
		}
		require.Equal(t, 1, differ, p.doc.number)
		require.Contains(t, strings.Join(p.doc.mrz, ""), strings.ReplaceAll(p.doc.genuine, " ", ""))
	}
}

func TestNationalNumbersHaveTheirCheckDigits(t *testing.T) {
	require.Equal(t, "X", chineseCheck("11010519491231002"))
	for _, p := range profiles(fixed(Options{Sessions: 800})) {
		if code := p.doc.text("curp"); code != "" {
			require.Len(t, code, 18)
			require.Equal(t, curpDigit(code[:17]), code[17:])
			require.Equal(t, p.person.birth.Format("060102"), code[4:10])
		}
		if key := p.doc.text("claveDeElector"); key != "" {
			require.Len(t, key, 18)
		}
		checkNationalNumber(t, p)
	}
}

func checkNationalNumber(t *testing.T, p *profile) {
	t.Helper()
	n, born := p.doc.number, p.person.birth
	odd := func(c byte) bool { return (c-'0')%2 == 1 }
	switch p.doc.kind.key {
	case "chn-id":
		require.Len(t, n, 18)
		require.Equal(t, chineseCheck(n[:17]), n[17:])
		require.Equal(t, born.Format("20060102"), n[6:14])
		require.Equal(t, p.person.female, !odd(n[16]))
	case "kor-id":
		require.Equal(t, born.Format("060102")+"-", n[:7])
		require.Equal(t, p.person.female, !odd(n[7]))
	case "egy-id":
		require.Len(t, n, 14)
		require.Equal(t, born.Format("060102"), n[1:7])
		require.Equal(t, p.person.female, !odd(n[12]))
	case "gbr-dl":
		require.Len(t, n, 16)
	case "isr-id":
		require.Len(t, n, 9)
	case "tha-id":
		require.Len(t, n, 17)
	}
}

func TestSharedDevicesCarryDifferentNames(t *testing.T) {
	byHash := map[string][]string{}
	for _, p := range profiles(fixed(Options{})) {
		byHash[p.device.hash] = append(byHash[p.device.hash], p.person.full(false))
	}
	shared := 0
	for _, names := range byHash {
		slices.Sort(names)
		if len(names) > 1 {
			shared++
			require.GreaterOrEqual(t, len(names), 3)
			require.Len(t, slices.Compact(names), len(names))
		}
	}
	require.Equal(t, 2, shared)
}

func TestReviewQueueIsWaitingUpToAFewHours(t *testing.T) {
	var last time.Time
	n := 0
	for _, p := range profiles(fixed(Options{})) {
		if p.story.class != classReview {
			continue
		}
		n++
		wait := epoch.Sub(p.finished)
		require.Less(t, wait, 5*time.Hour)
		require.Positive(t, wait)
		require.True(t, p.finished.After(last), "oldest first")
		last = p.finished.Add(-5 * time.Minute)
	}
	require.Equal(t, 47, n)
}

func TestSmallPopulations(t *testing.T) {
	for n := 1; n <= 12; n++ {
		s := fixed(Options{Sessions: n})
		require.Len(t, slices.Collect(s.Known()), n)
	}
}

func BenchmarkDefaultPopulation(b *testing.B) {
	for b.Loop() {
		s := fixed(Options{})
		for range s.Known() {
			continue
		}
	}
}
