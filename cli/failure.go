package cli

import (
	"fmt"
	"strings"

	"docket/ui"
)

// logFailure writes down how a console failed: in the log, else on the standard error of
// a process that is the person's own.
func (a *app) logFailure(f ui.Failure) {
	did := make([]string, len(f.Did))
	for i, id := range f.Did {
		did[i] = string(id)
	}
	size := fmt.Sprintf("%dx%d", f.Width, f.Height)
	switch {
	case a.env.Failed != nil:
		a.env.Failed(f)
	case a.log != nil:
		a.log.Error("console failed", "report", f.Report, "where", f.Where, "what", f.What, "message", f.Message, "page", f.Page,
			"did", strings.Join(did, " "), "size", size, "version", f.Version, "stack", strings.Join(f.Stack, "; "))
	case a.env.Process:
		a.say("Report " + f.Report + " (no personal data in it): docket " + f.Version + ", " + f.Where + ", " + f.Message + ", " + f.Page + ", " + size + ", " + f.What)
		a.say("  after " + strings.Join(did, " "))
		for _, line := range f.Stack {
			a.say("  at " + line)
		}
	}
}
