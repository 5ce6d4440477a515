package gallery

import (
	"image"
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"

	"docket/model"
	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/widget"
)

// title names the chosen picture in a room of so many cells: what it is, what the
// API calls it, and how large. What is said elsewhere too gives way first.
func (s *stage) title(style lipgloss.Style, room int) string {
	ref, ok := s.current()
	if !ok {
		return ""
	}
	st := s.c.Styles
	name, kind := s.name(ref), widget.OneLine(ref.String())
	if kind == name {
		kind = ""
	}
	var pixels, bytes string
	if sh := s.all[ref]; sh != nil {
		pixels, bytes = pixelsOf(sh.picture), bytesOf(sh.size)
	}
	text := ""
	for _, parts := range [][]string{{kind, pixels, bytes}, {kind, pixels}, {pixels}} {
		text = style.Render(name)
		for _, p := range append(parts, s.looked()...) {
			if p != "" {
				text += st.Dim.Render(" · " + p)
			}
		}
		if widget.Width(text) <= room {
			break
		}
	}
	return text
}

// looked says how the picture is looked at.
func (s *stage) looked() []string {
	var parts []string
	if s.zoomed() {
		parts = append(parts, strconv.FormatFloat(s.view.Zoom, 'f', 1, 64)+"×")
	}
	if s.view.Quarter != 0 {
		parts = append(parts, "turned "+strconv.Itoa(90*s.view.Quarter)+"°")
	}
	return parts
}

func pixelsOf(p model.Picture) string {
	switch {
	case p.Width > 0:
		return strconv.Itoa(p.Width) + "×" + strconv.Itoa(p.Height)
	case p.Media == model.MediaPDF:
		return "PDF"
	}
	return ""
}

func bytesOf(n int) string {
	if n == 0 {
		return ""
	}
	return widget.Count(int64(n+999)/1000) + " kB"
}

// name names a picture in words.
func (s *stage) name(ref model.PictureRef) string {
	return widget.OneLine(model.PictureTitle(s.list, ref))
}

// about says what is known of a picture that was read: its size, in bytes too
// where there is room.
func (s *stage) about(ref model.PictureRef, room int) string {
	sh := s.all[ref]
	switch {
	case sh == nil:
		return ""
	case sh.problem != nil && sh.problem.Kind == model.KindNotFound:
		return common.Sign(model.ToneNone) + " not there"
	case sh.problem != nil:
		return common.Sign(model.ToneBad)
	case room < withBytes:
		return pixelsOf(sh.picture)
	}
	return pixelsOf(sh.picture) + widget.FitRight(bytesOf(sh.size), 9)
}

// withBytes is from which width on a list has the bytes as well as the pixels.
const withBytes = 34

// draw returns the picture, or what there is to say instead of it, in lines of
// the width.
func (s *stage) draw(w, h int) []string {
	if spot, ok := s.spot(image.Rect(0, 0, w, h)); ok {
		return s.c.Pictures.Draw(spot)
	}
	lines := s.says(w)
	top := max((h-len(lines))/2, 0)
	out := make([]string, top, max(h, top))
	for _, l := range lines {
		out = append(out, widget.Spaces((w-widget.Width(l))/2)+l)
	}
	return widget.Fill(out, w, h)
}

// says is what stands in the place of a picture.
func (s *stage) says(w int) []string {
	st, sh := s.c.Styles, s.shot()
	key := func(id keymap.ID) string { return s.c.Keys.Get(id).FirstKey() }
	switch hidden := s.hidden(); {
	case hidden != "":
		return wrapped(hidden, w, st.Dim)
	case s.gone != nil:
		return s.failed(s.gone, w)
	case !s.read:
		return wrapped(widget.Dots("asking which pictures there are "), w, st.Dim)
	case len(s.refs) == 0:
		return wrapped("The API has no picture of this session.", w, st.Dim)
	case s.c.Masked:
		return append(wrapped("Pictures are masked.", w, st.Warn), wrapped(key(keymap.Reveal)+" reveals", w, st.Dim)...)
	case sh == nil || sh.problem == nil:
		return wrapped(widget.Dots("reading the picture "), w, st.Dim)
	}
	return s.failed(sh.problem, w)
}

// failed says what happened and what to do; to what is the title.
func (s *stage) failed(p *model.Problem, w int) []string {
	st := s.c.Styles
	do := s.c.Keys.Get(keymap.Refresh).FirstKey() + " reads it again"
	if p.Do != "" {
		do = p.Do + " · " + do
	}
	return append(wrapped(common.Sign(model.ToneBad)+" "+p.Message, w, st.Bad), wrapped(do, w, st.Dim)...)
}

func wrapped(text string, w int, style lipgloss.Style) []string {
	lines := widget.Wrap(text, w)
	for i, l := range lines {
		lines[i] = style.Render(strings.TrimSpace(l))
	}
	return lines
}
