package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/mod/sumdb/tlog"

	"docket/audit"
	"docket/model"
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
	session, by, event string
	since              moment
	limit              int
}

func (f *auditFilter) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.session, "session", "", "only entries of the session with this interview `ID`")
	cmd.Flags().StringVar(&f.by, "by", "", "only entries of this `IDENTITY`")
	cmd.Flags().StringVar(&f.event, "event", "", "only entries of this event: "+strings.Join(texts(audit.Events()), ", "))
	cmd.Flags().Var(&f.since, "since", "only entries from then on: so long ago, such as 24h or 7d, or a date")
	cmd.Flags().IntVar(&f.limit, "limit", 0, "the latest entries, at most this many; 0 lists all")
	complete(cmd, "event", texts(audit.Events())...)
}

func (f *auditFilter) wants(e audit.Entry, now time.Time) bool {
	return (f.session == "" || e.Session == f.session) && (f.by == "" || e.By == f.by) &&
		(f.event == "" || string(e.Event) == f.event) && (!f.since.given() || !e.At.Before(f.since.before(now)))
}

func (a *app) auditList() *cobra.Command {
	var f auditFilter
	cmd := &cobra.Command{
		Use: "list", Short: "List entries of the audit log", Args: noArgs,
		Long: "Lists entries of the audit log, the oldest first: number, time, who, what, on which session,\n" +
			"how it ended. With -o json they have everything, the digests of the evidence too.",
		Example: "  docket audit list --session 5f9a41c2d3b0e7a1b2c3d4e5\n  docket audit list --event intent --since 24h -o json",
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
	if f.event != "" {
		if _, err := named("event", f.event, texts(audit.Events())); err != nil {
			return err
		}
	}
	w, err := a.wireStore(ctx, false)
	if err != nil {
		return err
	}
	defer w.close()
	var all []numbered
	err = eachEntry(ctx, w.store, func(r audit.Record) error {
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
		out := json.NewEncoder(a.env.Stdout)
		out.SetIndent("", "  ")
		return failed(out.Encode(struct {
			Entries []numbered `json:"entries"`
		}{append([]numbered{}, all...)}))
	}
	out := bufio.NewWriter(a.env.Stdout)
	for _, e := range all {
		_, _ = out.WriteString(e.line() + "\n") // Flush tells
	}
	return failed(out.Flush())
}

// line is an entry for a person.
func (e numbered) line() string {
	parts := []string{fmt.Sprintf("%6d", e.Index), e.At.Format("2006-01-02 15:04:05.000Z"), e.By, string(e.Event)}
	for _, p := range []string{e.Action, e.Reason, e.Session, e.Reverses(), e.Detail, e.Saw, e.Result, string(e.Problem)} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	if e.HTTP != 0 {
		parts = append(parts, "HTTP "+strconv.Itoa(e.HTTP))
	}
	if n := len(e.Evidence); n > 0 {
		parts = append(parts, strconv.Itoa(n)+" digests")
	}
	return strings.Join(parts, "  ")
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

// auditTrust are the checkpoints and keys that a log is held against.
type auditTrust struct{ checkpoints, keys []string }

func (a *app) auditVerify() *cobra.Command {
	var trust auditTrust
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Verify the whole audit log",
		Long: "Computes every hash of the log anew and holds the log against what was signed. A change\n" +
			"of an entry is named. Whoever can write to the store and has the key can rewrite the log\n" +
			"so that it fits: keep a checkpoint elsewhere (`docket audit export` ends with one) and\n" +
			"give it with --checkpoint. The exit code is 1 when something does not fit.",
		Example: "  docket audit verify\n  docket audit verify --checkpoint monday.txt --key \"$(cat audit.pub)\"",
		Args:    noArgs,
	}
	cmd.Flags().StringArrayVar(&trust.checkpoints, "checkpoint", nil, "`FILE` with a checkpoint that was kept elsewhere (repeats)")
	cmd.Flags().StringArrayVar(&trust.keys, "key", nil, "public `KEY` that is trusted instead of this data folder's (repeats)")
	format := outputFlag(cmd, "text", "json")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return a.runAuditVerify(cmd.Context(), trust, format.value)
	}
	return cmd
}

// verified is the answer of `docket audit verify -o json`.
type verified struct {
	OK      bool      `json:"ok"`
	Entries int64     `json:"entries"`
	Root    string    `json:"root"`
	Signed  int64     `json:"signed"` // entries under the latest checkpoint that fits
	Key     string    `json:"key,omitempty"`
	Fault   string    `json:"fault,omitempty"`
	From    *int64    `json:"from,omitempty"`
	To      *int64    `json:"to,omitempty"`
	Why     string    `json:"why,omitempty"`
	Last    time.Time `json:"last,omitzero"`
}

func (a *app) runAuditVerify(ctx context.Context, trust auditTrust, format string) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	if len(trust.keys) == 0 {
		_, public, err := auditKey(cfg.Dirs.Data)
		if err != nil {
			return err
		}
		trust.keys = []string{public}
	}
	keys, err := audit.Keys(trust.keys...)
	if err != nil {
		return usage("A key cannot be read", "--key", "give the text of an audit.pub file")
	}
	var elsewhere []string
	for _, path := range trust.checkpoints {
		text, err := os.ReadFile(path)
		if err != nil {
			return model.NewProblem(model.KindUsage, "A checkpoint cannot be read", path, "name a file that can be read").Because(err)
		}
		elsewhere = append(elsewhere, strings.TrimRight(string(text), "\r\n")+"\n") // jq adds a line's end of its own
	}
	w, err := a.wireStore(ctx, false)
	if err != nil {
		return err
	}
	defer w.close()
	report, err := audit.Verify(ctx, w.store, keys, elsewhere...)
	if err != nil {
		return err
	}
	return a.tellVerified(report, format)
}

