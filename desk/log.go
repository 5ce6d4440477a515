package desk

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"docket/audit"
	"docket/model"
	"docket/provider/meaning"
)

// entry begins an entry of the audit log by who sits here.
func (s *Seat) entry(event audit.Event, id string) audit.Entry {
	me := s.Me()
	return audit.Entry{At: s.d.cfg.Now().UTC(), By: me.Identity, Label: me.Name, Event: event, Session: id}
}

// signEvery is after how many entries the log is signed at the latest.
const signEvery = 64

// log writes entries, and signs the log now and then.
func (d *Desk) log(ctx context.Context, entries ...audit.Entry) error {
	if err := d.cfg.Store.Log(ctx, entries...); err != nil {
		return err
	}
	if d.unsigned.Add(int64(len(entries))) >= signEvery {
		return d.Sign(ctx)
	}
	return nil
}

// Sign signs the audit log as it is, if this desk has a key.
func (d *Desk) Sign(ctx context.Context) error {
	d.unsigned.Store(0)
	if d.cfg.Sign == nil {
		return nil
	}
	return d.cfg.Store.Checkpoint(ctx, d.cfg.Sign)
}

// deed is what one action has in the log: entries that belong together.
type deed struct {
	seat *Seat
	by   string // who submitted it; a log-in since may have made the seat another's
	ref  string // ties its entries together
	salt string // of the note
	a    model.Action
	was  map[string]model.Status   // by interview id: as it was shown
	saw  map[string][]audit.Digest // by interview id: the answers that were shown
	// confirms is the proposal that is sent; nil: it needed no second person.
	confirms *model.Proposal
}

// refLetters is how long the name of a deed or of a bulk run is.
const refLetters = 16

func (s *Seat) newDeed(a model.Action) deed {
	return deed{s, s.Me().Identity, rand.Text()[:refLetters], rand.Text(), a, map[string]model.Status{}, map[string][]audit.Digest{}, nil}
}

// deed is made when the person submits: what is read later they have not seen.
func (s *Seat) deed(a model.Action) deed {
	d := s.newDeed(a)
	for _, id := range a.IDs {
		if so := s.d.cache.peek(id); so != nil {
			d.was[id] = so.Status
		}
		d.saw[id] = s.d.bodies(id)
	}
	return d
}

// entry begins an entry of the deed.
func (d deed) entry(event audit.Event, id string) audit.Entry {
	e := d.seat.entry(event, id)
	e.By = d.by
	e.Action, e.Ref, e.Reason, e.Was, e.Batch = string(d.a.Kind), d.ref, d.a.Reason, loggedStatus(d.was[id]), d.a.Batch
	if d.confirms != nil {
		e.First = d.confirms.By
	}
	return e
}

// intents returns an entry for each session: what is about to be done, and on what
// evidence.
func (d deed) intents() []audit.Entry {
	var all []audit.Entry
	for _, id := range d.a.IDs {
		all = append(all, d.intends(audit.Intent, id))
	}
	return all
}

// intends returns the entry of an intent or a proposal, with its evidence.
func (d deed) intends(event audit.Event, id string) audit.Entry {
	e := d.entry(event, id)
	e.Note = saltedHash(d.salt, d.a.Note)
	e.Evidence = append(d.saw[id], picturesSeen(id, d.a.Evidence)...)
	e.Saw, e.Detail = string(d.a.Evidence.Latest()), strings.Join(d.a.Flags, " ")
	return e
}

// ended returns the entry of how it ended on a session.
func (d deed) ended(o *model.Outcome) audit.Entry {
	event := audit.Outcome
	if o.Result == model.ResultNotSent {
		event = audit.Refused
		if o.Problem != nil && o.Problem.Kind == model.KindUndone {
			event = audit.Undo
		}
	}
	e := d.entry(event, o.ID)
	e.Result, e.HTTP, e.Code, e.Detail = string(o.Result), o.HTTP, o.Code, loggedStatus(o.Status)
	if o.Problem != nil {
		e.Problem = o.Problem.Kind
	}
	return e
}

// newStatus stands in the log for a status that docket does not know: a word that comes
// from outside may be anything, and the log is kept for ever.
const newStatus = "another status"

func loggedStatus(s model.Status) string {
	if s == "" || meaning.Status(s).Known() {
		return string(s)
	}
	return newStatus
}

// bodies returns the digests of the answers that the score and the OCR data on the
// screen came from.
func (d *Desk) bodies(id string) []audit.Digest { return bodiesOf(d.cache.peek(id)) }

func bodiesOf(so *model.Session) []audit.Digest {
	if so == nil {
		return nil
	}
	var all []audit.Digest
	for _, part := range []model.Part{model.PartScore, model.PartOCR} {
		for _, raw := range so.Parts[part].Raw {
			sum := sha256.Sum256(raw.Body)
			all = append(all, audit.Digest{What: string(part), SHA256: hex.EncodeToString(sum[:])})
		}
	}
	return all
}

func picturesSeen(id string, seen model.Evidence) []audit.Digest {
	var all []audit.Digest
	for _, p := range seen.Pictures {
		d := audit.Digest{What: "picture " + p.Ref.String(), SHA256: p.SHA256}
		if p.Session != id {
			d.Of = p.Session
		}
		all = append(all, d)
	}
	return all
}

// saltedHash lets who has the note and its salt prove what the note was. Without
// them it says nothing.
func saltedHash(salt, text string) string {
	if text == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(salt + "\x00" + text))
	return hex.EncodeToString(sum[:])
}

// self begins an entry of what docket does by itself.
func (d *Desk) self(event audit.Event, id string) audit.Entry {
	return audit.Entry{At: d.cfg.Now().UTC(), By: "docket", Event: event, Session: id}
}

// ofPending ties an entry to the action that was pending.
func ofPending(e audit.Entry, p model.Pending) audit.Entry {
	e.Action, e.Reason, e.Ref = string(p.Action), p.Reason, p.Ref
	return e
}

// settling says in an entry how an unknown outcome was settled.
func settling(e audit.Entry, p model.Pending, how string) audit.Entry {
	e = ofPending(e, p)
	e.Result, _, _ = strings.Cut(how, ":")
	return e
}

// Close signs what was logged here and not signed yet.
func (d *Desk) Close(ctx context.Context) {
	if d.unsigned.Load() > 0 {
		_ = d.Sign(ctx) // what is not signed now is signed with the next
	}
}
