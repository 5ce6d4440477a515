package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"docket/cli/output"
	"docket/desk"
	"docket/model"
)

// actFlags are what every command that changes something takes.
type actFlags struct {
	yes    bool
	output *choice
}

func actFlagsOf(cmd *cobra.Command) *actFlags {
	f := &actFlags{}
	cmd.Flags().BoolVarP(&f.yes, "yes", "y", false, "do not ask; needed where there is no terminal to ask on")
	f.output = outputFlag(cmd, "text", "json")
	return f
}

// act asks, sends the action once, and tells how it ended.
func (a *app) act(ctx context.Context, action model.Action, f *actFlags) error {
	if !f.yes && !a.env.asks() {
		return usage("There is no terminal to ask on, so nothing was sent", action.ID(), "repeat it with --yes when you are sure")
	}
	w, err := a.wire(ctx)
	if err != nil {
		return err
	}
	defer w.close()
	return a.actAt(ctx, w, action, f)
}

func (a *app) actAt(ctx context.Context, w *work, action model.Action, f *actFlags) error {
	if err := early(w.seat, action); err != nil {
		return err
	}
	info := action.Kind.Info()
	if info.Reads() || !f.yes && !info.Bulk || retains(w.seat, action) {
		so, err := readFirst(ctx, w.seat, action)
		if err != nil {
			return err
		}
		if info.Reads() && action.Expect == "" {
			action.Expect = so.Digest // what the question shows, or the guards went by
		}
	}
	plan := w.seat.Plan(action)
	if err := refused(plan); err != nil {
		return err
	}
	if p := w.seat.Incomplete(action); p != nil {
		return p
	}
	if !f.yes && w.seat.Barred(ctx, action) == nil { // nobody is asked for what will be refused
		if err := a.ask(ctx, w, plan); err != nil {
			return err
		}
	}
	told := a.whenInterrupted(ctx)
	outcomes, err := w.seat.Do(ctx, action)
	told()
	if err != nil {
		return err
	}
	return a.tellOutcomes(outcomes, info.Bulk, f.output.value)
}

// whenInterrupted says why a command goes on after an interrupt: what went out
// may take as long to answer as the API lets it. Call what it returns in the
// end, before anything else is written.
func (a *app) whenInterrupted(ctx context.Context) func() {
	said := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(said)
		a.say("Interrupted. What has gone out already is waited for, 30 seconds at most; a second interrupt ends\n" +
			"docket at once and leaves the outcome unknown.")
	})
	return func() {
		if !stop() {
			<-said
		}
	}
}

// retains reports whether a rule may keep the session from being deleted.
func retains(seat *desk.Seat, action model.Action) bool {
	return action.Kind == model.ActDelete && seat.Policy().Retention.Keep > 0
}

// readFirst reads what a decision rests on, what names the person, or when the session
// ended.
func readFirst(ctx context.Context, seat *desk.Seat, action model.Action) (*model.Session, error) {
	parts := []model.Part{model.PartStatus, model.PartScore, model.PartOCR}
	if retains(seat, action) {
		parts = append(parts, model.PartEvents)
	}
	so := seat.Read(ctx, action.ID(), parts...)
	if ctx.Err() != nil {
		return nil, stopped(ctx.Err(), action.Kind.Info().Title, action.ID())
	}
	if p := unread(so, action); p != nil {
		return nil, p
	}
	return so, nil
}

// refused returns why what was planned may not be done.
func refused(plan desk.Plan) error {
	if plan.Refusal != nil {
		return plan.Refusal
	}
	if plan.NeedsForce && !plan.Action.Override {
		return notOpen(plan)
	}
	return nil
}

// early returns why an action would be refused whatever the session says, so
// that nothing is read in vain.
func early(seat *desk.Seat, action model.Action) error {
	if r := seat.Plan(action).Refusal; r != nil && !errors.Is(r, desk.ErrUnread) {
		return r
	}
	return nil
}

