package desk_test

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"docket/audit"
	"docket/casefile"
	"docket/desk"
	"docket/model"
	"docket/store"
)

// casing lets a desk make case files, and returns the keys that they are held against.
func casing(t *testing.T) (func(*desk.Config), note.Verifiers) {
	t.Helper()
	secret, public, err := audit.NewKey()
	require.NoError(t, err)
	key, err := note.NewSigner(secret)
	require.NoError(t, err)
	keys, err := audit.Keys(public)
	require.NoError(t, err)
	return func(c *desk.Config) {
		c.Key = key
		c.Sign = func(size int64, root tlog.Hash) (string, error) { return audit.Sign(key, size, root, c.Now()) }
	}, keys
}

// caseFiles reads the files of a case file that fits.
func caseFiles(t *testing.T, path string, keys note.Verifiers) (casefile.Verified, map[string]string) {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	info, err := file.Stat()
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())
	v, err := casefile.Verify(file, info.Size(), keys)
	require.NoError(t, err)
	z, err := zip.NewReader(file, info.Size())
	require.NoError(t, err)
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		body, err := io.ReadAll(r)
		require.NoError(t, err)
		files[f.Name] = string(body)
	}
	return v, files
}

// logged are the events of the log about a session that leave something.
func logged(t *testing.T, st store.Store, event audit.Event) []audit.Entry {
	t.Helper()
	records, err := st.AuditRecords(t.Context(), 0, 1000)
	require.NoError(t, err)
	var all []audit.Entry
	for _, r := range records {
		e, err := audit.Decode(r.Line)
		require.NoError(t, err)
		if e.Event == event {
			all = append(all, e)
		}
	}
	return all
}

func pictured(p *faultyProvider) {
	p.more, p.raw = []model.Part{model.PartImages}, true
	p.images = []model.Image{{Type: "selfie", Count: 1}, {Type: "signature", Count: 2}}
}

func TestACaseFileIsWrittenWhole(t *testing.T) {
	cases, keys := casing(t)
	b := newBench(t, cases)
	pictured(b.provider)
	b.provider.fail[model.PartReport] = model.NewProblem(model.KindServer, "The API failed", "", "try again")
	b.provider.fail[model.PartDevice] = model.NewProblem(model.KindServer, "The API failed", "", "try again")
	b.provider.token = true
	b.Load(t.Context(), id1)
	_, err := b.Do(t.Context(), model.Action{Kind: model.ActApprove, IDs: []string{id1}, Reason: "checked-ok", Note: "Ortega called"})
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "new", "case.zip")
	saved, err := b.SaveCase(t.Context(), id1, desk.CaseOptions{Path: path})
	require.NoError(t, err)
	v, files := caseFiles(t, path, keys)
	require.Equal(t, saved.Files, v.Files)
	require.Equal(t, saved.Absent, v.Absent)
	require.Equal(t, "os:ana", v.By)
	require.Equal(t, []casefile.Absent{{What: "device", Why: "The API failed"}, {What: "events-report", Why: "The API failed"}}, v.Absent, "the rest is there all the same")
	require.Contains(t, files, "pictures/selfie.png")
	require.Contains(t, files, "pictures/signature-2.png")
	require.Equal(t, `{"part": "score"}`, files["raw/score.json"])
	require.Contains(t, files, "raw/events-signature.json")
	require.Contains(t, files, "raw/life.json")
	require.Contains(t, files["index.html"], "Ana Prueba")
	require.Contains(t, files["index.html"], "Ortega called")
	require.Contains(t, files["timeline.json"], "the second page", "the whole timeline")

	exports := logged(t, b.store, audit.Export)
	require.Len(t, exports, 1, "one export is one entry")
	require.Equal(t, "case file", exports[0].Detail)
	require.True(t, exports[0].At.Equal(v.At))
	known, err := b.store.CaseFiles(t.Context(), id1)
	require.NoError(t, err)
	require.Equal(t, []string{path}, known)

	// The note of the decision is the one that the log has the hash of.
	var notes []struct{ Text, Salt string }
	require.NoError(t, json.Unmarshal([]byte(files["notes.json"]), &notes))
	require.Len(t, notes, 1)
	_, text, _ := strings.Cut(notes[0].Text, ": ")
	sum := sha256.Sum256([]byte(notes[0].Salt + "\x00" + text))
	require.Equal(t, hex.EncodeToString(sum[:]), logged(t, b.store, audit.Intent)[0].Note)
}

func TestACaseFileIsMaskedAsItsReaderIs(t *testing.T) {
	cases, keys := casing(t)
	b := newBench(t, cases)
	pictured(b.provider)
	require.NoError(t, b.AddNote(t.Context(), id1, "Ortega called"))
	guest := b.desk.As(model.Actor{Identity: "os:guest", Role: model.RoleInvestigator})
	path := filepath.Join(t.TempDir(), "case.zip")
	_, err := guest.SaveCase(t.Context(), id1, desk.CaseOptions{Path: path})
	require.NoError(t, err)
	v, files := caseFiles(t, path, keys)
	require.True(t, v.Masked)
	require.Equal(t, "os:guest", v.By)
	for name, body := range files {
		require.False(t, strings.HasPrefix(name, "pictures/"), name)
		if strings.HasPrefix(name, "raw/") {
			require.Equal(t, "{}", body, "%s: the provider says what is harmless", name)
		}
		for _, personal := range []string{"Prueba", "Ortega", "192.0.2.7", "hash-1"} {
			require.NotContains(t, body, personal, name)
		}
	}
}

