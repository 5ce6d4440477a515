package casefile

import (
	"archive/zip"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"docket/audit"
)

// Bounds of a case file: far above any that docket writes, and low enough that one
// that was made to burst does not.
const (
	maxFiles    = 2000
	maxFile     = 128 << 20
	maxTotal    = 1 << 30
	maxManifest = 1 << 20
)

// Verified is what was found of a case file that fits.
type Verified struct {
	Manifest
	Bytes   int64        // of all files, unpacked
	Entries int          // of the audit log, each with a proof that holds
	Signed  audit.Signed // the checkpoint that they were proven against
}

// Broken is the first thing that does not fit.
type Broken struct {
	File string // name in the case file; empty: the case file itself
	Why  string
}

// Error implements error.
func (b *Broken) Error() string {
	if b.File == "" {
		return b.Why
	}
	return b.File + ": " + b.Why
}

func broken(file, format string, args ...any) *Broken {
	return &Broken{File: file, Why: fmt.Sprintf(format, args...)}
}

// Verify reads a case file and holds everything in it against its manifest, and that
// against the keys. The error is a *Broken, or one of reading.
func Verify(r io.ReaderAt, size int64, keys note.Verifiers) (Verified, error) {
	v := verifier{keys: keys, names: map[string]*zip.File{}}
	for _, step := range []func() error{
		func() error { return v.open(r, size) }, v.list, func() error { return v.seamless(r, size) }, v.manifest, v.complete, v.sums, v.proofs,
	} {
		if err := step(); err != nil {
			return Verified{}, err
		}
	}
	return v.found, nil
}

type verifier struct {
	keys  note.Verifiers
	files []*zip.File
	names map[string]*zip.File
	log   []byte // audit.json, once its sum was found right
	found Verified
}

func (v *verifier) open(r io.ReaderAt, size int64) error {
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // names are looked at below
		return broken("", "it is no zip, or it was cut off")
	}
	v.files = z.File
	if len(v.files) > maxFiles {
		return broken("", "it has %d files, a case file has at most %d", len(v.files), maxFiles)
	}
	return nil
}

// list looks at the names and sizes that the zip gives, before anything is unpacked.
func (v *verifier) list() error {
	folded := map[string]bool{}
	for _, f := range v.files {
		switch {
		case !plainName(f.Name):
			return broken(printable(f.Name), "no file of a case file has such a name")
		case folded[strings.ToLower(f.Name)]:
			return broken(f.Name, "it is there twice")
		case !f.Mode().IsRegular() || f.Flags&encrypted != 0 || f.Method != zip.Store && f.Method != zip.Deflate:
			return broken(f.Name, "it is no plain file")
		case f.UncompressedSize64 > maxFile || f.Name == manifestFile && f.UncompressedSize64 > maxManifest:
			return broken(f.Name, "unpacked it has %d bytes, more than any file of a case file", f.UncompressedSize64)
		}
		folded[strings.ToLower(f.Name)] = true
		v.names[f.Name] = f
		if v.found.Bytes += int64(f.UncompressedSize64); v.found.Bytes > maxTotal {
			return broken("", "unpacked it has more than %d bytes, more than any case file", maxTotal)
		}
	}
	return nil
}

// encrypted is the flag of a file that the zip itself encrypts, which docket never does.
const encrypted = 1

// printable shows a name without obeying it.
func printable(name string) string {
	const most = 80
	if len(name) > most {
		name = name[:most] + "…"
	}
	return strconv.QuoteToASCII(name)
}

func (v *verifier) manifest() error {
	f := v.names[manifestFile]
	if f == nil {
		return broken(manifestFile, "it is missing")
	}
	signed, err := read(f)
	if err != nil {
		return err
	}
	m, err := OpenManifest(signed, v.keys)
	var other *note.UnverifiedNoteError
	switch {
	case errors.As(err, &other):
		return broken(manifestFile, "it was signed by %s, which is none of the keys that are trusted here", signers(other.Note))
	case err != nil && m.Key == "":
		return broken(manifestFile, "its signature does not fit")
	case err != nil:
		return broken(manifestFile, "%v", err)
	}
	v.found.Manifest = m
	return nil
}

