package omni

import (
	"context"
	"slices"
	"strings"

	"docket/omni/transport"
)

// Image types that the reference names for images/v2; a few more are named for
// the older endpoints and offered by the API as well.
const (
	ImageSelfie           = "selfie"
	ImageVideoSelfie      = "videoSelfie"
	ImageCroppedFace      = "croppedFace"
	ImageCroppedIDFace    = "croppedIDFace"
	ImageDocument         = "document"
	ImageSignature        = "signature"
	ImageFullFrameFrontID = "fullFrameFrontID"
	ImageFullFrameBackID  = "fullFrameBackID"
	ImageCroppedFrontID   = "croppedFrontID"
	ImageCroppedBackID    = "croppedBackID"
	ImageConfSelfie       = "confSelfie"
	ImageConfFrontID      = "confFrontID"
	ImageConfBackID       = "confBackID"
	ImageConfPoA          = "confPoa"
	ImageAddressStatement = "addressStatement"
	ImageMedicalTest      = "medicalTest"
	ImageSecondID         = "secondId"
	ImageThirdID          = "thirdId"
	ImageContract         = "contract"
	ImageSignedContract   = "signedContract"
)

var imageTypes = []string{
	ImageSelfie, ImageVideoSelfie, ImageCroppedFace, ImageCroppedIDFace, ImageDocument, ImageSignature,
	ImageFullFrameFrontID, ImageFullFrameBackID, ImageCroppedFrontID, ImageCroppedBackID,
	ImageConfSelfie, ImageConfFrontID, ImageConfBackID, ImageConfPoA, ImageAddressStatement,
	ImageMedicalTest, ImageSecondID, ImageThirdID, ImageContract, ImageSignedContract,
}

// ImageTypes lists the image types of the reference for images/v2, in its order.
func ImageTypes() []string { return slices.Clone(imageTypes) }

// ImageLinks are the links to a session's images of one type; signature and
// contract may have several.
type ImageLinks struct {
	Type string
	// URLs are valid for one hour and need no credentials: never send any to
	// them, and keep them out of logs.
	URLs []string
}

// Images is the answer of images/v2: only types that the session has.
type Images struct {
	Links []ImageLinks
	Tree  Node
}

// Images asks for temporary links to a session's images (Incode Omni API,
// Fetch images, POST /omni/get/images/v2). It reads, though it is a POST.
func (c *Client) Images(ctx context.Context, id string, types ...string) (Answer[Images], error) {
	body := struct {
		Images []string `json:"images"`
	}{types}
	a := args{query: map[string]string{"id": id}, body: body}
	return call(ctx, c, EndpointImages, a, func(body []byte) (Images, error) { return decodeImages(body, types) })
}

// decodeImages takes the members that were asked for or are known types, and
// others that hold links: the API may have learned a type. An object that has
// none of them is not an answer to this question.
func decodeImages(body []byte, asked []string) (Images, error) {
	n, err := ParseNode(body)
	if err != nil {
		return Images{}, transport.WrongShape("the answer is %s", err.Error())
	}
	if n.Kind != Object {
		return Images{}, transport.WrongShape("expected an object, got %s", n.Kind)
	}
	v := Images{Tree: n}
	known := 0
	for _, m := range n.Members {
		if !slices.Contains(asked, m.Key) && !slices.Contains(imageTypes, m.Key) && !holdsLinks(m.Value) {
			continue
		}
		known++
		urls, err := texts(m.Value, "a link for an image")
		if err != nil {
			return Images{}, err
		}
		if len(urls) > 0 {
			v.Links = append(v.Links, ImageLinks{Type: m.Key, URLs: urls})
		}
	}
	if known == 0 && len(n.Members) > 0 {
		return Images{}, transport.WrongShape("the answer has none of the images asked for")
	}
	return v, nil
}

// holdsLinks tells whether a member of an unknown name holds what an image's does.
func holdsLinks(n Node) bool {
	items := listed(n)
	return len(items) > 0 && !slices.ContainsFunc(items, func(item Node) bool {
		return item.Kind != String || !strings.Contains(item.Text, "://")
	})
}

// listed gives the items of an array, and any other value as the only item.
func listed(n Node) []Node {
	if n.Kind == Array {
		return n.Items
	}
	return []Node{n}
}

// texts gives a string, or the strings of an array, without empty ones.
func texts(n Node, what string) ([]string, error) {
	var out []string
	for _, item := range listed(n) {
		switch {
		case item.empty():
		case item.Kind == String:
			out = append(out, item.Text)
		default:
			return nil, transport.WrongShape("expected %s, got %s", what, item.Kind)
		}
	}
	return out, nil
}
