package cli

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/colorprofile"

	"docket/internal/config"
	"docket/ui"
	"docket/ui/picture"
)

// The smallest terminal that the console draws its pages in.
const (
	smallestWidth  = 80
	smallestHeight = 24
)

// examineTerminal says what the console can show here. It goes by what the
// environment tells and asks the terminal nothing.
func (a *app) examineTerminal() []examination {
	if !a.env.InTerminal || !a.env.OutTerminal {
		return []examination{doubtful("terminal", "standard input and output are no terminal: commands work, the console does not",
			"start the console in a terminal")}
	}
	return []examination{a.examineSize(), a.examineColours(), a.examineUnicode(), a.examineClipboard(), a.examineMouse()}
}

func (a *app) examineSize() examination {
	w, h := a.size()
	says := fmt.Sprintf("%d×%d", w, h)
	if w < smallestWidth || h < smallestHeight {
		return doubtful("terminal size", says, fmt.Sprintf("make it %d×%d or larger", smallestWidth, smallestHeight))
	}
	return well("terminal size", says)
}

func (a *app) examineColours() examination {
	if a.env.getenv("NO_COLOR") != "" {
		return well("colours", "none, NO_COLOR is set; signs say the same")
	}
	switch profile := colorprofile.Env(a.env.Environ); profile {
	case colorprofile.TrueColor:
		return well("colours", "16 million")
	case colorprofile.ANSI256:
		return well("colours", "256")
	case colorprofile.ANSI:
		return well("colours", "16")
	default:
		return doubtful("colours", "none, TERM is "+quoted(a.env.getenv("TERM")), "set TERM to what the terminal is, such as xterm-256color")
	}
}

func (a *app) examineUnicode() examination {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		v := a.env.getenv(name)
		if v == "" {
			continue
		}
		folded := strings.ToLower(strings.ReplaceAll(v, "-", ""))
		if strings.Contains(folded, "utf8") {
			return well("unicode", name+" is "+v)
		}
		return doubtful("unicode", name+" is "+v+": names in other scripts may not show", "set it to a UTF-8 locale, such as C.UTF-8")
	}
	return doubtful("unicode", "no locale is set: names in other scripts may not show", "set LANG to a UTF-8 locale, such as C.UTF-8")
}

func (a *app) examineClipboard() examination {
	switch {
	case a.env.getenv("TMUX") != "":
		return well("clipboard", "OSC 52 through tmux; it needs `set -s set-clipboard on` there")
	case a.env.getenv("SSH_CONNECTION") == "" && (a.env.getenv("DISPLAY") != "" || a.env.getenv("WAYLAND_DISPLAY") != ""):
		return well("clipboard", "the clipboard of this machine, and OSC 52")
	}
	return well("clipboard", "OSC 52, if the terminal allows it")
}

func (a *app) examineMouse() examination {
	term := a.env.getenv("TERM")
	if term == "" || term == "dumb" || term == "linux" {
		return doubtful("mouse", "not with TERM "+quoted(term), "every action has a key; nothing needs the mouse")
	}
	return well("mouse", "optional; the console can switch it off")
}

// examinePictures says how the console will show pictures, as far as that is
// known without asking the terminal.
func (a *app) examinePictures(cfg config.Config) examination {
	if cfg.NoImages {
		return well("pictures", "none are asked for, no_images from "+cfg.Sources["no_images"])
	}
	o := a.consoleOptions(cfg).Pictures
	o.Environ = a.env.Environ
	says := picture.Forecast(o, ui.Profile(a.env.Environ))
	if o.Choice != picture.Auto {
		says += ", picture from " + cfg.Sources["picture"]
	}
	if ui.Remote(a.env.Environ) {
		says += "; with fewer bytes, because this is SSH"
	}
	return well("pictures", says)
}
