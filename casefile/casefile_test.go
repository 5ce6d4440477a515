package casefile_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"docket/audit"
	"docket/casefile"
	"docket/model"
)

const id = "5f9a41c2d3b0e7a1b2c3d4e5"

var noon = time.Date(2026, 11, 21, 12, 0, 0, 123456000, time.UTC)

// key is a key pair of a test.
type key struct {
	note.Signer
	keys note.Verifiers
}

func newKey(t testing.TB) key {
	t.Helper()
	secret, public, err := audit.NewKey()
	require.NoError(t, err)
	signer, err := note.NewSigner(secret)
	require.NoError(t, err)
	keys, err := audit.Keys(public)
	require.NoError(t, err)
	return key{signer, keys}
}

// log is an audit log in memory, signed at its end.
func (k key) log(t testing.TB, entries ...audit.Entry) audit.Proven {
	t.Helper()
	var (
		hashes []tlog.Hash
		lines  [][]byte
	)
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var out []tlog.Hash
		for _, i := range indexes {
			out = append(out, hashes[i])
		}
		return out, nil
	})
	for i, e := range entries {
		line, err := e.Encode()
		require.NoError(t, err)
		more, err := tlog.StoredHashes(int64(i), line, reader)
		require.NoError(t, err)
		hashes, lines = append(hashes, more...), append(lines, line)
	}
	size := int64(len(lines))
	root, err := tlog.TreeHash(size, reader)
	require.NoError(t, err)
	proven := audit.Proven{}
	proven.Checkpoint, err = audit.Sign(k, size, root, noon)
	require.NoError(t, err)
	for i, e := range entries {
		if e.Session != id {
			continue
		}
		proof, err := tlog.ProveRecord(size, int64(i), reader)
		require.NoError(t, err)
		proven.Entries = append(proven.Entries, audit.Proof{Index: int64(i), Line: string(lines[i]), Hashes: proof})
	}
	return proven
}

// pixel is a picture of one pixel.
var pixel, _ = base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")

func personal(class model.Class, text string) model.Personal {
	return model.NewPersonal(class, text).Revealed()
}

// sample is a case with something of everything, signed by a key.
func sample(t testing.TB, k key) casefile.Case {
	t.Helper()
	half := 0.5
	so := &model.Session{
		ID: id, Provider: "omni", Verdict: model.Fail, Status: model.StatusFinished,
		Applicant: model.Applicant{Name: personal(model.ClassName, "Lucía <b>ORTEGA</b>")},
		Checks: []model.Check{
			{Section: "idValidation", Key: "documentExpired", Status: model.Fail, Value: personal(model.ClassNone, "=1+1"), Meaning: model.Meaning{Text: "Past its date."}},
			{Section: "liveness", Key: "overall", Status: model.OK},
		},
		OCR:    []model.Field{{Name: "documentNumber", Value: personal(model.ClassDocument, "@G38214907"), Confidence: &half}},
		OCR2:   []model.Field{{Name: "documentNumber", Value: personal(model.ClassDocument, "second")}},
		Events: []model.Event{{Name: "start", At: noon.Add(-time.Hour), Detail: []model.Field{{Name: "type", Value: personal(model.ClassNone, "<script>alert(1)</script>")}}}},
		Parts: map[model.Part]model.PartState{
			model.PartScore:  {At: noon, Raw: []model.Raw{{Call: "score", Body: []byte(`{"overall": 1}`), HTTP: 200, At: noon}}},
			model.PartEvents: {At: noon, Raw: []model.Raw{{Body: []byte(`{"a": 1}`)}, {Body: []byte(`{"a": 2}`)}}},
			model.PartReport: {At: noon, Raw: []model.Raw{{Body: []byte("%PDF-1.4\n")}}},
			model.PartDevice: {Problem: &model.Problem{Message: "The API\nfailed", HTTP: 500}, Raw: []model.Raw{{Body: []byte("<html>no</html>")}}},
		},
	}
	exported := audit.Entry{At: noon, By: "os:ana", Event: audit.Export, Session: id, Detail: "case file"}
	return casefile.Case{
		Session: so,
		Notes:   []casefile.Note{{By: "os:ana", At: noon, Text: personal(model.ClassSpeech, "Approve, other: seen"), Salt: "salt"}},
		Log: k.log(t,
			audit.Entry{At: noon.Add(-time.Minute), By: "os:ana", Event: audit.View, Session: id},
			audit.Entry{At: noon.Add(-time.Minute), By: "os:ben", Event: audit.View, Session: "another"},
			audit.Entry{At: noon.Add(-time.Second), By: "os:ana", Event: audit.Intent, Session: id, Action: "approve", Evidence: []audit.Digest{{What: "score", SHA256: "00"}}},
			exported),
		Pictures: func(yield func(casefile.Picture) bool) {
			for _, p := range []casefile.Picture{
				{Picture: model.Picture{Ref: model.PictureRef{Type: "selfie"}, Body: pixel, Media: model.MediaPNG, Width: 1, Height: 1}, File: id + "-selfie.png", Title: "Selfie"},
				{Picture: model.Picture{Ref: model.PictureRef{Type: "contract"}, Body: []byte("%PDF-1.4"), Media: model.MediaPDF}, File: id + "-contract.pdf", Title: "Contract"},
				{Picture: model.Picture{Ref: model.PictureRef{Type: "croppedFace"}}, Problem: &model.Problem{Message: "The link has ended"}},
			} {
				if !yield(p) {
					return
				}
			}
		},
		Absent: []casefile.Absent{{What: "custom", Why: "read-only"}},
		At:     noon, By: "os:ana", Origin: "https://api.example.test",
	}
}

