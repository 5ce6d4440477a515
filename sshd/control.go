package sshd

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"docket/model"
)

// controlFile is a socket in the data folder, for who owns that.
const controlFile = "ssh.sock"

// controlTime is how long a question to a server may take.
const controlTime = 5 * time.Second

// asked is a question to a server that runs, and told its answer.
type (
	asked struct {
		Again bool `json:"again,omitempty"` // read who may be here
	}
	told struct {
		Here  []Presence `json:"here"`
		Ended int        `json:"ended"`
	}
)

// listenControl takes the place where a server on this data folder is asked.
func (s *Server) listenControl(ctx context.Context) (net.Listener, error) {
	path := filepath.Join(s.data, controlFile)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) { // left by one that was killed
		return nil, err
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, ln.Close())
	}
	return ln, nil
}

// control answers questions until ctx ends.
func (s *Server) control(ctx context.Context, ln net.Listener) {
	stop := context.AfterFunc(ctx, func() { _ = ln.Close() })
	defer stop()
	for {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		s.answer(ctx, conn) // one after the other is enough
	}
}

func (s *Server) answer(ctx context.Context, conn net.Conn) {
	defer func() { _ = conn.Close() }() // the answer is written or not
	_ = conn.SetDeadline(time.Now().Add(controlTime))
	var q asked
	if json.NewDecoder(conn).Decode(&q) != nil {
		return
	}
	var t told
	if q.Again {
		t.Ended = s.reload(ctx, true)
	}
	t.Here = s.Here()
	_ = json.NewEncoder(conn).Encode(t) // who does not read it asks again
}

// ErrNoServer says that no server runs on a data folder.
var ErrNoServer = errors.New("no docket ssh runs here")

// Sessions asks a server that runs on a data folder who is here.
func Sessions(ctx context.Context, data string) ([]Presence, error) {
	t, err := ask(ctx, data, asked{})
	return t.Here, err
}

// Reread tells a server that runs on a data folder to look who may be here. It returns
// how many sessions that has ended.
func Reread(ctx context.Context, data string) (ended int, err error) {
	t, err := ask(ctx, data, asked{Again: true})
	return t.Ended, err
}

func ask(ctx context.Context, data string, q asked) (told, error) {
	path := filepath.Join(data, controlFile)
	ctx, cancel := context.WithTimeout(ctx, controlTime)
	defer cancel()
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
		return told{}, ErrNoServer
	}
	if err == nil {
		defer func() { _ = conn.Close() }() // the answer is read or not
		_ = conn.SetDeadline(time.Now().Add(controlTime))
		err = json.NewEncoder(conn).Encode(q)
	}
	var t told
	if err == nil {
		err = json.NewDecoder(conn).Decode(&t)
	}
	if err != nil {
		return t, model.NewProblem(model.KindFailed, "The server could not be asked: "+cause(err), path, "ask as the user who runs docket ssh").Because(err)
	}
	return t, nil
}
