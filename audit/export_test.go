package audit_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"docket/audit"
)

// exportOf writes a log as JSON lines.
func exportOf(t *testing.T, m *memory) []string {
	t.Helper()
	var lines []string
	put := func(x audit.Exported) {
		line, err := json.Marshal(x)
		require.NoError(t, err)
		lines = append(lines, string(line))
	}
	for _, r := range m.records {
		put(audit.ExportOf(r))
	}
	for _, c := range m.checkpoints {
		put(audit.Exported{Checkpoint: c})
	}
	return lines
}

func verifyFile(t *testing.T, lines []string, keys note.Verifiers) audit.Report {
	t.Helper()
	f, err := audit.ReadFile(strings.NewReader(strings.Join(lines, "\n") + "\n"))
	require.NoError(t, err)
	report, err := audit.Verify(t.Context(), f, keys)
	require.NoError(t, err)
	return report
}

// An export proves by itself what the database proves.
func TestAnExportIsVerifiedAlone(t *testing.T) {
	for _, n := range []int{1, 9, 10, 100, 5000} {
		m, _, keys := filled(t, n)
		report := verifyFile(t, exportOf(t, m), keys)
		require.Nil(t, report.Broken)
		root, err := tlog.TreeHash(int64(n), m)
		require.NoError(t, err)
		require.Equal(t, root, report.Root)
	}
	_, err := audit.ReadFile(strings.NewReader("\n"))
	require.Error(t, err)
}

// What was done to an export is found, and the first entry that does not fit is named.
func TestTamperedExports(t *testing.T) {
	drop := func(lines []string, i, n int) []string { return append(lines[:i:i], lines[i+n:]...) }
	rewritten := func(line string) string {
		var x audit.Exported
		require.NoError(t, json.Unmarshal([]byte(line), &x))
		changed := audit.ExportOf(audit.Record{Index: *x.Index, Line: []byte(strings.Replace(x.Entry, "os:ana", "os:ben", 1))})
		out, err := json.Marshal(changed)
		require.NoError(t, err)
		return string(out)
	}
	for name, c := range map[string]struct {
		do           func([]string) []string
		fault        audit.Fault
		index, until int64
	}{
		"an entry edited": {func(l []string) []string {
			l[33] = strings.Replace(l[33], "os:ana", "os:ben", 1)
			return l
		}, audit.Changed, 33, 33},
		"an entry and its hash rewritten": {func(l []string) []string { l[33] = rewritten(l[33]); return l }, audit.Rewritten, 30, 39},
		"an entry deleted":                {func(l []string) []string { return drop(l, 33, 1) }, audit.Missing, 33, 33},
		"an entry there twice":            {func(l []string) []string { return append(l[:34:34], l[33:]...) }, audit.Missing, 34, 34},
		"two swapped":                     {func(l []string) []string { l[33], l[34] = l[34], l[33]; return l }, audit.Missing, 33, 33},
		"cut off":                         {func(l []string) []string { return drop(l, 85, 15) }, audit.Truncated, 85, 89},
		"a line that is none":             {func(l []string) []string { l[33] = l[33][:20]; return l }, audit.Changed, 33, 33},
		"another checkpoint": {func(l []string) []string {
			l[len(l)-1] = strings.Replace(l[len(l)-1], `\n100\n`, `\n99\n`, 1)
			return l
		}, audit.Unsigned, 98, 98},
	} {
		t.Run(name, func(t *testing.T) {
			m, _, keys := filled(t, 100)
			got := verifyFile(t, c.do(exportOf(t, m)), keys)
			require.NotNil(t, got.Broken)
			require.Equal(t, [3]any{c.fault, c.index, c.until}, [3]any{got.Broken.Fault, got.Broken.Index, got.Broken.Until}, got.Broken.Error())
		})
	}
}

// A checkpoint is found in whatever it was kept in.
func TestCheckpointsInFiles(t *testing.T) {
	m, _, _ := filled(t, 30)
	lines := exportOf(t, m)
	require.Equal(t, m.checkpoints[2:], audit.CheckpointsIn([]byte(m.checkpoints[2])))
	require.Equal(t, m.checkpoints[2:], audit.CheckpointsIn([]byte(lines[len(lines)-1]+"\n")))
	require.Equal(t, m.checkpoints, audit.CheckpointsIn([]byte(strings.Join(lines, "\n"))))
	require.Empty(t, audit.CheckpointsIn(bytes.Repeat([]byte("{\n"), 2)))
}
