package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"docket/model"
)

// caseFiles: each path is remembered once, for its session alone, until the session is
// forgotten.
func (s suite) caseFiles(t *testing.T) {
	st := s.fresh(t, model.Row{ID: "a"})
	ctx := t.Context()
	files := func(id string) []string {
		all, err := st.CaseFiles(ctx, id)
		require.NoError(t, err)
		return all
	}
	require.Empty(t, files("a"))
	for _, path := range []string{"/cases/b.zip", "/cases/a.zip", "/cases/b.zip"} {
		require.NoError(t, st.KeepCaseFile(ctx, "a", path))
	}
	require.NoError(t, st.KeepCaseFile(ctx, "not in the inbox", "/cases/a.zip"))
	require.Equal(t, []string{"/cases/a.zip", "/cases/b.zip"}, files("a"))
	require.NoError(t, st.Forget(ctx, "a"))
	require.Empty(t, files("a"))
	require.Equal(t, []string{"/cases/a.zip"}, files("not in the inbox"))
	has, err := st.Has(ctx, "not in the inbox")
	require.NoError(t, err)
	require.False(t, has["not in the inbox"], "a case file puts nothing in the inbox")
}
