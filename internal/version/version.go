// Package version tells which docket this is, from what the Go tool has written
// into the binary.
package version

import "runtime/debug"

// unversioned is what the Go tool calls a main module without a version.
const unversioned = "(devel)"

// Info is what is known about the build.
type Info struct {
	Version  string // a module version such as v1.2.3, or "dev"
	Revision string // the commit, "" when it was not recorded
	Time     string // of the commit, RFC 3339, "" when it was not recorded
	Modified bool   // the tree had changes that were not committed
	Go       string // the Go release that built it
}

// String is the version alone: a module version, or "dev".
func String() string { return Read().Version }

// Read returns what the running binary says about itself.
func Read() Info {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return Info{Version: "dev"}
	}
	return from(build)
}

func from(build *debug.BuildInfo) Info {
	info := Info{Version: build.Main.Version, Go: build.GoVersion}
	if info.Version == "" || info.Version == unversioned {
		info.Version = "dev"
	}
	for _, s := range build.Settings {
		switch s.Key {
		case "vcs.revision":
			info.Revision = s.Value
		case "vcs.time":
			info.Time = s.Value
		case "vcs.modified":
			info.Modified = s.Value == "true"
		}
	}
	return info
}
