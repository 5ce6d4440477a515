package perf

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"

	"docket/desk"
	"docket/model"
	"docket/omni"
	"docket/provider/incode"
	"docket/sim"
	"docket/store/sqlite"
	"docket/ui/picture"
)

// fourPictures are those that a decision needs.
var fourPictures = []string{"croppedIDFace", "selfie", "croppedFrontID", "croppedBackID"}

const toPictures = "/_sim/images/"

// gallery serves a simulated API, which draws each picture once.
type gallery struct {
	api    *sim.Server
	url    string
	served atomic.Int64
}

// hang starts it. Instead, if it is not nil, returns another body for a link.
func hang(b *testing.B, sessions int, instead func(path string) []byte) *gallery {
	g := &gallery{api: sim.New(sim.Options{Sessions: sessions})}
	g.url = apiURL(b, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.URL.Path, toPictures) {
			g.api.ServeHTTP(w, r)
			return
		}
		answer := g.picture(r, instead)
		maps.Copy(w.Header(), answer.Header())
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes()) // the client will notice
		g.served.Add(1)
	}))
	return g
}

func (g *gallery) picture(r *http.Request, instead func(path string) []byte) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	g.api.ServeHTTP(answer, r)
	if instead != nil && answer.Code == http.StatusOK {
		if body := instead(r.URL.Path); body != nil {
			answer.Body = bytes.NewBuffer(body)
			answer.Header().Del("Content-Length")
		}
	}
	return answer
}

// withFour are sessions that have all four pictures and wait for a person.
func (g *gallery) withFour(n int) []string {
	var ids []string
	for _, id := range g.api.IDs() {
		so, ok := g.api.Session(id)
		if ok && so.Verdict == "MANUAL" && so.CustomerID == "" && strings.Contains(so.DocumentType, "Voter") && len(ids) < n {
			ids = append(ids, id)
		}
	}
	return ids
}

// seat returns a desk with everything real, its inbox in a file.
func (g *gallery) seat(b *testing.B) (*desk.Seat, string) {
	token := &incode.Token{}
	token.Set(g.api.ExecutiveToken())
	client, err := omni.New(omni.Config{BaseURL: g.url, APIKey: sim.DefaultAPIKey, Token: token.Get})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(client.CloseIdle)
	file := path.Join(b.TempDir(), "docket.db")
	st, err := sqlite.Open(b.Context(), file)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = st.Close() })
	return desk.New(desk.Config{Store: st, Provider: incode.New(client, incode.Options{Token: token}), Token: desk.Token{Present: true}}).
		As(model.Actor{Identity: "os:bench", Role: model.RoleOwner}), file
}

// BenchmarkFourPictures times a session's four pictures on loopback, with nothing
// of them in memory: links asked for, fetched, decoded and drawn beside each
// other as half blocks on 30×15 cells, each in a goroutine of its own.
func BenchmarkFourPictures(b *testing.B) {
	g := hang(b, 120, nil)
	seat, _ := g.seat(b)
	ids := g.withFour(8)
	seat.Add(b.Context(), ids)
	decoder := picture.NewDecoder(picture.DefaultKept)
	show := func(id string) {
		var wg sync.WaitGroup
		for range seat.Refresh(b.Context(), id, model.PartImages) {
			continue // the last one has the list
		}
		for _, kind := range fourPictures {
			wg.Go(func() {
				p, err := seat.Picture(b.Context(), id, model.PictureRef{Type: kind})
				if err != nil {
					b.Error(err)
					return
				}
				m, err := decoder.Decode(b.Context(), p)
				if err != nil {
					b.Error(err)
					return
				}
				box := picture.Box{W: 30, H: 15}
				if lines := picture.HalfBlocks(m, picture.View{}, box, picture.Colours{Profile: colorprofile.TrueColor}); len(lines) != box.H {
					b.Error("not drawn")
				}
			})
		}
		wg.Wait()
	}
	var cold, warm []time.Duration
	timed := func(id string) time.Duration {
		seat.DropPictures()
		decoder.Forget()
		begin := time.Now()
		show(id)
		return time.Since(begin)
	}
	for _, id := range ids {
		cold = append(cold, timed(id))
	}
	for i := 0; b.Loop(); i++ {
		warm = append(warm, timed(ids[i%len(ids)]))
	}
	b.ReportMetric(ms(percentile(warm, 50)), "p50-ms")
	b.ReportMetric(ms(percentile(warm, 95)), "p95-ms")
	b.ReportMetric(ms(percentile(cold, 50)), "drawn-by-simulator-p50-ms")
	b.ReportMetric(0, "ns/op")
}

// kittyPicture is in what a terminal is sent of each picture, once.
const kittyPicture = "a=T,U=1"

// BenchmarkPicturesInConsole opens sessions in the built binary and times the
// way from the inbox until the terminal has been sent the four pictures of the
// page, each as a PNG for Kitty's graphics. Each session is opened once a run.
func BenchmarkPicturesInConsole(b *testing.B) {
	bin := build(b)
	g := hang(b, 400, nil)
	seat, file := g.seat(b)
	ids := g.withFour(20)
	seat.Add(b.Context(), ids)
	g.warm(b, seat, ids)
	var took []time.Duration
	for b.Loop() {
		took = append(took, g.opens(b, bin, file, len(ids))...)
	}
	b.ReportMetric(ms(percentile(took, 50)), "p50-ms")
	b.ReportMetric(ms(percentile(took, 95)), "p95-ms")
	b.ReportMetric(0, "ns/op")
}

