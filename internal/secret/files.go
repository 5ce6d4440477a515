package secret

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"filippo.io/age"

	"docket/model"
)

const (
	fileMode   = 0o600
	folderMode = 0o700

	// maxFile is far above any record; what is larger is not ours.
	maxFile = 1 << 20

	// freshPrefix begins the names of files that are being written.
	freshPrefix = ".new-"
	// staleAfter is the age at which such a file must be left over from a crash.
	staleAfter = time.Hour
)

// ageMagic begins every file that age has encrypted.
var ageMagic = []byte("age-encryption.org/")

// files keeps one file an origin.
type files struct {
	folder     string
	passphrase string // "" leaves the files unencrypted
	work       int    // of scrypt, as a power of two; 0 leaves it to age
}

func newFiles(data, passphrase string) files {
	return files{folder: filepath.Join(data, "tokens"), passphrase: passphrase}
}

// kind says what a file written now would be.
func (f files) kind() string {
	if f.passphrase != "" {
		return InEncrypted
	}
	return InFile
}

// path is the file of an origin. Its name tells nothing about the API.
func (f files) path(origin string) string {
	sum := sha256.Sum256([]byte(origin))
	return filepath.Join(f.folder, hex.EncodeToString(sum[:16]))
}

// read returns the record of an origin and what kind of file it was in.
func (f files) read(origin string) (record, string, error) {
	path := f.path(origin)
	data, err := readPrivate(path)
	if err != nil {
		return record{}, "", err
	}
	kind := InFile
	if bytes.HasPrefix(data, ageMagic) {
		kind = InEncrypted
		if data, err = f.decrypt(path, data); err != nil {
			return record{}, "", err
		}
	}
	var r record
	if err := json.Unmarshal(data, &r); err != nil || (r.Token == "" && !r.Keyring) {
		return record{}, "", model.NewProblem(model.KindAuth, "The file of the kept token is damaged", path, "log in again with `docket login`")
	}
	return r, kind, nil
}

// readPrivate reads a file that nobody else may read.
func readPrivate(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, ErrNone
	case err != nil:
		return nil, unusable(path, err)
	case !info.Mode().IsRegular() || info.Size() > maxFile:
		return nil, model.NewProblem(model.KindFailed, "The kept token is not in a file of docket's", path, "look at what is there, remove it, and log in again")
	case runtime.GOOS != "windows" && info.Mode().Perm()&^fileMode != 0:
		return nil, model.NewProblem(model.KindAuth,
			fmt.Sprintf("The kept token is not used, because others could read it (mode %04o)", info.Mode().Perm()), path,
			"run chmod 600 on the file, or log in again if somebody may have read it")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, unusable(path, err)
	}
	return data, nil
}

func unusable(path string, err error) error {
	return model.NewProblem(model.KindFailed, "The kept token cannot be read or written", path,
		"check who owns the folder and whether its disk is full").Because(err)
}

// write puts a record in place, whole or not at all: another run, or the next
// one after a crash, sees the old file or the new one. The folder's own entry is
// synced too, else a power cut could bring the old one back.
func (f files) write(r record) error {
	data, err := json.Marshal(r)
	if err != nil {
		return err
	}
	path := f.path(r.Origin)
	if f.passphrase != "" && !r.Keyring {
		if data, err = f.encrypt(data); err != nil {
			return unusable(path, err)
		}
	}
	if err := f.makeFolder(); err != nil {
		return unusable(f.folder, err)
	}
	if err := replace(path, data); err != nil {
		return unusable(path, err)
	}
	f.sweep()
	return nil
}

func (f files) makeFolder() error {
	if err := os.MkdirAll(f.folder, folderMode); err != nil {
		return err
	}
	return os.Chmod(f.folder, folderMode) // it may have been made by hand
}

// replace writes data beside path and renames it into place.
func replace(path string, data []byte) (err error) {
	folder := filepath.Dir(path)
	fresh, err := os.CreateTemp(folder, freshPrefix+"*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(fresh.Name()))
		}
	}()
	_, err = fresh.Write(data)
	if err == nil {
		err = fresh.Sync()
	}
	if err = errors.Join(err, fresh.Close()); err != nil {
		return err
	}
	if err = os.Rename(fresh.Name(), path); err != nil {
		return err
	}
	syncFolder(folder)
	return nil
}

// syncFolder makes a rename last. Not every file system can: the data is in
// place either way, so a refusal is no error.
func syncFolder(folder string) {
	d, err := os.Open(folder)
	if err != nil {
		return
	}
	_ = d.Sync()
	_ = d.Close()
}

// sweep removes what a crash left half written. Files of writers at work are
// younger. What cannot be removed now can be the next time.
func (f files) sweep() {
	entries, err := os.ReadDir(f.folder)
	if err != nil {
		return
	}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && strings.HasPrefix(e.Name(), freshPrefix) && time.Since(info.ModTime()) > staleAfter {
			_ = os.Remove(filepath.Join(f.folder, e.Name()))
		}
	}
}

func (f files) remove(origin string) error {
	path := f.path(origin)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return unusable(path, err)
	}
	return nil
}

func (f files) encrypt(plain []byte) ([]byte, error) {
	recipient, err := age.NewScryptRecipient(f.passphrase)
	if err != nil {
		return nil, err
	}
	if f.work != 0 {
		recipient.SetWorkFactor(f.work)
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, recipient)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func (f files) decrypt(path string, data []byte) ([]byte, error) {
	if f.passphrase == "" {
		return nil, model.NewProblem(model.KindAuth, "The kept token is encrypted and there is no passphrase", path,
			"set "+passphraseVariable+", or log in again")
	}
	identity, err := age.NewScryptIdentity(f.passphrase)
	if err != nil {
		return nil, unusable(path, err)
	}
	r, err := age.Decrypt(bytes.NewReader(data), identity)
	if err != nil {
		return nil, model.NewProblem(model.KindAuth, "The kept token cannot be decrypted: the passphrase is another, or the file is damaged", path,
			"correct "+passphraseVariable+", or log in again").Because(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		return nil, model.NewProblem(model.KindAuth, "The file of the kept token is damaged", path, "log in again with `docket login`").Because(err)
	}
	return plain, nil
}
