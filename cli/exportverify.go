package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"filippo.io/age"

	"docket/casefile"
	"docket/model"
)

// caseTrust is what a case file is held against, and what opens it.
type caseTrust struct {
	keys     []string
	identity string
}

// verifiedCase is the answer of `docket export --verify -o json`.
type verifiedCase struct {
	OK       bool        `json:"ok"`
	ID       string      `json:"id,omitempty"`
	Exported time.Time   `json:"exported,omitzero"`
	By       string      `json:"by,omitempty"`
	From     string      `json:"from,omitempty"`
	Key      string      `json:"key,omitempty"`
	Files    int         `json:"files"`
	Bytes    int64       `json:"bytes"`   // unpacked
	Entries  int         `json:"entries"` // of the audit log, each proven
	Masked   bool        `json:"masked"`
	Absent   []absentDoc `json:"absent"`
	File     string      `json:"file,omitempty"` // the first that does not fit
	Why      string      `json:"why,omitempty"`
}

func (a *app) runVerifyCase(f exportFlags) error {
	named, err := a.trustedTexts(f.trust.keys)
	if err != nil {
		return err
	}
	keys, err := keysOf(named)
	if err != nil {
		return err
	}
	file, err := os.Open(f.verify)
	if err != nil {
		return model.NewProblem(model.KindUsage, "The case file cannot be read: "+cause(err), f.verify, "name a file that can be read").Because(err)
	}
	defer func() { _ = file.Close() }() // it was only read
	body, size, err := opened(file, f.trust.identity)
	if err != nil {
		return err
	}
	v, err := casefile.Verify(body, size, keys)
	return a.tellVerifiedCase(f.verify, v, err, f.output.value)
}

// opened returns a case file in clear, and its size.
func opened(file *os.File, identity string) (io.ReaderAt, int64, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, 0, failed(err)
	}
	head := make([]byte, len(casefile.Sealed))
	if _, err := file.ReadAt(head, 0); err != nil || string(head) != casefile.Sealed {
		return file, info.Size(), nil // what is too short to be encrypted is too short for a zip
	}
	if identity == "" {
		return nil, 0, usage("The case file is encrypted", file.Name(), "name a file with an age identity that opens it: --identity FILE")
	}
	text, err := os.Open(identity)
	if err != nil {
		return nil, 0, model.NewProblem(model.KindUsage, "The identities cannot be read: "+cause(err), identity, "name a file that can be read").Because(err)
	}
	defer func() { _ = text.Close() }() // it was only read
	identities, err := age.ParseIdentities(text)
	if err != nil { // the error may quote a key
		return nil, 0, usage("This is no file of age identities", identity, "give one that age-keygen wrote; lines begin with AGE-SECRET-KEY-")
	}
	body, size, err := age.DecryptReaderAt(file, info.Size(), identities...)
	var none *age.NoIdentityMatchError
	switch {
	case errors.As(err, &none):
		return nil, 0, model.NewProblem(model.KindFailed, "None of the identities opens the case file", file.Name(), "ask whoever exported it for whom it is encrypted")
	case err != nil:
		return nil, 0, model.NewProblem(model.KindFailed, "The case file cannot be decrypted: it was changed or cut off", file.Name(), "get it again").Because(err)
	}
	return body, size, nil
}

func (a *app) tellVerifiedCase(path string, v casefile.Verified, err error, format string) error {
	doc := verifiedCase{
		OK: err == nil, ID: v.ID, Exported: v.At, By: v.By, From: v.Origin, Key: v.Key, Files: len(v.Files) + 1, Bytes: v.Bytes,
		Entries: v.Entries, Masked: v.Masked, Absent: []absentDoc{},
	}
	for _, m := range v.Absent {
		doc.Absent = append(doc.Absent, absentDoc{m.What, m.Why})
	}
	var b *casefile.Broken
	switch {
	case errors.As(err, &b):
		doc.Files, doc.File, doc.Why = 0, b.File, b.Why
	case err != nil:
		return failed(err)
	}
	if format == "json" {
		if err := json.NewEncoder(a.env.Stdout).Encode(doc); err != nil {
			return failed(err)
		}
	} else if doc.OK {
		if err := a.tellFits(doc); err != nil {
			return failed(err)
		}
	}
	if b == nil {
		return nil
	}
	return model.NewProblem(model.KindFailed, "The case file does not fit: "+safe(b.Error()), path, "keep it as it is, and ask for it again where it came from")
}

func (a *app) tellFits(d verifiedCase) error {
	masked := ""
	if d.Masked {
		masked = " Personal values in it are masked."
	}
	_, err := fmt.Fprintf(a.env.Stdout, "The case file fits: session %s, exported %s by %s; %d files, %d entries of the audit log with proofs that hold; signed by %s.%s\n",
		d.ID, d.Exported.Format(time.RFC3339), safe(d.By), d.Files, d.Entries, d.Key, masked)
	for _, m := range d.Absent {
		if err == nil {
			_, err = fmt.Fprintf(a.env.Stdout, "not in it: %s\n", safe(m.What+": "+m.Why))
		}
	}
	return err
}
