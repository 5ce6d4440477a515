package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"docket/cli/output"
	"docket/model"
)

func (a *app) show() *cobra.Command {
	var raw string
	var format *choice
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show one session whole",
		Long: "Fetches every part of a session side by side and shows it. A part that could not be\n" +
			"fetched is named; the rest is still shown. It only reads.\n\n" +
			"--raw prints the body of one part as the API sent it: verbatim into a pipe, with\n" +
			"control characters made visible on a terminal. Parts:\n  " + strings.Join(texts(rawParts()), ", ") + "\n\n" +
			"The links in images show the pictures to whoever has them, for an hour: treat them as\n" +
			"passwords, and keep them out of files and tickets.",
		Example: "  docket show 5f9a41c2d3b0e7a1b2c3d4e5\n  docket show 5f9a41c2d3b0e7a1b2c3d4e5 -o json | jq .verdict\n  docket show 5f9a41c2d3b0e7a1b2c3d4e5 --raw score",
		Args:    oneID,
	}
	cmd.Flags().StringVar(&raw, "raw", "", "print the body of this part as the API sent it")
	format = outputFlag(cmd, "text", "json")
	complete(cmd, "raw", texts(rawParts())...)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if cmd.Flags().Changed("raw") {
			return a.runRaw(cmd.Context(), args[0], raw)
		}
		return a.runShow(cmd.Context(), args[0], format.value)
	}
	return cmd
}

func (a *app) runShow(ctx context.Context, id, format string) error {
	w, err := a.wire(ctx)
	if err != nil {
		return err
	}
	defer w.close()
	if format == "json" {
		if err := w.seat.Export(ctx, id, "session json"); err != nil {
			return err
		}
	}
	so := w.seat.Load(ctx, id)
	if ctx.Err() != nil {
		return stopped(ctx.Err(), "The session was not read", id)
	}
	if format == "json" {
		err = output.SessionJSON(a.env.Stdout, so)
	} else if reached(so) {
		err = output.SessionPage(a.env.Stdout, so, a.paint())
	}
	if err != nil {
		return failed(err)
	}
	if p := verdictOnRead(so); p != nil {
		return p
	}
	return nil
}

// reached reports whether any part came.
func reached(so *model.Session) bool {
	for _, st := range so.Parts {
		if !st.At.IsZero() && st.Problem == nil {
			return true
		}
	}
	return false
}

// verdictOnRead is the problem that a reading ends with. A refused token and an
// unknown id are told whatever else came; any other problem only when nothing
// came, because otherwise the output names it.
func verdictOnRead(so *model.Session) *model.Problem {
	if p := so.Parts[model.PartStatus].Problem; p != nil && p.Kind == model.KindNotFound {
		return about(p, so.ID)
	}
	problems := so.Problems()
	for _, p := range problems {
		if p.Kind == model.KindAuth {
			return about(&p, so.ID)
		}
	}
	if reached(so) || len(problems) == 0 {
		return nil
	}
	slices.SortStableFunc(problems, func(x, y model.Problem) int {
		return slices.Index(gravest, x.Kind.Exit()) - slices.Index(gravest, y.Kind.Exit())
	})
	return onRead(about(&problems[0], so.ID))
}

// onRead is the problem of a command that only reads: nothing was asked to
// change, so nothing was refused.
func onRead(p *model.Problem) *model.Problem {
	if p.Kind.Exit() != model.ExitRefused || p.Kind == model.KindUndone {
		return p
	}
	c := *p
	c.Kind = model.KindFailed
	return &c
}

// about returns the problem with a subject.
func about(p *model.Problem, subject string) *model.Problem {
	c := *p
	if c.Subject == "" {
		c.Subject = subject
	}
	return &c
}

// rawParts are the parts whose bodies can be printed.
func rawParts() []model.Part {
	return []model.Part{
		model.PartStatus, model.PartScore, model.PartOCR, model.PartOCR2, model.PartDevice, model.PartEvents,
		model.PartSummary, model.PartImages, model.PartLinked, model.PartLife, model.PartCustom,
	}
}

// restsOn says which part has to be read before another can be: the score names
// the identity, and a session's own token is only asked for when the API knows
// the session.
var restsOn = map[model.Part]model.Part{
	model.PartLinked: model.PartScore, model.PartLife: model.PartStatus, model.PartCustom: model.PartStatus,
}

func (a *app) runRaw(ctx context.Context, id, name string) error {
	part, err := named("part", name, texts(rawParts()))
	if err != nil {
		return err
	}
	cfg, err := a.config()
	if err != nil {
		return err
	}
	if cfg.NoImages && model.Part(part) == model.PartImages {
		return usage("Pictures are switched off", "no_images from "+cfg.Sources["no_images"], "take it away to ask for their links")
	}
	w, err := a.wire(ctx, func(p *parts) { p.links = true })
	if err != nil {
		return err
	}
	defer w.close()
	if err := w.seat.ExportRaw(ctx, id, model.Part(part)); err != nil {
		return err
	}
	if first, ok := restsOn[model.Part(part)]; ok {
		w.seat.Read(ctx, id, first)
	}
	so := w.seat.Read(ctx, id, model.Part(part))
	if ctx.Err() != nil {
		return stopped(ctx.Err(), "The session was not read", id)
	}
	st := so.Parts[model.Part(part)]
	if err := output.Raw(a.env.Stdout, st.Raw, a.env.OutTerminal); err != nil {
		return failed(err)
	}
	if st.Problem != nil {
		return onRead(about(st.Problem, id))
	}
	if len(st.Raw) == 0 {
		return model.NewProblem(model.KindFailed, "The API was not asked: nothing in the session leads to this part", part+" of "+id, "see `docket show "+id+"` for what there is")
	}
	return nil
}
