package incode

import (
	"strings"
	"unicode"
)

// latin says how letters beyond A to Z are written in a machine-readable zone
// (ICAO Doc 9303, part 3): the plain letter, and the longer form if there is
// one.
var latin = func() map[rune][2]string {
	out := map[rune][2]string{}
	for plain, letters := range map[string]string{
		"A": "ÁÀÂÃĂĄĀǍẠẢẤẦẨẪẬẮẰẲẴẶ", "C": "ÇĆĈĊČ", "D": "ĎĐ", "E": "ÉÈÊËĔĘĒĖĚẸẺẼẾỀỂỄỆ", "G": "ĜĞĠĢ", "H": "ĤĦ",
		"I": "ÍÌÎÏĨĪĬĮİỈỊ", "J": "Ĵ", "K": "Ķ", "L": "ĹĻĽĿŁ", "N": "ŃŅŇŊ", "O": "ÓÒÔÕŌŎŐƠỌỎỐỒỔỖỘỚỜỞỠỢ", "R": "ŔŖŘ",
		"S": "ŚŜŞŠȘ", "T": "ŢŤŦȚ", "U": "ÚÙÛŨŪŬŮŰŲƯỤỦỨỪỬỮỰ", "W": "Ŵ", "Y": "ÝŶŸỲỴỶỸ", "Z": "ŹŻŽ",
	} {
		for _, r := range letters {
			out[r] = [2]string{plain, plain}
		}
	}
	for r, both := range map[rune][2]string{
		'Ä': {"A", "AE"}, 'Å': {"A", "AA"}, 'Æ': {"AE", "AE"}, 'Ö': {"O", "OE"}, 'Ø': {"O", "OE"}, 'Œ': {"OE", "OE"},
		'Ü': {"U", "UE"}, 'Ñ': {"N", "NXX"}, 'ß': {"SS", "SS"}, 'ẞ': {"SS", "SS"}, 'Þ': {"TH", "TH"}, 'Ð': {"D", "D"},
	} {
		out[r] = both
	}
	return out
}()

// foldName writes a name in the letters A to Z without spaces, both ways that a
// machine-readable zone may. It returns false for a name in another script.
func foldName(s string) ([2]string, bool) {
	var plain, long strings.Builder
	for _, r := range s {
		up := unicode.ToUpper(r)
		both, known := latin[up]
		switch {
		case up >= 'A' && up <= 'Z':
			plain.WriteRune(up)
			long.WriteRune(up)
		case known:
			plain.WriteString(both[0])
			long.WriteString(both[1])
		case unicode.IsLetter(r):
			return [2]string{}, false
		}
	}
	return [2]string{plain.String(), long.String()}, plain.Len() > 0
}

// within reports whether every word of a name is part of the other name. A zone
// cuts long names short, so the beginning of a word is enough.
func within(zoneWords []string, full [2]string) bool {
	for _, w := range zoneWords {
		both, ok := foldName(w)
		if ok && !strings.Contains(full[0], both[0]) && !strings.Contains(full[1], both[1]) {
			return false
		}
	}
	return true
}

// bare keeps letters and digits, upper case: how numbers are compared.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, s)
}
