package config

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/model"
)

// ruleRow is one [[rule]] of config.toml.
type ruleRow struct {
	Name      string               `toml:"name"`
	Event     model.RuleEvent      `toml:"event"`
	Verdict   []model.Verdict      `toml:"verdict"`
	Status    []model.Status       `toml:"status"`
	Flow      []string             `toml:"flow"`
	Country   []string             `toml:"country"`
	Reason    []model.ReviewReason `toml:"reason"`
	Check     []string             `toml:"check"`
	Antifraud []model.CheckStatus  `toml:"antifraud"`
	Existing  *bool                `toml:"existing"`
	Tagged    []string             `toml:"tagged"`

	Tag    []string `toml:"tag"`
	Ahead  string   `toml:"ahead"`
	Assign string   `toml:"assign"`
	For    string   `toml:"for"`
	Notify []string `toml:"notify"`
	Enroll bool     `toml:"enroll"`
}

func (d *document) takeRules(value any) error {
	const form = `write each as [[rule]] with name = "…", what it is about (event, verdict, status, flow, country, reason, check, antifraud, ` +
		`tagged, each a list but event, and existing = true or false) and what it does (tag = ["…"], ahead = "2h", assign = "os:ana" with for = "8h", ` +
		`notify = ["…"], enroll = true)`
	rows, ok := value.([]any)
	if !ok {
		return d.wrong("rule", "", form)
	}
	seen := map[string]bool{}
	for i, value := range rows {
		var row ruleRow
		err := strictly(value, &row)
		name := row.Name
		if name == "" {
			name = strconv.Itoa(i + 1)
		}
		if err != nil {
			return d.wrong(name, "rule", form)
		}
		rule, do := row.rule()
		switch {
		case do == "" && seen[row.Name]:
			do = "its name stands there twice: the audit log names rules, so give each its own"
		case do == "":
			do = d.untold(rule)
		}
		if do != "" {
			return d.wrong(name, "rule", do)
		}
		seen[row.Name] = true
		d.rules = append(d.rules, rule)
	}
	return nil
}

// untold says what to do about a target that a rule names and the file does not have.
func (d *document) untold(r model.InboxRule) string {
	for _, name := range r.Notify {
		if !slices.ContainsFunc(d.notify, func(n Notify) bool { return n.Name == name }) {
			return "there is no target " + strconv.Quote(name) + ": add [[notify]] with this name, or correct it"
		}
	}
	return ""
}

// rule returns the rule of a row, or says what to do about it.
func (r ruleRow) rule() (rule model.InboxRule, do string) {
	ahead, aheadOK := spanOf(r.Ahead)
	lease, leaseOK := spanOf(r.For)
	if r.Event == "" {
		r.Event = model.RuleVerdict
	}
	rule = model.InboxRule{
		Name: r.Name, Event: r.Event, Verdicts: r.Verdict, Statuses: r.Status, Flows: r.Flow, Countries: r.Country, Reasons: r.Reason,
		Checks: r.Check, Antifraud: r.Antifraud, Existing: r.Existing, Tagged: r.Tagged,
		Tags: r.Tag, Ahead: ahead, Assign: r.Assign, For: lease, Notify: r.Notify, Enroll: r.Enroll,
	}
	if do := r.conditions(); do != "" {
		return rule, do
	}
	switch {
	case !aheadOK:
		return rule, `write for ahead a time such as "2h" or "3d", instead of ` + strconv.Quote(r.Ahead)
	case !leaseOK:
		return rule, `write for for a time such as "8h", instead of ` + strconv.Quote(r.For)
	case r.For != "" && r.Assign == "":
		return rule, "for says how long an assignment lasts: add assign, or leave it out"
	case r.Assign != "" && !identity(r.Assign):
		return rule, `write for assign who it is as docket whoami says it, such as "os:ana", "ssh:ana" or "token:ana@example.com", instead of ` + strconv.Quote(r.Assign)
	case slices.ContainsFunc(slices.Concat(r.Tag, r.Tagged), badTag):
		return rule, "write tags as one line each, none of them empty, at most " + strconv.Itoa(longestTag) + " letters"
	case r.Enroll && !slices.Equal(r.Verdict, []model.Verdict{model.OK}):
		return rule, `enroll creates an identity by itself: that is for what passed, so write verdict = ["OK"] beside it and nothing else`
	case r.Enroll && r.Assign != "":
		return rule, "a rule does not enrol what somebody has claimed: leave out enroll or assign"
	case !rule.Acts():
		return rule, "say what it does: tag, ahead, assign, notify or enroll"
	}
	return rule, ""
}

