package sim

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
)

// shot is one type of picture: which sessions have it, and how it comes about.
type shot struct {
	when func(*session) bool
	take func(*profile) (body []byte, media string)
}

// shots are the types of pictures that sessions have, by the reference's names.
var shots = map[string]shot{
	"selfie":               {hasFace, photo(func(p *profile) image.Image { return p.selfiePicture(600, 800, 1, 0) })},
	"croppedFace":          {hasFace, photo(func(p *profile) image.Image { return p.selfiePicture(480, 600, 1.12, 0) })},
	"croppedIDFace":        {hasID, photo(func(p *profile) image.Image { return p.doc.facePicture() })},
	"croppedFrontID":       {hasID, photo(func(p *profile) image.Image { return p.doc.frontPicture() })},
	"croppedBackID":        {hasBack, photo(func(p *profile) image.Image { return p.doc.backPicture() })},
	"fullFrameFrontID":     {hasID, photo(func(p *profile) image.Image { return p.framed(p.doc.frontPicture()) })},
	"fullFrameBackID":      {hasBack, photo(func(p *profile) image.Image { return p.framed(p.doc.backPicture()) })},
	"secondId":             {hasSecond, photo(func(p *profile) image.Image { return p.second.frontPicture() })},
	"videoSelfie":          {hasVideo, photo(func(p *profile) image.Image { return p.selfiePicture(640, 480, 0.9, 1) })},
	"confSelfie":           {hasVideo, photo(func(p *profile) image.Image { return p.selfiePicture(640, 480, 1, 2) })},
	"confFrontID":          {hasVideo, photo(func(p *profile) image.Image { return p.framed(p.doc.frontPicture()) })},
	"confBackID":           {hasVideoBack, photo(func(p *profile) image.Image { return p.framed(p.doc.backPicture()) })},
	"videoSelfieCompareID": {hasVideo, photo(func(p *profile) image.Image { return p.framed(p.doc.frontPicture()) })},
	"addressStatement":     {oneIn(4, 1), photo(addressStatement)},
	"contract":             {oneIn(9, 2), func(p *profile) ([]byte, string) { return contractPDF(p, false), "application/pdf" }},
	"signedContract":       {oneIn(9, 2), func(p *profile) ([]byte, string) { return contractPDF(p, true), "application/pdf" }},
	"signature":            {oneIn(5, 0), func(p *profile) ([]byte, string) { return pngOf(p.signaturePicture(0)), "image/png" }},
	"signature2":           {oneIn(10, 0), func(p *profile) ([]byte, string) { return pngOf(p.signaturePicture(1)), "image/png" }},
}

// shotsOfSecond are those of the second document (Fetch images second id).
var shotsOfSecond = map[string]shot{
	"secondId":         shots["secondId"],
	"croppedIDFace":    {hasSecond, photo(func(p *profile) image.Image { return p.second.facePicture() })},
	"croppedFrontID":   {hasSecond, photo(func(p *profile) image.Image { return p.second.frontPicture() })},
	"croppedBackID":    {hasSecondBack, photo(func(p *profile) image.Image { return p.second.backPicture() })},
	"fullFrameFrontID": {hasSecond, photo(func(p *profile) image.Image { return p.framed(p.second.frontPicture()) })},
	"fullFrameBackID":  {hasSecondBack, photo(func(p *profile) image.Image { return p.framed(p.second.backPicture()) })},
}

func hasFace(s *session) bool       { return s.stage >= stageFace }
func hasID(s *session) bool         { return s.stage >= stageID }
func hasBack(s *session) bool       { return hasID(s) && s.p.doc.twoSided() }
func hasSecond(s *session) bool     { return s.stage >= stageSecondID && s.p.second != nil }
func hasSecondBack(s *session) bool { return hasSecond(s) && s.p.second.twoSided() }
func hasVideo(s *session) bool      { return s.stage >= stageFinished && s.p.video != nil }
func hasVideoBack(s *session) bool  { return hasVideo(s) && s.p.doc.twoSided() }

