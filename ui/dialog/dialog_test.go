package dialog

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/model"
	"docket/themes"
	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/layout"
	"docket/ui/uitest"
	"docket/ui/widget"
)

func testContext(t *testing.T) *common.Context {
	t.Helper()
	keys, err := keymap.New(nil)
	require.NoError(t, err)
	theme, err := themes.Load(themes.Default)
	require.NoError(t, err)
	return &common.Context{
		Ctx: context.Background(), Desk: uitest.New(nil), Keys: keys, Styles: common.NewStyles(theme, true, colorprofile.TrueColor),
		Now: func() time.Time { return uitest.Noon }, Zone: time.UTC,
	}
}

func press(d interface{ Update(tea.Msg) tea.Cmd }, keys ...string) tea.Msg {
	var last tea.Msg
	for _, k := range keys {
		if cmd := d.Update(keyOf(k)); cmd != nil {
			last = cmd()
		}
	}
	return last
}

func keyOf(name string) tea.KeyPressMsg {
	codes := map[string]rune{"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "down": tea.KeyDown, "up": tea.KeyUp, "backspace": tea.KeyBackspace}
	if c, ok := codes[name]; ok {
		return tea.KeyPressMsg{Code: c}
	}
	if name == "space" {
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	}
	if rest, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(rest[0]), Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: rune(name[0]), Text: name}
}

func letters(text string) []string { return strings.Split(text, "") }

func never(keymap.ID) string { return "" }

// A key that was on its way when a question came up must not answer it.
func TestFreshDialogsChooseNothing(t *testing.T) {
	c := testContext(t)
	s := NewStack(c, time.Hour)
	s.Push(NewConfirm(c, "Quit", "Really?", "yes", func() tea.Msg { return "gone" }))
	require.Nil(t, s.Key(keyOf("y")))
	require.Equal(t, common.Pop{}, s.Key(keyOf("esc"))(), "leaving works at once")
	s.Update(armedMsg{1})
	require.NotNil(t, s.Key(keyOf("y")))

	p := NewPalette(c, keymap.InInbox, never)
	s.Push(p)
	s.Key(keyOf("q"))
	s.Key(keyOf("u"))
	require.Nil(t, s.Key(keyOf("enter")), "typing works at once, choosing does not")
	require.Equal(t, "qu", p.field.Text())
	s.Update(armedMsg{2})
	require.Equal(t, common.Pop{Then: common.Run{ID: keymap.Quit}}, s.Key(keyOf("enter"))())
}

func TestConfirmTakesYesOnlyByItsLetter(t *testing.T) {
	d := NewConfirm(testContext(t), "Quit", "Really?", "yes", func() tea.Msg { return "gone" })
	require.Nil(t, press(d, "enter"))
	require.Equal(t, common.Pop{}, press(d, "n"))
	require.NotNil(t, press(d, "y"))
}

func TestMenuChoosesByLetterOrPlace(t *testing.T) {
	m := NewMenu(testContext(t), "Menu", []MenuItem{
		{Key: "f", Title: "First", Then: "first"}, {Key: "o", Title: "Off", Off: "not today", Then: "off"}, {Key: "l", Title: "Last", Then: "last", On: true},
	})
	require.Equal(t, common.Pop{Then: "last"}, press(m, "enter"), "what is in use is selected")
	require.Equal(t, common.Pop{Then: "first"}, press(m, "f"))
	require.Nil(t, press(m, "o"))
	require.Contains(t, ansi.Strip(m.View(40, 10)), "off: not today")
	require.Equal(t, common.Pop{Then: "last"}, press(m, "j", "enter"))
}

// Help is the registry: every action of the page stands in it, with its keys.
func TestHelpIsTheRegistry(t *testing.T) {
	c := testContext(t)
	off := func(id keymap.ID) string {
		if id == keymap.Undo {
			return "nothing is held back"
		}
		return ""
	}
	for _, scope := range []keymap.Scope{keymap.InInbox, keymap.InSession, keymap.InRaw, keymap.InActivity} {
		for _, w := range []int{76, 130} {
			text := ansi.Strip(NewHelp(c, scope, off).View(w, 200))
			for _, a := range c.Keys.In(scope) {
				require.Contains(t, text, strings.TrimSuffix(widget.Clip(a.Help, 40), "…"))
				require.Contains(t, text, a.KeyText())
				require.Contains(t, text, string(a.Group))
			}
			require.Contains(t, text, "off: nothing is held back")
		}
	}
}

