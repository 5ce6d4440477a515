package gallery

import (
	"context"
	"image"
	"maps"
	"slices"

	tea "charm.land/bubbletea/v2"

	"docket/model"
	"docket/ui/common"
	"docket/ui/picture"
)

// wanted are the pictures that a decision needs, in the order in which they are
// shown: face from the document, selfie, front, back.
var wanted = []string{"croppedIDFace", "croppedFace", "selfie", "croppedFrontID", "croppedBackID", "fullFrameFrontID", "fullFrameBackID"}

// Refs lists the pictures of a session in the order in which they are shown:
// those that a decision needs, then the rest as the API has them, then those of a
// second document.
func Refs(so *model.Session) []model.PictureRef {
	refs := slices.Concat(so.Pictures(), so.SecondIDPictures())
	slices.SortStableFunc(refs, func(a, b model.PictureRef) int { return place(a.Type) - place(b.Type) })
	return refs
}

func place(kind string) int {
	if i := slices.Index(wanted, kind); i >= 0 {
		return i
	}
	return len(wanted)
}

// shot is what has become of the reading of a picture.
type shot struct {
	busy    bool          // it is being read
	picture model.Picture // without its bytes
	size    int           // of them
	image   *picture.Image
	problem *model.Problem
}

// stage shows one picture of a session at a time. Only that one is kept decoded.
type stage struct {
	c     *common.Context
	ctx   context.Context
	slot  string
	id    string   // of the session
	first []string // types of the picture to begin with, the first that there is
	list  []model.Image
	refs  []model.PictureRef
	read  bool // the list has come
	gone  *model.Problem
	at    int
	view  picture.View
	all   map[model.PictureRef]*shot
}

func newStage(ctx context.Context, c *common.Context, slot, id string, first ...string) *stage {
	return &stage{c: c, ctx: ctx, slot: slot, id: id, first: first, all: map[model.PictureRef]*shot{}}
}

// listed says which pictures the session has. A list that was asked for again is
// for all who show the session, and so are its pictures: one may be another now.
type listed struct {
	stage *stage
	so    *model.Session
	again bool
}

// of reports whether a list is for a stage.
func (l listed) of(s *stage) bool {
	return l.so != nil && (l.stage == s || l.again && l.so.ID == s.id && !l.so.Parts[model.PartImages].At.IsZero())
}

// shown says what became of a picture.
type shown struct {
	stage *stage
	ref   model.PictureRef
	shot  shot
}

// open asks which pictures there are, unless that is known.
func (s *stage) open() tea.Cmd {
	if so := s.c.Desk.Peek(s.id); so != nil && !so.Parts[model.PartImages].At.IsZero() {
		return common.Send(listed{stage: s, so: so})
	}
	return s.ask(false)
}

// ask asks which pictures there are.
func (s *stage) ask(again bool) tea.Cmd {
	ctx, desk, id := s.ctx, s.c.Desk, s.id
	return func() tea.Msg {
		so := &model.Session{ID: id}
		for so = range desk.Refresh(ctx, id, model.PartImages) {
			continue // the last one holds the answer
		}
		return listed{s, so, again}
	}
}

// took takes what was asked for and asks for what is missing now. Messages of
// other stages are none of its business.
func (s *stage) took(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case listed:
		if !msg.of(s) {
			return nil
		}
		s.listed(msg.so)
		if msg.again {
			return s.reread()
		}
		return s.load()
	case shown:
		if msg.stage != s {
			return nil
		}
		if ref, _ := s.current(); ref != msg.ref {
			msg.shot.image = nil
		}
		s.all[msg.ref] = &msg.shot
		return s.load()
	}
	return nil
}

// listed takes the list; the chosen picture stays the chosen one.
func (s *stage) listed(so *model.Session) {
	was, chosen := s.current()
	s.read, s.gone = true, so.Parts[model.PartImages].Problem
	s.list, s.refs = so.Images, Refs(so)
	s.at = max(slices.Index(s.refs, was), 0)
	if chosen {
		return
	}
	for _, kind := range s.first {
		if i := slices.IndexFunc(s.refs, func(r model.PictureRef) bool { return r.Type == kind }); i >= 0 {
			s.at = i
			return
		}
	}
}

// current returns the picture that is chosen.
func (s *stage) current() (model.PictureRef, bool) {
	if s.at < 0 || s.at >= len(s.refs) {
		return model.PictureRef{}, false
	}
	return s.refs[s.at], true
}

