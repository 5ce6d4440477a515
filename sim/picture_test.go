package sim

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	_ "image/jpeg" // the formats that pictures come in
	_ "image/png"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// links asks for links, and fails when the API refuses.
func (r *rig) links(id string, types ...string) map[string]any {
	r.t.Helper()
	got := r.do("POST", "/omni/get/images/v2?id="+id, map[string]any{"images": types})
	require.Equal(r.t, http.StatusOK, got.status, string(got.raw))
	return got.json
}

// follow fetches what a link leads to.
func (r *rig) follow(link any) reply {
	r.t.Helper()
	return r.do("GET", strings.TrimPrefix(link.(string), r.http.URL), nil)
}

func decoded(t *testing.T, body []byte) image.Image {
	t.Helper()
	img, _, err := image.Decode(bytes.NewReader(body))
	require.NoError(t, err)
	return img
}

// difference is how far apart two pictures are on the whole, 0–255, each seen as
// a few large squares.
func difference(a, b image.Image) float64 {
	const n = 20
	sum := 0.0
	for y := range n {
		for x := range n {
			sum += math.Abs(meanOf(a, x, y, n) - meanOf(b, x, y, n))
		}
	}
	return sum / n / n
}

func meanOf(img image.Image, x, y, n int) float64 {
	b := img.Bounds()
	w, h := b.Dx()/n, b.Dy()/n
	sum, count := 0, 0
	for py := b.Min.Y + y*h; py < b.Min.Y+(y+1)*h; py += 3 {
		for px := b.Min.X + x*w; px < b.Min.X+(x+1)*w; px += 3 {
			sum += int(color.GrayModel.Convert(img.At(px, py)).(color.Gray).Y)
			count++
		}
	}
	return float64(sum) / float64(count)
}

func (r *rig) profileOf(story string) *profile {
	r.t.Helper()
	id := r.told(story).ID
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.find(id).p
}

func TestEveryTypeOfPictureCanBeLookedAt(t *testing.T) {
	s := fixed(Options{})
	seen := map[string]bool{}
	for _, id := range s.IDs() {
		found := s.find(id)
		for kind, shot := range shots {
			if !shot.when(found) || seen[kind] {
				continue
			}
			seen[kind] = true
			body, media := shot.take(found.p)
			if media == "application/pdf" {
				require.True(t, bytes.HasPrefix(body, []byte("%PDF-")), kind)
				continue
			}
			size, format, err := image.DecodeConfig(bytes.NewReader(body))
			require.NoError(t, err, kind)
			require.Equal(t, media, "image/"+format, kind)
			require.GreaterOrEqual(t, size.Width, 300, kind)
		}
	}
	for kind := range shots {
		require.True(t, seen[kind], "no session has %s", kind)
	}
}

func TestTheSamePictureIsDrawnAlikeAgain(t *testing.T) {
	one, two := fixed(Options{}), fixed(Options{})
	for _, kind := range []string{"selfie", "fullFrameFrontID", "croppedBackID"} {
		id := one.IDs()[1] // an identity card
		a, _ := shots[kind].take(one.find(id).p)
		b, _ := shots[kind].take(two.find(id).p)
		require.Equal(t, a, b, kind)
	}
}

func TestTheSelfieOfAMismatchIsSomebodyElse(t *testing.T) {
	r := newRig(t, Options{})
	p := r.profileOf("face-mismatch")
	other := looksOf(&p.person, p.selfieFace(), p.finished)
	require.NotEqual(t, looksOf(&p.person, p.person.face, p.finished), other)

	again := r.profileOf("returning-customer")
	earlier, ok := r.Session(again.link.interviewID)
	require.True(t, ok)
	first := r.find(earlier.ID).p
	require.Equal(t, looksOf(&first.person, first.selfieFace(), epoch), looksOf(&again.person, again.selfieFace(), epoch), "the same person came again")
	require.NotEqual(t, first.selfiePicture(480, 600, 1, 0), again.selfiePicture(480, 600, 1, 0), "and another picture was taken")
}

