package e2e

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/base64"
	bin "encoding/binary"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/model"
	"docket/omni"
	"docket/provider/incode"
	"docket/provider/links"
	"docket/store/sqlite"
)

// The secrets of these tests: none may be in a message, and none but the mark of
// a link may reach the server of pictures.
const (
	linkSecret  = "signature=not-a-real-link"
	apiSecret   = "not-a-real-key"
	tokenSecret = "not-a-real-token"
)

const pictureSession = "5f9a41c2aabbccddeeffb7e0"

// gallery is an API that gives one link a fault, and the server behind them.
type gallery struct {
	url    string            // of the API
	root   *x509.Certificate // of the server of pictures
	seat   *desk.Seat
	hidden atomic.Int64 // connections to an address that nothing may reach
	links  map[string]any
	heavy  string // a picture near the limit of an answer, as base64

	mu    sync.Mutex
	asked int           // how often links were asked for
	heads []http.Header // of what reached the server of pictures
}

// pngSized is a small PNG that says it is of another size, with the right
// checksum; 0: of its own size.
func pngSized(t testing.TB, w, h uint32) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, image.NewGray(image.Rect(0, 0, 8, 6))))
	b := out.Bytes()
	if w > 0 {
		bin.BigEndian.PutUint32(b[16:], w)
		bin.BigEndian.PutUint32(b[20:], h)
		bin.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	}
	return b
}

// faults are what the server of pictures does wrong, by path.
func (g *gallery) faults(t testing.TB) http.Handler {
	good := pngSized(t, 0, 0)
	write := func(body []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) } // the client will notice
	}
	var expired atomic.Bool
	mux := http.NewServeMux()
	mux.HandleFunc("/good", write(good))
	mux.HandleFunc("/expired-once", func(w http.ResponseWriter, r *http.Request) {
		if expired.CompareAndSwap(false, true) {
			http.Error(w, "<Error><Code>AccessDenied</Code></Error>", http.StatusForbidden)
			return
		}
		write(good)(w, r)
	})
	mux.HandleFunc("/expired", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	mux.HandleFunc("/html", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "image/jpeg")
		write([]byte("<!doctype html><html><body>Sign in</body></html>"))(w, r)
	})
	mux.HandleFunc("/large", write(append(pngSized(t, 0, 0), make([]byte, 12<<20)...)))
	mux.HandleFunc("/heavy", write(append(pngSized(t, 0, 0), make([]byte, 9<<20)...)))
	mux.HandleFunc("/bomb", write(pngSized(t, 20_000, 20_000)))
	mux.HandleFunc("/metadata", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "http://169.254.169.254/latest/meta-data/")
		w.WriteHeader(http.StatusFound)
	})
	mux.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for i := 0; ; i++ {
			_, _ = w.Write(good[min(i, len(good)-1):][:1]) // the client will notice
			_ = http.NewResponseController(w).Flush()      // as above
			select {
			case <-r.Context().Done():
				return
			case <-tick.C:
			}
		}
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.mu.Lock()
		g.heads = append(g.heads, r.Header)
		g.mu.Unlock()
		mux.ServeHTTP(w, r)
	})
}

// hide listens where nothing may connect to, and returns its port.
func (g *gallery) hide(t testing.TB) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			g.hidden.Add(1)
			_ = c.Close() // nothing was said
		}
	})
	t.Cleanup(func() {
		_ = l.Close() // ends the loop
		wg.Wait()
	})
	_, port, err := net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	return port
}

