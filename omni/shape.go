package omni

import (
	"reflect"
	"strings"

	"docket/omni/transport"
)

// shape is what has to be true of an answer before it is believed. A proxy's
// page, another endpoint's answer or half of one must never look like a
// session without findings.
type shape struct {
	array bool     // the answer is an array
	must  []string // members that have to be there and say something
	// empty: an object without any member is an answer too. Otherwise, and in
	// any object that has members, one of the known ones has to be there.
	empty bool
	// strict: known members that are objects or arrays in the reference are so
	// here, or empty.
	strict bool
}

// decode reads a body into T, by T's tags, after checking its shape.
func decode[T any](body []byte, s shape) (T, Node, error) {
	var value T
	n, err := ParseNode(body)
	if err != nil {
		return value, n, transport.WrongShape("the answer is %s", err.Error())
	}
	if err := checkShape[T](n, s); err != nil {
		return value, n, err
	}
	if n.Kind == Object {
		fill(n, &value)
	}
	return value, n, nil
}

// checkShape holds n against s and the members that T's tags name.
func checkShape[T any](n Node, s shape) error {
	want := Object
	if s.array {
		want = Array
	}
	if n.Kind != want {
		return transport.WrongShape("expected an %s, got %s", want, n.Kind)
	}
	if s.array {
		return nil
	}
	for _, name := range s.must {
		if n.Get(name).empty() {
			return transport.WrongShape("the answer has no %s", name)
		}
	}
	if len(n.Members) == 0 && s.empty {
		return nil
	}
	return s.checkMembers(n, reflect.TypeFor[T]())
}

func (s shape) checkMembers(n Node, t reflect.Type) error {
	if t.Kind() != reflect.Struct {
		return nil
	}
	seen := false
	for i := range t.NumField() {
		tag := t.Field(i).Tag.Get("omni")
		if tag == "" {
			continue
		}
		for name := range strings.SplitSeq(tag, ",") {
			member := n.member(name)
			seen = seen || member.Kind != Absent
			if want := structural(t.Field(i).Type); s.strict && want != Absent && !member.empty() && member.Kind != want {
				return transport.WrongShape("expected %s to be an %s, got %s", name, want, member.Kind)
			}
		}
	}
	if !seen {
		return transport.WrongShape("the answer has none of this endpoint's members")
	}
	return nil
}

// structural is the JSON kind that a wire type's field stands for: Object,
// Array, or Absent when anything may come.
func structural(t reflect.Type) NodeKind {
	switch t.Kind() {
	case reflect.Pointer:
		return Object
	case reflect.Slice:
		return Array
	default:
		return Absent
	}
}

// Done is the answer of an endpoint that only says that it did something.
type Done struct {
	Success Flag `omni:"success"`
	Tree    Node
}

func decodeDone(body []byte) (Done, error) {
	v, n, err := decode[Done](body, shape{must: []string{"success"}})
	if err != nil {
		return v, err
	}
	v.Tree = n
	return v, succeeded(v.Success, n)
}

// succeeded turns "success": false into a refusal.
func succeeded(success Flag, n Node) error {
	switch {
	case !success.Set:
		return transport.WrongShape("success is neither true nor false")
	case success.Value:
		return nil
	}
	refused := &Error{Kind: KindRefused, Message: "the API answered that it did not succeed"}
	for _, name := range []string{"message", "error"} {
		if said := n.Get(name); said.Kind == String && said.Text != "" {
			refused.Message = said.Text
			break
		}
	}
	return refused
}

// isText refuses a mandatory text that is an object or an array.
func isText(name string, t Text) error {
	if !t.Set {
		return transport.WrongShape("%s is not a string", name)
	}
	return nil
}
