package casefile

import (
	"encoding/binary"
	"io"
)

// Parts of a zip, as its specification has them.
const (
	headSize = 30 // of what stands before a file, without its name
	headMark = "PK\x03\x04"
	tailSize = 16 // of what stands after a file that was written as a stream
	tailMark = "PK\x07\x08"
	endSize  = 22 // of the end, without a comment
	endMark  = "PK\x05\x06"
	streamed = 8 // flag: a tail follows
	maxExtra = 16
)

// seamless reports whether a zip holds its files one after another, then its directory,
// and nothing before, between or after them: other programs than this one might find
// a file there that the directory does not name.
func (v *verifier) seamless(r io.ReaderAt, size int64) error {
	at := int64(0)
	for _, f := range v.files {
		head := piece(r, at, headSize+len(f.Name))
		if string(head[:len(headMark)]) != headMark || string(head[headSize:]) != f.Name {
			return broken(f.Name, "the zip does not have it where it should be")
		}
		extra := binary.LittleEndian.Uint16(head[28:])
		data, err := f.DataOffset()
		if err != nil || extra > maxExtra || len(f.Extra) > maxExtra || f.Comment != "" || data != at+int64(len(head))+int64(extra) {
			return broken(f.Name, "the zip says more of it than docket writes")
		}
		at = data + int64(f.CompressedSize64)
		if f.Flags&streamed == 0 {
			continue
		}
		if string(piece(r, at, len(tailMark))) != tailMark {
			return broken(f.Name, "the zip does not end it as it should")
		}
		at += tailSize
	}
	end := piece(r, size-endSize, endSize)
	if string(end[:len(endMark)]) != endMark {
		return broken("", "something follows the zip")
	}
	directory, length := int64(binary.LittleEndian.Uint32(end[16:])), int64(binary.LittleEndian.Uint32(end[12:]))
	if directory != at || directory+length != size-endSize {
		return broken("", "the zip holds something beside its files")
	}
	return nil
}

// piece reads n bytes of a file; where there are fewer, the rest is zero and fits nothing.
func piece(r io.ReaderAt, at int64, n int) []byte {
	b := make([]byte, n)
	_, _ = r.ReadAt(b, at) // see above
	return b
}
