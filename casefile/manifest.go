package casefile

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/mod/sumdb/note"
)

// Names of the files that a case file is read by.
const (
	manifestFile = "MANIFEST"
	logFile      = "audit.json"
)

// origin is the first line of a manifest, so that a signature of something else with
// the same key, such as a checkpoint of the audit log, is none of a case file.
const origin = "# docket case file"

// Manifest says what is in a case file. Its text is what sha256sum writes and checks,
// with what else there is to say in lines that it takes for comments.
type Manifest struct {
	ID     string
	At     time.Time
	By     string
	Origin string
	Masked bool
	Absent []Absent
	Files  []File // by name
	Key    string // name of the key that signed it
}

// File is a file in a case file.
type File struct {
	Name   string
	SHA256 string // 64 hexadecimal digits
}

// Words that begin the lines of a manifest after its first.
const (
	lineSession  = "session"
	lineExported = "exported"
	lineBy       = "by"
	lineFrom     = "from"
	lineMasked   = "masked"
	lineAbsent   = "absent"
)

func (m Manifest) text() string {
	var b strings.Builder
	b.WriteString(origin + "\n")
	say := func(word, text string) { b.WriteString("# " + word + " " + oneLine(text) + "\n") }
	say(lineSession, m.ID)
	say(lineExported, m.At.UTC().Format(time.RFC3339Nano))
	say(lineBy, m.By)
	say(lineFrom, m.Origin)
	say(lineMasked, strconv.FormatBool(m.Masked))
	for _, a := range m.Absent {
		say(lineAbsent, oneLine(a.What)+": "+a.Why)
	}
	for _, f := range m.Files {
		b.WriteString(f.SHA256 + "  " + f.Name + "\n")
	}
	return b.String()
}

// oneLine keeps a text from beginning a line of its own: notes have neither control
// characters nor what is no UTF-8.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "�"), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

// sign returns the manifest with its signature.
func (m Manifest) sign(signer note.Signer) ([]byte, error) {
	signed, err := note.Sign(&note.Note{Text: m.text()}, signer)
	if err != nil {
		return nil, fmt.Errorf("sign the manifest: %w", err)
	}
	return signed, nil
}

// OpenManifest reads a manifest that one of the keys has signed.
func OpenManifest(signed []byte, keys note.Verifiers) (Manifest, error) {
	n, err := note.Open(signed, keys)
	if err != nil {
		return Manifest{}, err
	}
	m, err := parseManifest(n.Text)
	m.Key = n.Sigs[0].Name
	return m, err
}

// parseManifest reads the text of a manifest without its signature. It takes only
// what text writes: what is not understood is not vouched for.
func parseManifest(text string) (Manifest, error) {
	var m Manifest
	rest, ok := strings.CutPrefix(text, origin+"\n")
	if !ok {
		return m, fmt.Errorf("this is no manifest of a case file")
	}
	for line := range strings.Lines(rest) {
		line = strings.TrimSuffix(line, "\n")
		var err error
		if said, ok := strings.CutPrefix(line, "# "); ok {
			word, text, _ := strings.Cut(said, " ")
			err = m.take(word, text)
		} else {
			err = m.takeSum(line)
		}
		if err != nil {
			return m, err
		}
	}
	if m.text() != text {
		return m, fmt.Errorf("it is not written as docket writes one")
	}
	return m, nil
}

// take takes a line that is no sum.
func (m *Manifest) take(word, text string) (err error) {
	switch word {
	case lineSession:
		m.ID = text
	case lineExported:
		m.At, err = time.Parse(time.RFC3339Nano, text)
	case lineBy:
		m.By = text
	case lineFrom:
		m.Origin = text
	case lineMasked:
		m.Masked, err = strconv.ParseBool(text)
	case lineAbsent:
		what, why, _ := strings.Cut(text, ": ")
		m.Absent = append(m.Absent, Absent{what, why})
	default:
		err = fmt.Errorf("it has a line that is not known: %q", word)
	}
	return err
}

// takeSum takes the sum of a file.
func (m *Manifest) takeSum(line string) error {
	sum, name, ok := strings.Cut(line, "  ")
	if raw, err := hex.DecodeString(sum); !ok || err != nil || len(raw) != sha256.Size || !plainName(name) {
		return fmt.Errorf("it has a line that is no sum of a file: %.80q", line)
	}
	if n := len(m.Files); n > 0 && m.Files[n-1].Name >= name {
		return fmt.Errorf("the files in it are not in order, or one is there twice: %s", name)
	}
	m.Files = append(m.Files, File{Name: name, SHA256: sum})
	return nil
}

// longestName is that of a file in a case file, in bytes.
const longestName = 200

// plainName reports whether a name is one that docket gives: at most one folder, and
// nothing that a file system or a shell could take for something else.
func plainName(name string) bool {
	folder, file, nested := strings.Cut(name, "/")
	if !nested {
		folder, file = "x", name
	}
	return len(name) <= longestName && plainWord(folder) && plainWord(file)
}

func plainWord(s string) bool {
	if s == "" || s[0] == '.' || s[0] == '-' {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == ""
}

func number(n int) string { return strconv.Itoa(n) }
