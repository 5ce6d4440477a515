package cli

import (
	"regexp"
	"strconv"
	"strings"
)

// flagErrors are what the parser of flags says, as far as people get to see it,
// and what we say instead. It is made for programmers and quotes what was typed
// as it is. The parser has no types for them.
var flagErrors = []struct{ begins, says, do string }{
	{"unknown flag: ", "There is no such flag", "see the help for those there are"},
	{"unknown shorthand flag: ", "There is no such flag", "see the help for those there are"},
	{"flag needs an argument: ", "The flag lacks its value", "write the value behind it"},
	{"bad flag syntax: ", "This is no flag", "write a flag like --name, or --name=value"},
}

var invalidValue = regexp.MustCompile(`(?s)^invalid argument (".*") for "([^"]*)" flag: (.*)$`)

// flagProblem says what is wrong with a flag.
func flagProblem(err error) error {
	text := err.Error()
	for _, e := range flagErrors {
		if what, found := strings.CutPrefix(text, e.begins); found {
			return usage(e.says, quoted(what), e.do)
		}
	}
	m := invalidValue.FindStringSubmatch(text)
	if m == nil {
		return usage("The command line could not be understood", quoted(text), "see the help")
	}
	value, flag, do := m[1], m[2], m[3]
	if typed, err := strconv.Unquote(value); err == nil {
		value = quoted(typed)
	}
	switch {
	case strings.HasPrefix(do, "strconv.ParseBool"):
		do = "write it without a value, or with true or false"
	case strings.HasPrefix(do, "strconv."):
		do = "give a whole number that is not too large, and not below 0"
	}
	return usage("The value of the flag cannot be used", flag+" "+value, do)
}
