package cli

import (
	"context"
	"errors"
	"math"
	"runtime/debug"

	"docket/internal/version"
	"docket/model"
	"docket/sshd"
	"docket/ui"
)

// console opens the console on the configured API.
func (a *app) console(ctx context.Context) error {
	if err := a.needsTerminal(); err != nil {
		return err
	}
	w, err := a.wire(ctx)
	if err != nil {
		return err
	}
	defer w.close()
	err = a.open(ctx, w)
	if why := sshd.EndingOf(ctx); a.env.Remote && (why == nil || why.Back) {
		// A connection that was lost comes back, so its claims last as long as their lease.
		err = errors.Join(err, w.seat.GiveBack(context.WithoutCancel(ctx)))
	}
	return err
}

// needsTerminal refuses a console that nobody could see or type into.
func (a *app) needsTerminal() error {
	if a.env.InTerminal && a.env.OutTerminal {
		return nil
	}
	return usage("The console needs a terminal, and standard input or output is none", "",
		"start it in a terminal, or use a command such as `docket list`: see `docket --help`")
}

// open shows the console until the person quits or ctx ends.
func (a *app) open(ctx context.Context, w *work) error {
	a.spareMemory(memoryInSight)
	o := w.console
	o.Desk, o.Version, o.Now = w.seat, version.String(), w.now
	a.useClipboard(&o)
	o.Failed = a.logFailure
	t := ui.Terminal{In: a.env.Stdin, Out: a.env.Stdout, Env: a.env.Environ}
	if a.env.Remote {
		t.Size, t.Resized = a.env.Size, a.env.Resized
	}
	err := ui.Run(ctx, o, t)
	if err != nil {
		return model.AsProblem(err)
	}
	return nil
}

// memoryInSight is what memory should stay under where pictures are read. Pictures of a
// camera come and go in tens of megabytes, and without a limit as much again
// waits to be collected.
const memoryInSight = 150 << 20

// memoryOfMany is the same of a server with a full house.
const memoryOfMany = 800 << 20

// spareMemory lets memory be collected sooner when there is much of it, unless the
// environment has its own limit for that (GOMEMLIMIT) or others share the process.
func (a *app) spareMemory(limit int64) {
	if a.env.Process && debug.SetMemoryLimit(-1) == math.MaxInt64 {
		debug.SetMemoryLimit(limit)
	}
}
