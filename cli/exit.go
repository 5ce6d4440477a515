package cli

import "docket/model"

// ExitCode is an exit code with what it means.
type ExitCode struct {
	Code int
	Says string
}

// ExitCodes are all exit codes in their order.
func ExitCodes() []ExitCode {
	return []ExitCode{
		{model.ExitDone, "done"},
		{model.ExitFailed, "failed"},
		{model.ExitUsage, "usage: the command line or the configuration is wrong, or there is no terminal to ask on"},
		{model.ExitNotAllowed, "not allowed: no token, or the API refused key or token (401, 403)"},
		{model.ExitNotFound, "not found: the API does not know the session"},
		{model.ExitRefused, "refused, nothing changed: by a guard of docket, or by the API"},
		{model.ExitUnreachable, "not reachable, or timed out before anything was sent, or a read got no answer"},
		{model.ExitOutcome, "outcome unknown: a write went out and got no clear answer"},
	}
}
