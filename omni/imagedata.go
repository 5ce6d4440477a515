package omni

import (
	"context"
	"encoding/base64"
	"strings"

	"docket/omni/transport"
)

// ImageData are a session's images of one type as bytes: none when the session
// has no such image, several for signature and contract.
type ImageData struct {
	Type   string
	Bodies [][]byte
}

// ImageData fetches a session's images of one type (Incode Omni API, Fetch
// images, POST /omni/get/images). It reads, though it is a POST. Answers can be
// large, so the reference advises to ask for one type at a time; a picture that
// is over the limit of an answer as base64 can only be had by its link.
func (c *Client) ImageData(ctx context.Context, id, kind string) (Answer[ImageData], error) {
	return c.imageData(ctx, EndpointImageData, id, kind)
}

// SecondIDImages fetches a session's images of one type of the second document
// (Incode Omni API, Fetch images second id).
func (c *Client) SecondIDImages(ctx context.Context, id, kind string) (Answer[ImageData], error) {
	return c.imageData(ctx, EndpointImagesSecondID, id, kind)
}

func (c *Client) imageData(ctx context.Context, endpoint, id, kind string) (Answer[ImageData], error) {
	if kind == "" {
		return Answer[ImageData]{}, &Error{Kind: KindInvalid, Endpoint: endpoint, Message: "the type of image is missing"}
	}
	body := struct {
		Images []string `json:"images"`
	}{[]string{kind}}
	a := args{query: map[string]string{"id": id}, body: body}
	return call(ctx, c, endpoint, a, func(body []byte) (ImageData, error) { return decodeImageData(body, kind) })
}

// plural is how the reference's example spells the type of several signatures.
const plural = "s"

// decodeImageData takes the one member that was asked for. An object that has
// others only is not an answer to this question.
func decodeImageData(body []byte, kind string) (ImageData, error) {
	n, err := ParseNode(body)
	if err != nil {
		return ImageData{}, transport.WrongShape("the answer is %s", err.Error())
	}
	if n.Kind != Object {
		return ImageData{}, transport.WrongShape("expected an object, got %s", n.Kind)
	}
	v := ImageData{Type: kind}
	value := n.member(kind)
	if value.Kind == Absent {
		value = n.member(kind + plural)
	}
	if value.Kind == Absent && len(n.Members) > 0 {
		return v, transport.WrongShape("the answer has none of the images asked for")
	}
	if value.Kind == Absent {
		return v, nil
	}
	encoded, err := texts(value, "an image as base64")
	if err != nil {
		return v, err
	}
	for _, text := range encoded {
		data, err := decodeBase64(text)
		if err != nil {
			return v, err
		}
		v.Bodies = append(v.Bodies, data)
	}
	return v, nil
}

// base64Spelling is what is changed before decoding: the alphabet for URLs to the
// usual one, and line breaks and padding left out, which some encoders add.
var base64Spelling = strings.NewReplacer("-", "+", "_", "/", "\r", "", "\n", "", " ", "", "=", "")

// decodeBase64 reads base64 in any of its spellings, also behind the mark of a
// data URL.
func decodeBase64(text string) ([]byte, error) {
	if rest, ok := strings.CutPrefix(text, "data:"); ok {
		if _, data, ok := strings.Cut(rest, ";base64,"); ok {
			text = data
		}
	}
	data, err := base64.RawStdEncoding.DecodeString(base64Spelling.Replace(text))
	if err != nil {
		return nil, transport.WrongShape("an image is not base64")
	}
	return data, nil
}
