package acts

import (
	"encoding/json"
	"fmt"
	"time"

	"docket/audit"
	"docket/model"
	"docket/store"
)

// BatchTx is what a transaction knows of bulk runs.
type BatchTx interface {
	// LeaveBatch takes a session out of a run at a time, and the run with its last
	// session. It reports whether the session was there.
	LeaveBatch(batch, session string, at time.Time) (bool, error)
	// EndBatch takes a run out with all its sessions.
	EndBatch(batch string) error
}

// leaves says which events end the plan for a session.
var leaves = map[audit.Event]bool{audit.Intent: true, audit.Refused: true, audit.Undo: true}

// Logged readies entries for the audit log: those without a time get that of the
// transaction, and what they say of a bulk run is kept.
func Logged(tx BatchTx, now time.Time, entries []audit.Entry) error {
	for i := range entries {
		if entries[i].At.IsZero() {
			entries[i].At = now
		}
		if entries[i].Batch == "" {
			continue
		}
		if err := batched(tx, &entries[i]); err != nil {
			return err
		}
	}
	return nil
}

// batched takes a session out of its bulk run when the log says what became of the
// plan. An intent is the one of the plan, or none.
func batched(tx BatchTx, entry *audit.Entry) error {
	switch {
	case entry.Event == audit.Stop:
		return tx.EndBatch(entry.Batch)
	case !leaves[entry.Event]:
		return nil
	}
	planned, err := tx.LeaveBatch(entry.Batch, entry.Session, entry.At)
	if err == nil && !planned && entry.Event == audit.Intent {
		return named(entry.Session, store.ErrActed)
	}
	return err
}

// EncodeAction returns the action of a bulk run as it is kept, without its sessions.
func EncodeAction(a model.Action) (string, error) {
	a.IDs = nil
	text, err := json.Marshal(a)
	if err != nil {
		return "", fmt.Errorf("a bulk run: %w", err)
	}
	return string(text), nil
}

// DecodeAction returns what EncodeAction wrote, or store.ErrDamaged.
func DecodeAction(text []byte) (a model.Action, err error) {
	if err := json.Unmarshal(text, &a); err != nil {
		return a, fmt.Errorf("%w: a bulk run: %w", store.ErrDamaged, err)
	}
	return a, nil
}
