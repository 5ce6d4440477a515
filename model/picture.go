package model

import (
	"slices"
	"strconv"
	"time"
)

// PictureRef names one picture of a session: its type as the API names it, and
// which one it is where the API has several of a type (signatures), from 0.
type PictureRef struct {
	Type string `json:"type"`
	N    int    `json:"n,omitempty"`
}

// PictureTitle names a picture in words, as the list of images has them; where
// there are none, as the API does.
func PictureTitle(list []Image, ref PictureRef) string {
	i := slices.IndexFunc(list, func(im Image) bool { return im.Type == ref.Type && im.Meaning.Title != "" })
	switch {
	case i < 0:
		return ref.String()
	case list[i].Count > 1:
		return list[i].Meaning.Title + " " + strconv.Itoa(ref.N+1)
	}
	return list[i].Meaning.Title
}

// SecondID begins the type of a picture of the second document, where the first
// document has one of that type too: "secondId.croppedFrontID".
const SecondID = "secondId."

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

// Pictures names the pictures of the session, in the order of its list.
func (s *Session) Pictures() []PictureRef {
	var refs []PictureRef
	for _, image := range s.Images {
		for n := range image.Count {
			refs = append(refs, PictureRef{Type: image.Type, N: n})
		}
	}
	return refs
}

// SecondIDPictures names the pictures of the second document, if there is one.
// The API does not list them: each may turn out not to be there.
func (s *Session) SecondIDPictures() []PictureRef {
	second := len(s.OCR2) > 0 || slices.ContainsFunc(s.Images, func(i Image) bool { return i.Type+"." == SecondID })
	if !second {
		return nil
	}
	return []PictureRef{{Type: SecondID + "croppedFrontID"}, {Type: SecondID + "croppedBackID"}}
}

// UnlistedPictures names what the API has in some sessions and never lists:
// pictures of the second document, and of types that only come one by one. Each
// may turn out not to be there.
func (s *Session) UnlistedPictures() []PictureRef {
	refs := s.SecondIDPictures()
	for _, kind := range []string{"medicalDoc", "videoSelfieCompareID", "videoSelfieCompareOcr", "otherDocument1", "otherDocument2"} {
		refs = append(refs, PictureRef{Type: kind})
	}
	return refs
}

// SavedPicture is what became of a picture that was to be saved in a folder.
type SavedPicture struct {
	Ref     PictureRef
	Path    string // empty beside a problem
	Bytes   int
	SHA256  string
	Media   Media
	Problem *Problem
}
