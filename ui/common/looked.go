package common

import (
	"slices"
	"strconv"

	"docket/model"
)

// Looked keeps which pictures a person had on the screen while a session was in
// front of them, and what they recorded of them, until the console is locked or ends. Its zero
// value is ready. It belongs to the goroutine of Update.
type Looked struct{ at map[string]*model.Evidence }

func (l *Looked) of(id string) *model.Evidence {
	if l.at == nil {
		l.at = map[string]*model.Evidence{}
	}
	if l.at[id] == nil {
		l.at[id] = &model.Evidence{}
	}
	return l.at[id]
}

// Showed notes that a picture is on the screen while the session with the id is in
// front.
func (l *Looked) Showed(id string, p model.Seen) {
	if e := l.of(id); !slices.Contains(e.Pictures, p) {
		e.Pictures = append(e.Pictures, p)
	}
}

// Recorded notes what the person recorded of two pictures.
func (l *Looked) Recorded(id string, c model.Comparison) {
	e := l.of(id)
	e.Compared = append(e.Compared, c)
}

// Evidence returns what was looked at for a session.
func (l *Looked) Evidence(id string) model.Evidence {
	if e := l.at[id]; e != nil {
		return e.Clone()
	}
	return model.Evidence{}
}

// Drop forgets what was looked at for a session.
func (l *Looked) Drop(id string) { delete(l.at, id) }

// EvidenceText says in a few words what was looked at: "4 pictures seen: same
// person". Of nothing it is empty.
func EvidenceText(e model.Evidence) string {
	var text string
	switch n := len(e.Pictures); n {
	case 0:
	case 1:
		text = "1 picture seen"
	default:
		text = strconv.Itoa(n) + " pictures seen"
	}
	switch s := string(e.Latest()); {
	case s == "":
		return text
	case text == "":
		return s
	default:
		return text + ": " + s
	}
}
