package incode

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/provider"
)

func TestOpeningASession(t *testing.T) {
	a := newAPI(t)
	a.started(true)
	so := a.open()
	require.Empty(t, so.Problems())
	require.Equal(t, []model.Part{model.PartOCR2, model.PartLinked}, a.p.Follow(so))
	require.Equal(t, model.StatusFinished, so.Status)
	require.Equal(t, "Finished", so.StatusMeaning.Title)
	require.Equal(t, model.Manual, so.Verdict)
	require.Equal(t, "Needs review", so.VerdictMeaning.Title)
	require.Equal(t, "A rule applied", so.ReasonMeaning.Title)
	require.Equal(t, "Lucía Fernanda ORTEGA RÍOS", so.Applicant.Name.Reveal())
	require.Equal(t, "USA", textOf(so.OCR2, "issuingCountry"))
	require.Equal(t, "ES", so.Device.Country)
	require.Len(t, so.Events, 6)
	require.Len(t, so.Images, 2)
	require.Equal(t, "Selfie", so.Images[0].Meaning.Title)
	require.Equal(t, []string{model.LinkIdentity, model.LinkExisting}, []string{so.Linked[0].Why, so.Linked[1].Why})
	require.Equal(t, model.Alive, so.Life)
	require.Equal(t, "Alive", so.LifeMeaning.Title)
	require.Equal(t, []string{"branch", "amount", "nested.a"}, names(so.Custom))
	require.Equal(t, time.Date(2026, 11, 20, 0, 53, 20, 0, time.UTC), so.FinishedAt)
	require.Equal(t, "Document expired 251 days before this session.", finding(t, so, "expired").Text)
	require.Equal(t, "Device in Spain, document from Mexico.", finding(t, so, "device.country").Text)
	require.Equal(t, "Antifraud", so.SectionMeanings["antifraud"].Title)
	require.Empty(t, so.Altered)
	require.Len(t, so.Digest, 64)
	for part, st := range so.Parts {
		require.True(t, st.Done(), part)
		require.Equal(t, testNow, st.At, part)
		require.NotEmpty(t, st.Raw, part)
		require.Equal(t, 200, st.Raw[0].HTTP, part)
	}
	require.Equal(t, fixture(t, "score.full.json"), so.Parts[model.PartScore].Raw[0].Body, "raw is what the API sent")
	require.NotContains(t, string(so.Parts[model.PartImages].Raw[0].Body), "signature=fake", "but a link is a secret")
}

func TestDigestIsTheSameAfterFetchingAgain(t *testing.T) {
	a := newAPI(t)
	first := a.open()
	a.on("GET /omni/get/score", func(w http.ResponseWriter, _ *http.Request) {
		var v map[string]any // its members come out in another order, without spaces
		if err := json.Unmarshal(fixture(t, "score.full.json"), &v); err == nil {
			_ = json.NewEncoder(w).Encode(v) // the client will notice
		}
	})
	require.Equal(t, first.Digest, a.open().Digest)
	a.on("GET /omni/get/score", says(200, strings.Replace(string(fixture(t, "score.full.json")), `"MANUAL"`, `"OK"`, 1)))
	require.NotEqual(t, first.Digest, a.open().Digest)
}

func TestOpeningOnlyReads(t *testing.T) {
	a := newAPI(t)
	so := newSession()
	for _, part := range a.p.Parts() {
		apply, _ := a.p.Fetch(context.Background(), testID, part, so)
		apply(so)
	}
	for _, part := range a.p.Follow(so) {
		apply, _ := a.p.Fetch(context.Background(), testID, part, so)
		apply(so)
	}
	for _, r := range a.requests() {
		require.Contains(t, paths, r.Line)
		require.NotContains(t, r.Line, "/start")
		require.Equal(t, "not-a-real-token", r.Token)
	}
}

