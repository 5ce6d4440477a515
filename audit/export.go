package audit

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"golang.org/x/mod/sumdb/tlog"
)

// Exported is one line of an exported log: an entry, or a checkpoint. Entries come
// first, in order, then the checkpoints, the smallest first.
type Exported struct {
	Index      *int64 `json:"index,omitempty"`
	Entry      string `json:"entry,omitempty"` // as it was hashed
	Hash       string `json:"hash,omitempty"`
	Checkpoint string `json:"checkpoint,omitempty"`
}

// ExportOf is the line of a record.
func ExportOf(r Record) Exported {
	return Exported{Index: &r.Index, Entry: string(r.Line), Hash: tlog.RecordHash(r.Line).String()}
}

// CheckpointsIn returns the checkpoints that a file holds: one as text, or those of
// an export or of the end of one.
func CheckpointsIn(text []byte) []string {
	if !bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		return []string{string(bytes.TrimRight(text, "\r\n")) + "\n"} // jq adds a line's end of its own
	}
	var all []string
	for line := range bytes.Lines(text) {
		var x Exported
		if json.Unmarshal(line, &x) == nil && x.Checkpoint != "" {
			all = append(all, x.Checkpoint)
		}
	}
	return all
}

// File is a log that was exported. It is a Reader, and can be verified without the
// database that it came from.
type File struct {
	records     []Record
	hashes      []tlog.Hash
	checkpoints []string
}

// longestLine of an export: an entry is a few hundred bytes.
const longestLine = 1 << 20

// ReadFile reads an export. A line that cannot be read is an entry that does not
// fit; the error is one of reading.
func ReadFile(from io.Reader) (*File, error) {
	f, tree := &File{}, edge{}
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, longestLine)
	for lines.Scan() {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var x Exported
		err := json.Unmarshal(lines.Bytes(), &x)
		if err == nil && x.Checkpoint != "" {
			f.checkpoints = append(f.checkpoints, x.Checkpoint)
			continue
		}
		r := Record{Index: int64(len(f.records)), Line: []byte(x.Entry)}
		if err == nil && x.Index != nil {
			r.Index = *x.Index
		}
		leaf, wrong := tlog.ParseHash(x.Hash)
		if err != nil || wrong != nil {
			leaf = tlog.Hash{} // fits nothing
		}
		f.records, f.hashes = append(f.records, r), append(f.hashes, tree.add(leaf)...)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("audit export: %w", err)
	}
	if len(f.records)+len(f.checkpoints) == 0 {
		return nil, errors.New("audit export: nothing is in it")
	}
	return f, nil
}

// AuditSize implements Reader.
func (f *File) AuditSize(context.Context) (int64, error) { return int64(len(f.records)), nil }

// AuditRecords implements Reader: by their places in the file, so that one that is not
// in its place shows.
func (f *File) AuditRecords(_ context.Context, from int64, limit int) ([]Record, error) {
	return cut(f.records, from, limit), nil
}

// AuditHashes implements Reader: those that follow from the hashes of the entries.
func (f *File) AuditHashes(_ context.Context, from int64, limit int) ([]tlog.Hash, error) {
	return cut(f.hashes, from, limit), nil
}

// Checkpoints implements Reader.
func (f *File) Checkpoints(context.Context) ([]string, error) { return f.checkpoints, nil }

func cut[T any](all []T, from int64, limit int) []T {
	from = min(from, int64(len(all)))
	return all[from:min(from+int64(limit), int64(len(all)))]
}
