package desk

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"docket/audit"
	"docket/model"
	"docket/store"
)

// List returns a page of the inbox.
func (s *Seat) List(ctx context.Context, q model.Query) (model.Page, error) {
	if p := s.denied(MayLook); p != nil {
		return model.Page{}, p
	}
	q, refusal := s.asked(q)
	if refusal != nil {
		return model.Page{}, refusal
	}
	if err := s.looksFor(ctx, q.Search); err != nil {
		return model.Page{}, err
	}
	return s.list(ctx, q, s.lensOf)
}

// Take returns a page of the inbox that is to leave docket in a format.
func (s *Seat) Take(ctx context.Context, q model.Query, format string) (model.Page, error) {
	if p := s.deniedAny(MayLook, MayExport); p != nil {
		return model.Page{}, p
	}
	q, refusal := s.asked(q)
	if refusal != nil {
		return model.Page{}, refusal
	}
	if q.Search != "" && !s.May(MaySee) { // each is logged, whether it finds anybody or not
		if err := s.looksForWhole(ctx, q.Search); err != nil {
			return model.Page{}, err
		}
	}
	page, err := s.list(ctx, q, func(string) lens { return s.lens() }) // what is revealed just now would stay so in a file
	if err != nil || len(page.Rows) == 0 {
		return page, err
	}
	what := "list " + format + ", " + strconv.Itoa(len(page.Rows)) + " rows"
	if q.Search != "" {
		what += " of a search"
	}
	if err := s.Export(ctx, "", what); err != nil {
		return model.Page{}, err
	}
	return page, nil
}

func (s *Seat) list(ctx context.Context, q model.Query, see func(id string) lens) (model.Page, error) {
	if err := s.here("The inbox could not be read"); err != nil {
		return model.Page{}, err
	}
	page, err := s.find(ctx, q)
	for i, row := range page.Rows {
		page.Rows[i] = see(row.ID).row(row)
	}
	return page, stored(err, "The inbox could not be read")
}

// Counts returns how many sessions each view holds. Those of a scope are counted up to
// a thousand.
func (s *Seat) Counts(ctx context.Context) (model.Counts, error) {
	if p := s.denied(MayLook); p != nil {
		return nil, p
	}
	if err := s.here("The inbox could not be counted"); err != nil {
		return nil, err
	}
	if !s.Me().Scope.Whole() {
		counts, err := s.countWithin(ctx)
		return counts, stored(err, "The inbox could not be counted")
	}
	counts, err := s.d.cfg.Store.Counts(ctx, s.Me().Identity, s.d.cfg.Now())
	return counts, stored(err, "The inbox could not be counted")
}

// Row returns what the inbox holds of a session.
func (s *Seat) Row(ctx context.Context, id string) (model.Row, error) {
	if p := s.denied(MayLook); p != nil {
		return model.Row{}, p
	}
	if err := s.here("The session could not be read from the inbox"); err != nil {
		return model.Row{}, err
	}
	row, err := s.get(ctx, id)
	return s.lensOf(id).row(row), stored(err, "The session could not be read from the inbox")
}

// Erased returns those of the sessions that were deleted, by whomever, after they
// were read here, and forgets what memory has of them.
func (s *Seat) Erased(ctx context.Context, ids ...string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		row, err := s.get(ctx, id)
		if err != nil || row.Life != model.Deleted {
			return true
		}
		so := s.d.cache.peek(id)
		if so != nil && !so.ReadBefore(row.UpdatedAt) {
			return true
		}
		s.d.drop(id)
		return false
	})
}

// Notes returns the remarks about a session, oldest first.
func (s *Seat) Notes(ctx context.Context, id string) ([]model.Note, error) {
	if p := s.denied(MayLook); p != nil {
		return nil, p
	}
	if err := s.here("The notes could not be read"); err != nil {
		return nil, err
	}
	return s.notes(ctx, id, s.lensOf(id))
}

