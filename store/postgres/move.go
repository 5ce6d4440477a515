package postgres

import (
	"context"
	"iter"

	"github.com/jackc/pgx/v5"

	"docket/store"
	"docket/store/internal/acts"
)

var _ store.Mover = (*Store)(nil)

// Export hands over all that the inbox holds. While it lasts Postgres sweeps nothing up.
func (s *Store) Export(ctx context.Context) iter.Seq2[store.Piece, error] {
	return acts.HandOver(func(put func(store.Piece) error) error {
		o := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
		err := s.within(ctx, o, 0, func(tx pgx.Tx) error { // once: what was put is not taken back
			x := &export{Tx: tx, ctx: ctx, put: put}
			for _, step := range []func() error{x.rows, x.notes, x.files, x.meta, x.log, x.batches, x.queue, x.told} {
				if err := step(); err != nil {
					return err
				}
			}
			return nil
		})
		return s.told("export the inbox", err)
	})
}

// export reads everything once.
type export struct {
	pgx.Tx
	ctx context.Context // of the call, which an export does not outlive
	put func(store.Piece) error
}

// all hands over what a statement reads, as fill makes a piece of it.
func (x *export) all(kind store.Kind, text string, fill func(*store.Piece) error, places ...any) error {
	return each(x.ctx, x, text, nil, func() error {
		p := store.Piece{Kind: kind}
		if err := fill(&p); err != nil {
			return err
		}
		return x.put(p)
	}, places...)
}

func (x *export) rows() error {
	var body []byte
	return x.all(store.KindRow, "select body from session", func(p *store.Piece) (err error) {
		p.Row, err = store.DecodeRow(body)
		return err
	}, &body)
}

func (x *export) notes() error {
	var n store.Piece
	var at int64
	var seen string
	var body []byte
	text := "select s.body, n.by, n.at, n.text, n.evidence, n.salt from note n join session s on s.id = n.session order by n.id"
	return x.all(store.KindNote, text, func(p *store.Piece) error {
		r, err := store.DecodeRow(body)
		if err != nil {
			return err
		}
		p.Session, p.Note = r.ID, n.Note
		p.Note.By, p.Note.At, p.Note.Text, p.Note.Salt = plain(n.Note.By), store.FromMicros(at), plain(n.Note.Text), plain(n.Note.Salt)
		p.Note.Evidence, err = store.DecodeEvidence(plain(seen))
		return err
	}, &body, &n.Note.By, &at, &n.Note.Text, &seen, &n.Note.Salt)
}

func (x *export) files() error {
	var f store.CaseFile
	var at int64
	return x.all(store.KindFile, "select session, path, at from case_file order by session, path", func(p *store.Piece) error {
		p.File = store.CaseFile{Session: plain(f.Session), Path: plain(f.Path), At: store.FromMicros(at)}
		return nil
	}, &f.Session, &f.Path, &at)
}

func (x *export) meta() error {
	var name, value string
	return x.all(store.KindMeta, "select name, value from meta order by name", func(p *store.Piece) error {
		p.Meta.Name, p.Meta.Value = plain(name), plain(value)
		return nil
	}, &name, &value)
}

func (x *export) log() error {
	var n int64
	var b []byte
	var text string
	err := x.all(store.KindEntry, "select seq, line from audit order by seq", func(p *store.Piece) error {
		p.Entry.Index, p.Entry.Line = n, b
		return nil
	}, &n, &b)
	if err != nil {
		return err
	}
	err = x.all(store.KindHash, "select idx, hash from audit_hash order by idx", func(p *store.Piece) (err error) {
		p.Hash.Index = n
		p.Hash.Hash, err = hashOf(b)
		return err
	}, &n, &b)
	if err != nil {
		return err
	}
	return x.all(store.KindCheckpoint, "select size, text from audit_checkpoint order by size", func(p *store.Piece) error {
		p.Checkpoint = store.SizedText{Size: n, Text: plain(text)}
		return nil
	}, &n, &text)
}

func (x *export) batches() error {
	var in store.Piece
	var at, last int64
	var action string
	b, left := &in.Batch, &in.Left
	err := x.all(store.KindBatch, "select id, by, at, last, total, action from batch order by id", func(p *store.Piece) (err error) {
		p.Batch = *b
		p.Batch.ID, p.Batch.By, p.Batch.At, p.Batch.Last = plain(b.ID), plain(b.By), store.FromMicros(at), store.FromMicros(last)
		p.Batch.Action, err = acts.DecodeAction([]byte(plain(action)))
		return err
	}, &b.ID, &b.By, &at, &last, &b.Total, &action)
	if err != nil {
		return err
	}
	return x.all(store.KindLeft, "select batch, session, seq from batch_left order by batch, session", func(p *store.Piece) error {
		p.Left = store.BatchLeft{Batch: plain(left.Batch), Session: plain(left.Session), Seq: left.Seq}
		return nil
	}, &left.Batch, &left.Session, &left.Seq)
}

func (x *export) queue() error {
	var d store.Delivery
	var at int64
	err := x.all(store.KindDelivery, "select seq, at, body from delivery order by seq", func(p *store.Piece) error {
		d.At = store.FromMicros(at)
		p.Delivery = d
		return nil
	}, &d.Seq, &at, &d.Body)
	if err != nil {
		return err
	}
	var j store.Job
	return x.all(store.KindJob, "select "+jobColumns+" from job order by kind, key", func(p *store.Piece) error {
		p.Job = j
		p.Job.Kind, p.Job.Key, p.Job.Due, p.Job.Reason = store.JobKind(plain(string(j.Kind))), plain(j.Key), store.FromMicros(at), plain(j.Reason)
		return nil
	}, &j.Kind, &j.Key, &at, &j.Aside, &j.Tries, &j.Version, &j.Reason, &j.Body)
}

