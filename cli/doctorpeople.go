package cli

import (
	"errors"
	"io/fs"
	"os"
	"strings"

	"docket/internal/config"
	"docket/sshd"
)

// examinePeople looks at who may do what here, and who comes in over SSH.
func examinePeople(cfg config.Config) []examination {
	const what = "people"
	if len(cfg.People) == 0 {
		if cfg.SSH.Keys != "" || cfg.SSH.CA != "" {
			return []examination{ill(what, "[ssh] is configured and nobody is: docket ssh does not start", "name each with [[person]]")}
		}
		return []examination{well(what, "nobody is named in [[person]]: whoever runs docket here may do everything")}
	}
	var words []string
	for _, p := range cfg.People {
		words = append(words, p.Name+" "+string(p.Role))
	}
	all := []examination{well(what, strings.Join(words, ", "))}
	roster, found := sshd.NewRoster(cfg)
	for _, f := range found {
		says := f.What + " (" + f.Subject + ")"
		all = append(all, doubtful(what, says, f.Do))
	}
	if err := looks(cfg); err != nil {
		all = append(all, illBy(what, err))
	}
	if roster.Empty() {
		return append(all, well("ssh", "nobody comes in over SSH: no person has keys, or principals with ca in [ssh]"))
	}
	return append(all, examineHostKey(cfg))
}

// examineHostKey says whether the server has its key, and keeps it to itself.
func examineHostKey(cfg config.Config) examination {
	path := sshd.HostKeyPath(cfg.Dirs.Data)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return well("ssh", "the key of the server is made when docket ssh starts first")
	case err != nil:
		return ill("ssh", "the key of the server cannot be looked at: "+cause(err), "check who may read "+path)
	case info.Mode().Perm()&0o077 != 0:
		return ill("ssh", "others can read the key of the server: docket ssh does not start", "run chmod 600 "+path+", and make a new one if somebody may have read it")
	}
	return well("ssh", "the key of the server is at "+path)
}
