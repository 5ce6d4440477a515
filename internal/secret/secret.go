// Package secret keeps executive tokens between runs: in the keyring of the
// operating system where there is one, else in a file for its owner alone,
// encrypted when a passphrase is given. A token belongs to the origin of the
// API that issued it and is never given out for another.
package secret

import (
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/zalando/go-keyring"

	"docket/internal/config"
	"docket/model"
)

// ErrNone says that no token is kept for an origin.
var ErrNone = errors.New("no token is kept for this API")

// Where a token can be, as Token.From and Store.Where tell it.
const (
	InKeyring   = "keyring"
	InFile      = "file"
	InEncrypted = "encrypted file"
)

// Variables of the environment that the package reads.
const (
	passphraseVariable = "DOCKET_PASSPHRASE" // encrypts the files
	noKeyringVariable  = "DOCKET_NO_KEYRING" // any value: files only
	busVariable        = "DBUS_SESSION_BUS_ADDRESS"
)

// keyringPatience is how long the keyring may take: somebody may have to type
// its password, but a bus that never answers must not hold everything up.
const keyringPatience = 30 * time.Second

// Token is an executive token with what is known about it.
type Token struct {
	Value   config.Secret
	User    string    // a label for people; "" when unknown
	Expires time.Time // zero when unknown
	From    string    // where it was found: InKeyring, InFile or InEncrypted
}

// record is what is stored. Without a token it only says that the keyring has it.
type record struct {
	Origin  string     `json:"origin"`
	Token   string     `json:"token,omitempty"`
	User    string     `json:"user,omitempty"`
	Expires *time.Time `json:"expires,omitempty"`
	Keyring bool       `json:"keyring,omitempty"`
}

// ring is a keyring of the operating system.
type ring interface {
	Get(account string) (string, error)
	Set(account, value string) error
	Delete(account string) error
}

// Store keeps tokens. It is safe for several runs of docket side by side.
type Store struct {
	files files
	ring  ring // nil when there is none
	wait  time.Duration
	stop  <-chan struct{} // closed when nobody waits for the keyring any more; nil: never
	mute  *atomic.Bool    // the keyring did not answer once: it is not asked again
}

// Until returns the same store for somebody who waits no longer than ctx.
func (s *Store) Until(ctx context.Context) *Store {
	c := *s
	c.stop = ctx.Done()
	return &c
}

// Open returns the store in docket's data folder ([config.Dirs].Data), which
// need not exist yet. Nothing is read or asked before the first call.
func Open(data string, env func(string) string) *Store {
	s := &Store{files: newFiles(data, env(passphraseVariable)), wait: keyringPatience, mute: &atomic.Bool{}}
	if hasKeyring(env) {
		s.ring = systemRing{}
	}
	return s
}

// hasKeyring reports whether asking for a keyring can make sense. Without a
// session bus on Linux it would only fail, in many ways, some of them slow.
func hasKeyring(env func(string) string) bool {
	if env(noKeyringVariable) != "" {
		return false
	}
	switch runtime.GOOS {
	case "darwin", "windows":
		return true
	default:
		return env(busVariable) != ""
	}
}

// Get returns the token that is kept for an API, named by its base URL or its
// origin. Without one the error is ErrNone; else it is a *model.Problem.
func (s *Store) Get(api string) (Token, error) {
	origin, err := originOf(api)
	if err != nil {
		return Token{}, err
	}
	kept, from, err := s.files.read(origin)
	if err == nil && !kept.Keyring {
		return tokenOf(kept, origin, from)
	}
	if err != nil && !errors.Is(err, ErrNone) {
		return Token{}, err
	}
	text, ringErr := s.ask(func(r ring) (string, error) { return r.Get(origin) })
	switch {
	case ringErr == nil:
		return s.fromRing(text, origin)
	case kept.Keyring && !errors.Is(ringErr, keyring.ErrNotFound):
		return Token{}, model.NewProblem(model.KindAuth, "The token is in the keyring, which cannot be reached", origin,
			"unlock the keyring, or log in again with `docket login`").Because(ringErr)
	}
	return Token{}, ErrNone
}

func (s *Store) fromRing(text, origin string) (Token, error) {
	var r record
	if err := json.Unmarshal([]byte(text), &r); err != nil || r.Token == "" {
		return Token{}, model.NewProblem(model.KindAuth, "The keyring's entry is not one of docket's", origin, "log in again with `docket login`")
	}
	return tokenOf(r, origin, InKeyring)
}

