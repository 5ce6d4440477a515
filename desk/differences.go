package desk

import (
	"fmt"
	"strings"

	"docket/model"
)

// differences says in a few words what changed between two readings of a
// session: status, verdict, score and checks. It names no personal value.
func differences(before, now *model.Session) string {
	var all []string
	say := func(what string, was, is any) {
		if was != is {
			all = append(all, fmt.Sprintf("%s was %v, is %v", what, orNone(was), orNone(is)))
		}
	}
	say("status", string(before.Status), string(now.Status))
	say("verdict", string(before.Verdict), string(now.Verdict))
	say("score", scoreText(before.Score), scoreText(now.Score))
	was := map[string]model.CheckStatus{}
	for _, c := range before.Checks {
		was[c.Name()] = c.Status
	}
	for _, c := range now.Checks {
		say(c.Name(), string(was[c.Name()]), string(c.Status))
	}
	for _, f := range now.OCR {
		if old, _ := before.Field(f.Name); old.Value.Reveal() != f.Value.Reveal() {
			all = append(all, "the OCR field "+f.Name+" reads otherwise")
		}
	}
	const most = 4
	if len(all) > most {
		all = append(all[:most], fmt.Sprintf("and %d more", len(all)-most))
	}
	return strings.Join(all, "; ")
}

func orNone(v any) any {
	if v == "" {
		return "none"
	}
	return v
}

func scoreText(score *float64) string {
	if score == nil {
		return ""
	}
	return fmt.Sprintf("%g", *score)
}
