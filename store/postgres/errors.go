package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/puddle/v2"

	"docket/model"
	"docket/store"
)

// Codes of Postgres (https://www.postgresql.org/docs/current/errcodes-appendix.html).
const (
	codeUnique   = "23505"
	codeSerial   = "40001"
	codeDeadlock = "40P01"
	codeCrowded  = "53300"
	codeShutdown = "57P01"
	codeCrash    = "57P02"
	codeStarting = "57P03"
	classConnect = "08"
	classDamaged = "XX"
	classSchema  = "3F"
	codeNoTable  = "42P01"
	codeNoRight  = "42501"
	codeReadOnly = "25006"
	codeLocked   = "55P03"
	codeCanceled = "57014"
	codeSetting  = "42704"
	codeValue    = "22023"
)

// meanings says what a code, or else its class of two letters, means to a person, and
// what to do now.
var meanings = map[string][2]string{
	"28":         {"The database of the inbox does not let this user in", "check user and password of the store's URL, and pg_hba.conf of the server"},
	"3D":         {"The database of the inbox does not exist", "create it, or name another one with --store"},
	classSchema:  {"The schema of the inbox does not exist", "create it, or check search_path in the store's URL"},
	"42P07":      {foreign, foreignDo},
	codeNoTable:  {foreign, foreignDo},
	"42703":      {foreign, foreignDo},
	codeNoRight:  {"The user of the database may not do this", "grant the user the database (create) or the schema of docket (all)"},
	codeReadOnly: {"The database of the inbox can be read only", "name the server that takes changes, and a user who may make them"},
	codeSetting:  {setting, settingDo},
	codeValue:    {setting, settingDo},
	codeCanceled: {"The server of the inbox stopped what took too long", "try again; if it stays so, raise statement_timeout of the user of the database"},
	codeLocked:   {"Others keep the inbox busy", "try again; if it stays so, raise lock_timeout of the user of the database"},
	"53":         {"The server of the inbox has run out of something", "make room on the server or raise its limits, then try again"},
	"53100":      {"There is no room left on the disk of the inbox", "make room on the server, then try again"},
	codeCrowded:  {"The server of the inbox takes no more connections", "raise max_connections of the server, or lower pool_max_conns in the URLs of the stores"},
	classConnect: {away, awayDo},
	"57":         {away, awayDo},
	classDamaged: {"The database of the inbox is damaged", "look at the server's log; bring back a backup if need be"},
	codeSerial:   {"Others keep changing the same sessions", "try again"},
	codeDeadlock: {"Others keep changing the same sessions", "try again"},
	codeUnique:   {"Others keep adding the same sessions", "try again"},
}

const (
	setting   = "The server of the inbox does not take a setting of the store's URL"
	settingDo = "check what stands behind the question mark in it"
	foreign   = "The database has tables that docket did not make, or not all of its own"
	foreignDo = "give docket a schema or a database of its own"
	away      = "The database of the inbox cannot be reached"
	awayDo    = "check that the server runs and that the network leads there, then try again"
)

// codeOf returns the code of an error of Postgres, "" for any other.
func codeOf(err error) string {
	var in *pgconn.PgError
	if !errors.As(err, &in) {
		return ""
	}
	return in.Code
}

// lostError says that a connection ended before its transaction did: nothing of it
// has happened.
type lostError struct{ cause error }

func (e lostError) Error() string { return e.cause.Error() }
func (e lostError) Unwrap() error { return e.cause }

// gone reports whether a database is away for now, and nothing has happened.
func gone(err error) bool {
	var lost lostError
	if errors.As(err, &lost) {
		return true
	}
	switch code := codeOf(err); {
	case code == codeCrowded, code == codeShutdown, code == codeCrash, code == codeStarting, strings.HasPrefix(code, classConnect):
		return true
	case code != "":
		return false
	}
	var dns *net.DNSError
	var connecting *pgconn.ConnectError
	if errors.As(err, &dns) && dns.IsNotFound {
		return false
	}
	return errors.As(err, &connecting) || pgconn.SafeToRetry(err) || errors.Is(err, io.ErrUnexpectedEOF)
}

// collided reports whether another transaction was in the way.
func collided(err error) bool {
	switch codeOf(err) {
	case codeUnique, codeSerial, codeDeadlock:
		return true
	}
	return false
}

// errUnknown says that a commit got no answer: it may have happened.
var errUnknown = errors.New("the commit got no answer")

// unknownError is an errUnknown. What was behind it is not, for what an error of the
// connection means is another thing before a commit.
type unknownError struct{ cause error }

func (e unknownError) Error() string { return errUnknown.Error() + ": " + e.cause.Error() }
func (unknownError) Unwrap() error   { return errUnknown }

// told turns an error into one for a person. What callers tell apart passes as it is.
// The words of Postgres and of the driver stay behind: they name users, and values.
func (s *Store) told(what string, err error) error {
	var known *model.Problem
	var connecting *pgconn.ConnectError
	var lost lostError
	code := codeOf(err)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return fmt.Errorf("%s: %w", what, err)
	case errors.Is(err, puddle.ErrClosedPool):
		return problem("The inbox is closed", s.where, "start docket again", down(err))
	case errors.Is(err, store.ErrDamaged):
		return problem("A row of the inbox is damaged", s.where, "look at the server's log; bring back a backup if need be", err)
	case errors.Is(err, errUnknown) && !gone(err):
		return model.NewProblem(model.KindOutcome, "The database of the inbox went away while it was to "+what, s.where,
			"look whether it was kept before doing it again").Because(down(err))
	case code != "":
		return s.meant(code, err)
	case errors.As(err, &lost): // for instance by a limit of our own, which is nobody's deadline
		return s.meant(classConnect, err)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded) && !errors.As(err, &connecting):
		return fmt.Errorf("%s: %w", what, err)
	case gone(err), errors.As(err, &connecting):
		return s.meant(classConnect, err)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// meant returns the problem that a code of Postgres stands for.
func (s *Store) meant(code string, err error) error {
	m, ok := meanings[code]
	if !ok {
		m, ok = meanings[code[:2]]
	}
	if !ok {
		return problem("The inbox could not be used (Postgres code "+code+")", s.where, "try again; if it stays so, see `docket doctor`", err)
	}
	p := problem(m[0], s.where, m[1], down(err))
	if m[0] == away {
		p.Kind = model.KindUnreachable
	}
	return p
}

// down says of an error that it is not about what was asked.
func down(err error) error { return fmt.Errorf("%w: %w", store.ErrDown, err) }

// problem is an error for a person: what happened, to what, what to do now.
func problem(what, subject, do string, err error) *model.Problem {
	return model.NewProblem(model.KindFailed, what, subject, do).Because(err)
}
