package sshd

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"docket/internal/config"
)

// watchEvery is how often files are looked at: a key that was taken away ends its
// sessions within a second.
const watchEvery = 250 * time.Millisecond

// watched says what the files are like that decide who may be here.
func watched(cfg config.Config) string {
	var b strings.Builder
	look := func(path string) {
		info, err := os.Stat(path)
		if err != nil {
			fmt.Fprintf(&b, "%s -\n", path)
			return
		}
		fmt.Fprintf(&b, "%s %d %d %o\n", path, info.Size(), info.ModTime().UnixNano(), info.Mode())
	}
	for _, path := range []string{cfg.Path, cfg.SSH.Keys, cfg.SSH.CA, filepath.Join(cfg.Dirs.Data, revokedFile)} {
		if path == "" {
			continue
		}
		look(path)
		entries, err := os.ReadDir(path)
		if err != nil {
			continue // a file
		}
		for _, e := range entries {
			look(filepath.Join(path, e.Name()))
		}
	}
	return b.String()
}

// watch reads again who may be here when that has changed, until ctx ends.
func (s *Server) watch(ctx context.Context) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.reload(ctx, false)
		}
	}
}

// reload reads who may be here, if the files have changed or it is wanted anyhow, and
// ends the sessions of those who may not any more. It returns how many.
func (s *Server) reload(ctx context.Context, anyhow bool) (ended int) {
	s.reading.Lock()
	defer s.reading.Unlock()
	like := watched(s.settings)
	if like == s.seen && !anyhow {
		return 0
	}
	s.seen = like
	cfg, err := s.cfg.Again()
	if err != nil {
		// Half a file, most likely, in an editor. Keys and revocations are read all the same.
		s.log.LogAttrs(ctx, slog.LevelError, "the configuration cannot be used, people stay as they were", slog.String("problem", err.Error()))
		cfg = s.settings
	}
	cfg.Dirs = s.settings.Dirs
	roster, found := NewRoster(cfg)
	roster.now = s.now
	s.settings = cfg // if it names other files, they look changed the next time
	s.mu.Lock()
	s.roster.Store(roster)
	s.ssht.Store(&cfg.SSH)
	s.mu.Unlock()
	s.Tell(ctx, found)
	s.each(func(l *live) {
		if why := roster.still(l.holder); why != nil {
			l.end(why)
			ended++
		}
	})
	s.log.LogAttrs(ctx, slog.LevelInfo, "people and keys were read again", slog.Int("ended", ended))
	return ended
}

// Tell logs findings.
func (s *Server) Tell(ctx context.Context, found []Finding) {
	for _, f := range found {
		s.log.LogAttrs(ctx, slog.LevelWarn, f.What, slog.String("subject", f.Subject), slog.String("do", f.Do))
	}
}