// oneIn is one finished session in n.
func oneIn(n, rest int) func(*session) bool {
	return func(s *session) bool { return s.stage >= stageFinished && s.p.index%n == rest }
}

func photo(draw func(*profile) image.Image) func(*profile) ([]byte, string) {
	return func(p *profile) ([]byte, string) { return jpegOf(draw(p)), "image/jpeg" }
}

// selfieFace is the face in front of the camera: the applicant's, unless the
// story says that it was somebody else's.
func (p *profile) selfieFace() uint64 {
	if p.selfie.otherFace {
		return p.person.face*0x9E3779B97F4A7C15 + 1
	}
	return p.person.face
}

// selfiePicture is who was in front of the camera, as the checks of the selfie
// describe it. Frames of the same session differ a little.
func (p *profile) selfiePicture(w, h int, closer float64, frame int) image.Image {
	r := rand.New(rand.NewPCG(p.selfieFace(), uint64(p.index)))
	l := looksOf(&p.person, p.selfieFace(), day(p.finished))
	if p.selfie.lenses && l.glasses == glassesNone {
		l.glasses = glassesSquare
	}
	rooms := colours(0xcfe0e8, 0xd9e3cf, 0xe9dcc6, 0xd8d2e6, 0xbfd4d1, 0xead1cb)
	ps := pose{
		backdrop: pick(r, rooms), clothes: 1 + r.IntN(7), turn: -5 + 10*r.Float64() + 3*float64(frame),
		scale: closer * (1.05 + 0.12*r.Float64()), dx: -10 + 20*r.Float64(), dy: 4 + 10*r.Float64(), smile: -0.2 + 1.2*r.Float64(),
		mask: p.selfie.mask > 50, glasses: p.selfie.lenses,
	}
	c := newCanvas(w, h, ps.backdrop)
	c.portrait(l, ps)
	img := c.img
	switch p.selfie.spoof {
	case "PAPER_PHOTO": // the photo of a print
		img = onTable(img, w, h, 0.86, 4, rgb(0x8a6a4a))
	case "SCREEN_REPLAY":
		each(img, screened)
	}
	if light := p.selfie.brightness; light < 50 {
		lit(img, 0.3+light/110)
	} else {
		lit(img, 0.9+light/1000)
	}
	return img
}

func (d *document) frontPicture() *image.RGBA {
	img := d.front()
	d.capture.asCaptured(img, d.capture.sharpFront, d.capture.lightFront)
	return img
}

func (d *document) backPicture() *image.RGBA {
	img := d.back()
	d.capture.asCaptured(img, d.capture.sharpBack, d.capture.lightBack)
	return img
}

// facePicture is the portrait of a document, as a cut from its picture is: a
// little less sharp than the face itself, in the light of the document.
func (d *document) facePicture() *image.RGBA {
	c := newCanvas(360, 480, rgb(0xffffff))
	c.portrait(looksOf(d.holder, d.holder.face, d.issued), d.pose())
	face := d.capture
	face.postit = false // it lies elsewhere
	face.asCaptured(c.img, d.capture.sharpFront, 100)
	blur(c.img, 1)
	return c.img
}

// framed is the whole frame of a camera over a document.
func (p *profile) framed(card *image.RGBA) image.Image {
	tables := colours(0x6b4f3a, 0x3d434b, 0x8a7a66, 0x2f4a4a)
	return onTable(card, 960, 720, 0.86, -5+float64(p.index%11), tables[p.index%len(tables)])
}

func (p *profile) signaturePicture(turn int) image.Image {
	c := newCanvas(600, 200, rgb(0xffffff))
	c.signature(p.person.face, turn, 20, 20, 560, 160)
	return c.img
}

func jpegOf(img image.Image) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 82}); err != nil {
		return nil // a buffer takes everything and the size is within JPEG's limits
	}
	return b.Bytes()
}

func pngOf(img image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil // as for JPEG
	}
	return b.Bytes()
}
