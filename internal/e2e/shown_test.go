package e2e

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"fmt"
	"image"
	_ "image/jpeg" // what the simulator sends
	"image/png"
	"maps"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"docket/internal/vtdriver"
)

// The cell of the terminals of these tests, in pixels.
const cellWidth, cellHeight = 10, 20

// What terminals answer to the question for pictures; the device attributes come
// last.
const (
	kittyAnswers = "\x1b_Gi=31;OK\x1b\\\x1bP>|kitty(0.35.1)\x1b\\\x1b[6;20;10t\x1b[?62;22c"
	itermAnswers = "\x1bP>|iTerm2 3.5.0\x1b\\\x1b[6;20;10t\x1b[?62;22c"
	sixelAnswers = "\x1bP>|XTerm(390)\x1b\\\x1b[6;20;10t\x1b[?63;1;2;4;6;22c"
)

// album is what the simulator sent of pictures, by type.
type album struct {
	mu    sync.Mutex
	sent  map[string][]byte
	times int
}

// around keeps what goes through links.
func (a *album) around(next http.Handler) http.Handler {
	a.sent = map[string][]byte{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.URL.Path, "/_sim/images/") {
			next.ServeHTTP(w, r)
			return
		}
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		a.mu.Lock()
		a.sent[path.Base(r.URL.Path)] = answer.Body.Bytes()
		a.times++
		a.mu.Unlock()
		maps.Copy(w.Header(), answer.Header())
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes()) // the client will notice
	})
}

func (a *album) picture(t testing.TB, kind string) image.Image {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	m, _, err := image.Decode(bytes.NewReader(a.sent[kind]))
	require.NoError(t, err, kind)
	return m
}

// viewer is the built binary with a session of several pictures in its inbox, on
// a terminal that shows them.
type viewer struct {
	*vtdriver.Driver
	t     *testing.T
	rig   *rig
	album *album
}

// views starts the console as such a terminal would. Set changes what it starts
// with; it may be nil.
func views(t *testing.T, answers string, set func(*rig), args ...string) *viewer {
	t.Helper()
	v := &viewer{t: t, album: &album{}}
	v.rig = newRig(t, 60, v.album.around).pictured()
	v.rig.must("add", v.rig.waiting(1)[0])
	if set != nil {
		set(v.rig)
	}
	v.Driver = v.rig.binary(args)
	v.See("[1 Needs review 1]").Send(answers)
	return v
}

// opens opens the only session of the inbox.
func (v *viewer) opens() *viewer {
	v.t.Helper()
	v.See("[1 Needs review 1]").Press("enter").See(paneTitles[1:]...)
	return v
}

// images goes to the page of pictures, where the first is the face of the
// document.
func (v *viewer) images() *viewer {
	v.t.Helper()
	v.Press("i").See("> Images").SeeMatch(`━ Face, ID · .*\d+×\d+.* ━`)
	return v
}

// graphic is one of Kitty's commands, its chunks put together.
type graphic struct {
	keys    map[string]string
	payload []byte
}

func (g graphic) number(key string) int {
	n, _ := strconv.Atoi(g.keys[key]) // a key that is not there counts as 0
	return n
}

var graphicSyntax = regexp.MustCompile(`\x1b_G([^;\x1b]*)(?:;([^\x1b]*))?\x1b\\`)

// graphics are the commands in the output since it was last forgotten; what the
// console asks at its start is left out.
func (v *viewer) graphics() []graphic {
	v.t.Helper()
	var all []graphic
	var text string
	more := false
	for _, found := range graphicSyntax.FindAllSubmatch(v.Output(), -1) {
		keys := map[string]string{}
		for _, pair := range strings.Split(string(found[1]), ",") {
			name, value, _ := strings.Cut(pair, "=")
			keys[name] = value
		}
		if !more {
			all, text = append(all, graphic{keys: keys}), ""
		}
		text += string(found[2])
		if more = keys["m"] == "1"; more {
			continue
		}
		payload, err := base64.StdEncoding.DecodeString(text)
		require.NoError(v.t, err)
		all[len(all)-1].payload = payload
	}
	return slices.DeleteFunc(all, func(g graphic) bool { return g.keys["a"] == "q" })
}

