package desk

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"

	"filippo.io/age"

	"docket/audit"
	"docket/casefile"
	"docket/desk/folder"
	"docket/model"
	"docket/store"
)

// CaseOptions say where a case file is written and who can read it.
type CaseOptions struct {
	Path  string // its folder is made, for its owner only, when it is not there
	Force bool   // a file that is there already is replaced
	To    []age.Recipient
}

// SavedCase is a case file that was written.
type SavedCase struct {
	casefile.Manifest
	Path   string
	Bytes  int64
	SHA256 string // of the file
}

// caseEntry is what the audit log says of a case file that was exported.
const caseEntry = "case file"

// SaveCase writes the case file of a session: what the API says now, as this seat may
// see it. It is in the audit log before anything is written, and the file is there
// whole or not at all.
func (s *Seat) SaveCase(ctx context.Context, id string, o CaseOptions) (SavedCase, error) {
	if p := s.deniedAny(MayLook, MayExport); p != nil {
		return SavedCase{}, p
	}
	if p := s.farAway(shortID(id)); p != nil {
		return SavedCase{}, p
	}
	if !validID(id) {
		return SavedCase{}, model.NewProblem(model.KindUsage, "This is not an interview id", quoteID(id), "an interview id is letters, digits, - and _")
	}
	if s.d.cfg.Key == nil {
		return SavedCase{}, model.NewProblem(model.KindGuard, "There is no key here that signs case files", shortID(id), "export it with a configuration of your own")
	}
	path, err := filepath.Abs(o.Path)
	if err != nil {
		return SavedCase{}, noCaseFile(err, o.Path)
	}
	if _, err := os.Lstat(path); !o.Force && err == nil { // in time: nothing was asked for
		return SavedCase{}, noCaseFile(fs.ErrExist, path)
	}
	c, err := s.caseOf(ctx, id)
	if err != nil {
		return SavedCase{}, err
	}
	dir, err := folder.Open(filepath.Dir(path))
	if err != nil {
		return SavedCase{}, noCaseFile(err, path)
	}
	defer func() { _ = dir.Close() }() // every file in it is closed and synced
	saved := SavedCase{Path: o.Path}
	err = dir.Make(filepath.Base(path), o.Force, func(w io.Writer) error {
		out := &counted{w: w, hash: sha256.New()}
		m, err := s.writeCase(ctx, out, c, o.To)
		if err != nil {
			return err
		}
		saved.Bytes, saved.SHA256, saved.Manifest = out.n, hex.EncodeToString(out.hash.Sum(nil)), m
		return s.d.cfg.Store.KeepCaseFile(ctx, id, path) // before it is there: a deletion has to find it
	})
	if err != nil {
		return SavedCase{}, noCaseFile(err, path)
	}
	return saved, nil
}

// counted counts and sums what is written.
type counted struct {
	w    io.Writer
	hash hash.Hash
	n    int64
}

// Write implements io.Writer.
func (c *counted) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	_, _ = c.hash.Write(b[:n]) // a hash never fails
	return n, err
}

func (s *Seat) writeCase(ctx context.Context, w io.Writer, c casefile.Case, to []age.Recipient) (casefile.Manifest, error) {
	out := bufio.NewWriter(w)
	var plain io.Writer = out
	end := out.Flush
	if len(to) > 0 {
		sealed, err := casefile.Seal(out, c.Session.ID, to...)
		if err != nil {
			return casefile.Manifest{}, err
		}
		plain, end = sealed, func() error { return errors.Join(sealed.Close(), out.Flush()) }
	}
	m, err := casefile.Write(plain, c, s.d.cfg.Key)
	if err == nil {
		err = end()
	}
	if err == nil {
		err = ctx.Err() // pictures that were given up would be told as absent
	}
	return m, err
}

// caseOf reads everything that goes into a case file, and logs that it is exported.
func (s *Seat) caseOf(ctx context.Context, id string) (casefile.Case, error) {
	if p := s.outside(ctx, id); p != nil {
		return casefile.Case{}, p
	}
	masked := !s.May(MaySee) || !s.May(MayRisk)
	so, absent := s.readCase(ctx, id)
	if ctx.Err() != nil {
		return casefile.Case{}, notExported(ctx.Err(), id)
	}
	if so == nil {
		return casefile.Case{}, model.NewProblem(model.KindFailed, "The audit log could not be written, so nothing was exported", shortID(id), "see `docket doctor`")
	}
	if p := unfound(so); p != nil {
		return casefile.Case{}, p
	}
	c := casefile.Case{Session: so, Absent: absent, Origin: s.d.cfg.Provider.Origin(), Masked: masked}
	if masked { // also of what is revealed just now: a file stays
		so = s.lens().session(s.d.cache.peek(id))
	}
	if so == nil {
		return casefile.Case{}, notThere(id)
	}
	c.Session = so
	notes, err := s.notes(ctx, id, s.lens())
	if err != nil && !errors.Is(err, store.ErrNotFound) { // it need not be in the inbox
		return c, err
	}
	for _, n := range notes {
		kept := casefile.Note{By: n.By, At: n.At, Text: model.NewPersonal(model.ClassSpeech, n.Text).Revealed(), Evidence: n.Evidence, Salt: n.Salt}
		c.Notes = append(c.Notes, kept)
	}
	if refusal := s.noPicture(ctx, pictureKey{id: id}); refusal == nil {
		c.Pictures = s.casePictures(ctx, so)
	} else if !masked {
		c.Absent = append(c.Absent, casefile.Absent{What: "pictures", Why: refusal.Message})
	}
	if masked {
		c.Absent = append(c.Absent, casefile.Absent{What: "what others did, in the audit log", Why: "the role " + string(s.Me().Role) + " may not see why they did it"})
	}
	return c, s.proveCase(ctx, &c)
}

