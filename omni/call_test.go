package omni

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// Reads are sent four times and writes once, whatever the table's row is
// called by: the row's effect alone decides.
func TestRepetitionFollowsTheTable(t *testing.T) {
	for _, status := range []int{429, 500, 503} {
		for _, ref := range references(t) {
			var n atomic.Int64
			c := client(t, serve(t, func(w http.ResponseWriter, _ *http.Request) {
				n.Add(1)
				w.WriteHeader(status)
			}))
			_, err := ref.call(context.Background(), c)
			require.Error(t, err)
			ep, _ := endpoint(ref.endpoint)
			want := int64(1)
			if ep.Effect == Read && status != 500 {
				want = 4
			}
			require.Equal(t, want, n.Load(), "%s at %d", ref.endpoint, status)
		}
	}
}

func TestNothingIsSentWithoutAToken(t *testing.T) {
	var n atomic.Int64
	url := serve(t, func(http.ResponseWriter, *http.Request) { n.Add(1) })
	c, err := New(Config{BaseURL: url, APIKey: testKey})
	require.NoError(t, err)
	for _, ref := range references(t) {
		ep, _ := endpoint(ref.endpoint)
		if ep.Auth != AuthID && ep.Auth != AuthExecutive {
			continue
		}
		_, err := ref.call(context.Background(), c)
		e := failure(t, err)
		require.Equal(t, KindAuth, e.Kind, ref.endpoint)
		require.Equal(t, ref.endpoint, e.Endpoint)
		require.False(t, e.Sent)
	}
	for _, err := range []error{
		second(c.CustomFields(context.Background(), "")),
		second(c.OnboardingURL(context.Background(), "", "")),
		second(c.Finish(context.Background(), "")),
	} {
		require.Equal(t, KindAuth, failure(t, err).Kind)
	}
	require.Zero(t, n.Load())
}

// A caller of the token backend proves a session with its token. Without one the
// executive's, which reads every session, must not step in.
func TestAScoreIsReadWithTheSessionsOwnToken(t *testing.T) {
	var asked []string
	c := client(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.String()+" "+r.Header.Get("X-Incode-Hardware-Id"))
		_, _ = io.WriteString(w, fixture(t, "score.json"))
	}))
	a, err := c.OwnScore(context.Background(), testSession, testID)
	require.NoError(t, err)
	require.Equal(t, "FAIL", a.Value.Overall.Status.Value)
	_, err = c.OwnScore(context.Background(), "", testID)
	require.Equal(t, KindAuth, failure(t, err).Kind)
	require.Equal(t, []string{"/omni/get/score?id=" + testID + " " + testSession.Reveal()}, asked)
}

