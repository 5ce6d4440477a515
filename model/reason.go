package model

import "slices"

// Reason is a code that says why something was done. It stays here. The code goes
// into notes, the log and statistics; texts are for people.
type Reason struct {
	Code      string
	Texts     map[string]string // by language; English is always there
	For       []ActionKind
	Area      Area // empty: AreaOther
	NeedsNote bool
}

// English is the language that every text is in.
const English = "en"

// ReasonLanguages are those that texts of reasons may be in. docket ships its own in
// all of them.
func ReasonLanguages() []string { return []string{English, "es"} }

// Text returns the reason in a language, in English where it is not in that.
func (r Reason) Text(lang string) string {
	if text := r.Texts[lang]; text != "" {
		return text
	}
	return r.Texts[English]
}

// Allows reports whether the reason may be given for the action.
func (r Reason) Allows(k ActionKind) bool { return slices.Contains(r.For, k) }

// Reasoned reports whether there are reasons for the action: it always takes one, or
// does when it takes a decision back.
func (k ActionKind) Reasoned() bool {
	info := k.Info()
	return info.Reasons || info.Reverses
}

// Area is what a reason is about.
type Area string

// The areas.
const (
	AreaDocument  Area = "document"
	AreaFace      Area = "face"
	AreaLiveness  Area = "liveness"
	AreaAntifraud Area = "antifraud"
	AreaData      Area = "data"
	AreaWatchlist Area = "watchlist"
	AreaOther     Area = "other"
)

// Areas returns every area.
func Areas() []Area {
	return []Area{AreaDocument, AreaFace, AreaLiveness, AreaAntifraud, AreaData, AreaWatchlist, AreaOther}
}
