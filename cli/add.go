package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"docket/desk"
	"docket/model"
)

func (a *app) add() *cobra.Command {
	return &cobra.Command{
		Use:   "add ID… | -",
		Short: "Put sessions in the inbox by their interview id",
		Long: "Puts sessions in the inbox and fetches status, score and OCR of each, and the events of\n" +
			"one that waits for a person: they tell since when. With - the ids come from standard\n" +
			"input, one a line; blank lines and what follows # are left out, and a line that holds\n" +
			"no id is named by its number (exit code 2), the others are added.\n\n" +
			"A part that cannot be fetched is told on standard error and does not stop the adding.\n" +
			"Ids that the API does not know are named and not added; then the exit code is 4.\n" +
			"An interrupt (Ctrl+C) stops it; what was added until then stays.",
		Example: "  docket add 5f9a41c2d3b0e7a1b2c3d4e5\n  cut -d, -f1 sessions.csv | docket add -",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("docket add takes interview ids, none was given", "", "name one or more, or - to read them from standard input")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return a.runAdd(cmd.Context(), args) },
	}
}

func (a *app) runAdd(ctx context.Context, args []string) error {
	list, err := a.idsOf(ctx, args)
	if err != nil {
		return err
	}
	if len(list.ids) == 0 {
		return usage("No interview id was given", "standard input", "write one a line")
	}
	w, err := a.wire(ctx)
	if err != nil {
		return err
	}
	defer w.close()
	code, err := a.addAll(ctx, w.seat, list.ids)
	if p := list.problem(); err == nil && p != nil {
		a.tell(p)
		code = graver(code, p)
	}
	if err != nil {
		return err
	}
	return exits(code)
}

// addAll adds ids chunk by chunk and tells each. It ends early when it is
// interrupted, or when the API answers no more: a hundred thousand ids would
// fail alike.
func (a *app) addAll(ctx context.Context, seat *desk.Seat, ids []string) (code int, err error) {
	code = model.ExitDone
	done := 0
	for chunk := range slices.Chunk(ids, addChunk) {
		all := seat.Add(ctx, chunk)
		done += len(all)
		if ctx.Err() != nil {
			all = slices.DeleteFunc(all, func(d desk.Added) bool { return d.Problem != nil })
			done += len(all) - len(chunk)
		}
		for _, added := range all {
			if err := a.tellAdded(added); err != nil {
				return code, err
			}
			if added.Problem != nil {
				code = graver(code, onRead(added.Problem))
			}
		}
		left := len(ids) - done
		switch {
		case ctx.Err() != nil:
			return code, model.NewProblem(model.KindFailed, fmt.Sprintf("Interrupted: %d of %d ids were not added; what was added stays", left, len(ids)),
				"", "run the same again for the others").Because(ctx.Err())
		case left > 0 && hopeless(all):
			a.say(fmt.Sprintf("Stopped: none of the last %d ids could be looked up, so the other %d were not tried.", len(all), left))
			return code, nil
		}
	}
	return code, nil
}

// hopeless reports whether the API let nothing be read: what comes next would
// fail in the same way.
func hopeless(all []desk.Added) bool {
	return !slices.ContainsFunc(all, func(d desk.Added) bool {
		if d.Problem == nil {
			return true
		}
		exit := d.Problem.Kind.Exit()
		return exit != model.ExitNotAllowed && exit != model.ExitUnreachable
	})
}

// addChunk is how many ids are looked up before the first are told.
const addChunk = 64

// gravest orders exit codes for many sessions at once: the first one that
// occurred is the exit code of the whole.
var gravest = []int{
	model.ExitOutcome, model.ExitNotAllowed, model.ExitNotFound, model.ExitUnreachable,
	model.ExitRefused, model.ExitFailed, model.ExitUsage, model.ExitDone,
}

// graver returns the graver of an exit code and that of a problem.
func graver(code int, p *model.Problem) int {
	if p == nil {
		return code
	}
	if other := p.Kind.Exit(); slices.Index(gravest, other) < slices.Index(gravest, code) {
		return other
	}
	return code
}

func (a *app) tellAdded(added desk.Added) error {
	if added.Problem != nil {
		p := *added.Problem
		if desk.ValidID(added.ID) {
			p.Subject = added.ID // whole: among many, its end does not name it
		}
		a.tell(&p)
		return nil
	}
	for _, p := range added.Problems {
		a.warn(p, added.ID)
	}
	how := "known"
	if added.New {
		how = "added"
	}
	paint := a.paint()
	_, err := fmt.Fprintf(a.env.Stdout, "%s  %s  %s  %s\n", added.ID, how, paint.Status(added.Row.Verdict), added.Row.Status)
	return failed(err)
}
