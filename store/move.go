package store

import (
	"context"
	"errors"
	"iter"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"docket/audit"
	"docket/model"
)

// ErrNotEmpty is returned for an inbox that is to take in another one, and holds
// something already.
var ErrNotEmpty = errors.New("the inbox is not empty")

// Mover is an inbox that can be moved, from one database to another.
type Mover interface {
	// Export hands over all that the inbox holds, as it is at one moment: in an order
	// in which it can be taken in, piece by piece. It may be asked for again, and
	// begins anew then.
	Export(ctx context.Context) iter.Seq2[Piece, error]
	// Import takes in all the pieces or none, as they are, and returns how many there
	// were of each kind. ErrNotEmpty: there is something here already.
	Import(ctx context.Context, pieces iter.Seq2[Piece, error]) (Moved, error)
}

// Moved is how many pieces there were of each kind.
type Moved map[Kind]int64

// Kind is what a piece is, as people call it.
type Kind string

// The kinds, in the order of Kinds.
const (
	KindRow        Kind = "sessions"
	KindNote       Kind = "notes"
	KindFile       Kind = "case files"
	KindMeta       Kind = "settings of the inbox"
	KindEntry      Kind = "entries of the audit log"
	KindHash       Kind = "hashes of the audit log"
	KindCheckpoint Kind = "checkpoints"
	KindBatch      Kind = "bulk runs"
	KindLeft       Kind = "sessions that bulk runs have left"
	KindDelivery   Kind = "webhooks that wait"
	KindJob        Kind = "jobs"
	KindResult     Kind = "results that webhooks told"
	KindTicket     Kind = "sessions of the token backend"
)

// Kinds returns the kinds of pieces, in the order in which they are exported.
func Kinds() []Kind {
	return []Kind{
		KindRow, KindNote, KindFile, KindMeta, KindEntry, KindHash, KindCheckpoint, KindBatch, KindLeft, KindDelivery, KindJob, KindResult, KindTicket,
	}
}

// Piece is one thing that an inbox holds. What is set goes with its kind.
type Piece struct {
	Kind Kind

	Row  model.Row
	Note model.Note // its number is given anew
	File CaseFile
	Meta struct{ Name, Value string }

	Entry      audit.Record
	Hash       IndexedHash
	Checkpoint SizedText

	Batch model.Batch
	Left  BatchLeft

	Delivery Delivery
	Job      Job
	Result   Result
	Ticket   Ticket

	Session string // interview id that a note belongs to
}

// CaseFile is where a case file of a session was written.
type CaseFile struct {
	Session, Path string
	At            time.Time
}

// IndexedHash is a hash of the audit log's tree (tlog.StoredHashIndex).
type IndexedHash struct {
	Index int64
	Hash  tlog.Hash
}

// SizedText is a signed checkpoint.
type SizedText struct {
	Size int64
	Text string
}

// BatchLeft is a session that a bulk run has left.
type BatchLeft struct {
	Batch, Session string
	Seq            int64 // of the entry that planned it
}
