package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"docket/audit"
	"docket/store"
)

// Log adds entries to the audit log.
func (s *Store) Log(ctx context.Context, entries ...audit.Entry) error {
	return s.change(ctx, "write the audit log", once, func(e *edit) error { return e.Log(entries) })
}

// hashes of the log's tree that a transaction has read or made, by their number.
type hashes map[int64]tlog.Hash

// appendLog adds the entries of the transaction. From here to its end nobody else
// adds any, so it comes last.
func (e *edit) appendLog(b *pgx.Batch) error {
	t := logTx{e, b}
	if err := t.turn(); err != nil {
		return err
	}
	return audit.Append(t, e.log...)
}

// logTx is the log in a transaction. What is put waits for the batch to be sent.
type logTx struct {
	e *edit
	b *pgx.Batch
}

// turn waits until nobody else adds to the log.
func (t logTx) turn() error { return t.e.do("select from turn where name = 'audit' for update") }

// Tail implements audit.Tx.
func (t logTx) Tail() (size int64, line []byte, err error) {
	err = each(t.e.ctx, t.e, "select seq + 1, line from audit order by seq desc limit 1", nil, func() error { return nil }, &size, &line)
	return size, line, err
}

// ReadHashes implements tlog.HashReader.
func (t logTx) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var missing []int64
	for _, idx := range indexes {
		if _, ok := t.e.hashes[idx]; !ok {
			missing = append(missing, idx)
		}
	}
	if len(missing) > 0 {
		var idx int64
		var b []byte
		err := each(t.e.ctx, t.e, "select idx, hash from audit_hash where idx = any($1)", []any{missing}, func() (err error) {
			t.e.hashes[idx], err = hashOf(b)
			return err
		}, &idx, &b)
		if err != nil {
			return nil, err
		}
	}
	out := make([]tlog.Hash, len(indexes))
	for i, idx := range indexes {
		h, ok := t.e.hashes[idx]
		if !ok {
			return nil, fmt.Errorf("%w: hash %d of the audit log is missing", store.ErrDamaged, idx)
		}
		out[i] = h
	}
	return out, nil
}

// Statements that write the log.
const (
	insertEntry = "insert into audit (seq, line) values ($1, $2)"
	insertHash  = "insert into audit_hash (idx, hash) values ($1, $2)"
	insertSign  = "insert into audit_checkpoint (size, text) values ($1, $2)"
)

// Put implements audit.Tx.
func (t logTx) Put(r audit.Record, made []tlog.Hash) error {
	t.b.Queue(insertEntry, r.Index, r.Line)
	first := tlog.StoredHashCount(r.Index)
	for i, h := range made {
		t.e.hashes[first+int64(i)] = h
		t.b.Queue(insertHash, first+int64(i), h[:])
	}
	return nil
}

func hashOf(b []byte) (h tlog.Hash, err error) {
	if len(b) != tlog.HashSize {
		return h, fmt.Errorf("%w: a hash of the audit log", store.ErrDamaged)
	}
	copy(h[:], b)
	return h, nil
}

// AuditSize implements audit.Reader. An entry that was taken from the end is missing
// as long as its hashes are there.
func (s *Store) AuditSize(ctx context.Context) (size int64, err error) {
	var known int64
	err = s.reading(ctx, "the size of the audit log", func(tx pgx.Tx) error {
		return one(ctx, tx, "select coalesce((select max(seq) + 1 from audit), 0), coalesce((select max(idx) + 1 from audit_hash), 0)", nil, &size, &known)
	})
	for tlog.StoredHashCount(size+1) <= known {
		size++
	}
	return size, err
}

// AuditRecords implements audit.Reader.
func (s *Store) AuditRecords(ctx context.Context, from int64, limit int) (all []audit.Record, err error) {
	err = s.reading(ctx, "entries of the audit log", func(tx pgx.Tx) error {
		all = nil
		var r audit.Record
		return each(ctx, tx, "select seq, line from audit where seq >= $1 order by seq limit $2", []any{from, limit}, func() error {
			all = append(all, r)
			return nil
		}, &r.Index, &r.Line)
	})
	return all, err
}

// AuditHashes implements audit.Reader. It ends where a hash is missing.
func (s *Store) AuditHashes(ctx context.Context, from int64, limit int) (all []tlog.Hash, err error) {
	err = s.reading(ctx, "hashes of the audit log", func(tx pgx.Tx) error {
		all = nil
		var idx int64
		var b []byte
		return each(ctx, tx, "select idx, hash from audit_hash where idx >= $1 order by idx limit $2", []any{from, limit}, func() error {
			h, err := hashOf(b)
			if err != nil || idx != from+int64(len(all)) {
				h = tlog.Hash{} // fits nothing
			}
			all = append(all, h)
			return nil
		}, &idx, &b)
	})
	return all, err
}

// Checkpoints implements audit.Reader.
func (s *Store) Checkpoints(ctx context.Context) (all []string, err error) {
	err = s.reading(ctx, "checkpoints of the audit log", func(tx pgx.Tx) error {
		all = nil
		var text string
		return each(ctx, tx, "select text from audit_checkpoint order by size", nil, func() error {
			all = append(all, plain(text))
			return nil
		}, &text)
	})
	return all, err
}

// Checkpoint signs the log as it is, unless that was done already.
func (s *Store) Checkpoint(ctx context.Context, sign func(size int64, root tlog.Hash) (string, error)) error {
	return s.change(ctx, "sign the audit log", again, func(e *edit) error {
		t := logTx{e: e}
		if err := t.turn(); err != nil {
			return err
		}
		size, _, err := t.Tail()
		if err != nil || size == 0 {
			return err
		}
		var signed int64
		if err := one(ctx, e, "select coalesce(max(size), 0) from audit_checkpoint", nil, &signed); err != nil || signed == size {
			return err
		}
		root, err := tlog.TreeHash(size, t)
		if err != nil {
			return err
		}
		text, err := sign(size, root)
		if err != nil {
			return err
		}
		return e.do(insertSign, size, safe(text))
	})
}
