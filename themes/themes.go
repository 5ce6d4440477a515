// Package themes holds the palettes of the console as files. A palette says
// what each part looks like; package ui/common makes styles of it.
package themes

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

//go:embed *.toml
var files embed.FS

// Default is the name of the theme that is used unless another one is named.
const Default = "default"

// Palette says what each part of the screen looks like, in the form that
// default.toml explains.
type Palette struct {
	Text     string `toml:"text"`
	Dim      string `toml:"dim"`
	Strong   string `toml:"strong"`
	Title    string `toml:"title"`
	Accent   string `toml:"accent"`
	Good     string `toml:"good"`
	Bad      string `toml:"bad"`
	Warn     string `toml:"warn"`
	Human    string `toml:"human"`
	Query    string `toml:"query"`
	Selected string `toml:"selected"`
	Marked   string `toml:"marked"`
	Frame    string `toml:"frame"`
	FrameOn  string `toml:"frame_on"`
	Key      string `toml:"key"`
	Crumb    string `toml:"crumb"`
	Hit      string `toml:"hit"`
}

// Colours is how many colours a terminal can show.
type Colours uint8

// The kinds of terminals.
const (
	NoColour Colours = iota
	Sixteen
	Many // 256 or true colour; 256 are chosen from the true ones
)

// Theme is one file: a palette for each kind of terminal.
type Theme struct {
	Says    string  `toml:"says"`
	Dark    Palette `toml:"dark"`
	Light   Palette `toml:"light"`
	Dark16  Palette `toml:"dark16"`
	Light16 Palette `toml:"light16"`
	None    Palette `toml:"none"`
}

// Load returns the theme with the name. The error names those there are.
func Load(name string) (*Theme, error) {
	b, err := files.ReadFile(name + ".toml")
	if err != nil {
		return nil, fmt.Errorf("there is no theme %q: choose one of %s", name, strings.Join(Names(), ", "))
	}
	t := &Theme{}
	if err := toml.Unmarshal(b, t); err != nil {
		return nil, fmt.Errorf("theme %s: %w", name, err)
	}
	return t, nil
}

// Names returns the names of the themes, the default first.
func Names() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		return []string{Default}
	}
	names := []string{Default}
	for _, e := range entries {
		if n := strings.TrimSuffix(e.Name(), path.Ext(e.Name())); n != Default {
			names = append(names, n)
		}
	}
	slices.Sort(names[1:])
	return names
}

// Palette returns the palette for a terminal.
func (t *Theme) Palette(dark bool, c Colours) Palette {
	switch {
	case c == NoColour:
		return t.None
	case c == Sixteen && dark:
		return t.Dark16
	case c == Sixteen:
		return t.Light16
	case dark:
		return t.Dark
	default:
		return t.Light
	}
}
