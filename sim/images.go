package sim

import (
	"encoding/base64"
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

// has says whether a session has a picture of a type.
func (s *session) has(kind string) bool {
	shot, ok := shots[kind]
	return ok && shot.when(s)
}

// signatures is what the examples of the reference call the type signature.
const signatures = "signatures"

// namesOf are the pictures of a type: a session may have several signatures.
func namesOf(kind string) (names []string, several bool) {
	if kind == "signature" || kind == signatures {
		return []string{"signature", "signature2"}, true
	}
	return []string{kind}, false
}

// gathered builds the answer to a request for types: each one that there is,
// signatures as a list.
func gathered(types []string, there func(name string) bool, value func(name string) string) object {
	o := object{}
	for _, kind := range types {
		names, several := namesOf(kind)
		var list []string
		for _, name := range names {
			if there(name) {
				list = append(list, value(name))
			}
		}
		switch {
		case len(list) == 0:
		case several:
			o.set(kind, list)
		default:
			o.set(kind, list[0])
		}
	}
	return o
}

// imageLinks answers with a temporary link for each picture that there is; for
// signatures with a list (Incode Omni API, Fetch images v2).
func (s *Server) imageLinks(c *call) (any, *apiError) {
	link := func(name string) string { return s.imageLink(c.request, c.session.p.id, name) }
	return c.spoilLinks(gathered(texts(c.body["images"]), c.session.has, link), link), nil
}

// images answers with the pictures themselves (Incode Omni API, Fetch images).
func (s *Server) images(c *call) (any, *apiError) { return s.inline(c, shots, ""), nil }

// imagesSecond answers with those of the second document (Incode Omni API,
// Fetch images second id).
func (s *Server) imagesSecond(c *call) (any, *apiError) {
	return s.inline(c, shotsOfSecond, "second "), nil
}

// inline answers with pictures of a table; of tells those of one table from those
// of the other.
func (s *Server) inline(c *call, from map[string]shot, of string) object {
	there := func(name string) bool {
		shot, ok := from[name]
		return ok && shot.when(c.session)
	}
	return gathered(texts(c.body["images"]), there, func(name string) string {
		body, _ := s.picture(from[name], of+name, c.session.p)
		return base64.StdEncoding.EncodeToString(body)
	})
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
	if err != nil || r.URL.Query().Get("signature") != linkSignature(id, kind, until) || !s.now().Before(time.Unix(unix, 0)) {
		return linkRefused(s, Fault{})
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
	body, media := s.picture(shots[kind], kind, found.p) // the lock is not needed: what was true of a session stays
	return answer{status: http.StatusOK, kind: media, body: body}
}
