package docs

import (
	"fmt"
	"strconv"
	"strings"

	"docket/cli"
	"docket/desk"
	"docket/model"
	"docket/omni"
	"docket/provider/meaning"
	"docket/sim"
	"docket/ui/common"
)

// endpoints lists the table by which every call is made.
func endpoints() string {
	tokens := map[omni.Auth]string{
		omni.AuthKey: "none", omni.AuthID: "executive", omni.AuthExecutive: "executive (demanded)", omni.AuthSession: "the session's own",
	}
	var rows [][]string
	for _, e := range omni.Endpoints() {
		effect := "reads"
		if e.Effect == omni.Write {
			effect = "**writes**"
		}
		rows = append(rows, []string{
			e.Name, e.Title, code(e.Method + " " + e.Path), params(e.Query), params(e.Body), effect, tokens[e.Auth],
		})
	}
	return table([]string{"Name", "Section of the reference", "Method and path", "Query", "Body", "Effect", "Token"}, rows)
}

// params lists parameters; those that are always sent have no question mark.
func params(list []omni.Param) string {
	names := make([]string, len(list))
	for i, p := range list {
		names[i] = p.Name
		if !p.Required {
			names[i] += "?"
		}
	}
	return code(names...)
}

func exitCodes() string {
	var rows [][]string
	for _, e := range cli.ExitCodes() {
		rows = append(rows, []string{strconv.Itoa(e.Code), e.Says})
	}
	return table([]string{"Code", "Means"}, rows)
}

func views() string {
	var rows [][]string
	for i, v := range model.Views() {
		rows = append(rows, []string{code(strconv.Itoa(i + 1)), v.Title, code(string(v.View)), v.Says})
	}
	return table([]string{"Key", "View", "`--view`", "Holds"}, rows)
}

func orders() string {
	var b strings.Builder
	for _, s := range model.Sorts() {
		b.WriteString("- " + s.Title + "\n")
	}
	return b.String()
}

func reasons() string {
	var rows [][]string
	for _, r := range desk.DefaultReasons() {
		kinds := make([]string, len(r.For))
		for i, k := range r.For {
			kinds[i] = string(k)
		}
		note := ""
		if r.NeedsNote {
			note = "needed"
		}
		row := []string{code(r.Code), string(r.Area)}
		for _, lang := range model.ReasonLanguages() {
			row = append(row, r.Text(lang))
		}
		rows = append(rows, append(row, strings.Join(kinds, ", "), note))
	}
	return table([]string{"Code", "Area", "English", "Spanish", "For", "Note"}, rows)
}

func actions() string {
	proofs := map[model.Proof]string{
		model.ProveNothing: "nothing: a person decides", model.ProveStatus: "the onboarding status", model.ProveGone: "the session is gone",
	}
	var rows [][]string
	for _, a := range model.Actions() {
		final := ""
		if a.Careful {
			final = "yes"
		}
		rows = append(rows, []string{a.Title, a.Effect, final, proofs[a.Proof]})
	}
	return table([]string{"Action", "Effect", "Final at the API", "What proves an unknown outcome"}, rows)
}

// verdictSigns shows how a verdict or the status of a check looks without any
// colour.
func verdictSigns() string {
	var rows [][]string
	for _, v := range model.Verdicts() {
		m := meaning.Verdict(v)
		open := ""
		if v.OpenToDecision() {
			open = "yes"
		}
		rows = append(rows, []string{common.Sign(v.Tone()), code(string(v)), m.Text, open})
	}
	return table([]string{"Sign", "Verdict", "Means", "Waits for a person"}, rows)
}

func statuses() string {
	var rows [][]string
	for _, s := range model.Statuses() {
		rows = append(rows, []string{code(string(s)), meaning.Status(s).Text})
	}
	return table([]string{"Status", "Means"}, rows)
}

// classes shows what masking leaves of made-up values.
func classes() string {
	var rows [][]string
	for _, c := range []struct {
		class      model.Class
		says, like string
	}{
		{model.ClassName, "a person's name", "Ana Gómez"},
		{model.ClassBirth, "date and place of birth, age", "1990-02-22"},
		{model.ClassTrait, "gender, nationality, height, eye colour", "F"},
		{model.ClassDocument, "numbers that identify a person or a document, machine-readable zones, barcodes", "G38214907"},
		{model.ClassAddress, "where somebody lives", "Main Street 1"},
		{model.ClassContact, "phone and e-mail", "ana@example.test"},
		{model.ClassDevice, "IP address and device hash", "192.0.2.1"},
		{model.ClassPlace, "where the device was", "Madrid"},
		{model.ClassSpeech, "what somebody said or wrote", "yes, I am"},
		{model.ClassOther, "anything that nobody has said what it is: a custom field, a member that is new", "blue"},
	} {
		rows = append(rows, []string{c.says, c.like, model.NewPersonal(c.class, c.like).String()})
	}
	return table([]string{"Kind", "For instance", "Masked"}, rows)
}

func simDefaults() string {
	return table([]string{"What", "Value"}, [][]string{
		{"API key", code(sim.DefaultAPIKey)},
		{"e-mail and password of the executive", code(sim.DefaultEmail, sim.DefaultPassword)},
		{"sessions, seed", code(fmt.Sprint(sim.DefaultSessions), fmt.Sprint(sim.DefaultSeed))},
	})
}
