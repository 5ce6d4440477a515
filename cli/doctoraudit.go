package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"docket/audit"
	"docket/internal/config"
)

// examineAudit says how long the audit log is, when it was signed last, and whether
// its key can be used and is for its owner alone. It makes no key, and does not verify
// the log: that takes time, and has a command.
func examineAudit(ctx context.Context, cfg config.Config, log audit.Reader) []examination {
	size, err := log.AuditSize(ctx)
	if err != nil {
		return []examination{illBy("audit log", err)}
	}
	points, err := log.Checkpoints(ctx)
	if err != nil {
		return []examination{illBy("audit log", err)}
	}
	all := []examination{examineSigned(cfg, size, points)}
	return append(all, examineKey(filepath.Join(cfg.Dirs.Data, auditKeyFile), size > 0)...)
}

// examineSigned looks at the latest checkpoint.
func examineSigned(cfg config.Config, size int64, points []string) examination {
	says := fmt.Sprintf("%d entries", size)
	if len(points) == 0 {
		return well("audit log", says+", not signed yet")
	}
	public, err := os.ReadFile(filepath.Join(cfg.Dirs.Data, auditPublicFile))
	if err != nil {
		return ill("audit log", says+"; its public key cannot be read: "+cause(err), "restore "+auditPublicFile+" in "+cfg.Dirs.Data)
	}
	keys, err := audit.Keys(append([]string{string(public)}, cfg.AuditKeys...)...)
	if err != nil {
		return ill("audit log", says+"; "+auditPublicFile+" is no key", "restore "+auditPublicFile+" in "+cfg.Dirs.Data)
	}
	last, err := audit.OpenCheckpoint(points[len(points)-1], keys)
	if err != nil {
		return doubtful("audit log", says+"; it was signed last by another key than the one here", "run `docket audit verify` with --key and the public key of where it was signed")
	}
	says += ", signed last on " + last.At.UTC().Format(time.RFC3339)
	if open := size - last.Size; open > 0 {
		says += fmt.Sprintf(", %d entries after that", open)
	}
	return well("audit log", says+" by "+last.Key)
}

// examineKey looks whether others may read the key that signs. There is none before
// the first use; a log that has entries had one.
func examineKey(path string, used bool) []examination {
	const others = 0o077
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && used:
		return []examination{doubtful("audit key", "there is none here, though the log has entries: the next command makes a new one", "restore "+path+", if it was lost")}
	case errors.Is(err, fs.ErrNotExist):
		return []examination{well("audit key", "made at first use")}
	case err != nil:
		return []examination{ill("audit key", "it cannot be read: "+cause(err), "check the permissions of "+path)}
	case info.Mode().Perm()&others != 0:
		return []examination{ill("audit key", fmt.Sprintf("others on this machine may read %s (mode %04o), and sign as you do", path, info.Mode().Perm()),
			"run: chmod 600 "+path+"; if somebody may have read it, move both audit.key and audit.pub away for a new one")}
	}
	return []examination{well("audit key", fmt.Sprintf("%s, mode %04o", path, info.Mode().Perm()))}
}
