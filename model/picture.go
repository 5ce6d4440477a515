package model

import (
	"strconv"
	"time"
)

// PictureRef names one picture of a session: its type as the API names it, and
// which one it is where the API has several of a type (signatures), from 0.
type PictureRef struct {
	Type string
	N    int
}

// String names the picture for a person: "selfie", "signature 2".
func (r PictureRef) String() string {
	if r.N == 0 {
		return r.Type
	}
	return r.Type + " " + strconv.Itoa(r.N+1)
}

// Media is what a picture's bytes are, found by looking at them: what a server
// says of them is not believed.
type Media string

// The kinds of picture that are taken. A PDF can be saved, not shown.
const (
	MediaJPEG Media = "image/jpeg"
	MediaPNG  Media = "image/png"
	MediaWebP Media = "image/webp"
	MediaGIF  Media = "image/gif"
	MediaPDF  Media = "application/pdf"
)

// MaxPicture is the largest picture that is taken, in bytes: the API's own limit
// for a body.
const MaxPicture = 10 << 20

// Picture is one picture of a session, as it was fetched. Its bytes come from
// outside: only their kind is known, not that they can be decoded.
type Picture struct {
	Ref    PictureRef
	Body   []byte // at most MaxPicture; must not be changed
	Media  Media
	SHA256 string // of Body, 64 hexadecimal digits
	Width  int    // in pixels, as its header says; 0 for a PDF
	Height int
	From   string // the endpoint that gave it, as the provider's table names it
	At     time.Time
}
