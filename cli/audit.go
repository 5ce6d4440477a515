package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"docket/audit"
	"docket/cli/output"
	"docket/model"
	"docket/provider/clean"
)

func (a *app) audit() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "Read and verify the log of who saw and did what",
		Long: "The audit log says who was shown personal data, and who did what on what evidence. It\n" +
			"holds no value of anybody's data. Every entry is a leaf of a hash tree whose root is\n" +
			"signed; an entry that is edited, deleted, inserted or moved is found.",
		Example: "  docket audit list --since 24h\n  docket audit verify",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.auditList(), a.auditVerify(), a.auditExport())
	return cmd
}

// auditFilter is which entries are wanted.
type auditFilter struct {
	session, by, event, action, ref, batch string
	since, until                           moment
	limit                                  int
}

func (f *auditFilter) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.session, "session", "", "only entries of the session with this interview `ID`")
	cmd.Flags().StringVar(&f.by, "by", "", "only entries of this `IDENTITY`")
	cmd.Flags().StringVar(&f.event, "event", "", "only entries of this event: "+strings.Join(texts(audit.Events()), ", "))
	cmd.Flags().StringVar(&f.action, "action", "", "only entries of this action: "+strings.Join(actionNames(), ", "))
	cmd.Flags().StringVar(&f.ref, "ref", "", "only entries that belong to one action, by the beginning of their `REF`")
	cmd.Flags().StringVar(&f.batch, "batch", "", "only entries of one bulk run, by the beginning of their `BATCH`")
	cmd.Flags().Var(&f.since, "since", "only entries from then on: so long ago, such as 24h or 7d, or a date")
	cmd.Flags().Var(&f.until, "until", "only entries before then: so long ago, such as 1h, or a date")
	cmd.Flags().IntVar(&f.limit, "limit", 0, "the latest entries, at most this many; 0 lists all")
	complete(cmd, "event", texts(audit.Events())...)
	complete(cmd, "action", actionNames()...)
}

func actionNames() []string {
	return names(model.Actions(), func(a model.ActionInfo) string { return string(a.Kind) })
}

// check refuses what no entry can have.
func (f *auditFilter) check() error {
	for _, asked := range []struct {
		what  string
		value *string
		known []string
	}{{"event", &f.event, texts(audit.Events())}, {"action", &f.action, actionNames()}} {
		if *asked.value == "" {
			continue
		}
		found, err := named(asked.what, *asked.value, asked.known)
		if err != nil {
			return err
		}
		*asked.value = found
	}
	return nil
}

func (f *auditFilter) wants(e audit.Entry, now time.Time) bool {
	for _, asked := range [][2]string{
		{f.session, e.Session}, {f.by, e.By}, {f.event, string(e.Event)}, {f.action, e.Action},
	} {
		if asked[0] != "" && asked[0] != asked[1] {
			return false
		}
	}
	return strings.HasPrefix(e.Ref, f.ref) && strings.HasPrefix(e.Batch, f.batch) &&
		(!f.since.given() || !e.At.Before(f.since.before(now))) && (!f.until.given() || e.At.Before(f.until.before(now)))
}

func (a *app) auditList() *cobra.Command {
	var f auditFilter
	cmd := &cobra.Command{
		Use: "list", Short: "List entries of the audit log", Args: noArgs,
		Long: "Lists entries of the audit log, the oldest first: number, time, who, what, on which session,\n" +
			"how it ended. A terminal gets columns, with ids shortened; a pipe gets them whole, and the\n" +
			"ref of each action. With -o json they have everything, the digests of the evidence too.",
		Example: "  docket audit list --session 5f9a41c2d3b0e7a1b2c3d4e5\n  docket audit list --event intent --since 24h -o json\n  docket audit list --action reject --since 2026-11-01 --until 2026-12-01",
	}
	f.flags(cmd)
	format := outputFlag(cmd, "text", "json")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return a.runAuditList(cmd.Context(), &f, format.value) }
	return cmd
}

// numbered is an entry with its place in the log.
type numbered struct {
	Index int64 `json:"index"`
	audit.Entry
}

