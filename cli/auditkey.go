package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"docket/audit"
	"docket/model"
)

// Files of the key that signs the audit log, in the data folder. The public one is
// made from the other, to be given away.
const (
	auditKeyFile    = "audit.key"
	auditPublicFile = "audit.pub"
)

// auditKey returns the key pair of this data folder, made at first use.
func auditKey(data string) (secret, public string, err error) {
	path := filepath.Join(data, auditKeyFile)
	secret, public, err = readKey(path, filepath.Join(data, auditPublicFile))
	if !errors.Is(err, fs.ErrNotExist) {
		return secret, public, noKey(path, err)
	}
	if secret, public, err = audit.NewKey(); err != nil {
		return "", "", noKey(path, err)
	}
	if err = makeKey(data, secret, public); errors.Is(err, fs.ErrExist) { // another docket was first
		secret, public, err = readKey(path, filepath.Join(data, auditPublicFile))
	}
	return secret, public, noKey(path, err)
}

func readKey(secretFile, publicFile string) (secret, public string, err error) {
	s, err := os.ReadFile(secretFile)
	if err != nil {
		return "", "", err
	}
	p, err := os.ReadFile(publicFile)
	return strings.TrimSpace(string(s)), strings.TrimSpace(string(p)), err
}

// makeKey writes the public key first: a secret one without it is of no use.
func makeKey(data, secret, public string) error {
	if err := os.MkdirAll(data, 0o700); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(data, ".key-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // what is in it has moved, or is of no use
	for name, text := range map[string]string{auditKeyFile: secret, auditPublicFile: public} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text+"\n"), 0o600); err != nil {
			return err
		}
	}
	for _, name := range []string{auditPublicFile, auditKeyFile} { // Link does not replace what is there
		if err := os.Link(filepath.Join(dir, name), filepath.Join(data, name)); err != nil {
			return err
		}
	}
	return nil
}

func noKey(path string, err error) error {
	if err == nil {
		return nil
	}
	return model.NewProblem(model.KindFailed, "The key that signs the audit log cannot be used", path,
		"restore the file, or move both audit.key and audit.pub away for a new key: what the old one signed needs its audit.pub").Because(err)
}

// signing returns what signs checkpoints with a key; nil without one.
func signing(key note.Signer, now func() time.Time) func(int64, tlog.Hash) (string, error) {
	if key == nil {
		return nil
	}
	return func(size int64, root tlog.Hash) (string, error) { return audit.Sign(key, size, root, now()) }
}
