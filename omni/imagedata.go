package omni

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
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
// others only is not an answer to this question. The body can be large, so it is
// not turned into a tree, which takes several times as much memory.
func decodeImageData(body []byte, kind string) (ImageData, error) {
	v := ImageData{Type: kind}
	if bytes.Count(body, []byte{','}) > maxNodes {
		return v, transport.WrongShape("the answer is %s", errTooMuch.Error())
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil || members == nil {
		return v, transport.WrongShape("expected an object with images")
	}
	value, ok := members[kind]
	if !ok {
		value, ok = members[kind+plural]
	}
	if !ok {
		if len(members) > 0 {
			return v, transport.WrongShape("the answer has none of the images asked for")
		}
		return v, nil
	}
	items := []json.RawMessage{value}
	if value[0] == '[' {
		if err := json.Unmarshal(value, &items); err != nil {
			return v, transport.WrongShape("expected a list of images")
		}
	}
	for _, item := range items {
		data, err := imageOf(item)
		if err != nil {
			return v, err
		}
		if len(data) > 0 {
			v.Bodies = append(v.Bodies, data)
		}
	}
	return v, nil
}

// imageOf reads one image; null and an empty text are none.
func imageOf(item json.RawMessage) ([]byte, error) {
	var text *string
	if err := json.Unmarshal(item, &text); err != nil {
		return nil, transport.WrongShape("expected an image as base64")
	}
	if text == nil {
		return nil, nil
	}
	return decodeBase64(*text)
}

// decodeBase64 reads base64 in any of its spellings: with or without padding and
// line breaks, in the alphabet for URLs too, also behind the mark of a data URL.
// It makes no copy of the text, which can be large.
func decodeBase64(text string) ([]byte, error) {
	if rest, ok := strings.CutPrefix(text, "data:"); ok {
		if _, data, ok := strings.Cut(rest, ";base64,"); ok {
			text = data
		}
	}
	encoding := base64.RawStdEncoding
	if strings.ContainsAny(text, "-_") {
		encoding = base64.RawURLEncoding
	}
	data, err := encoding.DecodeString(strings.TrimRight(strings.TrimSpace(text), "=\r\n"))
	if err != nil {
		return nil, transport.WrongShape("an image is not base64")
	}
	return data, nil
}
