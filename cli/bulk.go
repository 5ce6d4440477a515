package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"docket/desk"
	"docket/model"
)

func (a *app) bulk() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bulk",
		Short: "Bulk runs that were not finished",
		Long: "A bulk run begins in the console. One that was cut off, by a crash or a log-in that ended,\n" +
			"is found in the audit log: these commands list what was not finished, go on with it, or\n" +
			"stop it for good. What was sent is not sent again, whatever became of it.",
		Example: "  docket bulk list\n  docket bulk resume K7QX2MZP4A6D5FHT",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.bulkList(), a.bulkResume(), a.bulkStop())
	return cmd
}

func (a *app) bulkList() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the bulk runs that were not finished",
		Long:    "Lists the bulk runs that have sessions left, those of other people too: whose they are, what\nthey do, how many sessions are left of how many, and when something was last sent.",
		Example: "  docket bulk list",
		Args:    noArgs,
	}
	format := outputFlag(cmd, "text", "json")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return a.runBulkList(cmd.Context(), format.value) }
	return cmd
}

// batchDoc is a bulk run in `docket bulk list -o json`.
type batchDoc struct {
	Batch  string    `json:"batch"`
	By     string    `json:"by"`
	Mine   bool      `json:"mine"`
	Action string    `json:"action"`
	Reason string    `json:"reason,omitempty"`
	At     time.Time `json:"at"`
	Last   time.Time `json:"last"` // of its last entry in the audit log
	Total  int       `json:"total"`
	Left   int       `json:"left"`
}

func (a *app) runBulkList(ctx context.Context, format string) error {
	w, err := a.wireStore(ctx, true)
	if err != nil {
		return err
	}
	defer w.close()
	all, err := w.seat.Unfinished(ctx)
	if err != nil {
		return err
	}
	docs := make([]batchDoc, len(all))
	for i, u := range all {
		docs[i] = batchDoc{u.ID, u.By, u.Mine, string(u.Action.Kind), u.Action.Reason, u.At, u.Last, u.Total, u.Left}
	}
	if format == "json" {
		return failed(json.NewEncoder(a.env.Stdout).Encode(docs))
	}
	for _, d := range docs {
		_, err := fmt.Fprintf(a.env.Stdout, "%s  %s  %s  %s  %d of %d left, last entry %s\n",
			d.Batch, d.At.Format(time.RFC3339), safe(d.By), strings.TrimSpace(d.Action+" "+safe(d.Reason)), d.Left, d.Total, d.Last.Format(time.RFC3339))
		if err != nil {
			return failed(err)
		}
	}
	return nil
}

func (a *app) bulkResume() *cobra.Command {
	yes := false
	cmd := &cobra.Command{
		Use:   "resume BATCH",
		Short: "Go on with a bulk run of yours",
		Long: "Reads every session that the run has left and says what would be sent and what is refused,\n" +
			"then sends one after the other. A session that has changed since the run was planned is\n" +
			"refused. An interrupt waits for what is on its way and leaves the rest for another time.",
		Example: "  docket bulk resume L5ZQ3WJ7GQ2M4KXA",
		Args:    oneBatch,
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask; needed where there is no terminal to ask on")
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return a.runBulkResume(cmd.Context(), args[0], yes) }
	return cmd
}

func (a *app) runBulkResume(ctx context.Context, batch string, yes bool) error {
	if !yes && !a.env.asks() {
		return usage("There is no terminal to ask on, so nothing was sent", batch, "repeat it with --yes when you are sure")
	}
	w, err := a.wire(ctx)
	if err != nil {
		return err
	}
	defer w.close()
	order, err := w.seat.Remaining(ctx, batch)
	if err != nil {
		return err
	}
	items, err := a.bulkLook(ctx, w, order)
	if err != nil {
		return err
	}
	if !yes {
		if err := a.bulkAsk(ctx, order, items); err != nil {
			return err
		}
	}
	run, err := w.seat.StartBulk(ctx, order, items)
	if err != nil {
		return err
	}
	told := a.whenInterrupted(ctx)
	a.bulkFollow(run)
	told()
	return a.tellBulk(run)
}

