package sim

import (
	"fmt"
	"strings"
	"time"
)

// mrzFormat is a machine-readable zone of ICAO Doc 9303.
type mrzFormat int

const (
	mrzNone mrzFormat = iota
	mrzTD1            // cards: three lines of 30
	mrzTD2            // larger cards: two lines of 36
	mrzTD3            // passports: two lines of 44
)

// mrzData is what a machine-readable zone holds.
type mrzData struct {
	code     string // document code, such as P or ID
	issuer   string // three letters, D for Germany
	number   string // up to nine characters
	nation   string
	birth    time.Time
	sex      string // M, F or <
	expires  time.Time
	optional string // TD1: after the number; TD3: personal number; TD2: last field
	second   string // TD1 only: optional data of the second line
	family   string
	given    string
}

// lines renders the zone; nil for [mrzNone].
func (f mrzFormat) lines(d mrzData) []string {
	switch f {
	case mrzTD1:
		return td1(d)
	case mrzTD2:
		return td2(d)
	case mrzTD3:
		return td3(d)
	default:
		return nil
	}
}

func td1(d mrzData) []string {
	num := pad(d.number, 9)
	one := pad(d.code, 2) + pad(d.issuer, 3) + num + checkDigit(num) + pad(d.optional, 15)
	birth, expires := mrzDate(d.birth), mrzDate(d.expires)
	two := birth + checkDigit(birth) + d.sex + expires + checkDigit(expires) + pad(d.nation, 3) + pad(d.second, 11)
	two += checkDigit(one[5:30] + two[0:7] + two[8:15] + two[18:29])
	return []string{one, two, mrzName(d, 30)}
}

func td2(d mrzData) []string {
	one := pad(d.code, 2) + pad(d.issuer, 3) + mrzName(d, 31)
	two := mrzBody(d) + pad(d.optional, 7)
	two += checkDigit(two[0:10] + two[13:20] + two[21:35])
	return []string{one, two}
}

func td3(d mrzData) []string {
	one := pad(d.code, 2) + pad(d.issuer, 3) + mrzName(d, 39)
	personal := pad(d.optional, 14)
	two := mrzBody(d) + personal + checkDigit(personal)
	two += checkDigit(two[0:10] + two[13:20] + two[21:43])
	return []string{one, two}
}

// mrzBody is the part that the second lines of TD2 and TD3 share.
func mrzBody(d mrzData) string {
	num, birth, expires := pad(d.number, 9), mrzDate(d.birth), mrzDate(d.expires)
	return num + checkDigit(num) + pad(d.nation, 3) + birth + checkDigit(birth) + d.sex + expires + checkDigit(expires)
}

// mrzDate is YYMMDD, or fillers for a document without that date.
func mrzDate(t time.Time) string {
	if t.IsZero() {
		return "<<<<<<"
	}
	return t.Format("060102")
}

func mrzName(d mrzData, width int) string {
	return pad(mrzText(d.family)+"<<"+mrzText(d.given), width)
}

// pad cuts or fills with < to the width.
func pad(s string, width int) string {
	s = strings.ToUpper(s)
	if len(s) > width {
		return s[:width]
	}
	return s + strings.Repeat("<", width-len(s))
}

// checkDigit weighs 7, 3, 1 over 0–9, A–Z as 10–35 and < as 0, modulo 10.
func checkDigit(s string) string {
	weights := [3]int{7, 3, 1}
	sum := 0
	for i := range len(s) {
		sum += mrzValue(s[i]) * weights[i%3]
	}
	return fmt.Sprint(sum % 10)
}

func mrzValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'Z':
		return int(c-'A') + 10
	default:
		return 0
	}
}

// mrzFolds are the transliterations of Doc 9303 for the Latin letters that the
// name pools use; whatever else is not A–Z becomes a filler or is dropped.
var mrzFolds = strings.NewReplacer(
	"Á", "A", "À", "A", "Â", "A", "Ã", "A", "Ä", "AE", "Å", "AA", "Æ", "AE", "Ă", "A", "Ą", "A",
	"Ç", "C", "Ć", "C", "Č", "C", "É", "E", "È", "E", "Ê", "E", "Ë", "E", "Ę", "E",
	"Í", "I", "Ì", "I", "Î", "I", "Ï", "I", "Ñ", "N", "Ń", "N",
	"Ó", "O", "Ò", "O", "Ô", "O", "Õ", "O", "Ö", "OE", "Ø", "OE", "Ọ", "O", "Ō", "O",
	"Ú", "U", "Ù", "U", "Û", "U", "Ü", "UE", "Ū", "U", "Ý", "Y", "Ł", "L",
	"Ś", "S", "Š", "S", "Ș", "S", "Ṣ", "S", "ß", "SS", "ẞ", "SS", "Ț", "T", "Ž", "Z", "Ź", "Z", "Ż", "Z",
	"'", "", "’", "", "-", "<", " ", "<", ".", "",
)

// mrzText is a name in the alphabet of the machine-readable zone.
func mrzText(s string) string {
	folded := mrzFolds.Replace(strings.ToUpper(s))
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r == '<' {
			return r
		}
		return -1
	}, folded)
}

// latin is mrzText for printing: spaces for fillers.
func latin(s string) string { return strings.ReplaceAll(mrzText(s), "<", " ") }
