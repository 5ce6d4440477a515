package sshd

import (
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"

	"docket/internal/config"
)

// TestCodesAreThoseOfTheRFC has the table of RFC 6238, appendix B, of which six digits
// are the last of its eight.
func TestCodesAreThoseOfTheRFC(t *testing.T) {
	secret := []byte("12345678901234567890")
	for at, want := range map[uint64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		require.Equal(t, want, codeAt(secret, at/30), at)
	}
}

func TestCodeIsTakenOnce(t *testing.T) {
	now := time.Unix(1_111_111_111, 0)
	p := ana()
	p.TOTPFile = writeFile(t, "gezd gnbv gy3t qojq gezd gnbv gy3t qojq\n")
	data := t.TempDir()
	c, err := newCodes(data, func() time.Time { return now })
	require.NoError(t, err)
	require.False(t, c.take(p, "050472"))
	require.True(t, c.take(p, " 050 471"))
	require.False(t, c.take(p, "050471"), "it was used")
	require.False(t, c.take(p, "081804"), "an older one is used up with it")

	// A server that is started anew knows.
	c, err = newCodes(data, func() time.Time { return now })
	require.NoError(t, err)
	require.False(t, c.take(p, "050471"))

	// A clock may be off by one step, and no more.
	now = now.Add(2 * codeEvery)
	secret, err := secretOf(p)
	require.NoError(t, err)
	step := uint64(now.Unix()) / 30
	require.False(t, c.take(p, codeAt(secret, step+2)))
	require.False(t, c.take(p, codeAt(secret, step-2)))
	require.True(t, c.take(p, codeAt(secret, step+1)))
	require.False(t, c.take(p, ""))
}

func TestSecretsOfOthersAreNone(t *testing.T) {
	p := ana()
	_, err := secretOf(p)
	require.Error(t, err)
	for _, text := range []string{"", "short", "not base32 at all 0189"} {
		p.TOTPFile = writeFile(t, text)
		_, err = secretOf(p)
		require.Error(t, err)
		if text != "" {
			require.NotContains(t, err.Error(), text)
		}
	}
	p.TOTPFile = writeFile(t, "GEZDGNBVGY3TQOJQ")
	_, err = secretOf(p)
	require.NoError(t, err)
	require.NoError(t, os.Chmod(p.TOTPFile, 0o640))
	_, err = secretOf(p)
	require.ErrorContains(t, err, "0640")
}

// TestGuessingCodesIsSlow has somebody with a right key guess.
func TestGuessingCodesIsSlow(t *testing.T) {
	key := newSigner(t)
	p := ana(key)
	p.TOTPFile = writeFile(t, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
	cfg := settings(t, p)
	cfg.SSH.Second = config.SecondTOTP
	b := serve(t, cfg, nothing)
	asked := 0
	guess := ssh.KeyboardInteractive(func(_, _ string, questions []string, _ []bool) ([]string, error) {
		asked += len(questions)
		return []string{"000000"}, nil
	})
	_, err := b.connect(key)
	require.Error(t, err, "the key alone is not enough")
	for range failsAtOnce {
		_, err := b.connect(key, ssh.RetryableAuthMethod(guess, 4))
		require.Error(t, err)
	}
	require.LessOrEqual(t, asked, failsAtOnce)
	require.Contains(t, b.log.String(), "too many wrong codes")
	require.Empty(t, b.noted())
}

// TestCodesAtTheSameTime has a stolen key and many connections that are all asked before
// one answers.
func TestCodesAtTheSameTime(t *testing.T) {
	const many = 3 * failsAtOnce
	key := newSigner(t)
	p := ana(key)
	p.TOTPFile = writeFile(t, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
	cfg := settings(t, p)
	cfg.SSH.Second = config.SecondTOTP
	b := serve(t, cfg, nothing)
	var asked, done sync.WaitGroup
	asked.Add(many)
	for range many {
		done.Go(func() {
			_, err := b.connect(key, ssh.KeyboardInteractive(func(string, string, []string, []bool) ([]string, error) {
				asked.Done()
				asked.Wait()
				return []string{"none"}, nil
			}))
			if err == nil {
				t.Error("came in")
			}
		})
	}
	done.Wait()
	require.Contains(t, b.log.String(), "too many wrong codes")
}