// notOpen is the refusal of a decision on a session that does not wait for one.
func notOpen(plan desk.Plan) *model.Problem {
	verdict := string(plan.Verdict)
	if verdict == "" {
		verdict = "not known"
	}
	return model.NewProblem(model.KindGuard, "The verdict is "+verdict+", which does not wait for a person; nothing was sent",
		plan.Action.ID(), "add --override to decide all the same")
}

// unread returns why nothing may be sent after a reading that failed. A verdict
// that cannot be read is a guard's matter: an override may set it aside.
func unread(so *model.Session, action model.Action) *model.Problem {
	info := action.Kind.Info()
	if !info.Reads() {
		return nil // the name in the question may be missing, no more
	}
	if p := so.Parts[model.PartStatus].Problem; p != nil && p.Kind == model.KindNotFound {
		return nothingSent(p, so.ID)
	}
	for _, part := range []model.Part{model.PartStatus, model.PartScore} {
		p := so.Parts[part].Problem
		if p == nil {
			continue
		}
		switch p.Kind.Exit() {
		case model.ExitNotAllowed, model.ExitUnreachable:
			return nothingSent(p, so.ID)
		}
	}
	if p := so.Parts[model.PartScore].Problem; p != nil && info.Decision && !action.Override {
		refusal := nothingSent(p, so.ID)
		refusal.Kind, refusal.Do = model.KindGuard, "try again, or add --override to decide without the score"
		return refusal
	}
	return nil
}

func nothingSent(p *model.Problem, id string) *model.Problem {
	c := about(p, id)
	c.Message = "The session could not be read, so nothing was sent: " + c.Message
	return c
}

// tellOutcomes writes how an action ended, one line or one document, and turns
// it into an exit code.
func (a *app) tellOutcomes(outcomes []model.Outcome, list bool, format string) error {
	if format == "json" {
		if err := output.OutcomesJSON(a.env.Stdout, outcomes, list); err != nil {
			return failed(err)
		}
	}
	code := model.ExitDone
	for _, o := range outcomes {
		if format != "json" {
			if err := output.Outcome(a.env.Stdout, a.paint(), o); err != nil {
				return failed(err)
			}
		}
		p := problemOf(o)
		if p != nil {
			a.tell(about(p, o.ID))
		}
		code = graver(code, p)
	}
	return exits(code)
}

// problemOf returns the problem of an outcome whose kind is its exit code: this
// is the one place that turns results into exit codes.
func problemOf(o model.Outcome) *model.Problem {
	p := o.Problem
	if p == nil {
		p = &model.Problem{Kind: model.KindFailed, Message: o.Says}
	}
	c := *p
	switch o.Result {
	case model.ResultDone, model.ResultProposed:
		return o.Problem // done at the API, and something here may still have failed
	case model.ResultUnknown:
		c.Kind = model.KindOutcome
	case model.ResultRefused:
		if exit := c.Kind.Exit(); exit != model.ExitNotAllowed && exit != model.ExitNotFound {
			c.Kind = model.KindRefused
		}
	case model.ResultNotSent:
	}
	return &c
}

// effectOf says in help what an action does.
func effectOf(kind model.ActionKind) string {
	const wide = 94
	return ansi.Wrap(kind.Info().Effect, wide, "")
}

// reasonHelp lists the shipped reason codes of an action.
func reasonHelp(kind model.ActionKind) string {
	var b strings.Builder
	for _, r := range desk.ReasonsFor(desk.DefaultReasons(), kind) {
		b.WriteString("  " + r.Code + strings.Repeat(" ", 22-len(r.Code)) + r.Text(model.English) + "\n")
	}
	return b.String()
}

// reasonFlags adds the flags of the reason of an action, which stays here.
func (a *app) reasonFlags(cmd *cobra.Command, action *model.Action) {
	cmd.Flags().StringVar(&action.Reason, "reason", "", "reason code; stays here")
	cmd.Flags().StringVar(&action.Note, "note", "", "a remark; stays here")
	completeWith(cmd, "reason", a.offerReasons(action.Kind))
}
