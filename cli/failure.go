package cli

import (
	"fmt"
	"log/slog"
	"strings"

	"docket/ui"
)

// logFailure writes down how a console failed: in the log, else on the standard error of
// a process that is the person's own.
func (a *app) logFailure(f ui.Failure) {
	switch {
	case a.env.Failed != nil:
		a.env.Failed(f)
	case a.log != nil:
		tellFailure(a.log, f)
	case a.env.Process:
		a.say("Report " + f.Report + " (no personal data in it): docket " + f.Version + ", " + f.Where + ", " + f.Message + ", " + f.Page + ", " + sizeOf(f) + ", " + f.What)
		a.say("  after " + didOf(f))
		for _, line := range f.Stack {
			a.say("  at " + line)
		}
	}
}

func tellFailure(log *slog.Logger, f ui.Failure) {
	log.Error("console failed", "report", f.Report, "where", f.Where, "what", f.What, "message", f.Message, "page", f.Page,
		"did", didOf(f), "size", sizeOf(f), "version", f.Version, "stack", strings.Join(f.Stack, "; "))
}

func sizeOf(f ui.Failure) string { return fmt.Sprintf("%dx%d", f.Width, f.Height) }

func didOf(f ui.Failure) string {
	did := make([]string, len(f.Did))
	for i, id := range f.Did {
		did[i] = string(id)
	}
	return strings.Join(did, " ")
}
