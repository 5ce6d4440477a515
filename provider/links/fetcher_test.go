package links_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"image"
	"image/color"
	"net/http"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/provider/links"
)

func TestEveryKindOfPictureIsTaken(t *testing.T) {
	s := newServer(t)
	f := s.fetcher(t)
	for media, body := range map[model.Media][]byte{
		model.MediaJPEG: jpegBytes(t), model.MediaPNG: pngBytes(t), model.MediaGIF: gifBytes(t), model.MediaWebP: webpBytes(),
		model.MediaPDF: []byte("%PDF-1.7\n"),
	} {
		p, failure := f.Fetch(t.Context(), s.serves("/"+string(media), body))
		require.Nil(t, failure, media)
		require.Equal(t, media, p.Media)
		require.Equal(t, body, p.Body)
		require.Len(t, p.SHA256, 64)
		if media == model.MediaPDF {
			require.Zero(t, p.Width)
			continue
		}
		require.Equal(t, []int{40, 30}, []int{p.Width, p.Height}, media)
	}
}

func TestEachFaultHasItsOwnMessage(t *testing.T) {
	s := newServer(t)
	f := s.fetcher(t)
	status := func(code int) string {
		path := "/status/" + strconv.Itoa(code)
		s.mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) })
		return s.URL + path
	}
	s.mux.HandleFunc("/cut", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "5000")
		_, _ = w.Write(pngBytes(t)) // and no more
	})
	s.mux.HandleFunc("/zipped", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = z.Write(pngBytes(t)) // the client will notice
		_ = z.Close()
	})
	html := []byte("<!doctype html><html><body>Sign in</body></html>")
	for name, c := range map[string]struct {
		link string
		why  links.Why
	}{
		"a page":              {s.serves("/html", html), links.NotPicture},
		"a page called JPEG":  {s.serves("/html.jpg", html), links.NotPicture},
		"a program":           {s.serves("/elf", []byte("\x7fELF\x02\x01\x01 and so on")), links.NotPicture},
		"a PDF behind a page": {s.serves("/poly", append(html, "%PDF-1.7"...)), links.NotPicture},
		"zipped":              {s.URL + "/zipped", links.NotPicture},
		"nothing":             {s.serves("/empty", nil), links.Empty},
		"two bytes":           {s.serves("/two", []byte("\xff\xd8")), links.NotPicture},
		"a magic alone":       {s.serves("/magic", []byte("\x89PNG\r\n\x1a\n")), links.Broken},
		"20,000 by 20,000":    {s.serves("/huge", pngOf(t, 20_000, 20_000)), links.TooManyPixels},
		"cut off":             {s.URL + "/cut", links.Unreachable},
		"403":                 {status(403), links.Expired},
		"404":                 {status(404), links.Expired},
		"410":                 {status(410), links.Expired},
		"500":                 {status(500), links.BadStatus},
		"204":                 {status(204), links.BadStatus},
		"a redirect nowhere":  {status(302), links.Redirects},
		"a file":              {"file:///etc/passwd", links.NotSecure},
		"data":                {"data:image/png;base64,aGk=", links.NotSecure},
		"ftp":                 {"ftp://pictures.example.com/a", links.NotSecure},
		"no scheme":           {"pictures.example.com/a", links.NotSecure},
		"not a link":          {"https://[", links.BadLink},
		"no host":             {"https:///a", links.BadLink},
		"a user in the link":  {"https://user:word@127.0.0.1/a", links.BadLink},
		"a broken escape":     {"https://127.0.0.1/%zz", links.BadLink},
		"nobody there":        {"https://127.0.0.1:1/a", links.Unreachable},
	} {
		require.Equal(t, c.why, fails(t, f, c.link).Why, name)
	}
	untrusting := links.New(links.Options{API: s.URL})
	require.Equal(t, links.Untrusted, fails(t, untrusting, s.URL+"/html").Why)
}

func TestEveryReasonHasWords(t *testing.T) {
	seen := map[string]bool{}
	for why := links.BadLink; why <= links.Canceled; why++ {
		f := &links.Failure{Why: why}
		require.NotEmpty(t, f.Error())
		require.False(t, seen[f.Error()], "two reasons say the same: %s", f.Error())
		seen[f.Error()] = true
		require.NotEmpty(t, f.Problem("x").Kind)
	}
}

