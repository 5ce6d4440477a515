package model

import "time"

// Batch is a bulk run that has sessions left: planned, and neither sent nor refused
// nor stopped.
type Batch struct {
	ID     string
	By     string // authenticated identity; only they go on with it
	Action Action // what is done to each session; without their ids
	At     time.Time
	Last   time.Time // of its last entry in the audit log
	Total  int       // sessions that were planned
	Left   int
}