func write(t testing.TB, c casefile.Case, k key) []byte {
	t.Helper()
	var b bytes.Buffer
	_, err := casefile.Write(&b, c, k)
	require.NoError(t, err)
	return b.Bytes()
}

func verify(body []byte, keys note.Verifiers) (casefile.Verified, error) {
	return casefile.Verify(bytes.NewReader(body), int64(len(body)), keys)
}

// unpack returns the files of a zip by name, and the names in order.
func unpack(t testing.TB, body []byte) (map[string]string, []string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	require.NoError(t, err)
	files, names := map[string]string{}, []string{}
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		text, err := io.ReadAll(r)
		require.NoError(t, err)
		files[f.Name], names = string(text), append(names, f.Name)
	}
	return files, names
}

func TestACaseFileFits(t *testing.T) {
	k := newKey(t)
	body := write(t, sample(t, k), k)
	got, err := verify(body, k.keys)
	require.NoError(t, err)
	require.Equal(t, id, got.ID)
	require.Equal(t, noon, got.At)
	require.Equal(t, "os:ana", got.By)
	require.False(t, got.Masked)
	require.Equal(t, k.Name(), got.Key)
	require.Equal(t, 3, got.Entries, "those of the session")
	require.Equal(t, int64(4), got.Signed.Size)
	require.Equal(t, []casefile.Absent{
		{What: "device", Why: "The API failed (HTTP 500)"}, {What: "custom", Why: "read-only"}, {What: "picture croppedFace", Why: "The link has ended"},
	}, got.Absent)
	require.Equal(t, body, write(t, sample(t, k), k), "the same case makes the same bytes")
}

func TestWhatIsInACaseFile(t *testing.T) {
	k := newKey(t)
	files, names := unpack(t, write(t, sample(t, k), k))
	require.Equal(t, []string{
		"raw/score.json", "raw/device.txt", "raw/events-1.json", "raw/events-2.json", "raw/events-report.pdf",
		"pictures/" + id + "-selfie.png", "pictures/" + id + "-contract.pdf",
		"session.json", "checks.json", "checks.csv", "ocr.json", "ocr.csv", "timeline.json", "timeline.csv", "notes.json", "audit.json",
		"index.html", "MANIFEST",
	}, names)
	require.Equal(t, `{"overall": 1}`, files["raw/score.json"], "as it came")
	require.Equal(t, string(pixel), files["pictures/"+id+"-selfie.png"])

	cells := func(name string) [][]string {
		all, err := csv.NewReader(strings.NewReader(files[name])).ReadAll()
		require.NoError(t, err)
		return all
	}
	require.Equal(t, [][]string{
		{"section", "key", "status", "value", "meaning"},
		{"idValidation", "documentExpired", "FAIL", "'=1+1", "Past its date."},
		{"liveness", "overall", "OK", "", ""},
	}, cells("checks.csv"), "no cell is a formula")
	require.Equal(t, [][]string{{"document", "field", "value", "confidence"}, {"1", "documentNumber", "'@G38214907", "0.5"}, {"2", "documentNumber", "second", ""}}, cells("ocr.csv"))
	require.Equal(t, []string{"2026-11-21T11:00:00Z", "start", "type=<script>alert(1)</script>"}, cells("timeline.csv")[1])

	var summary struct {
		Verdict string
		Answers []struct{ File, Call string }
		Absent  []casefile.Absent
	}
	require.NoError(t, json.Unmarshal([]byte(files["session.json"]), &summary))
	require.Equal(t, "FAIL", summary.Verdict)
	require.Equal(t, "raw/score.json", summary.Answers[0].File)
	require.Len(t, summary.Absent, 3)
	for _, name := range []string{"checks.json", "ocr.json", "timeline.json", "notes.json"} {
		var list []map[string]any
		require.NoError(t, json.Unmarshal([]byte(files[name]), &list), name)
		require.NotEmpty(t, list, name)
	}
	require.Contains(t, files["notes.json"], "Approve, other: seen")
}

