package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/mod/sumdb/note"

	"docket/audit"
	"docket/model"
)

// auditTrust is what is verified, and the checkpoints and keys that it is held against.
type auditTrust struct {
	file              string // an export; empty: the log of the inbox
	checkpoints, keys []string
}

func (a *app) auditVerify() *cobra.Command {
	var trust auditTrust
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Verify the whole audit log",
		Long: "Computes every hash of the log anew and holds the log against what was signed. A change\n" +
			"of an entry is named. Whoever can write to the store and has the key can rewrite the log\n" +
			"so that it fits: keep a checkpoint elsewhere (`docket audit export` ends with one) and\n" +
			"give it with --checkpoint, as text or in the export that it came in.\n\n" +
			"With --file it is an export that is verified; no inbox is needed then.\n\n" +
			"The exit code is 1 when something does not fit.",
		Example: "  docket audit verify\n  docket audit verify --checkpoint monday.txt --key \"$(cat audit.pub)\"\n" +
			"  docket audit verify --file audit.jsonl --key \"$(cat audit.pub)\"",
		Args: noArgs,
	}
	cmd.Flags().StringVar(&trust.file, "file", "", "verify this `FILE` of `docket audit export` instead of the inbox")
	cmd.Flags().StringArrayVar(&trust.checkpoints, "checkpoint", nil, "`FILE` with a checkpoint that was kept elsewhere, or an export (repeats)")
	cmd.Flags().StringArrayVar(&trust.keys, "key", nil, "public `KEY` that is trusted instead of this data folder's and those of audit_keys (repeats)")
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
	keys, err := a.trusted(trust)
	if err != nil {
		return err
	}
	var elsewhere []string
	for _, path := range trust.checkpoints {
		text, err := os.ReadFile(path)
		if err != nil {
			return model.NewProblem(model.KindUsage, "A checkpoint cannot be read: "+cause(err), path, "name a file that can be read").Because(err)
		}
		found := audit.CheckpointsIn(text)
		if len(found) == 0 {
			return usage("There is no checkpoint in this file", path, "give one of `docket audit export`, whole or its end")
		}
		elsewhere = append(elsewhere, found...)
	}
	if trust.file != "" {
		log, err := exportedLog(trust.file)
		if err != nil {
			return err
		}
		return a.verify(ctx, log, trust.file, keys, elsewhere, format)
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
	return a.verify(ctx, log, "the inbox", keys, elsewhere, format)
}

// trusted are the keys whose signatures count: those given, else that of this data
// folder and those of the configuration.
func (a *app) trusted(trust auditTrust) (note.Verifiers, error) {
	named, err := a.trustedTexts(trust.keys)
	if errors.Is(err, fs.ErrNotExist) && trust.file == "" { // the log is written here: its key is made now
		named, err = a.madeKey()
	}
	if err != nil {
		return nil, err
	}
	return keysOf(named)
}

// trustedTexts are the keys that were named, else the one of this data folder and those
// of the configuration. None is made for it: who only verifies needs none.
func (a *app) trustedTexts(named []string) ([]string, error) {
	if len(named) > 0 {
		return named, nil
	}
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	path := filepath.Join(cfg.Dirs.Data, auditPublicFile)
	public, err := os.ReadFile(path)
	switch {
	case err == nil:
		return append([]string{string(public)}, cfg.AuditKeys...), nil
	case errors.Is(err, fs.ErrNotExist) && len(cfg.AuditKeys) > 0:
		return cfg.AuditKeys, nil
	}
	return nil, model.NewProblem(model.KindUsage, "There is no key here that could be trusted: "+cause(err), path,
		"ask where it was written for the text of audit.pub, and give it with --key or as audit_keys").Because(err)
}

// madeKey is the key of this data folder, made for it.
func (a *app) madeKey() ([]string, error) {
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	_, made, err := auditKey(cfg.Dirs.Data)
	return []string{made}, err
}

func keysOf(texts []string) (note.Verifiers, error) {
	keys, err := audit.Keys(texts...)
	if err != nil {
		return nil, usage("A key cannot be read", "--key", "give the text of an audit.pub file")
	}
	return keys, nil
}

// exportedLog reads an export.
func exportedLog(path string) (*audit.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, model.NewProblem(model.KindUsage, "The export cannot be read: "+cause(err), path, "name a file that can be read").Because(err)
	}
	defer func() { _ = f.Close() }() // only read
	log, err := audit.ReadFile(f)
	if err != nil {
		return nil, model.NewProblem(model.KindUsage, "This is no export of an audit log", path, "write one with `docket audit export`").Because(err)
	}
	return log, nil
}

func (a *app) verify(ctx context.Context, log audit.Reader, where string, keys note.Verifiers, elsewhere []string, format string) error {
	report, err := audit.Verify(ctx, log, keys, elsewhere...)
	if err != nil {
		return err
	}
	return a.tellVerified(report, where, format)
}

func (a *app) tellVerified(r audit.Report, where, format string) error {
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
	do := "keep a copy of the file as it is, and compare it with a backup or an export"
	if r.Broken.Fault == audit.Unsigned {
		do = "give the audit.pub of every machine that uses the inbox with --key, or as audit_keys in config.toml; if that is not it, " + do
	}
	return model.NewProblem(model.KindFailed, "The audit log does not fit: "+doc.Why, where, do)
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
		Long: "Writes every entry with its index and its hash, a line each, then the signed checkpoints,\n" +
			"the last of which is over all of them. The hash is SHA-256 of a zero byte and the text of\n" +
			"\"entry\", the tree is that of RFC 6962. `docket audit verify --file` needs nothing else.",
		Example: "  docket audit export > audit.jsonl\n  docket audit export | tail -1 | jq -r .checkpoint > monday.txt",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.runAuditExport(cmd.Context()) },
	}
}

func (a *app) runAuditExport(ctx context.Context) error {
	w, err := a.wireStore(ctx, false)
	if err != nil {
		return err
	}
	defer w.close()
	log, err := w.seat.AuditLog()
	if err != nil {
		return err
	}
	if err := w.desk.Sign(ctx); err != nil {
		return err
	}
	out := bufio.NewWriter(a.env.Stdout)
	write := func(x audit.Exported) error {
		line, err := json.Marshal(x)
		if err != nil {
			return err
		}
		_, err = out.WriteString(a.shownRaw(line) + "\n")
		return err
	}
	err = eachEntry(ctx, log, func(r audit.Record) error { return failed(write(audit.ExportOf(r))) })
	if err != nil {
		return err
	}
	points, err := log.Checkpoints(ctx)
	if err != nil {
		return err
	}
	for _, p := range points {
		if err := write(audit.Exported{Checkpoint: p}); err != nil {
			return failed(err)
		}
	}
	return failed(out.Flush())
}
