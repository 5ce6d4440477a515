package gallery

import (
	"context"
	"image"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"docket/model"
	"docket/ui/common"
	"docket/ui/picture"
	"docket/ui/widget"
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

// shot is what has become of the fetching of a picture.
type shot struct {
	asked   bool
	picture model.Picture // without its bytes
	size    int           // of them
	image   *picture.Image
	problem *model.Problem
}

// stage shows one picture of a session at a time.
type stage struct {
	c    *common.Context
	ctx  context.Context
	slot string
	id   string // of the session
	list []model.Image
	refs []model.PictureRef
	read bool // the list has come
	gone *model.Problem
	at   int
	view picture.View
	all  map[model.PictureRef]*shot
}

func newStage(ctx context.Context, c *common.Context, slot, id string) *stage {
	return &stage{c: c, ctx: ctx, slot: slot, id: id, all: map[model.PictureRef]*shot{}}
}

// listed says which pictures the session has.
type listed struct {
	stage *stage
	so    *model.Session
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
		return common.Send(listed{s, so})
	}
	ctx, desk, id := s.ctx, s.c.Desk, s.id
	return func() tea.Msg {
		so := &model.Session{ID: id}
		for so = range desk.Refresh(ctx, id, model.PartImages) {
			continue // the last one holds the answer
		}
		return listed{s, so}
	}
}

// took takes what was asked for and asks for what is missing now.
func (s *stage) took(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case listed:
		if msg.stage != s || msg.so == nil {
			return nil
		}
		s.read, s.gone = true, msg.so.Parts[model.PartImages].Problem
		s.list, s.refs = msg.so.Images, Refs(msg.so)
		return s.load()
	case shown:
		if msg.stage != s {
			return nil
		}
		*s.all[msg.ref] = msg.shot
	}
	return nil
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

// load fetches and decodes the chosen picture, beside Update.
func (s *stage) load() tea.Cmd {
	ref, ok := s.current()
	if !ok || s.all[ref] != nil || s.c.Desk.Policy().NoImages {
		return nil
	}
	s.all[ref] = &shot{asked: true}
	ctx, desk, decoder, id := s.ctx, s.c.Desk, s.c.Decoder, s.id
	return func() tea.Msg {
		p, err := desk.Picture(ctx, id, ref)
		if err != nil {
			return shown{s, ref, shot{problem: model.AsProblem(err)}}
		}
		m, err := decoder.Decode(ctx, p)
		got := shot{picture: p, size: len(p.Body), image: m, problem: model.AsProblem(err)}
		got.picture.Body = nil
		return shown{s, ref, got}
	}
}

// again fetches what failed once more.
func (s *stage) again() tea.Cmd {
	if s.gone != nil || !s.read {
		return s.open()
	}
	if sh := s.shot(); sh != nil && sh.problem != nil {
		ref, _ := s.current()
		delete(s.all, ref)
	}
	return s.load()
}

// choose goes to the picture of the first of these types that the session has.
func (s *stage) choose(types ...string) {
	for _, t := range types {
		if i := slices.IndexFunc(s.refs, func(r model.PictureRef) bool { return r.Type == t }); i >= 0 {
			s.at = i
			return
		}
	}
}

// step goes to another picture, around the ends.
func (s *stage) step(by int) tea.Cmd {
	if n := len(s.refs); n > 0 {
		s.at = ((s.at+by)%n + n) % n
		s.view = picture.View{}
	}
	return s.load()
}

// title names the chosen picture: what it is, and how large.
func (s *stage) title() string {
	ref, ok := s.current()
	if !ok {
		return ""
	}
	parts := []string{s.name(ref)}
	if sh := s.all[ref]; sh != nil && sh.picture.Width > 0 {
		parts = append(parts, sizeOf(sh.picture))
	}
	if s.view.Zoom > 1 {
		parts = append(parts, strconv.FormatFloat(s.view.Zoom, 'f', 1, 64)+"×")
	}
	return strings.Join(parts, " · ")
}

func sizeOf(p model.Picture) string { return strconv.Itoa(p.Width) + "×" + strconv.Itoa(p.Height) }

// name names a picture in words, with the API's own name.
func (s *stage) name(ref model.PictureRef) string {
	for _, im := range s.list {
		if im.Type != ref.Type || im.Meaning.Title == "" {
			continue
		}
		name := im.Meaning.Title
		if im.Count > 1 {
			name += " " + strconv.Itoa(ref.N+1)
		}
		return name
	}
	return widget.OneLine(ref.String())
}

// seen names the chosen picture as evidence.
func (s *stage) seen() model.Seen {
	ref, _ := s.current()
	return model.Seen{Session: s.id, Ref: ref, SHA256: s.shot().picture.SHA256}
}

// spot is where the picture is shown, if there is one to show.
func (s *stage) spot(at image.Rectangle) (picture.Spot, bool) {
	sh := s.shot()
	if sh == nil || sh.image == nil || s.c.Masked || at.Empty() {
		return picture.Spot{}, false
	}
	return picture.Spot{Slot: s.slot, Image: sh.image, View: s.view, Rect: at, Of: s.seen()}, true
}

// draw returns the picture, or what there is to say instead of it, in lines of
// the width.
func (s *stage) draw(w, h int) []string {
	if spot, ok := s.spot(image.Rect(0, 0, w, h)); ok {
		return s.c.Pictures.Draw(spot)
	}
	lines := s.says(w)
	top := max((h-len(lines))/2, 0)
	out := make([]string, 0, h)
	for range top {
		out = append(out, "")
	}
	for _, l := range lines {
		out = append(out, widget.Spaces((w-widget.Width(l))/2)+l)
	}
	return widget.Fill(out, w, h)
}

// says is what stands in the place of a picture.
func (s *stage) says(w int) []string {
	st := s.c.Styles
	sh := s.shot()
	switch {
	case s.c.Desk.Policy().NoImages:
		return []string{st.Dim.Render("The console was told to show no pictures.")}
	case s.gone != nil:
		return s.failed(s.gone, w)
	case !s.read:
		return []string{st.Dim.Render(widget.Dots("asking which pictures there are "))}
	case len(s.refs) == 0:
		return []string{st.Dim.Render("The API has no picture of this session.")}
	case s.c.Masked:
		return []string{st.Warn.Render("masked") + st.Dim.Render("  "+s.c.Keys.Get("reveal").FirstKey()+" reveals")}
	case sh == nil || sh.problem == nil:
		return []string{st.Dim.Render(widget.Dots("reading the picture "))}
	}
	return s.failed(sh.problem, w)
}

// failed says what happened, to what, and what to do.
func (s *stage) failed(p *model.Problem, w int) []string {
	st := s.c.Styles
	var lines []string
	for _, l := range widget.Wrap(common.Sign(model.ToneBad)+" "+p.Message, w) {
		lines = append(lines, st.Bad.Render(l))
	}
	do := s.c.Keys.Get("refresh").FirstKey() + " reads it again"
	if p.Do != "" {
		do = p.Do + " · " + do
	}
	for _, l := range widget.Wrap(do, w) {
		lines = append(lines, st.Dim.Render(l))
	}
	return lines
}
