package cli

import (
	"bufio"
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"docket/cli/output"
	"docket/model"
)

// listFlags are what `docket list` was asked for.
type listFlags struct {
	view, query        string
	statuses, verdicts []string
	limit              int
	output             *choice
}

func (a *app) list() *cobra.Command {
	f := &listFlags{}
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the inbox",
		Long: "Lists the inbox from the store; the API is not asked. Every session is listed unless\n" +
			"a view, a filter or a limit narrows it, longest waiting first.\n\n" +
			"Views:\n" + viewHelp(),
		Example: "  docket list --view review\n  docket list --verdict FAIL --query tanaka -o json",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.runList(cmd.Context(), f) },
	}
	cmd.Flags().StringVar(&f.view, "view", string(model.ViewAll), "view of the inbox")
	cmd.Flags().StringArrayVar(&f.statuses, "status", nil, "only sessions with this onboarding status (repeats)")
	cmd.Flags().StringArrayVar(&f.verdicts, "verdict", nil, "only sessions with this verdict (repeats)")
	cmd.Flags().StringVar(&f.query, "query", "", "only sessions where each word begins a word of a name, id, number, tag or field")
	cmd.Flags().IntVar(&f.limit, "limit", 0, "list at most this many; 0 lists all")
	f.output = outputFlag(cmd, output.Formats()...)
	complete(cmd, "view", names(model.Views(), func(v model.ViewInfo) string { return string(v.View) })...)
	complete(cmd, "status", texts(model.Statuses())...)
	complete(cmd, "verdict", texts(model.Verdicts())...)
	return cmd
}

func viewHelp() string {
	var b strings.Builder
	for _, v := range model.Views() {
		b.WriteString("  " + string(v.View) + strings.Repeat(" ", 10-len(v.View)) + v.Says + "\n")
	}
	return b.String()
}

// pageRows is how many rows are read from the store at once.
const pageRows = 1000

func (a *app) runList(ctx context.Context, f *listFlags) error {
	q, err := f.asked()
	if err != nil {
		return err
	}
	cfg, err := a.config()
	if err != nil {
		return err
	}
	w, err := a.wireStore(ctx, q.View == model.ViewMine)
	if err != nil {
		return err
	}
	defer w.close()
	if err := w.configured(ctx, cfg); err != nil {
		return err
	}
	out := bufio.NewWriter(a.env.Stdout)
	rows := output.NewRows(out, f.output.value, a.paint())
	read := w.seat.List
	if format := f.output.value; format != "table" {
		read = func(ctx context.Context, q model.Query) (model.Page, error) { return w.seat.Take(ctx, q, format) }
	}
	listed, err := pages(ctx, q, f.limit, read, rows.Page)
	if err != nil {
		return err
	}
	if err := rows.End(); err != nil {
		return failed(err)
	}
	if listed == 0 && f.output.value == "table" {
		a.say("No session to list. Put some in the inbox with `docket add ID`, or look at another view.")
	}
	return failed(out.Flush())
}

// pages reads the inbox page by page, at most limit rows unless that is 0, and
// returns how many there were.
func pages(ctx context.Context, q model.Query, limit int, read func(context.Context, model.Query) (model.Page, error), put func([]model.Row) error) (int, error) {
	listed := 0
	for {
		q.Limit = pageRows
		if limit > 0 {
			q.Limit = min(pageRows, limit-listed)
		}
		page, err := read(ctx, q)
		if err != nil {
			return listed, err
		}
		if err := put(page.Rows); err != nil {
			return listed, failed(err)
		}
		listed += len(page.Rows)
		if !page.More || page.Last == nil || limit > 0 && listed >= limit {
			return listed, nil
		}
		q.After = page.Last
	}
}

// asked turns the flags into a query.
func (f *listFlags) asked() (model.Query, error) {
	if f.limit < 0 {
		return model.Query{}, usage("A limit is not negative", "--limit", "give 0 for all")
	}
	view, err := named("view", f.view, names(model.Views(), func(v model.ViewInfo) string { return string(v.View) }))
	if err != nil {
		return model.Query{}, err
	}
	q := model.Query{View: model.View(view), Search: f.query}
	for _, s := range f.statuses {
		status, err := named("status", s, texts(model.Statuses()))
		if err != nil {
			return model.Query{}, err
		}
		q.Statuses = append(q.Statuses, model.Status(status))
	}
	for _, s := range f.verdicts {
		verdict, err := named("verdict", s, texts(model.Verdicts()))
		if err != nil {
			return model.Query{}, err
		}
		q.Verdicts = append(q.Verdicts, model.Verdict(verdict))
	}
	return q, nil
}

// named finds a value among those that are known, whatever its case.
func named(what, value string, known []string) (string, error) {
	i := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, value) })
	if i < 0 {
		return "", usage("There is no such "+what, quoted(value), "it is one of: "+strings.Join(known, ", "))
	}
	return known[i], nil
}

func names[T any](list []T, of func(T) string) []string {
	all := make([]string, len(list))
	for i, v := range list {
		all[i] = of(v)
	}
	return all
}

func texts[T ~string](list []T) []string {
	return names(list, func(v T) string { return string(v) })
}
