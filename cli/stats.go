package cli

import (
	"bufio"
	"context"
	"strings"

	"github.com/spf13/cobra"

	"docket/cli/output"
	"docket/stats"
)

// statsFlags are what `docket stats` was asked for.
type statsFlags struct {
	since, until moment
	byReviewer   bool
	output       *choice
}

// statsSince is the period that is shown when none is asked for.
const statsSince = "30d"

func (a *app) stats() *cobra.Command {
	f := &statsFlags{since: moment{text: statsSince, ago: 30 * day}}
	cmd := &cobra.Command{
		Use:   "stats",
		Short: "Show what reviewers decided, how long it took, and what waits",
		Long: "Counts the decisions in the audit log: by day, by reviewer and by reason, how long they took\n" +
			"from the claim, how many were overturned; and how long the sessions have waited that wait\n" +
			"now, against the SLA. The API is not asked.\n\n" +
			"A period in days or weeks has whole days, today is the last of 30d. A date is in the period,\n" +
			"as its first or its last day. Days are those of the time zone in the configuration.",
		Example: "  docket stats\n  docket stats --since 2026-11-01 --until 2026-11-30 --by-reviewer\n  docket stats --since 2w -o csv > stats.csv",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.runStats(cmd.Context(), f) },
	}
	cmd.Flags().Var(&f.since, "since", "from so long ago (36h, 30d, 2w) or from a date on; 0: all of the log")
	cmd.Flags().Var(&f.until, "until", "up to so long ago, or up to a date and with it (default now)")
	cmd.Flags().BoolVar(&f.byReviewer, "by-reviewer", false, "each reviewer's numbers too")
	f.output = outputFlag(cmd, output.StatsFormats()...)
	return cmd
}

func (a *app) runStats(ctx context.Context, f *statsFlags) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	w, err := a.wireStore(ctx, false)
	if err != nil {
		return err
	}
	defer w.close()
	now, zone := w.now(), zoneOf(cfg)
	q := stats.Query{Since: f.since.start(now, zone), Until: f.until.end(now, zone), Zone: zone}
	if !q.Since.Before(q.Until) {
		return usage("The period ends before it begins", "--since "+f.since.text+" --until "+f.until.text, "give a --since that is earlier")
	}
	report, err := w.seat.Stats(ctx, q)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(a.env.Stdout)
	err = output.Stats(out, report, output.StatsLook{Format: f.output.value, ByReviewer: f.byReviewer, Plain: a.env.plain(), Paint: a.paint()})
	if err != nil {
		return failed(err)
	}
	return failed(out.Flush())
}

// plain reports whether what is written should keep to ASCII: the terminal is one
// that can do nothing else, or the locale names another character set than UTF-8.
func (e Env) plain() bool {
	locale := ""
	for _, name := range []string{"LANG", "LC_CTYPE", "LC_ALL"} { // the later wins
		if v := e.getenv(name); v != "" {
			locale = v
		}
	}
	set := strings.ToLower(strings.ReplaceAll(locale, "-", ""))
	return e.getenv("TERM") == "dumb" || locale != "" && !strings.Contains(set, "utf8")
}