// oneBatch allows the name of one bulk run.
func oneBatch(cmd *cobra.Command, args []string) error {
	if len(args) == 1 {
		return nil
	}
	return usage(fmt.Sprintf("%s takes one bulk run, %d were given", cmd.CommandPath(), len(args)), "", "see `docket bulk list`")
}

// bulkLook does the dry run and tells its sum.
func (a *app) bulkLook(ctx context.Context, w *work, order desk.BulkOrder) ([]desk.BulkItem, error) {
	found, err := w.seat.DryRun(ctx, order)
	if err != nil {
		return nil, err
	}
	var items []desk.BulkItem
	ready := 0
	for it := range found {
		items = append(items, it)
		if it.State == desk.BulkReady {
			ready++
			continue
		}
		a.warn(it.Problem, it.ID)
	}
	if ctx.Err() != nil {
		return nil, stopped(ctx.Err(), "The bulk run", order.Batch)
	}
	a.say(fmt.Sprintf("%s: would be sent %d, refused %d", order.Action.Kind.Info().Title, ready, len(items)-ready))
	return items, nil
}

func (a *app) bulkAsk(ctx context.Context, order desk.BulkOrder, items []desk.BulkItem) error {
	n := 0
	for _, it := range items {
		if it.State == desk.BulkReady {
			n++
		}
	}
	_, _ = fmt.Fprintf(a.env.Stderr, "Type the number of sessions, %d, to go on: ", n) // without a prompt the answer is still asked for
	answer, err := a.line(ctx)
	if err != nil {
		a.say("")
		return stopped(err, "The bulk run was not confirmed", order.Batch)
	}
	if strings.TrimSpace(answer) != strconv.Itoa(n) {
		return model.NewProblem(model.KindUndone, "The bulk run was not confirmed, nothing was sent", order.Batch, "")
	}
	return nil
}

// bulkFollow waits for the end of a run, and says on a terminal how far it is.
func (a *app) bulkFollow(run *desk.Bulk) {
	const every = 500 * time.Millisecond
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-run.Done():
			if a.env.ErrTerminal {
				a.say("")
			}
			return
		case <-tick.C:
			if p := run.Progress(); a.env.ErrTerminal {
				_, _ = fmt.Fprintf(a.env.Stderr, "\r%d of %d", p.Total-p.Left, p.Total) // nobody can be told when that fails
			}
		}
	}
}

// tellBulk writes what became of each session, and turns it into an exit code.
func (a *app) tellBulk(run *desk.Bulk) error {
	text, err := desk.BulkCSV(run.Items())
	if err != nil {
		return failed(err)
	}
	if _, err := fmt.Fprint(a.env.Stdout, text); err != nil {
		return failed(err)
	}
	p := run.Progress()
	a.say(fmt.Sprintf("done %d, refused %d, outcome unknown %d, left %d", p.Done, p.Refused, p.Unknown, p.Left))
	switch {
	case p.Why != nil:
		return p.Why
	case p.Unknown > 0:
		return exits(model.ExitOutcome)
	case p.Refused+p.Left > 0:
		return exits(model.ExitRefused)
	}
	return nil
}

func (a *app) bulkStop() *cobra.Command {
	return &cobra.Command{
		Use:     "stop BATCH",
		Short:   "Stop a bulk run for good",
		Long:    "What the run has left will not be sent; the audit log says so. One of another person can be\nstopped when it has been quiet for some minutes.",
		Example: "  docket bulk stop L5ZQ3WJ7GQ2M4KXA",
		Args:    oneBatch,
		RunE: func(cmd *cobra.Command, args []string) error {
			w, err := a.wire(cmd.Context())
			if err != nil {
				return err
			}
			defer w.close()
			return w.seat.StopBatch(cmd.Context(), args[0])
		},
	}
}
