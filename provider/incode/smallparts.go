package incode

import (
	"slices"
	"time"

	"docket/model"
	"docket/omni"
	"docket/provider/meaning"
)

// mapStatus reads the answer of "Fetch onboarding status".
func mapStatus(n omni.Node, b *border) (model.Status, *model.Problem) {
	status := b.text("onboardingStatus", n.Get("onboardingStatus"))
	if status == "" {
		return "", wrongShape(model.PartStatus, "the answer holds no onboarding status")
	}
	return model.Status(status), nil
}

// sessionLife is the answer of "Get session status" and "Set session status".
type sessionLife struct {
	life     model.Life
	created  time.Time
	attempts []model.Field
}

// attemptFields count the captures of a session.
var attemptFields = []string{"frontIdAttempts", "backIdAttempts", "selfieAttempts"}

func mapLife(n omni.Node, b *border) (sessionLife, *model.Problem) {
	l := sessionLife{life: model.Life(b.text("sessionStatus", n.Get("sessionStatus")))}
	if l.life == "" {
		return l, wrongShape(model.PartLife, "the answer holds no session status")
	}
	for _, name := range []string{"createdAt", "_createdAt"} {
		if at, ok := millis(n.Get(name).Text); ok {
			l.created = at
			break
		}
	}
	w := &fieldWalk{b: b, class: known}
	for _, name := range attemptFields {
		w.value(name, n.Get(name))
	}
	l.attempts = w.fields
	return l, nil
}

func (l sessionLife) apply(so *model.Session) {
	so.Life = l.life
	if !l.created.IsZero() {
		so.CreatedAt = l.created
	}
	so.Summary = append(slices.DeleteFunc(slices.Clone(so.Summary), isAttempt), l.attempts...)
}

func isAttempt(f model.Field) bool { return slices.Contains(attemptFields, f.Name) }

// mapSummary reads the answer of "Get ID Summary".
func mapSummary(n omni.Node, b *border) ([]model.Field, *model.Problem) {
	if inner := n.Get("IdSummaryResponse"); inner.Kind == omni.Object {
		n = inner
	}
	if n.Kind != omni.Object {
		return nil, wrongShape(model.PartSummary, "the answer holds no summary")
	}
	w := &fieldWalk{b: b, class: known}
	w.value("", n)
	for i := range w.fields {
		w.fields[i].Meaning = meaning.OCRField(w.fields[i].Name)
	}
	return w.fields, nil
}

// mapImages reads the answer of "Fetch images" in its second version: which
// pictures there are. The links are left out on purpose.
func mapImages(n omni.Node, b *border) ([]model.Image, *model.Problem) {
	if n.Kind != omni.Object {
		return nil, wrongShape(model.PartImages, "the answer holds no pictures")
	}
	var out []model.Image
	for _, m := range members(n) {
		count := 0
		switch m.Value.Kind {
		case omni.String:
			count = min(1, len(m.Value.Text))
		case omni.Array:
			for _, item := range m.Value.Items {
				count += min(1, len(item.Text))
			}
		}
		if count > 0 {
			kind := b.line("image type", m.Key)
			out = append(out, model.Image{Type: kind, Count: count, Meaning: meaning.Image(kind)})
		}
	}
	return out, nil
}

// mapLinked reads the answer of "Fetch all passed onboardings for the same
// person", without the session itself.
func mapLinked(n omni.Node, self string, b *border) ([]model.Linked, *model.Problem) {
	if n.Kind != omni.Array {
		return nil, wrongShape(model.PartLinked, "the answer holds no list of sessions")
	}
	var out []model.Linked
	for _, item := range n.Items {
		id := b.text("interviewId", item.Get("interviewId"))
		if id == "" {
			return nil, wrongShape(model.PartLinked, "a session of the list has no id")
		}
		if id != self {
			out = append(out, model.Linked{ID: id, ExternalID: b.text("externalId", item.Get("externalId")), Why: model.LinkIdentity})
		}
	}
	return out, nil
}

// mapCustom reads the answer of "Get custom fields". The names are the
// customer's own, so any value may be personal.
func mapCustom(n omni.Node, b *border) ([]model.Field, *model.Problem) {
	fields := n.Get("customFields")
	if fields.Kind == omni.Absent || fields.Scalar() {
		return nil, wrongShape(model.PartCustom, "the answer holds no custom fields")
	}
	w := &fieldWalk{b: b, class: private}
	w.value("", fields)
	return w.fields, nil
}
