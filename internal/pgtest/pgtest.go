// Package pgtest gives tests databases on a real Postgres: a cluster of their own, in
// a temporary folder, for as long as the test binary runs. DOCKET_TEST_POSTGRES names
// a server to use instead, by a URL of somebody who may create databases there.
package pgtest

import (
	"context"
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
	ready bool // Main runs the tests
	on    *Cluster
	err   error
}

// Main runs the tests of a package that asks for databases, and takes the cluster
// down afterwards, and whatever else is to go: TestMain calls it.
func Main(m *testing.M, after ...func()) {
	shared.ready = true
	code := m.Run()
	for _, do := range after {
		do()
	}
	if shared.on != nil {
		if err := shared.on.Remove(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = max(code, 1)
		}
	}
	os.Exit(code)
}

// server returns the URL of the server that databases are made on.
func server(t testing.TB) string {
	t.Helper()
	if given := os.Getenv(serverVar); given != "" {
		return given
	}
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if !shared.ready {
		t.Fatal("TestMain of this package has to call pgtest.Main")
	}
	if shared.on == nil && shared.err == nil {
		shared.on, shared.err = New()
	}
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.on.URL()
}

// numbered counts the databases of this process.
var numbered atomic.Int64

// Empty is the template of databases in which capitals and accents do not sort as
// their bytes do.
const Empty = "template0 encoding 'UTF8' locale_provider 'icu' icu_locale 'en-US' locale 'C'"

// URL returns the URL of an empty database, which is dropped at the end of the test.
func URL(t testing.TB) string {
	t.Helper()
	url, drop := Make(t, Empty)
	t.Cleanup(drop)
	return url
}

// Copy returns the URL of a copy of the database at another URL, to which nobody may
// be connected, and what drops it.
func Copy(t testing.TB, of string) (copied string, drop func()) {
	t.Helper()
	return Make(t, pgx.Identifier{database(of)}.Sanitize())
}

// Make makes a database from a template, as "create database" takes it.
func Make(t testing.TB, template string) (made string, drop func()) {
	t.Helper()
	on := server(t)
	name := fmt.Sprintf("docket_test_%d_%d", os.Getpid(), numbered.Add(1))
	Exec(t, on, "create database "+name+" template "+template)
	return to(on, name), func() { Exec(t, on, "drop database "+name+" with (force)") }
}

// Exec runs a statement as somebody who is connected for it alone.
func Exec(t testing.TB, at, text string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c, err := pgx.Connect(ctx, at)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Exec(ctx, text)
	if closed := c.Close(ctx); err == nil {
		err = closed
	}
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
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