func TestThePageObeysNobody(t *testing.T) {
	k := newKey(t)
	c := sample(t, k)
	evil := `"><script>alert(1)</script><img src=x onerror=alert(1)>`
	c.By, c.Origin = evil, "javascript:alert(1)"
	c.Session.ExternalID, c.Session.ReviewReason = evil, model.ReviewReason(evil)
	c.Session.Checks[0].Key, c.Session.Checks[0].Status = evil, model.CheckStatus(evil)
	c.Session.Linked = []model.Linked{{ID: evil, Why: model.LinkDevice}}
	c.Session.Rules = []model.Rule{{Name: evil, Expression: evil}}
	c.Notes[0].Text = personal(model.ClassSpeech, evil)
	pictures := slices.Collect(c.Pictures)
	pictures[0].Title = evil
	c.Pictures = slices.Values(pictures)
	files, _ := unpack(t, write(t, c, k))
	page := files["index.html"]
	require.NotContains(t, page, "<script")
	require.NotContains(t, page, "<img src=x")
	require.Contains(t, page, "&lt;script&gt;")
	require.Contains(t, page, `content="default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:"`)
	require.Contains(t, page, `src="data:image/png;base64,`)
	require.NotContains(t, strings.ReplaceAll(page, "javascript:alert(1)</dd>", ""), "javascript:")
	require.Equal(t, 1, strings.Count(page, "<img "), "a PDF is no picture")
}

func TestAMaskedCaseHoldsWhatItsReaderMaySee(t *testing.T) {
	k := newKey(t)
	c := sample(t, k)
	c.Masked, c.Pictures = true, nil
	for part, st := range c.Session.Parts {
		st.Raw = nil
		c.Session.Parts[part] = st
	}
	c.Session.Applicant.Name = c.Session.Applicant.Name.Hidden()
	body := write(t, c, k)
	got, err := verify(body, k.keys)
	require.NoError(t, err)
	require.True(t, got.Masked)
	files, names := unpack(t, body)
	for _, name := range names {
		require.NotContains(t, name, "/", "no folder is there")
	}
	require.NotContains(t, files["index.html"], "ORTEGA")
	require.NotContains(t, files["session.json"], "ORTEGA")
}

// What could not be verified is not written.
func TestACaseFileHasBounds(t *testing.T) {
	k := newKey(t)
	c := sample(t, k)
	st := c.Session.Parts[model.PartEvents]
	st.Raw = make([]model.Raw, 2001)
	c.Session.Parts[model.PartEvents] = st
	for i := range st.Raw {
		st.Raw[i].Body = []byte("{}")
	}
	_, err := casefile.Write(io.Discard, c, k)
	require.Equal(t, model.KindTooLarge, model.AsProblem(err).Kind)
	st.Raw = []model.Raw{{Body: make([]byte, 129<<20)}}
	c.Session.Parts[model.PartEvents] = st
	_, err = casefile.Write(io.Discard, c, k)
	require.Equal(t, model.KindTooLarge, model.AsProblem(err).Kind)
}

// An identity can be any text; what stands for it in the manifest is one line.
func TestAnyIdentityIsFoundInTheLog(t *testing.T) {
	k := newKey(t)
	c := sample(t, k)
	c.By = "token:ana \u0085\n# absent everything:  x\x1b[31m"
	c.Log = k.log(t, audit.Entry{At: noon, By: c.By, Event: audit.Export, Session: id})
	got, err := verify(write(t, c, k), k.keys)
	require.NoError(t, err)
	require.Equal(t, "token:ana # absent everything: x [31m", got.By)
}

