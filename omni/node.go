package omni

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
)

// NodeKind is the JSON type of a Node.
type NodeKind int

// JSON types. Absent is the zero value: there was no such member.
const (
	Absent NodeKind = iota
	Null
	Bool
	Number
	String
	Array
	Object
)

// String names the kind as JSON does.
func (k NodeKind) String() string {
	return [...]string{"absent", "null", "boolean", "number", "string", "array", "object"}[k]
}

// Node is a JSON value with the order of its members kept.
type Node struct {
	Kind NodeKind
	// Text is a string's content, a number as it was spelled, "true" or "false".
	Text    string
	Members []Member // of an Object, in the order sent, repeated ones included
	Items   []Node   // of an Array
}

// Member is one member of an object.
type Member struct {
	Key   string
	Value Node
}

// Limits on hostile answers. Real ones stay far below: a score has a few
// thousand values, ten levels deep.
const (
	maxDepth = 64
	maxNodes = 200_000
)

var (
	errNotJSON = errors.New("not JSON")
	errTooDeep = errors.New("nested too deeply")
	errTooMuch = errors.New("too many values")
)

// ParseNode reads one JSON value with nothing after it. Its errors quote
// nothing of the body.
func ParseNode(body []byte) (Node, error) {
	if !json.Valid(body) {
		return Node{}, errNotJSON
	}
	p := parser{dec: json.NewDecoder(bytes.NewReader(body))}
	p.dec.UseNumber()
	return p.value(0)
}

type parser struct {
	dec   *json.Decoder
	count int
}

func (p *parser) value(depth int) (Node, error) {
	p.count++
	if depth > maxDepth {
		return Node{}, errTooDeep
	}
	if p.count > maxNodes {
		return Node{}, errTooMuch
	}
	tok, err := p.dec.Token()
	if err != nil {
		return Node{}, errNotJSON
	}
	switch v := tok.(type) {
	case bool:
		return Node{Kind: Bool, Text: strconv.FormatBool(v)}, nil
	case json.Number:
		return Node{Kind: Number, Text: v.String()}, nil
	case string:
		return Node{Kind: String, Text: v}, nil
	case json.Delim:
		if v == '[' {
			return p.array(depth)
		}
		return p.object(depth)
	default:
		return Node{Kind: Null}, nil
	}
}

func (p *parser) array(depth int) (Node, error) {
	n := Node{Kind: Array}
	for p.dec.More() {
		item, err := p.value(depth + 1)
		if err != nil {
			return Node{}, err
		}
		n.Items = append(n.Items, item)
	}
	return n, p.end()
}

func (p *parser) object(depth int) (Node, error) {
	n := Node{Kind: Object}
	for p.dec.More() {
		tok, err := p.dec.Token()
		if err != nil {
			return Node{}, errNotJSON
		}
		key, ok := tok.(string)
		if !ok {
			return Node{}, errNotJSON
		}
		value, err := p.value(depth + 1)
		if err != nil {
			return Node{}, err
		}
		n.Members = append(n.Members, Member{Key: key, Value: value})
	}
	return n, p.end()
}

// end reads the closing bracket.
func (p *parser) end() error {
	if _, err := p.dec.Token(); err != nil {
		return errNotJSON
	}
	return nil
}

// Get follows a path of member names. The last one of a repeated name counts;
// what is not there is Absent.
func (n Node) Get(path ...string) Node {
	for _, key := range path {
		n = n.member(key)
	}
	return n
}

func (n Node) member(key string) Node {
	for i := len(n.Members) - 1; i >= 0; i-- {
		if n.Members[i].Key == key {
			return n.Members[i].Value
		}
	}
	return Node{}
}

// Scalar tells whether the node is a boolean, a number or a string.
func (n Node) Scalar() bool { return n.Kind == Bool || n.Kind == Number || n.Kind == String }

// empty: nothing was said. The API sends [] or "" where an object is missing.
func (n Node) empty() bool {
	switch n.Kind {
	case Absent, Null:
		return true
	case Array:
		return len(n.Items) == 0
	case Object:
		return len(n.Members) == 0
	case String:
		return n.Text == ""
	default:
		return false
	}
}