func TestAFaceStandsOutFromItsHair(t *testing.T) {
	s := fixed(Options{})
	for _, id := range s.IDs() {
		p := s.find(id).p
		l := looksOf(&p.person, p.person.face, p.person.birth.AddDate(25, 0, 0))
		require.Greater(t, math.Abs(brightness(l.skin)-brightness(l.hair)), 30.0, "%v %v", l.skin, l.hair)
	}
}

func TestAgeGreysAFace(t *testing.T) {
	p := person{culture: "es", birth: epoch.AddDate(-80, 0, 0), face: 5}
	young, old := looksOf(&p, p.face, epoch.AddDate(-55, 0, 0)), looksOf(&p, p.face, epoch)
	require.Equal(t, young.skin, old.skin)
	require.Equal(t, young.style, old.style)
	require.Greater(t, old.hair.R, young.hair.R)
}

// What the checks say of a capture can be seen in the picture.
func TestPicturesShowWhatTheChecksSay(t *testing.T) {
	r := newRig(t, Options{})
	front := func(p *profile, change func(*capture)) image.Image {
		d := *p.doc
		d.capture = capture{sharpFront: 100, lightFront: 100}
		change(&d.capture)
		return d.frontPicture()
	}
	p := r.profileOf("clean")
	plain := front(p, func(*capture) {})
	edges := func(img image.Image) (sum float64) {
		b := img.Bounds()
		at := func(x, y int) float64 { return float64(color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y) }
		for y := b.Min.Y; y < b.Max.Y; y += 7 {
			for x := b.Min.X + 1; x < b.Max.X; x++ {
				sum += math.Abs(at(x, y) - at(x-1, y))
			}
		}
		return sum
	}
	require.Less(t, edges(front(p, func(c *capture) { c.sharpFront = 10 })), 0.6*edges(plain), "blurred")
	for name, change := range map[string]func(*capture){
		"glare": func(c *capture) { c.lightFront = 25 }, "paper": func(c *capture) { c.paper = true }, "screen": func(c *capture) { c.screen = true },
		"altered": func(c *capture) { c.altered = true }, "note": func(c *capture) { c.postit = true }, "fake": func(c *capture) { c.fake = true },
	} {
		require.NotEqual(t, plain, front(p, change), name)
	}
	grey := front(p, func(c *capture) { c.paper = true }).At(430, 20).(color.RGBA)
	require.True(t, grey.R == grey.G && grey.G == grey.B, "a copy has no colours")

	dark := *p
	dark.selfie.brightness = 25
	bright := p.selfiePicture(300, 400, 1, 0)
	require.Less(t, meanOf(dark.selfiePicture(300, 400, 1, 0), 0, 0, 1), 0.75*meanOf(bright, 0, 0, 1))
	require.Greater(t, difference(bright, dark.selfiePicture(300, 400, 1, 0)), 20.0)
}

func TestDocumentsSayWhatTheOCRAnswerSays(t *testing.T) {
	s := fixed(Options{})
	f := loadFaces()
	for _, id := range s.IDs()[:60] {
		d := s.find(id).p.doc
		var all []string
		for _, e := range d.entries(f) {
			require.True(t, writable(f.bold, e.value), e.value)
			all = append(all, e.value)
		}
		text := strings.Join(all, "\n")
		require.Contains(t, text, d.genuine)
		require.Contains(t, text, strings.ToUpper(d.name.given))
		if strings.Contains(liveries[d.kind.country].dates, "2006") {
			require.Contains(t, text, d.holder.birth.Format("2006"))
		}
		require.Contains(t, liveries, d.kind.country)
	}
}