// A person can repeat a reading by hand, also one that failed; not one that
// needs a body or the session's own token.
func TestReadingsSayHowTheyAreRepeated(t *testing.T) {
	a := newAPI(t)
	a.started(true)
	a.on("GET /omni/get/score", says(500, "<html>broken</html>"))
	so := a.open()
	for part, want := range map[model.Part]string{
		model.PartStatus: "/omni/get/onboarding/status?id=" + testID, model.PartScore: "/omni/get/score?id=" + testID,
		model.PartDevice: "/omni/get/device-info?id=" + testID + "&returnData=true",
		model.PartEvents: "/omni/get/events?id=" + testID + "&limit=100&offset=0", model.PartImages: "",
	} {
		require.Equal(t, want, so.Parts[part].Target, part)
	}
	apply, problem := a.p.Fetch(t.Context(), testID, model.PartLife, so)
	require.Nil(t, problem)
	next := so.Clone()
	apply(next)
	require.Empty(t, next.Parts[model.PartLife].Target)
}

func TestAPartThatFailsKeepsWhatWasThere(t *testing.T) {
	a := newAPI(t)
	so := a.open()
	a.on("GET /omni/get/score", says(500, "<html>broken</html>"))
	apply, problem := a.p.Fetch(context.Background(), testID, model.PartScore, so)
	next := so.Clone()
	apply(next)
	require.Equal(t, model.KindServer, problem.Kind)
	require.Equal(t, 500, problem.HTTP)
	require.Equal(t, model.PartScore, problem.Part)
	require.Equal(t, so.Checks, next.Checks)
	require.Equal(t, so.Digest, next.Digest)
	require.Equal(t, problem, next.Parts[model.PartScore].Problem)
	require.Equal(t, testNow, next.Parts[model.PartScore].At)
	require.NotEmpty(t, next.Parts[model.PartScore].Raw)
	require.Nil(t, so.Parts[model.PartScore].Problem, "the snapshot that was handed out is untouched")
}

func TestTheLaterOfTwoReadingsStays(t *testing.T) {
	now := testNow
	p := &Provider{now: func() time.Time { return now }}
	reading := func(status model.Status) func(*model.Session) {
		now = now.Add(time.Second)
		return p.deliver(model.PartStatus, fetched{change: func(so *model.Session) { so.Status = status }})
	}
	earlier, later := reading(model.StatusFinished), reading(model.StatusManualReviewApproved)
	so := newSession()
	later(so)
	earlier(so)
	require.Equal(t, model.StatusManualReviewApproved, so.Status)
	require.Equal(t, now, so.Parts[model.PartStatus].At, "the time of a part never goes back")
}

func TestFaultsOfEveryPart(t *testing.T) {
	faults := map[string]struct {
		h    http.HandlerFunc
		kind model.Kind
	}{
		"401":         {says(401, codeBody(401, `"Unauthorized"`)), model.KindAuth},
		"403":         {says(403, codeBody(403, `"Forbidden"`)), model.KindForbidden},
		"404":         {says(404, codeBody(404, `"Not Found"`)), model.KindNotFound},
		"400 of 4004": {says(400, codeBody(4004, `"Could not find user"`)), model.KindNotFound},
		"400":         {says(400, codeBody(400, `"Bad Request"`)), model.KindRefused},
		"500 in HTML": {says(500, "<html><body>oops</body></html>"), model.KindServer},
		"wrong shape": {says(200, `"hello"`), model.KindShape},
		"half":        {says(200, `{"onboardingStatus": "X", "events": [`), model.KindShape},
		"a page":      {says(200, `<html></html>`), model.KindShape},
	}
	for name, f := range faults {
		t.Run(name, func(t *testing.T) {
			a := newAPI(t)
			a.started(true)
			good := a.open()
			for line := range paths {
				a.on(line, f.h)
			}
			a.on(report, f.h)
			for part := range fetchers {
				apply, problem := a.p.Fetch(context.Background(), testID, part, good)
				require.NotNil(t, problem, part)
				require.Equal(t, f.kind, problem.Kind, part)
				require.Equal(t, part, problem.Part)
				require.NotEmpty(t, problem.Message)
				require.NotEmpty(t, problem.Do)
				require.Equal(t, subjectOf(part, testID), problem.Subject)
				fresh := newSession()
				apply(fresh)
				require.Equal(t, problem, fresh.Parts[part].Problem)
				require.True(t, fresh.Parts[part].Done())
				require.Empty(t, fresh.Digest)
			}
		})
	}
}

func TestUnknownPart(t *testing.T) {
	a := newAPI(t)
	_, problem := a.p.Fetch(context.Background(), testID, "nothing", nil)
	require.Equal(t, model.KindUsage, problem.Kind)
	require.Empty(t, a.requests())
}

