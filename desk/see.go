package desk

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"docket/model"
	"docket/provider/meaning"
)

// lens shows sessions and rows the way a seat may see them. What a seat may not see is
// not behind a mask but gone: nothing that is handed out holds it.
type lens struct {
	clear bool // personal values in clear
	risk  bool // what antifraud and watch lists found
	raw   bool // answers as the API sent them
	bare  bare // what is revealed for a while, of a session
	scope model.Scope

	areas  func(code string) model.Area // of a reason
	veiled func(part model.Part, body []byte, plain, risk bool) []byte
}

// lens shows what this seat may see of the inbox.
func (s *Seat) lens() lens {
	l := lens{clear: s.May(MaySee), risk: s.May(MayRisk), raw: s.May(MayRaw), scope: s.Me().Scope, areas: s.d.areaOf}
	if s.d.cfg.Provider != nil { // a desk that only lists has none
		l.veiled = s.d.cfg.Provider.Veiled
	}
	return l
}

// lensOf shows what this seat may see of a session just now.
func (s *Seat) lensOf(id string) lens {
	l := s.lens()
	l.bare = s.bareOf(id)
	l.clear = l.clear || l.bare.whole
	return l
}

// unbared is the lens without what is revealed just now.
func (l lens) unbared() lens {
	l.clear = l.clear && !l.bare.whole
	l.bare = bare{}
	return l
}

// areaOf is what a reason is about; of one that is not in the catalogue any more nobody
// knows, so it may be about fraud.
func (d *Desk) areaOf(code string) model.Area {
	i := slices.IndexFunc(d.cfg.Reasons, func(r model.Reason) bool { return r.Code == code })
	if i < 0 {
		return model.AreaAntifraud
	}
	return d.cfg.Reasons[i].Area
}

// value shows a value that a session shows under one of the names.
func (l lens) value(p model.Personal, names ...string) model.Personal {
	if l.sees(names...) {
		return p.Revealed()
	}
	return p.Sealed()
}

// sees reports whether a value of one of the names is shown in clear.
func (l lens) sees(names ...string) bool { return l.clear || l.bare.any(names) }

// fields shows values by their names. A name that is new to docket may be data itself,
// and may be one of antifraud's.
func (l lens) fields(in []model.Field) []model.Field {
	out := slices.Clone(in)
	for i := range out {
		out[i].Value = l.value(out[i].Value, out[i].Name)
		out[i].Name = l.name(out[i].Name)
	}
	return out
}

// told are fields of what the capture told by itself, which may be about antifraud.
func (l lens) told(in []model.Field) []model.Field {
	if !l.risk {
		in = slices.DeleteFunc(slices.Clone(in), func(f model.Field) bool { return !meaning.OpenName(f.Name) })
	}
	return l.fields(in)
}

// name shows a name that came from outside.
func (l lens) name(name string) string { return l.word(name, meaning.KnownName(name)) }

// word shows a word that came from outside to those who see everything, and to others
// if docket knows it.
func (l lens) word(word string, known bool) string {
	if l.clear || known || word == "" {
		return word
	}
	return model.MaskedText
}

// id shows an id that somebody else gave: of a customer, of an identity.
func (l lens) id(id string) string {
	if l.clear {
		return id
	}
	return model.MaskedNumber(id)
}

// plainID is what an id of the API's own is like.
var plainID = regexp.MustCompile(`^[0-9a-f]{12,40}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// countryCode is what the code of a country is like.
var countryCode = regexp.MustCompile(`^[A-Za-z]{2,3}$`)

// country shows the code of a country, which is as coarse as a place can be.
func (l lens) country(code string) string { return l.word(code, countryCode.MatchString(code)) }

func (l lens) status(s model.Status) model.Status {
	return model.Status(l.word(string(s), meaning.Status(s).Known()))
}

func (l lens) life(s model.Life) model.Life {
	return model.Life(l.word(string(s), meaning.Life(s).Known()))
}

func (l lens) check(s model.CheckStatus) model.CheckStatus {
	return model.CheckStatus(l.word(string(s), s.Known()))
}

// reason shows Incode's reason for a review.
func (l lens) reason(r model.ReviewReason) model.ReviewReason {
	if !l.risk && !meaning.OpenReason(r) {
		return ""
	}
	return model.ReviewReason(l.word(string(r), meaning.Reason(r).Known()))
}

// code shows the code of a reason that a person gave.
func (l lens) code(code string) string {
	if area := l.areas(code); code != "" && !l.risk && (area == model.AreaAntifraud || area == model.AreaWatchlist) {
		return ""
	}
	return code
}

// note shows what a person wrote.
func (l lens) note(text string) string {
	return l.value(model.NewPersonal(model.ClassSpeech, text)).String()
}

// coarse rounds a place to whole degrees for those who may not see where it is: some
// hundred kilometres.
func (l lens) coarse(degrees *float64) *float64 {
	if degrees == nil || l.clear {
		return degrees
	}
	whole := math.Round(*degrees)
	return &whole
}

// problem shows what went wrong without what others said of it, to those who may not
// see everything.
func (l lens) problem(p *model.Problem) *model.Problem {
	if l.clear && l.risk {
		return p
	}
	p, _ = p.Unquoted("")
	return p
}

// outcome shows how an action ended.
func (l lens) outcome(o model.Outcome) model.Outcome {
	if !l.clear || !l.risk {
		o.Problem, o.Says = o.Problem.Unquoted(o.Says)
	}
	o.Status, o.Life = l.status(o.Status), l.life(o.Life)
	return o
}

// altered names the parts in which a text was changed, and no more: where is a name
// that came from outside.
func (l lens) altered(places []string) []string {
	if l.clear {
		return places
	}
	var parts []string
	for _, place := range places {
		part, _, _ := strings.Cut(place, ":")
		if !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	return parts
}
