package ui

import (
	"bytes"
	"io"

	"github.com/charmbracelet/x/ansi"
)

// parting writes to a terminal, and something of its own right before the
// alternate screen is left: by quitting, by a signal, by being suspended, or by a
// panic. A terminal frees the pictures of the screen that it shows, so afterwards
// it would be too late, and before there is no moment that all of these have.
type parting struct {
	out  io.Writer
	says func() string
}

// Write implements io.Writer. What it returns counts the bytes that came in.
func (w *parting) Write(p []byte) (int, error) {
	before, after, leaves := bytes.Cut(p, []byte(ansi.ResetModeAltScreenSaveCursor))
	if !leaves {
		return w.out.Write(p)
	}
	all := append(bytes.Clone(before), w.says()...)
	all = append(append(all, ansi.ResetModeAltScreenSaveCursor...), after...)
	if _, err := w.out.Write(all); err != nil {
		return 0, err
	}
	return len(p), nil
}
