package omni

import (
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// The scalars of the API come as they please: a number as a string, a boolean
// as a string, null anywhere. These types take what comes. Set is false when
// the value was left out, was null, or cannot be read as what it should be;
// what was sent is still in the answer's Tree.

// Text is a string, or a number or boolean in its own spelling.
type Text struct {
	Value string
	Set   bool
}

// Num is a number, or a string that holds one.
type Num struct {
	Value float64
	Text  string // as spelled
	Set   bool
}

// Flag is a boolean, or a string or number that stands for one.
type Flag struct {
	Value bool
	Set   bool
}

// Millis is a time sent as UTC milliseconds, a number or a string. Dates of
// birth before 1970 are negative.
type Millis struct {
	Value time.Time
	Set   bool
}

// String gives the text, empty when it is not set.
func (t Text) String() string { return t.Value }

// Int gives the number without its fraction; values beyond int64 are cut to it.
func (n Num) Int() int64 {
	switch {
	case n.Value >= math.MaxInt64:
		return math.MaxInt64
	case n.Value <= math.MinInt64:
		return math.MinInt64
	default:
		return int64(n.Value)
	}
}

type scalar interface{ take(Node) }

func (t *Text) take(n Node) {
	if n.Scalar() {
		*t = Text{Value: n.Text, Set: true}
	}
}

func (n *Num) take(from Node) {
	if from.Kind != Number && from.Kind != String {
		return
	}
	text := strings.TrimSpace(from.Text)
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return
	}
	*n = Num{Value: f, Text: text, Set: true}
}

func (f *Flag) take(n Node) {
	if !n.Scalar() {
		return
	}
	switch strings.ToLower(strings.TrimSpace(n.Text)) {
	case "true", "1":
		*f = Flag{Value: true, Set: true}
	case "false", "0":
		*f = Flag{Set: true}
	}
}

// millisMax keeps times within the years 1 to 9999, which is what can be
// written down again.
const millisMax = 253_402_300_799_999

func (m *Millis) take(n Node) {
	var v Num
	v.take(n)
	if !v.Set || math.Abs(v.Value) > millisMax {
		return
	}
	at := time.UnixMilli(v.Int()).UTC()
	if at.Year() < 1 {
		return
	}
	*m = Millis{Value: at, Set: true}
}

func (n *Node) take(from Node) { *n = from }

// fill copies a node's members into the struct that into points to, by its
// `omni` tags; a tag may name alternatives ("id,_id"), the first that says
// something counts. A member of another type than expected is left unset.
func fill(n Node, into any) { fillValue(n, reflect.ValueOf(into).Elem()) }

func fillValue(n Node, v reflect.Value) {
	if s, ok := v.Addr().Interface().(scalar); ok {
		s.take(n)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		fillStruct(n, v)
	case reflect.Pointer:
		if n.Kind == Object {
			v.Set(reflect.New(v.Type().Elem()))
			fillValue(n, v.Elem())
		}
	case reflect.Slice:
		if n.Kind == Array {
			v.Set(reflect.MakeSlice(v.Type(), len(n.Items), len(n.Items)))
			for i, item := range n.Items {
				fillValue(item, v.Index(i))
			}
		}
	default:
		panic("omni: a wire type has a field of kind " + v.Kind().String())
	}
}

func fillStruct(n Node, v reflect.Value) {
	if n.Kind != Object {
		return
	}
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag.Get("omni")
		if tag == "" {
			continue
		}
		for name := range strings.SplitSeq(tag, ",") {
			if member := n.member(name); member.Kind > Null {
				fillValue(member, v.Field(i))
				break
			}
		}
	}
}
