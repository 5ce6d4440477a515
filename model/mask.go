package model

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// masks say what each class keeps: enough to tell two values apart, and nobody away.
// A class that is not here keeps nothing.
var masks = map[Class]func(string) string{
	ClassName:     initials,
	ClassBirth:    year,
	ClassDocument: lastFour,
	ClassContact:  lastFour,
}

func mask(c Class, text string) string {
	if of, ok := masks[c]; ok {
		return of(text)
	}
	return MaskedText
}

// MaskedNumber is how a number, or an id that somebody gave, is shown to those who
// may not see it.
func MaskedNumber(text string) string {
	if text == "" {
		return ""
	}
	return lastFour(text)
}

// initials keeps the first letter of each word: M••• V•••. Where words have no spaces
// between them it is the first letter of the whole.
func initials(text string) string {
	words := strings.Fields(text)
	for i, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		if !unicode.IsLetter(r) {
			r = '•'
		}
		words[i] = string(r) + "•••"
	}
	return strings.Join(words, " ")
}

// year keeps the year of a date, and nothing of what is none.
func year(text string) string {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return MaskedText
	}
	return at.Format("2006") + "-••-••"
}

const (
	// shownEnd is how much of the end of a number is shown.
	shownEnd = 4
	// longNumber is how many letters and digits a number has at least of which the
	// end is shown: more stay hidden than are told. A date has fewer.
	longNumber = 9
)

// lastFour keeps the end of a long number. What is no number, an e-mail address or a
// sentence, keeps nothing.
func lastFour(text string) string {
	var end []rune
	digits, count := 0, 0
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z':
		case strings.ContainsRune(" -./+()", r):
			continue
		default:
			return MaskedText
		}
		count++
		end = append(end, r)
	}
	if count < longNumber || digits < shownEnd {
		return MaskedText
	}
	return "••••" + string(end[len(end)-shownEnd:])
}
