package secret

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/zalando/go-keyring"

	"docket/internal/config"
	"docket/model"
)

const api = "https://api.example.com/0"

var expires = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func token(value string) Token {
	return Token{Value: config.NewSecret(value), User: "reviewer@example.com", Expires: expires}
}

// open returns a store over the folder, with scrypt made cheap.
func open(data string, vars map[string]string) *Store {
	s := Open(data, func(name string) string { return vars[name] })
	s.files.work = 10
	return s
}

// withRing returns a store that asks the mocked keyring on every platform.
func withRing(data string, vars map[string]string) *Store {
	s := open(data, vars)
	s.ring = systemRing{}
	return s
}

// encrypted are the variables of somebody who has a passphrase and no keyring.
func encrypted(passphrase string) map[string]string {
	return map[string]string{passphraseVariable: passphrase, noKeyringVariable: "1"}
}

// filesOnly are the variables of somebody without a keyring.
var filesOnly = map[string]string{noKeyringVariable: "1"}

func requireProblem(t *testing.T, err error, want ...string) {
	t.Helper()
	var p *model.Problem
	require.ErrorAs(t, err, &p)
	require.NotEmpty(t, p.Message)
	require.NotEmpty(t, p.Subject)
	require.NotEmpty(t, p.Do)
	for _, text := range want {
		require.Contains(t, err.Error(), text)
	}
	require.NotContains(t, err.Error(), "fake-token")
}

func TestKeepAndForget(t *testing.T) {
	keyring.MockInit()
	for _, c := range []struct {
		name string
		open func(data string) *Store
		from string
	}{
		{"file", func(d string) *Store { return open(d, filesOnly) }, InFile},
		{"encrypted", func(d string) *Store { return open(d, encrypted("fake words")) }, InEncrypted},
		{"keyring", func(d string) *Store { return withRing(d, nil) }, InKeyring},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := filepath.Join(t.TempDir(), "not", "made", "yet")
			s := c.open(data)
			_, err := s.Get(api)
			require.ErrorIs(t, err, ErrNone)
			require.NoError(t, s.Delete(api), "forgetting nothing is no error")

			where, err := s.Set(api, token("fake-token-1"))
			require.NoError(t, err)
			require.Equal(t, c.from, where)
			require.Equal(t, c.from, s.Where())
			_, err = s.Set(api, token("fake-token-2"))
			require.NoError(t, err)

			want := token("fake-token-2")
			want.From = c.from
			got, err := c.open(data).Get("https://API.example.com:443")
			require.NoError(t, err)
			require.Equal(t, want, got)

			require.NoError(t, s.Delete(api))
			_, err = s.Get(api)
			require.ErrorIs(t, err, ErrNone)
		})
	}
}

func TestUnknownUserAndExpiry(t *testing.T) {
	s := open(t.TempDir(), filesOnly)
	_, err := s.Set(api, Token{Value: config.NewSecret("fake-token")})
	require.NoError(t, err)
	got, err := s.Get(api)
	require.NoError(t, err)
	require.Empty(t, got.User)
	require.True(t, got.Expires.IsZero())
}

func TestATokenBelongsToItsOrigin(t *testing.T) {
	keyring.MockInit()
	data := t.TempDir()
	for name, s := range map[string]*Store{"file": open(data, filesOnly), "keyring": withRing(t.TempDir(), nil)} {
		t.Run(name, func(t *testing.T) {
			_, err := s.Set(api, token("fake-token"))
			require.NoError(t, err)
			for _, other := range []string{
				"https://api.example.com:8443", "http://api.example.com", "https://api.example.com.evil.example", "https://evil.example/api.example.com",
			} {
				_, err := s.Get(other)
				require.ErrorIs(t, err, ErrNone, other)
			}
		})
	}
	t.Run("a file under another's name", func(t *testing.T) {
		s := open(data, filesOnly)
		other := "https://evil.example"
		require.NoError(t, os.Rename(s.files.path(config.Origin(api)), s.files.path(config.Origin(other))))
		_, err := s.Get(other)
		requireProblem(t, err, "belongs to another API", "https://evil.example:443", "docket login")
	})
	t.Run("a keyring entry under another's name", func(t *testing.T) {
		s := withRing(t.TempDir(), nil)
		text, err := json.Marshal(record{Origin: "https://a.example:443", Token: "fake-token"})
		require.NoError(t, err)
		require.NoError(t, keyring.Set(ringService, "https://b.example:443", string(text)))
		_, err = s.Get("https://b.example")
		requireProblem(t, err, "belongs to another API")
	})
	t.Run("no origin", func(t *testing.T) {
		s := open(data, filesOnly)
		_, err := s.Get("")
		requireProblem(t, err, "address of its API")
		_, err = s.Set("nonsense", token("fake-token"))
		requireProblem(t, err, "address of its API")
		requireProblem(t, s.Delete(""), "address of its API")
	})
}