// did are those of the commands that do one thing: T sends, p places, d frees.
func (v *viewer) did(what string) []graphic {
	return slices.DeleteFunc(v.graphics(), func(g graphic) bool { return g.keys["a"] != what })
}

var styleSyntax = regexp.MustCompile(`\x1b\[([0-9;:]*)m`)

// inCells is where the cells of the screen are whose style begins so, and how
// many.
func (v *viewer) inCells(style string) (box image.Rectangle, cells int) {
	for y, line := range strings.Split(v.Styled(), "\n") {
		x, on := 0, false
		styles := styleSyntax.FindAllStringSubmatch(line, -1)
		for i, text := range styleSyntax.Split(line, -1) {
			if i > 0 {
				on = strings.HasPrefix(styles[i-1][1]+";", style+";")
			}
			w := ansi.StringWidth(text)
			if on && w > 0 {
				box = box.Union(image.Rect(x, y, x+w, y+1))
				cells += w
			}
			x += w
		}
	}
	return box, cells
}

// colourOf is how Kitty's pictures are named in the cells where they stand.
func colourOf(id int) string {
	return fmt.Sprintf("38;2;%d;%d;%d", id>>16&0xFF, id>>8&0xFF, id&0xFF)
}

// fits holds a box of cells against the proportions of a picture: true to it
// within one cell.
func (v *viewer) fits(box image.Rectangle, of image.Image) {
	v.t.Helper()
	w, h := float64(box.Dx()*cellWidth), float64(box.Dy()*cellHeight)
	ratio := float64(of.Bounds().Dx()) / float64(of.Bounds().Dy())
	// One cell more or less on one of the sides.
	require.LessOrEqual(v.t, min(abs(w-h*ratio)/cellWidth, abs(h-w/ratio)/cellHeight), 1.0, "%v for %v", box, of.Bounds())
}

func abs(f float64) float64 { return max(f, -f) }

// same holds a picture that reached the terminal against one that the simulator
// sent, coarsely: a hundred places of both have nearly the same colour.
func (v *viewer) same(kind string, shown image.Image) {
	v.t.Helper()
	require.Less(v.t, distance(v.album.picture(v.t, kind), shown), 12.0, kind)
}

// distance is how much two pictures differ at a hundred places, of 255.
func distance(a, b image.Image) float64 {
	const places = 10
	sum := 0.0
	for y := range places {
		for x := range places {
			p, q := meanAt(a, x, y, places), meanAt(b, x, y, places)
			for c := range p {
				sum += abs(p[c] - q[c])
			}
		}
	}
	return sum / (3 * places * places)
}

// meanAt is the mean colour of one field of a board over the picture.
func meanAt(m image.Image, x, y, fields int) (mean [3]float64) {
	b := m.Bounds()
	const samples = 6
	for j := range samples {
		for i := range samples {
			at := b.Min.Add(image.Pt((x*samples+i)*b.Dx()/(fields*samples), (y*samples+j)*b.Dy()/(fields*samples)))
			red, green, blue, _ := m.At(at.X, at.Y).RGBA()
			for c, value := range []uint32{red, green, blue} {
				mean[c] += float64(value>>8) / (samples * samples)
			}
		}
	}
	return mean
}

// pngIn decodes what was sent to Kitty.
func (v *viewer) pngIn(g graphic) image.Image {
	v.t.Helper()
	m, err := png.Decode(bytes.NewReader(g.payload))
	require.NoError(v.t, err)
	return m
}

// byColumn sorts what was sent by where it stands on the screen, from the left.
func (v *viewer) byColumn(sent []graphic) []graphic {
	return slices.SortedFunc(slices.Values(sent), func(a, b graphic) int {
		p, _ := v.inCells(colourOf(a.number("i")))
		q, _ := v.inCells(colourOf(b.number("i")))
		return cmp.Compare(p.Min.X, q.Min.X)
	})
}