func TestImagesAreAnsweredAsBase64(t *testing.T) {
	r := newRig(t, Options{})
	id := r.clean()
	got := r.do("POST", "/omni/get/images?id="+id, map[string]any{"images": []string{"croppedFace", "croppedFrontID", "medicalDoc", "signatures"}})
	require.Equal(t, http.StatusOK, got.status, string(got.raw))
	body, err := base64.StdEncoding.DecodeString(got.json["croppedFace"].(string))
	require.NoError(t, err)
	require.Equal(t, body, r.follow(r.links(id, "croppedFace")["croppedFace"]).raw, "the same as behind the link")
	require.Contains(t, got.json, "croppedFrontID")
	require.NotContains(t, got.json, "medicalDoc", "a picture that there is not is left out")
	require.Zero(t, r.Writes())
	own := r.as(r.SessionToken(id), "POST", "/0/omni/get/images", map[string]any{"images": []string{"selfie"}})
	require.Equal(t, http.StatusOK, own.status, "the id is in the token")
	require.Equal(t, http.StatusNotFound, r.do("POST", "/omni/get/images?id=nobody", map[string]any{"images": []string{"selfie"}}).status)
}

func TestSignaturesAreAList(t *testing.T) {
	r := newRig(t, Options{})
	counts := map[int]bool{}
	for _, id := range r.IDs() {
		if !r.find(id).has("signature") || len(counts) == 2 {
			continue
		}
		list, ok := r.links(id, "signature")["signature"].([]any)
		require.True(t, ok)
		counts[len(list)] = true
		for _, link := range list {
			require.Equal(t, "image/png", r.follow(link).header.Get("Content-Type"))
		}
		inline := r.do("POST", "/omni/get/images?id="+id, map[string]any{"images": []string{"signatures"}})
		require.Len(t, inline.json["signatures"], len(list))
	}
	require.Equal(t, map[int]bool{1: true, 2: true}, counts)
}

func TestImagesOfTheSecondDocument(t *testing.T) {
	r := newRig(t, Options{})
	types := []string{"croppedFrontID", "croppedIDFace", "selfie", "secondId"}
	id := r.told("second-id-clean").ID
	second := r.do("POST", "/omni/get/images-second-id?id="+id, map[string]any{"images": types}).json
	first := r.do("POST", "/omni/get/images?id="+id, map[string]any{"images": []string{"croppedFrontID"}}).json
	require.NotContains(t, second, "selfie", "it is not of a document")
	require.NotEqual(t, first["croppedFrontID"], second["croppedFrontID"])
	require.Equal(t, second["croppedFrontID"], second["secondId"])
	require.Empty(t, r.do("POST", "/omni/get/images-second-id?id="+r.clean(), map[string]any{"images": types}).json)
}

func TestLinksEndByTheClock(t *testing.T) {
	r := newRig(t, Options{})
	link := r.links(r.clean(), "selfie")["selfie"]
	r.clock.move(linkLife - time.Second)
	require.Equal(t, http.StatusOK, r.follow(link).status)
	r.clock.move(time.Second)
	require.Equal(t, http.StatusForbidden, r.follow(link).status)
	require.Equal(t, http.StatusOK, r.follow(r.links(r.clean(), "selfie")["selfie"]).status, "a new one is good for another hour")
}

func BenchmarkPicture(b *testing.B) {
	s := fixed(Options{})
	for _, kind := range []string{"selfie", "croppedFrontID", "fullFrameFrontID"} {
		b.Run(kind, func(b *testing.B) {
			for b.Loop() {
				shots[kind].take(s.find(s.IDs()[7]).p)
			}
		})
	}
}

// BenchmarkPictureKept is what a picture costs that was drawn before.
func BenchmarkPictureKept(b *testing.B) {
	s := fixed(Options{})
	p := s.find(s.IDs()[7]).p
	s.picture(shots["selfie"], "selfie", p)
	for b.Loop() {
		s.picture(shots["selfie"], "selfie", p)
	}
}
