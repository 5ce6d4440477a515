package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"docket/cli/output"
	"docket/model"
	"docket/ui/qr"
)

// linkFlags are the flags of `docket link`.
type linkFlags struct {
	*actFlags
	sms, qr bool
	text    string
}

func (a *app) link() *cobra.Command {
	f := &linkFlags{}
	cmd := &cobra.Command{
		Use:   "link ID",
		Short: "Show where a person is stuck and the link to go on with, or send it by SMS",
		Long: "Says where the person of a session is stuck and what to tell them, in words that may be read\n" +
			"out; what was sent and shown before; and the link with which they go on. Whoever has the link\n" +
			"is that person to Incode: each showing is in the audit log. It is asked for with the\n" +
			"session's own token, which is fetched for that.\n\n" +
			"--sms sends the link and does not show it. Every time is one more SMS, and the next has to wait\n" +
			"(sms_wait). --text needs " + model.SMSPlaceholder + " once, where the link goes; without it the SMS says sms_text.",
		Example: "  docket link 5f9a41c2d3b0e7a1b2c3d4e5\n  docket link 5f9a41c2d3b0e7a1b2c3d4e5 --qr\n" +
			"  docket link 5f9a41c2d3b0e7a1b2c3d4e5 -o json | jq -r .stuck.tell\n" +
			"  docket link 5f9a41c2d3b0e7a1b2c3d4e5 --sms --text \"Continúe aquí: " + model.SMSPlaceholder + "\"",
		Args: oneID,
	}
	f.actFlags = actFlagsOf(cmd)
	cmd.Flags().BoolVar(&f.sms, "sms", false, "send the link by SMS, do not show it")
	cmd.Flags().StringVar(&f.text, "text", "", "what the SMS says, with "+model.SMSPlaceholder+" where the link goes")
	cmd.Flags().BoolVar(&f.qr, "qr", false, "show the link as a QR code too")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := f.fit(cmd); err != nil {
			return err
		}
		if f.sms {
			return a.sendLink(cmd.Context(), args, f, cmd.Flags().Changed("text"))
		}
		return a.showLink(cmd.Context(), args[0], f)
	}
	return cmd
}

// fit checks that the flags go together.
func (f *linkFlags) fit(cmd *cobra.Command) error {
	switch {
	case cmd.Flags().Changed("text") && !f.sms:
		return usage("A text was given, and no SMS is to be sent", "--text", "add --sms, or leave it out")
	case f.qr && f.sms:
		return usage("An SMS shows no QR code here", "--qr", "leave one of --sms and --qr out")
	case f.qr && f.output.value == "json":
		return usage("A QR code is no JSON", "--qr", "leave one of --qr and -o json out")
	}
	return nil
}

// sendLink sends the SMS. A text that cannot be sent is told before anybody is asked.
func (a *app) sendLink(ctx context.Context, ids []string, f *linkFlags, given bool) error {
	if given {
		if message, do := model.SMSWrong(f.text); message != "" {
			return usage(message, "--text", do)
		}
	}
	if !f.yes && !a.env.asks() {
		return usage("There is no terminal to ask on, so nothing was sent", ids[0], "repeat it with --yes when you are sure")
	}
	w, err := a.wire(ctx)
	if err != nil {
		return err
	}
	defer w.close()
	action := model.Action{Kind: model.ActSMS, IDs: ids, Message: w.seat.Policy().SMSText}
	if given {
		action.Message = f.text
	}
	return a.actAt(ctx, w, action, f.actFlags)
}

// showLink shows where the customer is stuck and the link. Without the link the rest
// is shown all the same.
func (a *app) showLink(ctx context.Context, id string, f *linkFlags) error {
	w, err := a.wire(ctx)
	if err != nil {
		return err
	}
	defer w.close()
	links, err := w.seat.Links(ctx, id) // says first whether this person may
	if err != nil {
		return err
	}
	w.seat.Read(ctx, id, model.PartStatus, model.PartScore, model.PartEvents, model.PartSummary)
	link, problem := w.seat.Link(ctx, id, f.how())
	so := w.seat.Peek(id)
	if problem == nil && w.seat.Policy().Can[model.CanSessionToken] {
		so = w.seat.Read(ctx, id, model.PartLife) // its token is here by now
	}
	if ctx.Err() != nil {
		return stopped(ctx.Err(), "The session was not read", id)
	}
	if so != nil && (reached(so) || f.output.value == "json") {
		page := output.LinkPage{Session: so, Link: link, History: links.Events, Since: links.Since, Again: links.Again}
		if err := a.tellLink(page, f); err != nil {
			return failed(err)
		}
	}
	if problem != nil {
		return onRead(about(model.AsProblem(problem), id))
	}
	return nil
}

// how says in a word in what way the link is shown, for the log.
func (f *linkFlags) how() string {
	switch {
	case f.qr:
		return "qr"
	case f.output.value == "json":
		return "json"
	}
	return "text"
}

func (a *app) tellLink(page output.LinkPage, f *linkFlags) error {
	if f.output.value == "json" {
		return output.LinkJSON(a.env.Stdout, page)
	}
	if f.qr && !page.Link.Empty() {
		page.QR = a.codeOf(page.Link)
	}
	return output.LinkText(a.env.Stdout, a.paint(), page)
}

// codeOf draws the link as a QR code, and says when a terminal has no room for it.
// Without colours the letters are taken to be lighter than what is behind them.
func (a *app) codeOf(link model.Link) []string {
	code, err := qr.New(link.Reveal())
	if err != nil {
		a.say("The link is not shown as a QR code: " + err.Error())
		return nil
	}
	columns, rows := code.Size(qr.Quiet)
	if width, height := a.size(); a.env.OutTerminal && (width < columns || height < rows) {
		a.say(fmt.Sprintf("The QR code takes %d×%d, this terminal has %d×%d: make it larger to scan the code.", columns, rows, width, height))
		if width < columns {
			return nil
		}
	}
	paint := a.paint()
	lines := code.Lines(qr.Quiet, !paint.Colour)
	for i, l := range lines {
		lines[i] = paint.Paper(l)
	}
	return lines
}
