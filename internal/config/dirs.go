package config

import (
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

// dirsOf finds the folders from the environment of this run, which over SSH or
// in a test is not that of the process.
func dirsOf(env func(string) string) Dirs {
	home := env("HOME")
	if !filepath.IsAbs(home) {
		home = xdg.Home
	}
	place := func(variable, underHome, fallback string) string {
		dir := env(variable)
		switch {
		case filepath.IsAbs(dir): // the specification ignores relative ones
		case runtime.GOOS == "linux" && filepath.IsAbs(env("HOME")):
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
