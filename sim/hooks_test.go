package sim

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// receiver is a customer's server. It keeps what it took.
type receiver struct {
	t    *testing.T
	http *httptest.Server

	mu      sync.Mutex
	asked   int
	taken   []string
	headers []http.Header
	refuse  func(w http.ResponseWriter, n int) bool // of the n-th request; it has answered then
}

func newReceiver(t *testing.T, refuse func(w http.ResponseWriter, n int) bool) *receiver {
	r := &receiver{t: t, refuse: refuse}
	r.http = httptest.NewServer(r)
	t.Cleanup(r.http.Close)
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked++
	if r.refuse != nil && r.refuse(w, r.asked) || err != nil {
		return
	}
	r.taken = append(r.taken, string(body))
	r.headers = append(r.headers, req.Header.Clone())
	_, _ = io.WriteString(w, `{"success": true}`)
}

func (r *receiver) got() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.taken)
}

// decoded are the webhooks that were taken.
func (r *receiver) decoded() []map[string]any {
	var all []map[string]any
	for _, body := range r.got() {
		var m map[string]any
		require.NoError(r.t, json.Unmarshal([]byte(body), &m), body)
		all = append(all, m)
	}
	return all
}

// refusals are ways in which a receiver does not take a webhook.
func refusals(every int) func(http.ResponseWriter, int) bool {
	return func(w http.ResponseWriter, n int) bool {
		switch n % (3 * every) {
		case 0:
			http.Error(w, "down for a moment", http.StatusServiceUnavailable)
		case every:
			drop(w)
		case 2 * every:
			_, _ = io.WriteString(w, `{"success": false, "error": "not now"}`)
		default:
			return false
		}
		return true
	}
}

// hurried is a clock whose pauses end at once.
func hurried(time.Duration) <-chan time.Time {
	c := make(chan time.Time, 1)
	c <- time.Time{}
	return c
}

// hooked makes a simulator send to a receiver, and runs the sender to the end of the
// test.
func (r *rig) hooked(to *receiver, h Hooks) *Sender {
	r.t.Helper()
	sender := r.waiting(to, h)
	running(r.t, sender)
	return sender
}

// waiting makes a simulator send to a receiver once somebody runs the sender.
func (r *rig) waiting(to *receiver, h Hooks) *Sender {
	r.t.Helper()
	h.URL, h.After = to.http.URL+"/webhook", hurried
	sender, err := r.Send(h)
	require.NoError(r.t, err)
	return sender
}

func running(t *testing.T, sender *Sender) {
	ctx, stop := context.WithCancel(t.Context())
	var workers sync.WaitGroup
	workers.Go(func() { sender.Run(ctx) })
	t.Cleanup(workers.Wait)
	t.Cleanup(stop)
}

func drained(t *testing.T, sender *Sender) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	require.NoError(t, sender.Drain(ctx))
}

func (r *rig) steps(n int) {
	for range n {
		r.clock.move(time.Second)
		r.Step()
	}
}

// The last word about a session has to arrive, whatever fails on the way.
func TestNoWebhookIsLostByAReceiverThatFailsAtTimes(t *testing.T) {
	r := newRig(t, Options{})
	before := len(r.IDs())
	to := newReceiver(t, refusals(3))
	sender := r.hooked(to, Hooks{Attempts: 40})
	r.steps(300)
	drained(t, sender)
	n := sender.Counts()
	require.Positive(t, n.Failed)
	require.Equal(t, HookCounts{Made: n.Made, Sent: n.Made, Failed: n.Failed}, n)
	require.Len(t, to.got(), n.Made)

	started, told := map[any]int{}, map[any]map[any]bool{}
	for _, hook := range to.decoded() {
		id := hook["interviewId"]
		switch {
		case hook["event_type"] == EventStarted:
			started[id]++
			require.NotContains(t, hook, "onboardingStatus")
		case hook["onboardingStatus"] != nil:
			require.NotEqual(t, "UNKNOWN", hook["onboardingStatus"])
			if told[id] == nil {
				told[id] = map[any]bool{}
			}
			told[id][hook["onboardingStatus"]] = true
		}
	}
	for _, id := range r.IDs()[before:] {
		require.Equal(t, 1, started[id], "every arrival is told once")
		if hook, _ := r.Webhook(id); hook.OnboardingStatus != "UNKNOWN" {
			require.True(t, told[id][hook.OnboardingStatus], "%s", hook.OnboardingStatus)
		}
	}
}

