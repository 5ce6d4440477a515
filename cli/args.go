package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"docket/desk"
	"docket/model"
)

// noArgs allows no arguments.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usage(cmd.CommandPath()+" takes no arguments", quoted(args[0]), "leave it out")
}

// oneID allows one interview id.
func oneID(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usage(fmt.Sprintf("%s takes one interview id, %d were given", cmd.CommandPath(), len(args)), "", "name one id")
	}
	return validIDs(args)
}

// someIDs allows one interview id and more.
func someIDs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usage(cmd.CommandPath()+" takes interview ids, none was given", "", "name one or more")
	}
	return validIDs(args)
}

func validIDs(ids []string) error {
	for _, id := range ids {
		if !desk.ValidID(id) {
			return usage("This is not an interview id", quoted(id), "an interview id is letters, digits, - and _, at most 64 of them")
		}
	}
	return nil
}

// quoted shows a text that a person typed, cut and without obeying it.
func quoted(s string) string {
	const most = 64
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return fmt.Sprintf("%+q", s)
}

// unique drops what was named twice and keeps the order.
func unique(list []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool {
		was := seen[s]
		seen[s] = true
		return was
	})
}

// stopped turns an error of reading what a person says into a problem.
func stopped(err error, what, subject string) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled):
		return model.NewProblem(model.KindUndone, what+": interrupted, nothing was sent", subject, "").Because(err)
	case errors.Is(err, bufio.ErrBufferFull):
		return usage(what+": the line is too long", subject, "write it shorter")
	case errors.Is(err, io.EOF):
		return usage(what+": there was nothing to read", subject, "give it on standard input, or work on a terminal")
	}
	return model.NewProblem(model.KindFailed, what+": "+cause(err), subject, "try again").Because(err)
}

// choice is a flag with a list of values.
type choice struct {
	value string
	among []string
}

// chosen returns a choice; the first value is the default.
func chosen(among ...string) *choice { return &choice{value: among[0], among: among} }

// String, Set and Type make it a flag.
func (c *choice) String() string { return c.value }

// Set takes one of the values.
func (c *choice) Set(s string) error {
	if !slices.Contains(c.among, s) {
		return fmt.Errorf("it is one of: %s", strings.Join(c.among, ", "))
	}
	c.value = s
	return nil
}

// Type is what help calls the value.
func (c *choice) Type() string { return strings.Join(c.among, "|") }

// outputFlag gives a command -o.
func outputFlag(cmd *cobra.Command, among ...string) *choice {
	c := chosen(among...)
	cmd.Flags().VarP(c, "output", "o", "how to write the result")
	complete(cmd, "output", among...)
	return c
}
