package incode

import (
	"slices"
	"strings"
)

// zone is a machine-readable zone, read as ICAO Doc 9303 lays it out. Dates are
// YYMMDD as printed; what was not readable is empty.
type zone struct {
	format      string // TD1, TD2, TD3, MRV-A, MRV-B, or FRA for the old French card
	issuer      string
	number      string
	birth       string
	sex         string
	expires     string
	nationality string
	names       []string // every word of the name
	wrong       []string // what the check digits that do not fit belong to
}

// span is a field of a zone: line, from, to.
type span struct{ line, from, to int }

// layout says where a format keeps its fields. A zero span is absent.
type layout struct {
	format                      string
	issuer, number, birth, sex  span
	expires, nationality, names span
	checks                      []checkDigit
}

// checkDigit is one digit and what it is computed over.
type checkDigit struct {
	of    string
	over  []span
	digit span
}

var (
	td3Number  = checkDigit{"document number", []span{{1, 0, 9}}, span{1, 9, 10}}
	td3Birth   = checkDigit{"birth date", []span{{1, 13, 19}}, span{1, 19, 20}}
	td3Expires = checkDigit{"expiry date", []span{{1, 21, 27}}, span{1, 27, 28}}
)

func machineReadable(format string, name span, all ...checkDigit) layout {
	return layout{
		format: format, issuer: span{0, 2, 5}, names: name, number: span{1, 0, 9}, nationality: span{1, 10, 13},
		birth: span{1, 13, 19}, sex: span{1, 20, 21}, expires: span{1, 21, 27},
		checks: append([]checkDigit{td3Number, td3Birth, td3Expires}, all...),
	}
}

func wholeZone(last int, over ...span) checkDigit {
	return checkDigit{"whole zone", over, span{1, last, last + 1}}
}

// layoutOf picks the layout by the number and length of the lines and the first
// letters.
func layoutOf(lines []string) (layout, bool) {
	visa := strings.HasPrefix(lines[0], "V")
	switch shape := [2]int{len(lines), len(lines[0])}; {
	case shape == [2]int{3, 30}:
		return td1(), true
	case shape == [2]int{2, 44} && visa:
		return machineReadable("MRV-A", span{0, 5, 44}), true
	case shape == [2]int{2, 44}:
		return machineReadable("TD3", span{0, 5, 44}, wholeZone(43, span{1, 0, 10}, span{1, 13, 20}, span{1, 21, 43})), true
	case shape == [2]int{2, 36} && visa:
		return machineReadable("MRV-B", span{0, 5, 36}), true
	case shape == [2]int{2, 36} && strings.HasPrefix(lines[0], "IDFRA"):
		return oldFrench(), true
	case shape == [2]int{2, 36}:
		return machineReadable("TD2", span{0, 5, 36}, wholeZone(35, span{1, 0, 10}, span{1, 13, 20}, span{1, 21, 35})), true
	}
	return layout{}, false
}

func td1() layout {
	return layout{
		format: "TD1", issuer: span{0, 2, 5}, number: span{0, 5, 14}, birth: span{1, 0, 6}, sex: span{1, 7, 8},
		expires: span{1, 8, 14}, nationality: span{1, 15, 18}, names: span{2, 0, 30},
		checks: []checkDigit{
			{"document number", []span{{0, 5, 14}}, span{0, 14, 15}},
			{"birth date", []span{{1, 0, 6}}, span{1, 6, 7}},
			{"expiry date", []span{{1, 8, 14}}, span{1, 14, 15}},
			{"whole zone", []span{{0, 5, 30}, {1, 0, 7}, {1, 8, 15}, {1, 18, 29}}, span{1, 29, 30}},
		},
	}
}