func TestWebhooksComeTwiceAndOutOfOrderAsAsked(t *testing.T) {
	deliver := func(h Hooks) ([]string, HookCounts) {
		r := newRig(t, Options{})
		to := newReceiver(t, nil)
		h.Parallel, h.Hold = 1, time.Hour
		sender := r.waiting(to, h) // all of them queue first, so that nothing but the seed decides
		r.steps(600)
		running(t, sender)
		drained(t, sender)
		return to.got(), sender.Counts()
	}
	plain, n := deliver(Hooks{})
	require.Equal(t, HookCounts{Made: len(plain), Sent: len(plain)}, n)
	mixed, n := deliver(Hooks{Duplicates: 0.3, Shuffle: 0.3, Seed: 7})
	require.Len(t, mixed, n.Made)
	require.Equal(t, n.Made-n.Duplicates, len(plain))
	require.InDelta(t, 0.3, float64(n.Duplicates)/float64(len(plain)), 0.06)
	require.InDelta(t, 0.3, float64(n.Shuffled)/float64(n.Made), 0.06)
	require.Equal(t, counted(plain), counted(slices.Compact(slices.Sorted(slices.Values(mixed)))), "nothing else, nothing missing")
	require.NotEqual(t, plain, firsts(mixed), "the order is another")
	again, _ := deliver(Hooks{Duplicates: 0.3, Shuffle: 0.3, Seed: 7})
	require.Equal(t, mixed, again)
	other, _ := deliver(Hooks{Duplicates: 0.3, Shuffle: 0.3, Seed: 8})
	require.NotEqual(t, mixed, other)
}

func counted(list []string) map[string]int {
	n := map[string]int{}
	for _, text := range list {
		n[text] = 1
	}
	return n
}

// firsts are the webhooks in the order in which each came first.
func firsts(list []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, text := range list {
		if !seen[text] {
			seen[text] = true
			out = append(out, text)
		}
	}
	return out
}

func TestWebhooksProveThemselves(t *testing.T) {
	r := newRig(t, Options{})
	to := newReceiver(t, nil)
	sender := r.hooked(to, Hooks{Secret: "secret of a test", SignKey: "key of a test"})
	r.steps(3)
	drained(t, sender)
	sender = r.hooked(to, Hooks{Header: "X-Other", Secret: "secret of a test"})
	r.steps(1)
	drained(t, sender)
	for i, body := range to.got() {
		h := to.headers[i]
		require.Equal(t, "application/json", h.Get("Content-Type"))
		if h.Get("X-Other") != "" {
			require.Empty(t, h.Get(SignatureHeader))
			require.Empty(t, h.Get(DefaultHookHeader))
			continue
		}
		mac := hmac.New(sha256.New, []byte("key of a test"))
		_, _ = mac.Write([]byte(body))
		require.Equal(t, hex.EncodeToString(mac.Sum(nil)), h.Get(SignatureHeader))
		require.Equal(t, "secret of a test", h.Get(DefaultHookHeader))
	}
	require.Equal(t, "secret of a test", to.headers[len(to.headers)-1].Get("X-Other"))
}

