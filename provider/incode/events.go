package incode

import (
	"slices"
	"strings"
	"time"

	"docket/model"
	"docket/omni"
	"docket/provider/meaning"
)

// mapEvents reads pages of "Fetch events" into one timeline, oldest first.
func mapEvents(pages []omni.Node, b *border) ([]model.Event, *model.Problem) {
	var out []model.Event
	for _, n := range pages {
		list := n.Get("events")
		if n.Kind == omni.Array {
			list = n
		}
		if list.Kind != omni.Array {
			return nil, wrongShape(model.PartEvents, "the answer holds no list of events")
		}
		for _, item := range list.Items {
			if item.Kind == omni.Object {
				out = append(out, mapEvent(item, b))
			}
		}
	}
	if !slices.ContainsFunc(out, func(e model.Event) bool { return e.At.IsZero() }) {
		slices.SortStableFunc(out, func(x, y model.Event) int { return x.At.Compare(y.At) })
	}
	return out, nil
}

func mapEvent(n omni.Node, b *border) model.Event {
	e := model.Event{Name: b.text("eventName", n.Get("eventName"))}
	if at, ok := millis(n.Get("timestamp").Text); ok {
		e.At = at
	}
	data := unfold(n.Get("eventData"))
	w := &fieldWalk{b: b, class: eventClass}
	if data.Scalar() {
		w.value("data", data)
	} else {
		w.value("", data)
	}
	e.Detail = w.fields
	for i := range e.Detail {
		e.Detail[i].Meaning = meaning.EventField(e.Detail[i].Name, e.Detail[i].Value.Reveal())
	}
	if failed(e.Name, data) {
		e.Tone = model.ToneBad
	}
	e.Meaning = meaning.Event(e.Name)
	return e
}

// eventOpen are the details of events that say nothing about a person where their
// values are results, counts or words that docket knows. Anything else may.
var eventOpen = []string{
	"success", "failReason", "type", "attempt", "module", "screen", "screenName", "flowId", "flowName", "deviceType", "typeOfId",
	"issuingCountry", "statusCode", "existingUser", "overallStatus", "classification", "readability", "sharpness", "glare",
	"status", "stepName", "result",
}

func eventClass(name, value string) model.Class {
	if name == "issuingCountry" && isCountry(value) {
		return model.ClassNone
	}
	return openIf(slices.Contains(eventOpen, name), value)
}

// failed reports whether an event tells of a failure: by its data, else by its
// name.
func failed(name string, data omni.Node) bool {
	if reason := data.Get("failReason"); reason.Kind == omni.String && reason.Text != "" {
		return true
	}
	for _, key := range []string{"success", "classification"} {
		if n := data.Get(key); n.Scalar() {
			return strings.EqualFold(n.Text, "false")
		}
	}
	low := strings.ToLower(name)
	return strings.Contains(low, "fail") || strings.Contains(low, "error")
}

// finishers are events that mean that the customer is done, in lower case and
// letters only.
var finishers = []string{"onboardingfinished", "finishonboarding", "onboardingcomplete", "onboardingcompleted", "finishstatus"}

// finishedAt returns when the customer was done, zero when no event says so.
func finishedAt(events []model.Event) time.Time {
	var at time.Time
	for _, e := range events {
		if slices.Contains(finishers, strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "", ".", "").Replace(e.Name))) {
			at = e.At
		}
	}
	return at
}
