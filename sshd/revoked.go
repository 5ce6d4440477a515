package sshd

import (
	"bufio"
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"docket/internal/config"
)

// revokedFile is in the data folder, a name of a person or a fingerprint a line.
const revokedFile = "ssh_revoked"

// revocations are people and fingerprints of keys that are locked out.
type revocations map[string]bool

func (r revocations) has(h Holder) bool {
	return r[h.Person.Name] || r[h.Fingerprint] || h.CA != "" && r[h.CA]
}

// IsFingerprint reports whether a text is the fingerprint of a key.
func IsFingerprint(text string) bool { return strings.HasPrefix(text, "SHA256:") }

func (b *builder) readRevoked(data string) revocations {
	all, err := Revocations(data)
	if err != nil {
		b.find(true, "Who was revoked cannot be read, so nobody comes in: "+cause(err), filepath.Join(data, revokedFile), "check who may read it")
		b.r.owners, b.r.cas = map[string]string{}, map[string]string{}
	}
	return all
}

// Revocations returns the people and the fingerprints that are locked out.
func Revocations(data string) (map[string]bool, error) {
	all := map[string]bool{}
	text, err := readFile(filepath.Join(data, revokedFile))
	if errors.Is(err, fs.ErrNotExist) {
		return all, nil
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		if name := strings.TrimSpace(lines.Text()); name != "" {
			all[name] = true
		}
	}
	return all, err
}

// Revoke locks a person or a key out, or lets them in again. It reports whether that
// changes anything. A server that runs on the data folder sees it by itself.
func Revoke(data, who string, out bool) (changed bool, err error) {
	all, err := Revocations(data)
	if err != nil || all[who] == out {
		return false, err
	}
	all[who] = out
	maps.DeleteFunc(all, func(_ string, out bool) bool { return !out })
	text := ""
	for _, name := range slices.Sorted(maps.Keys(all)) {
		text += name + "\n"
	}
	return true, replace(filepath.Join(data, revokedFile), []byte(text))
}

// replace writes a file for its owner alone, whole or not at all.
func replace(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".new-")
	if err != nil {
		return err
	}
	_, err = f.Write(text) // made for its owner alone
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // what went wrong before is the one to tell
	}
	return err
}

// known reports whether a revocation can concern anybody.
func (r *Roster) known(who string) bool {
	_, named := r.person(who)
	return named || IsFingerprint(who)
}

// CheckRevocation says why nobody can be revoked by a text; "": they can.
func CheckRevocation(cfg config.Config, who string) string {
	r := &Roster{people: cfg.People}
	if r.known(who) {
		return ""
	}
	return "there is neither a person of this name in the configuration, nor is it a fingerprint such as SHA256:…"
}
