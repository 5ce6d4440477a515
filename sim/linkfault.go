package sim

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// metadata is where clouds keep the credentials of a machine.
const metadata = "http://169.254.169.254/latest/meta-data/"

// pictureFaults are the answers that stand in place of a picture.
var pictureFaults = map[FaultKind]func(*Server, Fault) answer{
	FaultExpired: linkRefused,
	FaultPage: func(*Server, Fault) answer {
		return answer{status: http.StatusOK, kind: "image/jpeg", body: []byte("<!DOCTYPE html><html><body><h1>Please sign in</h1></body></html>")}
	},
	FaultLarge: func(*Server, Fault) answer {
		small := jpegOf(newCanvas(64, 64, rgb(0x808080)).img)
		return answer{status: http.StatusOK, kind: "image/jpeg", body: append(small, make([]byte, largePicture-len(small))...)}
	},
	FaultHuge: func(*Server, Fault) answer {
		return answer{status: http.StatusOK, kind: "image/png", body: blankPNG(hugePicture)}
	},
	FaultRedirect: func(_ *Server, f Fault) answer {
		to := f.Link
		if to == "" {
			to = metadata
		}
		return answer{status: http.StatusFound, kind: "text/html", header: map[string]string{"Location": to}}
	},
}

const (
	largePicture = 12 << 20 // bytes
	hugePicture  = 20_000   // pixels wide and high
)

// linkRefused is the answer to a link that has ended, or was made up.
func linkRefused(*Server, Fault) answer {
	return answer{status: http.StatusForbidden, kind: "application/xml", body: []byte("<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>")}
}

// blankPNG is a valid picture of n by n black pixels, of one bit each.
func blankPNG(n int) []byte {
	var data bytes.Buffer
	z := zlib.NewWriter(&data)
	line := make([]byte, 1+(n+7)/8) // the filter, then the pixels
	for range n {
		_, _ = z.Write(line) // a buffer takes everything
	}
	_ = z.Close() // as above
	header := binary.BigEndian.AppendUint32(nil, uint32(n))
	header = append(binary.BigEndian.AppendUint32(header, uint32(n)), 1, 0, 0, 0, 0)
	out := []byte("\x89PNG\r\n\x1a\n")
	for _, chunk := range []struct {
		name string
		data []byte
	}{{"IHDR", header}, {"IDAT", data.Bytes()}, {"IEND", nil}} {
		out = binary.BigEndian.AppendUint32(out, uint32(len(chunk.data)))
		named := append([]byte(chunk.name), chunk.data...)
		out = binary.BigEndian.AppendUint32(append(out, named...), crc32.ChecksumIEEE(named))
	}
	return out
}

// ofLinks says whether a fault is one of the links in an answer.
func (f Fault) ofLinks() bool {
	return f.Kind == FaultLink || f.Kind == FaultLinkList || f.Kind == FaultLinkExtra
}

// spoilLinks does to the links in an answer what was asked for.
func (c *call) spoilLinks(o object, link func(name string) string) object {
	for _, f := range c.links {
		if f.Kind == FaultLinkExtra {
			o.set(f.Type, link("croppedIDFace"))
			continue
		}
		for i := range o {
			if f.Type == "" || f.Type == o[i].key {
				o[i].value = f.linkFor(o[i].value)
			}
		}
	}
	return slices.DeleteFunc(o, func(f field) bool { return f.value == nil })
}

// linkFor is what stands in an answer in place of a link; nil: nothing.
func (f Fault) linkFor(proper any) any {
	text, single := proper.(string)
	if list, ok := proper.([]string); ok {
		text = list[0]
	}
	if f.Kind == FaultLinkList {
		if single {
			return []string{text, text}
		}
		return proper
	}
	u, err := url.Parse(text)
	if f.Link == "" || err != nil {
		return nil
	}
	_, port, _ := net.SplitHostPort(u.Host) // a host without a port leaves none
	return strings.NewReplacer("{port}", port, "{path}", u.RequestURI()).Replace(f.Link)
}

// drip sends an answer byte by byte, until the client gives up or the faults
// are cleared.
func (s *Server) drip(w http.ResponseWriter, r *http.Request, f Fault, a answer) {
	pause := f.Every
	if pause == 0 {
		pause = time.Second
	}
	cleared := s.faults.cleared()
	tick := time.NewTicker(pause)
	defer tick.Stop()
	w.Header().Set("Content-Type", a.kind)
	w.WriteHeader(a.status)
	out := http.NewResponseController(w)
	for i := range a.body {
		if _, err := w.Write(a.body[i : i+1]); err != nil || out.Flush() != nil {
			return
		}
		select {
		case <-tick.C:
		case <-r.Context().Done():
			return
		case <-cleared:
			panic(http.ErrAbortHandler) // ends the connection in the middle of the body
		}
	}
}