func TestSecretsOfHooksStayOut(t *testing.T) {
	h := Hooks{URL: "http://127.0.0.1:1/", Secret: "secret of a test", SignKey: "key of a test"}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "hooks", h)
	all := log.String() + fmt.Sprintf("%v %+v %#v %s", h, h, h, h)
	require.NotContains(t, all, "of a test")
	require.Contains(t, all, h.URL)
	for name, wrong := range map[string]Hooks{
		"scheme": {URL: "ftp://127.0.0.1/"}, "host": {URL: "http://"}, "user": {URL: "http://a:hidden@127.0.0.1/"}, "none": {},
		"header": {URL: h.URL, Header: "a b"}, "secret": {URL: h.URL, Secret: "hidden\r\nX: y"}, "share": {URL: h.URL, Shuffle: 1.1},
	} {
		_, err := New(Options{Sessions: 1}).Send(wrong)
		require.Error(t, err, name)
		require.NotContains(t, err.Error(), "hidden")
	}
}

// A redirect would carry the secret to wherever it points.
func TestWebhooksDoNotFollowRedirects(t *testing.T) {
	elsewhere := newReceiver(t, nil)
	to := newReceiver(t, func(w http.ResponseWriter, _ int) bool {
		w.Header().Set("Location", elsewhere.http.URL)
		w.WriteHeader(http.StatusTemporaryRedirect)
		return true
	})
	r := newRig(t, Options{})
	var mu sync.Mutex
	var why []string
	sender := r.hooked(to, Hooks{Attempts: 3, Secret: "secret of a test", Failed: func(reason string) {
		mu.Lock()
		defer mu.Unlock()
		why = append(why, reason)
	}})
	r.Step()
	drained(t, sender)
	require.Zero(t, elsewhere.asked)
	require.Equal(t, HookCounts{Made: 1, Failed: 3, Lost: 1}, sender.Counts(), "given up in the end")
	require.Equal(t, 3, to.asked)
	mu.Lock()
	defer mu.Unlock()
	require.Equal(t, slices.Repeat([]string{"the receiver answered 307 Temporary Redirect"}, 3), why)
}

func TestASenderGoesOnWhereItStopped(t *testing.T) {
	r := newRig(t, Options{})
	down := true
	to := newReceiver(t, func(w http.ResponseWriter, _ int) bool {
		if down {
			w.WriteHeader(http.StatusBadGateway)
		}
		return down
	})
	ctx, stop := context.WithCancel(t.Context())
	sender := r.waiting(to, Hooks{Parallel: 2})
	sender.hooks.After = func(time.Duration) <-chan time.Time { return nil } // pauses without an end
	asked := make(chan struct{}, 2)
	sender.hooks.Failed = func(string) { asked <- struct{}{} }
	r.steps(20)
	ended := make(chan struct{})
	go func() {
		sender.Run(ctx)
		close(ended)
	}()
	<-asked
	<-asked
	stop()
	<-ended
	require.Zero(t, sender.Counts().Sent)
	to.mu.Lock()
	down = false
	to.mu.Unlock()
	running(t, sender)
	drained(t, sender)
	require.Equal(t, sender.Counts().Made, sender.Counts().Sent)
	require.Len(t, to.got(), sender.Counts().Made)
}

// kinds are what a webhook is about: its event, else its status.
func kinds(hooks []map[string]any, id string) []string {
	list := []string{}
	for _, hook := range hooks {
		if hook["interviewId"] == id {
			kind, _ := hook["event_type"].(string)
			if status, _ := hook["onboardingStatus"].(string); kind == "" {
				kind = status
			}
			list = append(list, kind)
		}
	}
	return list
}

