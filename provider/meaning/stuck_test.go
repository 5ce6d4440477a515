package meaning

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/model"
)

// tipsOff are words that nobody may hear from support.
var tipsOff = []string{
	"fraud", "watchlist", "sanction", "spoof", "fake", "suspici", "risk", "liveness", "alert", "police", "crime", "forg", "tamper",
	"duplicate", "match", "fail", "reject", "stolen", "blacklist", "list",
}

func read(status model.Status, verdict model.Verdict, life model.Life, events ...model.Event) *model.Session {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	so := &model.Session{Status: status, Verdict: verdict, Life: life, Events: events, Parts: map[model.Part]model.PartState{}}
	for _, p := range []model.Part{model.PartStatus, model.PartScore, model.PartEvents} {
		so.Parts[p] = model.PartState{At: now}
	}
	return so
}

func attempt(kind, why string) model.Event {
	field := func(name, text string) model.Field {
		return model.Field{Name: name, Value: model.NewPersonal(model.ClassNone, text)}
	}
	e := model.Event{Name: "captureAttemptFinished", Detail: []model.Field{field("type", kind), field("success", "true")}}
	if why != "" {
		e.Tone, e.Detail[1] = model.ToneBad, field("success", "false")
		e.Detail = append(e.Detail, field("failReason", why))
	}
	return e
}

// Every way in which a session can stand has words, and none of them tips anybody off.
func TestNobodyIsTippedOff(t *testing.T) {
	reasons := []string{"spoofAttempt", "faceMatchFailed", "SOMETHING_NEW", "WATCHLIST_HIT"}
	for why := range retakes {
		reasons = append(reasons, why)
	}
	for name := range failReasons {
		require.Contains(t, retakes, name, "the reference names it")
	}
	kinds := []string{"front", "frontId", "back", "selfie", "secondFront", "video"}
	seen := map[model.Stuck]bool{}
	check := func(so *model.Session) { seen[Stuck(so)] = true }
	for _, status := range append(model.Statuses(), "SOMETHING_NEW") {
		for _, verdict := range append(model.Verdicts(), "", "SOMETHING_NEW") {
			for _, life := range []model.Life{"", model.Alive, model.Closed, model.Deleted} {
				check(read(status, verdict, life))
				for _, kind := range kinds {
					for _, why := range reasons {
						check(read(status, verdict, life, attempt(kind, why)))
					}
				}
			}
		}
	}
	require.Greater(t, len(seen), 40)
	for s := range seen {
		require.NotEmpty(t, s.Where)
		require.NotEmpty(t, s.Tell, s.Where)
		require.NotEmpty(t, s.Next, s.Where)
		require.NotContains(t, s.Where, "\n")
		for _, word := range tipsOff {
			require.NotContains(t, strings.ToLower(s.Tell), word)
			require.NotContains(t, strings.ToLower(s.Where), word)
		}
	}
}

// Whoever has ended badly hears the same, whatever was found and whoever decided.
func TestEveryBadEndSoundsTheSame(t *testing.T) {
	fail := Stuck(read(model.StatusFinished, model.Fail, model.Alive))
	for _, so := range []*model.Session{
		read(model.StatusManualReviewRejected, model.ManualFail, model.Alive), read(model.StatusFinished, model.Unknown, ""),
		read(model.StatusFinished, model.ManualFail, model.Closed), read(model.StatusFinished, "SOMETHING_NEW", model.Alive),
	} {
		require.Equal(t, fail.Tell, Stuck(so).Tell)
		require.Equal(t, model.NextNothing, Stuck(so).Next)
	}
}

func TestWhereACustomerIs(t *testing.T) {
	begun := model.Event{Name: "startOnboarding"}
	for _, c := range []struct {
		name  string
		so    *model.Session
		where string
		tell  string
		next  model.Next
	}{
		{"not begun", read(model.StatusUnknown, "", "", begun), "no picture of the ID was taken yet", tellBegin, model.NextLink},
		{"front taken", read(model.StatusUnknown, "", "", begun, attempt("front", "")), "the pictures of the ID are not complete", tellBegin, model.NextLink},
		{
			"back not readable", read(model.StatusUnknown, "", "", attempt("front", "WRONG_DOCUMENT_SIDE"), attempt("front", ""), attempt("back", "WRONG_DOCUMENT_SIDE"), attempt("back", "DOCUMENT_NOT_READABLE")),
			"the back of the ID did not succeed in 2 attempts; the last: not readable", "Please open the link again. " + retakes["DOCUMENT_NOT_READABLE"].tell, model.NextLink,
		},
		{
			"failed, then taken", read(model.StatusUnknown, "", "", attempt("front", "WRONG_DOCUMENT_SIDE"), attempt("front", "")),
			"the pictures of the ID are not complete", tellBegin, model.NextLink,
		},
		{
			"a reason about the person", read(model.StatusPostProcessed, "", "", attempt("selfie", "spoofAttempt")),
			"the selfie did not succeed in one attempt", "Please open the link again. " + captures["selfie"].again, model.NextLink,
		},
		{"selfie missing", read(model.StatusPostProcessed, "", "", attempt("front", "")), "the ID is processed; the selfie is missing", tellGoOn, model.NextLink},
		{"closed", read(model.StatusPostProcessed, "", model.Closed), "the session is closed before its end: the ID is processed; the selfie is missing", tellReopen, model.NextReopen},
		{"in review", read(model.StatusFinished, model.Manual, ""), "finished; a reviewer is to look at it", tellReview, model.NextNothing},
		{"passed", read(model.StatusFinished, model.OK, ""), "finished, and passed", tellDone, model.NextNothing},
		{"no result yet", read(model.StatusFinished, "", ""), "finished; the result is not there yet", tellWait, model.NextWait},
		{"expired", read(model.StatusExpired, "", ""), "the session has expired: the customer cannot go on in it", tellNew, model.NextNew},
		{"deleted", read(model.StatusFinished, model.OK, model.Deleted), "the personal data of this session is deleted: it has ended", tellNew, model.NextNew},
	} {
		assert.Equal(t, model.Stuck{Where: c.where, Tell: c.tell, Next: c.next}, Stuck(c.so), c.name)
	}
}

func TestWhatWasNotReadIsNotGuessed(t *testing.T) {
	require.Zero(t, Stuck(&model.Session{}), "nothing was read yet")
	so := &model.Session{Parts: map[model.Part]model.PartState{model.PartStatus: {Problem: &model.Problem{Kind: model.KindServer}}}}
	require.Equal(t, model.NextRead, Stuck(so).Next)
	so.Parts[model.PartStatus] = model.PartState{Problem: &model.Problem{Kind: model.KindNotFound}}
	require.Equal(t, model.NextNew, Stuck(so).Next)
	so = read(model.StatusFinished, "", "")
	so.Parts[model.PartScore] = model.PartState{Problem: &model.Problem{Kind: model.KindServer}}
	require.Equal(t, model.NextRead, Stuck(so).Next)
}
