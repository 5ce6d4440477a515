package sim

import (
	"image/color"
	"math"
	"math/rand/v2"
	"time"
)

// looks are what a drawn face is known by. They follow from a face's number and
// stay for life; hair greys and skin folds with age.
type looks struct {
	skin, hair, eyes color.RGBA
	style            hairStyle
	beard            beardStyle
	glasses          glassesStyle
	// Proportions, as factors around 1.
	width, jaw, chin, brow, nose, mouth, gap float64
	lashes                                   bool
	freckles                                 bool
	age                                      int
}

type hairStyle int

const (
	hairBald hairStyle = iota
	hairCrop
	hairParted
	hairQuiff
	hairCurls
	hairLong
	hairBob
	hairBun
	hairWaves
	hairScarf
)

type beardStyle int

const (
	beardNone beardStyle = iota
	beardStubble
	beardMoustache
	beardGoatee
	beardFull
)

type glassesStyle int

const (
	glassesNone glassesStyle = iota
	glassesRound
	glassesSquare
)

// tones are the skin and hair that people of a culture are drawn with.
type tones struct{ skin, hair []color.RGBA }

func colours(codes ...uint32) []color.RGBA {
	var out []color.RGBA
	for _, n := range codes {
		out = append(out, rgb(n))
	}
	return out
}

var (
	darkHair   = colours(0x14100d, 0x1c1310, 0x2a1a11, 0x362216)
	mixedHair  = colours(0x1d1512, 0x3b2415, 0x6b3f1d, 0x8c4a1f, 0xc9973f, 0xe0bd6a, 0xa63c14)
	fairSkin   = colours(0xf7d9c4, 0xf1c9a8, 0xe8b78f, 0xd9a074)
	middleSkin = colours(0xecc19c, 0xdba577, 0xc68a5a, 0xa96f43)
	deepSkin   = colours(0x9a6440, 0x8d5a36, 0x74462a, 0x653d24)
	anySkin    = colours(0xf5d3bb, 0xe8b78f, 0xc68a5a, 0x8d5a36, 0x653d24)
)

// tonesOf is a culture's tones; what is not listed has the fair ones.
var tonesOf = map[string]tones{
	"es": {middleSkin, darkHair}, "andes": {middleSkin, darkHair}, "pt": {anySkin, darkHair}, "en": {anySkin, mixedHair},
	"fr": {anySkin, mixedHair}, "ja": {fairSkin, darkHair[:2]}, "kana": {fairSkin, darkHair[:2]}, "zh": {fairSkin, darkHair[:2]},
	"ko": {fairSkin, darkHair[:2]}, "hi": {middleSkin, darkHair[:2]}, "ar": {middleSkin, darkHair}, "th": {middleSkin, darkHair[:2]},
	"ng": {deepSkin, darkHair[:2]}, "el": {fairSkin, darkHair}, "he": {middleSkin, darkHair},
}

var (
	womensHair = []hairStyle{hairLong, hairBob, hairBun, hairWaves, hairLong, hairCurls}
	mensHair   = []hairStyle{hairCrop, hairParted, hairQuiff, hairCurls, hairBald, hairCrop}
	womensOfAr = []hairStyle{hairScarf, hairScarf, hairLong, hairWaves}
)

// apart is how far skin and hair are from each other, of 255: a face is known by
// its outline when it is drawn very small.
const apart = 35

func brightness(c color.RGBA) float64 {
	return 0.299*float64(c.R) + 0.587*float64(c.G) + 0.114*float64(c.B)
}

// looksOf draws the looks of a face from its number, as they were at a time.
func looksOf(p *person, face uint64, at time.Time) looks {
	r := rand.New(rand.NewPCG(face, 86))
	t, ok := tonesOf[p.culture]
	if !ok {
		t = tones{fairSkin, mixedHair}
	}
	around := func(spread float64) float64 { return 1 - spread + 2*spread*r.Float64() }
	l := looks{
		skin: pick(r, t.skin), hair: pick(r, t.hair), eyes: pick(r, colours(0x3b2413, 0x2a1a10, 0x4f6b2f, 0x35638c, 0x5a3a1c)),
		width: around(0.12), jaw: around(0.17), chin: around(0.05), brow: around(0.3), nose: around(0.3), mouth: around(0.22), gap: around(0.1),
		lashes: p.female, freckles: r.IntN(7) == 0, age: int(at.Sub(p.birth).Hours() / 24 / 365.25),
	}
	styles := mensHair
	switch {
	case p.female && p.culture == "ar":
		styles = womensOfAr
	case p.female:
		styles = womensHair
	}
	l.style = pick(r, styles)
	l.beard = pick(r, []beardStyle{beardNone, beardNone, beardStubble, beardMoustache, beardGoatee, beardFull})
	if p.female || l.age < 18 {
		l.beard = beardNone
	}
	l.glasses = pick(r, []glassesStyle{glassesNone, glassesNone, glassesNone, glassesNone, glassesNone, glassesRound, glassesSquare})
	if math.Abs(brightness(l.skin)-brightness(l.hair)) < apart {
		l.hair = mixed(l.hair, rgb(0x000000), 0.65)
	}
	greyFrom, toGrey := 40+r.IntN(25), 12+r.Float64()*15
	if l.age > greyFrom {
		l.hair = mixed(l.hair, rgb(0xd8d6d2), min(float64(l.age-greyFrom)/toGrey, 0.9))
	}
	return l
}

// cloth is the colour of a piece of clothing: a face has its own wardrobe.
func (l *looks) cloth(turn int) color.RGBA {
	list := colours(0x274c77, 0x7a2e3a, 0x2f5d50, 0x4a4e69, 0xb5651d, 0x6d597a, 0x1f2933, 0x8a9a5b)
	return list[(int(l.eyes.R)+int(l.width*1000)+turn)%len(list)]
}
