package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	driver "modernc.org/sqlite"

	"docket/model"
	"docket/store"
)

// Codes of SQLite; extended codes have more in the higher bits.
const (
	codeBusy      = 5
	codeLocked    = 6
	codeReadOnly  = 8
	codeInterrupt = 9
	codeIO        = 10
	codeCorrupt   = 11
	codeFull      = 13
	codeCantOpen  = 14
	codeNotADB    = 26
)

// meanings says what a code means to a person, and what to do now.
var meanings = map[int][2]string{
	codeBusy:     {"Another process keeps the inbox busy", "wait until it is done, or end it, and try again"},
	codeLocked:   {"Another process keeps the inbox busy", "wait until it is done, or end it, and try again"},
	codeReadOnly: {"The inbox file cannot be written to", "check the permissions of the file and of its folder"},
	codeIO:       {"The disk failed to read or write the inbox", "check the disk and the space left on it, then try again"},
	codeCorrupt:  {"The inbox file is damaged", damagedDo},
	codeFull:     {"There is no room left on the disk of the inbox", "make room, then try again"},
	codeCantOpen: {"The inbox file cannot be opened", "check the permissions of the file and of its folder"},
	codeNotADB:   {"The inbox file is damaged", damagedDo},
}

const damagedDo = "keep a copy of the file, then bring back an older one or name another inbox with --store"

// codeOf returns the code of an error of SQLite, 0 for any other error.
func codeOf(err error) int {
	var in *driver.Error
	if !errors.As(err, &in) {
		return 0
	}
	return in.Code() & 0xFF
}

// told turns an error into one for a person, who has never heard of SQLite. What
// callers tell apart passes as it is.
func (s *Store) told(what string, err error) error {
	var known *model.Problem
	code := codeOf(err)
	switch {
	case err == nil:
		return nil
	case code == codeInterrupt:
		return fmt.Errorf("%s: %w", what, context.Canceled)
	case errors.As(err, &known), code == 0 && !errors.Is(err, errClosed) && !errors.Is(err, store.ErrDamaged):
		return fmt.Errorf("%s: %w", what, err)
	case errors.Is(err, errClosed):
		return problem("The inbox is closed", s.path, "start docket again", down(err))
	case errors.Is(err, store.ErrDamaged):
		return problem("A row of the inbox is damaged", s.path, damagedDo, err)
	}
	if m, ok := meanings[code]; ok {
		return problem(m[0], s.path, m[1], down(err))
	}
	return problem(fmt.Sprintf("The inbox could not be used (SQLite code %d)", code), s.path, "try again; if it stays so, see `docket doctor`", err)
}

// down says of an error that it is not about what was asked.
func down(err error) error { return fmt.Errorf("%w: %w", store.ErrDown, err) }

// problem is an error for a person: what happened, to what, what to do now.
func problem(what, subject, do string, err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		what += ": " + pathErr.Err.Error()
	}
	return model.NewProblem(model.KindFailed, what, subject, do).Because(err)
}
