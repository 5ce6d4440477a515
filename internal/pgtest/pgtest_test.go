package pgtest

import (
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { Main(m) }

func TestDatabasesAreApart(t *testing.T) {
	one, two := URL(t), URL(t)
	Exec(t, one, "create table here (id int)")
	Exec(t, two, "create table here (id int)")
	copied, drop, err := Copy(one)
	require.NoError(t, err)
	defer func() { require.NoError(t, drop()) }()
	Exec(t, copied, "insert into here values (1)")
	c, err := pgx.Connect(t.Context(), one)
	require.NoError(t, err)
	defer func() { require.NoError(t, c.Close(t.Context())) }()
	var n int
	require.NoError(t, c.QueryRow(t.Context(), "select count(*) from here").Scan(&n))
	require.Zero(t, n)
	var last string
	require.NoError(t, c.QueryRow(t.Context(), "select x from unnest(array['B', 'a', 'á', 'Z']) x order by x desc limit 1").Scan(&last))
	require.Equal(t, "Z", last, "not the order of bytes")
}

// TestAClusterOfItsOwn is stopped and started, as an operator and as a crash do it.
func TestAClusterOfItsOwn(t *testing.T) {
	c, err := New()
	require.NoError(t, err)
	defer func() { require.NoError(t, c.Remove()) }()
	Exec(t, c.URL(), "create table kept (id int)")
	for _, how := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT} {
		require.NoError(t, c.Stop(how))
		require.NoError(t, c.Start())
		Exec(t, c.URL(), "insert into kept values (1)")
	}
}
