package cli

import (
	"bufio"
	"context"
	"io"
	"os"
	"unicode/utf8"

	"github.com/charmbracelet/x/term"
)

// askSecret asks for a line that is not shown. The terminal stops showing what
// is typed before the question appears, so that nothing typed early is seen.
// Whoever ends ctx gets the terminal back as it was.
func askSecret(ctx context.Context, in *os.File, out io.Writer, prompt string) (text string, err error) {
	before, err := term.MakeRaw(in.Fd())
	if err != nil {
		return "", err
	}
	defer func() {
		_, _ = io.WriteString(out, "\r\n") // a terminal that is gone needs no new line
		if e := term.Restore(in.Fd(), before); err == nil {
			err = e
		}
	}()
	if _, err := io.WriteString(out, prompt); err != nil {
		return "", err
	}
	type answer struct {
		text string
		err  error
	}
	read := make(chan answer, 1)
	go func() {
		text, err := typed(bufio.NewReader(in))
		read <- answer{text, err}
	}()
	select {
	case a := <-read:
		return a.text, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// The keys that a line without echo understands.
const (
	keyInterrupt = 0x03
	keyEnd       = 0x04
	keyBackspace = 0x08
	keyKill      = 0x15
	keyDelete    = 0x7f
)

// typed reads a line as a raw terminal sends it. An interrupt is
// context.Canceled, the end of input io.EOF.
func typed(r *bufio.Reader) (string, error) {
	var line []byte
	for {
		c, _, err := r.ReadRune()
		if err != nil {
			return "", err
		}
		switch c {
		case '\r', '\n':
			return string(line), nil
		case keyInterrupt:
			return "", context.Canceled
		case keyEnd:
			return "", io.EOF
		case keyBackspace, keyDelete:
			_, size := utf8.DecodeLastRune(line)
			line = line[:len(line)-size]
		case keyKill:
			line = line[:0]
		default:
			line = utf8.AppendRune(line, c)
		}
	}
}