func TestEventsComePageByPage(t *testing.T) {
	const all = 230
	a := newAPI(t)
	a.on("GET /omni/get/events", func(w http.ResponseWriter, r *http.Request) {
		var offset, limit int
		_, err := fmt.Sscan(r.URL.Query().Get("offset")+" "+r.URL.Query().Get("limit"), &offset, &limit)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		events := []map[string]any{}
		for i := offset; i < min(all, offset+limit); i++ {
			events = append(events, map[string]any{"eventName": fmt.Sprintf("e%d", i), "timestamp": 1000 * i})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"events": events}) // the client will notice
	})
	so := newSession()
	apply, problem := a.p.Fetch(context.Background(), testID, model.PartEvents, nil)
	require.Nil(t, problem)
	apply(so)
	require.Len(t, so.Events, 100)
	require.True(t, so.EventsMore)
	require.Len(t, a.requests(), 1, "the first page is enough to show something")

	apply, problem = a.p.FetchMore(context.Background(), testID)
	require.Nil(t, problem)
	apply(so)
	require.Len(t, so.Events, all)
	require.False(t, so.EventsMore)
	require.Equal(t, "e229", so.Events[229].Name)
	require.Len(t, so.Parts[model.PartEvents].Raw, 3)

	a.on("GET /omni/get/events", says(401, codeBody(401, `"x"`)))
	_, problem = a.p.FetchMore(context.Background(), testID)
	require.Equal(t, model.KindAuth, problem.Kind)
}

func TestOwnTokenParts(t *testing.T) {
	t.Run("not before the API knows the session", func(t *testing.T) {
		a := newAPI(t)
		_, problem := a.p.Fetch(context.Background(), testID, model.PartLife, newSession())
		require.Equal(t, model.KindGuard, problem.Kind)
		require.Empty(t, a.requests(), "start would make a new session")
	})
	known := func() *model.Session {
		so := newSession()
		so.Parts[model.PartStatus] = model.PartState{At: testNow}
		return so
	}
	t.Run("the token is asked for once", func(t *testing.T) {
		a := newAPI(t)
		a.started(true)
		for _, part := range []model.Part{model.PartLife, model.PartCustom, model.PartLife} {
			_, problem := a.p.Fetch(context.Background(), testID, part, known())
			require.Nil(t, problem)
		}
		var starts int
		for _, r := range a.requests() {
			if r.Line == "POST /omni/start" {
				starts++
				require.JSONEq(t, `{"interviewId":"`+testID+`"}`, r.Body)
				continue
			}
			require.Equal(t, "fake-session-token", r.Token)
		}
		require.Equal(t, 1, starts)
	})
	t.Run("a new session is no answer", func(t *testing.T) {
		a := newAPI(t)
		a.started(false)
		apply, problem := a.p.Fetch(context.Background(), testID, model.PartLife, known())
		require.Equal(t, model.KindShape, problem.Kind)
		so := known()
		apply(so)
		require.Empty(t, so.Life)
	})
	t.Run("a token that is refused is forgotten", func(t *testing.T) {
		a := newAPI(t)
		a.started(true)
		a.on("GET /omni/session/status/get", says(401, codeBody(401, `"x"`)))
		for range 2 {
			_, problem := a.p.Fetch(context.Background(), testID, model.PartLife, known())
			require.Equal(t, model.KindAuth, problem.Kind)
		}
		require.Len(t, a.requests(), 4)
	})
}

func TestLinkedNeedsAnIdentity(t *testing.T) {
	a := newAPI(t)
	apply, problem := a.p.Fetch(context.Background(), testID, model.PartLinked, newSession())
	require.Nil(t, problem)
	so := newSession()
	apply(so)
	require.True(t, so.Parts[model.PartLinked].Done())
	require.Empty(t, a.requests())
}

