package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"docket/audit"
	"docket/store"
	"docket/store/internal/acts"
)

// Log adds entries to the audit log.
func (s *Store) Log(ctx context.Context, entries ...audit.Entry) error {
	return s.change(ctx, "write the audit log", func(e *edit) error { return e.Log(entries) })
}

// Recall keeps a value of the whole inbox, and logs that it is another one.
func (s *Store) Recall(ctx context.Context, name, value string, log func(was string) []audit.Entry) error {
	same := false
	err := s.reading(ctx, "what the inbox keeps", func(c *conn) error {
		was, err := c.meta(ctx, name)
		same = was == value
		return err
	})
	if err != nil || same {
		return err
	}
	return s.change(ctx, "keep what the inbox is to remember", func(e *edit) error {
		was, err := e.meta(ctx, name)
		if err != nil || was == value { // another process was first
			return err
		}
		if err := e.Log(log(was)); err != nil {
			return err
		}
		return e.setMeta(name, value)
	})
}

// Log implements acts.Tx.
func (e *edit) Log(entries []audit.Entry) error {
	if err := acts.Logged(e, e.now, entries); err != nil {
		return err
	}
	return audit.Append(logTx{e}, entries...)
}

// logTx is the log in a transaction.
type logTx struct{ e *edit }

// Tail implements audit.Tx.
func (t logTx) Tail() (int64, []byte, error) {
	var seq int64
	var line []byte
	err := t.e.one(t.e.ctx, "select seq, line from audit order by seq desc limit 1", nil, &seq, &line)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return 0, nil, nil
	case err != nil:
		return 0, nil, err
	}
	return seq + 1, line, nil
}

// ReadHashes implements tlog.HashReader.
func (t logTx) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, idx := range indexes {
		var b []byte
		if err := t.e.one(t.e.ctx, "select hash from audit_hash where idx = ?", []any{idx}, &b); err != nil {
			return nil, err
		}
		if err := hashOf(b, &out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Put implements audit.Tx.
func (t logTx) Put(r audit.Record, hashes []tlog.Hash) error {
	if err := t.e.putEntry(r); err != nil {
		return err
	}
	first := tlog.StoredHashCount(r.Index)
	for i, h := range hashes {
		if err := t.e.putHash(first+int64(i), h); err != nil {
			return err
		}
	}
	return nil
}

func (e *edit) putEntry(r audit.Record) error {
	return e.exec(e.ctx, "insert into audit (seq, line) values (?, ?)", r.Index, r.Line)
}

func (e *edit) putHash(idx int64, h tlog.Hash) error {
	return e.exec(e.ctx, "insert into audit_hash (idx, hash) values (?, ?)", idx, h[:])
}

func (e *edit) putCheckpoint(size int64, text string) error {
	return e.exec(e.ctx, "insert into audit_checkpoint (size, text) values (?, ?)", size, text)
}

func hashOf(b []byte, to *tlog.Hash) error {
	if len(b) != tlog.HashSize {
		return fmt.Errorf("%w: a hash of the audit log", store.ErrDamaged)
	}
	copy(to[:], b)
	return nil
}

// AuditSize implements audit.Reader. An entry that was taken from the end is missing
// as long as its hashes are there.
func (s *Store) AuditSize(ctx context.Context) (size int64, err error) {
	var hashes int64
	err = s.reading(ctx, "the size of the audit log", func(c *conn) error {
		if err := c.one(ctx, "select coalesce(max(seq) + 1, 0) from audit", nil, &size); err != nil {
			return err
		}
		return c.one(ctx, "select coalesce(max(idx) + 1, 0) from audit_hash", nil, &hashes)
	})
	for tlog.StoredHashCount(size+1) <= hashes {
		size++
	}
	return size, err
}

// AuditRecords implements audit.Reader.
func (s *Store) AuditRecords(ctx context.Context, from int64, limit int) (all []audit.Record, err error) {
	var r audit.Record
	var line sql.RawBytes
	err = s.reading(ctx, "entries of the audit log", func(c *conn) error {
		return c.each(ctx, "select seq, line from audit where seq >= ? order by seq limit ?", []any{from, limit}, func() error {
			all = append(all, audit.Record{Index: r.Index, Line: append([]byte(nil), line...)})
			return nil
		}, &r.Index, &line)
	})
	return all, err
}

// AuditHashes implements audit.Reader. It ends where a hash is missing.
func (s *Store) AuditHashes(ctx context.Context, from int64, limit int) (all []tlog.Hash, err error) {
	var idx int64
	var b sql.RawBytes
	err = s.reading(ctx, "hashes of the audit log", func(c *conn) error {
		return c.each(ctx, "select idx, hash from audit_hash where idx >= ? order by idx limit ?", []any{from, limit}, func() error {
			var h tlog.Hash
			if idx != from+int64(len(all)) || hashOf(b, &h) != nil {
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
	var text string
	err = s.reading(ctx, "checkpoints of the audit log", func(c *conn) error {
		return c.each(ctx, "select text from audit_checkpoint order by size", nil, func() error {
			all = append(all, text)
			return nil
		}, &text)
	})
	return all, err
}

// Checkpoint signs the log as it is, unless that was done already.
func (s *Store) Checkpoint(ctx context.Context, sign func(size int64, root tlog.Hash) (string, error)) error {
	return s.change(ctx, "sign the audit log", func(e *edit) error {
		size, _, err := logTx{e}.Tail()
		if err != nil || size == 0 {
			return err
		}
		var signed int64
		if err := e.one(e.ctx, "select coalesce(max(size), 0) from audit_checkpoint", nil, &signed); err != nil || signed == size {
			return err
		}
		root, err := tlog.TreeHash(size, logTx{e})
		if err != nil {
			return err
		}
		text, err := sign(size, root)
		if err != nil {
			return err
		}
		return e.putCheckpoint(size, text)
	})
}

func (s *Store) reading(ctx context.Context, what string, fn func(*conn) error) error {
	if err := s.read.within(ctx, toRead, fn); err != nil {
		return s.told(what, err)
	}
	return nil
}