// warm lets the simulator draw the pictures of sessions.
func (g *gallery) warm(b *testing.B, seat *desk.Seat, ids []string) {
	for _, id := range ids {
		so := seat.Read(b.Context(), id, model.PartImages)
		for _, ref := range so.Pictures() {
			if _, err := seat.Picture(b.Context(), id, ref); err != nil {
				b.Fatal(err)
			}
		}
		seat.DropPictures(id)
	}
}

// opens starts the console and opens its sessions one after the other.
func (g *gallery) opens(b *testing.B, bin, file string, sessions int) []time.Duration {
	s := start(b, append(home(b, file, g.url), "DOCKET_API_KEY="+sim.DefaultAPIKey, "DOCKET_ADMIN_TOKEN="+g.api.ExecutiveToken(), "DOCKET_PICTURE=kitty"), bin)
	defer s.stop()
	s.until("Needs review")
	s.settle(300 * time.Millisecond)
	var took []time.Duration
	for range sessions {
		begin := time.Now()
		s.press("\r")
		took = append(took, s.times(kittyPicture, len(fourPictures)).Sub(begin))
		s.toInbox(1)
		s.press("j")
		s.settle(100 * time.Millisecond)
	}
	return took
}

// faulty is the type of which two links have a fault.
const faulty = "croppedFace"

// largestMB is the most memory that a program may have had at any moment.
const largestMB = 200

// BenchmarkMemoryOfPictures looks at every picture of twenty sessions in the built
// binary and tells the most memory that it ever had. One link of them has 12 MB,
// another is a PNG of 20,000×20,000 pixels. Once with the simulator's pictures,
// once with 12 megapixels in place of nearly each.
func BenchmarkMemoryOfPictures(b *testing.B) {
	bin := build(b)
	camera := photograph(b)
	for name, instead := range map[string]func(string) []byte{
		"simulated": nil,
		"camera": func(at string) []byte {
			if path.Base(at) == faulty {
				return nil
			}
			return append(bytes.Clone(camera), at...) // no two are the same
		},
	} {
		for _, way := range []picture.Protocol{picture.Kitty, picture.Sixel, picture.Blocks} {
			b.Run(fmt.Sprintf("%s/%s", name, way), func(b *testing.B) {
				var most float64
				var seen int64
				for b.Loop() {
					g := hang(b, 400, instead)
					seat, file := g.seat(b)
					ids := g.withFour(20)
					seat.Add(b.Context(), ids)
					g.api.Fault("GET "+toPictures+ids[3]+"/"+faulty, sim.Fault{Kind: sim.FaultLarge})
					g.api.Fault("GET "+toPictures+ids[4]+"/"+faulty, sim.Fault{Kind: sim.FaultHuge})
					most, seen = g.looksAtAll(b, bin, file, way, len(ids)), g.served.Load()
				}
				b.ReportMetric(most, "most-MB")
				b.ReportMetric(float64(seen), "pictures")
				b.ReportMetric(0, "ns/op")
				if most > largestMB {
					b.Logf("more than %d MB", largestMB)
				}
			})
		}
	}
}

// looksAtAll goes through the pictures of all sessions and returns the most
// memory that the console had.
func (g *gallery) looksAtAll(b *testing.B, bin, file string, way picture.Protocol, sessions int) float64 {
	s := start(b, append(home(b, file, g.url), "DOCKET_API_KEY="+sim.DefaultAPIKey, "DOCKET_ADMIN_TOKEN="+g.api.ExecutiveToken(), "DOCKET_PICTURE="+string(way)), bin)
	defer s.stop()
	const rests = 300 * time.Millisecond // longer than a picture takes
	s.until("Needs review")
	s.settle(rests)
	for range sessions {
		s.press("\r")
		s.until(inSession)
		s.settle(rests)
		const pictures = 8
		for _, k := range "i" + strings.Repeat("j", pictures) + "v" {
			s.press(string(k))
			s.settle(rests)
		}
		s.toInbox(2)
		s.press("j")
		s.settle(rests / 2)
	}
	return s.most()
}

// How the title of the window begins in a session, and what it is in the inbox.
const (
	inSession = "\x1b]2;docket · "
	inInbox   = "\x1b]2;docket\a"
)

// toInbox goes back so many pages, of which the last leads to the inbox.
func (s *screen) toInbox(pages int) {
	for n := range pages {
		const apart = 120 * time.Millisecond // two at once would be another key
		s.settle(apart)
		s.press("\x1b")
		if n == pages-1 {
			s.until(inInbox)
		}
	}
	s.settle(50 * time.Millisecond)
}

// photograph is a JPEG of 12 megapixels, noisy as a camera's.
func photograph(b *testing.B) []byte {
	m := image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range m.Y {
		m.Y[i] = byte(128 + i%4000/50 + r.IntN(6))
	}
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = byte(100+i%2000/50), byte(150-i/60_000)
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 85}); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}
