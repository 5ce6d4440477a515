// Package pgtest gives tests databases on a real Postgres: a cluster of their own, in
// a temporary folder, for as long as the test binary runs. DOCKET_TEST_POSTGRES names
// a server to use instead, by a URL of somebody who may create databases there.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// serverVar names the variable with the URL of a server to use.
const serverVar = "DOCKET_TEST_POSTGRES"

// shared is the cluster of a test binary.
var shared struct {
	mu    sync.Mutex
	ready bool // somebody takes it down afterwards
	on    *Cluster
	err   error
}

// Main runs the tests of a package that asks for databases: TestMain calls it.
func Main(m *testing.M) { os.Exit(Around(m).Run()) }

// Around returns tests that are run with a cluster, for a TestMain that does more than
// that.
func Around(m interface{ Run() int }) interface{ Run() int } { return around{m} }

type around struct{ tests interface{ Run() int } }

// Run runs the tests, and takes the cluster down afterwards if there is one.
func (a around) Run() int {
	shared.ready = true
	code := a.tests.Run()
	if shared.on != nil {
		if err := shared.on.Remove(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return max(code, 1)
		}
	}
	return code
}

// server returns the URL of the server that databases are made on.
func server() (string, error) {
	if given := os.Getenv(serverVar); given != "" {
		return given, nil
	}
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if !shared.ready {
		return "", errors.New("TestMain of this package has to call pgtest.Main")
	}
	if shared.on == nil && shared.err == nil {
		shared.on, shared.err = New()
	}
	if shared.err != nil {
		return "", shared.err
	}
	return shared.on.URL(), nil
}

// numbered counts the databases of this process.
var numbered atomic.Int64

// Empty is the template of databases in which capitals and accents do not sort as
// their bytes do.
const Empty = "template0 encoding 'UTF8' locale_provider 'icu' icu_locale 'en-US' locale 'C'"

// Create makes a database from a template, as "create database" takes it. It returns
// the URL of it and what drops it.
func Create(template string) (made string, drop func() error, err error) {
	on, err := server()
	if err != nil {
		return "", nil, err
	}
	name := fmt.Sprintf("docket_test_%d_%d", os.Getpid(), numbered.Add(1))
	if err := run(on, "create database "+name+" template "+template); err != nil {
		return "", nil, err
	}
	return to(on, name), func() error { return run(on, "drop database "+name+" with (force)") }, nil
}

// URL returns the URL of an empty database, which is dropped at the end of the test.
func URL(t testing.TB) string {
	t.Helper()
	made, drop, err := Create(Empty)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := drop(); err != nil {
			t.Error(err)
		}
	})
	return made
}

// Copy returns the URL of a copy of the database at another URL, to which nobody may
// be connected, and what drops it.
func Copy(of string) (copied string, drop func() error, err error) {
	return Create(pgx.Identifier{database(of)}.Sanitize())
}

// Exec runs a statement as somebody who is connected for it alone.
func Exec(t testing.TB, at, text string) {
	t.Helper()
	if err := run(at, text); err != nil {
		t.Fatal(err)
	}
}

func run(at, text string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c, err := pgx.Connect(ctx, at)
	if err != nil {
		return err
	}
	if _, err := c.Exec(ctx, text); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", text, err), c.Close(ctx))
	}
	return c.Close(ctx)
}

// to returns a URL with another database.
func to(raw, name string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return raw // connecting says what is wrong
	}
	u.Path = "/" + name
	return u.String()
}

func database(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	return strings.TrimPrefix(u.Path, "/")
}
