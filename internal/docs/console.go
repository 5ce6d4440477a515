package docs

import (
	"strings"

	"docket/themes"
	"docket/ui/keymap"
)

// scopes are the pages of the console as people call them.
var scopes = []struct {
	scope keymap.Scope
	name  string
}{
	{keymap.InInbox, "inbox"},
	{keymap.InSession, "session"},
	{keymap.InImages, "images"},
	{keymap.InCompare, "compare"},
	{keymap.InRaw, "raw JSON"},
	{keymap.InActivity, "activity"},
	{keymap.InStats, "statistics"},
	{keymap.InBulk, "bulk run"},
}

// keys lists the registry of actions by its groups.
func keys() string {
	var b strings.Builder
	var group keymap.Group
	var rows [][]string
	flush := func() {
		if len(rows) > 0 {
			b.WriteString("### " + string(group) + "\n\n" + table([]string{"Key", "Does", "Where", "Name"}, rows) + "\n")
		}
		rows = nil
	}
	for _, a := range keymap.Defaults() {
		if a.Group != group {
			flush()
			group = a.Group
		}
		rows = append(rows, []string{keyCell(a), a.Help, where(a.Scope), code(string(a.ID))})
	}
	flush()
	return b.String()
}

// keyCell writes the keys of an action; the palette has those without one.
func keyCell(a keymap.Action) string {
	if len(a.Keys) == 0 {
		return "palette"
	}
	if text := a.KeyText(); strings.Contains(text, "…") {
		return code(text)
	}
	var each []string
	for _, k := range a.Keys {
		each = append(each, code(keymap.Action{Keys: []string{k}}.KeyText()))
	}
	return strings.Join(each, " ")
}

func where(s keymap.Scope) string {
	if s == keymap.Everywhere {
		return "everywhere"
	}
	var names []string
	for _, sc := range scopes {
		if s&sc.scope != 0 {
			names = append(names, sc.name)
		}
	}
	return strings.Join(names, ", ")
}

// themesTable lists the palettes that are built in.
func themesTable() (string, error) {
	var rows [][]string
	for _, name := range themes.Names() {
		t, err := themes.Load(name)
		if err != nil {
			return "", err
		}
		rows = append(rows, []string{code(name), t.Says})
	}
	return table([]string{"Theme", "What it is"}, rows), nil
}
