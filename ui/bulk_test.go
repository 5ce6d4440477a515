package ui_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/internal/vtdriver"
	"docket/model"
	"docket/ui/uitest"
)

// marking marks the whole list of everything.
func marking(d *vtdriver.Driver) *vtdriver.Driver {
	return d.See("1 of 5").Press("9").See("1 of 13").Press("A").See("Mark every session of this list: 13 in All").Press("y").See("13 marked")
}

// checked goes on to the end of a dry run of rejecting what is marked.
func checked(d *vtdriver.Driver) *vtdriver.Driver {
	d.Press("x").See("13 marked sessions").Press("enter").Type("all of them").See("complete").Press("ctrl+s")
	return d.See("13 of 13 read", "would be sent")
}

func TestGoldenBulk(t *testing.T) {
	screens := []struct {
		name string
		act  func(*vtdriver.Driver)
	}{
		{"form", func(d *vtdriver.Driver) { d.Press("a").See("13 marked sessions") }},
		{"rare", func(d *vtdriver.Driver) { d.Press("!").See("Rare actions on 13 marked") }},
		{"dry", func(d *vtdriver.Driver) { checked(d) }},
		{"tally", func(d *vtdriver.Driver) { checked(d).Press("ctrl+s").See("Type the number of sessions") }},
		{"ended", func(d *vtdriver.Driver) {
			checked(d).Press("ctrl+s").See("Type the number of sessions").Type("5").See("complete").Press("ctrl+s").See("5 of 5 ended", "Finished")
		}},
		{"failures", func(d *vtdriver.Driver) { checked(d).Press("f").Gone("would be sent  ") }},
	}
	for _, size := range sizes[:2] {
		for _, s := range screens {
			t.Run(fmt.Sprintf("%s-%dx%d", s.name, size[0], size[1]), func(t *testing.T) {
				d := console(t, uitest.New(nil), nil, vtdriver.Size(size[0], size[1]))
				s.act(marking(d))
				vtdriver.Golden(t, d)
			})
		}
	}
}

func TestNothingIsSentWithoutMarksOrWithoutTheNumber(t *testing.T) {
	fake := uitest.New(nil)
	d := console(t, fake, nil)
	d.See("1 of 5").Press("a").See("mark sessions with space first")
	d.Press("space", "space").See("2 marked").Press("a").See("2 marked sessions").Press("esc").Gone("2 marked sessions")
	d.Press("a").See("2 marked sessions").Press("enter").See("complete").Press("ctrl+s").See("2 of 2 read")
	d.Press("ctrl+s").See("Type the number").Type("3").Press("ctrl+s").See("! the number of sessions, 2").Press("esc").Gone("Type the number")
	d.Press("esc").See("2 marked")
	require.Empty(t, fake.Sent())
}

func TestARunGoesOnWhenItsPageIsLeft(t *testing.T) {
	fake := uitest.New(nil)
	d := console(t, fake, nil)
	d.See("1 of 5").Press("space", "space").See("2 marked").Press("x").See("2 marked sessions").Press("enter").See("complete").Press("ctrl+s").See("2 of 2 read")
	release := fake.Stall()
	d.Press("ctrl+s").See("Type the number").Type("2").See("complete").Press("ctrl+s").See("0 of 2 ended")
	d.Press("esc").See("bulk reject 0/2", "B shows it").Gone("marked")
	d.Press("q").See("2 of 2 are left").Press("n").Gone("are left")
	d.Press("B").See("0 of 2 ended").Press("s").See("Stop the run?").Press("n").Gone("Stop the run?").Press("esc").See("bulk reject 0/2")
	release()
	d.See("Bulk reject: done 2, refused 0")
	require.Len(t, fake.Sent(), 2)
	d.Press("B").See("Finished.")
}

func TestTheListIsSavedWithoutPersonalData(t *testing.T) {
	fake := uitest.New(nil)
	fake.Ends(model.ResultUnknown)
	d := console(t, fake, nil)
	checked(marking(d)).Press("ctrl+s").See("Type the number").Type("5").See("complete").Press("ctrl+s").See("outcome unknown 5")
	path := filepath.Join(t.TempDir(), "list.csv")
	d.Press("D").See("Save the list").Press("ctrl+u").Type(path).Press("enter").See("Saved in")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(text), lucia+",unknown,")
	require.NotContains(t, string(text), "Luc")
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestAnUnfinishedRunIsOffered(t *testing.T) {
	fake := uitest.New(nil)
	u := desk.Unfinished{Batch: model.Batch{ID: "L5", By: "os:ana", Total: 41, Left: 5, At: uitest.Noon, Action: model.Action{Kind: model.ActReject, Reason: "not-live"}}, Mine: true}
	other := u
	other.ID, other.Mine = "theirs", false
	fake.Unfinish(other)
	fake.Unfinish(u)
	d := console(t, fake, nil)
	d.See("Unfinished: Reject, 5 of 41 left").Press("l").Gone("Unfinished")
	d.Press("B").See("Unfinished: Reject, 5 of 41 left").Press("enter").See("goes on with what is left", "5 of 5 read").Press("esc").Gone("5 of 5 read")
	d.Press("B").See("Unfinished: Reject").Press("s").See("The bulk run was stopped")
	d.Press("B").See("none of yours was not finished")
}
