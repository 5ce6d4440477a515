package cli

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	mango "github.com/muesli/mango-cobra"
	"github.com/muesli/roff"
	"github.com/spf13/cobra"

	"docket/model"
)

func (a *app) man() *cobra.Command {
	return &cobra.Command{
		Use:     "man",
		Short:   "Print the manual page",
		Long:    "Prints the manual page, made from the same commands and flags as the help.",
		Example: "  docket man | man -l -",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			page, err := mango.NewManPage(1, cmd.Root())
			if err != nil {
				return model.NewProblem(model.KindFailed, "The manual page could not be made: "+err.Error(), "", "use `docket --help`").Because(err)
			}
			page.WithLongDescription(unbroken(cmd.Root().Long))
			page.WithSection("Exit status", exitStatus()).WithSection("Examples", examples(cmd.Root()))
			text := shortFlag.ReplaceAllString(page.Build(roff.NewDocument()), "-$1, --")
			_, err = io.WriteString(a.env.Stdout, text)
			return failed(err)
		},
	}
}

// shortFlag is how the library writes the short form of a flag.
var shortFlag = regexp.MustCompile(`--([a-z]) --`)

// unbroken joins the lines of each paragraph: a manual page breaks them itself.
func unbroken(text string) string {
	paragraphs := strings.Split(text, "\n\n")
	for i, p := range paragraphs {
		paragraphs[i] = strings.ReplaceAll(p, "\n", " ")
	}
	return strings.Join(paragraphs, "\n\n")
}

// exitStatus writes the exit codes, one a paragraph.
func exitStatus() string {
	var b strings.Builder
	for _, e := range ExitCodes() {
		fmt.Fprintf(&b, "%d: %s\n\n", e.Code, e.Says)
	}
	return strings.TrimSpace(b.String())
}

// examples collects those of all commands, one a paragraph.
func examples(cmd *cobra.Command) string {
	var all []string
	for line := range strings.Lines(cmd.Example) {
		all = append(all, strings.TrimSpace(line))
	}
	for _, c := range cmd.Commands() {
		if text := examples(c); text != "" {
			all = append(all, text)
		}
	}
	return strings.Join(all, "\n\n")
}