// oldFrench is the identity card that France issued until 2021: the name is on
// the first line, the given names are on the second.
func oldFrench() layout {
	return layout{
		format: "FRA", issuer: span{0, 2, 5}, number: span{1, 0, 12}, birth: span{1, 27, 33}, sex: span{1, 34, 35},
		names: span{0, 5, 30},
		checks: []checkDigit{
			{"document number", []span{{1, 0, 12}}, span{1, 12, 13}},
			{"birth date", []span{{1, 27, 33}}, span{1, 33, 34}},
			{"whole zone", []span{{0, 0, 36}, {1, 0, 35}}, span{1, 35, 36}},
		},
	}
}

// readZone reads the lines of a machine-readable zone. It forgives spaces, lower
// case and a look-alike filler, and nothing else: a line of a wrong length is
// not guessed at.
func readZone(raw ...string) (zone, bool) {
	var lines []string
	for _, line := range raw {
		line = strings.ToUpper(strings.NewReplacer(" ", "", "«", "<<", "‹", "<").Replace(line))
		if line != "" {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 || slices.ContainsFunc(lines, func(l string) bool { return len(l) != len(lines[0]) || !zoneText(l) }) {
		return zone{}, false
	}
	lay, ok := layoutOf(lines)
	if !ok {
		return zone{}, false
	}
	cut := func(s span) string { return slice(lines, s) }
	z := zone{
		format: lay.format, issuer: cut(lay.issuer), number: strings.Trim(cut(lay.number), "<"), birth: digits(cut(lay.birth)),
		sex: strings.Trim(cut(lay.sex), "<"), expires: digits(cut(lay.expires)), nationality: cut(lay.nationality),
		names: words(cut(lay.names)),
	}
	checks := lay.checks
	if lay.format == "TD1" {
		checks = z.longNumber(lines, checks)
	}
	z.wrong = wrongDigits(lines, checks)
	return z, true
}

// longNumber handles a TD1 number of more than nine characters: it goes on in
// the optional data, its check digit behind it.
func (z *zone) longNumber(lines []string, checks []checkDigit) []checkDigit {
	rest, _, _ := strings.Cut(lines[0][15:], "<")
	if lines[0][14] != '<' || len(rest) < 2 {
		return checks
	}
	z.number = lines[0][5:14] + rest[:len(rest)-1]
	end := 15 + len(rest)
	long := slices.Clone(checks)
	long[0] = checkDigit{"document number", []span{{0, 5, 14}, {0, 15, end - 1}}, span{0, end - 1, end}}
	return long
}

// wrongDigits names the fields whose check digit does not fit. The digit over
// the whole zone says something only when all others fit.
func wrongDigits(lines []string, checks []checkDigit) []string {
	var wrong []string
	for _, c := range checks {
		var over strings.Builder
		for _, s := range c.over {
			over.WriteString(slice(lines, s))
		}
		digit := slice(lines, c.digit)
		if digit == "<" && strings.Trim(over.String(), "<") == "" {
			continue
		}
		if digit != string(rune('0'+checkSum(over.String()))) && (c.of != "whole zone" || wrong == nil) {
			wrong = append(wrong, c.of)
		}
	}
	return wrong
}

// checkSum is the check digit of ICAO Doc 9303: weights 7, 3, 1, letters from
// A=10, the filler 0.
func checkSum(s string) int {
	sum := 0
	for i := range len(s) {
		v := 0
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			v = int(c - '0')
		case c >= 'A' && c <= 'Z':
			v = int(c-'A') + 10
		}
		sum += v * [3]int{7, 3, 1}[i%3]
	}
	return sum % 10
}

func slice(lines []string, s span) string {
	if s == (span{}) {
		return ""
	}
	return lines[s.line][s.from:s.to]
}

func zoneText(s string) bool {
	return strings.IndexFunc(s, notZone) < 0
}

func notZone(r rune) bool {
	return r != '<' && (r < '0' || r > '9') && (r < 'A' || r > 'Z')
}

// digits returns a date only when all of it was readable.
func digits(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) >= 0 {
		return ""
	}
	return s
}

func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == '<' })
}
