package sshd

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"

	charm "charm.land/ssh"
	"golang.org/x/crypto/ssh"

	"docket/internal/config"
)

// algorithms are those of signatures that are taken as proof: none with SHA-1.
var algorithms = []string{
	ssh.KeyAlgoED25519, ssh.KeyAlgoSKED25519, ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521, ssh.KeyAlgoSKECDSA256,
	ssh.KeyAlgoRSASHA256, ssh.KeyAlgoRSASHA512,
}

// What one connection may try.
const (
	mostTries     = 6
	mostToldTries = 6 // lines of the log
)

// holderKey is where the permissions of a connection have who it is.
type holderKey struct{}

// attempt is the log-in of one connection.
type attempt struct {
	s  *Server
	in *atomic.Bool // of the connection: it was let in

	mu          sync.Mutex
	told        int
	fingerprint string // of the key that was tried last
	why         string // it was refused
}

var errDenied = errors.New("permission denied") // what it says goes nowhere

// login returns what lets people in on one connection. It is built here and not from the
// handlers of the library: those cannot ask for a second factor after the key.
func (s *Server) login(ctx charm.Context) *ssh.ServerConfig {
	a := &attempt{s: s}
	if k, ok := ctx.Value(knockKey{}).(*knock); ok {
		a.in = &k.in
	}
	return &ssh.ServerConfig{
		MaxAuthTries: mostTries, PublicKeyAuthAlgorithms: algorithms,
		PublicKeyCallback: a.offered, VerifiedPublicKeyCallback: a.proved, AuthLogCallback: a.tell,
	}
}

// offered looks whose key it is. Whoever offers it has not proved yet that they have it.
func (a *attempt) offered(_ ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
	h, why := a.s.roster.Load().Who(key)
	a.note(fingerprintOf(key), why)
	if why != "" {
		return nil, errDenied
	}
	p := &ssh.Permissions{ExtraData: map[any]any{holderKey{}: h}}
	if cert, ok := key.(*ssh.Certificate); ok {
		p.CriticalOptions = cert.CriticalOptions // source-address: the library compares it, and refuses
	}
	return p, nil
}

// proved lets somebody in who has the key, or asks for the second factor.
func (a *attempt) proved(_ ssh.ConnMetadata, _ ssh.PublicKey, p *ssh.Permissions, _ string) (*ssh.Permissions, error) {
	if a.s.roster.Load().second != config.SecondTOTP {
		return p, nil
	}
	return nil, &ssh.PartialSuccessError{Next: ssh.ServerAuthCallbacks{
		KeyboardInteractiveCallback: func(_ ssh.ConnMetadata, ask ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
			return a.second(p, ask)
		},
	}}
}

// second asks for a code. Who fails too often has to wait, whatever address they use:
// six digits are guessed otherwise.
func (a *attempt) second(p *ssh.Permissions, ask ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
	h, _ := p.ExtraData[holderKey{}].(Holder)
	if !a.s.guesses.allows(h.Person.Name) {
		a.note(h.Fingerprint, "too many wrong codes")
		return nil, errDenied
	}
	answers, err := ask("", "", []string{"Code of your second factor: "}, []bool{true})
	if err != nil {
		return nil, err
	}
	right := func() bool { return len(answers) == 1 && a.s.codes.take(h.Person, answers[0]) }
	tried, ok := a.s.guesses.try(h.Person.Name, right)
	switch {
	case !tried:
		a.note(h.Fingerprint, "too many wrong codes")
		return nil, errDenied
	case !ok:
		a.note(h.Fingerprint, "wrong code, or one that was used")
		return nil, errDenied
	}
	return p, nil
}

func (a *attempt) note(fingerprint, why string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.fingerprint, a.why = fingerprint, why
}

// tell logs a try that failed, with the fingerprint of the key and nothing of the rest:
// people type passwords for user names.
func (a *attempt) tell(conn ssh.ConnMetadata, method string, err error) {
	var partly *ssh.PartialSuccessError
	if err == nil && a.in != nil {
		a.in.Store(true)
	}
	if err == nil || method == "none" || errors.As(err, &partly) {
		return
	}
	a.mu.Lock()
	a.told++
	told, fingerprint, why := a.told, a.fingerprint, a.why
	a.mu.Unlock()
	if told > mostToldTries {
		return
	}
	if method != "publickey" && method != "keyboard-interactive" {
		fingerprint, why = "", "no such way in"
	}
	if why == "" {
		why = "signature or address not right" // which the library looks at
	}
	a.s.log.LogAttrs(context.Background(), slog.LevelWarn, "log-in refused", slog.String("from", addressOf(conn.RemoteAddr())),
		slog.String("key", fingerprint), slog.String("why", why))
}

// fingerprintOf is that of a key, also of one in a certificate.
func fingerprintOf(key ssh.PublicKey) string {
	if cert, ok := key.(*ssh.Certificate); ok {
		return ssh.FingerprintSHA256(cert.Key)
	}
	return ssh.FingerprintSHA256(key)
}
