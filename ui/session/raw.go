package session

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"docket/model"
	"docket/ui/common"
	"docket/ui/keymap"
)

// Raw shows the answers of the API as they were sent: order and escapes kept,
// in a tree that can be folded and searched.
type Raw struct {
	c    *common.Context
	id   string
	part model.Part
	raw  []model.Raw

	width, height int
	tree          *tree        // nil while it is parsed
	flipped       map[int]bool // values that are not folded as they started
	cursor        int          // the node that is selected
	top           int          // the first node that is shown
	find          searchLine
	hits          []int // the nodes that hold the query, in order
}

// NewRaw returns the page with the answers of a part. Any number of calls may
// have been made for it.
func NewRaw(c *common.Context, s *model.Session, part model.Part) *Raw {
	return &Raw{c: c, id: s.ID, part: part, raw: s.Parts[part].Raw, flipped: map[int]bool{}, find: newSearchLine("")}
}

// ID returns the interview id of the session.
func (r *Raw) ID() string { return r.id }

// Typing reports whether keys go into the search line.
func (r *Raw) Typing() bool { return r.find.typing }

// parsed says that the answers are ready.
type parsed struct {
	page *Raw
	tree *tree
}

// Init parses the answers; a large one takes a moment.
func (r *Raw) Init() tea.Cmd {
	return func() tea.Msg {
		t := &tree{}
		for _, a := range r.raw {
			t.add(rawHead(a), a.Body)
		}
		return parsed{r, t}
	}
}

// rawHead says which call an answer is of, and how it went.
func rawHead(a model.Raw) string {
	text := fmt.Sprintf("%s   HTTP %d   %s", a.Call, a.HTTP, sizeText(len(a.Body)))
	if a.Took > 0 {
		text += "   " + itoa(int(a.Took.Milliseconds())) + " ms"
	}
	if a.ServerTook > 0 {
		text += ", of which server " + itoa(int(a.ServerTook.Milliseconds())) + " ms"
	}
	if !a.At.IsZero() {
		text += "   " + a.At.UTC().Format("15:04:05 UTC")
	}
	return text
}

func sizeText(n int) string {
	switch {
	case n < 10_000:
		return itoa(n) + " bytes"
	case n < 10_000_000:
		return itoa(n/1000) + " kB"
	default:
		return itoa(n/1_000_000) + " MB"
	}
}

// Update takes the parsed answers.
func (r *Raw) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case parsed:
		if msg.page == r {
			r.tree = msg.tree
			r.collect()
		}
	case common.Masking:
		r.collect()
	case common.Unmasked:
		return r.anew()
	case tea.PasteMsg:
		if r.find.typing && r.find.field.Insert(msg.Content) {
			r.search()
		}
	case common.Wheel:
		r.scroll(msg.By)
	case common.Click:
		r.click(msg.Y)
	}
	return nil
}

// anew takes the answers as this person may see them now: more was revealed, or hidden.
func (r *Raw) anew() tea.Cmd {
	r.raw = nil
	if s := r.c.Desk.Peek(r.id); s != nil {
		r.raw = s.Parts[r.part].Raw
	}
	r.tree, r.hits, r.cursor, r.top = nil, nil, 0, 0
	clear(r.flipped)
	return r.Init()
}

// Scope is where the page's actions are declared.
func (r *Raw) Scope() keymap.Scope { return keymap.InRaw }

// Crumbs names the session and the part.
func (r *Raw) Crumbs() []string { return []string{shortID(r.id), "JSON of " + partName(r.part)} }

// SetSize tells the page its room.
func (r *Raw) SetSize(width, height int) {
	r.width, r.height = width, height
	r.follow()
}

// Key takes what is typed into the search.
func (r *Raw) Key(msg tea.KeyPressMsg) (tea.Cmd, bool) {
	if !r.find.typing {
		return nil, false
	}
	changed, taken := r.find.key(msg)
	if changed {
		r.search()
	}
	return nil, taken
}

// Do carries out an action.
func (r *Raw) Do(id keymap.ID, _ string) tea.Cmd {
	if id == keymap.Back {
		if r.find.query() != "" {
			r.find.drop()
			r.collect()
			return nil
		}
		return r.c.Back(r)
	}
	if id == keymap.CopyID {
		return common.Send(common.Copy{Text: r.id, What: "interview id"})
	}
	if r.tree == nil {
		return nil
	}
	half := max(r.rows()/2, 1)
	switch id {
	case keymap.Down:
		r.scroll(1)
	case keymap.Up:
		r.scroll(-1)
	case keymap.HalfDown:
		r.scroll(half)
	case keymap.HalfUp:
		r.scroll(-half)
	case keymap.First:
		r.cursor = 0
	case keymap.Last:
		r.cursor = r.lastLine()
	case keymap.Fold:
		r.fold(r.cursor)
	case keymap.Search:
		r.find.drop()
		r.collect()
		r.find.typing = true
	case keymap.NextHit:
		r.hop(1)
	case keymap.PrevHit:
		r.hop(-1)
	}
	r.follow()
	return nil
}

// Off says why an action cannot be done now.
func (r *Raw) Off(id keymap.ID) string {
	if (id == keymap.NextHit || id == keymap.PrevHit) && r.find.query() == "" {
		return "nothing is searched for: / starts a search"
	}
	if id == keymap.Refresh {
		return "go back (esc) to read it again"
	}
	return ""
}

// rows is how many lines of the tree fit: the last line says where they are.
func (r *Raw) rows() int { return max(r.height-1, 1) }