// readCase reads a session whole, with what is only read for case files. What needs the
// session's own token is left out where nothing may be changed at the API: it has to be
// made there.
func (s *Seat) readCase(ctx context.Context, id string) (*model.Session, []casefile.Absent) {
	s.Load(ctx, id)
	own := []model.Part{model.PartLife, model.PartCustom, model.PartReport}
	p := s.Policy()
	if !p.ReadOnly && p.Can[model.CanSessionToken] {
		s.Read(ctx, id, own[0]) // first alone, so that one token is asked for
		return s.Read(ctx, id, append(own[1:], model.PartSignature)...), nil
	}
	var absent []casefile.Absent
	for _, part := range own {
		absent = append(absent, casefile.Absent{What: string(part), Why: "not asked for: it needs a token of the session, and nothing may be changed at the API"})
	}
	return s.Read(ctx, id, model.PartSignature), absent
}

// proveCase logs the export, signs the log, and collects what it says of the session.
func (s *Seat) proveCase(ctx context.Context, c *casefile.Case) error {
	id := c.Session.ID
	if err := s.Export(ctx, id, caseEntry); err != nil {
		return err
	}
	if err := s.d.Sign(ctx); err != nil {
		return stored(err, "The audit log could not be signed, so nothing was exported")
	}
	member := []byte(`"session":"` + id + `"`)
	proven, err := audit.Prove(ctx, s.d.cfg.Store, func(line []byte) bool {
		return bytes.Contains(line, member) && (!c.Masked || by(line, s.Me().Identity))
	})
	if err != nil {
		return model.NewProblem(model.KindFailed, "The audit log does not fit, so nothing was exported", shortID(id), "see `docket audit verify`").Because(err)
	}
	c.Log = proven
	for _, p := range slices.Backward(proven.Entries) { // the time is the log's, which never goes back
		e, err := audit.Decode([]byte(p.Line))
		if err == nil && e.Event == audit.Export && e.Detail == caseEntry && e.By == s.Me().Identity {
			c.At, c.By = e.At, e.By
			return nil
		}
	}
	return model.NewProblem(model.KindFailed, "The audit log does not say that this was exported, so nothing was", shortID(id), "see `docket audit verify`")
}

// by reports whether an entry of the log is somebody's own.
func by(line []byte, identity string) bool {
	e, err := audit.Decode(line)
	return err == nil && e.By == identity
}

// casePictures fetches the pictures of a session, a few side by side, and gives them in
// their order.
func (s *Seat) casePictures(ctx context.Context, so *model.Session) iter.Seq[casefile.Picture] {
	refs := append(so.Pictures(), so.SecondIDPictures()...)
	return func(yield func(casefile.Picture) bool) {
		for some := range slices.Chunk(refs, saving) {
			got := make([]casefile.Picture, len(some))
			var wg sync.WaitGroup
			for i, ref := range some {
				wg.Go(func() {
					p, problem := s.picture(ctx, pictureKey{so.ID, ref}, false)
					p.Ref = ref
					got[i] = casefile.Picture{
						Picture: p, File: strings.TrimPrefix(FileName(so.ID, ref, p.Media), so.ID+"-"), Title: model.PictureTitle(so.Images, ref), Problem: problem,
					}
				})
			}
			wg.Wait()
			for _, p := range got {
				if !onlyTried(p) && !yield(p) {
					return
				}
			}
		}
	}
}

// onlyTried reports whether a picture that the API does not list turned out not to be
// there: that is no loss.
func onlyTried(p casefile.Picture) bool {
	return p.Problem != nil && p.Problem.Kind == model.KindNotFound && strings.HasPrefix(p.Ref.Type, model.SecondID)
}

func notExported(err error, id string) *model.Problem {
	return model.NewProblem(model.KindUndone, "The case file was not written: interrupted", shortID(id), "").Because(err)
}

// noCaseFile is the problem of a case file that could not be written.
func noCaseFile(err error, path string) *model.Problem {
	problem := func(message, do string) *model.Problem {
		return model.NewProblem(model.KindFailed, message, path, do).Because(err)
	}
	var told *model.Problem
	switch {
	case errors.As(err, &told):
		return told
	case errors.Is(err, fs.ErrExist):
		return problem("The file is there already, it was left as it is", "name another file, or overwrite it with --force")
	case errors.Is(err, context.Canceled):
		return model.NewProblem(model.KindUndone, "The case file was not written: interrupted", path, "").Because(err)
	case errors.Is(err, fs.ErrPermission):
		return problem("The case file could not be written: no permission", "choose another folder")
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return problem("The case file could not be written: no room", "make room, or choose another folder")
	case errors.Is(err, syscall.ENOTDIR):
		return problem("The case file could not be written: its folder is none", "choose another folder")
	}
	return problem("The case file could not be written", "check the folder, or choose another one")
}
