package audit

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// Record is an entry as it is stored.
type Record struct {
	Index int64 // from 0
	Line  []byte
}

// Tx is a transaction of a database that holds a log, alone while it lasts.
type Tx interface {
	tlog.HashReader
	// Tail returns how many entries there are and the last of them; nil: none.
	Tail() (size int64, last []byte, err error)
	// Put keeps an entry with its hashes, which follow on those that are there.
	Put(r Record, hashes []tlog.Hash) error
}

// Append adds entries in the order given. Their times never go back: one that does,
// because clocks of two machines differ, gets the time of the entry before.
func Append(tx Tx, entries ...Entry) error {
	size, last, err := tx.Tail()
	if err != nil {
		return err
	}
	var before time.Time
	if last != nil {
		e, err := Decode(last)
		if err != nil {
			return err
		}
		before = e.At
	}
	for _, e := range entries {
		if e.At.Before(before) {
			e.At = before
		}
		line, err := e.Encode()
		if err != nil {
			return err
		}
		hashes, err := tlog.StoredHashes(size, line, tx)
		if err != nil {
			return fmt.Errorf("audit log, entry %d: %w", size, err)
		}
		if err := tx.Put(Record{size, line}, hashes); err != nil {
			return err
		}
		size, before = size+1, e.At
	}
	return nil
}

// Reader reads a log. What it returns is not trusted.
type Reader interface {
	// AuditSize returns how many entries the log says it has.
	AuditSize(ctx context.Context) (int64, error)
	// AuditRecords returns at most limit records from an index on, by index.
	AuditRecords(ctx context.Context, from int64, limit int) ([]Record, error)
	// AuditHashes returns stored hashes by their indexes (tlog.StoredHashIndex), from
	// one on, at most limit, in order.
	AuditHashes(ctx context.Context, from int64, limit int) ([]tlog.Hash, error)
	// Checkpoints returns the signed checkpoints, the smallest first.
	Checkpoints(ctx context.Context) ([]string, error)
}