// An id that is left out means "the session of the token" to the API, which
// would be another one.
func TestParametersThatAreRefused(t *testing.T) {
	var n atomic.Int64
	c := client(t, serve(t, func(http.ResponseWriter, *http.Request) { n.Add(1) }))
	ctx := context.Background()
	done := func(_ Answer[Done], err error) error { return err }
	for name, err := range map[string]error{
		"score":              second(c.Score(ctx, "")),
		"status":             second(c.OnboardingStatus(ctx, "")),
		"device":             second(c.Device(ctx, "")),
		"review":             done(c.SetManualReview(ctx, "", ReviewApproved, "")),
		"review status":      done(c.SetManualReview(ctx, testID, "MAYBE", "")),
		"reason on approval": done(c.SetManualReview(ctx, testID, ReviewApproved, "x")),
		"enrol":              second(c.Approve(ctx, "")),
		"antifraud":          done(c.ResolveAntifraud(ctx, "", "x")),
		"session status":     second(c.SetSessionStatus(ctx, "", SessionClosed)),
		"session action":     second(c.SetSessionStatus(ctx, testID, "Paused")),
		"delete":             done(c.DeleteSession(ctx, "", true, false)),
		"delete nothing":     done(c.DeleteSessions(ctx, DeleteFilter{}, DeleteOptions{})),
		"delete two ways":    done(c.DeleteSessions(ctx, DeleteFilter{FlowID: "f", ExternalID: "e"}, DeleteOptions{})),
		"delete empty id":    done(c.DeleteSessions(ctx, DeleteFilter{IDs: []string{"a", ""}}, DeleteOptions{})),
		"keep without PII":   done(c.DeleteSessions(ctx, DeleteFilter{FlowID: "f"}, DeleteOptions{Keep: []string{KeepImages}})),
		"expire none":        done(c.Expire(ctx, nil, ExpireIncomplete)),
		"expire empty id":    done(c.Expire(ctx, []string{""}, ExpireIncomplete)),
		"expire always":      done(c.Expire(ctx, []string{"a"})),
		"expire how":         done(c.Expire(ctx, []string{"a"}, "OLD")),
		"interviewer":        done(c.SetInterviewer(ctx, testID, "")),
		"interview":          done(c.SetInterviewer(ctx, "", "someone")),
		"identity":           second(c.IdentitySessions(ctx, "")),
		"identity dots":      second(c.IdentitySessions(ctx, "..")),
		"images":             second(c.Images(ctx, testID)),
		"image of no type":   second(c.ImageData(ctx, testID, "")),
		"image of no one":    second(c.ImageData(ctx, "", ImageSelfie)),
		"second id":          second(c.SecondIDImages(ctx, "", ImageSelfie)),
		"update":             done(c.UpdateSession(ctx, testID, Update{})),
		"events limit":       second(c.Events(ctx, testID, 0, 101)),
		"events offset":      second(c.Events(ctx, testID, -1, 100)),
		"log-in":             second(c.LogIn(ctx, testEmail, "")),
		"no transaction":     second(c.VerifyAuthentication(ctx, Attempt{Token: testCustomer, InterviewToken: testSession})),
		"no token":           second(c.VerifyAuthentication(ctx, Attempt{TransactionID: "a", InterviewToken: testSession})),
		"no interview token": second(c.VerifyAuthentication(ctx, Attempt{TransactionID: "a", Token: testCustomer})),
		"start":              second(c.Start(ctx, StartRequest{CustomFields: map[string]any{"f": func() {}}})),
	} {
		e := failure(t, err)
		require.Equal(t, KindInvalid, e.Kind, name)
		require.NotEmpty(t, e.Endpoint, name)
		require.False(t, e.Sent, name)
	}
	require.Zero(t, n.Load())
}

func second[T any](_ T, err error) error { return err }

func TestUndeclaredParametersAreRefused(t *testing.T) {
	c := client(t, "http://127.0.0.1:1")
	for name, a := range map[string]args{
		"query": {query: map[string]string{"id": testID, "other": "x"}},
		"body":  {query: map[string]string{"id": testID}, body: map[string]string{"other": "x"}},
	} {
		_, err := call(context.Background(), c, EndpointScore, a, decodeScore)
		require.Equal(t, KindInvalid, failure(t, err).Kind, name)
		require.Contains(t, err.Error(), "other")
	}
	_, err := call(context.Background(), c, "no-such", args{}, decodeScore)
	require.Equal(t, KindInvalid, failure(t, err).Kind)
}

// Every secret and personal value of the tests is looked for in all that is
// kept or printed.
func TestSecretsStayInHeaders(t *testing.T) {
	echo := `{"status":4006,"message":"` + strings.Join([]string{testKey, testExec, testEmail, testPassword}, " ") + `"}`
	for _, status := range []int{200, 400, 500} {
		for _, ref := range references(t) {
			body := echo
			if status == 200 {
				body = ref.answer
			}
			c := answering(t, status, body)
			out, err := ref.call(context.Background(), c)
			printed := fmt.Sprintf("%v %+v %#v", out.value, out.value, c) + fmt.Sprintf("%+v", c.Journal())
			if err != nil {
				printed += err.Error()
			}
			asJSON, marshalErr := json.Marshal(out.value)
			require.NoError(t, marshalErr)
			printed += string(asJSON)
			ep, _ := endpoint(ref.endpoint)
			if ep.Token && status == 200 {
				printed += string(out.body)
			}
			secrets := []string{testKey, testSession.Reveal(), testCustomer}
			if ref.endpoint == EndpointLogIn {
				secrets = append(secrets, testEmail, testPassword)
			}
			// The executive's token is not known to a log-in that fails, and a
			// start has no business with it.
			if status == 200 || (ep.Auth != AuthKey && ep.Auth != AuthSession) {
				secrets = append(secrets, testExec)
			}
			for _, secret := range secrets {
				require.NotContains(t, printed, secret, "%s at %d", ref.endpoint, status)
			}
			require.NotContains(t, fmt.Sprintf("%+v", c.Journal()), testID)
			require.NotContains(t, fmt.Sprintf("%+v", c.Journal()), "twins", "a reason")
		}
	}
}

