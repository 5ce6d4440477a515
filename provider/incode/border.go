package incode

import (
	"slices"
	"strings"

	"docket/model"
	"docket/omni"
	"docket/provider/clean"
)

// border takes text of one part from the wire into the model: everything is
// cleaned here, and where that changed something is noted.
type border struct {
	part    model.Part
	altered []string
}

// line cleans a text that is not personal: an id, a name of the API's, a status.
func (b *border) line(where, s string) string {
	out, altered := clean.Text(s)
	if altered {
		b.note(where)
	}
	return out
}

// text returns the scalar as a line; nothing for anything else.
func (b *border) text(where string, n omni.Node) string {
	if !n.Scalar() {
		return ""
	}
	return b.line(where, n.Text)
}

// personal cleans a value of the class. What is no scalar is absent. The lines
// of an address become one line.
func (b *border) personal(where string, class model.Class, n omni.Node) model.Personal {
	if !n.Scalar() {
		return model.Personal{}
	}
	return b.value(where, class, n.Text)
}

func (b *border) value(where string, class model.Class, s string) model.Personal {
	out, altered := clean.Text(oneLine(s))
	if altered {
		b.note(where)
	}
	return model.NewPersonal(class, out).WithAltered(altered)
}

// note remembers where a text was changed. The place is text from outside too.
func (b *border) note(where string) {
	where, _ = clean.Text(where)
	b.altered = append(b.altered, string(b.part)+": "+where)
}

// into puts the notes of this part on a session in place of its earlier ones.
func (b *border) into(so *model.Session) {
	rest := slices.DeleteFunc(slices.Clone(so.Altered), func(s string) bool { return strings.HasPrefix(s, string(b.part)+": ") })
	so.Altered = append(rest, b.altered...)
}

// oneLine joins the lines of an address or a transcript, as they are written on
// an envelope.
func oneLine(s string) string {
	if !strings.ContainsAny(s, "\r\n") {
		return s
	}
	var lines []string
	for line := range strings.SplitSeq(strings.ReplaceAll(s, "\r", "\n"), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, ", ")
}

// members returns the members of an object in the order sent; of a repeated
// name only the last one counts, as everywhere in JSON.
func members(n omni.Node) []omni.Member {
	last := make(map[string]int, len(n.Members))
	for i, m := range n.Members {
		last[m.Key] = i
	}
	if len(last) == len(n.Members) {
		return n.Members
	}
	out := make([]omni.Member, 0, len(last))
	for i, m := range n.Members {
		if last[m.Key] == i {
			out = append(out, m)
		}
	}
	return out
}

// dotted joins the names of a path.
func dotted(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// scalars returns the texts of an array that holds nothing but scalars and
// nulls, and false for any other array.
func scalars(n omni.Node) ([]string, bool) {
	out := make([]string, 0, len(n.Items))
	for _, item := range n.Items {
		switch {
		case item.Scalar():
			out = append(out, item.Text)
		case item.Kind != omni.Null:
			return nil, false
		}
	}
	return out, true
}

// scalarOf says how a value was written on the wire.
func scalarOf(n omni.Node) model.Scalar {
	switch n.Kind {
	case omni.Number:
		return model.ScalarNumber
	case omni.Bool:
		return model.ScalarBool
	default:
		return model.ScalarText
	}
}
