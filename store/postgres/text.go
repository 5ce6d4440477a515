package postgres

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Postgres holds no zero byte and nothing but UTF-8 as text, and no text of more than
// some 2,700 bytes in an index. Ids, names and notes may be anything.

// mark begins what is written otherwise. What follows it keeps the order of texts
// that are UTF-8.
const mark = '\x01'

// After the mark: a zero byte, a mark, a byte that is not UTF-8 (two digits follow),
// the digest of a long text.
const (
	isZero   = '\x01'
	isMark   = '\x02'
	isByte   = '\x03'
	isDigest = '\x04'
)

// Lengths of keys, in bytes.
const (
	maxKey  = 512 // of one that is written out
	keyHead = 400 // of what is left of a longer one, before its digest
)

// safe returns a text as Postgres can hold it; plain is its inverse. Nearly every
// text stays as it is.
func safe(s string) string {
	if utf8.ValidString(s) && !strings.ContainsAny(s, "\x00\x01") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == 0:
			b.WriteString(string([]byte{mark, isZero}))
		case r == mark:
			b.WriteString(string([]byte{mark, isMark}))
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, "%c%c%02x", mark, isByte, s[i])
		default:
			b.WriteString(s[i : i+size])
		}
		i += size
	}
	return b.String()
}

// plain returns what safe was given.
func plain(s string) string {
	if strings.IndexByte(s, mark) < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != mark || i+1 == len(s) {
			b = append(b, s[i])
			continue
		}
		i++
		switch s[i] {
		case isZero:
			b = append(b, 0)
		case isMark:
			b = append(b, mark)
		case isByte:
			end := min(i+3, len(s))
			raw, _ := hex.DecodeString(s[i+1 : end]) // safe wrote it
			b = append(b, raw...)
			i = end - 1
		}
	}
	return string(b)
}

// keyed returns a text as it is looked for. No two texts have the same key.
func keyed(s string) string {
	t := safe(s)
	if len(t) <= maxKey {
		return t
	}
	head := keyHead
	for !utf8.RuneStart(t[head]) {
		head--
	}
	return fmt.Sprintf("%s%c%c%x", t[:head], mark, isDigest, sha256.Sum256([]byte(s)))
}

// keyedAll returns the keys of texts.
func keyedAll(all []string) []string {
	keys := make([]string, len(all))
	for i, s := range all {
		keys[i] = keyed(s)
	}
	return keys
}
