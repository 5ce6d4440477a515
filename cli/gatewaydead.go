package cli

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"docket/audit"
	"docket/cli/output"
	"docket/intake"
	"docket/model"
	"docket/store"
)

func (a *app) gatewayDead() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "dead",
		Short: "What was set aside on its way into the inbox",
		Long: "A webhook that cannot be placed, a look-up, an outgoing webhook or an enrolment that failed\n" +
			"too often is set aside with its reason, so that the rest goes on. These commands list what\n" +
			"there is, try it again, or drop it for good.",
		Example: "  docket gateway dead list\n  docket gateway dead retry 5f9a41c2d3b0e7a1b2c3d4e5",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.deadList(), a.deadEnd(deadRetry), a.deadEnd(deadDrop))
	return cmd
}

func (a *app) deadList() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List what was set aside",
		Long:    "Lists what was set aside, the oldest first: what kind it is, its key, how often it was tried,\nwhat it is about, and why it failed last. It is read from the store; nothing is sent.",
		Example: "  docket gateway dead list\n  docket gateway dead list -o json",
		Args:    noArgs,
	}
	format := outputFlag(cmd, "table", "json")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return a.runDeadList(cmd.Context(), format.value) }
	return cmd
}

// mostDead is how many are listed at most.
const mostDead = 10_000

// deadDoc is what was set aside, in `docket gateway dead list -o json`.
type deadDoc struct {
	Kind   string    `json:"kind"`
	Key    string    `json:"key"`
	About  string    `json:"about,omitempty"` // interview id, or of a transaction or an object
	Rule   string    `json:"rule,omitempty"`
	Tries  int       `json:"tries"`
	Since  time.Time `json:"since"` // of a webhook its arrival, else when it was to be tried again
	Reason string    `json:"reason"`
}

func (a *app) runDeadList(ctx context.Context, format string) error {
	w, err := a.wireOperator(ctx, false)
	if err != nil {
		return err
	}
	defer w.close()
	jobs, err := w.store.Aside(ctx, mostDead)
	if err != nil {
		return err
	}
	docs := make([]deadDoc, len(jobs))
	for i, j := range jobs {
		about, rule := intake.About(j)
		docs[i] = deadDoc{string(j.Kind), j.Key, about, rule, j.Tries, j.Due.UTC(), j.Reason}
	}
	if format == "json" {
		return failed(output.JSON(a.env.Stdout, docs))
	}
	if len(docs) == 0 {
		a.say("Nothing was set aside.")
	}
	for _, d := range docs {
		_, err := fmt.Fprintf(a.env.Stdout, "%-8s  %-32s  %-24s  %s  tried %d  %s\n",
			d.Kind, safe(d.Key), safe(d.About), d.Since.Format(time.RFC3339), d.Tries, safe(joined(d.Rule, d.Reason)))
		if err != nil {
			return failed(err)
		}
	}
	return nil
}

func joined(rule, reason string) string {
	if rule == "" {
		return reason
	}
	return "rule " + rule + ": " + reason
}

// deadVerb is what can be done with what was set aside.
type deadVerb struct {
	use, short, long, example string
	question                  string // begins it; the number follows
	done                      string
	event                     audit.Event // of the log, which is told first
	do                        func(context.Context, store.Queue, time.Time, ...string) (int, error)
}

var deadRetry = deadVerb{
	use: "retry [KEY…]", short: "Try again what was set aside",
	long: "Makes due again what was set aside, all of it unless keys are given. A gateway that runs on\n" +
		"this inbox does it at once, else the next that is started. It may fail as before.",
	example:  "  docket gateway dead retry --yes\n  docket gateway dead retry 5f9a41c2d3b0e7a1b2c3d4e5",
	question: "Try again", done: "due again", event: audit.Retry,
	do: func(ctx context.Context, q store.Queue, now time.Time, keys ...string) (int, error) {
		return q.Retry(ctx, now, keys...)
	},
}

var deadDrop = deadVerb{
	use: "drop [KEY…]", short: "Drop what was set aside, for good",
	long: "Forgets what was set aside, all of it unless keys are given. A webhook that is dropped does\n" +
		"not come into the inbox; a session that is there already stays.",
	example:  "  docket gateway dead drop 17 18",
	question: "Drop for good", done: "dropped", event: audit.Drop,
	do: func(ctx context.Context, q store.Queue, _ time.Time, keys ...string) (int, error) {
		return q.Drop(ctx, keys...)
	},
}