// notes returns the remarks about a session through a lens.
func (s *Seat) notes(ctx context.Context, id string, l lens) ([]model.Note, error) {
	if _, err := s.get(ctx, id); err != nil && !s.Me().Scope.Whole() {
		return nil, stored(store.ErrNotFound, "The notes could not be read")
	}
	if err := s.viewed(ctx, sessionView(id)); err != nil {
		return nil, err
	}
	notes, err := s.d.cfg.Store.Notes(ctx, id)
	return s.ownNotes(notes, l), stored(err, "The notes could not be read")
}

// ownNotes hides what others wrote from who may not see personal values: people write
// what they see.
func (s *Seat) ownNotes(notes []model.Note, l lens) []model.Note {
	me := s.Me().Identity
	for i := range notes {
		n := &notes[i]
		if n.By != me || !l.risk && n.Salt != "" { // a decision's has its reason in it
			n.Text = l.note(n.Text)
		}
		if !l.clear || !l.risk {
			n.Salt, n.Evidence = "", model.Evidence{}
		}
	}
	return notes
}

// AddNote keeps a remark about a session.
func (s *Seat) AddNote(ctx context.Context, id, text string) error {
	if p := s.denied(MayNote); p != nil {
		return p
	}
	text = strings.TrimSpace(text)
	if text == "" {
		return model.NewProblem(model.KindUsage, "The note is empty", id, "write something, or leave with esc")
	}
	if err := s.here("The note could not be kept"); err != nil {
		return err
	}
	if err := s.ensureMine(ctx, id); err != nil {
		return err
	}
	return s.keepNote(ctx, id, model.Note{Text: text})
}

// Compared keeps what a person recorded of two pictures: a note with its evidence.
func (s *Seat) Compared(ctx context.Context, id string, c model.Comparison) error {
	if p := s.denied(MayPicture); p != nil {
		return p
	}
	if err := s.here("What you saw could not be kept"); err != nil {
		return err
	}
	if err := s.ensureMine(ctx, id); err != nil {
		return err
	}
	side := func(p model.Seen) string {
		if p.Session == id {
			return p.Ref.String()
		}
		return p.Ref.String() + " of session " + p.Session
	}
	text := "Compared " + side(c.A) + " with " + side(c.B) + ": " + string(c.Saw)
	e := s.entry(audit.Compare, id)
	e.Saw = string(c.Saw)
	e.Evidence = picturesSeen(id, model.Evidence{Pictures: []model.Seen{c.A, c.B}})
	if err := s.d.log(ctx, e); err != nil {
		return stored(err, "The audit log could not be written, so nothing was recorded")
	}
	return s.keepNote(ctx, id, model.Note{Text: text, Evidence: model.Evidence{Compared: []model.Comparison{c}}})
}

func (s *Seat) keepNote(ctx context.Context, id string, note model.Note) error {
	note.By, note.At = cmp.Or(note.By, s.Me().Identity), s.d.cfg.Now().UTC()
	return stored(s.d.cfg.Store.AddNote(ctx, id, note), "The note could not be kept")
}

// SetTags replaces the tags of a session.
func (s *Seat) SetTags(ctx context.Context, id string, tags []string) error {
	if p := s.denied(MayTag); p != nil {
		return p
	}
	if err := s.here("The tags could not be kept"); err != nil {
		return err
	}
	if err := s.ensureMine(ctx, id); err != nil {
		return err
	}
	return stored(s.d.cfg.Store.SetTags(ctx, id, tags), "The tags could not be kept")
}

// ensureMine is ensureRow for a session that is this seat's.
func (s *Seat) ensureMine(ctx context.Context, id string) error {
	if p := s.outside(ctx, id); p != nil {
		return p
	}
	return s.ensureRow(ctx, id)
}

// ensureRow puts a session that is worked on into the inbox if it is not there.
func (s *Seat) ensureRow(ctx context.Context, id string) error {
	_, err := s.d.cfg.Store.Get(ctx, id)
	if !errors.Is(err, store.ErrNotFound) {
		return stored(err, "The inbox could not be read")
	}
	row := s.d.known(id)
	row.AddedAt = s.d.cfg.Now().UTC()
	return stored(s.d.cfg.Store.Upsert(ctx, row), "The session could not be put in the inbox")
}

