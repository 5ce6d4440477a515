package session

import (
	"slices"
	"strings"

	"docket/desk"
	"docket/model"
	"docket/ui/common"
	"docket/ui/keymap"
)

// notes is the pane with what people wrote here, and what the session carries
// beside the checks.
func notes(v *view) content {
	b := newSheet(v)
	if n := len(v.notes); n > 0 {
		b.out.badge = v.dim(count(n, "note", "notes"))
	}
	if v.kept != nil {
		b.problem(v.kept, "notes and tags")
	}
	b.tags()
	b.written()
	b.custom()
	b.about()
	return b.out
}

func (b *sheet) tags() {
	switch {
	case b.c.Lacks(desk.MayRisk) != "": // they are not shown, so nobody says that there are none
		return
	case b.row == nil || len(b.row.Tags) == 0:
		b.say(b.label("tags") + b.none(keymap.Tags, " adds"))
		return
	}
	b.value("tags", b.st().Accent.Render(strings.Join(b.row.Tags, "  ")))
}

// none says that there is nothing, and to who may what key changes that.
func (b *sheet) none(id keymap.ID, does string) string {
	if b.c.Denied(id) != "" {
		return b.dim("none")
	}
	return b.dim("none; ") + b.st().Key.Render(b.c.Keys.Get(id).FirstKey()) + b.dim(does)
}

func (b *sheet) written() {
	if len(b.notes) == 0 {
		b.say(b.label("notes") + b.none(keymap.Note, " writes one"))
		return
	}
	for _, n := range b.notes {
		lines := []string{b.dim(b.local(n.At).Format("2006-01-02 15:04") + "  " + n.By)}
		for _, l := range wrap(oneLine(n.Text), b.width-2, 0) {
			lines = append(lines, "  "+l)
		}
		it := item{name: "note", value: n.Text}
		if text := common.EvidenceText(n.Evidence); text != "" {
			lines = append(lines, "  "+b.dim("with "+text))
			it.more = evidencePairs(n.Evidence)
		}
		b.entry(it, lines...)
	}
}

// evidencePairs names each picture with its digest, for copying.
func evidencePairs(e model.Evidence) []pair {
	var out []pair
	for _, p := range e.Pictures {
		out = append(out, pair{"seen " + p.Session + " " + p.Ref.String(), "sha256:" + p.SHA256})
	}
	for _, c := range e.Compared {
		out = append(out, pair{
			"compared " + c.A.Session + " " + c.A.Ref.String() + " with " + c.B.Session + " " + c.B.Ref.String(),
			string(c.Saw) + ", sha256:" + c.A.SHA256 + " and sha256:" + c.B.SHA256,
		})
	}
	return out
}

// custom lists the client's own fields: those of the row, or of the session
// once they were asked for.
func (b *sheet) custom() {
	st := b.s.Parts[model.PartCustom]
	switch {
	case st.Problem != nil:
		b.head("Custom fields")
		b.problem(st.Problem, "custom fields")
	case len(b.s.Custom) > 0:
		b.head("Custom fields")
		for _, f := range b.s.Custom {
			b.value(f.Name, b.show(f.Value))
		}
	case b.row != nil && len(b.row.Custom) > 0:
		b.head("Custom fields")
		keys := make([]string, 0, len(b.row.Custom))
		for k := range b.row.Custom {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			value := model.NewPersonal(model.ClassSpeech, b.row.Custom[k]).Revealed()
			b.value(k, b.show(value))
		}
	}
}

func (b *sheet) about() {
	s := b.s
	b.head("Session")
	b.value("id", s.ID)
	life := string(s.Life)
	if st := s.Parts[model.PartLife]; st.Problem != nil {
		b.problem(st.Problem, "session life")
	} else if life == "" {
		life = b.dim("not asked; : session token")
	}
	b.value("life", life)
	for _, p := range []pair{{"flow", s.FlowID}, {"client", s.ClientID}, {"external id", s.ExternalID}, {"customer", s.CustomerID}} {
		if p.value != "" {
			b.value(p.name, p.value)
		}
	}
	if !s.CreatedAt.IsZero() {
		b.value("started", b.local(s.CreatedAt).Format("2006-01-02 15:04:05"))
	}
	if !s.FinishedAt.IsZero() {
		b.value("finished", b.local(s.FinishedAt).Format("2006-01-02 15:04:05"))
	}
	if len(s.Altered) > 0 {
		b.head("Altered by cleaning")
		for _, l := range wrap(strings.Join(s.Altered, ", "), b.width-2, 0) {
			b.say("  " + l)
		}
	}
}