func (x *export) told() error {
	var r store.Result
	var at int64
	err := x.all(store.KindResult, "select kind, id, customer, outcome, detail, at from result order by kind, id", func(p *store.Piece) error {
		p.Result = plainResult(r, at)
		return nil
	}, &r.Kind, &r.ID, &r.Customer, &r.Outcome, &r.Detail, &at)
	if err != nil {
		return err
	}
	var t store.Ticket
	return x.all(store.KindTicket, "select name, id, sealed, at from ticket order by name", func(p *store.Piece) error {
		p.Ticket = store.Ticket{Unique: plain(t.Unique), ID: plain(t.ID), Sealed: t.Sealed, At: store.FromMicros(at)}
		return nil
	}, &t.Unique, &t.ID, &t.Sealed, &at)
}

// importing is how many pieces are written in one step.
const importing = 500

// Import takes in all the pieces or none. Whoever else writes to the inbox waits until
// its end.
func (s *Store) Import(ctx context.Context, pieces iter.Seq2[store.Piece, error]) (moved store.Moved, err error) {
	err = s.changeWithin(ctx, "import an inbox", once, 0, func(e *edit) (err error) {
		if err := e.do("lock table session, audit, delivery, job, case_file, result, ticket in share row exclusive mode"); err != nil {
			return err
		}
		var filled bool
		const something = "select exists (select 1 from session) or exists (select 1 from audit) or exists (select 1 from delivery) or exists (select 1 from job) " +
			"or exists (select 1 from case_file) or exists (select 1 from result) or exists (select 1 from ticket)"
		if err := one(ctx, e, something, nil, &filled); err != nil {
			return err
		}
		if filled {
			return store.ErrNotEmpty
		}
		e.unnamed = true
		m := &intake{edit: e, b: &pgx.Batch{}, delta: make([]int64, len(counters))}
		var highest int64
		if moved, highest, err = m.ways().TakeIn(m.stepwise(pieces)); err != nil {
			return err
		}
		m.b.Queue(count, anys(m.delta)...)
		if highest > 0 {
			m.b.Queue("select setval(pg_get_serial_sequence('delivery', 'seq'), $1)", highest)
		}
		return m.send(m.b)
	})
	return moved, err
}

// intake is an inbox that is taken in.
type intake struct {
	*edit
	b     *pgx.Batch
	delta []int64 // of the counters
}

// stepwise writes what waits after every so many pieces.
func (m *intake) stepwise(pieces iter.Seq2[store.Piece, error]) iter.Seq2[store.Piece, error] {
	return func(yield func(store.Piece, error) bool) {
		for p, err := range pieces {
			if err == nil && m.b.Len() >= importing {
				err = m.send(m.b)
				m.b = &pgx.Batch{}
			}
			if !yield(p, err) {
				return
			}
		}
	}
}

func (m *intake) queue(text string, args ...any) error {
	m.b.Queue(text, args...)
	return nil
}

func (m *intake) ways() acts.Ways {
	return acts.Ways{
		store.KindRow: func(p *store.Piece) error {
			counted(m.delta, &p.Row, 1)
			m.b.Queue(insertSession, values(&p.Row)...)
			writeTags(m.b, p.Row.ID, &cell{is: &p.Row})
			return nil
		},
		store.KindNote: func(p *store.Piece) error {
			args, err := noteValues(p.Session, p.Note)
			if err != nil {
				return err
			}
			return m.queue(insertNote, args...)
		},
		store.KindFile: func(p *store.Piece) error {
			return m.queue(insertFile, keyed(p.File.Session), safe(p.File.Path), store.Micros(p.File.At))
		},
		store.KindMeta: func(p *store.Piece) error {
			return m.queue(writeMeta+"excluded.value", safe(p.Meta.Name), safe(p.Meta.Value))
		},
		store.KindEntry:      func(p *store.Piece) error { return m.queue(insertEntry, p.Entry.Index, p.Entry.Line) },
		store.KindHash:       func(p *store.Piece) error { return m.queue(insertHash, p.Hash.Index, p.Hash.Hash[:]) },
		store.KindCheckpoint: func(p *store.Piece) error { return m.queue(insertSign, p.Checkpoint.Size, safe(p.Checkpoint.Text)) },
		store.KindBatch: func(p *store.Piece) error {
			args, err := batchValues(p.Batch)
			if err != nil {
				return err
			}
			return m.queue(insertBatch, args...)
		},
		store.KindLeft: func(p *store.Piece) error {
			return m.queue(insertLeft, safe(p.Left.Batch), keyed(p.Left.Session), p.Left.Seq)
		},
		store.KindDelivery: func(p *store.Piece) error {
			return m.queue("insert into delivery (seq, at, body) overriding system value values ($1, $2, $3)",
				p.Delivery.Seq, store.Micros(p.Delivery.At), p.Delivery.Body)
		},
		store.KindJob: func(p *store.Piece) error {
			return m.queue(insertJob, jobValues(&p.Job, jobID(p.Job.Kind, p.Job.Key))...)
		},
		store.KindResult: func(p *store.Piece) error { return m.queue(insertResult, resultValues(p.Result)...) },
		store.KindTicket: func(p *store.Piece) error { return m.queue(insertTicket, ticketValues(p.Ticket)...) },
	}
}
