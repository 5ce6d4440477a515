package config

import (
	"slices"
	"strconv"
	"strings"

	"docket/model"
)

// secondRow is one [[second_person]] of config.toml.
type secondRow struct {
	Name      string             `toml:"name"`
	Actions   []model.ActionKind `toml:"actions"`
	Verdicts  []model.Verdict    `toml:"verdicts"`
	Reasons   []string           `toml:"reasons"`
	Countries []string           `toml:"countries"`
	Flows     []string           `toml:"flows"`
}

func (d *document) takeSecond(value any) error {
	const form = `write each as [[second_person]] with name = "…" and what it is about: actions, verdicts, reasons, countries, flows, ` +
		`each a list such as ["approve"]; what is left out is not asked about`
	rows, ok := value.([]any)
	if !ok {
		return d.wrong("second_person", "", form)
	}
	for i, value := range rows {
		row := secondRow{}
		err := strictly(value, &row)
		name := row.Name
		if name == "" {
			name = strconv.Itoa(i + 1)
		}
		if err != nil {
			return d.wrong(name, "second_person", form)
		}
		if do := row.check(); do != "" {
			return d.wrong(name, "second_person", do)
		}
		d.second = append(d.second, model.SecondRule(row))
	}
	return nil
}

// check says what is wrong with a rule: one that can never apply protects nobody.
func (r secondRow) check() (do string) {
	verdicts := append(model.Verdicts(), "")
	actions := make([]model.ActionKind, 0, len(model.Actions()))
	for _, a := range model.Actions() {
		actions = append(actions, a.Kind)
	}
	switch {
	case strings.TrimSpace(r.Name) == "":
		return "give it a name: people read it when they are asked for a second person"
	case stranger(r.Actions, actions) >= 0:
		return "there is no action " + strconv.Quote(string(r.Actions[stranger(r.Actions, actions)])) + ": write " + strings.Join(names(actions), ", ")
	case stranger(r.Verdicts, verdicts) >= 0:
		return "there is no verdict " + strconv.Quote(string(r.Verdicts[stranger(r.Verdicts, verdicts)])) + ": write " + strings.Join(names(model.Verdicts()), ", ")
	case slices.ContainsFunc(r.Reasons, func(code string) bool { return !reasonCode.MatchString(code) }):
		return "name reasons by their codes"
	case slices.ContainsFunc(r.Countries, notAlpha3):
		return `name countries by three capital letters, such as "MEX"`
	}
	return ""
}

// stranger returns the first place of a value that is not known, or -1.
func stranger[T comparable](given, known []T) int {
	return slices.IndexFunc(given, func(v T) bool { return !slices.Contains(known, v) })
}

func notAlpha3(code string) bool {
	return len(code) != 3 || strings.ContainsFunc(code, func(r rune) bool { return r < 'A' || r > 'Z' })
}
