package config

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"docket/model"
)

// reasonRow is one [[reasons]] of config.toml. Text is the English one, or a table of
// texts by language.
type reasonRow struct {
	Code      string             `toml:"code"`
	Text      any                `toml:"text"`
	Area      model.Area         `toml:"area"`
	For       []model.ActionKind `toml:"for"`
	NeedsNote bool               `toml:"needs_note"`
}

// reasonCode is what a reason's code may be: it is typed on the command line.
var reasonCode = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// longestCode is how long it may be: it is a column of lists.
const longestCode = 40

func (d *document) takeReasons(value any) error {
	const form = `write each as [[reasons]] with code = "…", text = "…" or { en = "…", es = "…" }, for = ["approve", "reject", "review"], ` +
		`area = "…" if it has one, and needs_note = true if so`
	rows, ok := value.([]any)
	if !ok {
		return d.wrong("reasons", "", form)
	}
	seen := map[string]bool{}
	for i, value := range rows {
		var row reasonRow
		err := strictly(value, &row)
		name := row.Code
		if name == "" {
			name = strconv.Itoa(i + 1)
		}
		if err != nil {
			return d.wrong(name, "reasons", form)
		}
		reason, do := row.reason(seen)
		if do != "" {
			return d.wrong(name, "reasons", do)
		}
		seen[row.Code] = true
		d.reasons = append(d.reasons, reason)
	}
	return nil
}

// reason returns the reason of a row, or says what to do about it.
func (r reasonRow) reason(seen map[string]bool) (reason model.Reason, do string) {
	reasoned := func(k model.ActionKind) bool { return k.Reasoned() }
	unreasoned := func(k model.ActionKind) bool { return !k.Reasoned() }
	switch texts, do := r.texts(); {
	case !reasonCode.MatchString(r.Code) || len(r.Code) > longestCode:
		return reason, "write its code in lower case letters and digits, with single hyphens between, at most " + strconv.Itoa(longestCode)
	case seen[r.Code]:
		return reason, "its code stands there twice: remove one"
	case do != "":
		return reason, do
	case !slices.ContainsFunc(r.For, reasoned) || slices.ContainsFunc(r.For, unreasoned):
		return reason, `write for = ["approve"], ["reject"], ["review"] (to take a decision back), or several of them`
	case r.Area != "" && !slices.Contains(model.Areas(), r.Area):
		return reason, "write for its area one of " + strings.Join(names(model.Areas()), ", ") + ", or leave it out"
	default:
		return model.Reason{Code: r.Code, Texts: texts, Area: r.Area, For: r.For, NeedsNote: r.NeedsNote}, ""
	}
}

// texts returns the texts by language, or says what to do about them.
func (r reasonRow) texts() (texts map[string]string, do string) {
	texts = map[string]string{}
	switch text := r.Text.(type) {
	case string:
		texts[model.English] = text
	case map[string]any:
		for lang, value := range text {
			texts[lang], _ = value.(string)
		}
	}
	known := model.ReasonLanguages()
	for _, lang := range slices.Sorted(maps.Keys(texts)) {
		switch {
		case !slices.Contains(known, lang):
			return nil, "write its texts in " + strings.Join(known, ", ") + "; " + strconv.Quote(lang) + " is none of them"
		case strings.TrimSpace(texts[lang]) == "":
			return nil, "give it a text in " + strconv.Quote(lang) + " that reviewers understand"
		}
	}
	if texts[model.English] == "" {
		return nil, `give it an English text that reviewers understand: text = "…", or text = { en = "…", es = "…" }`
	}
	return texts, ""
}

func names[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, t := range all {
		out[i] = string(t)
	}
	return out
}
