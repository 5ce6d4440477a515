package links_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"image/png"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/provider/links"
)

var small = image.NewPaletted(image.Rect(0, 0, 40, 30), palette.Plan9)

func encoded(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, m))
	return b.Bytes()
}

func pngBytes(t testing.TB) []byte { return encoded(t, small) }

// pngOf is a small PNG that says it is of another size, with the right checksum.
func pngOf(t testing.TB, w, h uint32) []byte {
	b := pngBytes(t)
	header := b[12:29] // IHDR and its 13 bytes
	binary.BigEndian.PutUint32(header[4:], w)
	binary.BigEndian.PutUint32(header[8:], h)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(header))
	return b
}

// resized makes a PNG or a JPEG say that it is a square of another size.
func resized(body []byte, side uint32) []byte {
	b := bytes.Clone(body)
	if i := max(bytes.Index(b, []byte("\xff\xc0")), bytes.Index(b, []byte("\xff\xc2"))); b[0] == 0xff {
		binary.BigEndian.PutUint16(b[i+5:], uint16(side))
		binary.BigEndian.PutUint16(b[i+7:], uint16(side))
		return b
	}
	binary.BigEndian.PutUint32(b[16:], side)
	binary.BigEndian.PutUint32(b[20:], side)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

func jpegBytes(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, small, nil))
	return b.Bytes()
}

func gifBytes(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, gif.Encode(&b, small, nil))
	return b.Bytes()
}

// webpBytes is the header of a lossless WebP, 40 by 30, and a few bytes more.
func webpBytes() []byte {
	size := uint32(40-1) | uint32(30-1)<<14
	chunk := append([]byte{0x2f}, binary.LittleEndian.AppendUint32(nil, size)...)
	chunk = append(chunk, make([]byte, 9)...)
	b := append([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(12+len(chunk)))...)
	b = append(b, "WEBPVP8L"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(chunk)))
	return append(b, chunk...)
}

// server is a store of pictures over real HTTPS. It notes what reached it.
type server struct {
	*httptest.Server
	mux *http.ServeMux

	mu   sync.Mutex
	seen []*http.Request
}

func newServer(t testing.TB) *server {
	t.Helper()
	s := &server{mux: http.NewServeMux()}
	s.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.seen = append(s.seen, r)
		s.mu.Unlock()
		s.mux.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) requests() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*http.Request(nil), s.seen...)
}

func (s *server) serves(path string, body []byte) string {
	s.mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) }) // the client will notice
	return s.URL + path
}

func (s *server) roots() *x509.CertPool {
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return roots
}

// fetcher trusts the server, which is on the API's own host.
func (s *server) fetcher(t testing.TB, change ...func(*links.Options)) *links.Fetcher {
	t.Helper()
	o := links.Options{API: "https://127.0.0.1:1", Roots: s.roots()}
	for _, c := range change {
		c(&o)
	}
	f := links.New(o)
	t.Cleanup(f.CloseIdle)
	return f
}

// decoy is an address that nothing may connect to.
type decoy struct {
	addr  netip.AddrPort
	calls atomic.Int64
}

func newDecoy(t testing.TB, ip string) *decoy {
	t.Helper()
	l, err := net.Listen("tcp", net.JoinHostPort(ip, "0"))
	if err != nil {
		t.Skipf("this machine has no address %s: %v", ip, err)
	}
	d := &decoy{addr: netip.MustParseAddrPort(l.Addr().String())}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			d.calls.Add(1)
			_ = c.Close() // nothing was said
		}
	})
	t.Cleanup(func() {
		_ = l.Close() // ends the loop
		wg.Wait()
	})
	return d
}

// resolver answers every name with the address, over real DNS messages.
func resolver(t testing.TB, addr netip.Addr) *net.Resolver {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	var wg sync.WaitGroup
	wg.Go(func() {
		buf := make([]byte, 512)
		for {
			n, from, err := c.ReadFrom(buf)
			if err != nil {
				return
			}
			_, _ = c.WriteTo(dnsAnswer(buf[:n], addr), from) // a lost answer fails the test
		}
	})
	t.Cleanup(func() {
		_ = c.Close() // ends the loop
		wg.Wait()
	})
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", c.LocalAddr().String())
	}}
}

// dnsAnswer answers a question of type A, and any other with nothing.
func dnsAnswer(query []byte, a netip.Addr) []byte {
	end := 12
	for query[end] != 0 {
		end += int(query[end]) + 1
	}
	end += 5 // the root, type and class
	question := query[12:end]
	answer := append([]byte{query[0], query[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, question...)
	if binary.BigEndian.Uint16(question[len(question)-4:]) == 1 {
		answer[7] = 1
		ip := a.As4()
		answer = append(answer, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4)
		answer = append(answer, ip[:]...)
	}
	return answer
}

// secretPart is in every link of these tests, and may be in no message.
const secretPart = "signature=fake"

func fails(t testing.TB, f *links.Fetcher, link string) *links.Failure {
	t.Helper()
	p, failure := f.Fetch(t.Context(), link)
	require.NotNil(t, failure)
	require.Nil(t, p.Body)
	problem := failure.Problem("selfie of session 1")
	for _, text := range []string{failure.Error(), problem.Error()} {
		require.NotContains(t, text, secretPart)
		require.NotContains(t, text, "://")
	}
	require.NotEmpty(t, problem.Message)
	require.NotEmpty(t, problem.Do)
	for err := error(failure); err != nil; err = unwrap(err) {
		require.False(t, strings.Contains(err.Error(), secretPart), "not behind it either")
	}
	return failure
}

func unwrap(err error) error {
	if w, ok := err.(interface{ Unwrap() error }); ok {
		return w.Unwrap()
	}
	return nil
}

// trickle sends a picture's beginning and then a byte now and then, for ever.
func trickle(begin []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write(begin) // the client will notice
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			_ = http.NewResponseController(w).Flush() // as above
			select {
			case <-r.Context().Done():
				return
			case <-tick.C:
				_, _ = w.Write([]byte{0}) // as above
			}
		}
	}
}