func TestWhatIsDoneAtTheAPIIsTold(t *testing.T) {
	r := newRig(t, Options{})
	to := newReceiver(t, nil)
	sender := r.hooked(to, Hooks{Parallel: 1})
	review, expiring, deleted, quiet := r.told("old-id").ID, r.told("started").ID, r.told("clean-enrolled"), r.told("glare").ID
	begun, token := r.started(map[string]any{"configurationId": flows[0].id, "externalId": "client-7", "externalCustomerId": "customer-7"})
	r.started(map[string]any{"interviewId": begun})
	r.as(token, "GET", "/0/omni/finish-status", nil)
	r.ok(r.decide(review, "APPROVED"))
	r.ok(r.decide(review, "REJECTED"))
	r.ok(r.decide(review, "REQUIRED"))
	r.ok(r.do("POST", "/omni/expire/interviews", map[string]any{
		"interviewIds": []string{expiring, quiet}, "cleanerConfiguration": map[string]any{"expirationConditions": []string{"INCOMPLETE"}},
	}))
	r.ok(r.do("DELETE", "/omni/interview?interviewId="+deleted.ID+"&sendNotification=true", nil))
	r.ok(r.do("DELETE", "/omni/interview?interviewId="+quiet, nil))
	require.Equal(t, http.StatusBadRequest, r.decide(expiring, "APPROVED").status)
	drained(t, sender)
	hooks := to.decoded()
	require.Equal(t, []string{
		"MANUAL_REVIEW_APPROVED", EventSucceeded, "MANUAL_REVIEW_REJECTED", EventFailed, EventPendingReview,
	}, kinds(hooks, review))
	require.Equal(t, []string{"EXPIRED"}, kinds(hooks, expiring))
	require.Equal(t, []string{"ONBOARDING_FINISHED"}, kinds(hooks, deleted.ID))
	require.Empty(t, kinds(hooks, quiet))
	verdict := eventTypes[r.session(begun).Verdict]
	require.Equal(t, []string{EventStarted, "ONBOARDING_FINISHED", verdict}, kinds(hooks, begun))
	require.Equal(t, map[string]any{"interviewId": begun, "event_type": EventStarted, "externalCustomerId": "customer-7"}, hooks[0])
	require.Equal(t, map[string]any{
		"interviewId": begun, "onboardingStatus": "ONBOARDING_FINISHED", "clientId": DefaultClientID, "flowId": flows[0].id, "externalId": "client-7",
	}, hooks[1])
	require.Equal(t, map[string]any{
		"interviewId": begun, "event_type": verdict, "onboardingStatus": "ONBOARDING_FINISHED", "externalCustomerId": "customer-7",
	}, hooks[2])
}

func TestAuthenticationsAreTold(t *testing.T) {
	r := newRig(t, Options{})
	to := newReceiver(t, nil)
	sender := r.hooked(to, Hooks{Parallel: 1})
	s := r.told("clean-enrolled")
	spoof, _ := r.Authenticate(s.ID, OutcomeSpoof)
	match, _ := r.Authenticate(s.ID, OutcomeMatch)
	drained(t, sender)
	hooks := to.got()
	require.JSONEq(t, `{"customerId":"`+s.CustomerID+`","transactionId":"`+spoof.TransactionID+`","faceMatch":false,"spoofAttempt":true,
		"children":[],"spoofConfidence":1,"recognitionConfidence":{},"overallScore":0,"overallStatus":"FAIL","error":"Spoof attempt detected",
		"errorCode":4005,"errorMessage":"Spoof attempt detected. Spoof confidence 1.0"}`, hooks[0])
	require.JSONEq(t, `{"customerId":"`+s.CustomerID+`","transactionId":"`+match.TransactionID+`","faceMatch":true,"spoofAttempt":false,
		"children":[],"spoofConfidence":0,"recognitionConfidence":{},"overallScore":100,"overallStatus":"OK"}`, hooks[1])

	r.steps(400)
	drained(t, sender)
	seen := map[any]int{}
	for _, hook := range to.decoded()[2:] {
		if hook["transactionId"] != nil {
			seen[hook["overallStatus"]]++
		}
	}
	require.Positive(t, seen["OK"], "now and then somebody authenticates while sessions move")
	require.Positive(t, seen["FAIL"])
}

// Without later ones to overtake it, a webhook comes after a while all the same.
func TestAHeldWebhookComesWithoutOthers(t *testing.T) {
	r := newRig(t, Options{})
	came := make(chan struct{}, 16) // more than a step sends
	to := newReceiver(t, func(http.ResponseWriter, int) bool {
		came <- struct{}{}
		return false
	})
	r.hooked(to, Hooks{Shuffle: 1, Hold: time.Millisecond})
	r.Step()
	<-came
}