// Nothing that was signed as something else is a manifest, and the other way round.
func TestAManifestIsNoCheckpoint(t *testing.T) {
	k := newKey(t)
	c := sample(t, k)
	files, _ := unpack(t, write(t, c, k))
	_, err := audit.OpenCheckpoint(files["MANIFEST"], k.keys)
	require.Error(t, err)
	_, err = casefile.OpenManifest([]byte(c.Log.Checkpoint), k.keys)
	require.Error(t, err)
}

func TestSealed(t *testing.T) {
	k := newKey(t)
	body := write(t, sample(t, k), k)
	x, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	hybrid, err := age.GenerateHybridIdentity()
	require.NoError(t, err)
	for _, c := range []struct {
		to age.Recipient
		by age.Identity
	}{{x.Recipient(), x}, {hybrid.Recipient(), hybrid}} {
		var b bytes.Buffer
		w, err := casefile.Seal(&b, id, c.to, c.to)
		require.NoError(t, err)
		_, err = w.Write(body)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		sealed := b.Bytes()
		require.True(t, bytes.HasPrefix(sealed, []byte(casefile.Sealed)))
		require.NotContains(t, string(sealed), id)
		require.NotContains(t, string(sealed), "ORTEGA")
		plain, err := age.Decrypt(bytes.NewReader(sealed), c.by)
		require.NoError(t, err)
		again, err := io.ReadAll(plain)
		require.NoError(t, err)
		require.Equal(t, body, again)
		is := func(body []byte, of string) bool {
			return casefile.IsOf(bytes.NewReader(body), int64(len(body)), of)
		}
		require.True(t, is(sealed, id))
		require.True(t, is(body, id))
		for _, other := range []string{id[1:], id + "1", "another"} {
			require.False(t, is(sealed, other))
			require.False(t, is(body, other))
		}
		require.False(t, is(nil, id))
		require.False(t, is([]byte("notes of somebody"), id))
		require.False(t, is([]byte(casefile.Sealed), id))
	}
}

// member is a file that a test puts in a zip.
type member struct {
	name, body string
	change     func(*zip.FileHeader)
	claims     uint64 // bytes that it says it has unpacked, if its body is deflated already
}

// packed makes a zip.
func packed(t testing.TB, members []member) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		h := &zip.FileHeader{Name: m.name, Method: zip.Deflate}
		h.SetMode(0o600)
		if m.change != nil {
			m.change(h)
		}
		create := z.CreateHeader
		if m.claims > 0 {
			h.CompressedSize64, h.UncompressedSize64 = uint64(len(m.body)), m.claims
			create = z.CreateRaw
		}
		w, err := create(h)
		require.NoError(t, err)
		_, err = io.WriteString(w, m.body)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

