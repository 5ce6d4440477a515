package incode

import (
	"strconv"
	"strings"

	"docket/model"
	"docket/omni"
	"docket/provider/meaning"
)

// scoreWalk goes through a score in the order sent and sorts what it finds: an
// object with a status is a check, one with an expression is a rule, and a
// scalar that belongs to neither is a fact.
type scoreWalk struct {
	b       *border
	section string
	checks  []model.Check
	facts   []model.Fact
	rules   []model.Rule
}

func (w *scoreWalk) top(m omni.Member) {
	w.section = ""
	switch {
	case m.Key == "needsReviewReason":
		return // has a place of its own in the session
	case m.Key == "overall":
		w.rest(m.Key, m.Value, "status", "value", "key") // verdict and score have one too
	case isRule(m.Key, m.Value):
		w.rule(m.Key, m.Value)
	case m.Value.Kind == omni.Object:
		w.section = w.b.line("section", m.Key)
		w.object("", m.Value)
	case m.Value.Kind == omni.Array:
		w.section = w.b.line("section", m.Key)
		w.array("", m.Value)
	default:
		w.value(m.Key, m.Value)
	}
}

func (w *scoreWalk) value(path string, n omni.Node) {
	switch {
	case isRule(path[strings.LastIndexByte(path, '.')+1:], n):
		w.rule(path, n)
	case n.Kind == omni.Object:
		w.object(path, n)
	case n.Kind == omni.Array:
		w.array(path, n)
	case n.Scalar():
		w.fact(path, n.Text, scalarOf(n))
	}
}

// array turns a list of scalars into one fact, and any other list into its
// items: a list of tests is nothing but its tests.
func (w *scoreWalk) array(path string, n omni.Node) {
	if texts, ok := scalars(n); ok {
		if len(texts) > 0 {
			w.fact(w.orSection(path), strings.Join(texts, ", "), model.ScalarText)
		}
		return
	}
	for i, item := range n.Items {
		w.value(dotted(path, strconv.Itoa(i)), item)
	}
}

// object is a check when it has a status, a fact when it only wraps a value,
// and a folder of more otherwise.
func (w *scoreWalk) object(path string, n omni.Node) {
	own, status, value := n.Get("key"), n.Get("status"), n.Get("value")
	key := w.orSection(path)
	if own.Kind == omni.String && own.Text != "" && (status.Scalar() || value.Scalar()) {
		key = own.Text
	}
	switch {
	case status.Scalar():
		w.check(key, status, value)
		w.rest(key, n, "status", "value", "key")
	case value.Scalar() && path != "":
		w.fact(key, value.Text, scalarOf(value))
		w.rest(key, n, "status", "value", "key")
	default:
		w.rest(path, n)
	}
}

// orSection names what sits in a section without a name of its own.
func (w *scoreWalk) orSection(path string) string {
	if path == "" {
		return w.section
	}
	return path
}

// rest walks the members of an object but the named ones.
func (w *scoreWalk) rest(path string, n omni.Node, but ...string) {
next:
	for _, m := range members(n) {
		for _, name := range but {
			if m.Key == name {
				continue next
			}
		}
		w.value(dotted(path, m.Key), m.Value)
	}
}

func (w *scoreWalk) check(key string, status, value omni.Node) {
	where := dotted(w.section, key)
	c := model.Check{
		Section: w.section,
		Key:     w.b.line(where, key),
		Status:  model.CheckStatus(w.b.text(where, status)),
	}
	c.Value = w.b.personal(where, checkClass(c.Section, c.Key, value.Text), value)
	c.Meaning = meaning.Check(c.Section, c.Key)
	w.checks = append(w.checks, c)
}

func (w *scoreWalk) fact(key, text string, kind model.Scalar) {
	where := dotted(w.section, key)
	f := model.Fact{Section: w.section, Key: w.b.line(where, key), Scalar: kind}
	if isLink(f.Key, text) {
		f.Value = model.NewPersonal(model.ClassNone, linkMark)
	} else {
		f.Value = w.b.value(where, factClass(f.Section, f.Key, text), text)
	}
	f.Meaning = meaning.Fact(f.Section, f.Key)
	w.facts = append(w.facts, f)
}

func (w *scoreWalk) rule(path string, n omni.Node) {
	where := dotted(w.section, path)
	r := model.Rule{
		Section:    w.section,
		Name:       w.b.text(where, n.Get("name")),
		Expression: w.b.text(where, n.Get("expression")),
		Type:       w.b.text(where, n.Get("ruleType")),
		Status:     model.CheckStatus(w.b.text(where, n.Get("status"))),
	}
	if r != (model.Rule{Section: w.section}) {
		w.rules = append(w.rules, r)
	}
}

// isRule reports whether an object is a rule of the rule engine: it stands under
// "appliedRule" or has what only rules have.
func isRule(name string, n omni.Node) bool {
	if n.Kind != omni.Object {
		return false
	}
	return isRuleName(name) || n.Get("expression").Scalar() || n.Get("ruleType").Scalar()
}

// isRuleName reports whether a member is called as rules are.
func isRuleName(name string) bool { return strings.HasPrefix(name, "appliedRule") }

// isLink reports whether a value is a link to a picture: links are secrets that
// live for an hour and have no place in a session.
func isLink(key, text string) bool {
	return strings.HasSuffix(key, "Url") || strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://")
}

// linkMark stands where the API gave a link.
const linkMark = "(a link, not kept)"
