package sim

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// name is a person's name in Latin letters and, where the culture has another
// script, natively.
type name struct {
	given, family, family2                   string // Latin
	givenNative, familyNative, family2Native string
	familyFirst                              bool
	joiner                                   string
}

// full is the name as a document prints it: native when asked for and there is
// one, else Latin capitals.
func (n name) full(native bool) string {
	if native && n.givenNative != "" {
		if n.familyFirst {
			return n.familyNative + n.joiner + n.givenNative
		}
		return n.givenNative + n.joiner + n.familyNative
	}
	return strings.ToUpper(strings.TrimSpace(n.given + " " + n.surnames()))
}

// surnames are all family names in Latin letters.
func (n name) surnames() string { return strings.TrimSpace(n.family + " " + n.family2) }

// person is an invented applicant.
type person struct {
	name
	culture  string
	female   bool
	birth    time.Time // midnight UTC
	country  *country
	place    place
	street   string
	phone    string
	email    string
	heightCM int
	eyes     string
	father   string
	mother   string
	// face selects the drawn portrait; two sessions with the same face are
	// the same person in front of the camera.
	face uint64
}

// sex is the letter of documents.
func (p *person) sex() string {
	if p.female {
		return "F"
	}
	return "M"
}

// pick takes one element at random.
func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// newPerson invents somebody of a document kind's culture, aged between the
// two ages (whole years) at the moment given.
func newPerson(r *rand.Rand, k *docKind, at time.Time, minAge, maxAge int) person {
	c := countries[k.country]
	p := person{
		culture: k.culture, country: c, female: r.IntN(2) == 0, place: pick(r, c.places),
		heightCM: 152 + r.IntN(40), eyes: pick(r, []string{"BRO", "BLU", "GRN", "HAZ"}), face: r.Uint64(),
	}
	p.name = newName(r, k.culture, p.female)
	p.father = newName(r, k.culture, false).withFamily(p.name).full(k.native)
	p.mother = newName(r, k.culture, true).full(k.native)
	p.birth = birthday(r, at, minAge, maxAge)
	p.street = fmt.Sprintf("%s %d", pick(r, c.streets), 1+r.IntN(240))
	p.phone = fmt.Sprintf("%s555%07d", c.dial, r.IntN(10_000_000))
	p.email = strings.ToLower(strings.ReplaceAll(latin(p.given), " ", ".")) + fmt.Sprintf("%d@example.com", 10+r.IntN(90))
	return p
}

// birthday is a date of birth that gives an age of minAge to maxAge, never
// within a week of the younger limit.
func birthday(r *rand.Rand, at time.Time, minAge, maxAge int) time.Time {
	day := at.UTC().Truncate(24 * time.Hour)
	youngest := day.AddDate(-minAge, 0, -7)
	oldest := day.AddDate(-maxAge-1, 0, 7)
	return oldest.AddDate(0, 0, r.IntN(int(youngest.Sub(oldest).Hours()/24)))
}

func newName(r *rand.Rand, key string, female bool) name {
	c := cultures[key]
	givens := c.male
	if female {
		givens = c.female
	}
	n := name{familyFirst: c.familyFirst, joiner: c.joiner}
	n.given, n.givenNative = split(pick(r, givens))
	families := c.family
	if female && c.familyF != nil {
		families = c.familyF
	}
	n.family, n.familyNative = split(pick(r, families))
	for c.two && (n.family2 == "" || n.family2 == n.family) {
		n.family2, n.family2Native = split(pick(r, families))
	}
	return n
}

// withFamily is the name with another person's first family name, masculine
// where the language tells them apart only in pools that have both forms.
func (n name) withFamily(other name) name {
	n.family, n.familyNative = other.family, other.familyNative
	return n
}
