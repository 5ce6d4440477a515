package sim

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
)

// field is one member of an [object].
type field struct {
	key   string
	value any
}

// object is a JSON object that keeps the order of its members, as the API
// does: the order of checks carries meaning for a reader.
type object []field

// MarshalJSON writes the members in their order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, f := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Quote(f.key))
		b.WriteByte(':')
		v, err := encode(f.value)
		if err != nil {
			return nil, err
		}
		b.Write(v)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// add appends a member, or leaves it out when the value is an empty string or
// nil: the API leaves out what a document does not have.
func (o *object) add(key string, value any) {
	if value == nil || value == "" {
		return
	}
	*o = append(*o, field{key, value})
}

// set replaces a member, or appends it.
func (o *object) set(key string, value any) {
	for i := range *o {
		if (*o)[i].key == key {
			(*o)[i].value = value
			return
		}
	}
	*o = append(*o, field{key, value})
}

// encode marshals without escaping <, > and &, as the API does.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// num writes a number the way the score does: a string with one decimal.
func num(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

// millis is a time as the API writes it: UTC milliseconds; 0 for no time.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// millisText is millis as a string, the form of issuedAt and expireAt.
func millisText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(t.UnixMilli(), 10)
}
