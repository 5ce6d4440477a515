package sqlite

import (
	"context"
	"iter"

	"docket/store"
	"docket/store/internal/acts"
)

var _ store.Mover = (*Store)(nil)

// Export hands over all that the inbox holds.
func (s *Store) Export(ctx context.Context) iter.Seq2[store.Piece, error] {
	return acts.HandOver(func(put func(store.Piece) error) error {
		return s.reading(ctx, "export the inbox", func(c *conn) error {
			x := &export{conn: c, ctx: ctx, put: put}
			for _, step := range []func() error{x.rows, x.notes, x.files, x.meta, x.log, x.batches, x.queue, x.told} {
				if err := step(); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// export reads everything once.
type export struct {
	*conn
	ctx context.Context // of the call, which an export does not outlive
	put func(store.Piece) error
}

// all hands over what a statement reads, as fill makes a piece of it.
func (x *export) all(kind store.Kind, text string, fill func(*store.Piece) error, places ...any) error {
	return x.each(x.ctx, text, nil, func() error {
		p := store.Piece{Kind: kind}
		if err := fill(&p); err != nil {
			return err
		}
		return x.put(p)
	}, places...)
}

func (x *export) rows() error {
	var body []byte
	return x.all(store.KindRow, "select body from session order by rid", func(p *store.Piece) (err error) {
		p.Row, err = store.DecodeRow(body)
		return err
	}, &body)
}

func (x *export) notes() error {
	var p store.Piece
	var at int64
	var seen string
	n := &p.Note
	return x.all(store.KindNote, "select s.id, n.by, n.at, n.text, n.evidence, n.salt from note n join session s on s.rid = n.rid order by n.id", func(to *store.Piece) (err error) {
		n.At = store.FromMicros(at)
		n.Evidence, err = store.DecodeEvidence(seen)
		to.Session, to.Note = p.Session, *n
		return err
	}, &p.Session, &n.By, &at, &n.Text, &seen, &n.Salt)
}

func (x *export) files() error {
	var f store.CaseFile
	var at int64
	return x.all(store.KindFile, "select id, path, at from case_file order by id, path", func(p *store.Piece) error {
		f.At = store.FromMicros(at)
		p.File = f
		return nil
	}, &f.Session, &f.Path, &at)
}

func (x *export) meta() error {
	var name, value string
	return x.all(store.KindMeta, "select name, value from meta order by name", func(p *store.Piece) error {
		p.Meta.Name, p.Meta.Value = name, value
		return nil
	}, &name, &value)
}

func (x *export) log() error {
	var n int64
	var b []byte
	var text string
	err := x.all(store.KindEntry, "select seq, line from audit order by seq", func(p *store.Piece) error {
		p.Entry.Index, p.Entry.Line = n, append([]byte(nil), b...)
		return nil
	}, &n, &b)
	if err != nil {
		return err
	}
	err = x.all(store.KindHash, "select idx, hash from audit_hash order by idx", func(p *store.Piece) error {
		p.Hash.Index = n
		return hashOf(b, &p.Hash.Hash)
	}, &n, &b)
	if err != nil {
		return err
	}
	return x.all(store.KindCheckpoint, "select size, text from audit_checkpoint order by size", func(p *store.Piece) error {
		p.Checkpoint = store.SizedText{Size: n, Text: text}
		return nil
	}, &n, &text)
}

func (x *export) batches() error {
	var p store.Piece
	var at, last int64
	var action []byte
	b, left := &p.Batch, &p.Left
	err := x.all(store.KindBatch, "select id, by, at, last, total, action from batch order by id", func(to *store.Piece) (err error) {
		b.At, b.Last = store.FromMicros(at), store.FromMicros(last)
		b.Action, err = acts.DecodeAction(action)
		to.Batch = *b
		return err
	}, &b.ID, &b.By, &at, &last, &b.Total, &action)
	if err != nil {
		return err
	}
	return x.all(store.KindLeft, "select batch, session, seq from batch_left order by batch, session", func(to *store.Piece) error {
		to.Left = *left
		return nil
	}, &left.Batch, &left.Session, &left.Seq)
}

func (x *export) queue() error {
	var d store.Delivery
	var j store.Job
	var at int64
	err := x.all(store.KindDelivery, "select seq, at, body from delivery order by seq", func(p *store.Piece) error {
		d.At = store.FromMicros(at)
		p.Delivery = d
		p.Delivery.Body = append([]byte{}, d.Body...)
		return nil
	}, &d.Seq, &at, &d.Body)
	if err != nil {
		return err
	}
	return x.all(store.KindJob, "select "+jobColumns+" from job order by kind, key", func(p *store.Piece) error {
		j.Due = store.FromMicros(at)
		p.Job = j
		p.Job.Body = append([]byte{}, j.Body...)
		return nil
	}, &j.Kind, &j.Key, &at, &j.Aside, &j.Tries, &j.Version, &j.Reason, &j.Body)
}

func (x *export) told() error {
	var r store.Result
	var t store.Ticket
	var at int64
	err := x.all(store.KindResult, "select kind, id, customer, outcome, detail, at from result order by kind, id", func(p *store.Piece) error {
		r.At = store.FromMicros(at)
		p.Result = r
		return nil
	}, &r.Kind, &r.ID, &r.Customer, &r.Outcome, &r.Detail, &at)
	if err != nil {
		return err
	}
	return x.all(store.KindTicket, "select name, id, sealed, at from ticket order by name", func(p *store.Piece) error {
		t.At = store.FromMicros(at)
		p.Ticket = t
		p.Ticket.Sealed = append([]byte{}, t.Sealed...)
		return nil
	}, &t.Unique, &t.ID, &t.Sealed, &at)
}

// Import takes in all the pieces or none.
func (s *Store) Import(ctx context.Context, pieces iter.Seq2[store.Piece, error]) (moved store.Moved, err error) {
	err = s.change(ctx, "import an inbox", func(e *edit) (err error) {
		var filled bool
		const something = "select exists (select 1 from session) or exists (select 1 from audit) or exists (select 1 from delivery) or exists (select 1 from job) " +
			"or exists (select 1 from case_file) or exists (select 1 from result) or exists (select 1 from ticket)"
		if err := e.one(ctx, something, nil, &filled); err != nil {
			return err
		}
		if filled {
			return store.ErrNotEmpty
		}
		e.unnamed = true
		var highest int64
		if moved, highest, err = e.ways().TakeIn(pieces); err != nil || highest == 0 {
			return err
		}
		if err := e.exec(ctx, "delete from sqlite_sequence where name = 'delivery'"); err != nil {
			return err
		}
		return e.exec(ctx, "insert into sqlite_sequence (name, seq) values ('delivery', ?)", highest)
	})
	return moved, err
}

func (e *edit) ways() acts.Ways {
	return acts.Ways{
		store.KindRow: func(p *store.Piece) error {
			err := e.Add(p.Row)
			e.ids = e.ids[:0]
			return err
		},
		store.KindNote: func(p *store.Piece) error {
			clear(e.found)
			if _, err := e.Find(p.Session); err != nil {
				return err
			}
			return e.addNote(p.Session, p.Note)
		},
		store.KindFile: func(p *store.Piece) error {
			return e.exec(e.ctx, "insert into case_file (id, path, at) values (?, ?, ?)", p.File.Session, p.File.Path, store.Micros(p.File.At))
		},
		store.KindMeta:       func(p *store.Piece) error { return e.setMeta(p.Meta.Name, p.Meta.Value) },
		store.KindEntry:      func(p *store.Piece) error { return e.putEntry(p.Entry) },
		store.KindHash:       func(p *store.Piece) error { return e.putHash(p.Hash.Index, p.Hash.Hash) },
		store.KindCheckpoint: func(p *store.Piece) error { return e.putCheckpoint(p.Checkpoint.Size, p.Checkpoint.Text) },
		store.KindBatch:      func(p *store.Piece) error { return e.addBatch(p.Batch) },
		store.KindLeft:       func(p *store.Piece) error { return e.addLeft(p.Left) },
		store.KindDelivery: func(p *store.Piece) error {
			return e.exec(e.ctx, "insert into delivery (seq, at, body) values (?, ?, ?)", p.Delivery.Seq, store.Micros(p.Delivery.At), p.Delivery.Body)
		},
		store.KindJob:    func(p *store.Piece) error { return e.WriteJob(p.Job) },
		store.KindResult: func(p *store.Piece) error { return e.KeepResults([]store.Result{p.Result}) },
		store.KindTicket: func(p *store.Piece) error { return e.addTicket(p.Ticket) },
	}
}
