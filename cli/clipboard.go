package cli

import (
	"context"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/atotto/clipboard"

	"docket/ui"
)

// useClipboard gives a console the clipboard of this machine: only where the person
// sits at it, because a clipboard on a server is somebody else's.
func (a *app) useClipboard(o *ui.Options) {
	if a.env.Process && !a.env.Remote && a.env.getenv("TMUX") != "" {
		o.Tmux = askTmux
	}
	display := runtime.GOOS != "linux" || a.env.getenv("DISPLAY") != "" || a.env.getenv("WAYLAND_DISPLAY") != ""
	if !a.env.Process || a.env.Remote || !display || ui.Remote(a.env.Environ) || clipboard.Unsupported {
		return
	}
	o.Local, o.LocalDrop = clipboard.WriteAll, dropLocal
}

// dropLocal empties the clipboard of this machine if it still holds the text: what was
// copied since is somebody's.
func dropLocal(text string) error {
	now, err := clipboard.ReadAll()
	if err != nil || now != text {
		return err
	}
	return clipboard.WriteAll("")
}

// askTmux asks the tmux that this process runs in what it does with copies. It runs
// wherever docket does, also at the other end of somebody's SSH.
func askTmux(ctx context.Context) (ui.Tmux, error) {
	const patience = time.Second
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	out, err := exec.CommandContext(ctx, "tmux", "display-message", "-p", "#{set-clipboard} #{allow-passthrough}").Output()
	if err != nil {
		return ui.Tmux{}, err
	}
	return tmuxSays(string(out)), nil
}

// tmuxSays reads what tmux answers: on, external or off, and 0, 1, 2 or the words for
// those.
func tmuxSays(answer string) ui.Tmux {
	takes, passes, _ := strings.Cut(strings.TrimSpace(answer), " ")
	return ui.Tmux{Takes: takes == "on", Passes: passes != "" && passes != "0" && passes != "off"}
}
