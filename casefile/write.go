package casefile

import (
	"archive/zip"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"docket/model"
)

// Folders of a case file.
const (
	rawFolder     = "raw/"
	pictureFolder = "pictures/"
)

// Write makes a case file: first what was fetched, then what is made of it, at the end
// the signed list of it all, which it returns. The same case makes the same bytes.
func Write(w io.Writer, c Case, signer note.Signer) (Manifest, error) {
	b := &builder{zip: zip.NewWriter(w), c: &c}
	b.page.absent = c.missing()
	for _, step := range []func() error{b.raw, b.pictures, b.tables, b.index} {
		if err := step(); err != nil {
			return Manifest{}, err
		}
	}
	m, err := b.manifest(signer)
	if err != nil {
		return m, err
	}
	return m, b.zip.Close()
}

// builder is a case file on its way.
type builder struct {
	zip   *zip.Writer
	c     *Case
	files []File
	page  page
	size  int64 // of all files, unpacked
}

// fileMode is that of the files, where what unpacks them asks.
const fileMode = 0o600

// add puts a file in. Every file has the time of the export.
func (b *builder) add(name string, fill func(io.Writer) error) error {
	h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: b.c.At.UTC().Truncate(time.Second)}
	h.SetMode(fileMode)
	if packed(name) {
		h.Method = zip.Store
	}
	w, err := b.zip.CreateHeader(h)
	if err != nil {
		return fmt.Errorf("case file, %s: %w", name, err)
	}
	sum := sha256.New()
	if err := fill(io.MultiWriter(&bound{b: b}, w, sum)); err != nil {
		return fmt.Errorf("case file, %s: %w", name, err)
	}
	b.files = append(b.files, File{Name: name, SHA256: hex.EncodeToString(sum.Sum(nil))})
	return nil
}

// bound refuses what would make a case file that Verify refuses: an API that answers
// without end could.
type bound struct {
	b *builder
	n int64 // of this file
}

// Write implements io.Writer.
func (o *bound) Write(p []byte) (int, error) {
	o.n += int64(len(p))
	o.b.size += int64(len(p))
	if o.n > maxFile || o.b.size > maxTotal || len(o.b.files) >= maxFiles {
		return 0, model.NewProblem(model.KindTooLarge, "There is more of the session than a case file holds", o.b.c.Session.ID, "look at it with `docket show --raw`")
	}
	return len(p), nil
}

func (b *builder) put(name string, body []byte) error {
	return b.add(name, func(w io.Writer) error {
		_, err := w.Write(body)
		return err
	})
}

// packed reports whether deflating a file is of no use.
func packed(name string) bool {
	return strings.HasPrefix(name, pictureFolder) || strings.HasSuffix(name, ".pdf")
}

// raw puts in the answers of the API as its reader may see them.
func (b *builder) raw() error {
	for _, part := range order {
		all := b.c.Session.Parts[part].Raw
		for i, raw := range all {
			name := rawFolder + string(part)
			if len(all) > 1 {
				name += "-" + number(i+1)
			}
			name += ending(raw.Body)
			if err := b.put(name, raw.Body); err != nil {
				return err
			}
			b.page.answers = append(b.page.answers, answer{File: name, Call: raw.Call, HTTP: raw.HTTP, At: raw.At.UTC()})
		}
	}
	return nil
}

// ending is that of a file's name, by what is in the file.
func ending(body []byte) string {
	switch {
	case json.Valid(body):
		return ".json"
	case bytes.HasPrefix(body, []byte("%PDF-")):
		return ".pdf"
	}
	return ".txt"
}

// pictures puts in the pictures one by one, and names those that did not come.
func (b *builder) pictures() error {
	if b.c.Pictures == nil {
		return nil
	}
	for p := range b.c.Pictures {
		if p.Problem != nil {
			b.page.absent = append(b.page.absent, Absent{What: "picture " + p.Ref.String(), Why: why(p.Problem)})
			continue
		}
		if err := b.put(pictureFolder+p.File, p.Body); err != nil {
			return err
		}
		b.page.hang(p)
	}
	return nil
}

// tables puts in what docket reads in the answers, for programs and spreadsheets.
func (b *builder) tables() error {
	for _, f := range []struct {
		name string
		fill func(io.Writer) error
	}{
		{"session.json", func(w io.Writer) error { return writeJSON(w, b.summary()) }},
		{"checks.json", func(w io.Writer) error { return writeJSON(w, listed(b.c.Session.Checks)) }},
		{"checks.csv", func(w io.Writer) error { return writeCSV(w, checkColumns, b.c.Session.Checks) }},
		{"ocr.json", func(w io.Writer) error { return writeJSON(w, readings(b.c.Session)) }},
		{"ocr.csv", func(w io.Writer) error { return writeCSV(w, ocrColumns, readings(b.c.Session)) }},
		{"timeline.json", func(w io.Writer) error { return writeJSON(w, listed(b.c.Session.Events)) }},
		{"timeline.csv", func(w io.Writer) error { return writeCSV(w, eventColumns, b.c.Session.Events) }},
		{"notes.json", func(w io.Writer) error { return writeJSON(w, listed(b.c.Notes)) }},
		{logFile, func(w io.Writer) error { return writeJSON(w, b.c.Log) }},
	} {
		if err := b.add(f.name, f.fill); err != nil {
			return err
		}
	}
	return nil
}

// index puts in the page for people.
func (b *builder) index() error {
	return b.add("index.html", func(w io.Writer) error { return b.page.write(w, b.c) })
}

// manifest puts in the signed list of the files.
func (b *builder) manifest(signer note.Signer) (Manifest, error) {
	slices.SortFunc(b.files, func(x, y File) int { return cmp.Compare(x.Name, y.Name) })
	m := Manifest{
		ID: b.c.Session.ID, At: b.c.At, By: b.c.By, Origin: b.c.Origin, Masked: b.c.Masked, Absent: b.page.absent,
		Files: slices.Clone(b.files), Key: signer.Name(),
	}
	signed, err := m.sign(signer)
	if err != nil {
		return m, err
	}
	return m, b.put(manifestFile, signed)
}

// listed makes an empty list of none, so that it is written as one.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// writeJSON writes a document, indented and with its text as it is.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
