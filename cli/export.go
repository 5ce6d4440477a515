package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"docket/desk"
	"docket/model"
)

// exportFlags are what `docket export` was asked for.
type exportFlags struct {
	out    string
	force  bool
	to     []string
	verify string
	trust  caseTrust
	output *choice
}

func (a *app) export() *cobra.Command {
	var f exportFlags
	cmd := &cobra.Command{
		Use:   "export ID… | --verify FILE",
		Short: "Write or verify the case file of a session",
		Long: "Writes everything that is known of a session into a zip that can be kept, read without\n" +
			"docket, and verified: the answers of the API byte for byte, what docket reads in them as\n" +
			"JSON and CSV, the pictures, the notes, the entries of the audit log with their proofs, a\n" +
			"page that a browser opens without network, and a list of SHA-256 sums, signed with the key\n" +
			"of the audit log. What the API does not give is named and does not stop it.\n\n" +
			"The file is for you alone, and there whole or not at all. --to encrypts it with age to\n" +
			"whoever has the key of a recipient. Deleting the session erases the case files that were\n" +
			"written here, as long as they stay where they are.\n\n" +
			"--verify checks a case file: the signature, every sum, that nothing is missing or was put\n" +
			"in, and the proofs. The exit code is 1 when something does not fit. A key that came from\n" +
			"elsewhere (--key) proves more than the one of this data folder.",
		Example: "  docket export 5f9a41c2d3b0e7a1b2c3d4e5\n" +
			"  docket export 5f9a41c2d3b0e7a1b2c3d4e5 --to age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p\n" +
			"  docket list --view decided -o json | jq -r '.[].id' | docket export - --out cases\n" +
			"  docket export --verify 5f9a41c2d3b0e7a1b2c3d4e5.zip --key \"$(cat audit.pub)\"",
	}
	cmd.Flags().StringVar(&f.out, "out", "", "`FILE` to write, or folder for several sessions (by default ID.zip, here)")
	cmd.Flags().BoolVar(&f.force, "force", false, "overwrite files that are there")
	cmd.Flags().StringArrayVar(&f.to, "to", nil, "encrypt to this age `RECIPIENT` (repeats); the file is called ID.zip.age")
	cmd.Flags().StringVar(&f.verify, "verify", "", "verify this case `FILE`, write none")
	cmd.Flags().StringArrayVar(&f.trust.keys, "key", nil, "with --verify: public `KEY` that is trusted instead of this data folder's and those of audit_keys (repeats)")
	cmd.Flags().StringVar(&f.trust.identity, "identity", "", "with --verify: `FILE` of age identities that open it, if it is encrypted")
	f.output = outputFlag(cmd, "text", "json")
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		switch {
		case cmd.Flags().Changed("verify"):
			return noArgs(cmd, args)
		case len(args) == 0:
			return usage("docket export takes interview ids, none was given", "", "name one or more, or - to read them from standard input")
		}
		return validIDs(slices.DeleteFunc(slices.Clone(args), func(id string) bool { return id == "-" }))
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if cmd.Flags().Changed("verify") {
			return a.runVerifyCase(f)
		}
		return a.runExport(cmd.Context(), args, f)
	}
	return cmd
}

func (a *app) runExport(ctx context.Context, args []string, f exportFlags) error {
	to, err := recipients(f.to)
	if err != nil {
		return err
	}
	list, err := a.idsOf(ctx, args)
	if err != nil {
		return err
	}
	if len(list.ids) == 0 {
		return usage("No interview id was given", "standard input", "write one a line")
	}
	w, err := a.wire(ctx)
	if err != nil {
		return err
	}
	defer w.close()
	a.spareMemory(memoryInSight)
	several := len(args) > 1 || args[0] == "-"
	docs, code := []caseDoc{}, model.ExitDone
	for _, id := range list.ids {
		saved, err := w.seat.SaveCase(ctx, id, desk.CaseOptions{Path: casePath(f.out, id, several, len(to) > 0), Force: f.force, To: to})
		if err != nil {
			p := *onRead(model.AsProblem(err))
			if !strings.Contains(p.Subject, id) { // of several it has to be told apart
				p.Subject = id
			}
			a.tell(&p)
			code = graver(code, &p)
			if ctx.Err() != nil {
				break
			}
			continue
		}
		for _, m := range saved.Absent {
			a.say("not in it: " + safe(m.What+": "+m.Why))
		}
		docs = append(docs, caseDocOf(saved))
	}
	if err := a.tellCases(docs, f.output.value); err != nil {
		return err
	}
	if p := list.problem(); p != nil {
		a.tell(p)
		code = graver(code, p)
	}
	return exits(code)
}

// recipients reads the recipients that were named.
func recipients(named []string) ([]age.Recipient, error) {
	var all []age.Recipient
	for _, text := range named {
		some, err := age.ParseRecipients(strings.NewReader(text))
		if err != nil || len(some) == 0 {
			return nil, usage("This is no recipient of age", quoted(text), "a recipient begins with age1; `age-keygen -y` prints that of a key")
		}
		all = append(all, some...)
	}
	return all, nil
}

// casePath is where the case file of a session goes: a file that was named, or a file
// of its own in a folder.
func casePath(out, id string, several, sealed bool) string {
	name := id + ".zip"
	if sealed {
		name += ".age"
	}
	if out == "" {
		return name
	}
	if info, err := os.Stat(out); several || err == nil && info.IsDir() || strings.HasSuffix(out, string(filepath.Separator)) {
		return filepath.Join(out, name)
	}
	return out
}

// caseDoc is a case file that was written, for scripts.
type caseDoc struct {
	ID     string      `json:"id"`
	Path   string      `json:"path"`
	Bytes  int64       `json:"bytes"`
	SHA256 string      `json:"sha256"`
	Files  int         `json:"files"`
	Masked bool        `json:"masked"`
	Absent []absentDoc `json:"absent"`
}

type absentDoc struct {
	What string `json:"what"`
	Why  string `json:"why"`
}

func caseDocOf(s desk.SavedCase) caseDoc {
	d := caseDoc{ID: s.ID, Path: s.Path, Bytes: s.Bytes, SHA256: s.SHA256, Files: len(s.Files) + 1, Masked: s.Masked, Absent: []absentDoc{}}
	for _, m := range s.Absent {
		d.Absent = append(d.Absent, absentDoc{m.What, m.Why})
	}
	return d
}

// tellCases writes a document, or a line a file as sha256sum writes and checks them.
func (a *app) tellCases(docs []caseDoc, format string) error {
	if format == "json" {
		out := json.NewEncoder(a.env.Stdout)
		out.SetIndent("", "  ")
		return failed(out.Encode(struct {
			Cases []caseDoc `json:"cases"`
		}{docs}))
	}
	for _, d := range docs {
		path := d.Path
		if a.env.OutTerminal {
			path = safe(path)
		}
		if _, err := fmt.Fprintf(a.env.Stdout, "%s  %s\n", d.SHA256, path); err != nil {
			return failed(err)
		}
	}
	return nil
}
