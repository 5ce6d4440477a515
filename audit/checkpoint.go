package audit

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Signed is a checkpoint: the root of the tree over the first Size entries.
type Signed struct {
	Size int64
	Root tlog.Hash
	At   time.Time // as the signer's clock had it
	Key  string    // name of the key that signed it
}

// origin is the first line of a checkpoint, so that a signature of something else
// with the same key is none of a log.
const origin = "docket audit log"

func (s Signed) text() string {
	return origin + "\n" + strconv.FormatInt(s.Size, 10) + "\n" + base64.StdEncoding.EncodeToString(s.Root[:]) + "\n" +
		s.At.UTC().Format(time.RFC3339Nano) + "\n"
}

// Sign returns a checkpoint of a tree as text.
func Sign(signer note.Signer, size int64, root tlog.Hash, at time.Time) (string, error) {
	signed, err := note.Sign(&note.Note{Text: Signed{Size: size, Root: root, At: at}.text()}, signer)
	if err != nil {
		return "", fmt.Errorf("audit checkpoint: %w", err)
	}
	return string(signed), nil
}

// OpenCheckpoint returns a checkpoint that one of the keys has signed. An error
// that is a *note.UnverifiedNoteError says that another key did.
func OpenCheckpoint(text string, keys note.Verifiers) (Signed, error) {
	n, err := note.Open([]byte(text), keys)
	if err != nil {
		return Signed{}, fmt.Errorf("audit checkpoint: %w", err)
	}
	s, err := parseCheckpoint(n.Text)
	if err != nil {
		return Signed{}, err
	}
	s.Key = n.Sigs[0].Name
	return s, nil
}

// parseCheckpoint reads the text of a checkpoint without its signatures.
func parseCheckpoint(text string) (Signed, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 5 || lines[0] != origin {
		return Signed{}, fmt.Errorf("audit checkpoint: this is none of a log of docket")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 {
		return Signed{}, fmt.Errorf("audit checkpoint: the size cannot be read")
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return Signed{}, fmt.Errorf("audit checkpoint: %w", err)
	}
	at, err := time.Parse(time.RFC3339Nano, lines[3])
	if err != nil {
		return Signed{}, fmt.Errorf("audit checkpoint: %w", err)
	}
	return Signed{Size: size, Root: root, At: at}, nil
}

// NewKey returns a key pair for signing checkpoints: the secret signer key and the
// verifier key that may be given to anybody.
func NewKey() (secret, public string, err error) {
	const letters = 6 // to tell the keys of several machines apart
	secret, public, err = note.GenerateKey(rand.Reader, "docket-"+rand.Text()[:letters])
	if err != nil {
		return "", "", fmt.Errorf("audit key: %w", err)
	}
	return secret, public, nil
}

// Keys returns the verifiers of verifier keys.
func Keys(public ...string) (note.Verifiers, error) {
	var all []note.Verifier
	seen := map[string]bool{}
	for _, p := range public {
		p = strings.TrimSpace(p)
		if seen[p] { // a list with it twice knows neither
			continue
		}
		seen[p] = true
		v, err := note.NewVerifier(p)
		if err != nil {
			return nil, fmt.Errorf("audit key: %w", err)
		}
		all = append(all, v)
	}
	return note.VerifierList(all...), nil
}
