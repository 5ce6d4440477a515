// Package audit is an append-only log of who saw and did what, in which every entry
// is a leaf of a hash tree (RFC 6962, golang.org/x/mod/sumdb/tlog) whose root is
// signed now and then. Nothing of it can be edited, deleted, inserted or reordered
// without [Verify] naming the first entry that does not fit.
//
// The package is pure: what it needs of a database are [Tx] and [Reader], which the
// drivers of the inbox implement, so that an entry and what it tells of are written
// in one transaction.
package audit