func (a *app) deadEnd(v deadVerb) *cobra.Command {
	yes := false
	cmd := &cobra.Command{
		Use: v.use, Short: v.short, Long: v.long, Example: v.example,
		RunE: func(cmd *cobra.Command, keys []string) error {
			return a.runDeadEnd(cmd.Context(), v, unique(keys), yes)
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask; needed where there is no terminal to ask on")
	return cmd
}

func (a *app) runDeadEnd(ctx context.Context, v deadVerb, keys []string, yes bool) error {
	if !yes && !a.env.asks() {
		return usage("There is no terminal to ask on, so nothing was done", v.question, "repeat it with --yes when you are sure")
	}
	w, err := a.wireOperator(ctx, true) // who does it is in the log
	if err != nil {
		return err
	}
	defer w.close()
	jobs, err := w.store.Aside(ctx, mostDead)
	if err != nil {
		return err
	}
	there := slices.DeleteFunc(slices.Clone(keys), func(key string) bool {
		return !slices.ContainsFunc(jobs, func(j store.Job) bool { return j.Key == key })
	})
	if len(keys) > 0 {
		jobs = slices.DeleteFunc(jobs, func(j store.Job) bool { return !slices.Contains(there, j.Key) })
	}
	for _, key := range keys {
		if !slices.Contains(there, key) {
			a.say(quoted(key) + " was not set aside")
		}
	}
	n := 0
	if len(jobs) > 0 {
		if n, err = a.endDead(ctx, w, v, there, jobs, yes); err != nil {
			return err
		}
	}
	a.say(strconv.Itoa(n) + " " + v.done)
	if len(there) < len(keys) {
		return exits(model.ExitNotFound)
	}
	return nil
}

// endDead asks, unless that is not wanted, logs it, and does it: with those that have one
// of the keys, or with all when there is none.
func (a *app) endDead(ctx context.Context, w *work, v deadVerb, keys []string, jobs []store.Job, yes bool) (int, error) {
	if !yes {
		what := strings.Join(keys, " ")
		if len(keys) == 0 {
			what = "all " + strconv.Itoa(len(jobs))
		}
		if err := a.agreed(ctx, v.question+": "+safe(what)+"? [y/N] ", isYes, v.question+" was not confirmed", ""); err != nil {
			return 0, err
		}
	}
	if err := w.seat.Ending(ctx, v.event, jobs); err != nil {
		return 0, err
	}
	return v.do(ctx, w.store, w.now(), names(jobs, func(j store.Job) string { return j.Key })...)
}

func (a *app) gatewayResults() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "results",
		Short: "List what webhooks told of people who are known",
		Long: "Lists the results of authentications and of Incode ID, the newest first: they are about\n" +
			"somebody who is enrolled and not about a session, so they are not in the inbox.",
		Example: "  docket gateway results --limit 20\n  docket gateway results -o json",
		Args:    noArgs,
	}
	limit := 0
	cmd.Flags().IntVar(&limit, "limit", 100, "list at most this many")
	format := outputFlag(cmd, "table", "json")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return a.runResults(cmd.Context(), limit, format.value) }
	return cmd
}

// resultDoc is a result in `docket gateway results -o json`.
type resultDoc struct {
	Kind     string    `json:"kind"`
	ID       string    `json:"id"`
	Customer string    `json:"customer,omitempty"`
	Outcome  string    `json:"outcome,omitempty"`
	Detail   string    `json:"detail,omitempty"`
	At       time.Time `json:"at"`
}

func (a *app) runResults(ctx context.Context, limit int, format string) error {
	if limit < 1 {
		return usage("A limit is not below 1", "--limit", "give a larger one")
	}
	w, err := a.wireOperator(ctx, false)
	if err != nil {
		return err
	}
	defer w.close()
	results, err := w.store.Results(ctx, limit)
	if err != nil {
		return err
	}
	docs := make([]resultDoc, len(results))
	for i, r := range results {
		docs[i] = resultDoc{r.Kind, r.ID, r.Customer, r.Outcome, r.Detail, r.At.UTC()}
	}
	if format == "json" {
		return failed(output.JSON(a.env.Stdout, docs))
	}
	for _, d := range docs {
		_, err := fmt.Fprintf(a.env.Stdout, "%s  %-26s  %-24s  %-24s  %-4s  %s\n",
			d.At.Format(time.RFC3339), safe(d.Kind), safe(d.ID), safe(d.Customer), safe(d.Outcome), safe(d.Detail))
		if err != nil {
			return failed(err)
		}
	}
	return nil
}
