package casefile

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"

	"filippo.io/age"
)

// Sealed begins what age has encrypted.
const Sealed = "age-encryption.org/v1\n"

// label is the kind of a line in the head of an encrypted case file that lets who knows
// the session's id tell that it is one of it: a deletion has to find it.
const label = "docket-case-file"

// labelOf is what that line says of a session.
func labelOf(id string) string {
	sum := sha256.Sum256([]byte(origin + "\n" + id))
	return hex.EncodeToString(sum[:])
}

// mark is the line as age wants it: a recipient who cannot decrypt anything.
type mark struct {
	id     string
	labels []string
}

// Wrap implements age.Recipient. It is given the key and keeps it out.
func (m mark) Wrap([]byte) ([]*age.Stanza, error) {
	return []*age.Stanza{{Type: label, Args: []string{labelOf(m.id)}}}, nil
}

// WrapWithLabels implements age.RecipientWithLabels: age asks all recipients of a file
// to say the same.
func (m mark) WrapWithLabels(key []byte) ([]*age.Stanza, []string, error) {
	s, err := m.Wrap(key)
	return s, m.labels, err
}

// Seal returns a writer that encrypts a case file of the session to recipients. Closing
// it ends the file; w stays open.
func Seal(w io.Writer, id string, recipients ...age.Recipient) (io.WriteCloser, error) {
	if len(recipients) == 0 {
		return nil, errors.New("encrypt the case file: there is no recipient")
	}
	m := mark{id: id}
	if r, ok := recipients[0].(age.RecipientWithLabels); ok {
		const keySize = 16 // of a file of age; this one encrypts nothing
		_, labels, err := r.WrapWithLabels(make([]byte, keySize))
		if err != nil {
			return nil, err
		}
		m.labels = labels
	}
	return age.Encrypt(w, append([]age.Recipient{m}, recipients...)...)
}

// sealedFor reports whether a file is an encrypted case file of the session.
func sealedFor(r io.ReaderAt, size int64, id string) bool {
	const longest = 64 << 10 // of the head: hundreds of recipients
	head := bufio.NewScanner(io.NewSectionReader(r, 0, min(size, longest)))
	for n := 0; head.Scan(); n++ {
		line := head.Text()
		switch {
		case n == 0 && line+"\n" != Sealed, strings.HasPrefix(line, "---"):
			return false
		case line == "-> "+label+" "+labelOf(id):
			return true
		}
	}
	return false
}