func (a *app) runAuditList(ctx context.Context, f *auditFilter, format string) error {
	if err := f.check(); err != nil {
		return err
	}
	w, err := a.wireStore(ctx, false)
	if err != nil {
		return err
	}
	defer w.close()
	log, err := w.seat.AuditLog()
	if err != nil {
		return err
	}
	var all []numbered
	err = eachEntry(ctx, log, func(r audit.Record) error {
		e, err := audit.Decode(r.Line)
		if err != nil {
			return model.NewProblem(model.KindFailed, "An entry of the audit log cannot be read", strconv.FormatInt(r.Index, 10), "run `docket audit verify`").Because(err)
		}
		if f.wants(e, w.now()) {
			all = append(all, numbered{r.Index, e})
			if f.limit > 0 && len(all) > f.limit {
				all = all[1:]
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if format == "json" {
		text, err := json.MarshalIndent(struct {
			Entries []numbered `json:"entries"`
		}{append([]numbered{}, all...)}, "", "  ")
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(a.env.Stdout, a.shownRaw(text))
		return failed(err)
	}
	out := bufio.NewWriter(a.env.Stdout)
	for _, line := range a.auditLines(all) {
		_, _ = out.WriteString(line + "\n") // Flush tells
	}
	return failed(out.Flush())
}

// shownRaw is JSON of the log for standard output. It came from docket, but whoever
// changed the log may have written anything: a terminal is shown that, and does not
// obey it.
func (a *app) shownRaw(text []byte) string {
	if a.env.OutTerminal {
		return clean.Raw(text)
	}
	return string(text)
}

// shownText is a text of the log on one line, for a terminal and a pipe alike: a line
// is an entry.
func shownText(text string) string {
	out, _ := clean.Text(text)
	return out
}

// auditLines are entries for a person: in columns on a terminal, else with everything
// that a line has room for.
func (a *app) auditLines(all []numbered) []string {
	paint := a.paint()
	var who, event int
	if a.env.OutTerminal {
		for _, e := range all {
			who = max(who, ansi.StringWidth(shownText(e.By)))
			event = max(event, ansi.StringWidth(shownText(string(e.Event))))
		}
	}
	lines := make([]string, len(all))
	for i, e := range all {
		at := e.At.Format("2006-01-02 15:04:05.000Z")
		if a.env.OutTerminal {
			at = e.At.Format("2006-01-02 15:04:05Z")
		}
		lines[i] = strings.TrimRight(paint.Dim(fmt.Sprintf("%6d", e.Index)+"  "+at)+"  "+padded(shownText(e.By), who)+"  "+
			paint.Tone(e.tone(), padded(shownText(string(e.Event)), event))+"  "+strings.Join(e.says(a.env.OutTerminal, paint), "  "), " ")
	}
	return lines
}

func padded(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-ansi.StringWidth(text)))
}

// tone is what colour an entry has: what a person did, how it ended, what was stopped.
func (e numbered) tone() model.Tone {
	switch e.Event {
	case audit.Intent, audit.Propose, audit.Settle, audit.Delete:
		return model.ToneHuman
	case audit.Outcome:
		return output.ResultTone(model.Result(e.Result))
	case audit.Refused, audit.Undo, audit.Void, audit.Config, audit.TakeOver:
		return model.ToneWarn
	case audit.Reveal, audit.Export:
		return model.ToneQuery
	}
	if e.Problem != "" {
		return model.ToneBad
	}
	return model.ToneNone
}

// shortened keeps of an id what tells it apart.
func shortened(id string) string {
	const begin, end = 8, 4
	r := []rune(id)
	if len(r) <= begin+end+1 {
		return id
	}
	return string(r[:begin]) + "…" + string(r[len(r)-end:])
}

// says lists what an entry tells beside who and when. Ids are short where a person
// reads them, and whole where something else does.
func (e numbered) says(short bool, paint output.Paint) []string {
	id := func(text string) string {
		text = shownText(text)
		if short {
			return shortened(text)
		}
		return text
	}
	var parts []string
	add := func(label, text string) {
		if text != "" {
			parts = append(parts, label+text)
		}
	}
	for _, text := range []string{e.Action, e.Reason} {
		add("", shownText(text))
	}
	add("", id(e.Session))
	for _, text := range []string{e.Reverses(), e.Detail, e.Saw, e.Result, string(e.Problem)} {
		add("", shownText(text))
	}
	if e.HTTP != 0 {
		add("HTTP ", strconv.Itoa(e.HTTP))
	}
	if n := len(e.Evidence); n > 0 {
		add(strconv.Itoa(n), " digests")
	}
	if e.Reverses() == "" {
		add("was ", shownText(e.Was))
	}
	add("first ", shownText(e.First))
	for _, tie := range [][2]string{{"batch ", e.Batch}, {"ref ", e.Ref}} {
		if tie[1] != "" {
			add("", paint.Dim(tie[0]+id(tie[1])))
		}
	}
	return parts
}

// entriesPage is how many entries are read at once.
const entriesPage = 2000

func eachEntry(ctx context.Context, log audit.Reader, do func(audit.Record) error) error {
	for from := int64(0); ; {
		records, err := log.AuditRecords(ctx, from, entriesPage)
		if err != nil || len(records) == 0 {
			return err
		}
		for _, r := range records {
			if err := do(r); err != nil {
				return err
			}
		}
		from = records[len(records)-1].Index + 1
	}
}
