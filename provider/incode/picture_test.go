package incode

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/omni"
)

const linksLine, dataLine, secondLine = "POST /omni/get/images/v2", "POST /omni/get/images", "POST /omni/get/images-second-id"

func drawn(t testing.TB, width int) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, width, 5))))
	return b.Bytes()
}

// pictureAPI gives links into a store of pictures that knows which are still
// valid: each answer makes those before it end.
type pictureAPI struct {
	*api
	store *httptest.Server
	round atomic.Int64

	mu    sync.Mutex
	heads []http.Header // what came with each request at the store
	dead  bool          // no link is ever valid
	lasts bool          // links stay valid beside later ones
}

func newPictureAPI(t testing.TB, types map[string]int) *pictureAPI {
	t.Helper()
	p := &pictureAPI{api: newAPI(t)}
	p.store = httptest.NewServer(p.serve(t))
	t.Cleanup(p.store.Close)
	t.Cleanup(p.p.fetcher.CloseIdle)
	p.on(linksLine, func(w http.ResponseWriter, _ *http.Request) {
		round, answer := p.round.Add(1), map[string]any{}
		for kind, n := range types {
			link := func(i int) string { return fmt.Sprintf("%s/%d/%d?signature=fake", p.store.URL, round, i+1) }
			if n == 1 {
				answer[kind] = link(0)
				continue
			}
			list := []string{}
			for i := range n {
				list = append(list, link(i))
			}
			answer[kind] = list
		}
		_ = json.NewEncoder(w).Encode(answer) // the client will notice
	})
	return p
}

func (p *pictureAPI) serve(t testing.TB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.heads = append(p.heads, r.Header)
		dead, lasts := p.dead, p.lasts
		p.mu.Unlock()
		var round int64
		var width int
		_, err := fmt.Sscanf(r.URL.Path, "/%d/%d", &round, &width)
		if err != nil || dead || round != p.round.Load() && !lasts {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		_, _ = w.Write(drawn(t, width)) // the client will notice
	}
}

func (p *pictureAPI) calls(line string) int {
	n := 0
	for _, r := range p.requests() {
		if r.Line == line {
			n++
		}
	}
	return n
}

func (p *pictureAPI) says(line string, kind string, bodies ...[]byte) {
	p.on(line, func(w http.ResponseWriter, r *http.Request) {
		answer := map[string]any{}
		list := []string{}
		for _, b := range bodies {
			list = append(list, base64.StdEncoding.EncodeToString(b))
		}
		if len(list) == 1 {
			answer[kind] = list[0]
		} else {
			answer[kind] = list
		}
		_ = json.NewEncoder(w).Encode(answer) // the client will notice
	})
}

func ref(kind string, n ...int) model.PictureRef {
	r := model.PictureRef{Type: kind}
	if len(n) > 0 {
		r.N = n[0]
	}
	return r
}

func TestPicturesComeThroughLinks(t *testing.T) {
	a := newPictureAPI(t, map[string]int{"selfie": 1, "signature": 3})
	p, problem := a.p.Picture(t.Context(), testID, ref("selfie"))
	require.Nil(t, problem)
	require.Equal(t, drawn(t, 1), p.Body)
	require.Equal(t, ref("selfie"), p.Ref)
	require.Equal(t, omni.EndpointImages, p.From)
	require.Equal(t, testNow, p.At)
	require.Equal(t, []int{1, 5}, []int{p.Width, p.Height})
	for n := range 3 {
		p, problem = a.p.Picture(t.Context(), testID, ref("signature", n))
		require.Nil(t, problem)
		require.Equal(t, n+1, p.Width, "each of a list is another picture")
	}
	_, problem = a.p.Picture(t.Context(), testID, ref("signature", 3))
	require.Equal(t, model.KindNotFound, problem.Kind)
	require.Contains(t, problem.Subject, "signature 4 of session")
	require.Equal(t, 1, a.calls(linksLine), "one answer serves all")
	require.Zero(t, a.calls(dataLine))
	for _, h := range a.heads {
		require.Empty(t, h.Get("X-Api-Key")+h.Get("X-Incode-Hardware-Id")+h.Get("Authorization")+h.Get("Cookie")+h.Get("Referer"))
	}
}

