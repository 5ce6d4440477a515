package widget

import (
	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textarea"
	"charm.land/bubbles/v2/textinput"
)

// fieldKeys are all the keys that edit a line; what the library binds besides
// is off. Its ctrl+v reads the clipboard of the machine that docket runs on,
// which over SSH is another one than the person's: the terminal pastes. Its
// alt+d reads behind the end of the text.
func fieldKeys() textinput.KeyMap {
	return textinput.KeyMap{
		CharacterForward:        bind("right", "ctrl+f"),
		CharacterBackward:       bind("left", "ctrl+b"),
		WordForward:             bind("alt+f", "alt+right", "ctrl+right"),
		WordBackward:            bind("alt+b", "alt+left", "ctrl+left"),
		LineStart:               bind("home", "ctrl+a"),
		LineEnd:                 bind("end", "ctrl+e"),
		DeleteCharacterBackward: bind("backspace", "ctrl+h"),
		DeleteCharacterForward:  bind("delete", "ctrl+d"),
		DeleteWordBackward:      bind("ctrl+w", "alt+backspace", "ctrl+backspace"),
		DeleteBeforeCursor:      bind("ctrl+u"),
		DeleteAfterCursor:       bind("ctrl+k"),
	}
}

// areaKeys are the same for several lines. DeleteCharacterForward is missing:
// see Area.remove.
func areaKeys() textarea.KeyMap {
	f := fieldKeys()
	return textarea.KeyMap{
		CharacterForward:        f.CharacterForward,
		CharacterBackward:       f.CharacterBackward,
		WordForward:             f.WordForward,
		WordBackward:            f.WordBackward,
		LineStart:               f.LineStart,
		LineEnd:                 f.LineEnd,
		DeleteCharacterBackward: f.DeleteCharacterBackward,
		DeleteWordBackward:      f.DeleteWordBackward,
		DeleteBeforeCursor:      f.DeleteBeforeCursor,
		DeleteAfterCursor:       f.DeleteAfterCursor,
		InsertNewline:           bind("enter", "ctrl+j"),
		LineNext:                bind("down"),
		LinePrevious:            bind("up"),
	}
}

func bind(keys ...string) key.Binding { return key.NewBinding(key.WithKeys(keys...)) }
