package vtdriver

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// escapePause separates a lone escape byte from what is typed next. Without the
// kitty protocol a terminal has no other means, so every program waits a moment
// (Bubble Tea: 50 ms) to tell the key from the start of a sequence.
const escapePause = 120 * time.Millisecond

// namedKeys are the keys that are not a character, as a terminal sends them
// without modifiers.
var namedKeys = map[string]string{
	"enter": "\r", "return": "\r", "tab": "\t", "space": " ", "backspace": "\x7f",
	"shift+tab": "\x1b[Z",
	"up":        "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
	"home": "\x1b[H", "end": "\x1b[F", "insert": "\x1b[2~", "delete": "\x1b[3~",
	"pgup": "\x1b[5~", "pgdown": "\x1b[6~",
	"f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS", "f5": "\x1b[15~", "f6": "\x1b[17~",
	"f7": "\x1b[18~", "f8": "\x1b[19~", "f9": "\x1b[20~", "f10": "\x1b[21~", "f11": "\x1b[23~", "f12": "\x1b[24~",
}

// The bits of a modifier parameter; terminals send one more than their sum.
const (
	shift = 1 << iota
	alt
	ctrl
)

// modifiers are the prefixes that a key's name may have.
var modifiers = []struct {
	prefix string
	bit    int
}{{"shift+", shift}, {"alt+", alt}, {"ctrl+", ctrl}}

const escape = 27

// keyCodes are the code points by which the kitty protocol names a key that has
// one but is not written as a character.
var keyCodes = map[string]rune{
	"enter": 13, "return": 13, "esc": escape, "escape": escape, "tab": 9, "space": 32, "backspace": 127,
}

// Press presses keys one after the other, named as Bubble Tea names them: "j",
// "G", "enter", "esc", "tab", "shift+tab", "space", "up", "pgdown", "f1",
// "ctrl+s", "alt+x", "ctrl+up". An unknown name fails the test.
func (d *Driver) Press(keys ...string) *Driver {
	d.t.Helper()
	for _, key := range keys {
		var m keyModes
		d.terminal.look(func() { m = keyModes{kitty: d.terminal.kitty, cursorApp: d.terminal.cursorApp} })
		sequence, err := encodeKey(key, m)
		if err != nil {
			d.t.Fatalf("press: %v", err)
		}
		d.Send(sequence)
		if sequence == string(rune(escape)) {
			time.Sleep(escapePause)
		}
	}
	return d
}

// Type types text character by character.
func (d *Driver) Type(text string) *Driver {
	d.t.Helper()
	for _, r := range text {
		d.Send(string(r))
	}
	return d
}

// Paste pastes text, between the marks of a bracketed paste when the program
// has asked for them.
func (d *Driver) Paste(text string) *Driver {
	d.t.Helper()
	var pasting bool
	d.terminal.look(func() { pasting = d.terminal.pasting })
	if pasting {
		text = "\x1b[200~" + text + "\x1b[201~"
	}
	return d.Send(text)
}

// Click presses and releases the left mouse button on a cell (counted from 0),
// in the encoding that Bubble Tea asks for (SGR). The program must have mouse
// reports on.
func (d *Driver) Click(column, row int) *Driver {
	d.t.Helper()
	return d.Send(fmt.Sprintf("\x1b[<0;%d;%dM\x1b[<0;%d;%dm", column+1, row+1, column+1, row+1))
}

// Send sends bytes to the program as if the terminal had, for what no key
// makes. Nothing reaches a program that has ended, as with a real terminal.
func (d *Driver) Send(raw string) *Driver {
	d.t.Helper()
	if _, err := io.WriteString(d.target.input(), raw); err != nil && d.Running() {
		d.fail("typing %q: %v", raw, err)
	}
	return d
}

// keyModes are the ways of encoding that the program has asked for.
type keyModes struct{ kitty, cursorApp bool }

// encodeKey turns a key's name into what a terminal sends for it.
func encodeKey(name string, m keyModes) (string, error) {
	if sequence, ok := namedKeys[name]; ok {
		return plainKey(sequence, m), nil
	}
	mods, base := splitModifiers(name)
	if code, ok := codeOf(base); ok {
		return characterKey(code, mods, m)
	}
	if sequence, ok := namedKeys[base]; ok {
		return modifiedSequence(sequence, mods), nil
	}
	return "", fmt.Errorf("no key is called %q", name)
}

// plainKey is a named key without modifiers.
func plainKey(sequence string, m keyModes) string {
	if arrow, ok := strings.CutPrefix(sequence, "\x1b["); ok && m.cursorApp && len(arrow) == 1 && arrow != "Z" {
		return "\x1bO" + arrow
	}
	return sequence
}

// splitModifiers takes "ctrl+alt+x" apart. A plus sign alone is a key.
func splitModifiers(name string) (mods int, base string) {
	for again := true; again; {
		again = false
		for _, m := range modifiers {
			if rest, ok := strings.CutPrefix(name, m.prefix); ok && rest != "" {
				name, mods, again = rest, mods|m.bit, true
			}
		}
	}
	return mods, name
}

// codeOf is the code point of a key that has one.
func codeOf(base string) (rune, bool) {
	if code, ok := keyCodes[base]; ok {
		return code, true
	}
	code, size := utf8.DecodeRuneInString(base)
	return code, size > 0 && size == len(base)
}

// characterKey is a key that has a code point, with modifiers.
func characterKey(code rune, mods int, m keyModes) (string, error) {
	plain := mods&^shift == 0 && code != escape
	switch {
	case plain && mods == shift:
		return strings.ToUpper(string(code)), nil
	case plain:
		return string(code), nil
	case m.kitty && mods == 0:
		return fmt.Sprintf("\x1b[%du", code), nil
	case m.kitty:
		return fmt.Sprintf("\x1b[%d;%du", code, mods+1), nil
	}
	return legacyKey(code, mods)
}

// legacyKey is a key with control or alt as terminals have always sent it:
// control as the low five bits, alt as an escape before the key.
func legacyKey(code rune, mods int) (string, error) {
	sequence := string(code)
	if mods&ctrl != 0 {
		if code != ' ' && (code < '?' || code > 127) {
			return "", fmt.Errorf("no terminal without the kitty protocol can send control with %q", code)
		}
		sequence = string(code & 0x1f)
	}
	if mods&alt != 0 {
		sequence = "\x1b" + sequence
	}
	return sequence, nil
}

// modifiedSequence puts modifiers into the sequence of a key such as an arrow.
func modifiedSequence(sequence string, mods int) string {
	if number, ok := strings.CutSuffix(sequence, "~"); ok {
		return fmt.Sprintf("%s;%d~", number, mods+1)
	}
	return fmt.Sprintf("\x1b[1;%d%s", mods+1, sequence[len(sequence)-1:])
}