// What a server sends is not read beyond the limit, whatever it announces.
func TestTooManyBytes(t *testing.T) {
	s := newServer(t)
	f := s.fetcher(t)
	const size = 12 << 20
	s.mux.HandleFunc("/announced", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(size))
		_, _ = w.Write(append(jpegBytes(t), make([]byte, size)...)) // refused in the middle
	})
	s.mux.HandleFunc("/chunked", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(jpegBytes(t)) // as above
		chunk := make([]byte, 64<<10)
		for range size / len(chunk) {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	for _, path := range []string{"/announced", "/chunked"} {
		require.Equal(t, links.TooLarge, fails(t, f, s.URL+path).Why, path)
	}
	p, failure := f.Fetch(t.Context(), s.serves("/fits", append(jpegBytes(t), make([]byte, model.MaxPicture-4096)...)))
	require.Nil(t, failure)
	require.Greater(t, len(p.Body), model.MaxPicture-4096)
	require.Equal(t, links.TooLarge, fails(t, f, s.serves("/one-more", append(jpegBytes(t), make([]byte, model.MaxPicture)...))).Why)
}

// A header may promise any size: nothing is allocated for it.
func TestHeadersCostNoMemory(t *testing.T) {
	huge := pngOf(t, 20_000, 20_000)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 10 {
		_, failure := links.Inspect(huge)
		require.Equal(t, links.TooManyPixels, failure.Why)
	}
	runtime.ReadMemStats(&after)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(8<<20))
}

// What decoding takes depends on what a pixel is made of, and for a JPEG on how
// it is stored.
func TestTheLimitIsOneOnMemory(t *testing.T) {
	deep := image.NewNRGBA64(image.Rect(0, 0, 8, 6))
	deep.SetNRGBA64(1, 1, color.NRGBA64{R: 1, A: 2})
	plain := image.NewNRGBA(deep.Rect)
	plain.SetNRGBA(1, 1, color.NRGBA{R: 1, A: 2})
	jpeg := jpegBytes(t)
	progressive := bytes.Replace(jpeg, []byte("\xff\xc0"), []byte("\xff\xc2"), 1)
	fullColour := bytes.Replace(progressive, []byte("\x01\x22\x00"), []byte("\x01\x11\x00"), 1)
	for name, c := range map[string]struct {
		body []byte
		side uint32 // of the square that is just within the limits
	}{
		"palette": {pngBytes(t), 7071}, "four bytes": {encoded(t, plain), 6476}, "eight bytes": {encoded(t, deep), 4579},
		"JPEG": {jpeg, 7071}, "progressive": {progressive, 4729}, "progressive in full colour": {fullColour, 3344},
	} {
		_, failure := links.Inspect(resized(c.body, c.side))
		require.Nil(t, failure, name)
		_, failure = links.Inspect(resized(c.body, c.side+1))
		require.Equal(t, links.TooManyPixels, failure.Why, name)
	}
}

func TestTheLimitHoldsForOneByteNowAndThen(t *testing.T) {
	s := newServer(t)
	f := s.fetcher(t, func(o *links.Options) { o.Limit = 200 * time.Millisecond })
	s.mux.HandleFunc("/slow", trickle(pngBytes(t)[:20]))
	s.mux.HandleFunc("/silent", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	for _, path := range []string{"/slow", "/silent"} {
		require.Equal(t, links.TooSlow, fails(t, f, s.URL+path).Why, path)
	}
}

func TestAFetchThatIsGivenUp(t *testing.T) {
	s := newServer(t)
	f := s.fetcher(t)
	ctx, cancel := context.WithCancel(t.Context())
	s.mux.HandleFunc("/silent", func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	_, failure := f.Fetch(ctx, s.URL+"/silent")
	require.Equal(t, links.Canceled, failure.Why)
	require.ErrorIs(t, failure, context.Canceled)
	require.Equal(t, model.KindUndone, failure.Problem("x").Kind)
}

func TestRedirectsAreFollowedThreeTimes(t *testing.T) {
	s := newServer(t)
	f := s.fetcher(t)
	s.serves("/0", pngBytes(t))
	for n := 1; n <= 4; n++ {
		s.mux.HandleFunc(fmt.Sprintf("/%d", n), func(w http.ResponseWriter, _ *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "who", Value: "you"})
			w.Header().Set("Location", fmt.Sprintf("/%d?%s", n-1, secretPart))
			w.WriteHeader(http.StatusFound)
		})
	}
	p, failure := f.Fetch(t.Context(), s.URL+"/3?"+secretPart)
	require.Nil(t, failure)
	require.Equal(t, model.MediaPNG, p.Media)
	require.Equal(t, links.Redirects, fails(t, f, s.URL+"/4?"+secretPart).Why)

	for _, r := range s.requests() {
		for name := range r.Header {
			require.Contains(t, []string{"User-Agent", "Accept"}, name, "no credential, no cookie, no word of where it came from")
		}
	}
}

func TestARedirectIsHeldToTheSameRules(t *testing.T) {
	s := newServer(t)
	f := s.fetcher(t)
	other := newDecoy(t, "127.0.0.2")
	for to, why := range map[string]links.Why{
		"http://10.0.0.1/":                    links.BadAddress,
		"file:///etc/passwd":                  links.NotSecure,
		"https://169.254.169.254/latest/meta": links.BadAddress,
		"//169.254.169.254/latest/meta":       links.BadAddress,
		"https://" + other.addr.String():      links.BadAddress,
		"https://user@127.0.0.1/":             links.BadLink,
		"https://%zz/":                        links.BadLink,
	} {
		path := fmt.Sprintf("/to/%x", to)
		s.mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusTemporaryRedirect)
		})
		require.Equal(t, why, fails(t, f, s.URL+path).Why, to)
	}
	require.Zero(t, other.calls.Load(), "nothing connected to a forbidden address")
}