func newGallery(t testing.TB) *gallery {
	g := &gallery{}
	pictures := httptest.NewTLSServer(g.faults(t))
	t.Cleanup(pictures.Close)
	at := func(path string) string { return pictures.URL + path + "?" + linkSecret }
	// localhost is the name that leads to 127.0.0.1 on every machine, and it is
	// not what the API is called here.
	name := "https://localhost:" + g.hide(t) + "/?" + linkSecret
	g.links = map[string]any{
		"selfie": at("/expired-once"), "croppedFace": at("/html"), "document": at("/large"), "contract": at("/bomb"),
		"confSelfie": "file:///etc/passwd?" + linkSecret, "confPoa": at("/metadata"), "medicalTest": at("/slow"), "thirdId": name,
		"signature": []string{at("/good"), at("/html"), at("/good")}, "../../../evil": at("/good"), "croppedFrontID": at("/good"),
		"croppedBackID": at("/expired"),
	}
	heavy := at("/heavy")
	g.links["signedContract"] = []string{heavy, heavy, heavy, heavy, heavy, heavy, heavy, heavy}
	g.heavy = base64.StdEncoding.EncodeToString(append(pngSized(t, 0, 0), make([]byte, 7<<20)...))
	api := httptest.NewServer(http.HandlerFunc(g.api))
	t.Cleanup(api.Close)
	g.url, g.root = api.URL, pictures.Certificate()
	client, err := omni.New(omni.Config{BaseURL: api.URL, APIKey: apiSecret, Token: func() string { return tokenSecret }})
	require.NoError(t, err)
	t.Cleanup(client.CloseIdle)
	roots := x509.NewCertPool()
	roots.AddCert(g.root)
	fetcher := links.New(links.Options{API: api.URL, Roots: roots, Limit: 5 * time.Second})
	t.Cleanup(fetcher.CloseIdle)
	inbox, err := sqlite.Temp(context.Background())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, inbox.Close()) })
	d := desk.New(desk.Config{Store: inbox, Provider: incode.New(client, incode.Options{Fetcher: fetcher})})
	g.seat = d.As(model.Actor{Identity: "os:tester", Role: model.RoleOwner})
	return g
}

// api answers for the pictures of any session, and nothing else.
func (g *gallery) api(w http.ResponseWriter, r *http.Request) {
	var answer any
	switch r.URL.Path {
	case "/omni/get/images/v2":
		g.mu.Lock()
		g.asked++
		g.mu.Unlock()
		answer = g.links
	case "/omni/get/images-second-id":
		var asks struct{ Images []string }
		_ = json.NewDecoder(r.Body).Decode(&asks) // what is missing fails the test
		answer = map[string]string{strings.Join(asks.Images, ""): g.heavy}
	case "/omni/get/images":
		answer = map[string]string{"otherDocument1": base64.StdEncoding.EncodeToString([]byte("%PDF-1.7\n"))}
	default:
		http.Error(w, `{"status":404}`, http.StatusNotFound)
		return
	}
	_ = json.NewEncoder(w).Encode(answer) // the client will notice
}

// TestOneFaultALink saves all pictures of a session whose links each have a fault
// of their own. Each ends in its own words, the others are there.
func TestOneFaultALink(t *testing.T) {
	g := newGallery(t)
	parent := t.TempDir()
	dir := filepath.Join(parent, "in", "here")
	so := g.seat.Read(t.Context(), pictureSession, model.PartImages)
	refs := append(so.Pictures(), model.PictureRef{Type: "otherDocument1"})
	require.Len(t, refs, 23)
	refs = append(refs, model.PictureRef{Type: model.SecondID + "croppedFrontID"}, model.PictureRef{Type: model.SecondID + "croppedBackID"})

	saved := map[string]model.SavedPicture{}
	for s := range g.seat.SavePictures(t.Context(), pictureSession, refs, desk.SaveOptions{Dir: dir}) {
		saved[s.Ref.String()] = s
	}

	says := map[string]string{
		"croppedFace": "no picture", "document": "larger than 10 MB", "contract": "too many pixels", "confSelfie": "not https",
		"confPoa": "private network", "medicalTest": "in time", "thirdId": "private network", "signature 2": "no picture",
		"croppedBackID": "refused the link",
	}
	for name, s := range saved {
		want, bad := says[name]
		if !bad {
			require.Nil(t, s.Problem, name)
			continue
		}
		require.NotNil(t, s.Problem, name)
		require.Contains(t, s.Problem.Message, want)
		require.Contains(t, s.Problem.Subject, name)
		require.NotEmpty(t, s.Problem.Do)
		require.Equal(t, model.PartImages, s.Problem.Part)
		for _, secret := range []string{linkSecret, "://", "127.0.0.1", apiSecret, tokenSecret} {
			require.NotContains(t, s.Problem.Error(), secret)
		}
		require.Empty(t, s.Path)
	}
	require.Len(t, saved, len(refs))
	require.Zero(t, g.hidden.Load(), "nothing reached a forbidden address")
	require.LessOrEqual(t, g.asked, 3, "links are asked for anew once for each that was refused, at most")
	for _, h := range g.heads {
		for name, values := range h {
			require.Contains(t, []string{"User-Agent", "Accept"}, name)
			require.NotContains(t, strings.Join(values, " "), linkSecret)
		}
	}
	onlyTheseFiles(t, parent, dir, saved)
}

