package e2e

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/model"
	"docket/store/sqlite"
)

// logged returns the entries of the log that a filter of `docket audit list` leaves.
func (r *rig) logged(filter ...string) []audit.Entry {
	r.t.Helper()
	var doc struct{ Entries []audit.Entry }
	out := r.must(append([]string{"audit", "list", "-o", "json"}, filter...)...).stdout
	require.NoError(r.t, json.Unmarshal([]byte(out), &doc))
	return doc.Entries
}

// onDisk says in which files of a folder a text is, whatever its case.
func onDisk(t *testing.T, folder, text string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err == nil && bytes.Contains(bytes.ToLower(content), []byte(strings.ToLower(text))) {
			found = append(found, filepath.Base(path))
		}
		return err
	})
	require.NoError(t, err)
	return found
}

// After a deletion nothing of the person is in any file here, and the log proves that
// it was there and was erased.
func TestADeletionLeavesTheProofAndNothingElse(t *testing.T) {
	r := newRig(t, 60, nil)
	id := r.waiting(1)[0]
	r.env["DOCKET_LOG_FILE"], r.env["DOCKET_LOG_LEVEL"] = r.path("data/docket.log"), "debug"
	inbox := r.path("data/docket/docket.db")
	open := func() *sqlite.Store {
		st, err := sqlite.Open(t.Context(), inbox)
		require.NoError(t, err)
		return st
	}
	st := open()
	const proposed, remark, decision = "proposednote4711", "remarknote4712", "decisionnote4713"
	proposal := model.Proposal{
		Action: model.Action{Kind: model.ActReject, IDs: []string{id}, Reason: "other", Note: proposed},
		By:     "os:bo", At: time.Now(), Salt: "proposedsalt4714", Ref: "R",
	}
	require.NoError(t, st.Upsert(t.Context(), model.Row{ID: id, Provider: "omni", AddedAt: time.Now(), Proposal: &proposal}))
	require.NoError(t, st.AddNote(t.Context(), id, model.Note{By: "os:bo", Text: remark}))
	require.NoError(t, st.SetTags(t.Context(), id, []string{"tag4715"}))
	for _, text := range []string{proposed, proposal.Salt} {
		require.NotEmpty(t, onDisk(t, r.path("data"), text), text)
	}
	require.NoError(t, st.EndProposal(t.Context(), id, "R")) // else nothing could be decided
	require.NoError(t, st.Close())
	r.must("add", id)
	r.must("show", id)
	r.must("approve", id, "--reason", "checked-ok", "--note", decision, "--yes")

	st = open()
	row, err := st.Get(t.Context(), id)
	require.NoError(t, err)
	notes, err := st.Notes(t.Context(), id)
	require.NoError(t, err)
	require.NoError(t, st.Close())
	require.Len(t, notes, 2)
	salt := notes[1].Salt
	gone := []string{row.DocNumber.Reveal(), remark, decision, salt, "tag4715"}
	for word := range strings.FieldsSeq(row.Name.Reveal()) {
		if len(word) > 3 {
			gone = append(gone, word)
		}
	}
	for _, text := range gone {
		require.NotEmpty(t, text)
		require.NotEmpty(t, onDisk(t, r.path("data"), text), text)
	}

	r.must("delete", id, "--identity", "keep", "--yes")
	for _, text := range append(gone, proposed, proposal.Salt) {
		require.Empty(t, onDisk(t, r.path("data"), text), text)
	}
	require.NotEmpty(t, onDisk(t, r.path("data"), id), "the id stays")
	r.must("audit", "verify")

	intent := r.logged("--session", id, "--event", "intent")
	require.Len(t, intent, 2)
	sum := sha256.Sum256([]byte(salt + "\x00" + decision))
	require.Equal(t, hex.EncodeToString(sum[:]), intent[0].Note, "who had kept note and salt elsewhere could prove it")
	erased := r.logged("--session", id, "--event", "delete")
	require.Len(t, erased, 1)
	require.Equal(t, "notes 2, case files 0", erased[0].Detail)
	require.Equal(t, "delete", erased[0].Action)
	require.NotEmpty(t, erased[0].Ref)
	require.Equal(t, intent[1].Ref, erased[0].Ref)
	require.Equal(t, erased[0].Ref, r.logged("--session", id, "--event", "outcome")[1].Ref)
}
