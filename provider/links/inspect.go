package links

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"

	"docket/model"
)

// magics are the first bytes of each kind; a dot stands for any byte.
var magics = []struct {
	media  model.Media
	prefix string
}{
	{model.MediaJPEG, "\xff\xd8\xff"},
	{model.MediaPNG, "\x89PNG\r\n\x1a\n"},
	{model.MediaGIF, "GIF87a"},
	{model.MediaGIF, "GIF89a"},
	{model.MediaWebP, "RIFF....WEBP"},
	{model.MediaPDF, "%PDF-"},
}

// longestMagic is how many bytes tell every kind.
const longestMagic = len("RIFF....WEBP")

// Sniff tells by its first bytes what a body is; "" when it is nothing that is
// taken. A PDF is one from its first byte on: what has something before it is
// more than one thing at once.
func Sniff(body []byte) model.Media {
	for _, m := range magics {
		if begins(body, m.prefix) {
			return m.media
		}
	}
	return ""
}

func begins(body []byte, prefix string) bool {
	if len(body) < len(prefix) {
		return false
	}
	for i := range len(prefix) {
		if prefix[i] != '.' && prefix[i] != body[i] {
			return false
		}
	}
	return true
}

// headers read the size of each kind that can be shown.
var headers = map[model.Media]func(io.Reader) (image.Config, error){
	model.MediaJPEG: jpeg.DecodeConfig, model.MediaPNG: png.DecodeConfig, model.MediaGIF: gif.DecodeConfig, model.MediaWebP: webp.DecodeConfig,
}

// Inspect tells what a body is, without decoding it: kind, size in pixels, hash.
// The failure says why it is not taken. Ref, From and At are the caller's.
func Inspect(body []byte) (model.Picture, *Failure) {
	switch {
	case len(body) == 0:
		return model.Picture{}, because(Empty)
	case len(body) > model.MaxPicture:
		return model.Picture{}, because(TooLarge)
	}
	p := model.Picture{Body: body, Media: Sniff(body)}
	if p.Media == "" {
		return model.Picture{}, because(NotPicture)
	}
	if header := headers[p.Media]; header != nil {
		c, err := header(bytes.NewReader(body))
		switch {
		case err != nil || c.Width <= 0 || c.Height <= 0:
			return model.Picture{}, because(Broken)
		case !affordable(p.Media, body, c):
			return model.Picture{}, because(TooManyPixels)
		}
		p.Width, p.Height = c.Width, c.Height
	}
	sum := sha256.Sum256(body)
	p.SHA256 = hex.EncodeToString(sum[:])
	return p, nil
}
