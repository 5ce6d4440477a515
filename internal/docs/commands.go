package docs

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"docket/cli"
	"docket/model"
)

// Help returns what `docket … --help` prints for a command line without the
// name of the program. The error says that a name or a flag does not exist, or
// that a flag does not take its value.
func Help(words ...string) (string, error) {
	var out, said strings.Builder
	exit := cli.Run(context.Background(), cli.Env{
		Args: append(slices.Clone(words), "--help"), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &said,
	})
	if exit != model.ExitDone {
		return "", fmt.Errorf("docket %s: exit code %d: %s", strings.Join(words, " "), exit, strings.TrimSpace(said.String()))
	}
	return out.String(), nil
}

// listed is a line of help that names a command.
var listed = regexp.MustCompile(`^  ([a-z]+) +\S`)

// Headings of help.
const (
	headUsage       = "\nUsage:\n"
	headFlags       = "\nFlags:\n"
	headGlobalFlags = "\nGlobal Flags:\n"
	headExamples    = "Examples:"
	footMore        = "\nUse \"docket"
)

// under returns the commands below one, in the order of its help.
func under(path ...string) ([][]string, error) {
	help, err := Help(path...)
	if err != nil {
		return nil, err
	}
	_, help, _ = strings.Cut(help, headUsage)
	help, _, _ = strings.Cut(help, headFlags)
	heading := ""
	var all [][]string
	for _, line := range strings.Split(help, "\n") {
		if line != "" && line[0] != ' ' {
			heading = line
		}
		m := listed.FindStringSubmatch(line)
		if m != nil && heading != "" && heading != headExamples && m[1] != "help" {
			all = append(all, append(slices.Clone(path), m[1]))
		}
	}
	return all, nil
}

// commands writes the help of every command that does something.
func commands() (string, error) {
	var b strings.Builder
	var walk func(path []string) error
	walk = func(path []string) error {
		below, err := under(path...)
		if err != nil {
			return err
		}
		help, err := Help(path...)
		if err != nil {
			return err
		}
		if len(path) > 0 && (len(below) == 0 || runs(help)) {
			help, _, _ = strings.Cut(help, headGlobalFlags)
			fmt.Fprintf(&b, "### docket %s\n\n```text\n%s\n```\n\n", strings.Join(path, " "), strings.TrimSpace(help))
		}
		for _, p := range below {
			if err := walk(p); err != nil {
				return err
			}
		}
		return nil
	}
	err := walk(nil)
	return b.String(), err
}

// runs reports whether a command does something by itself though there are others below
// it: then it has flags of its own, beside the one for help.
func runs(help string) bool {
	_, flags, _ := strings.Cut(help, headFlags)
	flags, _, _ = strings.Cut(flags, "\n\n")
	return strings.Count(flags, "--") > 1
}

// globalFlags writes the flags that every command takes.
func globalFlags() (string, error) {
	help, err := Help("version")
	if err != nil {
		return "", err
	}
	_, flags, found := strings.Cut(help, headGlobalFlags)
	if !found {
		return "", fmt.Errorf("help does not name the global flags")
	}
	flags, _, _ = strings.Cut(flags, footMore)
	return "```text\n" + strings.TrimRight(flags, "\n ") + "\n```", nil
}
