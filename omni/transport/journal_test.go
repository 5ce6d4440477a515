package transport

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestJournalTellsWhatHappened(t *testing.T) {
	first := true
	s, _ := server(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Processing-Time", "42")
		if first {
			first = false
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		if r.Method == http.MethodPut {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"status":4006,"message":"Jane Roe exists"}`)
			return
		}
		ok(w, r)
	})
	c := client(t, s.URL+"/0")
	do(t, c, read())
	_, err := c.Do(WithPriority(context.Background(), Prefetch), write())
	require.Error(t, err)

	log := c.Journal()
	require.Len(t, log, 3)
	require.Equal(t, []uint64{1, 2, 3}, []uint64{log[0].Seq, log[1].Seq, log[2].Seq})
	require.Equal(t, KindServer, log[0].Kind)
	require.Equal(t, 503, log[0].Status)
	require.Equal(t, []int{1, 2}, []int{log[0].Attempt, log[1].Attempt})
	require.Zero(t, log[1].Kind)
	require.Equal(t, "/0/omni/get/score", log[1].Path)
	require.Equal(t, "…fade42", log[1].ID)
	require.Equal(t, len(`{"success":true}`), log[1].Received)
	require.Equal(t, 42*time.Millisecond, log[1].Server)
	require.Positive(t, log[1].Took)
	require.False(t, log[1].Write)
	require.Equal(t, Entry{
		Seq: 3, At: log[2].At, Endpoint: "manual-review", Method: "PUT", Path: "/0/omni/manual-review", ID: "…fade42",
		Write: true, Priority: Prefetch, Attempt: 1, Status: 400, Code: 4006, Kind: KindRefused,
		Took: log[2].Took, Server: 42 * time.Millisecond, Sent: 33, Received: log[2].Received,
	}, log[2])
}

func TestJournalHoldsNothingPersonal(t *testing.T) {
	s, _ := server(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintf(w, `{"message":"Jane Roe %s %s"}`, testKey, testToken)
	})
	c := client(t, s.URL)
	r := write()
	r.Path, r.PathArgs = "/omni/identity/{customerId}/x", map[string]string{"customerId": "customer-of-a-test"}
	r.Query.Set("reason", "because of Jane")
	r.Secrets = []string{"password-of-a-test"}
	_, err := c.Do(context.Background(), r)
	require.Error(t, err)
	for _, text := range []string{fmt.Sprintf("%+v", c.Journal()), err.Error()} {
		for _, secret := range []string{testKey, testToken, testID, "customer-of-a-test", "because", "APPROVED", "password-of-a-test"} {
			require.NotContains(t, text, secret)
		}
	}
	require.NotContains(t, fmt.Sprintf("%+v", c.Journal()), "Jane")
}

func TestJournalNotesWhatWasNotSent(t *testing.T) {
	c := client(t, "http://127.0.0.1:1", func(cfg *Config) { cfg.BreakerRest = time.Hour })
	for range breakerFailures + 1 {
		_, err := c.Do(context.Background(), write())
		require.Error(t, err)
	}
	log := c.Journal()
	last := log[len(log)-1]
	require.Equal(t, KindBreakerOpen, last.Kind)
	require.Zero(t, last.Attempt)
	require.Zero(t, last.Sent)
	require.False(t, last.At.IsZero())
}

func TestJournalKeepsTheNewest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 8).Draw(t, "size")
		count := rapid.IntRange(0, 30).Draw(t, "count")
		j := newJournal(size)
		for range count {
			j.add(Entry{})
		}
		most := rapid.IntRange(0, 10).Draw(t, "most")
		got := j.latest(most)
		require.Len(t, got, min(size, count, most))
		for i, e := range got {
			require.EqualValues(t, count-len(got)+i+1, e.Seq)
		}
	})
}

func TestShortID(t *testing.T) {
	for id, want := range map[string]string{
		"": "", testID: "…fade42", "abcdef": "…def", "a": "…", "ab\x1b[2J": "…?2J", strings.Repeat("é", 20): "…??????",
	} {
		require.Equal(t, want, ShortID(id), "%q", id)
	}
}

func TestKindsHaveTexts(t *testing.T) {
	for k := KindInvalid; k <= KindCanceled; k++ {
		require.NotEmpty(t, k.String())
		require.Contains(t, (&Error{Kind: k}).Error(), "omni: ")
	}
	require.Equal(t, "none", Kind(99).String())
	require.Equal(t, `omni: score: the API failed (HTTP 500, code 4019, try again in 3s): "x"`,
		(&Error{Kind: KindServer, Endpoint: "score", Status: 500, Code: 4019, RetryAfter: 3 * time.Second, Message: "x"}).Error())
}
