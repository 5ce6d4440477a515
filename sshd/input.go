package sshd

import (
	"io"
	"time"
)

// What a console takes in one piece from a terminal. It keeps a piece until it is whole.
const (
	longestReport = 4096    // an answer of the terminal to a question
	longestPaste  = 1 << 20 // thousands of interview ids
	pieceTime     = time.Second
)

// Where in a piece the input is.
type piece int

const (
	plain   piece = iota // in none
	escaped              // after ESC
	control              // ESC [ and parameters
	report               // ESC ] and the like, until BEL or ESC \
	pasted               // between ESC [200~ and ESC [201~
)

const (
	escape, bell          = 0x1b, 0x07
	firstFinal, lastFinal = '@', '~' // a byte that ends a control sequence
	pasteBegins           = "200~"
	pasteEnds             = "\x1b[201~"
)

// bounded reads what somebody types, without the rest of a piece that is longer than any
// terminal sends. Whoever sends one without an end would fill the memory of everybody.
type bounded struct {
	in  io.Reader
	now func() time.Time

	at     piece
	length int    // of the piece
	params string // of a control sequence, its beginning
	ending int    // how much of pasteEnds has come
	last   time.Time
}

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	for {
		n, err := b.in.Read(p)
		b.pause()
		kept := p[:0]
		for _, c := range p[:n] {
			if b.takes(c) {
				kept = append(kept, c)
			}
		}
		if len(kept) > 0 || n == 0 || err != nil {
			return len(kept), err
		}
	}
}

// pause ends a piece for which nothing has come for long: ESC and ] may have been typed,
// and the console thinks so too then. A paste ends by its end alone.
func (b *bounded) pause() {
	now := b.now()
	if b.at != pasted && now.Sub(b.last) > pieceTime {
		b.at = plain
	}
	b.last = now
}

// takes reports whether a byte is passed on.
func (b *bounded) takes(c byte) bool {
	if b.at == pasted {
		return b.takesPasted(c)
	}
	if c == escape {
		b.at, b.length = escaped, 0
		return true
	}
	switch b.at {
	case escaped:
		b.after(c)
	case control:
		return b.takesControl(c)
	case report:
		b.length++
		if c == bell {
			b.at = plain
			return true
		}
		return b.length <= longestReport
	}
	return true
}

// after says what begins with ESC and a byte.
func (b *bounded) after(c byte) {
	switch c {
	case '[':
		b.at, b.params = control, ""
	case ']', 'P', '_', '^', 'X':
		b.at = report
	default:
		b.at = plain
	}
}

func (b *bounded) takesControl(c byte) bool {
	b.length++
	if len(b.params) < len(pasteBegins) {
		b.params += string(rune(c))
	}
	if c >= firstFinal && c <= lastFinal {
		b.at, b.ending = plain, 0
		if b.params == pasteBegins && b.length == len(pasteBegins) {
			b.at, b.length = pasted, 0
		}
		return true
	}
	return b.length <= longestReport
}

// takesPasted passes the end of a paste on also when it is too long.
func (b *bounded) takesPasted(c byte) bool {
	b.length++
	switch c {
	case pasteEnds[b.ending]:
		b.ending++
	case escape:
		b.ending = 1
	default:
		b.ending = 0
	}
	if b.ending == len(pasteEnds) {
		b.at = plain
		return true
	}
	return b.ending > 0 || b.length <= longestPaste
}