func TestHelpScrollsAndFinds(t *testing.T) {
	d := NewHelp(testContext(t), keymap.InSession, never)
	d.View(76, 12)
	require.NotContains(t, ansi.Strip(d.View(76, 12)), "suspend")
	press(d, append([]string{"/"}, letters("suspend")...)...)
	require.Contains(t, ansi.Strip(d.View(76, 12)), "suspend")
	require.Nil(t, press(d, "enter"))
	require.Equal(t, common.Pop{}, press(d, "?"))
}

func TestPaletteFindsByNameIDAndKey(t *testing.T) {
	c := testContext(t)
	for text, want := range map[string]keymap.ID{
		"lock": keymap.Lock, "undo": keymap.Undo, "take back": keymap.Undo, "log in": keymap.Login, "add": keymap.Add,
		"filt": keymap.Filter, "R": keymap.Refresh, "quit": keymap.Quit, "mous": keymap.Mouse, "sort": keymap.SortBy,
	} {
		p := NewPalette(c, keymap.InInbox, never)
		require.Equal(t, common.Pop{Then: common.Run{ID: want}}, press(p, append(letters(text), "enter")...), text)
	}
	p := NewPalette(c, keymap.InInbox, never)
	require.Nil(t, press(p, append(letters("zzzz"), "enter")...))
	require.Contains(t, ansi.Strip(p.View(60, 20)), "No action is called so")
}

func TestPaletteHoldsEveryActionAndSaysWhyOneIsOff(t *testing.T) {
	c := testContext(t)
	for _, scope := range []keymap.Scope{keymap.InInbox, keymap.InSession, keymap.InRaw, keymap.InActivity} {
		p := NewPalette(c, scope, never)
		require.Equal(t, c.Keys.In(scope), p.shown)
	}
	p := NewPalette(c, keymap.InInbox, func(keymap.ID) string { return "not now" })
	require.Nil(t, press(p, append(letters("lock"), "enter")...))
	require.Contains(t, ansi.Strip(p.View(60, 20)), "off: not now")
}

func TestLoginShowsItsErrorsInPlace(t *testing.T) {
	c := testContext(t)
	d := NewLogin(c, "the API refused the token")
	require.Contains(t, ansi.Strip(d.View(60, 20)), "the API refused the token")
	press(d, letters("wrong")...)
	require.NotContains(t, ansi.Strip(d.View(60, 20)), "wrong", "a password is not shown")
	failed := press(d, "enter")
	require.Contains(t, ansi.Strip(d.View(60, 20)), "logging in")
	require.Nil(t, press(d, "enter"), "one try at a time")
	d.Update(failed)
	require.Contains(t, ansi.Strip(d.View(60, 20)), "e-mail or password refused")
	ended := d.Update(press(d, "g", "o", "o", "d", "enter"))
	require.Equal(t, common.Pop{Then: common.LoggedIn{}}, ended())
}

func TestAddTakesIdsInAnyShape(t *testing.T) {
	require.Equal(t, []string{"a", "b", "c"}, ids(" a,b;\n\"c\" a\tb "))
	require.Empty(t, ids(" \n"))
}

func TestAddGoesOnAfterALogIn(t *testing.T) {
	d := NewAdd(testContext(t))
	id := strings.Repeat("7a", 12)
	d.Update(tea.PasteMsg{Content: id})
	d.busy = true
	refused := model.NewProblem(model.KindAuth, "There is no token for this", id, "log in")
	asks := d.Update(addedMsg{d, []desk.Added{{ID: id, Problem: refused}}})
	require.Equal(t, common.NeedLogin{Why: "There is no token for this.", Front: true}, asks())
	require.Contains(t, ansi.Strip(d.View(76, 20)), "log in, and it goes on")
	require.Contains(t, ansi.Strip(d.View(76, 20)), id)
	again := d.Update(common.LoggedIn{})
	d.Update(again())
	require.Contains(t, ansi.Strip(d.View(76, 20)), "1 added")
	require.Nil(t, d.Update(common.LoggedIn{}), "once")
}