// onlyTheseFiles holds a folder against what was said to be saved.
func onlyTheseFiles(t *testing.T, parent, dir string, saved map[string]model.SavedPicture) {
	t.Helper()
	want := map[string]model.SavedPicture{}
	for _, s := range saved {
		if s.Problem == nil {
			want[s.Path] = s
		}
	}
	require.Len(t, want, 16)
	plain := regexp.MustCompile(`^` + pictureSession + `-[A-Za-z0-9-]+\.(png|pdf)$`)
	require.NoError(t, filepath.WalkDir(parent, func(path string, e fs.DirEntry, err error) error {
		require.NoError(t, err)
		if e.IsDir() {
			return nil
		}
		s, ok := want[path]
		require.True(t, ok, "%s is nobody's", path)
		delete(want, path)
		require.Regexp(t, plain, e.Name())
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.EqualValues(t, s.Bytes, info.Size())
		require.Equal(t, fs.FileMode(0o600), info.Mode().Perm())
		return nil
	}))
	require.Empty(t, want)
	info, err := os.Stat(dir)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o700), info.Mode().Perm())
}

// TestSavingStaysSmall runs the binary on the same links: what a process holds at
// most is told by the kernel, with nothing of the test's servers in it.
func TestSavingStaysSmall(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	path, err := binary()
	require.NoError(t, err)
	home := t.TempDir()
	roots := filepath.Join(home, "roots.pem")
	require.NoError(t, os.WriteFile(roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: g.root.Raw}), 0o600))
	cmd := exec.Command(path, "images", pictureSession, "--dir", filepath.Join(home, "saved"))
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "USER=tester", "SSL_CERT_FILE=" + roots, "DOCKET_API_URL=" + g.url,
		"DOCKET_API_KEY=" + apiSecret, "DOCKET_ADMIN_TOKEN=" + tokenSecret, "DOCKET_STORE=sqlite:" + filepath.Join(home, "inbox.db"),
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	require.NoError(t, cmd.Start())
	most := watchMemory(cmd.Process.Pid)
	err = cmd.Wait()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit, "%s", out.String())
	require.Equal(t, int(model.ExitFailed), exit.ExitCode(), "%s", out.String())
	require.Contains(t, out.String(), "too many pixels")
	used := most()
	t.Logf("%d MB of memory at most", used>>10)
	require.NotZero(t, used, "the kernel told nothing")
	require.Less(t, used, 200<<10)
	require.Zero(t, g.hidden.Load(), "nothing reached a forbidden address")
}

// watchMemory follows a process until it has ended and tells the most memory it
// had, in kB. What the kernel keeps of an ended child counts its parent's too.
func watchMemory(pid int) func() int {
	most := make(chan int, 1)
	go func() {
		used := 0
		for {
			status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
			_, after, found := strings.Cut(string(status), "VmHWM:")
			if err != nil || !found { // it has ended
				most <- used
				return
			}
			if n, err := strconv.Atoi(strings.Fields(after)[0]); err == nil {
				used = max(used, n)
			}
			time.Sleep(5 * time.Millisecond)
		}
	}()
	return func() int { return <-most }
}