// next returns the line after one, over what is folded.
func (r *Raw) next(i int) int {
	n := r.tree.nodes[i]
	if r.folded(i) && n.mate >= 0 {
		i = int(n.mate)
	}
	return min(i+1, len(r.tree.nodes))
}

// before returns the line before one. The line before a folded value ends in
// its opening.
func (r *Raw) before(i int) int {
	i--
	if i < 0 {
		return 0
	}
	// Of all folded values that end just here, the outermost is what is shown.
	for n := i; ; {
		up := int(r.tree.nodes[n].up)
		if k := r.tree.nodes[n]; k.kind == nodeClose && r.folded(int(k.mate)) {
			i = int(r.tree.nodes[n].mate)
		}
		if up < 0 {
			return i
		}
		if r.folded(up) {
			i = up
		}
		n = up
	}
}

func (r *Raw) lastLine() int { return r.before(len(r.tree.nodes)) }

// scroll moves the cursor by lines.
func (r *Raw) scroll(by int) {
	if r.tree == nil {
		return
	}
	for ; by > 0; by-- {
		if n := r.next(r.cursor); n < len(r.tree.nodes) {
			r.cursor = n
		}
	}
	for ; by < 0; by++ {
		r.cursor = r.before(r.cursor)
	}
	r.follow()
}

// follow scrolls so that the cursor is on screen.
func (r *Raw) follow() {
	if r.tree == nil || len(r.tree.nodes) == 0 {
		return
	}
	r.cursor = min(max(r.cursor, 0), len(r.tree.nodes)-1)
	if r.cursor <= r.top {
		r.top = r.cursor
		return
	}
	at := r.cursor
	for range r.rows() - 1 {
		if at <= r.top {
			return
		}
		at = r.before(at)
	}
	r.top = max(r.top, at)
}

// fold folds or unfolds the value of a line.
func (r *Raw) fold(i int) {
	n := r.tree.nodes[i]
	if n.kind == nodeClose {
		i = int(n.mate)
	}
	if k := r.tree.nodes[i].kind; k != nodeOpen && k != nodeHead {
		return
	}
	r.flip(i)
	r.cursor = i
}

// folded reports whether a value is shown in one line.
func (r *Raw) folded(i int) bool { return r.tree.nodes[i].small != r.flipped[i] }

func (r *Raw) flip(i int) {
	if r.flipped[i] {
		delete(r.flipped, i)
	} else {
		r.flipped[i] = true
	}
}

// click selects a line; one more folds it.
func (r *Raw) click(y int) {
	if r.tree == nil || y >= r.rows() {
		return
	}
	at := r.top
	for range y {
		if n := r.next(at); n < len(r.tree.nodes) {
			at = n
		}
	}
	if at == r.cursor {
		r.fold(at)
	}
	r.cursor = at
	r.follow()
}

// collect finds the lines that hold the query. Masked values are not searched.
func (r *Raw) collect() {
	r.hits = nil
	q := bytes.ToLower([]byte(r.find.query()))
	if r.tree == nil || len(q) == 0 {
		return
	}
	for i := range r.tree.nodes {
		if r.holds(i, q) {
			r.hits = append(r.hits, i)
		}
	}
}

// search goes to the first hit from the cursor on, around the end.
func (r *Raw) search() {
	r.collect()
	at, _ := slices.BinarySearch(r.hits, r.cursor)
	r.show(at)
}

// hop goes to the next hit, or to the one before.
func (r *Raw) hop(by int) {
	at, on := slices.BinarySearch(r.hits, r.cursor)
	if by < 0 || on {
		at += by
	}
	r.show(at)
}

// show goes to a hit and unfolds what it is in.
func (r *Raw) show(at int) {
	n := len(r.hits)
	if n == 0 {
		return
	}
	r.cursor = r.hits[(at%n+n)%n]
	for up := int(r.tree.nodes[r.cursor].up); up >= 0; up = int(r.tree.nodes[up].up) {
		if r.folded(up) {
			r.flip(up)
		}
	}
	r.follow()
}

// found says which hit of how many the cursor is on.
func (r *Raw) found() string {
	if len(r.hits) == 0 {
		return "no hit"
	}
	all := count(len(r.hits), "hit", "hits")
	if at, on := slices.BinarySearch(r.hits, r.cursor); on {
		return itoa(at+1) + " of " + all
	}
	return all
}

func (r *Raw) holds(i int, q []byte) bool {
	n := &r.tree.nodes[i]
	b := r.tree.bodies[n.body]
	switch n.kind {
	case nodeClose, nodeOpen:
		return holdsFold(b[n.keyFrom:n.keyTo], q)
	case nodeHead, nodeNote:
		return strings.Contains(strings.ToLower(r.tree.notes[n.from]), string(q))
	}
	return holdsFold(b[n.keyFrom:n.keyTo], q) || !r.c.Masked && holdsFold(b[n.from:n.to], q)
}

// holdsFold is bytes.Contains that ignores case; q is in lower case. Nearly all
// of a large answer is passed over at its first letters.
func holdsFold(b, q []byte) bool {
	if len(q) > len(b) {
		return false
	}
	for _, c := range q {
		if c >= utf8.RuneSelf {
			return bytes.Contains(bytes.ToLower(b), q)
		}
	}
	for i := 0; i+len(q) <= len(b); i++ {
		if lowerByte(b[i]) == q[0] && sameFold(b[i:i+len(q)], q) {
			return true
		}
	}
	return false
}

func sameFold(b, q []byte) bool {
	for i, c := range q {
		if lowerByte(b[i]) != c {
			return false
		}
	}
	return true
}

func lowerByte(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