// signers names the keys of signatures, as they call themselves.
func signers(n *note.Note) string {
	var names []string
	for _, s := range n.UnverifiedSigs {
		names = append(names, strconv.Quote(s.Name))
	}
	return strings.Join(names, ", ")
}

// complete looks for files that are missing or extra.
func (v *verifier) complete() error {
	for _, f := range v.found.Files {
		if v.names[f.Name] == nil {
			return broken(f.Name, "it is missing")
		}
	}
	for _, f := range v.files {
		_, listed := slices.BinarySearchFunc(v.found.Files, f.Name, func(f File, name string) int { return cmp.Compare(f.Name, name) })
		if !listed && f.Name != manifestFile {
			return broken(f.Name, "it is in no manifest: somebody put it there")
		}
	}
	return nil
}

func (v *verifier) sums() error {
	for _, f := range v.found.Files {
		body, err := read(v.names[f.Name])
		if err != nil {
			return err
		}
		if sum := sha256.Sum256(body); hex.EncodeToString(sum[:]) != f.SHA256 {
			return broken(f.Name, "it is not the file that was signed")
		}
		if f.Name == logFile {
			v.log = body
		}
	}
	return nil
}

// read unpacks a file, whose size was found to be within bounds.
func read(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, broken(f.Name, "it cannot be unpacked")
	}
	defer func() { _ = r.Close() }() // it was only read
	body, err := io.ReadAll(io.LimitReader(r, int64(f.UncompressedSize64)+1))
	if err != nil || uint64(len(body)) != f.UncompressedSize64 {
		return nil, broken(f.Name, "it cannot be unpacked, or not to the size that it gives")
	}
	return body, nil
}

// proofs looks at the entries of the audit log: each is about this session and in the
// log that was signed, and one of them is this export.
func (v *verifier) proofs() error {
	if v.log == nil {
		return broken(logFile, "it is missing")
	}
	var log audit.Proven
	d := json.NewDecoder(bytes.NewReader(v.log))
	d.DisallowUnknownFields()
	if err := d.Decode(&log); err != nil {
		return broken(logFile, "it cannot be read")
	}
	var err error
	if v.found.Signed, err = audit.OpenCheckpoint(log.Checkpoint, v.keys); err != nil {
		return broken(logFile, "its checkpoint is signed by none of the keys that are trusted here")
	}
	exported := false
	for _, p := range log.Entries {
		e, err := audit.Decode([]byte(p.Line))
		switch {
		case err != nil:
			return broken(logFile, "entry %d cannot be read", p.Index)
		case p.Check(v.found.Signed) != nil:
			return broken(logFile, "entry %d is not in the log that was signed", p.Index)
		case e.Session != v.found.ID:
			return broken(logFile, "entry %d is about another session", p.Index)
		}
		exported = exported || e.Event == audit.Export && e.At.Equal(v.found.At) && oneLine(e.By) == v.found.By
	}
	if !exported {
		return broken(logFile, "no entry tells of this export")
	}
	v.found.Entries = len(log.Entries)
	return nil
}

// IsOf reports whether a file is a case file of the session, by what it says itself: it
// may have been changed, but it is none of another session and no file of another kind.
func IsOf(r io.ReaderAt, size int64, id string) bool {
	if sealedFor(r, size, id) {
		return true
	}
	v := verifier{names: map[string]*zip.File{}}
	if v.open(r, size) != nil || v.list() != nil || v.names[manifestFile] == nil {
		return false
	}
	signed, err := read(v.names[manifestFile])
	return err == nil && bytes.HasPrefix(signed, []byte(origin+"\n# "+lineSession+" "+id+"\n"))
}