// Everything that can be done to a case file is found, and the first file that does not
// fit is named.
func TestTamperMatrix(t *testing.T) {
	k, other := newKey(t), newKey(t)
	body := write(t, sample(t, k), k)
	files, names := unpack(t, body)
	members := func() []member {
		var all []member
		for _, name := range names {
			all = append(all, member{name: name, body: files[name]})
		}
		return all
	}
	at := func(name string) int { return slices.Index(names, name) }
	with := func(change func([]member) []member) []byte { return packed(t, change(members())) }
	edit := func(name, from, to string) []byte {
		return with(func(all []member) []member {
			require.Contains(t, all[at(name)].body, from)
			all[at(name)].body = strings.Replace(all[at(name)].body, from, to, 1)
			return all
		})
	}
	add := func(more ...member) []byte {
		return with(func(all []member) []member { return append(all, more...) })
	}
	swapped := func(a, b string) []byte {
		return with(func(all []member) []member {
			all[at(a)].body, all[at(b)].body = all[at(b)].body, all[at(a)].body
			return all
		})
	}
	// Case files that whoever has the key could make, and that prove nothing.
	signed := func(change func(*casefile.Case)) []byte {
		c := sample(t, k)
		change(&c)
		return write(t, c, k)
	}
	foreign := sample(t, other)
	zeroes := deflated(t, strings.Repeat("\x00", 1<<20))

	require.NoError(t, func() error { _, err := verify(packed(t, members()), k.keys); return err }(), "packing anew is no change")
	for name, c := range map[string]struct {
		body []byte
		file string
		says string
	}{
		"nothing":                   {nil, "", "no zip"},
		"another file":              {[]byte("hello"), "", "no zip"},
		"cut off":                   {body[:len(body)-10], "", "no zip"},
		"cut in half":               {body[:len(body)/2], "", "no zip"},
		"a check changed":           {edit("checks.csv", "FAIL", "OK"), "checks.csv", "not the file that was signed"},
		"an answer changed":         {edit("raw/score.json", "1", "2"), "raw/score.json", "not the file that was signed"},
		"a picture changed":         {edit("pictures/"+id+"-selfie.png", "IHDR", "IHDQ"), "pictures/" + id + "-selfie.png", "not the file"},
		"the page changed":          {edit("index.html", "FAIL", "PASS"), "index.html", "not the file that was signed"},
		"two files swapped":         {swapped("raw/events-1.json", "raw/events-2.json"), "raw/events-1.json", "not the file that was signed"},
		"a file removed":            {with(func(all []member) []member { return slices.Delete(all, at("ocr.csv"), at("ocr.csv")+1) }), "ocr.csv", "missing"},
		"the log removed":           {with(func(all []member) []member { return slices.Delete(all, at("audit.json"), at("audit.json")+1) }), "audit.json", "missing"},
		"the manifest removed":      {with(func(all []member) []member { return all[:len(all)-1] }), "MANIFEST", "missing"},
		"a file added":              {add(member{name: "raw/more.json"}), "raw/more.json", "in no manifest"},
		"a file renamed":            {with(func(all []member) []member { all[at("ocr.csv")].name = "ocr2.csv"; return all }), "ocr.csv", "missing"},
		"a file twice":              {add(member{name: "ocr.csv"}), "ocr.csv", "twice"},
		"a manifest twice":          {add(member{name: "MANIFEST", body: files["MANIFEST"]}), "MANIFEST", "twice"},
		"a name in other letters":   {add(member{name: "OCR.csv"}), "OCR.csv", "twice"},
		"a name that leads out":     {add(member{name: "../evil"}), `"../evil"`, "no file of a case file has such a name"},
		"a name that leads far out": {add(member{name: "raw/../../evil"}), `"raw/../../evil"`, "such a name"},
		"an absolute name":          {add(member{name: "/etc/passwd"}), `"/etc/passwd"`, "such a name"},
		"a name of another system":  {add(member{name: `..\evil`}), `"..\\evil"`, "such a name"},
		"a name that acts":          {add(member{name: "\x1b]0;x\x07"}), `"\x1b]0;x\a"`, "such a name"},
		"a folder":                  {add(member{name: "raw/"}), `"raw/"`, "such a name"},
		"a link":                    {add(member{name: "link", body: "/etc/passwd", change: func(h *zip.FileHeader) { h.SetMode(0o777 | 1<<27) }}), "link", "no plain file"},
		"a bomb":                    {add(member{name: "bomb", body: zeroes, claims: 200 << 20}), "bomb", "more than any file"},
		"a manifest as a bomb": {with(func(all []member) []member {
			all[len(all)-1] = member{name: "MANIFEST", body: zeroes, claims: 2 << 20}
			return all
		}), "MANIFEST", "more than any file"},
		"a bomb that lies": {with(func(all []member) []member {
			all[at("ocr.csv")] = member{name: "ocr.csv", body: zeroes, claims: 10}
			return all
		}), "ocr.csv", "not to the size that it gives"},
		"many bombs":               {add(bombs(zeroes)...), "", "more than 1073741824 bytes"},
		"many files":               {add(crowd(2000)...), "", "at most 2000"},
		"the manifest edited":      {edit("MANIFEST", "os:ana", "os:ben"), "MANIFEST", "signature does not fit"},
		"a sum edited":             {edit("MANIFEST", sumOf(files["MANIFEST"]), strings.Repeat("0", 64)), "MANIFEST", "signature does not fit"},
		"no signature":             {edit("MANIFEST", "\n\n— ", "\n"), "MANIFEST", "signature does not fit"},
		"signed by another key":    {write(t, foreign, other), "MANIFEST", "none of the keys"},
		"a checkpoint as manifest": {with(func(all []member) []member { all[len(all)-1].body = sample(t, k).Log.Checkpoint; return all }), "MANIFEST", "no manifest of a case file"},
		"the log of another key":   {signed(func(c *casefile.Case) { c.Log = foreign.Log }), "audit.json", "none of the keys"},
		"an entry that was not": {signed(func(c *casefile.Case) {
			c.Log.Entries[1].Line = strings.Replace(c.Log.Entries[1].Line, "approve", "reject", 1)
		}), "audit.json", "entry 2 is not in the log"},
		"an entry in another place":  {signed(func(c *casefile.Case) { c.Log.Entries[1].Index = 1 }), "audit.json", "entry 1 is not in the log"},
		"an entry of another":        {signed(func(c *casefile.Case) { c.Session.ID = "other" }), "audit.json", "entry 0 is about another session"},
		"an export that nobody made": {signed(func(c *casefile.Case) { c.By = "os:ben" }), "audit.json", "no entry tells of this export"},
		"another time of export":     {signed(func(c *casefile.Case) { c.At = c.At.Add(time.Second) }), "audit.json", "no entry tells of this export"},
		"a comment on the zip":       {commented(t, members(), "hello", ""), "", "something follows the zip"},
		"a comment on a file":        {commented(t, members(), "", "hello"), "raw/score.json", "says more of it"},
		"something before it":        {append([]byte("#!/bin/sh\n"), body...), "raw/score.json", "where it should be"},
		"something after it":         {append(slices.Clone(body), 'x'), "", "something follows the zip"},
		"something between":          {hidden(t, members()), "", "beside its files"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := verify(c.body, k.keys)
			var b *casefile.Broken
			require.ErrorAs(t, err, &b)
			require.Equal(t, c.file, b.File, b.Error())
			require.Contains(t, b.Why, c.says)
		})
	}
}

