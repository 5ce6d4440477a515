// Package veil hides what an answer says of a person and keeps its form: an answer goes
// on being JSON with the members it had, so that whoever may not read it can still see
// where it ends and what came.
package veil

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"docket/model"
)

// Item stands in a path for any item of a list.
const Item = "[]"

// Rules say what of an answer is shown. A path is the names of the members that lead to
// a place, with Item where it leads through a list.
type Rules struct {
	// Keep reports whether a member may be there at all; nil: every one.
	Keep func(path []string) bool
	// Name reports whether the name of a member may be shown.
	Name func(name string) bool
	// Value reports whether a text, a number, true or false may be shown.
	Value func(path []string, value string) bool
}

// deepest is how deep an answer is nested at most; one that is deeper is none.
const deepest = 100

// ErrNoJSON is returned for what is no JSON.
var ErrNoJSON = errors.New("the answer is no JSON")

// JSON returns an answer without what the rules hide. A hidden value becomes a text of
// dots and a hidden name one with a number, since two may stand beside each other. null
// stays: there is nothing to hide.
func JSON(body []byte, r Rules) ([]byte, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	v := &veiling{Rules: r, from: d}
	if err := v.value(nil); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, ErrNoJSON
	}
	return v.out.Bytes(), nil
}

// veiling is one answer on its way. While drop is set nothing is written.
type veiling struct {
	Rules
	from *json.Decoder
	out  bytes.Buffer
	drop int
	deep int
}

func (v *veiling) write(text string) {
	if v.drop == 0 {
		v.out.WriteString(text)
	}
}

func (v *veiling) token() (json.Token, error) {
	t, err := v.from.Token()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoJSON, err)
	}
	return t, nil
}

func (v *veiling) value(path []string) error {
	t, err := v.token()
	if err != nil {
		return err
	}
	if v.deep++; v.deep > deepest {
		return ErrNoJSON
	}
	defer func() { v.deep-- }()
	switch t := t.(type) {
	case json.Delim:
		if t == '{' {
			return v.object(path)
		}
		return v.array(path)
	case nil:
		v.write("null")
	case string:
		v.leaf(path, t, quoted(t))
	case json.Number:
		v.leaf(path, t.String(), t.String())
	case bool:
		v.leaf(path, strconv.FormatBool(t), strconv.FormatBool(t))
	}
	return nil
}

func (v *veiling) leaf(path []string, value, written string) {
	if !v.Value(path, value) {
		written = quoted(model.MaskedText)
	}
	v.write(written)
}

func (v *veiling) array(path []string) error {
	v.write("[")
	for n := 0; v.from.More(); n++ {
		if n > 0 {
			v.write(",")
		}
		if err := v.value(append(path[:len(path):len(path)], Item)); err != nil {
			return err
		}
	}
	v.write("]")
	_, err := v.token()
	return err
}

func (v *veiling) object(path []string) error {
	v.write("{")
	written, hidden := 0, 0
	for v.from.More() {
		t, err := v.token()
		if err != nil {
			return err
		}
		name, _ := t.(string) // a name is nothing else
		inner := append(path[:len(path):len(path)], name)
		gone := v.Keep != nil && !v.Keep(inner)
		if gone {
			v.drop++
		}
		if written > 0 {
			v.write(",")
		}
		shown := name
		if !v.Name(name) {
			hidden++
			shown = model.MaskedText + " " + strconv.Itoa(hidden)
		}
		v.write(quoted(shown) + ":")
		if err := v.value(inner); err != nil {
			return err
		}
		if gone {
			v.drop--
		} else {
			written++
		}
	}
	v.write("}")
	_, err := v.token()
	return err
}

// quoted writes a text as JSON does, with what a terminal or a page would obey as an
// escape.
func quoted(text string) string {
	b, _ := json.Marshal(text) // a text always encodes
	return string(b)
}
