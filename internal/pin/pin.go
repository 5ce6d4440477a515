// Package pin keeps the PIN that opens a locked console as a hash: argon2id, written
// as the reference implementation does, with its costs and its salt.
package pin

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// What a PIN may be, in letters.
const (
	Least = 4
	Most  = 64
)

// The costs of a new hash: 19 MiB and two passes, the least that OWASP recommends.
// Many people of a server may unlock at once.
const (
	memory  = 19 << 10 // KiB
	passes  = 2
	threads = 1
	salted  = 16 // bytes
	hashed  = 32 // bytes
)

// The costs that a hash may ask for at most: it stands in a file that a person writes.
const (
	memoryMost = 256 << 10 // KiB
	passesMost = 16
)

// Errors of a PIN and of a hash. None tells anything of either.
var (
	ErrLength = fmt.Errorf("a PIN has %d to %d letters or digits", Least, Most)
	ErrHash   = errors.New("that is no hash of a PIN")
)

// Hash returns the hash of a PIN, or ErrLength.
func Hash(text string) (string, error) {
	if n := utf8.RuneCountInString(text); n < Least || n > Most {
		return "", ErrLength
	}
	salt := make([]byte, salted)
	_, _ = rand.Read(salt) // it never fails
	sum := argon2.IDKey([]byte(text), salt, passes, memory, threads, hashed)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memory, passes, threads, enc.EncodeToString(salt), enc.EncodeToString(sum)), nil
}

// Lock is a hash that was read.
type Lock struct {
	memory, passes uint32
	threads        uint8
	salt, sum      []byte
}

// Parse reads a hash. The error is ErrHash.
func Parse(hash string) (*Lock, error) {
	parts := strings.Split(hash, "$")
	const count = 6 // the first is empty
	if len(parts) != count || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return nil, ErrHash
	}
	l := &Lock{}
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &l.memory, &l.passes, &l.threads); err != nil || n != 3 || !l.bearable() {
		return nil, ErrHash
	}
	var err1, err2 error
	l.salt, err1 = base64.RawStdEncoding.DecodeString(parts[4])
	l.sum, err2 = base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(l.salt) < salted/2 || len(l.sum) < salted {
		return nil, ErrHash
	}
	return l, nil
}

// bearable reports whether the costs are some, and not too many.
func (l *Lock) bearable() bool {
	return l.memory > 0 && l.memory <= memoryMost && l.passes > 0 && l.passes <= passesMost && l.threads > 0
}

// Opens reports whether the PIN is the right one. It takes some 30 ms and 19 MiB.
func (l *Lock) Opens(text string) bool {
	sum := argon2.IDKey([]byte(text), l.salt, l.passes, l.memory, l.threads, uint32(len(l.sum)))
	return subtle.ConstantTimeCompare(sum, l.sum) == 1
}