func TestTokensAreCutOutOfBodies(t *testing.T) {
	c := answering(t, http.StatusOK, fixture(t, "approval.json"))
	a, err := c.Approve(context.Background(), testID)
	require.NoError(t, err)
	require.NotContains(t, string(a.Body), testCustomer)
	require.JSONEq(t, `{"success": true, "uuid": "0000customer0000", "token": "[redacted]", "totalScore": "OK",
		"existingCustomer": false, "more": [{"Token": "[redacted]"}]}`, string(a.Body))
	require.Equal(t, "[redacted]", a.Value.Tree.Get("token").Text)

	for in, out := range map[string]string{
		`{"a":"token","token":null}`:                      `{"a":"token","token":"[redacted]"}`,
		`["token","x",{"b":{"TOKEN" : [1, 2]} ,"c": 1 }]`: `["token","x",{"b":{"TOKEN" : "[redacted]"} ,"c": 1 }]`,
		`{"\u0074oken":"x", "token": 12 }`:                `{"\u0074oken":"[redacted]", "token": "[redacted]" }`,
		`{"tokens":"x"}`:                                  `{"tokens":"x"}`,
		`"token"`:                                         `"token"`,
		`{"token":"x"`:                                    ``,
		`<html>`:                                          ``,
	} {
		require.Equal(t, out, string(cutTokens([]byte(in))), in)
	}
}

func TestTokenTypesNeverPrint(t *testing.T) {
	type holder struct {
		S SessionToken
		E ExecutiveToken
		C CustomerToken
	}
	h := holder{testSession, testExec, testCustomer}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "h", h, "s", h.S, "e", h.E, "c", h.C)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "h", h, "s", h.S, "e", h.E, "c", h.C)
	asJSON, err := json.Marshal(h)
	require.NoError(t, err)
	sText, err := h.S.MarshalText()
	require.NoError(t, err)
	eText, err := h.E.MarshalText()
	require.NoError(t, err)
	cText, err := h.C.MarshalText()
	require.NoError(t, err)
	cfg := Config{BaseURL: "https://h", APIKey: testKey}
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "cfg", cfg)
	all := fmt.Sprintf("%v %+v %#v %s %q %x %d", h, h, h, h, h, h, h) + fmt.Sprintf("%s %x %q %v %#v %s", h.S, h.E, h.C, h.S.String(), h.E.String(), h.C.String()) +
		log.String() + string(asJSON) + string(sText) + string(eText) + string(cText) + fmt.Sprintf("%v %+v %#v", cfg, cfg, &cfg) +
		fmt.Sprintf("%+v", Attempt{"a", testCustomer, testSession})
	for _, secret := range []string{testSession.Reveal(), testExec, testKey, testCustomer} {
		require.NotContains(t, all, secret)
		require.NotContains(t, all, fmt.Sprintf("%x", secret))
	}
	require.Equal(t, testExec, h.E.Reveal())
}

// pages serves n events in pages, as "Fetch events" says.
func pages(t *testing.T, n int, requests *[]url.Values) string {
	var mu sync.Mutex
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		*requests = append(*requests, r.URL.Query())
		mu.Unlock()
		var offset, limit int
		_, _ = fmt.Sscan(r.URL.Query().Get("offset"), &offset)
		_, _ = fmt.Sscan(r.URL.Query().Get("limit"), &limit)
		var items []string
		for i := offset; i < min(n, offset+limit); i++ {
			items = append(items, fmt.Sprintf(`{"eventName":"e%d","timestamp":%d}`, i, 1647444546006+i))
		}
		_, _ = io.WriteString(w, `{"events":[`+strings.Join(items, ",")+`]}`)
	})
}

