package session

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// nodeKind is what one line of the tree shows.
type nodeKind uint8

const (
	nodeHead   nodeKind = iota // which call the answer is of
	nodeOpen                   // { or [
	nodeClose                  // } or ]
	nodeString                 // a value, as the four below
	nodeNumber
	nodeWord // true, false, null
	nodeText // a line of something that is no JSON
	nodeNote // a remark of docket
)

// node is one line: spans are offsets into the body it belongs to, so that a
// large answer costs no text until it is shown.
type node struct {
	keyFrom, keyTo uint32 // the key with its quotes; empty in lists
	from, to       uint32 // the value
	mate           int32  // of an opening: its closing; of a closing: its opening
	up             int32  // the opening it is in, or the head; -1: none
	count          uint32 // of an opening: members
	body           uint16 // which answer
	depth          uint16
	kind           nodeKind
	more           bool // a comma follows
	small          bool // of an opening: it is short and flat, and starts folded into its line
}

// tree is the lines of several answers.
type tree struct {
	bodies [][]byte
	notes  []string // for heads and notes, by node.from
	nodes  []node
}

// maxDepth is how deep values may be nested before the rest is shown as text.
const maxDepth = 200

var errDeep = errors.New("nested too deeply")

// add parses an answer and adds its lines under a head. What is no JSON becomes
// lines of text.
func (t *tree) add(head string, body []byte) {
	n := uint16(len(t.bodies))
	t.bodies = append(t.bodies, body)
	up := t.note(nodeHead, n, head, -1)
	start := len(t.nodes)
	p := parser{tree: t, b: body, body: n, up: up}
	if err := p.document(); err != nil {
		t.nodes = t.nodes[:start]
		t.note(nodeNote, n, fmt.Sprintf("This is no JSON (%v at byte %d); it is shown as text.", err, p.at), up)
		t.text(n, body, up)
	}
	t.nodes[up].mate = int32(len(t.nodes) - 1)
}

func (t *tree) note(kind nodeKind, body uint16, text string, up int32) int32 {
	t.nodes = append(t.nodes, node{kind: kind, body: body, from: uint32(len(t.notes)), up: up, mate: -1})
	t.notes = append(t.notes, text)
	return int32(len(t.nodes) - 1)
}

// textLine is the longest line of a body that is no JSON; longer ones go on in
// the next.
const textLine = 76

func (t *tree) text(n uint16, body []byte, up int32) {
	for at := 0; at < len(body); {
		end, next := len(body), len(body)
		if i := bytes.IndexByte(body[at:], '\n'); i >= 0 {
			end, next = at+i, at+i+1
		}
		if end-at > textLine {
			end = at + textLine
			for end > at+textLine-4 && body[end]&0xC0 == 0x80 {
				end--
			}
			next = end
		}
		t.nodes = append(t.nodes, node{kind: nodeText, body: n, from: uint32(at), to: uint32(end), up: up, mate: -1, depth: 1})
		at = next
	}
}

// parser reads one JSON text into nodes. It accepts what encoding/json accepts,
// and control characters inside strings as well: the page shows what was sent.
type parser struct {
	tree *tree
	b    []byte
	at   int
	body uint16
	up   int32
}

func (p *parser) document() error {
	if err := p.value(1, 0, 0); err != nil {
		return err
	}
	p.space()
	if p.at < len(p.b) {
		return errors.New("more after the end")
	}
	return nil
}

func (p *parser) space() {
	for p.at < len(p.b) && (p.b[p.at] == ' ' || p.b[p.at] == '\n' || p.b[p.at] == '\t' || p.b[p.at] == '\r') {
		p.at++
	}
}

func (p *parser) push(n node) int32 {
	n.body, n.up = p.body, p.up
	p.tree.nodes = append(p.tree.nodes, n)
	return int32(len(p.tree.nodes) - 1)
}

// value reads a value whose key has the span.
func (p *parser) value(depth, keyFrom, keyTo int) error {
	p.space()
	if p.at >= len(p.b) {
		return errors.New("it ends too early")
	}
	n := node{keyFrom: uint32(keyFrom), keyTo: uint32(keyTo), depth: uint16(depth), mate: -1}
	from := p.at
	var err error
	switch c := p.b[p.at]; {
	case c == '{' || c == '[':
		if depth >= maxDepth {
			return errDeep
		}
		return p.container(n, c)
	case c == '"':
		n.kind = nodeString
		err = p.str()
	case c == '-' || c >= '0' && c <= '9':
		n.kind = nodeNumber
		err = p.scalar()
	default:
		n.kind = nodeWord
		err = p.scalar()
	}
	if err != nil {
		return err
	}
	n.from, n.to = uint32(from), uint32(p.at)
	p.push(n)
	return nil
}

// str reads a string with its quotes.
func (p *parser) str() error {
	for i := p.at + 1; i < len(p.b); i++ {
		switch p.b[i] {
		case '\\':
			i++
		case '"':
			p.at = i + 1
			return nil
		}
	}
	return errors.New("a string without an end")
}

// scalar reads a number or a word.
func (p *parser) scalar() error {
	from := p.at
	for p.at < len(p.b) && strings.IndexByte(",]} \n\r\t", p.b[p.at]) < 0 {
		p.at++
	}
	if !json.Valid(p.b[from:p.at]) {
		p.at = from
		return errors.New("no value")
	}
	return nil
}

// container reads an object or a list.
func (p *parser) container(n node, open byte) error {
	shut := byte('}')
	if open == '[' {
		shut = ']'
	}
	n.kind, n.from, n.to = nodeOpen, uint32(p.at), uint32(p.at+1)
	up, self := p.up, p.push(n)
	p.up = self
	p.at++
	members := uint32(0)
	for {
		p.space()
		if p.at < len(p.b) && p.b[p.at] == shut && members == 0 {
			break
		}
		if err := p.member(int(n.depth)+1, open); err != nil {
			return err
		}
		members++
		p.space()
		if p.at >= len(p.b) {
			return errors.New("it ends too early")
		}
		if p.b[p.at] == shut {
			break
		}
		if p.b[p.at] != ',' {
			return errors.New("no comma")
		}
		p.tree.nodes[len(p.tree.nodes)-1].more = true
		p.at++
	}
	p.up = up
	end := p.push(node{kind: nodeClose, from: uint32(p.at), to: uint32(p.at + 1), depth: n.depth, mate: self})
	p.at++
	p.tree.nodes[self].mate, p.tree.nodes[self].count = end, members
	flat := members > 0 && int(end-self) == int(members)+1
	p.tree.nodes[self].small = flat && p.at-int(p.tree.nodes[self].from) <= smallSpan
	return nil
}

// smallSpan is the longest source, in bytes, of a value that starts folded into
// one line.
const smallSpan = 160

func (p *parser) member(depth int, open byte) error {
	if open == '[' {
		return p.value(depth, 0, 0)
	}
	p.space()
	if p.at >= len(p.b) || p.b[p.at] != '"' {
		return errors.New("no key")
	}
	from := p.at
	if err := p.str(); err != nil {
		return err
	}
	to := p.at
	p.space()
	if p.at >= len(p.b) || p.b[p.at] != ':' {
		return errors.New("no colon")
	}
	p.at++
	return p.value(depth, from, to)
}