func TestTheListOfPicturesGivesTheirLinks(t *testing.T) {
	a := newPictureAPI(t, map[string]int{"selfie": 1})
	so := newSession()
	apply, problem := a.p.Fetch(t.Context(), testID, model.PartImages, so)
	require.Nil(t, problem)
	apply(so)
	require.Equal(t, []model.PictureRef{ref("selfie")}, so.Pictures())
	require.NotContains(t, fmt.Sprintf("%+v", so), a.store.URL, "no link is kept where it can be seen")
	_, problem = a.p.Picture(t.Context(), testID, ref("selfie"))
	require.Nil(t, problem)
	require.Equal(t, 1, a.calls(linksLine))
}

func TestALinkThatEndedIsAskedForOnceMore(t *testing.T) {
	a := newPictureAPI(t, map[string]int{"selfie": 1, "croppedFace": 1})
	_, problem := a.p.Picture(t.Context(), testID, ref("selfie"))
	require.Nil(t, problem)
	a.round.Add(1) // as if an hour had passed
	_, problem = a.p.Picture(t.Context(), testID, ref("selfie"))
	require.Nil(t, problem)
	_, problem = a.p.Picture(t.Context(), testID, ref("croppedFace"))
	require.Nil(t, problem)
	require.Equal(t, 2, a.calls(linksLine), "what was asked for anew serves the others too")

	a.mu.Lock()
	a.dead = true
	a.mu.Unlock()
	_, problem = a.p.Picture(t.Context(), testID, ref("selfie"))
	require.Equal(t, 3, a.calls(linksLine), "once")
	require.Equal(t, model.KindRefused, problem.Kind)
	require.Equal(t, http.StatusForbidden, problem.HTTP)
	require.NotEmpty(t, problem.Do)
	require.NotContains(t, problem.Error(), "signature=fake")
	require.NotContains(t, problem.Error(), a.store.URL)
}

func TestLinksOfADeletedSessionAreForgotten(t *testing.T) {
	a := newPictureAPI(t, map[string]int{"selfie": 1})
	_, problem := a.p.Picture(t.Context(), testID, ref("selfie"))
	require.Nil(t, problem)
	a.on("DELETE /omni/interview", says(http.StatusOK, `{"success":true}`))
	require.Equal(t, model.ResultDone, a.p.Act(t.Context(), model.Action{Kind: model.ActDelete, IDs: []string{testID}}).Result)
	require.Empty(t, a.p.book.sets)
}

func TestLinksAreNotUsedForAnHour(t *testing.T) {
	a := newPictureAPI(t, map[string]int{"selfie": 1})
	now := testNow
	a.p.now = func() time.Time { return now }
	for _, later := range []time.Duration{0, 49 * time.Minute, 2 * time.Minute} {
		now = now.Add(later)
		_, problem := a.p.Picture(t.Context(), testID, ref("selfie"))
		require.Nil(t, problem)
	}
	require.Equal(t, 2, a.calls(linksLine))
}

