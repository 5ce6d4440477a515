package widget

import (
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

// Scroll is a window on more lines than fit, with search.
type Scroll struct {
	lines []string
	top   int
	w, h  int
	find  string
	hits  []int // lines with a hit
	hit   int   // the one that was gone to
}

// SetSize sets the size of the window.
func (s *Scroll) SetSize(w, h int) {
	s.w, s.h = w, h
	s.clamp()
}

// SetLines replaces the lines, styled or not; the place is kept.
func (s *Scroll) SetLines(lines []string) {
	s.lines = lines
	s.Find(s.find)
	s.hit = min(s.hit, len(s.hits)-1)
	s.clamp()
}

// Len returns the number of lines.
func (s *Scroll) Len() int { return len(s.lines) }

func (s *Scroll) clamp() { s.top = max(0, min(s.top, len(s.lines)-s.h)) }

// By scrolls by lines; negative is up.
func (s *Scroll) By(n int) {
	s.top += n
	s.clamp()
}

// To scrolls so that line n is in sight.
func (s *Scroll) To(n int) {
	if n < s.top {
		s.top = n
	}
	if n >= s.top+s.h {
		s.top = n - s.h + 1
	}
	s.clamp()
}

// Top scrolls to the first line, End to the last.
func (s *Scroll) Top() { s.top = 0 }

// End scrolls to the last line.
func (s *Scroll) End() {
	s.top = len(s.lines)
	s.clamp()
}

// Find looks for a text, ignoring case, and returns how many lines hold it.
func (s *Scroll) Find(text string) int {
	if text != s.find {
		s.hit = -1
	}
	s.find, s.hits = text, nil
	if text == "" {
		return 0
	}
	for i, l := range s.lines {
		if strings.Contains(strings.ToLower(ansi.Strip(l)), strings.ToLower(text)) {
			s.hits = append(s.hits, i)
		}
	}
	return len(s.hits)
}

// Next goes to the next hit, or to the one before with by -1; after the last
// comes the first.
func (s *Scroll) Next(by int) {
	n := len(s.hits)
	if n == 0 {
		return
	}
	if s.hit < 0 && by < 0 {
		s.hit = 0
	}
	s.hit = (s.hit + by + n) % n
	s.top = s.hits[s.hit]
	s.clamp()
}

// Place says how far down the window is: "12-40 of 97"; empty when all is in
// sight.
func (s *Scroll) Place() string {
	if len(s.lines) <= s.h {
		return ""
	}
	return itoa(s.top+1) + "-" + itoa(min(s.top+s.h, len(s.lines))) + " of " + itoa(len(s.lines))
}

// View draws exactly h lines of exactly w cells. Lines with a hit are shown in
// the style hit.
func (s *Scroll) View(hit lipgloss.Style) []string {
	out := make([]string, s.h)
	isHit := map[int]bool{}
	for _, h := range s.hits {
		isHit[h] = true
	}
	for i := range out {
		n := s.top + i
		switch {
		case n >= len(s.lines):
			out[i] = Spaces(s.w)
		case isHit[n]:
			out[i] = Fit(mark(ansi.Strip(s.lines[n]), s.find, hit), s.w)
		default:
			out[i] = Fit(s.lines[n], s.w)
		}
	}
	return out
}

// mark styles each occurrence of a text in a line.
func mark(line, text string, hit lipgloss.Style) string {
	lower, want := strings.ToLower(line), strings.ToLower(text)
	if want == "" || len(lower) != len(line) {
		return hit.Render(line)
	}
	var b strings.Builder
	for {
		i := strings.Index(lower, want)
		if i < 0 {
			break
		}
		b.WriteString(line[:i])
		b.WriteString(hit.Render(line[i : i+len(want)]))
		line, lower = line[i+len(want):], lower[i+len(want):]
	}
	b.WriteString(line)
	return b.String()
}
