package ui_test

import (
	"fmt"
	"testing"

	"docket/internal/vtdriver"
	"docket/ui"
	"docket/ui/uitest"
)

// sizes and looks are the matrix of golden screens.
var sizes = [][2]int{{80, 24}, {120, 40}, {200, 60}}

var looks = []struct {
	name string
	opts []vtdriver.Option
}{
	{"dark", []vtdriver.Option{vtdriver.Dark()}},
	{"light", []vtdriver.Option{vtdriver.Light()}},
	{"16", []vtdriver.Option{vtdriver.Profile(vtdriver.ANSI16)}},
	{"none", []vtdriver.Option{vtdriver.Profile(vtdriver.NoColor)}},
}

// The inbox in every size and look: with a mark, a failed look-up, every
// verdict, names in many scripts.
func TestGoldenInbox(t *testing.T) {
	for _, size := range sizes {
		for _, look := range looks {
			t.Run(fmt.Sprintf("%dx%d-%s", size[0], size[1], look.name), func(t *testing.T) {
				opts := append([]vtdriver.Option{vtdriver.Size(size[0], size[1])}, look.opts...)
				d := console(t, uitest.New(nil), nil, opts...)
				d.See("1 of 5").Press("9").See("1 of 13").Press("j", "space", "j").See("4 of 13", "1 marked").Settled()
				vtdriver.GoldenStyled(t, d)
			})
		}
	}
}

// The other screens in every size, as text.
func TestGoldenScreens(t *testing.T) {
	screens := []struct {
		name string
		act  func(*vtdriver.Driver)
	}{
		{"review", func(d *vtdriver.Driver) { d.See("1 of 5") }},
		{"help", func(d *vtdriver.Driver) { d.See("1 of 5").Press("?").See("Keys of this page") }},
		{"palette", func(d *vtdriver.Driver) { d.See("1 of 5").Press(":").Type("se").See("> se") }},
		{"filter", func(d *vtdriver.Driver) { d.See("1 of 5").Press("f").See("View and filters") }},
		{"sort", func(d *vtdriver.Driver) { d.See("1 of 5").Press("s").See("Order of the list") }},
		{"add", func(d *vtdriver.Driver) { d.See("1 of 5").Press("ctrl+n").See("Add sessions") }},
		{"activity", func(d *vtdriver.Driver) { d.See("1 of 5").Press("L").See("60 requests") }},
		{"search", func(d *vtdriver.Driver) { d.See("1 of 5").Press("/").Type("lu").See("1 found") }},
		{"empty", func(d *vtdriver.Driver) { d.See("1 of 5").Press("2").See("You have claimed") }},
		{"lock", func(d *vtdriver.Driver) { d.See("1 of 5").Press("Z").See("locked") }},
		{"masked", func(d *vtdriver.Driver) { d.See("1 of 5").Press("*").See("MASKED") }},
	}
	for _, size := range sizes {
		for _, s := range screens {
			t.Run(fmt.Sprintf("%s-%dx%d", s.name, size[0], size[1]), func(t *testing.T) {
				d := console(t, uitest.New(nil), nil, vtdriver.Size(size[0], size[1]))
				s.act(d)
				vtdriver.Golden(t, d)
			})
		}
	}
}

func TestGoldenThemes(t *testing.T) {
	for _, theme := range []string{"colourblind", "contrast"} {
		for _, look := range looks[:2] {
			t.Run(theme+"-"+look.name, func(t *testing.T) {
				d := console(t, uitest.New(nil), func(o *ui.Options) { o.Theme = theme }, append([]vtdriver.Option{vtdriver.Size(80, 24)}, look.opts...)...)
				d.See("1 of 5").Press("9").See("1 of 13").Settled()
				vtdriver.GoldenStyled(t, d)
			})
		}
	}
}
