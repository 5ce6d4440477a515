package session

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"docket/ui/common"
	"docket/ui/widget"
)

// View draws the lines of the tree that are on screen, and no others.
func (r *Raw) View() string {
	if r.width <= 0 || r.height <= 0 {
		return ""
	}
	lines := make([]string, 0, r.height)
	if r.tree == nil {
		lines = append(lines, widget.Fit(r.c.Styles.Dim.Render(" reading "+ellipsis), r.width))
	} else {
		at := r.top
		for len(lines) < r.rows() && at < len(r.tree.nodes) {
			lines = append(lines, r.line(at))
			at = r.next(at)
		}
	}
	for len(lines) < r.rows() {
		lines = append(lines, widget.Spaces(r.width))
	}
	if r.height > 1 {
		lines = append(lines, widget.Fit(r.status(), r.width))
	}
	return strings.Join(lines, "\n")
}

// status says where the cursor is, or takes the search.
func (r *Raw) status() string {
	st := r.c.Styles
	switch {
	case r.find.typing && r.find.query() == "":
		return r.find.line(st, r.width, "")
	case r.find.typing && len(r.hits) == 0:
		return r.find.line(st, r.width, st.Warn.Render("no hit "))
	case r.find.typing:
		return r.find.line(st, r.width, st.Strong.Render(r.found()+" "))
	case r.tree == nil:
		return ""
	}
	text := " line " + itoa(r.cursor+1) + " of " + itoa(len(r.tree.nodes))
	if len(r.raw) > 1 {
		text += "   " + count(len(r.raw), "call", "calls")
	}
	if r.c.Masked {
		text += "   values are masked"
	}
	if q := r.find.query(); q != "" {
		text += "   /" + q + "   " + r.found()
	}
	return st.Dim.Render(text)
}

// line draws one node.
func (r *Raw) line(i int) string {
	n := &r.tree.nodes[i]
	st := r.c.Styles
	gutter := "  "
	if n.kind == nodeOpen || n.kind == nodeHead {
		gutter = "▾ "
		if r.folded(i) {
			gutter = "▸ "
		}
	}
	indent := strings.Repeat("  ", min(int(n.depth), r.width/4))
	room := r.width - 2 - len(indent)
	if i == r.cursor {
		return st.Selected.Render(widget.Fit(gutter+indent+r.plain(n, i, room), r.width))
	}
	text := r.styled(n, i, room)
	if r.find.query() != "" {
		text = highlight(text, r.find.query(), st.Hit)
	}
	return widget.Fit(st.Dim.Render(gutter)+indent+text, r.width)
}

// piece is a run of text with one style.
type piece struct {
	text  string
	style func(...string) string
}

func (r *Raw) plain(n *node, i, room int) string {
	var b strings.Builder
	for _, p := range r.pieces(n, i, room) {
		b.WriteString(p.text)
	}
	return b.String()
}

func (r *Raw) styled(n *node, i, room int) string {
	var b strings.Builder
	for _, p := range r.pieces(n, i, room) {
		b.WriteString(p.style(p.text))
	}
	return b.String()
}

// pieces writes a node: its key, its value, and what is folded away.
func (r *Raw) pieces(n *node, i, room int) []piece {
	st := r.c.Styles
	body := r.tree.bodies[n.body]
	var out []piece
	if n.keyTo > n.keyFrom {
		key, _ := rawText(body[n.keyFrom:n.keyTo], room)
		out = append(out, piece{key, st.Accent.Render}, piece{": ", st.Dim.Render})
	}
	comma := ""
	if n.more {
		comma = ","
	}
	switch n.kind {
	case nodeHead:
		return append(out, piece{r.tree.notes[n.from], st.Title.Render})
	case nodeNote:
		return append(out, piece{r.tree.notes[n.from], st.Warn.Render})
	case nodeOpen:
		return append(out, r.opening(n, i, body, room)...)
	case nodeClose:
		return append(out, piece{string(body[n.from:n.to]) + comma, st.Dim.Render})
	}
	return append(out, r.scalar(n, body, room), piece{comma, st.Dim.Render})
}

func (r *Raw) opening(n *node, i int, body []byte, room int) []piece {
	st := r.c.Styles
	open := string(body[n.from:n.to])
	if !r.folded(i) {
		return []piece{{open, st.Dim.Render}}
	}
	if n.small && int(r.tree.nodes[n.mate].to-n.from) <= room {
		return r.inline(n, i, open)
	}
	shut := "}"
	what := count(int(n.count), "key", "keys")
	if open == "[" {
		shut, what = "]", count(int(n.count), "item", "items")
	}
	if r.tree.nodes[n.mate].more {
		shut += ","
	}
	return []piece{{open + " " + ellipsis + " " + shut, st.Dim.Render}, {"  " + what, st.Dim.Render}}
}

// inline writes a small value with all its members in one line.
func (r *Raw) inline(n *node, i int, open string) []piece {
	st := r.c.Styles
	out := []piece{{open, st.Dim.Render}}
	for child := i + 1; child < int(n.mate); child++ {
		c := &r.tree.nodes[child]
		out = append(out, r.pieces(c, child, smallSpan)...)
		if c.more {
			out = append(out, piece{" ", st.Dim.Render})
		}
	}
	return append(out, r.pieces(&r.tree.nodes[n.mate], int(n.mate), smallSpan)...)
}

func (r *Raw) scalar(n *node, body []byte, room int) piece {
	st := r.c.Styles
	style := map[nodeKind]func(...string) string{
		nodeString: st.Good.Render, nodeNumber: st.Query.Render, nodeWord: st.Human.Render, nodeText: st.Text.Render,
	}[n.kind]
	if r.c.Masked {
		return piece{"••••••", st.Dim.Render}
	}
	value := body[n.from:n.to]
	lead := ""
	if from := r.hitIn(n, value, room); from > 0 {
		value, lead = value[from:], ellipsis
	}
	text, cut := rawText(value, room)
	if cut {
		text += ellipsis + " " + sizeText(int(n.to-n.from))
	}
	return piece{lead + text, style}
}

// hitIn returns from where to show a long value so that the hit in it is on
// screen; 0: from its start. Only the selected line is looked through.
func (r *Raw) hitIn(n *node, value []byte, room int) int {
	if r.find.query() == "" || n != &r.tree.nodes[r.cursor] {
		return 0
	}
	at := bytes.Index(bytes.ToLower(value), bytes.ToLower([]byte(r.find.query())))
	from := min(at-room/2, len(value)-1)
	if at < room*2/3 {
		return 0
	}
	for from > 0 && !utf8.RuneStart(value[from]) {
		from--
	}
	return from
}

var (
	_ common.Page = (*Raw)(nil)
	_ common.Page = (*Page)(nil)
)
