package gallery_test

import (
	"fmt"
	"testing"

	"docket/internal/vtdriver"
)

var sizes = [][2]int{{80, 24}, {120, 40}, {200, 60}}

var looks = []struct {
	name string
	opt  vtdriver.Option
}{
	{"dark", vtdriver.Dark()},
	{"light", vtdriver.Light()},
	{"16", vtdriver.Profile(vtdriver.ANSI16)},
	{"none", vtdriver.Profile(vtdriver.NoColor)},
}

// Both pages in every size and look, with pictures in half blocks: in images the
// second of them, in compare the earlier session at the right.
func TestGolden(t *testing.T) {
	pages := map[string]func(*vtdriver.Driver){
		"images": func(d *vtdriver.Driver) { d.Press("i").See("1 of 6").Press(">").See("2 of 6") },
		"compare": func(d *vtdriver.Driver) {
			d.Press("v").See("B  Face, selfie · ").Press("o").SeeMatch(`earlier .*b7e0  Face, selfie`)
		},
	}
	for name, act := range pages {
		for _, size := range sizes {
			for _, look := range looks {
				t.Run(fmt.Sprintf("%s-%dx%d-%s", name, size[0], size[1], look.name), func(t *testing.T) {
					d := start(t, newAlbum(), nil, vtdriver.Size(size[0], size[1]), look.opt)
					act(d.Press("enter").See("Before approve"))
					vtdriver.GoldenStyled(t, d)
				})
			}
		}
	}
}