// tokenOf checks that what was stored belongs to the origin: a file may have
// been renamed or copied.
func tokenOf(r record, origin, from string) (Token, error) {
	if r.Origin != origin {
		return Token{}, model.NewProblem(model.KindAuth, "The kept token belongs to another API and is not used", origin,
			"log in again with `docket login`")
	}
	t := Token{Value: config.NewSecret(r.Token), User: r.User, From: from}
	if r.Expires != nil {
		t.Expires = *r.Expires
	}
	return t, nil
}

// Set keeps a token for an API in place of the one before, and returns where.
func (s *Store) Set(api string, t Token) (where string, err error) {
	origin, err := originOf(api)
	if err != nil {
		return "", err
	}
	if t.Value.Empty() {
		return "", model.NewProblem(model.KindUsage, "There is no token to keep", origin, "log in with `docket login`")
	}
	r := record{Origin: origin, Token: t.Value.Reveal(), User: t.User}
	if !t.Expires.IsZero() {
		at := t.Expires.UTC()
		r.Expires = &at
	}
	if s.intoRing(r) == nil {
		// The file now says where the token is, and holds no older one.
		return InKeyring, s.files.write(record{Origin: origin, Keyring: true})
	}
	return s.files.kind(), s.files.write(r)
}

func (s *Store) intoRing(r record) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = s.ask(func(ring ring) (string, error) { return "", ring.Set(r.Origin, string(text)) })
	return err
}

// Delete forgets the token of an API. Having none is no error. When the token
// is in a keyring that cannot be reached, the error says that it is still there.
func (s *Store) Delete(api string) error {
	origin, err := originOf(api)
	if err != nil {
		return err
	}
	// A file that cannot be read is as much to be forgotten as one that can.
	kept, _, _ := s.files.read(origin)
	_, err = s.ask(func(r ring) (string, error) { return "", r.Delete(origin) })
	if kept.Keyring && err != nil && !errors.Is(err, keyring.ErrNotFound) {
		return model.NewProblem(model.KindFailed, "The token is in the keyring, which cannot be reached, and stays there", origin,
			"unlock the keyring and log out again").Because(err)
	}
	return s.files.remove(origin)
}

// Where tells where Set would put a token: InKeyring, InFile or InEncrypted.
// It asks the keyring for something that is not there.
func (s *Store) Where() string {
	_, err := s.ask(func(r ring) (string, error) { return r.Get("docket-probe") })
	if err == nil || errors.Is(err, keyring.ErrNotFound) {
		return InKeyring
	}
	return s.files.kind()
}

// Folder is where the files are.
func (s *Store) Folder() string { return s.files.folder }

// errNoRing stands for a keyring that is not there or does not answer.
var errNoRing = errors.New("no keyring answers")

// ask does something with the keyring, for no longer than the store's patience, and never again
// when that was not enough: a command asks several times.
func (s *Store) ask(do func(ring) (string, error)) (string, error) {
	if s.ring == nil || s.mute.Load() {
		return "", errNoRing
	}
	type answer struct {
		text string
		err  error
	}
	answered := make(chan answer, 1) // buffered: a late answer has nobody waiting for it
	go func() {
		text, err := do(s.ring)
		answered <- answer{text, err}
	}()
	select {
	case a := <-answered:
		return a.text, a.err
	case <-s.stop:
		return "", errNoRing
	case <-time.After(s.wait):
		s.mute.Store(true)
		return "", errNoRing
	}
}

// ringService is docket's name in the keyring; accounts are origins.
const ringService = "docket"

// systemRing is the keyring of the operating system.
type systemRing struct{}

func (systemRing) Get(account string) (string, error) { return keyring.Get(ringService, account) }

func (systemRing) Set(account, value string) error { return keyring.Set(ringService, account, value) }

func (systemRing) Delete(account string) error { return keyring.Delete(ringService, account) }

func originOf(api string) (string, error) {
	origin := config.Origin(strings.TrimSpace(api))
	if origin == "" {
		return "", model.NewProblem(model.KindUsage, "A token needs the address of its API", "api_url", "set DOCKET_API_URL")
	}
	return origin, nil
}
