package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/store/storegen"
)

// childPath names the inbox that a child of the test writes to.
const childPath = "DOCKET_TEST_CHILD_INBOX"

func TestMain(m *testing.M) {
	if path := os.Getenv(childPath); path != "" {
		if err := child(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// child writes for ever and tells each row that it has kept.
func child(path string) error {
	ctx := context.Background()
	s, err := Open(ctx, path)
	if err != nil {
		return err
	}
	for i := os.Getpid() % 1000; ; i++ {
		r := storegen.Row(i % 300)
		r.Verdict, r.UpdatedAt = model.Verdicts()[i%8], r.UpdatedAt.Add(time.Duration(i)*time.Minute)
		if err := s.Upsert(ctx, r, storegen.Row(i%300+1)); err != nil {
			return err
		}
		if err := s.SetTags(ctx, r.ID, []string{fmt.Sprint("tag", i%7)}); err != nil {
			return err
		}
		if i%50 == 0 {
			if err := s.Forget(ctx, r.ID); err != nil {
				return err
			}
		}
		fmt.Println(r.ID)
	}
}

// TestKilled ends writers in the middle of what they do, two at a time, and looks
// at what they leave behind.
func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "inbox.db")
	var kept []string
	for round := range manyKills {
		first, second := startChild(t, path), startChild(t, path)
		for _, c := range []*running{first, second} {
			kept = append(kept, c.rows(t, 10+round*7)...)
		}
		for _, c := range []*running{first, second} {
			require.NoError(t, c.cmd.Process.Kill())
			_ = c.cmd.Wait() // ends with "signal: killed"
			require.Empty(t, c.stderr.String())
		}
		s, err := Open(t.Context(), path)
		require.NoError(t, err)
		has, err := s.Has(t.Context(), kept...)
		require.NoError(t, err)
		for id, there := range has {
			require.True(t, there, "%s was kept, and is gone", id)
		}
		consistent(t, s)
		require.NoError(t, s.Close())
	}
}

type running struct {
	cmd    *exec.Cmd
	stdout *bufio.Scanner
	stderr strings.Builder
}

func startChild(t *testing.T, path string) *running {
	t.Helper()
	exe, err := os.Executable()
	require.NoError(t, err)
	c := &running{cmd: exec.Command(exe)}
	c.cmd.Env = append(os.Environ(), childPath+"="+path)
	c.cmd.Stderr = &c.stderr
	out, err := c.cmd.StdoutPipe()
	require.NoError(t, err)
	c.stdout = bufio.NewScanner(out)
	require.NoError(t, c.cmd.Start())
	t.Cleanup(func() { _ = c.cmd.Process.Kill() }) // when the test failed before
	return c
}

// rows waits until the child has kept so many rows and returns their ids.
func (c *running) rows(t *testing.T, n int) []string {
	t.Helper()
	var ids []string
	for len(ids) < n && c.stdout.Scan() {
		ids = append(ids, c.stdout.Text())
	}
	require.Len(t, ids, n, "the child ended: %s", c.stderr.String())
	return ids
}
