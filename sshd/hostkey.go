package sshd

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/crypto/ssh"

	"docket/model"
)

// hostKeyFile is in the data folder.
const hostKeyFile = "ssh_host_ed25519_key"

// HostKeyPath is where the key of the server is.
func HostKeyPath(data string) string { return filepath.Join(data, hostKeyFile) }

// hostKey returns the key that the server proves itself with, as PEM, and its
// fingerprint. The first time it makes one.
func hostKey(data string) (text []byte, fingerprint string, err error) {
	path := HostKeyPath(data)
	text, err = readFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		text, err = newHostKey(path)
	}
	if err != nil {
		return nil, "", noHostKey(cause(err), path, err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, "", noHostKey(cause(err), path, err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, "", model.NewProblem(model.KindFailed, fmt.Sprintf("Others can read the key of the server (mode %04o)", info.Mode().Perm()), path,
			"run chmod 600 "+path+", and make a new key if somebody may have read it")
	}
	signer, err := ssh.ParsePrivateKey(text)
	if err != nil {
		return nil, "", noHostKey("it is no private key without a passphrase", path, err)
	}
	return text, ssh.FingerprintSHA256(signer.PublicKey()), nil
}

func noHostKey(why, path string, err error) error {
	return model.NewProblem(model.KindFailed, "The key of the server cannot be used: "+why, path,
		"check who may read and write the folder; without the file a new key is made, of which every client warns").Because(err)
}

func newHostKey(path string) ([]byte, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	block, err := ssh.MarshalPrivateKey(private, "docket")
	if err != nil {
		return nil, err
	}
	text := pem.EncodeToMemory(block)
	return text, replace(path, text)
}
