package marked

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/internal/marker"
	"docket/internal/vtdriver"
	"docket/model"
	"docket/sim"
	"docket/ui"
)

// walkKeys lead through the console: pages, panes, what is raw, what is copied, searches,
// dialogs. What is typed is shorter than what counts as the mark. A key that a role may not press does nothing.
func walkKeys(mark string) [][]string {
	keys := [][]string{{"j"}, {"k"}, {"f"}, {"esc"}, {"s"}, {"esc"}, {"L"}, {"esc"}, {"?"}, {"esc"}, {"/", mark[:6]}, {"enter"}, {"esc"}, {"esc"}}
	keys = append(keys, []string{"g"}, []string{"enter"})
	for _, pane := range []string{"1", "2", "3", "4", "5", "6", "7", "8"} {
		keys = append(keys, []string{pane}, []string{"G"}, []string{"enter"}, []string{"y"}, []string{"esc"}, []string{"J"}, []string{"G"}, []string{"y"}, []string{"esc"},
			[]string{"Y"}, []string{"p"}, []string{"esc"}, []string{"Y"}, []string{"j"}, []string{"enter"}, []string{"esc"})
	}
	return append(keys, []string{"y"}, []string{"i"}, []string{"esc"}, []string{"v"}, []string{"esc"}, []string{"t"}, []string{"esc"}, []string{"T"}, []string{"esc"},
		[]string{"b"}, []string{"esc"}, []string{"!"}, []string{"esc"}, []string{"a"}, []string{"esc"}, []string{"m"}, []string{"esc"}, []string{"c"}, []string{"e"}, []string{"esc"},
		[]string{":"}, []string{"esc"}, []string{"*"}, []string{"esc"}, []string{"D"}, []string{"esc"}, []string{"R"}, []string{"]"}, []string{"["})
}

// A masked role finds no mark on any page of the console, and none in what it copies.
func TestNoPageGivesAMaskedRoleAMark(t *testing.T) {
	for name, deep := range map[string]bool{"every leaf": false, "all that is not read by": true} {
		for _, info := range model.Roles() {
			t.Run(name+" "+string(info.Role), func(t *testing.T) {
				t.Parallel() // most of it is waiting for the console to come to rest
				r := newRig(t, marker.New(deep))
				d := r.table()
				owner := d.As(model.Actor{Identity: "os:owner", Role: model.RoleOwner})
				for _, verdict := range []string{"MANUAL", "FAIL"} {
					owner.Add(t.Context(), []string{r.first(func(so sim.Session) bool { return so.Verdict == verdict })})
				}
				seat := d.As(model.Actor{Identity: "ssh:" + string(info.Role), Role: info.Role})
				root, err := ui.New(t.Context(), ui.Options{Desk: seat, Zone: time.UTC, Grace: -1})
				require.NoError(t, err)
				console := vtdriver.StartModel(t, root, vtdriver.Size(200, 60))
				found, read, raw := 0, false, false
				for _, keys := range walkKeys(r.mark.Text) {
					for _, key := range keys {
						if len(key) > len("enter") {
							console.Type(key)
							continue
						}
						console.Press(key)
					}
					console.Settled()
					read = read || strings.Contains(console.Screen(), "documentNumber")
					raw = raw || strings.Contains(console.Screen(), "{") && strings.Contains(console.Screen(), "••••••\"")
					for what, given := range map[string]string{"screen": console.Screen(), "clipboard": console.Clipboard(), "title": console.Title()} {
						marks := r.mark.Found([]byte(given))
						found += len(marks)
						if !sees(info.Role) {
							require.Empty(t, marks, "%s after %q:\n%s", what, keys, given)
						}
					}
					if found > 0 {
						break // it is there to be found
					}
				}
				require.Equal(t, sees(info.Role), found > 0)
				if !sees(info.Role) {
					require.Equal(t, seat.May(desk.MayLook), read, "it was led through the panes")
					require.Equal(t, seat.May(desk.MayRaw), raw, "and through the answers")
				}
			})
		}
	}
}
