package sshd

import (
	"context"
	"errors"
)

// Ending is why the session of somebody ends who has not left by themselves. It is the
// cause of the end of their context.
type Ending struct {
	Why  string // in a word, for the log
	Says string // to them; "": nothing can be said any more
	Back bool   // what they have claimed is given back
}

// Error implements error.
func (e *Ending) Error() string { return "session ended: " + e.Why }

// The endings.
var (
	Revoked  = &Ending{"revoked", "Your access was revoked. What was held back was not sent.", true}
	Gone     = &Ending{"removed", "Your key no longer lets you in. What was held back was not sent.", true}
	Changed  = &Ending{"changed", "What you may do here has changed. What was held back was not sent. Connect again.", true}
	Drained  = &Ending{"drained", "The server stops. What was held back was not sent; what you had claimed is free for others. Connect again later.", true}
	Idle     = &Ending{"idle", "Nothing was typed for too long. What was held back was not sent; your claims last as long as their lease. Connect again.", false}
	TooLong  = &Ending{"too long", "The session has reached its greatest length. What was held back was not sent; your claims last as long as their lease. Connect again.", false}
	Expired  = &Ending{"certificate ended", "Your certificate has ended, and the session with it. What was held back was not sent; your claims last as long as their lease. Connect again with a new one.", false}
	Lost     = &Ending{"lost", "", false}
	internal = &Ending{"failed", "Something in docket broke, and your session with it. Nobody else's did, and what was held back was not sent.\nWhoever runs docket finds a report in the log of the server. Connect again.", false}
)

// EndingOf returns why a context of a session has ended; nil: it has not, so the person
// has left by themselves.
func EndingOf(ctx context.Context) *Ending {
	if ctx.Err() == nil {
		return nil
	}
	var e *Ending
	if errors.As(context.Cause(ctx), &e) {
		return e
	}
	return Lost
}
