package vtdriver_test

import (
	"bytes"
	"fmt"
	"image/color"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/stretchr/testify/require"

	"docket/internal/vtdriver"
)

// board is a small program that shows what it is told: keys, pastes, size,
// background, profile.
type board struct {
	keys       []string
	pasted     string
	width      int
	height     int
	background string
	mouse      string
	title      string
}

func (b *board) Init() tea.Cmd { return tea.RequestBackgroundColor }

func (b *board) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		b.keys = append(b.keys, msg.String())
		return b, b.pressed(msg.String())
	case tea.PasteMsg:
		b.pasted = msg.Content
	case tea.WindowSizeMsg:
		b.width, b.height = msg.Width, msg.Height
	case tea.BackgroundColorMsg:
		b.background = map[bool]string{true: "dark", false: "light"}[msg.IsDark()]
	case tea.MouseClickMsg:
		b.mouse = fmt.Sprintf("%d,%d", msg.X, msg.Y)
	}
	return b, nil
}

func (b *board) pressed(key string) tea.Cmd {
	switch key {
	case "q":
		return tea.Quit
	case "y":
		return tea.SetClipboard("copied; täxt")
	case "t":
		b.title = "one; two"
	case "x":
		b.keys = nil
	}
	return nil
}

func (b *board) View() tea.View {
	red := lipgloss.NewStyle().Foreground(color.RGBA{R: 0xfe, G: 0x10, B: 0x20, A: 0xff})
	v := tea.NewView(strings.Join([]string{
		fmt.Sprintf("size %d×%d", b.width, b.height),
		"background " + b.background,
		"keys [" + strings.Join(b.keys, " ") + "]",
		"pasted <" + b.pasted + ">",
		"mouse <" + b.mouse + ">",
		red.Render("coloured"),
		"太郎 wide",
	}, "\n"))
	v.AltScreen = true
	v.WindowTitle = b.title
	v.MouseMode = tea.MouseModeCellMotion
	v.Cursor = tea.NewCursor(3, 2)
	return v
}

func TestModelIsDrivenLikeByAPerson(t *testing.T) {
	d := vtdriver.StartModel(t, &board{}, vtdriver.Size(100, 12))
	d.See("size 100×12", "background dark", "太郎 wide")
	require.True(t, d.AltScreen())

	d.Press("j", "G", "space", "enter", "tab", "shift+tab", "ctrl+s", "ctrl+d", "up", "pgdown", "f5", "alt+x", "ctrl+up", "]", "!")
	d.See("keys [j G space enter tab shift+tab ctrl+s ctrl+d up pgdown f5 alt+x ctrl+up ] !]")
	d.Press("x").See("keys []").Press("esc", "j").See("keys [esc j]")
	d.Press("x").Type("añ太").See("keys [a ñ 太]").Gone("esc")

	d.Paste("two words").See("pasted <two words>")
	d.Click(7, 3).See("mouse <7,3>")
	d.Resize(44, 9).See("size 44×9")
	require.Len(t, strings.Split(d.Screen(), "\n"), 9)
	require.Equal(t, "size 44×9", d.Row(0))
	require.Empty(t, d.Row(-1))
	require.Empty(t, d.Row(99))

	column, row, visible := d.Cursor()
	require.Equal(t, []any{3, 2, true}, []any{column, row, visible})

	d.Press("q")
	require.Zero(t, d.Wait())
	require.NoError(t, d.Err())
	require.False(t, d.Running())
}

func TestModelTitleAndClipboard(t *testing.T) {
	d := vtdriver.StartModel(t, &board{}).See("background dark")
	d.Press("t", "y").Settled()
	require.Equal(t, "one; two", d.Title())
	require.Equal(t, "copied; täxt", d.Clipboard())
	require.Contains(t, string(d.Output()), "\x1b]52;c;")
	require.Empty(t, d.ResetOutput().Output())
	d.Press("k").See("[t y k]")
	require.NotEmpty(t, d.Output())
}

func TestSyncMakesAbsenceCertain(t *testing.T) {
	b := &board{}
	d := vtdriver.StartModel(t, b).See("background dark")
	for range 50 {
		d.Press("k")
	}
	d.Sync()
	require.Zero(t, d.Quit()) // the program is over: reading its model is no race
	require.Len(t, b.keys, 50)
}

func TestModelProfiles(t *testing.T) {
	for _, c := range []struct {
		name    string
		profile vtdriver.ColorProfile
		want    string // the foreground of the coloured word
	}{
		{"truecolor", vtdriver.TrueColor, "38;2;254;16;32"},
		{"ansi256", vtdriver.ANSI256, "38;5;"},
		{"ansi16", vtdriver.ANSI16, "\x1b[9"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := vtdriver.StartModel(t, &board{}, vtdriver.Profile(c.profile)).See("coloured")
			require.Contains(t, string(d.Output()), c.want)
			require.Contains(t, d.Styled(), "coloured")
		})
	}
	t.Run("none", func(t *testing.T) {
		d := vtdriver.StartModel(t, &board{}, vtdriver.Profile(vtdriver.NoColor)).See("coloured")
		require.NotRegexp(t, `\x1b\[(3|9)[0-9]`, string(d.Output()))
		require.NotContains(t, d.Styled(), "\x1b")
	})
}

func TestModelLight(t *testing.T) {
	vtdriver.StartModel(t, &board{}, vtdriver.Light()).See("background light")
}

func TestModelThatFailsHasExitCodeOne(t *testing.T) {
	d := vtdriver.StartModel(t, &board{}).See("background dark").Tell(tea.InterruptMsg{})
	require.Equal(t, 1, d.Wait())
	require.ErrorIs(t, d.Err(), tea.ErrInterrupted)
}

func TestQuitEndsAModel(t *testing.T) {
	d := vtdriver.StartModel(t, &board{}).See("background dark")
	require.Zero(t, d.Quit())
	d.Press("j").Sync().Settled() // a person may go on typing at a dead program
}

func TestGolden(t *testing.T) {
	for _, size := range []struct{ width, height int }{{40, 8}, {60, 9}} {
		t.Run(fmt.Sprintf("%dx%d", size.width, size.height), func(t *testing.T) {
			vtdriver.Golden(t, vtdriver.StartModel(t, &board{}, vtdriver.Size(size.width, size.height)))
		})
	}
	t.Run("styled", func(t *testing.T) {
		vtdriver.GoldenStyled(t, vtdriver.StartModel(t, &board{}, vtdriver.Size(30, 8)))
	})
}

// TestOutputIsTheProgramsBytes guards that what is asserted on is what was sent.
func TestOutputIsTheProgramsBytes(t *testing.T) {
	d := vtdriver.StartModel(t, &board{}).See("background dark")
	require.True(t, bytes.Contains(d.Output(), []byte("\x1b[?1049h")), "%q", d.Output())
}