// A name is judged by the address that is connected to: it may tell another one
// each time it is asked.
func TestANameCannotLeadIntoAPrivateNetwork(t *testing.T) {
	s := newServer(t)
	for _, ip := range []string{"127.0.0.1", "127.0.0.2"} {
		hidden := newDecoy(t, ip)
		names := resolver(t, hidden.addr.Addr())
		f := s.fetcher(t, func(o *links.Options) { o.Resolver = names })
		for range 3 {
			link := fmt.Sprintf("https://pictures.example.test:%d/a?%s", hidden.addr.Port(), secretPart)
			require.Equal(t, links.BadAddress, fails(t, f, link).Why, ip)
		}
		require.Zero(t, hidden.calls.Load(), "nothing connected to a forbidden address")
	}
}

// In a private installation the API hands out links to itself.
func TestOnlyTheAPIsOwnHostMayBePrivate(t *testing.T) {
	s := newServer(t)
	link := s.serves("/a", pngBytes(t))
	for api, ok := range map[string]bool{
		"https://127.0.0.1:443": true, "http://127.0.0.1": true,
		"https://api.example.com": false, "https://127.0.0.2": false, "": false, "https://localhost": false,
	} {
		f := s.fetcher(t, func(o *links.Options) { o.API = api })
		_, failure := f.Fetch(t.Context(), link)
		require.Equal(t, ok, failure == nil, api)
		if !ok {
			require.Equal(t, links.BadAddress, failure.Why, api)
		}
	}
}

func TestPlainHTTPOnlyBesideAnAPIOnThisMachine(t *testing.T) {
	s := newServer(t)
	for api, want := range map[string]links.Why{
		"http://127.0.0.1:8080": links.BadAddress, "http://localhost": links.BadAddress, "http://[::1]:80": links.BadAddress,
		"https://api.example.com": links.NotSecure, "http://10.0.0.1": links.NotSecure, "": links.NotSecure,
	} {
		f := s.fetcher(t, func(o *links.Options) { o.API = api })
		require.Equal(t, want, fails(t, f, "http://10.0.0.2:1/a?"+secretPart).Why, api)
	}
}

func TestProxiesOfTheEnvironmentAreNotUsed(t *testing.T) {
	proxy := newDecoy(t, "127.0.0.1")
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"} {
		t.Setenv(name, "http://"+proxy.addr.String())
	}
	s := newServer(t)
	_, failure := s.fetcher(t).Fetch(t.Context(), s.serves("/a", pngBytes(t)))
	require.Nil(t, failure)
	require.Zero(t, proxy.calls.Load())
}

func TestFourFetchesAHostSideBySide(t *testing.T) {
	s := newServer(t)
	f := s.fetcher(t)
	var (
		mu           sync.Mutex
		inside, most int
	)
	full, goOn := make(chan struct{}), make(chan struct{})
	s.mux.HandleFunc("/a", func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		inside++
		most = max(most, inside)
		if inside == links.PerHost {
			select {
			case <-full:
			default:
				close(full)
			}
		}
		mu.Unlock()
		<-goOn
		mu.Lock()
		inside--
		mu.Unlock()
		_, _ = w.Write(pngBytes(t)) // the client will notice
	})
	var wg sync.WaitGroup
	for range 3 * links.PerHost {
		wg.Go(func() {
			_, failure := f.Fetch(context.Background(), s.URL+"/a")
			if failure != nil {
				t.Errorf("%v", failure)
			}
		})
	}
	<-full
	close(goOn)
	wg.Wait()
	require.Equal(t, links.PerHost, most)
}

// Whatever the bytes: no panic, and what is taken is what it says it is.
func FuzzInspect(f *testing.F) {
	for _, seed := range [][]byte{
		pngBytes(f), pngOf(f, 20_000, 20_000), pngOf(f, 0, 1), jpegBytes(f), gifBytes(f), webpBytes(), []byte("%PDF-1.4"), nil,
		[]byte("RIFF\x00\x00\x00\x00WEBPVP8X"), []byte("GIF89a\xff\xff\xff\xff"), []byte("<html>"),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		p, failure := links.Inspect(bytes.Clone(body))
		if failure != nil {
			require.Nil(t, p.Body)
			require.Contains(t, []links.Why{links.Empty, links.NotPicture, links.Broken, links.TooManyPixels, links.TooLarge}, failure.Why)
			return
		}
		require.Equal(t, body, p.Body)
		require.Equal(t, links.Sniff(body), p.Media)
		require.Len(t, p.SHA256, 64)
		if p.Media != model.MediaPDF {
			require.Positive(t, p.Width)
			require.Positive(t, p.Height)
		}
		require.LessOrEqual(t, p.Width*p.Height, links.MaxPixels)
	})
}
