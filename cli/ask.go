package cli

import (
	"context"
	"fmt"
	"strings"

	"docket/cli/output"
	"docket/desk"
	"docket/model"
)

// ask shows a person what would be done and takes the answer. Anything but a
// clear yes sends nothing.
func (a *app) ask(ctx context.Context, w *work, plan desk.Plan) error {
	for _, line := range a.question(ctx, w, plan) {
		a.say(line)
	}
	prompt, right := "Send it? [y/N] ", isYes
	if plan.Second != nil {
		prompt = "Propose it? [y/N] "
	}
	if plan.Info.Kind == model.ActDelete {
		end := lastSix(plan.Action.ID())
		prompt = "This cannot be undone. Type the last six characters of the id to go on: "
		right = func(answer string) bool { return answer == end }
	}
	return a.agreed(ctx, prompt, right, plan.Info.Title+" was not confirmed", plan.Action.ID())
}

// agreed takes an answer; anything but the right one is a problem that begins with
// what did not happen then.
func (a *app) agreed(ctx context.Context, prompt string, right func(string) bool, otherwise, id string) error {
	_, _ = fmt.Fprint(a.env.Stderr, prompt) // without a prompt the answer is still asked for
	answer, err := a.line(ctx)
	if err != nil {
		a.say("")
		return stopped(err, otherwise, id)
	}
	if !right(strings.TrimSpace(answer)) {
		return model.NewProblem(model.KindUndone, otherwise+", nothing was sent", id, "")
	}
	return nil
}

func isYes(answer string) bool {
	return strings.EqualFold(answer, "y") || strings.EqualFold(answer, "yes")
}

// lastSix is what has to be typed before something is deleted.
func lastSix(id string) string {
	const n = 6
	return id[max(0, len(id)-n):]
}

// longestList is how many sessions a question names one by one.
const longestList = 12

// labelIndent is where the texts of a question begin.
const labelIndent = 13

// question names the person, the effect, and each check that is overridden.
func (a *app) question(ctx context.Context, w *work, plan desk.Plan) []string {
	paint := output.Paint{Colour: a.env.colour(a.env.ErrTerminal)}
	lines := []string{paint.Strong(plan.Info.Title) + "  " + paint.Strong(a.whom(ctx, w, plan))}
	put := func(label, text string) {
		if text != "" {
			lines = append(lines, fmt.Sprintf("  %-11s%s", label, a.wrap(text, labelIndent)))
		}
	}
	ids := plan.Action.IDs
	for _, id := range ids[:min(len(ids), longestList)] {
		put("session", a.sessionLine(ctx, w, id))
	}
	if more := len(ids) - longestList; more > 0 {
		put("", fmt.Sprintf("and %d more", more))
	}
	if so := w.seat.Peek(plan.Action.ID()); so != nil {
		if was := so.Overturns(plan.Info.Kind); was != nil {
			put("reverses", paint.Tone(model.ToneWarn, was.Says(plan.Info.Kind)))
		}
	}
	if so := w.seat.Peek(plan.Action.ID()); so != nil && plan.Info.Kind == model.ActSMS {
		put("stuck", so.Stuck.Where)
	}
	put("effect", plan.Info.Effect)
	put("reason", reasonWords(w.seat, plan))
	put("note", safe(plan.Action.Note))
	put(plan.Info.Message, safe(plan.Action.Message))
	put("condition", strings.Join(plan.Action.Conditions, ", "))
	put("flags", strings.Join(plan.Action.Flags, ", "))
	put("components", strings.Join(plan.Action.Components, ", "))
	if plan.Info.Kind == model.ActDelete {
		put("identity", identityWords(plan.Action.KeepIdentity))
	}
	put("proposal", proposes(plan.Second))
	if plan.NeedsForce {
		put("override", paint.Tone(model.ToneWarn, "the verdict does not wait for a person"))
	}
	for _, c := range plan.Overrides {
		put("overrides", paint.Status(c.Status)+" "+c.Name())
	}
	return lines
}

// reasonWords is the code of a reason with its text.
func reasonWords(seat *desk.Seat, plan desk.Plan) string {
	for _, r := range seat.Reasons(plan.Info.Kind) {
		if r.Code == plan.Action.Reason {
			return r.Code + "  " + safe(r.Text(seat.Policy().ReasonsLang))
		}
	}
	return safe(plan.Action.Reason)
}

func identityWords(keep bool) string {
	if keep {
		return "is kept at Incode"
	}
	return "is deleted at Incode too"
}

// whom names the person, or the number of sessions.
func (a *app) whom(ctx context.Context, w *work, plan desk.Plan) string {
	if n := len(plan.Action.IDs); n > 1 {
		return fmt.Sprintf("%d sessions", n)
	}
	if !plan.Who.Empty() {
		return plan.Who.String()
	}
	if row, err := w.seat.Row(ctx, plan.Action.ID()); err == nil && !row.Name.Empty() {
		return row.Name.String()
	}
	return "(name not known)"
}

// sessionLine says in one line what is known of a session.
func (a *app) sessionLine(ctx context.Context, w *work, id string) string {
	words := []string{id}
	add := func(verdict model.Verdict, status model.Status) {
		for _, s := range []string{string(verdict), string(status)} {
			if s != "" {
				words = append(words, s)
			}
		}
	}
	if so := w.seat.Peek(id); so != nil {
		add(so.Verdict, so.Status)
	} else if row, err := w.seat.Row(ctx, id); err == nil {
		add(row.Verdict, row.Status)
	}
	return strings.Join(words, "  ")
}
