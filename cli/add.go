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
			"input, one a line; blank lines and what follows # are left out.\n\n" +
			"A part that cannot be fetched is told on standard error and does not stop the adding.\n" +
			"Ids that the API does not know are named and not added; then the exit code is 4.",
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
	ids := args
	if i := slices.Index(args, "-"); i >= 0 {
		read, err := a.idsFrom(ctx)
		if err != nil {
			return err
		}
		ids = slices.Concat(args[:i], read, args[i+1:])
		ids = slices.DeleteFunc(ids, func(id string) bool { return id == "-" }) // it was read whole the first time
	}
	ids = unique(ids)
	if len(ids) == 0 {
		return usage("No interview id was given", "standard input", "write one a line")
	}
	w, err := a.wire(ctx)
	if err != nil {
		return err
	}
	defer w.close()
	code := model.ExitDone
	for chunk := range slices.Chunk(ids, addChunk) {
		for _, added := range w.seat.Add(ctx, chunk) {
			if err := a.tellAdded(added); err != nil {
				return err
			}
			code = graver(code, added.Problem)
		}
	}
	return exits(code)
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
