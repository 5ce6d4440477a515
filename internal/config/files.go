package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/joho/godotenv"

	"docket/model"
)

// readEnvFile reads the file of --env-file: NAME=value lines, quoted or not,
// with comments and "export". DOCKET_… names win over the token backend
// sample's; names of other programs are passed over.
func (c *Config) readEnvFile(path string) (layer, error) {
	l := layer{values: map[string]string{}, source: func(string) string { return path }}
	if path == "" {
		return l, nil
	}
	data, err := readFile(path)
	if err != nil {
		return layer{}, unreadable("The file of --env-file", path, err)
	}
	vars, err := parseEnv(data)
	if err != nil {
		// What the parser says quotes the rest of the file, with its secrets.
		return layer{}, model.NewProblem(model.KindUsage, "The file of --env-file cannot be understood",
			fmt.Sprintf("%s, line %d", path, badLine(data)), "write lines of the form NAME=value, with quotes closed where they are opened")
	}
	for _, f := range fields() {
		l.values[f.key] = vars[f.sample]
		if own := vars[envName(f.key)]; own != "" {
			l.values[f.key] = own
		}
	}
	for name, value := range vars {
		if strings.HasPrefix(name, notifySecret) {
			l.values[name] = value
		}
	}
	l.values["profile"] = vars[envPrefix+"PROFILE"]
	c.checkMode(path, l)
	return l, nil
}

// maxFile is far above any configuration; what is larger is something else.
const maxFile = 1 << 20

// readFile reads a file that a person wrote.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = errTooLarge
	}
	return data, err
}

var errTooLarge = errors.New("larger than 1 MiB")

// literalDollar stands for a dollar sign while godotenv parses: it would expand
// $NAME, which the sample's own reader does not, and spoil keys that hold one.
const literalDollar = "\uE000"

func parseEnv(data []byte) (map[string]string, error) {
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	vars, err := godotenv.UnmarshalBytes(bytes.ReplaceAll(data, []byte("$"), []byte(literalDollar)))
	for name, value := range vars {
		vars[name] = strings.ReplaceAll(value, literalDollar, "$")
	}
	return vars, err
}

// badLine finds the first line, counted from 1, from which on the file cannot
// be parsed: the one after the longest beginning that can.
func badLine(data []byte) int {
	lines := bytes.SplitAfter(data, []byte("\n"))
	for n := len(lines) - 1; n > 0; n-- {
		if _, err := parseEnv(bytes.Join(lines[:n], nil)); err == nil {
			return n + 1
		}
	}
	return 1
}

func unreadable(what, path string, err error) error {
	why := err
	var refused *fs.PathError
	if errors.As(err, &refused) {
		why = refused.Err // without the call and the path
	}
	p := model.NewProblem(model.KindFailed, what+" cannot be read: "+why.Error(), path, "check the path and who may read it").Because(err)
	if errors.Is(err, fs.ErrNotExist) {
		p.Message, p.Kind = what+" does not exist", model.KindUsage
	}
	if errors.Is(err, errTooLarge) {
		p.Message, p.Do = what+" is larger than 1 MiB", "name the right file"
	}
	return p
}

// checkMode warns when a file with a secret can be read by other users.
func (c *Config) checkMode(path string, layers ...layer) {
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0 || !info.Mode().IsRegular() {
		return
	}
	var names []string
	for _, f := range fields() {
		held := func(l layer) bool { return l.values[f.key] != "" && f.secret(l.values[f.key]) }
		if slices.ContainsFunc(layers, held) {
			names = append(names, f.key)
		}
	}
	for _, l := range layers {
		for _, name := range slices.Sorted(maps.Keys(l.values)) {
			if strings.HasPrefix(name, notifySecret) {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		return
	}
	c.Warnings = append(c.Warnings, fmt.Sprintf("%s can be read by others (mode %04o) and holds %s: run chmod 600 %s",
		path, info.Mode().Perm(), strings.Join(names, " and "), path))
}