// known is what is in memory of a session, as a row.
func (d *Desk) known(id string) model.Row {
	if so := d.cache.peek(id); so != nil {
		return d.cfg.Provider.Row(so)
	}
	return model.Row{ID: id, Provider: d.cfg.Provider.Name()}
}

// keep writes what was read of a session to the inbox, if the session is there,
// settles an unknown outcome that the reading proves, and links what is alike.
func (d *Desk) keep(ctx context.Context, e *entry) {
	if ctx.Err() != nil {
		return
	}
	old, err := d.cfg.Store.Get(ctx, e.id)
	if err != nil {
		return // not in the inbox, or the store is in trouble: the session is shown all the same
	}
	_ = d.kept(ctx, e, old, func(row model.Row) error { return d.cfg.Store.Upsert(ctx, row) }) // shown all the same
}

// kept has what was read of a session written to the inbox, and does what hangs on it.
func (d *Desk) kept(ctx context.Context, e *entry, old model.Row, put func(model.Row) error) error {
	so, _ := e.now()
	if acted := !old.ActedAt.IsZero(); old.Decided != nil || so.Decided != nil || acted != so.Acted {
		so = e.update(func(so *model.Session) { so.Decided, so.Acted = old.Decided, acted })
	}
	if err := put(d.cfg.Provider.Row(so)); err != nil {
		return err
	}
	d.reconcile(ctx, old, so)
	device, ip, err := d.cfg.Store.Alike(ctx, e.id, alikeLimit)
	if err == nil && len(device)+len(ip) > 0 { // it is shown without its links too
		e.update(func(so *model.Session) { so.Linked = linkAlike(so, device, ip) })
	}
	return nil
}

// alikeLimit is how many sessions with the same device or address are linked.
const alikeLimit = 20

// linkAlike adds the rows to the linked sessions in place of those that an
// earlier reading found.
func linkAlike(so *model.Session, device, ip []model.Row) []model.Linked {
	var links []model.Linked
	for _, k := range so.Linked {
		if k.Why != model.LinkDevice && k.Why != model.LinkIP {
			links = append(links, k)
		}
	}
	add := func(why string, rows []model.Row) {
		for _, row := range rows {
			same := strings.EqualFold(row.Name.Reveal(), so.Applicant.Name.Reveal())
			k := model.Linked{ID: row.ID, ExternalID: row.ExternalID, Why: why, Row: &row}
			if !row.Name.Empty() && !so.Applicant.Name.Empty() {
				k.SameName = &same
			}
			links = append(links, k)
		}
	}
	add(model.LinkDevice, device)
	add(model.LinkIP, ip)
	return links
}

// addAtOnce is how many sessions are looked up side by side.
const addAtOnce = 8

// Add puts sessions in the inbox and fetches status, score and OCR of each, and
// the events of those that wait for a person. An id that the API does not know is not added. A part that fails is told and
// does not stop the adding.
func (s *Seat) Add(ctx context.Context, ids []string) []Added {
	all := make([]Added, len(ids))
	if p := s.denied(MayAdd); p != nil {
		for i, id := range ids {
			all[i] = Added{ID: id, Problem: p}
		}
		return all
	}
	room := semaphore.NewWeighted(addAtOnce)
	var wg sync.WaitGroup
	for i, id := range ids {
		all[i].ID = id
		if err := room.Acquire(ctx, 1); err != nil {
			all[i].Problem = model.NewProblem(model.KindUndone, "Stopped before this session was looked up", id, "add it again")
			continue
		}
		wg.Go(func() {
			defer room.Release(1)
			all[i] = s.add(ctx, id)
		})
	}
	wg.Wait()
	return all
}