func TestBase64OnlyWhereThereIsNoLink(t *testing.T) {
	a := newPictureAPI(t, map[string]int{"selfie": 1})
	a.says(dataLine, "contract", drawn(t, 7), drawn(t, 8))
	p, problem := a.p.Picture(t.Context(), testID, ref("contract", 1))
	require.Nil(t, problem)
	require.Equal(t, 8, p.Width)
	require.Equal(t, omni.EndpointImageData, p.From)
	require.NotEmpty(t, p.SHA256)
	for _, r := range a.requests() {
		if r.Line == dataLine {
			require.JSONEq(t, `{"images":["contract"]}`, r.Body, "one type at a time")
		}
	}
	a.on(dataLine, says(http.StatusOK, `{}`))
	_, problem = a.p.Picture(t.Context(), testID, ref("contract", 2))
	require.Equal(t, model.KindNotFound, problem.Kind)
	a.says(dataLine, "otherDocument1", []byte("<html>"))
	_, problem = a.p.Picture(t.Context(), testID, ref("otherDocument1"))
	require.Equal(t, model.KindShape, problem.Kind)
	require.Equal(t, model.PartImages, problem.Part)
	a.on(dataLine, says(http.StatusInternalServerError, `{}`))
	_, problem = a.p.Picture(t.Context(), testID, ref("otherDocument1"))
	require.Equal(t, model.KindServer, problem.Kind)
	require.Contains(t, problem.Subject, "otherDocument1 of session")

	a.on(linksLine, says(http.StatusForbidden, codeBody(403, `"Forbidden"`)))
	before := a.calls(dataLine)
	_, problem = a.p.Picture(t.Context(), "another", ref("selfie"))
	require.Equal(t, model.KindForbidden, problem.Kind)
	require.Equal(t, before, a.calls(dataLine), "an answer that failed is not one without the type")
}

func TestPicturesOfTheSecondDocument(t *testing.T) {
	a := newPictureAPI(t, map[string]int{"selfie": 1})
	a.says(secondLine, "croppedFrontID", drawn(t, 9))
	p, problem := a.p.Picture(t.Context(), testID, ref(model.SecondID+"croppedFrontID"))
	require.Nil(t, problem)
	require.Equal(t, 9, p.Width)
	require.Equal(t, omni.EndpointImagesSecondID, p.From)
	require.Zero(t, a.calls(linksLine), "the API has no links for those")
	a.says(secondLine, "secondId", drawn(t, 3))
	p, problem = a.p.Picture(t.Context(), testID, ref("secondId"))
	require.Nil(t, problem)
	require.Equal(t, 3, p.Width)
	require.Zero(t, a.calls(dataLine))
}

// A type may be called anything. It stays what it is for the API, and does no
// harm in a message.
func TestUnknownTypesAreFetchedToo(t *testing.T) {
	const hostile = "../../../evil\x1b[2J"
	a := newPictureAPI(t, map[string]int{"selfie": 1, hostile: 1})
	so := newSession()
	apply, problem := a.p.Fetch(t.Context(), testID, model.PartImages, so)
	require.Nil(t, problem)
	apply(so)
	require.Len(t, so.Images, 2)
	for _, r := range so.Pictures() {
		require.NotContains(t, r.Type, "\x1b")
		_, problem = a.p.Picture(t.Context(), testID, r)
		require.Nil(t, problem)
	}
	a.on(dataLine, says(http.StatusNotFound, `{}`))
	_, problem = a.p.Picture(t.Context(), testID, ref("\x1b[2J"+string(bytes.Repeat([]byte("x"), 500))))
	require.NotContains(t, problem.Subject, "\x1b")
	require.Less(t, len(problem.Subject), 100)
	for _, nothing := range []model.PictureRef{{}, ref("selfie", -1)} {
		_, problem = a.p.Picture(t.Context(), testID, nothing)
		require.Equal(t, model.KindUsage, problem.Kind)
	}
}

func TestLinksOfManySessionsHaveABound(t *testing.T) {
	book := newLinkBook()
	for i := range 3 * linksKept {
		book.put(fmt.Sprint(i), testNow, omni.Images{})
		require.LessOrEqual(t, len(book.sets), linksKept)
	}
}

// Links are asked for by many at once when a session is opened.
func TestPicturesSideBySide(t *testing.T) {
	a := newPictureAPI(t, map[string]int{"signature": 12})
	a.lasts = true
	var wg sync.WaitGroup
	for n := range 12 {
		wg.Go(func() {
			p, problem := a.p.Picture(t.Context(), testID, ref("signature", n))
			if problem != nil || p.Width != n+1 {
				t.Errorf("%d: %d %v", n, p.Width, problem)
			}
		})
	}
	wg.Wait()
}
