package widget

import (
	"slices"
	"strings"

	"charm.land/lipgloss/v2"
)

// Tab is one of several things to choose from, in a line.
type Tab struct {
	Key   string
	Title string
	Short string // instead of the title where room is scarce
	Count string // how many there are; may be empty
}

// TabStyles are the looks of a line of tabs.
type TabStyles struct{ On, Off, Key, Count lipgloss.Style }

// tabForm is how much of the tabs is shown.
type tabForm struct{ short, all, noZero, noCount bool }

// tabForms are tried one after another until the line fits.
var tabForms = []tabForm{
	{}, {noZero: true}, {short: true}, {short: true, noZero: true}, {short: true, all: true, noZero: true}, {short: true, all: true, noCount: true},
}

// Tabs draws a line of tabs in exactly w cells. Where they do not fit, counts of
// nothing go, titles become short, then all counts go, those of the chosen tab last; if that is not
// enough, the line starts further right so that the chosen one is in sight.
func Tabs(tabs []Tab, on, w int, st TabStyles) string {
	var parts []string
	var widths []int
	for _, form := range tabForms {
		parts, widths = drawTabs(tabs, on, form, st)
		total := 0
		for _, n := range widths {
			total += n
		}
		if total <= w {
			break
		}
	}
	return tabLine(parts, widths, on, w)
}

// TabLine draws tabs, and keeps the line as long as it stays the same: it is drawn many
// times for each time that a count changes.
type TabLine struct {
	tabs  []Tab
	on, w int
	line  string
}

// Draw is Tabs.
func (l *TabLine) Draw(tabs []Tab, on, w int, st TabStyles) string {
	if l.line == "" || l.on != on || l.w != w || !slices.Equal(l.tabs, tabs) {
		l.tabs, l.on, l.w, l.line = tabs, on, w, Tabs(tabs, on, w, st)
	}
	return l.line
}

// Forget lets the line be drawn anew, because the styles are others.
func (l *TabLine) Forget() { l.line = "" }

func tabLine(parts []string, widths []int, on, w int) string {
	from := 0
	for from < on {
		used := 0
		for i := from; i <= on; i++ {
			used += widths[i]
		}
		if used <= w {
			break
		}
		from++
	}
	return Fit(strings.Join(parts[from:], ""), w)
}

func drawTabs(tabs []Tab, on int, form tabForm, st TabStyles) (parts []string, widths []int) {
	for i, t := range tabs {
		title, count := t.Title, t.Count
		if form.short && (form.all || i != on) && t.Short != "" {
			title = t.Short
		}
		if i != on && (form.noCount || form.noZero && count == "0") {
			count = ""
		}
		if count != "" {
			count = " " + count
		}
		plainText := " " + t.Key + " " + title + count + " "
		text := " " + st.Key.Render(t.Key) + " " + st.Off.Render(title) + st.Count.Render(count) + " "
		if i == on {
			text = st.On.Render("[" + plainText[1:len(plainText)-1] + "]")
		}
		parts, widths = append(parts, text), append(widths, Width(plainText))
	}
	return parts, widths
}
