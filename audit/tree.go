package audit

import (
	"golang.org/x/mod/sumdb/tlog"
)

// edge is the right edge of a growing tree: the roots of its complete parts, the
// largest first. It is all that a root needs, whatever the size.
type edge struct {
	size  int64
	parts []part
}

type part struct {
	level int
	hash  tlog.Hash
}

// add adds a leaf and returns the hashes that are stored for it: its own, then of
// every part that it completes.
func (e *edge) add(leaf tlog.Hash) []tlog.Hash {
	made := []tlog.Hash{leaf}
	now := part{0, leaf}
	for n := len(e.parts); n > 0 && e.parts[n-1].level == now.level; n = len(e.parts) {
		now = part{now.level + 1, tlog.NodeHash(e.parts[n-1].hash, now.hash)}
		e.parts = e.parts[:n-1]
		made = append(made, now.hash)
	}
	e.parts = append(e.parts, now)
	e.size++
	return made
}

// root returns the root of the tree.
func (e *edge) root() tlog.Hash {
	n := len(e.parts)
	if n == 0 {
		empty, _ := tlog.TreeHash(0, nil) // of no leaves nothing is read
		return empty
	}
	h := e.parts[n-1].hash
	for i := n - 2; i >= 0; i-- {
		h = tlog.NodeHash(e.parts[i].hash, h)
	}
	return h
}