func (a *app) tellVerified(r audit.Report, format string) error {
	doc := verified{OK: r.Broken == nil, Entries: r.Size, Root: r.Root.String(), Last: r.Last}
	if r.Signed != nil {
		doc.Signed, doc.Key = r.Signed.Size, r.Signed.Key
	}
	if b := r.Broken; b != nil {
		doc.Fault, doc.From, doc.To, doc.Why = string(b.Fault), &b.Index, &b.Until, b.Error()
	}
	if format == "json" {
		if err := json.NewEncoder(a.env.Stdout).Encode(doc); err != nil {
			return failed(err)
		}
	} else if doc.OK {
		if _, err := fmt.Fprintf(a.env.Stdout, "The log fits: %d entries, %d of them signed%s.\n", doc.Entries, doc.Signed, by(doc.Key)); err != nil {
			return failed(err)
		}
	}
	if doc.OK {
		return nil
	}
	return model.NewProblem(model.KindFailed, "The audit log does not fit: "+doc.Why, "the inbox", "keep a copy of the file as it is, and compare it with a backup or an export")
}

func by(key string) string {
	if key == "" {
		return ""
	}
	return " by " + key
}

func (a *app) auditExport() *cobra.Command {
	return &cobra.Command{
		Use:   "export",
		Short: "Write the audit log as JSON lines, with what proves it",
		Long: "Writes every entry with its index and its hash, a line each, and at the end the signed\n" +
			"checkpoint over all of them. The hash is SHA-256 of a zero byte and the text of \"entry\",\n" +
			"the tree is that of RFC 6962.",
		Example: "  docket audit export > audit.jsonl\n  docket audit export | tail -1 | jq -r .checkpoint > monday.txt",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.runAuditExport(cmd.Context()) },
	}
}

// exported is a line of the export.
type exported struct {
	Index      *int64 `json:"index,omitempty"`
	Entry      string `json:"entry,omitempty"` // as it was hashed
	Hash       string `json:"hash,omitempty"`
	Checkpoint string `json:"checkpoint,omitempty"`
}

func (a *app) runAuditExport(ctx context.Context) error {
	w, err := a.wireStore(ctx, false)
	if err != nil {
		return err
	}
	defer w.close()
	if err := w.desk.Sign(ctx); err != nil {
		return err
	}
	out := bufio.NewWriter(a.env.Stdout)
	lines := json.NewEncoder(out)
	err = eachEntry(ctx, w.store, func(r audit.Record) error {
		return failed(lines.Encode(exported{Index: &r.Index, Entry: string(r.Line), Hash: tlog.RecordHash(r.Line).String()}))
	})
	if err != nil {
		return err
	}
	points, err := w.store.Checkpoints(ctx)
	if err != nil {
		return err
	}
	if n := len(points); n > 0 {
		if err := lines.Encode(exported{Checkpoint: points[n-1]}); err != nil {
			return failed(err)
		}
	}
	return failed(out.Flush())
}