func (s *stage) shot() *shot {
	ref, _ := s.current()
	return s.all[ref]
}

// decoded returns the chosen picture, if it can be shown.
func (s *stage) decoded() *picture.Image {
	if sh := s.shot(); sh != nil {
		return sh.image
	}
	return nil
}

// seen reports whether the person sees the chosen picture.
func (s *stage) seen() bool { return s.decoded() != nil && !s.c.Masked && s.hidden() == "" }

// hidden says why no pictures are shown on this console at all; empty: they are.
func (s *stage) hidden() string {
	switch {
	case s.c.Desk.Policy().NoImages:
		return "The console was told to show no pictures."
	case s.c.Pictures.Caps().Protocol == picture.None:
		return `This terminal shows no pictures: the configuration says picture = "none".`
	}
	return ""
}

// load reads and decodes the chosen picture, beside Update.
func (s *stage) load() tea.Cmd {
	ref, ok := s.current()
	if !ok || s.hidden() != "" {
		return nil
	}
	if sh := s.all[ref]; sh != nil && (sh.busy || sh.image != nil || sh.problem != nil) {
		return nil
	}
	return s.fetch(ref, true)
}

// ahead reads the next picture that was not read yet, one at a time: then its size
// is known, and it is there when it is gone to.
func (s *stage) ahead() tea.Cmd {
	if s.hidden() != "" {
		return nil
	}
	for sh := range maps.Values(s.all) {
		if sh.busy {
			return nil
		}
	}
	for _, ref := range s.refs {
		if s.all[ref] == nil {
			return s.fetch(ref, false)
		}
	}
	return nil
}

// fetch reads a picture, and decodes it if it is to be shown.
func (s *stage) fetch(ref model.PictureRef, decode bool) tea.Cmd {
	now := shot{busy: true}
	if was := s.all[ref]; was != nil {
		now.picture, now.size, now.image = was.picture, was.size, was.image
	}
	s.all[ref] = &now
	ctx, desk, decoder, id := s.ctx, s.c.Desk, s.c.Decoder, s.id
	return func() tea.Msg {
		p, err := desk.Picture(ctx, id, ref)
		if err != nil {
			return shown{s, ref, shot{problem: model.AsProblem(err)}}
		}
		got := shot{picture: p, size: len(p.Body)}
		if decode {
			got.image, err = decoder.Decode(ctx, p)
			got.problem = model.AsProblem(err)
		}
		got.picture.Body = nil
		return shown{s, ref, got}
	}
}

// again reads list and pictures once more.
func (s *stage) again() tea.Cmd {
	s.c.Desk.DropPictures(s.id)
	return s.ask(true)
}

// retry reads the chosen picture if it is not there or has failed.
func (s *stage) retry() tea.Cmd {
	maps.DeleteFunc(s.all, func(_ model.PictureRef, sh *shot) bool { return sh.problem != nil })
	return s.load()
}

// reread reads the chosen picture once more, which stays until the new one has
// come; the others when they are gone to.
func (s *stage) reread() tea.Cmd {
	ref, ok := s.current()
	maps.DeleteFunc(s.all, func(r model.PictureRef, _ *shot) bool { return r != ref })
	if !ok || s.hidden() != "" {
		return nil
	}
	return s.fetch(ref, true)
}

// step goes to another picture, around the ends.
func (s *stage) step(by int) tea.Cmd {
	n := len(s.refs)
	if n == 0 {
		return nil
	}
	return s.goTo(((s.at+by)%n + n) % n)
}

// goTo goes to a picture by its place. What is left behind is kept as it came
// only, by the desk and the decoder, which know their bounds.
func (s *stage) goTo(i int) tea.Cmd {
	if i == s.at || i < 0 || i >= len(s.refs) {
		return nil
	}
	if sh := s.shot(); sh != nil {
		sh.image = nil
	}
	s.at, s.view = i, picture.View{}
	return s.load()
}

// evidence names the chosen picture as evidence.
func (s *stage) evidence() model.Seen {
	ref, _ := s.current()
	return model.Seen{Session: s.id, Ref: ref, SHA256: s.shot().picture.SHA256}
}

// spot is where the picture is shown, if there is one to show.
func (s *stage) spot(at image.Rectangle) (picture.Spot, bool) {
	if !s.seen() || at.Empty() {
		return picture.Spot{}, false
	}
	return picture.Spot{Slot: s.slot, Image: s.decoded(), View: s.view, Rect: at, Of: s.evidence()}, true
}
