package incode

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/model"
	"docket/provider/meaning"
)

// findDeviceCountry compares countries only: a device abroad is worth a look,
// and a passport has no address to measure from.
func findDeviceCountry(e *evidence) []model.Finding {
	if e.so.Device == nil {
		return nil
	}
	device, okA := countryOf(e.so.Device.Country)
	document, okB := countryOf(e.so.Document.Country)
	if !okA || !okB {
		return nil
	}
	if device == document {
		return one(model.Finding{
			Key: "device.country", Tone: model.ToneGood,
			Text: "Device and document are from the same country (" + device.name + ").",
		})
	}
	return one(model.Finding{
		Key: "device.country", Tone: model.ToneWarn,
		Text: "Device in " + device.name + ", document from " + document.name + ".",
	})
}

// findExisting says that the face is enrolled already, which is no fraud by
// itself, and what the API made of the two names.
func findExisting(e *evidence) []model.Finding {
	i := slices.IndexFunc(e.so.Linked, func(l model.Linked) bool { return l.Why == model.LinkExisting })
	known := slices.ContainsFunc(e.so.Facts, func(f model.Fact) bool {
		return f.Key == "existingUser" && f.True() && (f.Section == secFace || f.Section == secFaceTwo)
	})
	if i < 0 && !known {
		return nil
	}
	f := model.Finding{Key: "existingUser", Tone: model.ToneWarn, Text: "Face already enrolled; the names were not compared."}
	if i < 0 || e.so.Linked[i].SameName == nil {
		return one(f)
	}
	f.Text = "Face already enrolled, under another name."
	if *e.so.Linked[i].SameName {
		f.Text = "Face already enrolled, same name."
	}
	return one(f)
}

// findAntifraud keeps "no result" apart from "passed".
func findAntifraud(e *evidence) []model.Finding {
	if e.so.Parts[model.PartScore].At.IsZero() {
		return nil
	}
	f := model.Finding{Key: "antifraud", Tone: model.ToneQuery}
	switch {
	case e.so.Antifraud == nil || e.so.Antifraud.Status == "":
		f.Text = "Antifraud: no result in this answer, which is no pass."
	case strings.EqualFold(string(e.so.Antifraud.Status), "NOT_EXECUTED"):
		f.Text = "Antifraud was not executed, which is no pass."
	case e.so.Antifraud.Status.Tone() == model.ToneBad:
		f.Tone, f.Text = model.ToneBad, "Antifraud found signs that could mean fraud; see what they are."
	default:
		return nil
	}
	return one(f)
}

func findAttempts(e *evidence) []model.Finding {
	var failed []string
	for _, f := range e.so.Facts {
		step, ok := strings.CutPrefix(f.Key, "failedAttemptsCounter.")
		if n, err := strconv.Atoi(f.Value.Reveal()); ok && err == nil && n > 0 && f.Section == secRetry && meaning.Harmless(f.Value.Reveal()) {
			if !meaning.RetryStep(step).Known() {
				step = "another step" // its name comes from outside
			}
			failed = append(failed, fmt.Sprintf("%s %d", step, n))
		}
	}
	if failed == nil {
		return nil
	}
	return one(model.Finding{Key: "attempts", Text: "Failed attempts: " + strings.Join(failed, ", ") + "."})
}

// longGap is how long a customer may take between two steps before the timeline
// says so.
const longGap = 2 * time.Minute

func findGap(e *evidence) []model.Finding {
	if len(e.so.Events) < 2 {
		return nil
	}
	var out []model.Finding
	times := make([]time.Time, 0, len(e.so.Events))
	for _, ev := range e.so.Events {
		if !ev.At.IsZero() {
			times = append(times, ev.At)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	var longest time.Duration
	for i := 1; i < len(times); i++ {
		longest = max(longest, times[i].Sub(times[i-1]))
	}
	if longest >= longGap {
		out = append(out, model.Finding{Key: "timeline.gap", Text: "Longest gap between two events: " + model.Span(longest) + "."})
	}
	if late := eventsAfter(times, e.so.FinishedAt); late > 0 {
		out = append(out, model.Finding{Key: "timeline.after", Text: fmt.Sprintf("%s after the session was finished.", plural(late, "event"))})
	}
	return out
}

func eventsAfter(times []time.Time, finished time.Time) int {
	if finished.IsZero() {
		return 0
	}
	n := 0
	for _, at := range times {
		if at.After(finished) {
			n++
		}
	}
	return n
}