// sumOf returns the first sum of a manifest.
func sumOf(manifest string) string {
	for line := range strings.Lines(manifest) {
		if sum, _, ok := strings.Cut(line, "  "); ok && len(sum) == 64 {
			return sum
		}
	}
	return "no sum"
}

func bombs(body string) []member {
	var all []member
	for i := range 11 {
		all = append(all, member{name: fmt.Sprintf("bomb-%d", i), body: body, claims: 100 << 20})
	}
	return all
}

func deflated(t *testing.T, body string) string {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	require.NoError(t, err)
	_, err = io.WriteString(w, body)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

func crowd(n int) []member {
	var all []member
	for i := range n {
		all = append(all, member{name: fmt.Sprintf("file-%d", i)})
	}
	return all
}

func commented(t *testing.T, members []member, onZip, onFile string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	require.NoError(t, z.SetComment(onZip))
	for i, m := range members {
		h := &zip.FileHeader{Name: m.name, Method: zip.Deflate}
		if i == 0 {
			h.Comment = onFile
		}
		w, err := z.CreateHeader(h)
		require.NoError(t, err)
		_, err = io.WriteString(w, m.body)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

// hidden makes a zip with a file that its directory does not name: the last one, taken
// out of a directory of two parts.
func hidden(t *testing.T, members []member) []byte {
	t.Helper()
	whole := packed(t, append(slices.Clone(members), member{name: "hidden", body: "hello"}))
	z, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	require.NoError(t, err)
	last := z.File[len(z.File)-1]
	entry := 46 + len(last.Name) + len(last.Extra) // of the directory, as a zip has it
	end := slices.Clone(whole[len(whole)-22:])
	for _, at := range []int{8, 10} { // one file less, of two bytes each
		n := int(end[at]) | int(end[at+1])<<8
		end[at], end[at+1] = byte(n-1), byte((n-1)>>8)
	}
	size := int(end[12]) | int(end[13])<<8 | int(end[14])<<16
	size -= entry
	end[12], end[13], end[14] = byte(size), byte(size>>8), byte(size>>16)
	return append(slices.Clone(whole[:len(whole)-22-entry]), end...)
}

// Whatever a file is, verifying it ends with a word about it.
func FuzzVerify(f *testing.F) {
	k := newKey(f)
	body := write(f, sample(f, k), k)
	f.Add(body)
	f.Add(body[:len(body)/2])
	f.Add([]byte(casefile.Sealed + "-> X25519 x\n"))
	f.Fuzz(func(t *testing.T, changed []byte) {
		_, err := verify(changed, k.keys)
		if bytes.Equal(changed, body) {
			require.NoError(t, err)
			return
		}
		var b *casefile.Broken
		require.ErrorAs(t, err, &b)
		require.NotEmpty(t, b.Why)
		casefile.IsOf(bytes.NewReader(changed), int64(len(changed)), id)
	})
}