func TestWhoChangesNothingMakesNoToken(t *testing.T) {
	cases, keys := casing(t)
	b := newBench(t, cases, func(c *desk.Config) { c.ReadOnly, c.NoImages = true, true })
	b.provider.token = true
	pictured(b.provider)
	path := filepath.Join(t.TempDir(), "case.zip")
	_, err := b.SaveCase(t.Context(), id1, desk.CaseOptions{Path: path})
	require.NoError(t, err)
	v, _ := caseFiles(t, path, keys)
	var absent []string
	for _, a := range v.Absent {
		absent = append(absent, a.What)
	}
	require.Equal(t, []string{"life", "custom", "events-report", "pictures"}, absent)
	require.Zero(t, b.provider.times(id1, model.PartLife))
}

// mute is a store whose log takes nothing any more.
type mute struct{ store.Store }

func (mute) Log(context.Context, ...audit.Entry) error { return errors.New("no room") }

func TestNoCaseFileWhereThereIsAReason(t *testing.T) {
	cases, _ := casing(t)
	dir := t.TempDir()
	empty := func() {
		found, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Empty(t, found)
	}
	path := filepath.Join(dir, "case.zip")
	o := desk.CaseOptions{Path: path}

	b := newBench(t)
	_, err := b.SaveCase(t.Context(), id1, o)
	require.Equal(t, model.KindGuard, kindOf(t, err), "without a key")
	empty()

	b = newBench(t, cases)
	_, err = b.SaveCase(t.Context(), "../x", o)
	require.Equal(t, model.KindUsage, kindOf(t, err))
	b.provider.set(func(p *faultyProvider) { p.known = map[string]bool{} })
	_, err = b.SaveCase(t.Context(), id1, o)
	require.Equal(t, model.KindNotFound, kindOf(t, err))
	empty()

	silent := newBench(t, cases, func(c *desk.Config) { c.Store = mute{c.Store} })
	_, err = silent.SaveCase(t.Context(), id1, o)
	require.Equal(t, model.KindFailed, kindOf(t, err), "whoever cannot be logged gets nothing")
	empty()

	b = newBench(t, cases)
	pictured(b.provider)
	ctx, cancel := context.WithCancel(t.Context())
	b.provider.pictures = func(context.Context, string, model.PictureRef) (model.Picture, *model.Problem) {
		cancel()
		return model.Picture{}, model.NewProblem(model.KindUndone, "given up", "", "")
	}
	_, err = b.SaveCase(ctx, id1, o)
	require.Equal(t, model.KindUndone, kindOf(t, err), "an interrupt leaves no half of a file")
	empty()

	b = newBench(t, cases)
	require.NoError(t, os.WriteFile(path, []byte("mine"), 0o600))
	_, err = b.SaveCase(t.Context(), id1, o)
	require.ErrorContains(t, err, "there already")
	require.Empty(t, logged(t, b.store, audit.Export))
	body, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "mine", string(body))
	o.Force = true
	_, err = b.SaveCase(t.Context(), id1, o)
	require.NoError(t, err)
}

func TestADeletionErasesCaseFiles(t *testing.T) {
	cases, _ := casing(t)
	b := newBench(t, cases)
	dir := t.TempDir()
	to, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	save := func(name, id string, to ...age.Recipient) string {
		path := filepath.Join(dir, name)
		_, err := b.SaveCase(t.Context(), id, desk.CaseOptions{Path: path, To: to, Force: true})
		require.NoError(t, err)
		return path
	}
	plain, sealed := save("plain.zip", id1), save("sealed.zip.age", id1, to.Recipient())
	moved, changed, linked := save("moved.zip", id1), save("changed.zip", id1), save("linked.zip", id1)
	taken, other := save("taken.zip", id1), save("other.zip", id2)
	require.NoError(t, os.Rename(moved, moved+".away"))
	require.NoError(t, os.WriteFile(changed, []byte("somebody's"), 0o600))
	require.NoError(t, os.Rename(linked, linked+".target"))
	require.NoError(t, os.Symlink(linked+".target", linked))
	save("taken.zip", id2) // another session's case file is at the path now

	out, err := b.Do(t.Context(), model.Action{Kind: model.ActDelete, IDs: []string{id1}})
	require.NoError(t, err)
	require.Equal(t, model.ResultDone, out[0].Result)
	require.NoFileExists(t, plain)
	require.NoFileExists(t, sealed)
	for _, left := range []string{moved, changed, linked, taken} {
		require.Contains(t, out[0].Says, left)
	}
	for _, path := range []string{moved + ".away", changed, linked + ".target", taken, other} {
		require.FileExists(t, path)
	}
	known, err := b.store.CaseFiles(t.Context(), id1)
	require.NoError(t, err)
	require.Empty(t, known)
	erased := slices.IndexFunc(b.entries(t), func(e audit.Entry) bool { return e.Event == audit.Delete })
	require.Equal(t, "notes 0, case files 6, left on disk 4", b.entries(t)[erased].Detail)
}
