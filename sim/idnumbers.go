package sim

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// curp is a Mexican population registry code: initials, birth date, sex,
// state, inner consonants, a disambiguator and a check digit.
func curp(r *rand.Rand, p *person) string {
	first, second, given := mrzText(p.family), mrzText(p.family2), mrzText(firstWord(p.given))
	sex := "H"
	if p.female {
		sex = "M"
	}
	century := byte('0' + r.IntN(10))
	if p.birth.Year() >= 2000 {
		century = byte('A' + r.IntN(10))
	}
	s := first[:1] + innerVowel(first) + second[:1] + given[:1] + p.birth.Format("060102") + sex +
		curpState(p.place.state) + innerConsonant(first) + innerConsonant(second) + innerConsonant(given) + string(century)
	return s + curpDigit(s)
}

// curpDigit is the last digit of the code whose first 17 characters are given.
func curpDigit(s string) string {
	const alphabet = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
	values := map[rune]int{}
	n := 0
	for _, c := range alphabet {
		values[c] = n
		n++
	}
	sum := 0
	for i, c := range s {
		sum += values[c] * (18 - i)
	}
	return fmt.Sprint((10 - sum%10) % 10)
}

// curpState maps the states that the population lives in to the registry's
// two letters.
func curpState(state string) string {
	codes := map[string]string{"CDMX": "DF", "JAL": "JC", "NL": "NL", "YUC": "YN"}
	if code, ok := codes[state]; ok {
		return code
	}
	return "NE" // born abroad
}

// electorKey is the 18 characters of a voter card's clave de elector.
func electorKey(r *rand.Rand, p *person) string {
	sex := "H"
	if p.female {
		sex = "M"
	}
	return twoConsonants(p.family) + twoConsonants(p.family2) + twoConsonants(firstWord(p.given)) +
		p.birth.Format("060102") + fmt.Sprintf("%02d", 1+r.IntN(32)) + sex + fill(r, "###")
}

// cpf is a Brazilian taxpayer number with its two check digits.
func cpf(r *rand.Rand) string {
	s := fill(r, "#########")
	for len(s) < 11 {
		sum := 0
		for i := range len(s) {
			sum += int(s[i]-'0') * (len(s) + 1 - i)
		}
		s += fmt.Sprint(sum * 10 % 11 % 10)
	}
	return fmt.Sprintf("%s.%s.%s-%s", s[:3], s[3:6], s[6:9], s[9:])
}

// chineseCheck is the 18th character of a resident identity number.
func chineseCheck(s string) string {
	sum := 0
	for i := range len(s) {
		sum += int(s[i]-'0') * (1 << (17 - i) % 11)
	}
	return string("10X98765432"[sum%11])
}

// The numbers below say something of their holder, or check themselves, so
// they have to fit the rest of the document.

func extraDVLA(r *rand.Rand, d *document) {
	p := d.holder
	month := int(p.birth.Month())
	if p.female {
		month += 50
	}
	year := p.birth.Year() % 100
	d.number = strings.ReplaceAll(pad(strings.ReplaceAll(mrzText(p.family), "<", ""), 5), "<", "9") +
		fmt.Sprintf("%d%02d%02d%d", year/10, month, p.birth.Day(), year%10) + mrzText(p.given)[:1] + fill(r, "99@@")
}

// extraEgyptian: century, birth date, governorate, sequence (odd for men).
func extraEgyptian(r *rand.Rand, d *document) {
	p := d.holder
	seq := 1000 + 2*r.IntN(4000)
	if !p.female {
		seq++
	}
	d.number = fmt.Sprintf("%d%s01%04d%d", p.birth.Year()/100-17, p.birth.Format("060102"), seq, r.IntN(10))
}

// extraKorean: birth date, then a digit for century and sex.
func extraKorean(r *rand.Rand, d *document) {
	p := d.holder
	first := 1
	if p.birth.Year() >= 2000 {
		first = 3
	}
	if p.female {
		first++
	}
	d.number = fmt.Sprintf("%s-%d%s", p.birth.Format("060102"), first, fill(r, "######"))
}

// extraIsraeli ends in a Luhn digit.
func extraIsraeli(r *rand.Rand, d *document) {
	s := fill(r, "########")
	sum := 0
	for i := range len(s) {
		v := int(s[i]-'0') * (1 + i%2)
		sum += v/10 + v%10
	}
	d.number = s + fmt.Sprint((10-sum%10)%10)
}

// extraThai ends in a digit of weights 13 to 2, modulo 11.
func extraThai(r *rand.Rand, d *document) {
	s := fill(r, "1###########")
	sum := 0
	for i := range len(s) {
		sum += int(s[i]-'0') * (13 - i)
	}
	s += fmt.Sprint((11 - sum%11) % 10)
	d.number = s[:1] + " " + s[1:5] + " " + s[5:10] + " " + s[10:12] + " " + s[12:]
}

func firstWord(s string) string { return strings.Fields(s)[0] }

func isVowel(c byte) bool { return strings.IndexByte("AEIOU", c) >= 0 }

func innerVowel(s string) string {
	for i := 1; i < len(s); i++ {
		if isVowel(s[i]) {
			return s[i : i+1]
		}
	}
	return "X"
}

func innerConsonant(s string) string {
	for i := 1; i < len(s); i++ {
		if s[i] != '<' && !isVowel(s[i]) {
			return s[i : i+1]
		}
	}
	return "X"
}

func twoConsonants(s string) string {
	var b strings.Builder
	for _, c := range []byte(mrzText(s) + "XX") {
		if b.Len() < 2 && c != '<' && !isVowel(c) {
			b.WriteByte(c)
		}
	}
	return b.String()
}