func TestFilesAreForTheOwnerAlone(t *testing.T) {
	data := t.TempDir()
	s := open(data, filesOnly)
	require.NoError(t, os.MkdirAll(s.Folder(), 0o755))
	_, err := s.Set(api, token("fake-token"))
	require.NoError(t, err)
	path := s.files.path(config.Origin(api))
	require.NotContains(t, path, "example")
	requireMode(t, s.Folder(), 0o700)
	requireMode(t, path, 0o600)

	for _, mode := range []os.FileMode{0o640, 0o604, 0o644, 0o620, 0o700} {
		require.NoError(t, os.Chmod(path, mode))
		_, err = s.Get(api)
		requireProblem(t, err, fmt.Sprintf("(mode %04o)", mode), path, "chmod 600")
	}
	_, err = s.Set(api, token("fake-token-2"))
	require.NoError(t, err)
	requireMode(t, path, 0o600)
	_, err = s.Get(api)
	require.NoError(t, err)
}

func requireMode(t *testing.T, path string, want os.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, want, info.Mode().Perm())
}

func TestWhatIsNoFileOfOurs(t *testing.T) {
	s := open(t.TempDir(), filesOnly)
	require.NoError(t, os.MkdirAll(s.Folder(), 0o700))
	path := s.files.path(config.Origin(api))

	require.NoError(t, os.Mkdir(path, 0o700))
	_, err := s.Get(api)
	requireProblem(t, err, "not in a file of docket's", path)
	require.NoError(t, os.Remove(path))

	require.NoError(t, os.Symlink("/dev/zero", path))
	_, err = s.Get(api)
	requireProblem(t, err, "not in a file of docket's", path)
	require.NoError(t, os.Remove(path))

	for _, content := range []string{"", "{", "null", "{}", `{"origin":"x"}`, "[1]"} {
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		_, err := s.Get(api)
		requireProblem(t, err, "damaged", path, "docket login")
	}
}

func TestPassphrase(t *testing.T) {
	data := t.TempDir()
	s := open(data, encrypted("fake words"))
	_, err := s.Set(api, token("fake-token"))
	require.NoError(t, err)
	path := s.files.path(config.Origin(api))
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	for _, plain := range []string{"fake-token", "example.com", "reviewer"} {
		require.NotContains(t, string(content), plain)
	}

	_, err = open(data, encrypted("other words")).Get(api)
	requireProblem(t, err, "cannot be decrypted", path, passphraseVariable)
	require.NotContains(t, err.Error(), "words")
	_, err = open(data, filesOnly).Get(api)
	requireProblem(t, err, "there is no passphrase", path)

	require.NoError(t, os.WriteFile(path, content[:len(content)-8], 0o600))
	_, err = s.Get(api)
	requireProblem(t, err, path)
	require.NoError(t, os.WriteFile(path, append(content[:len(content)-1], content[len(content)-1]^1), 0o600))
	_, err = s.Get(api)
	requireProblem(t, err, "damaged", path)

	// Logging in again replaces what cannot be read, and can take the passphrase off.
	_, err = open(data, filesOnly).Set(api, token("fake-token-2"))
	require.NoError(t, err)
	got, err := s.Get(api)
	require.NoError(t, err)
	require.Equal(t, InFile, got.From)
}

// TestACrashLeavesTheOldToken: whatever was left half written is not read, and
// is swept once it cannot be somebody else's work.
func TestACrashLeavesTheOldToken(t *testing.T) {
	s := open(t.TempDir(), filesOnly)
	_, err := s.Set(api, token("fake-token-old"))
	require.NoError(t, err)
	half := filepath.Join(s.Folder(), freshPrefix+"123")
	young := filepath.Join(s.Folder(), freshPrefix+"456")
	for _, path := range []string{half, young} {
		require.NoError(t, os.WriteFile(path, []byte(`{"origin":"https://api.ex`), 0o600))
	}
	old := time.Now().Add(-2 * staleAfter)
	require.NoError(t, os.Chtimes(half, old, old))

	got, err := s.Get(api)
	require.NoError(t, err)
	require.Equal(t, "fake-token-old", got.Value.Reveal())
	_, err = s.Set(api, token("fake-token-new"))
	require.NoError(t, err)
	require.NoFileExists(t, half)
	require.FileExists(t, young)
}

func TestAFailedWriteLeavesTheOldToken(t *testing.T) {
	s := open(t.TempDir(), filesOnly)
	path := s.files.path(config.Origin(api))
	require.NoError(t, os.MkdirAll(filepath.Join(path, "in-the-way"), 0o700))
	_, err := s.Set(api, token("fake-token"))
	requireProblem(t, err, "cannot be read or written", path)
	entries, err := os.ReadDir(s.Folder())
	require.NoError(t, err)
	require.Len(t, entries, 1, "the temporary file is gone")

	blocked := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(blocked, nil, 0o600))
	_, err = open(blocked, filesOnly).Set(api, token("fake-token"))
	requireProblem(t, err, "cannot be read or written")
}

