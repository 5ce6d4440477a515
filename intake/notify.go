package intake

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"docket/internal/version"
	"docket/model"
	"docket/omni/transport"
	"docket/store"
)

// Target is where outgoing webhooks go.
type Target struct {
	name, url string
	secret    []byte
}

// NewTarget makes a target: the name that rules call it by, its address, and the secret
// that signs what it gets.
func NewTarget(name, url, secret string) Target { return Target{name, url, []byte(secret)} }

// Format keeps the secret out of whatever a Target is printed into.
func (t Target) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, t.name) } // nobody to tell

// Headers of an outgoing webhook.
const (
	headerSignature = "X-Docket-Signature" // sha256= and the HMAC of the body, in hexadecimal
	headerDelivery  = "X-Docket-Delivery"  // the same when it is sent again
)

// postTime is how long a target has to answer.
const postTime = 10 * time.Second

// mostAnswer is how much of an answer is read, to use the connection again.
const mostAnswer = 64 << 10

// poster sends webhooks. What a target answers with is nothing to follow.
func poster() *http.Client {
	return &http.Client{
		Timeout:       postTime,
		Transport:     http.DefaultTransport.(*http.Transport).Clone(),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// notify sends an outgoing webhook.
func (w *Worker) notify(ctx context.Context, j store.Job) ended {
	var p parcel
	if err := json.Unmarshal(j.Body, &p); err != nil {
		return w.asideNow(ctx, j, "what was kept of it cannot be read")
	}
	t, ok := w.targets[p.Target]
	if !ok {
		return w.asideNow(ctx, j, "the configuration has no target "+p.Target)
	}
	turn, entered := w.lanes[t.name].enter(ctx, w.clock)
	begun := w.clock.Now()
	if !entered { // nothing was tried, and nothing is wrong with it
		j.Due = begun.Add(turn)
		return w.wrote(j, waits, w.cfg.Inbox.PutOff(ctx, j, model.Row{}))
	}
	r := t.send(ctx, w.http, j.Key, p.Says, begun)
	w.lanes[t.name].leave(w.clock.Now().Sub(begun))
	if r != nil {
		if ctx.Err() != nil {
			return left // it may be sent again, under the same name
		}
		return w.retry(ctx, j, r.why, r.wait, model.Row{})
	}
	w.log.Info("a target was told", "target", t.name, "key", j.Key, "took", w.elapsed(begun).String())
	return w.wrote(j, done, w.cfg.Inbox.Settle(ctx, j, model.Row{}, nil))
}

// asideNow sets a job aside that trying again does not help.
func (w *Worker) asideNow(ctx context.Context, j store.Job, why string) ended {
	j.Tries++
	j.Aside, j.Reason, j.Due = true, why, w.clock.Now()
	w.log.Error("a job was set aside", "kind", string(j.Kind), "key", j.Key, "reason", why)
	return w.wrote(j, aside, w.cfg.Inbox.PutOff(ctx, j, model.Row{}))
}

// refusal is why a target was not told.
type refusal struct {
	why  string
	wait time.Duration // it asked for
}

// send posts a webhook once, at a time.
func (t Target) send(ctx context.Context, client *http.Client, key string, body []byte, now time.Time) *refusal {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.url, bytes.NewReader(body))
	if err != nil {
		return &refusal{why: "its address cannot be used"}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "docket/"+version.String())
	req.Header.Set(headerDelivery, key)
	req.Header.Set(headerSignature, t.signature(body))
	res, err := client.Do(req)
	if err != nil { // what it says has the address in it
		return &refusal{why: unheard(err)}
	}
	defer func() { _ = res.Body.Close() }() // what it holds is of no use
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, mostAnswer))
	if res.StatusCode >= http.StatusOK && res.StatusCode < http.StatusMultipleChoices {
		return nil
	}
	return &refusal{"the target did not take it" + status(res.StatusCode), retryAfter(res.Header.Get("Retry-After"), now)}
}

func (t Target) signature(body []byte) string {
	mac := hmac.New(sha256.New, t.secret)
	_, _ = mac.Write(body) // a hash takes everything
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

func unheard(err error) string {
	var late interface{ Timeout() bool }
	if errors.As(err, &late) && late.Timeout() {
		return "the target did not answer in time"
	}
	if transport.Untrusted(err) {
		return "the target's TLS certificate is not trusted"
	}
	return "the target could not be reached"
}

// longestAsked is how long a target can ask to wait.
const longestAsked = time.Hour

// retryAfter reads how long a target asks to wait, in seconds or until a date; at most
// an hour.
func retryAfter(header string, now time.Time) time.Duration {
	header = strings.TrimSpace(header)
	if seconds, err := strconv.Atoi(header); err == nil {
		return time.Duration(min(max(seconds, 0), int(longestAsked/time.Second))) * time.Second
	}
	at, err := http.ParseTime(header)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), longestAsked)
}

// status is an HTTP status behind a sentence; nothing if there was none.
func status(code int) string {
	if code == 0 {
		return ""
	}
	return " (" + strconv.Itoa(code) + ")"
}