func TestEventPages(t *testing.T) {
	for n, requests := range map[int]int{0: 1, 1: 1, 99: 1, 100: 2, 101: 2, 250: 3} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			var asked []url.Values
			var names []string
			last := false
			for page, err := range client(t, pages(t, n, &asked)).EventPages(context.Background(), testID) {
				require.NoError(t, err)
				require.Equal(t, len(names), page.Value.Offset)
				last = page.Value.Last
				for _, e := range page.Value.Events {
					names = append(names, e.Name.Value)
				}
			}
			require.True(t, last)
			require.Len(t, names, n)
			for i, name := range names {
				require.Equal(t, fmt.Sprint("e", i), name)
			}
			require.Len(t, asked, requests)
			for i, q := range asked {
				require.Equal(t, query("id", testID, "offset", fmt.Sprint(100*i), "limit", "100"), q)
			}
		})
	}
}

func TestEventPagesEnd(t *testing.T) {
	full := func(mark int64) string {
		return `{"events":[` + strings.TrimSuffix(strings.Repeat(fmt.Sprintf(`{"eventName":"e%d"},`, mark), 100), ",") + `]}`
	}
	var n atomic.Int64
	walk := func(h http.HandlerFunc) (got int, capped bool, failed error) {
		n.Store(0)
		for page, err := range client(t, serve(t, h)).EventPages(context.Background(), testID) {
			if err != nil {
				failed = err
				continue
			}
			got++
			capped = page.Value.Capped
		}
		return got, capped, failed
	}
	t.Run("at a repeated page", func(t *testing.T) {
		got, capped, err := walk(func(w http.ResponseWriter, _ *http.Request) { n.Add(1); _, _ = io.WriteString(w, full(0)) })
		require.NoError(t, err)
		require.False(t, capped)
		require.Equal(t, 1, got)
		require.EqualValues(t, 2, n.Load())
	})
	t.Run("at the cap", func(t *testing.T) {
		got, capped, err := walk(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, full(n.Add(1))) })
		require.NoError(t, err)
		require.True(t, capped)
		require.Equal(t, EventPagesMax, got)
		require.EqualValues(t, EventPagesMax, n.Load())
	})
	t.Run("at an error", func(t *testing.T) {
		got, _, err := walk(func(w http.ResponseWriter, _ *http.Request) {
			if n.Add(1) == 2 {
				w.WriteHeader(http.StatusInternalServerError)
				return
			}
			_, _ = io.WriteString(w, full(n.Load()))
		})
		require.Equal(t, KindServer, failure(t, err).Kind)
		require.Equal(t, 1, got)
	})
	t.Run("when the caller has enough", func(t *testing.T) {
		n.Store(0)
		c := client(t, serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, full(n.Add(1))) }))
		for _, err := range c.EventPages(context.Background(), testID) {
			require.NoError(t, err)
			break
		}
		require.EqualValues(t, 1, n.Load())
	})
}

// Callers that share one request get values of their own.
func TestSharedAnswersAreSeparate(t *testing.T) {
	arrived, release := make(chan struct{}, 9), make(chan struct{})
	c := client(t, serve(t, func(w http.ResponseWriter, _ *http.Request) {
		arrived <- struct{}{}
		<-release
		_, _ = io.WriteString(w, fixture(t, "score.json"))
	}))
	const callers = 4
	var (
		wg      sync.WaitGroup
		mu      sync.Mutex
		answers []Answer[Score]
	)
	for range callers {
		wg.Go(func() {
			a, err := c.Score(context.Background(), testID)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				answers = append(answers, a)
			}
		})
	}
	<-arrived
	close(release)
	wg.Wait()
	require.Len(t, answers, callers)
	for i, a := range answers {
		require.Equal(t, "FAIL", a.Value.Overall.Status.Value)
		a.Value.Overall.Status.Value = fmt.Sprint("changed by ", i)
		a.Body[0] = 'x'
	}
}

func TestClientTellsItsState(t *testing.T) {
	c := answering(t, http.StatusOK, `{"onboardingStatus":"EXPIRED"}`)
	a, err := c.OnboardingStatus(context.Background(), testID)
	require.NoError(t, err)
	require.Equal(t, "EXPIRED", a.Value.Status.Value)
	require.Positive(t, a.Took)
	require.False(t, a.At.IsZero())
	require.Equal(t, 9_999, c.Budget().FiveMinutes.Left)
	require.False(t, c.BreakerOpen())
	require.Len(t, c.Journal(), 1)
	require.Equal(t, EndpointOnboardingStatus, c.Journal()[0].Endpoint)
	require.True(t, strings.HasPrefix(c.Origin(), "http://127.0.0.1:"))
	_, err = New(Config{})
	require.Error(t, err)
}
