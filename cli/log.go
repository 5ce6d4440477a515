package cli

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"docket/model"
	"docket/omni/transport"
)

// openLog starts the log, if one is wanted. It tells what was done, which calls
// that took and how they ended: never a value of a session, a query, a body or
// a credential.
func (a *app) openLog(path, level string) error {
	if path == "" || a.log != nil {
		return nil
	}
	var lowest slog.Level
	if level != "" {
		if err := lowest.UnmarshalText([]byte(level)); err != nil {
			return usage("There is no such log level", quoted(level), "it is one of: debug, info, warn, error")
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return noLog(path, err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return noLog(path, err)
	}
	if err := f.Chmod(0o600); err != nil { // it may have been there with another mode
		_ = f.Close()
		return noLog(path, err)
	}
	a.logFile = f
	a.log = slog.New(slog.NewTextHandler(f, &slog.HandlerOptions{Level: lowest}))
	return nil
}

func noLog(path string, err error) error {
	return model.NewProblem(model.KindFailed, "The log cannot be written: "+cause(err), path, "name another file with --log-file").Because(err)
}

// logCalls writes down the calls that a desk has made, oldest first.
func (a *app) logCalls(calls []model.Call) {
	if a.log == nil {
		return
	}
	for _, c := range slices.Backward(calls) {
		level := slog.LevelDebug
		if c.Kind != "" {
			level = slog.LevelWarn
		}
		a.log.Log(context.Background(), level, "call", "name", c.Name, "method", c.Method, "http", c.HTTP, "code", c.Code,
			"kind", string(c.Kind), "attempt", c.Attempt, "took", c.Took.Round(time.Millisecond), "bytes", c.Bytes)
	}
}

// logOutcome writes down how an action ended: also that it was held back and
// never sent.
func (a *app) logOutcome(o model.Outcome) {
	if a.log == nil {
		return
	}
	kind := ""
	if o.Problem != nil {
		kind = string(o.Problem.Kind)
	}
	a.log.Info("action", "name", string(o.Action.Kind), "session", transport.ShortID(o.ID), "result", string(o.Result),
		"http", o.HTTP, "code", o.Code, "kind", kind)
}

// closeLog writes down how the command ended.
func (a *app) closeLog(command string, code int, p *model.Problem) {
	if a.log == nil {
		return
	}
	kind := ""
	if p != nil {
		kind = string(p.Kind)
	}
	a.log.Info("end", "command", command, "exit", code, "kind", kind)
	_ = a.logFile.Close() // nothing is left to write, and nobody to tell
}
