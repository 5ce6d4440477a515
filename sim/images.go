package sim

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// imagePath is where the temporary links of Fetch images v2 point to.
const imagePath = "/_sim/images/"

// linkLife is how long such a link is valid.
const linkLife = time.Hour

// has says whether a session has a picture of a type: those of the document,
// the selfie, and for a video interview its frames.
func (s *session) has(kind string) bool {
	p := s.p
	switch kind {
	case "selfie", "croppedFace":
		return s.stage >= stageFace
	case "croppedFrontID", "fullFrameFrontID", "croppedIDFace":
		return s.stage >= stageID
	case "croppedBackID", "fullFrameBackID":
		return s.stage >= stageID && p.doc.twoSided()
	case "secondId":
		return s.stage >= stageSecondID && p.second != nil
	case "videoSelfie", "confSelfie", "confFrontID":
		return s.stage >= stageFinished && p.video != nil
	case "signature":
		return s.stage >= stageFinished && p.index%5 == 0
	default:
		return false
	}
}

// imageLinks answers with a temporary link for each picture that there is; for
// signatures with a list (Incode Omni API, Fetch images v2).
func (s *Server) imageLinks(c *call) (any, *apiError) {
	o := object{}
	for _, kind := range texts(c.body["images"]) {
		if !c.session.has(kind) {
			continue
		}
		link := s.imageLink(c.request, c.session.p.id, kind)
		if kind == "signature" {
			o.set(kind, []string{link})
			continue
		}
		o.set(kind, link)
	}
	return o, nil
}

func (s *Server) imageLink(r *http.Request, id, kind string) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	until := strconv.FormatInt(s.now().Add(linkLife).Unix(), 10)
	query := url.Values{"expires": {until}, "signature": {linkSignature(id, kind, until)}}
	return scheme + "://" + r.Host + imagePath + id + "/" + kind + "?" + query.Encode()
}

func linkSignature(id, kind, until string) string {
	return hashText("simulated link " + id + kind + until)[:32]
}

// image serves a linked picture. The link is all the permission there is.
func (s *Server) image(r *http.Request) answer {
	id, kind, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, imagePath), "/")
	until := r.URL.Query().Get("expires")
	unix, err := strconv.ParseInt(until, 10, 64)
	refused := answer{status: http.StatusForbidden, kind: "application/xml", body: []byte("<Error><Code>AccessDenied</Code></Error>")}
	if err != nil || r.URL.Query().Get("signature") != linkSignature(id, kind, until) || !s.now().Before(time.Unix(unix, 0)) {
		return refused
	}
	if r.Method != http.MethodGet {
		return answer{status: http.StatusMethodNotAllowed, kind: "application/xml", body: []byte("<Error><Code>MethodNotAllowed</Code></Error>")}
	}
	s.mu.Lock()
	found := s.find(id)
	there := found != nil && found.has(kind) && !found.deleted("images")
	s.mu.Unlock()
	if !there {
		return answer{status: http.StatusNotFound, kind: "application/xml", body: []byte("<Error><Code>NoSuchKey</Code></Error>")}
	}
	body, media := picture(found.p, kind)
	return answer{status: http.StatusOK, kind: media, body: body}
}
