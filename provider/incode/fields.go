package incode

import (
	"strconv"
	"strings"

	"docket/model"
	"docket/omni"
	"docket/provider/meaning"
)

// fieldWalk flattens any JSON value into fields with dotted names.
type fieldWalk struct {
	b      *border
	class  func(name, value string) model.Class
	fields []model.Field
}

func (w *fieldWalk) value(path string, n omni.Node) {
	switch n.Kind {
	case omni.Object:
		w.object(path, n)
	case omni.Array:
		if texts, ok := scalars(n); ok {
			if len(texts) > 0 {
				w.add(path, strings.Join(texts, ", "))
			}
			return
		}
		for i, item := range n.Items {
			w.value(dotted(path, strconv.Itoa(i)), item)
		}
	case omni.Bool, omni.Number, omni.String:
		w.add(path, n.Text)
	}
}

// object takes {"key": …, "value": …} for what it is: a pair.
func (w *fieldWalk) object(path string, n omni.Node) {
	if key, value := n.Get("key"), n.Get("value"); len(n.Members) == 2 && key.Kind == omni.String && value.Kind != omni.Absent {
		if i := strings.LastIndexByte(path, '.'); i >= 0 {
			path = path[:i]
		}
		w.value(dotted(path, key.Text), value)
		return
	}
	for _, m := range members(n) {
		w.value(dotted(path, m.Key), m.Value)
	}
}

func (w *fieldWalk) add(path, text string) {
	name := w.b.line("field name", path)
	w.fields = append(w.fields, model.Field{Name: name, Value: w.b.value(path, w.class(path, text), text)})
}

// private is for values of which nobody knows what they are.
func private(string, string) model.Class { return model.ClassOther }

// known is for values that say nothing about a person where docket knows their name.
func known(name, value string) model.Class { return openIf(meaning.OCRField(name).Known(), value) }
