package audit

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Proof shows that an entry is in the log of which a checkpoint was signed, without
// the rest of the log.
type Proof struct {
	Index  int64       `json:"index"`
	Line   string      `json:"line"`   // the entry as it was hashed
	Hashes []tlog.Hash `json:"hashes"` // of the tree beside the way from the entry to the root
}

// Proven are entries of a log with what proves each, against one checkpoint.
type Proven struct {
	Checkpoint string  `json:"checkpoint"` // signed, as text
	Entries    []Proof `json:"entries"`    // by index
}

// errNothingSigned says that a log has no checkpoint.
var errNothingSigned = errors.New("audit proof: the log was never signed")

// Prove collects the entries of a log that are wanted and under its latest checkpoint,
// each with its proof. An entry whose proof does not hold is an error: the log is not
// what was signed. The signature itself is not looked at.
func Prove(ctx context.Context, log Reader, wants func(line []byte) bool) (Proven, error) {
	points, err := log.Checkpoints(ctx)
	if err != nil {
		return Proven{}, err
	}
	if len(points) == 0 {
		return Proven{}, errNothingSigned
	}
	proven := Proven{Checkpoint: points[len(points)-1]}
	signed, err := parseCheckpoint(proven.Checkpoint)
	if err != nil {
		return Proven{}, err
	}
	for from := int64(0); from < signed.Size; {
		records, err := log.AuditRecords(ctx, from, page)
		if err != nil || len(records) == 0 {
			return proven, err
		}
		for _, r := range records {
			if r.Index >= signed.Size || !wants(r.Line) {
				continue
			}
			p, err := prove(ctx, log, r, signed)
			if err != nil {
				return Proven{}, fmt.Errorf("audit proof of entry %d: %w", r.Index, err)
			}
			proven.Entries = append(proven.Entries, p)
		}
		from = records[len(records)-1].Index + 1
	}
	return proven, nil
}

func prove(ctx context.Context, log Reader, r Record, signed Signed) (Proof, error) {
	hashes, err := tlog.ProveRecord(signed.Size, r.Index, tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		return readHashes(ctx, log, indexes)
	}))
	if err != nil {
		return Proof{}, err
	}
	p := Proof{Index: r.Index, Line: string(r.Line), Hashes: hashes}
	return p, p.Check(signed)
}

func readHashes(ctx context.Context, log Reader, indexes []int64) ([]tlog.Hash, error) {
	all := make([]tlog.Hash, len(indexes))
	for i, idx := range indexes {
		h, err := log.AuditHashes(ctx, idx, 1)
		if err != nil {
			return nil, err
		}
		if len(h) == 0 {
			return nil, fmt.Errorf("hash %d is not there", idx)
		}
		all[i] = h[0]
	}
	return all, nil
}

// Check reports whether the entry is in the log that was signed.
func (p Proof) Check(s Signed) error {
	if p.Index < 0 || p.Index >= s.Size {
		return fmt.Errorf("the checkpoint has seen %d entries only", s.Size)
	}
	return tlog.CheckRecord(p.Hashes, s.Size, s.Root, p.Index, tlog.RecordHash([]byte(p.Line)))
}
