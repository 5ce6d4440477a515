package gateway

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
)

// sealer makes tokens unreadable for the time that they are kept: who has the database
// has not the sessions. AES-256-GCM, a nonce of its own for each in front.
type sealer struct{ aead cipher.AEAD }

// sealKey tells the key that seals tokens from others that may be made of the API key.
const sealKey = "docket gateway: tokens of sessions, 1"

const sealKeyBytes = 32

func newSealer(apiKey string) (sealer, error) {
	if apiKey == "" {
		return sealer{}, errors.New("there is no API key to seal tokens with")
	}
	key, err := hkdf.Key(sha256.New, []byte(apiKey), nil, sealKey, sealKeyBytes)
	if err != nil {
		return sealer{}, fmt.Errorf("seal tokens: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealer{}, fmt.Errorf("seal tokens: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return sealer{}, fmt.Errorf("seal tokens: %w", err)
	}
	return sealer{aead}, nil
}

// seal hides a token; it can be opened under the same name only.
func (s sealer) seal(token, unique string) []byte {
	return s.aead.Seal(nil, nil, []byte(token), []byte(unique))
}

// open returns a token that was sealed with this key under this name.
func (s sealer) open(sealed []byte, unique string) (string, error) {
	token, err := s.aead.Open(nil, nil, sealed, []byte(unique))
	if err != nil {
		return "", errors.New("the kept token was sealed with another API key, or is damaged")
	}
	return string(token), nil
}

// newUnique makes the name of a session for its caller: a random UUID, as the sample
// does. It tells nothing of the session.
func newUnique() string {
	var b [16]byte
	_, _ = rand.Read(b[:])  // never fails: it ends the program instead
	b[6] = b[6]&0x0f | 0x40 // version 4
	b[8] = b[8]&0x3f | 0x80 // variant of RFC 9562
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}