func TestLogin(t *testing.T) {
	a := newAPI(t)
	a.on("POST /executive/log-in", says(200, `{"token":"fake-executive-token"}`))
	token, err := a.p.Login(context.Background(), "ana@example.test", "not-a-password")
	require.NoError(t, err)
	require.Equal(t, "fake-executive-token", token)
	require.Equal(t, "not-a-real-token", a.token.Get(), "whoever asked decides to use it")

	for _, status := range []int{400, 401, 404} {
		a.on("POST /executive/log-in", says(status, codeBody(status, `"ana@example.test not-a-password"`)))
		_, err = a.p.Login(context.Background(), "ana@example.test", "not-a-password")
		require.Equal(t, model.KindAuth, model.AsProblem(err).Kind, status)
		require.NotContains(t, err.Error(), "ana@example.test")
		require.NotContains(t, err.Error(), "not-a-password")
	}
	a.on("POST /executive/log-in", says(403, codeBody(403, `"Forbidden"`)))
	_, err = a.p.Login(context.Background(), "ana@example.test", "not-a-password")
	require.Equal(t, model.KindForbidden, model.AsProblem(err).Kind, "the API key, not the person")
}

func TestTokenExpiry(t *testing.T) {
	a := newAPI(t)
	require.True(t, a.p.TokenExpiry().IsZero())
	jwt := "e30." + base64.RawURLEncoding.EncodeToString([]byte(`{"exp":1795256400}`)) + ".fake"
	a.p.SetToken(jwt)
	require.Equal(t, time.Unix(1795256400, 0).UTC(), a.p.TokenExpiry())
	require.Equal(t, "incode.Token", fmt.Sprintf("%v", &a.token))
	for _, odd := range []string{"", "a.b", "a.!!.c", "a." + base64.RawURLEncoding.EncodeToString([]byte(`{"exp":"x"}`)) + ".c"} {
		a.p.SetToken(odd)
		require.True(t, a.p.TokenExpiry().IsZero(), odd)
	}
}

func TestJournalAndBudget(t *testing.T) {
	a := newAPI(t)
	_, problem := a.p.Status(provider.WithPriority(context.Background(), provider.Prefetch), testID)
	require.Nil(t, problem)
	a.on("GET /omni/get/score", says(400, codeBody(4004, `"Could not find user"`)))
	_, problem = a.p.Fetch(context.Background(), testID, model.PartScore, nil)
	require.NotNil(t, problem)

	calls := a.p.Journal(0)
	require.Len(t, calls, 2)
	require.Equal(t, "score", calls[0].Name, "newest first")
	require.Equal(t, calls[:1], a.p.Journal(1))
	require.Equal(t, 400, calls[0].HTTP)
	require.Equal(t, 4004, calls[0].Code)
	require.Equal(t, model.KindNotFound, calls[0].Kind)
	require.Empty(t, calls[1].Kind)
	require.Positive(t, calls[1].Bytes)
	require.NotContains(t, fmt.Sprint(calls), testID)

	b := a.p.Budget()
	require.Equal(t, 600, b.SecondMax)
	require.Equal(t, 10_000, b.WindowMax)
	require.Equal(t, 9_998, b.WindowLeft)
}

func TestWhoTheProviderIs(t *testing.T) {
	a := newAPI(t)
	require.Equal(t, "omni", a.p.Name())
	require.Equal(t, a.url, a.p.Origin())
	require.True(t, a.p.Capabilities()[model.CanDecide])
	status, problem := a.p.Status(context.Background(), testID)
	require.Nil(t, problem)
	require.Equal(t, model.StatusFinished, status)
	a.on("GET /omni/get/onboarding/status", says(404, ""))
	_, problem = a.p.Status(context.Background(), testID)
	require.Equal(t, model.KindNotFound, problem.Kind)
}

// What goes into a case file is kept as it came.
func TestWhatIsKeptAsItCame(t *testing.T) {
	a := newAPI(t)
	a.started(true)
	so := a.open()
	require.Equal(t, "%PDF-1.4\n", string(so.Parts[model.PartReport].Raw[0].Body))
	require.Equal(t, "events-report", so.Parts[model.PartReport].Raw[0].Call)
	require.Equal(t, fixture(t, "events-signature.json"), so.Parts[model.PartSignature].Raw[0].Body)
	last := a.requests()[len(a.requests())-1]
	require.Equal(t, request{report, "", `{"provider":"incode"}`, "fake-session-token"}, last)
	a.on(report, says(http.StatusUnauthorized, codeBody(401, `"Unauthorized"`)))
	_, problem := a.p.Fetch(t.Context(), testID, model.PartReport, so)
	require.Equal(t, model.KindAuth, problem.Kind)
}
