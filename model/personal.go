package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
)

// Class says what kind of personal data a value is, so that a role can see some
// kinds and not others.
type Class uint8

// The classes of personal data, from harmless to most telling.
const (
	ClassNone     Class = iota // not personal: shown to everybody
	ClassName                  // a person's name
	ClassBirth                 // date and place of birth, age
	ClassTrait                 // gender, nationality, height, eye colour
	ClassDocument              // numbers that identify a person or a document, MRZ, barcodes
	ClassAddress               // where somebody lives
	ClassContact               // phone and e-mail
	ClassDevice                // IP address and device hash
	ClassPlace                 // where the device was
	ClassSpeech                // what somebody said or wrote
	ClassOther                 // nobody has said what it is: it may be anything
)

// MaskedText stands for what is hidden whole.
const MaskedText = "••••••"

// Personal is a text that came from outside together with its class. The zero
// value is absent, which is not the same as an empty text.
//
// String, JSON and slog show it masked. Only Reveal returns the text, and
// Revealed makes a copy that String and JSON show in full; slog never does.
type Personal struct {
	text     string
	class    Class
	present  bool
	revealed bool
	altered  bool
	sealed   bool // text is the mask: there is nothing behind it
}

// NewPersonal returns a value of the class. The text must be clean already.
func NewPersonal(class Class, text string) Personal {
	return Personal{text: text, class: class, present: true}
}

// WithAltered returns a copy marked as changed by cleaning: what is shown is
// not letter by letter what the API sent.
func (p Personal) WithAltered(altered bool) Personal {
	p.altered = altered
	return p
}

// Present reports whether the API sent a value at all.
func (p Personal) Present() bool { return p.present }

// Empty reports whether there is nothing to show: absent or an empty text.
func (p Personal) Empty() bool { return p.text == "" }

// Class returns the kind of personal data.
func (p Personal) Class() Class { return p.class }

// Altered reports whether cleaning had to change the text.
func (p Personal) Altered() bool { return p.altered }

// Masked reports whether String hides the text.
func (p Personal) Masked() bool {
	return p.class != ClassNone && (p.sealed || !p.revealed) && p.text != ""
}

// Reveal returns the text itself; of a sealed value its mask.
func (p Personal) Reveal() string { return p.text }

// Sealed returns a copy that holds the mask and nothing else: what is handed to
// somebody who may not see the text. Nothing reveals it.
func (p Personal) Sealed() Personal {
	if p.class != ClassNone && !p.sealed && p.text != "" {
		p.text, p.sealed = mask(p.class, p.text), true
	}
	return p
}

// Revealed returns a copy that String and JSON show in full.
func (p Personal) Revealed() Personal {
	p.revealed = true
	return p
}

// Hidden returns a copy that String and JSON show masked.
func (p Personal) Hidden() Personal {
	p.revealed = false
	return p
}

// String returns the text if it may be seen, else its mask.
func (p Personal) String() string {
	if p.sealed || !p.Masked() {
		return p.text
	}
	return mask(p.class, p.text)
}

// Format keeps every verb of fmt masked, %#v included.
func (p Personal) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(p.String())) }

// MarshalJSON writes the text if it may be seen, else its mask; absent is null.
func (p Personal) MarshalJSON() ([]byte, error) {
	if !p.present {
		return []byte("null"), nil
	}
	return plainJSON(p.String())
}

// plainJSON writes JSON without escaping < > and &: a machine readable zone is
// full of them, and nothing here ends up in HTML.
func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// IsZero lets encoding/json leave absent values out with omitzero.
func (p Personal) IsZero() bool { return !p.present }

// LogValue keeps personal data out of logs, revealed or not.
func (p Personal) LogValue() slog.Value {
	if p.class == ClassNone {
		return slog.StringValue(p.text)
	}
	return slog.StringValue(p.Sealed().text)
}
