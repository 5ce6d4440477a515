package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"docket/desk"
	"docket/model"
)

// longestLine is how much of a line of ids is read: an id with a comment behind
// it. What is longer is no id, and may be a whole disk without a line break.
const longestLine = 4096

// mostIDs is how many ids one command takes: more than an inbox is made for.
const mostIDs = 1_000_000

// mostToldLines is how many lines without an id are named one by one: a file of
// something else should not be told whole.
const mostToldLines = 20

// idList is what was read from standard input.
type idList struct {
	ids []string
	bad int // lines that hold no id
}

// idsFrom reads ids one a line, each once; blank lines and what follows # are
// left out. A line that holds no id is told with its number, and the next is
// read.
func (a *app) idsFrom(ctx context.Context) (idList, error) {
	var list idList
	seen := map[string]bool{}
	for number := 1; ; number++ {
		text, err := a.line(ctx)
		if errors.Is(err, io.EOF) {
			list.rest(a)
			return list, nil
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return list, stopped(err, "The ids could not be read", "standard input")
		}
		id, _, _ := strings.Cut(text, "#")
		id = strings.TrimSpace(id)
		switch {
		case err == nil && (id == "" || seen[id]):
		case err != nil || !desk.ValidID(id):
			list.refuse(a, number, id)
		case len(list.ids) == mostIDs:
			return list, usage(fmt.Sprintf("There are more than %d ids", mostIDs), "standard input", "split them over several commands; nothing was added")
		default:
			seen[id] = true
			list.ids = append(list.ids, id)
		}
	}
}

// refuse tells a line that holds no id.
func (l *idList) refuse(a *app, number int, text string) {
	l.bad++
	if l.bad <= mostToldLines {
		a.say(fmt.Sprintf("line %d: this is not an interview id (%s); left out", number, quoted(text)))
	}
}

// rest tells how many more lines held no id than were named.
func (l *idList) rest(a *app) {
	if more := l.bad - mostToldLines; more > 0 {
		a.say(fmt.Sprintf("%d more lines are not interview ids; left out", more))
	}
}

// problem is what is told in the end of lines that hold no id; nil without any.
func (l *idList) problem() *model.Problem {
	if l.bad == 0 {
		return nil
	}
	return model.NewProblem(model.KindUsage, fmt.Sprintf("%d of the lines hold no interview id", l.bad), "standard input",
		"an interview id is letters, digits, - and _, at most 64 of them")
}

// idsOf takes ids from the arguments, and from standard input where one is -.
func (a *app) idsOf(ctx context.Context, args []string) (idList, error) {
	i := slices.Index(args, "-")
	if i < 0 {
		return idList{ids: unique(args)}, nil
	}
	list, err := a.idsFrom(ctx)
	if err != nil {
		return list, err
	}
	ids := slices.Concat(args[:i], list.ids, args[i+1:])
	list.ids = unique(slices.DeleteFunc(ids, func(id string) bool { return id == "-" })) // it was read whole the first time
	return list, nil
}