func TestAddShowsFirstWhatWasNotAdded(t *testing.T) {
	d := NewAdd(testContext(t))
	gone := model.NewProblem(model.KindNotFound, "The API does not know it", "b", "check the id")
	d.Update(addedMsg{d, []desk.Added{{ID: "a", New: true}, {ID: "b", Problem: gone}, {ID: "c"}}})
	require.Regexp(t, `(?s)1 added, 1 refreshed, 1 not added.*✗ b.*✓ a.*✓ c`, ansi.Strip(d.View(76, 20)))
}

func TestFilterChangesTheQuery(t *testing.T) {
	c := testContext(t)
	was := model.Query{View: model.ViewReview, Sort: model.SortName, Search: "x", Countries: []string{"MEX"}}
	f := NewFilter(c, was, model.Counts{model.ViewReview: 5})
	require.Contains(t, ansi.Strip(f.View(80, 20)), "MEX")
	// View: two down. Verdict: the first and the third. Tag: vip.
	keys := []string{"j", "j", "tab", "space", "j", "j", "space", "tab", "tab", "tab", "v", "i", "p", "enter"}
	got := press(f, keys...)
	want := was
	want.View, want.Verdicts, want.Tags = model.Views()[2].View, []model.Verdict{model.Fail, model.Warn}, []string{"vip"}
	require.Equal(t, common.Pop{Then: Filtered{want}}, got)

	f = NewFilter(c, want, nil)
	cleared := press(f, "ctrl+x", "enter")
	want.Verdicts, want.Tags, want.Countries = nil, nil, nil
	q := cleared.(common.Pop).Then.(Filtered).Query
	require.False(t, q.Search == "" || len(q.Countries)+len(q.Tags)+len(q.Verdicts) > 0)
	require.Equal(t, want.View, q.View)
}

// Thousands of ids are counted, not shown: keys stay quick.
func TestAddCountsALongPaste(t *testing.T) {
	d := NewAdd(testContext(t))
	var text strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&text, "5f9a41c2d07e4b12a3c8%04d\n", i)
	}
	d.Update(tea.PasteMsg{Content: text.String()})
	press(d, "x")
	view := ansi.Strip(d.View(90, 20))
	require.Contains(t, view, "1,000 pasted, from 5f9a41c2d07e4b12a3c80000 to 5f9a41c2d07e4b12a3c80999")
	require.Contains(t, view, "1,001 to add")
	require.Len(t, d.list(), 1001)
	press(d, "ctrl+x")
	require.Equal(t, []string{"x"}, d.list())
}

// Cut names are still told apart.
func TestFilterNamesDifferInAnyWidth(t *testing.T) {
	f := NewFilter(testContext(t), model.Query{}, nil)
	for _, w := range []int{72, 76, 88} {
		names := map[string]bool{}
		for _, l := range f.column(2, w-48, len(f.columns[2].options))[1:] {
			names[ansi.Strip(l)] = true
		}
		require.Len(t, names, len(f.columns[2].options), "%d wide", w)
	}
}

// Whatever the room, a dialog stays inside it and its lines are equally wide.
func TestDialogsFitAnyRoom(t *testing.T) {
	c := testContext(t)
	all := map[string]common.Dialog{
		"menu": NewMenu(c, "Menu", []MenuItem{{Key: "a", Title: "A", Says: strings.Repeat("long words ", 20)}}), "confirm": NewConfirm(c, "Q", strings.Repeat("why ", 40), "yes", nil),
		"help":    NewHelp(c, keymap.InSession, never),
		"palette": NewPalette(c, keymap.InSession, never), "login": NewLogin(c, "why"), "add": NewAdd(c), "filter": NewFilter(c, model.Query{}, nil),
	}
	for name, d := range all {
		for w := 80; w <= 250; w += 17 {
			for h := 24; h <= 80; h += 8 {
				s := NewStack(c, 0)
				s.Push(d)
				screen := widget.Fill(nil, w, h)
				s.Draw(screen, layout.Divide(w, h).Page, w)
				require.Len(t, screen, h)
				for _, l := range screen {
					require.Equal(t, w, ansi.StringWidth(l), "%s at %d×%d: %q", name, w, h, ansi.Strip(l))
				}
				require.Contains(t, ansi.Strip(strings.Join(screen, "\n")), "╰", "%s at %d×%d has no bottom", name, w, h)
			}
		}
	}
}
