package vtdriver

import (
	"bytes"
	"encoding/base64"
	"image/color"
	"io"
	"strings"
	"sync"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
)

// terminal is the emulator with everything a test may ask about, under one
// lock, so that screen, cursor and output are always of the same moment.
type terminal struct {
	mu        sync.Mutex
	emulator  *vt.Emulator
	raw       bytes.Buffer  // every byte the program sent since the last reset
	changed   chan struct{} // closed and replaced whenever the program sends something
	title     string
	clipboard string
	hidden    bool // the cursor
	pasting   bool // the program asked for bracketed paste
	kitty     bool // the program asked for unambiguous keys
	cursorApp bool // the program asked for application cursor keys
}

func newTerminal(width, height int, light bool) *terminal {
	t := &terminal{emulator: vt.NewEmulator(width, height), changed: make(chan struct{})}
	if light {
		t.emulator.SetDefaultBackgroundColor(color.White)
		t.emulator.SetDefaultForegroundColor(color.Black)
	}
	t.emulator.SetCallbacks(vt.Callbacks{
		CursorVisibility: func(visible bool) { t.hidden = !visible },
		EnableMode:       func(m ansi.Mode) { t.setMode(m, true) },
		DisableMode:      func(m ansi.Mode) { t.setMode(m, false) },
	})
	for _, cmd := range []int{0, 2} {
		// The emulator's own handler drops every title with a semicolon in it.
		t.emulator.RegisterOscHandler(cmd, t.handleTitle)
	}
	t.emulator.RegisterOscHandler(52, t.handleClipboard)
	t.registerKittyKeyboard()
	return t
}

// registerKittyKeyboard follows the flags of the kitty keyboard protocol, of
// which only "disambiguate" is emulated: push, set and pop.
func (t *terminal) registerKittyKeyboard() {
	set := func(params ansi.Params) bool {
		flags, _, _ := params.Param(0, 0)
		t.kitty = flags&ansi.KittyDisambiguateEscapeCodes != 0
		return true
	}
	t.emulator.RegisterCsiHandler(ansi.Command('>', 0, 'u'), set)
	t.emulator.RegisterCsiHandler(ansi.Command('=', 0, 'u'), set)
	t.emulator.RegisterCsiHandler(ansi.Command('<', 0, 'u'), func(ansi.Params) bool {
		t.kitty = false
		return true
	})
}

func (t *terminal) setMode(mode ansi.Mode, on bool) {
	switch mode {
	case ansi.ModeBracketedPaste:
		t.pasting = on
	case ansi.ModeCursorKeys:
		t.cursorApp = on
	}
}

func (t *terminal) handleTitle(data []byte) bool {
	_, title, _ := strings.Cut(string(data), ";")
	t.title = title
	return true
}

// handleClipboard takes OSC 52; a question for the clipboard's content stays
// unanswered, as most terminals leave it.
func (t *terminal) handleClipboard(data []byte) bool {
	parts := strings.SplitN(string(data), ";", 3)
	if len(parts) != 3 || parts[2] == "?" {
		return true
	}
	if text, err := base64.StdEncoding.DecodeString(parts[2]); err == nil {
		t.clipboard = string(text)
	}
	return true
}

// mapNewlines makes a line feed also return the carriage, which a
// pseudo-terminal in its usual mode would do.
func (t *terminal) mapNewlines() {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, _ = t.emulator.WriteString("\x1b[20h") // it only fails after Close, which is never called
}

// Write takes what the program sends to its terminal.
func (t *terminal) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.raw.Write(p)
	n, err := t.emulator.Write(p)
	close(t.changed)
	t.changed = make(chan struct{})
	return n, err
}

// answers is what the terminal types by itself: replies to queries.
// It must be read all the time, else Write stands still on the next query.
func (t *terminal) answers() io.Reader { return t.emulator }

// hangUp ends answers.
func (t *terminal) hangUp() {
	// Not Emulator.Close: it writes a field that a reader in flight reads.
	if c, ok := t.emulator.InputPipe().(io.Closer); ok {
		_ = c.Close() // closing a pipe's writer never fails
	}
}

func (t *terminal) resize(width, height int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.emulator.Resize(width, height)
}

// look calls read with the terminal held still and returns the channel that is
// closed at the next change after it.
func (t *terminal) look(read func()) <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	read()
	return t.changed
}

// rows is the screen as plain text, one string a row, without trailing blanks.
// The caller holds the lock.
func (t *terminal) rows() []string {
	rows := make([]string, t.emulator.Height())
	for i, line := range strings.Split(ansi.Strip(t.emulator.Render()), "\n") {
		if i < len(rows) {
			rows[i] = strings.TrimRight(line, " \r")
		}
	}
	return rows
}