// conditions says what is wrong with what a rule is about: one that can never apply
// does nothing, and nobody would see.
func (r ruleRow) conditions() (do string) {
	events := []model.RuleEvent{model.RuleArrived, model.RuleVerdict}
	among := func(what, value string, known []string) string {
		return "there is no " + what + " " + strconv.Quote(value) + ": write " + strings.Join(known, ", ")
	}
	verdict, antifraud, status := stranger(r.Verdict, model.Verdicts()), stranger(r.Antifraud, model.Verdicts()), stranger(r.Status, model.Statuses())
	switch {
	case !reasonCode.MatchString(r.Name) || len(r.Name) > longestCode:
		return "give it a name in lower case letters and digits, with single hyphens between, at most " + strconv.Itoa(longestCode) + ": the audit log names it"
	case !slices.Contains(events, r.Event):
		return among("event", string(r.Event), names(events))
	case verdict >= 0:
		return among("verdict", string(r.Verdict[verdict]), names(model.Verdicts()))
	case antifraud >= 0:
		return among("result of a check", string(r.Antifraud[antifraud]), names(model.Verdicts()))
	case status >= 0:
		return among("status", string(r.Status[status]), names(model.Statuses()))
	case slices.ContainsFunc(r.Country, notAlpha3):
		return `name countries by three capital letters, such as "MEX"`
	}
	return ""
}

// longestTag is how long a tag of a rule may be: it stands in a column.
const longestTag = 40

func badTag(tag string) bool {
	return strings.TrimSpace(tag) != tag || tag == "" || len([]rune(tag)) > longestTag ||
		strings.ContainsFunc(tag, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// identity reports whether a text is written as identities are: kind:name.
func identity(text string) bool {
	kind, name, found := strings.Cut(text, ":")
	return found && kind != "" && name != "" && !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f })
}

// Notify is a target of outgoing webhooks.
type Notify struct {
	Name   string
	URL    string
	Secret Secret // signs what is sent; empty: it was not given
}

// notifyRow is one [[notify]] of config.toml.
type notifyRow struct {
	Name string `toml:"name"`
	URL  string `toml:"url"`
}

// NotifySecretName is the variable of a target's secret: that of ops-desk is
// DOCKET_NOTIFY_SECRET_OPS_DESK.
func NotifySecretName(target string) string {
	return notifySecret + strings.ToUpper(strings.ReplaceAll(target, "-", "_"))
}

const notifySecret = envPrefix + "NOTIFY_SECRET_"

func (d *document) takeNotify(value any) error {
	const form = `write each as [[notify]] with name = "…" and url = "https://…"; its secret is in the environment`
	rows, ok := value.([]any)
	if !ok {
		return d.wrong("notify", "", form)
	}
	for i, value := range rows {
		var row notifyRow
		err := strictly(value, &row)
		name := row.Name
		if name == "" {
			name = strconv.Itoa(i + 1)
		}
		do := row.check(d.notify)
		if err != nil {
			do = form
		}
		if do != "" {
			return d.wrong(name, "notify", do)
		}
		d.notify = append(d.notify, Notify{Name: row.Name, URL: row.URL})
	}
	return nil
}

// check says what is wrong with a target. It does not quote the address: people put
// keys in there.
func (n notifyRow) check(before []Notify) (do string) {
	u, err := url.Parse(n.URL)
	switch {
	case !reasonCode.MatchString(n.Name) || len(n.Name) > longestCode:
		return "give it a name in lower case letters and digits, with single hyphens between, at most " + strconv.Itoa(longestCode)
	case slices.ContainsFunc(before, func(b Notify) bool { return b.Name == n.Name }):
		return "its name stands there twice: give each its own"
	case err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http":
		return "write a whole address, such as https://hooks.example.com/docket"
	case u.User != nil:
		return "take user and password out of the address: the receiver knows docket by the signature"
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return "write https instead of http (http is taken for this machine only)"
	}
	return ""
}

// notifySecrets takes the secrets of targets from the file of --env-file and the
// environment, which wins.
func (c *Config) notifySecrets(file layer, env func(string) string) (wrong []error) {
	for i := range c.Notify {
		name := NotifySecretName(c.Notify[i].Name)
		text, from := file.values[name], "--env-file"
		if own := env(name); own != "" {
			text, from = own, "the environment"
		}
		if 0 < len(text) && len(text) < shortestSecret {
			wrong = append(wrong, model.NewProblem(model.KindUsage, "A secret is too short to prove anything", name+" from "+from,
				"give at least "+strconv.Itoa(shortestSecret)+" letters, as openssl rand -hex 32 makes them"))
			continue
		}
		c.Notify[i].Secret = NewSecret(text)
	}
	return wrong
}

// shortestSecret keeps one from being guessed.
const shortestSecret = 16

// leaseOf completes rules that assign: without a time of its own an assignment lasts as
// any claim does.
func (c *Config) leaseOf() (wrong []error) {
	for i := range c.Rules {
		r := &c.Rules[i]
		if r.Assign == "" || r.For > 0 {
			continue
		}
		if r.For = c.Claim; r.For <= time.Duration(0) {
			wrong = append(wrong, model.NewProblem(model.KindUsage, "A rule assigns sessions, and sessions are not claimed here (claim = 0)",
				"rule."+r.Name, `say with for = "8h" how long it lasts`))
		}
	}
	return wrong
}
