package intake

import (
	"crypto/rand"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"docket/audit"
	"docket/model"
	"docket/store"
)

// rulePrefix begins the identity of a rule.
const rulePrefix = "rule:"

// effects are what the rules do with a session that was read.
func (w *Worker) effects(before, now model.Row) store.Effects {
	return effects(w.cfg.Rules, w.clock.Now().UTC(), before, now)
}

// effects returns what rules do with a session that was known as before and is known
// as now, at a time. What they have seen already they do nothing about.
func effects(rules []model.InboxRule, at time.Time, before, now model.Row) (e store.Effects) {
	if now.Life == model.Deleted {
		return e
	}
	seen := seenOf(before)
	e.Ruled = &model.Ruled{Arrived: true, Verdict: now.Verdict}
	if before.Ruled != nil && *before.Ruled == *e.Ruled {
		e.Ruled = nil
	}
	for _, r := range rules {
		if r.Applies(seen, &now) {
			apply(&e, r, at, now)
		}
	}
	return e
}

// seenOf is what rules have seen of a session. What somebody put in the inbox counts
// as seen: it did not arrive.
func seenOf(before model.Row) model.Ruled {
	switch {
	case before.Ruled != nil:
		return *before.Ruled
	case before.ID == "":
		return model.Ruled{}
	}
	return model.Ruled{Arrived: true, Verdict: before.Verdict}
}

// apply adds what one rule does. Of several the longest head start and the first
// assignment count.
func apply(e *store.Effects, r model.InboxRule, at time.Time, now model.Row) {
	var did []string
	entry := audit.Entry{At: at, By: rulePrefix + r.Name, Event: audit.Rule, Session: now.ID}
	for _, tag := range r.Tags {
		if !now.HasTag(tag) && !slices.Contains(e.Tags, tag) {
			e.Tags = append(e.Tags, tag)
			did = append(did, "tag "+tag)
		}
	}
	if r.Ahead > max(e.Ahead, now.Ahead) {
		e.Ahead = r.Ahead
		did = append(did, "ahead "+r.Ahead.String())
	}
	if r.Assign != "" && e.Claim == nil && free(now, at) {
		e.Claim = &store.Claim{Who: r.Assign, At: at, Until: at.Add(r.For)}
		claim := entry
		claim.Event, claim.Detail = audit.Claim, r.Assign
		e.Log = append(e.Log, claim)
	}
	for _, name := range r.Notify {
		e.Jobs = append(e.Jobs, noticeJob(r, name, at, now))
		did = append(did, "notify "+name)
	}
	if r.Enroll && !slices.ContainsFunc(e.Jobs, func(j store.Job) bool { return j.Kind == store.JobEnroll }) {
		e.Jobs = append(e.Jobs, store.Job{Kind: store.JobEnroll, Key: now.ID, Due: at, Body: asJSON(order{r.Name})})
		did = append(did, "enroll")
	}
	if len(did) > 0 {
		entry.Detail = strings.Join(did, ", ")
		e.Log = append(e.Log, entry)
	}
}

// free reports whether nobody has the session.
func free(r model.Row, at time.Time) bool { return r.ClaimedBy == "" || !at.Before(r.ClaimedUntil) }

// notice is what a target is told. Nothing in it is personal.
type notice struct {
	Event        model.RuleEvent    `json:"event"`
	Rule         string             `json:"rule"`
	ID           string             `json:"id"`
	Verdict      model.Verdict      `json:"verdict,omitempty"`
	Status       model.Status       `json:"status,omitempty"`
	ReviewReason model.ReviewReason `json:"reviewReason,omitempty"`
	At           time.Time          `json:"at"`
}

// parcel is the body of a job of notifying: what is said, byte for byte, and to whom.
type parcel struct {
	Target string          `json:"target"`
	Says   json.RawMessage `json:"says"`
}

// order is the body of a job of enrolling.
type order struct {
	Rule string `json:"rule"`
}

// keyLetters tell apart what is sent to the same target.
const keyLetters = 16

// noticeJob tells a target of what a rule saw. Its key is another one each time: the
// receiver knows by it what it got twice.
func noticeJob(r model.InboxRule, target string, at time.Time, now model.Row) store.Job {
	says := asJSON(notice{r.Event, r.Name, now.ID, now.Verdict, now.Status, now.ReviewReason, at})
	key := target + "-" + strings.ToLower(rand.Text()[:keyLetters])
	return store.Job{Kind: store.JobNotify, Key: key, Due: at, Body: asJSON(parcel{target, says})}
}

func asJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return nil // cannot happen: texts and times
	}
	return b
}