func (s *Seat) add(ctx context.Context, id string) Added {
	if !validID(id) {
		return Added{ID: id, Problem: model.NewProblem(model.KindUsage, "This is not an interview id", quoteID(id), "an interview id is letters, digits, - and _, at most 64 of them")}
	}
	if err := s.here("The session could not be put in the inbox"); err != nil {
		return Added{ID: id, Problem: model.AsProblem(err)}
	}
	added := Added{ID: id}
	var unread *model.Problem
	err := s.arrive(ctx, id, func(a Arrival) error {
		if unread = s.unfoundHere(ctx, a); unread != nil {
			return unread
		}
		had, err := s.d.cfg.Store.Has(ctx, id)
		if err != nil {
			return err
		}
		a.Row.AddedAt = s.d.cfg.Now().UTC()
		added.New = !had[id]
		for _, p := range a.Problems {
			added.Problems = append(added.Problems, s.lens().problem(p))
		}
		return s.d.cfg.Store.Upsert(ctx, a.Row)
	})
	if err == nil {
		added.Row, err = s.Row(ctx, id)
	}
	switch {
	case unread != nil:
		added.Problem = unread
	case err != nil:
		added.Problem = model.AsProblem(stored(err, "The session could not be put in the inbox"))
	}
	return added
}

// unfoundHere is unfound for this seat: what is not in its scope is
// to it like what does not exist.
func (s *Seat) unfoundHere(ctx context.Context, a Arrival) *model.Problem {
	p, scope := unfound(a.so), s.Me().Scope
	if scope.Whole() {
		return s.lens().problem(p)
	}
	flow := a.Row.FlowID
	if old, err := s.d.cfg.Store.Get(ctx, a.Row.ID); err == nil {
		flow = old.FlowID
	}
	if p != nil && p.Kind != model.KindNotFound {
		return s.lens().problem(p)
	}
	if p != nil || !scope.Holds(flow, a.Row.DocCountry) {
		return notThere(a.Row.ID)
	}
	return nil
}

// unfound returns why nothing shows that a session exists: the API does not know it or does not
// let us ask, or no part of it could be read.
func unfound(so *model.Session) *model.Problem {
	if p := unknownID(so); p != nil {
		return p
	}
	if nothingCame(so) {
		return so.Parts[model.PartStatus].Problem
	}
	return nil
}

// nothingCame reports whether no part of a session could be read.
func nothingCame(so *model.Session) bool {
	return !slices.ContainsFunc(addParts, func(p model.Part) bool { return so.Parts[p].Problem == nil })
}

// unknownID returns the problem if the API does not know the session, or does
// not let us ask.
func unknownID(so *model.Session) *model.Problem {
	for _, p := range addParts {
		switch prob := so.Parts[p].Problem; {
		case prob == nil:
			continue
		case p == model.PartStatus && prob.Kind == model.KindNotFound, prob.Kind == model.KindAuth:
			return prob
		}
	}
	return nil
}

// maxID is longer than any id the reference shows (24 characters), so that
// other providers' ids fit.
const maxID = 64

// validID reports whether a text can be an interview id at all. It keeps paths
// and control characters out of requests, file names and the store.
func validID(id string) bool {
	if id == "" || len(id) > maxID {
		return false
	}
	for _, r := range id {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
		default:
			return false
		}
	}
	return true
}

// stored turns an error of the store into a problem.
func stored(err error, what string) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, store.ErrNotFound):
		return model.NewProblem(model.KindNotFound, "The session is not in the inbox", "", "add it with its id first").Because(err)
	case errors.Is(err, context.Canceled):
		return model.NewProblem(model.KindUndone, what+": stopped", "", "try again").Because(err)
	}
	var p *model.Problem
	if errors.As(err, &p) {
		told := *p // the store says in words what is wrong with it
		told.Message = what + ". " + p.Message
		return told.Because(err)
	}
	return model.NewProblem(model.KindFailed, what+": "+err.Error(), "the inbox", "try again, and see `docket doctor`").Because(err)
}

// After settled, counted from the intent, what has not happened will not happen any
// more: the API gives a call up after 30 seconds, and the call left within soon and
// another five seconds for room in the API's limits.
const settled = 30*time.Second + soon + 5*time.Second
