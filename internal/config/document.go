package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"docket/model"
)

// document is what a config.toml says.
type document struct {
	path           string // "" when there is none
	top            layer
	profiles       map[string]layer
	defaultProfile string
	keys           map[string][]string
	reasons        []model.Reason
	retention      model.Retention
	second         []model.SecondRule
	rules          []model.InboxRule
	notify         []Notify
	gateway        Gateway
	people         []Person
	ssh            SSH
}

// readDocument reads config.toml: the given one, which must exist, or the one
// under the XDG config directory, which need not.
func (c *Config) readDocument(given string) (document, error) {
	path := given
	if path == "" {
		path = filepath.Join(c.Dirs.Config, "config.toml")
	}
	data, err := readFile(path)
	if given == "" && errors.Is(err, fs.ErrNotExist) {
		return document{ssh: defaultSSH()}, nil
	}
	if err != nil {
		return document{}, unreadable("The configuration file", path, err)
	}
	c.Path = path
	doc, err := parseDocument(path, data)
	if err != nil {
		return document{}, err
	}
	c.checkMode(path, append(slices.Collect(maps.Values(doc.profiles)), doc.top)...)
	return doc, nil
}

func parseDocument(path string, data []byte) (document, error) {
	var raw map[string]any
	if err := toml.Unmarshal(data, &raw); err != nil {
		return document{}, badTOML(path, err)
	}
	doc := document{path: path, profiles: map[string]layer{}, ssh: defaultSSH()}
	for _, special := range []struct {
		key  string
		take func(*document, any) error
	}{
		{"profile", (*document).takeProfiles},
		{"default_profile", (*document).takeDefaultProfile},
		{"keys", (*document).takeKeys},
		{"reasons", (*document).takeReasons},
		{"retention", (*document).takeRetention},
		{"second_person", (*document).takeSecond},
		{"notify", (*document).takeNotify},
		{"rule", (*document).takeRules}, // they name what is before them
		{"gateway", (*document).takeGateway},
		{"person", (*document).takePeople},
		{"ssh", (*document).takeSSH},
	} {
		value, ok := raw[special.key]
		if !ok {
			continue
		}
		if err := special.take(&doc, value); err != nil {
			return document{}, err
		}
		delete(raw, special.key)
	}
	var err error
	doc.top, err = doc.layer(raw, "")
	return doc, err
}

// badTOML tells where a file is not TOML. What the parser says about it could
// quote a secret.
func badTOML(path string, err error) error {
	place := path
	var where *toml.DecodeError
	if errors.As(err, &where) {
		line, column := where.Position()
		place = fmt.Sprintf("%s, line %d, column %d", path, line, column)
	}
	return model.NewProblem(model.KindUsage, "The configuration file is not TOML", place,
		`correct it: texts stand in quotes, as in api_url = "https://api.example.com"`)
}

// layer makes a layer of the values in a table: the whole file, or a profile.
func (d *document) layer(table map[string]any, within string) (layer, error) {
	place := d.path
	if within != "" {
		place += " [" + within + "]"
	}
	l := layer{values: map[string]string{}, source: func(string) string { return place }}
	for _, key := range slices.Sorted(maps.Keys(table)) {
		if !isField(key) {
			return layer{}, d.unknown(key, within)
		}
		text, ok := scalar(table[key])
		if !ok {
			return layer{}, d.wrong(key, within, "write a single value, in quotes unless it is true, false or a number")
		}
		l.values[key] = text
	}
	return l, nil
}

// strictly decodes a table of the document into what it may hold and nothing else.
func strictly(table, into any) error {
	// Written back and read again, the table gets the decoder's own strictness.
	data, err := toml.Marshal(table)
	if err != nil {
		return err
	}
	return toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(into)
}

// scalar writes a value of TOML as the environment would hold it.
func scalar(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case int64:
		return strconv.FormatInt(v, 10), true
	}
	return "", false
}

func (d *document) unknown(key, within string) error {
	known := make([]string, 0, len(fields()))
	for _, f := range fields() {
		known = append(known, f.key)
	}
	if within == "" {
		known = append(known, "default_profile", "[profile.NAME]", "[keys]", "[[reasons]]", "[retention]", "[[second_person]]", "[[rule]]", "[[notify]]", "[gateway]", "[[person]]", "[ssh]")
	}
	return model.NewProblem(model.KindUsage, "The configuration file has a key that does not exist", d.place(key, within),
		"correct or remove it; there are "+strings.Join(known, ", "))
}

func (d *document) wrong(key, within, do string) error {
	return model.NewProblem(model.KindUsage, "A value of the configuration file cannot be used", d.place(key, within), do)
}

func (d *document) place(key, within string) string {
	if within != "" {
		key = within + "." + key
	}
	return strconv.Quote(key) + " in " + d.path
}

func (d *document) takeProfiles(value any) error {
	tables, ok := value.(map[string]any)
	if !ok {
		return d.wrong("profile", "", `write default_profile = "NAME"; profile is for the tables [profile.NAME]`)
	}
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		table, ok := tables[name].(map[string]any)
		if !ok {
			return d.wrong(name, "profile", "write it as a table, [profile.NAME], with the values of that profile below")
		}
		l, err := d.layer(table, "profile."+name)
		if err != nil {
			return err
		}
		d.profiles[name] = l
	}
	return nil
}

func (d *document) takeDefaultProfile(value any) error {
	name, ok := value.(string)
	if !ok {
		return d.wrong("default_profile", "", "write the name of a profile in quotes")
	}
	d.defaultProfile = name
	return nil
}

// profile returns the values of a profile.
func (d *document) profile(name, from string) (layer, error) {
	if l, ok := d.profiles[name]; ok {
		return l, nil
	}
	do := "there are " + strings.Join(slices.Sorted(maps.Keys(d.profiles)), ", ")
	if len(d.profiles) == 0 {
		do = "there are none; write a table [profile." + name + "] in config.toml"
	}
	return layer{}, model.NewProblem(model.KindUsage, "There is no such profile", strconv.Quote(name)+" from "+from, do)
}

// takeKeys reads [keys]: for each action a key, or a list of keys, which may be
// empty.
func (d *document) takeKeys(value any) error {
	table, ok := value.(map[string]any)
	if !ok {
		return d.wrong("keys", "", "write it as a table, [keys], with a line such as approve = \"a\" for each action")
	}
	d.keys = map[string][]string{}
	for action, bound := range table {
		keys, ok := listOfTexts(bound)
		if !ok {
			return d.wrong(action, "keys", `write one key, "a", or several, ["a", "ctrl+a"]`)
		}
		d.keys[action] = keys
	}
	return nil
}

func listOfTexts(value any) ([]string, bool) {
	if one, ok := value.(string); ok {
		return []string{one}, true
	}
	list, ok := value.([]any)
	texts := make([]string, 0, len(list))
	for _, item := range list {
		text, isText := item.(string)
		ok = ok && isText
		texts = append(texts, text)
	}
	return texts, ok
}
