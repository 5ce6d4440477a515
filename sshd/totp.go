package sshd

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // RFC 6238 and every app that shows codes mean SHA-1
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"docket/internal/config"
)

// What RFC 6238 leaves open, as every app has it.
const (
	codeDigits = 6
	codeEvery  = 30 * time.Second
	codeSkew   = 1  // steps that a clock may be off, either way
	shortest   = 10 // bytes of a secret
)

// secretOf reads the secret of a person's second factor.
func secretOf(p config.Person) ([]byte, error) {
	if p.TOTPFile == "" {
		return nil, errors.New("they have no totp_file")
	}
	info, err := os.Stat(p.TOTPFile)
	if err != nil {
		return nil, err
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("others can read its file (mode %04o)", info.Mode().Perm())
	}
	text, err := readFile(p.TOTPFile)
	if err != nil {
		return nil, err
	}
	letters := strings.ToUpper(strings.TrimRight(strings.Join(strings.Fields(string(text)), ""), "="))
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(letters)
	if err != nil || len(secret) < shortest {
		return nil, errors.New("its file holds no secret of 16 letters or more in base32") // the library quotes it
	}
	return secret, nil
}

// codeAt returns the code of a step, as RFC 4226 makes it.
func codeAt(secret []byte, step uint64) string {
	mac := hmac.New(sha1.New, secret)
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], step)
	mac.Write(counter[:])
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0x0f
	const sign, modulus = 0x7fffffff, 1_000_000
	return fmt.Sprintf("%0*d", codeDigits, binary.BigEndian.Uint32(sum[at:])&sign%modulus)
}

// codesFile is in the data folder: the last step whose code was used, by person.
const codesFile = "ssh_codes"

// codes takes the codes of second factors, each once.
type codes struct {
	path string
	now  func() time.Time

	mu   sync.Mutex
	last map[string]uint64
}

func newCodes(data string, now func() time.Time) (*codes, error) {
	c := &codes{path: filepath.Join(data, codesFile), now: now, last: map[string]uint64{}}
	text, err := readFile(c.path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &c.last)
	}
	return c, err
}

// take reports whether a code is right now and was not used before. It is used up
// before it counts.
func (c *codes) take(p config.Person, code string) bool {
	secret, err := secretOf(p)
	if err != nil {
		return false
	}
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	c.mu.Lock()
	defer c.mu.Unlock()
	now := uint64(c.now().Unix()) / uint64(codeEvery/time.Second) //nolint:gosec // there are no times before 1970 here
	for step := now - codeSkew; step <= now+codeSkew; step++ {
		right := subtle.ConstantTimeCompare([]byte(codeAt(secret, step)), []byte(code)) == 1
		if !right || step <= c.last[p.Name] {
			continue
		}
		c.last[p.Name] = step
		text, err := json.Marshal(c.last)
		if err == nil {
			err = replace(c.path, text)
		}
		return err == nil
	}
	return false
}
