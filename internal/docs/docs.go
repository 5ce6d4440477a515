// Package docs writes the parts of the documentation that the program itself
// knows: keys, explanations, endpoints, commands, configuration. A page says
// where such a part goes, everything else on it is written by hand:
//
//	<!-- made: keys -->
//	<!-- end -->
//
// The package's test fails when a part is not what the program says now, and
// writes the pages anew with -update.
package docs

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Part makes one part of a page in Markdown, without empty lines at its ends.
type Part func() (string, error)

// Parts returns every part by its name.
func Parts() map[string]Part {
	return map[string]Part{
		"keys":           always(keys),
		"checks":         checks,
		"endpoints":      always(endpoints),
		"commands":       commands,
		"metrics":        always(metrics),
		"global-flags":   globalFlags,
		"exit-codes":     always(exitCodes),
		"configuration":  configuration,
		"views":          always(views),
		"orders":         always(orders),
		"reasons":        always(reasons),
		"actions":        always(actions),
		"themes":         themesTable,
		"classes":        always(classes),
		"roles":          always(roles),
		"rights":         always(rights),
		"verdict-signs":  always(verdictSigns),
		"sim-defaults":   always(simDefaults),
		"session-states": always(statuses),
	}
}

func always(text func() string) Part {
	return func() (string, error) { return text(), nil }
}

// The lines around a part. A page does not begin with one.
const (
	beginPart = "\n<!-- made: "
	endPart   = "<!-- end -->"
)

// Fill puts the parts into a page, in place of what stands there.
func Fill(page string, parts map[string]Part) (string, error) {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(page, beginPart)
		out.WriteString(before)
		if !found {
			return out.String(), nil
		}
		name, rest, named := strings.Cut(rest, " -->\n")
		_, after, ended := strings.Cut(rest, endPart)
		part, known := parts[name]
		switch {
		case !named || !ended:
			return "", fmt.Errorf("a part has no end: %s%.40q", beginPart, name)
		case !known:
			return "", fmt.Errorf("there is no part %q: there are %s", name, strings.Join(slices.Sorted(maps.Keys(parts)), ", "))
		}
		text, err := part()
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		out.WriteString(beginPart + name + " -->\n\n" + strings.TrimSpace(text) + "\n\n" + endPart)
		page = after
	}
}

// table writes a table of Markdown. Cells may hold Markdown; what would end a
// cell is escaped.
func table(head []string, rows [][]string) string {
	var b strings.Builder
	line := func(cells []string) {
		for _, c := range cells {
			c = strings.ReplaceAll(strings.ReplaceAll(c, "|", `\|`), "\n", " ")
			b.WriteString("| " + cmp.Or(c, " ") + " ")
		}
		b.WriteString("|\n")
	}
	line(head)
	rule := make([]string, len(head))
	for i := range rule {
		rule[i] = "---"
	}
	line(rule)
	for _, r := range rows {
		line(r)
	}
	return b.String()
}

// code writes names as code, separated by commas; none is an empty cell.
func code(names ...string) string {
	out := make([]string, 0, len(names))
	for _, n := range names {
		if n != "" {
			out = append(out, "`"+n+"`")
		}
	}
	return strings.Join(out, ", ")
}