func TestConcurrentWriters(t *testing.T) {
	data := t.TempDir()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			s := open(data, filesOnly) // as another process would
			for j := range 10 {
				_, err := s.Set(api, token(fmt.Sprintf("fake-token-%d-%d", i, j)))
				if err == nil {
					_, err = s.Get(api)
				}
				if err != nil {
					t.Errorf("writer %d: %v", i, err)
				}
			}
		}()
	}
	wg.Wait()
	got, err := open(data, filesOnly).Get(api)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(got.Value.Reveal(), "fake-token-"))
	entries, err := os.ReadDir(filepath.Join(data, "tokens"))
	require.NoError(t, err)
	require.Len(t, entries, 1)
}

func TestAKeyringThatFails(t *testing.T) {
	broken := errors.New("org.freedesktop.secrets was not provided")
	t.Run("falls back to a file", func(t *testing.T) {
		keyring.MockInitWithError(broken)
		s := withRing(t.TempDir(), nil)
		_, err := s.Get(api)
		require.ErrorIs(t, err, ErrNone)
		require.Equal(t, InFile, s.Where())
		where, err := s.Set(api, token("fake-token"))
		require.NoError(t, err)
		require.Equal(t, InFile, where)
		got, err := s.Get(api)
		require.NoError(t, err)
		require.Equal(t, InFile, got.From)
		require.NoError(t, s.Delete(api))
		_, err = s.Get(api)
		require.ErrorIs(t, err, ErrNone)
	})
	t.Run("after it had the token", func(t *testing.T) {
		keyring.MockInit()
		data := t.TempDir()
		_, err := withRing(data, nil).Set(api, token("fake-token"))
		require.NoError(t, err)
		keyring.MockInitWithError(broken)
		s := withRing(data, nil)
		_, err = s.Get(api)
		requireProblem(t, err, "cannot be reached", "docket login")
		requireProblem(t, s.Delete(api), "stays there")
		_, err = open(data, filesOnly).Get(api)
		requireProblem(t, err, "cannot be reached")
	})
	t.Run("with an older token in it", func(t *testing.T) {
		keyring.MockInit()
		data := t.TempDir()
		_, err := withRing(data, nil).Set(api, token("fake-token-old"))
		require.NoError(t, err)
		_, err = open(data, filesOnly).Set(api, token("fake-token-new"))
		require.NoError(t, err)
		got, err := withRing(data, nil).Get(api)
		require.NoError(t, err)
		require.Equal(t, "fake-token-new", got.Value.Reveal())
	})
	t.Run("that never answers", func(t *testing.T) {
		never := make(chan struct{})
		t.Cleanup(func() { close(never) })
		s := open(t.TempDir(), filesOnly)
		s.ring, s.wait = silentRing{never}, time.Millisecond
		where, err := s.Set(api, token("fake-token"))
		require.NoError(t, err)
		require.Equal(t, InFile, where)
	})
	t.Run("with an entry that is not ours", func(t *testing.T) {
		keyring.MockInit()
		require.NoError(t, keyring.Set(ringService, config.Origin(api), "something else"))
		_, err := withRing(t.TempDir(), nil).Get(api)
		requireProblem(t, err, "not one of docket's")
	})
}

// silentRing is a keyring behind a bus that never answers.
type silentRing struct{ never chan struct{} }

func (r silentRing) Get(string) (string, error) { <-r.never; return "", errNoRing }
func (r silentRing) Set(string, string) error   { <-r.never; return errNoRing }
func (r silentRing) Delete(string) error        { <-r.never; return errNoRing }

func TestNoTokenIsNotKept(t *testing.T) {
	_, err := open(t.TempDir(), filesOnly).Set(api, Token{})
	requireProblem(t, err, "no token to keep")
}

func TestTheKeyringIsAskedOnlyWhereItMakesSense(t *testing.T) {
	env := func(vars map[string]string) func(string) string {
		return func(name string) string { return vars[name] }
	}
	require.False(t, hasKeyring(env(filesOnly)))
	require.False(t, hasKeyring(env(map[string]string{noKeyringVariable: "1", busVariable: "unix:path=/x"})))
	require.True(t, hasKeyring(env(map[string]string{busVariable: "unix:path=/x"})))
}

func TestATokenShowsItselfToNobody(t *testing.T) {
	tok := token("fake-token")
	asJSON, err := json.Marshal(tok)
	require.NoError(t, err)
	require.NotContains(t, fmt.Sprintf("%v %+v %#v %s", tok, tok, tok, asJSON), "fake-token")
}

// Who is interrupted does not wait for the keyring, and one that did not answer
// is not asked again: a command asks several times.
func TestNobodyWaitsForASilentKeyringTwice(t *testing.T) {
	never := make(chan struct{})
	t.Cleanup(func() { close(never) })
	s := open(t.TempDir(), filesOnly)
	s.ring, s.wait = silentRing{never}, time.Hour
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Until(ctx).Get(api)
	require.ErrorIs(t, err, ErrNone)
	s.wait = time.Millisecond
	_, err = s.Get(api)
	require.ErrorIs(t, err, ErrNone)
	s.wait = time.Hour
	_, err = s.Get(api)
	require.ErrorIs(t, err, ErrNone)
}
