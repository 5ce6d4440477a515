package config

import (
	"os/user"
	"path/filepath"
	"runtime"

	"github.com/adrg/xdg"
)

// Dirs are docket's own folders, as the XDG base directory specification places
// them. They need not exist.
type Dirs struct {
	Config string // config.toml
	Data   string // the inbox, kept tokens
	State  string // logs

	home string
}

// homeOfUser is the home folder where HOME names none, as under some schedulers
// and in containers: the user database knows it.
func homeOfUser() string {
	if u, err := user.Current(); err == nil && filepath.IsAbs(u.HomeDir) {
		return u.HomeDir
	}
	return xdg.Home
}

// dirsOf finds the folders from the environment of this run, which over SSH or
// in a test is not that of the process.
func dirsOf(env func(string) string) Dirs {
	home := env("HOME")
	if !filepath.IsAbs(home) {
		home = homeOfUser()
	}
	place := func(variable, underHome, fallback string) string {
		dir := env(variable)
		switch {
		case filepath.IsAbs(dir): // the specification ignores relative ones
		case runtime.GOOS == "linux" && filepath.IsAbs(home):
			dir = filepath.Join(home, underHome)
		default:
			dir = fallback
		}
		return filepath.Join(dir, "docket")
	}
	return Dirs{
		Config: place("XDG_CONFIG_HOME", ".config", xdg.ConfigHome),
		Data:   place("XDG_DATA_HOME", ".local/share", xdg.DataHome),
		State:  place("XDG_STATE_HOME", ".local/state", xdg.StateHome),
		home:   home,
	}
}
