package ui

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"
)

// lastly is a program that ends when it is on the alternate screen, in the way
// that it is told.
type lastly struct {
	there chan struct{}
	end   func() tea.Msg
}

func (m lastly) Init() tea.Cmd {
	return func() tea.Msg {
		<-m.there
		return "shown"
	}
}

func (m lastly) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if msg == "shown" {
		return m, m.end
	}
	if msg == "panic" {
		panic("on purpose")
	}
	return m, nil
}

func (m lastly) View() tea.View { return tea.View{AltScreen: true, Content: "shown"} }

// tape is a terminal that tells when the alternate screen is entered.
type tape struct {
	bytes.Buffer
	there chan struct{}
}

func (t *tape) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte("\x1b[?1049h")) {
		close(t.there)
	}
	return t.Buffer.Write(p)
}

func TestTheLastWordComesBeforeTheScreenIsLeft(t *testing.T) {
	for name, end := range map[string]func() tea.Msg{
		"quit":  func() tea.Msg { return tea.QuitMsg{} },
		"panic": func() tea.Msg { return "panic" },
	} {
		t.Run(name, func(t *testing.T) {
			out := &tape{there: make(chan struct{})}
			said := 0
			w := newGlyphs().writer(out, func() string { said++; return "<farewell>" })
			_, err := tea.NewProgram(lastly{out.there, end}, tea.WithInput(nil), tea.WithOutput(w), tea.WithWindowSize(20, 3), tea.WithoutSignalHandler()).Run()
			require.Equal(t, name == "panic", errors.Is(err, tea.ErrProgramPanic))
			require.Equal(t, 1, said)
			require.Less(t, strings.Index(out.String(), "\x1b[?1049h"), strings.Index(out.String(), "<farewell>"))
			require.Contains(t, out.String(), "<farewell>\x1b[?1049l")
		})
	}
}
