package marked

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/internal/marker"
	"docket/model"
	"docket/sim"
)

// parts are those whose answers show --raw prints.
var parts = []string{"status", "score", "ocr", "ocr2", "device", "events", "summary", "images", "linked", "life", "custom"}

// commands are what docket can be asked of a session, in every format. MARK is the mark
// itself: who searches for it must not find it by less than the whole.
func commands(id, mark string) [][]string {
	all := [][]string{
		{"list"},
		{"list", "-o", "json"},
		{"list", "-o", "csv"},
		{"list", "--view", "review"},
		{"list", "--query", mark[:5]},
		{"list", "--query", mark[:5], "-o", "json"},
		{"list", "--query", id[:8], "-o", "csv"},
		{"show", id},
		{"show", id, "-o", "json"},
		{"show", id, "--raw", "nothing"},
		{"show", "00" + id[2:]},
		{"images", id, "--dir", "OUT/pictures"},
		{"images", id, "--dir", "OUT/some", "--type", "selfie", "-o", "json"},
		{"export", id, "--out", "OUT/case.zip"},
		{"export", id, "--out", "OUT/case2.zip", "-o", "json"},
		{"stats"},
		{"stats", "-o", "json"},
		{"stats", "-o", "csv", "--by-reviewer"},
		{"audit", "list"},
		{"audit", "list", "-o", "json"},
		{"audit", "verify"},
		{"audit", "export"},
		{"bulk", "list"},
		{"gateway", "dead", "list"},
		{"gateway", "results"},
		{"whoami"},
		{"whoami", "-o", "json"},
		{"doctor"},
		{"doctor", "-o", "json"},
		{"version"},
		{"add", id},
		{"add", "00" + id[2:]},
		{"link", id},
		{"link", id, "--sms", "--yes"},
		{"flag", id, "--id-check", "--yes"},
		{"close", id, "--yes"},
		{"reopen", id, "--yes"},
		{"review", id, "--message", "x", "--yes"},
		{"approve", id, "--reason", "checked-ok", "--expect", "0000", "--yes"},
		{"antifraud", "resolve", id, "--reason", "x", "--yes"},
		{"confirm", id, "--yes"},
		{"expire", id, "--condition", "INCOMPLETE", "--yes"},
		{"enroll", id, "--yes"},
		{"reject", id, "--reason", "antifraud", "--yes"},
	}
	for _, part := range parts {
		all = append(all, []string{"show", id, "--raw", part})
	}
	return all
}

// sees reports whether a role sees what is marked.
func sees(role model.Role) bool {
	for _, right := range desk.RightsOf(role) {
		if right == desk.MaySee {
			return true
		}
	}
	return false
}

// A masked role finds no mark by any command, in any format, on a terminal or in a pipe,
// in a file, an error or a log.
func TestNoCommandGivesAMaskedRoleAMark(t *testing.T) {
	for name, deep := range map[string]bool{"every leaf": false, "all that is not read by": true} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, marker.New(deep))
			var ids []string
			for _, verdict := range []string{"MANUAL", "FAIL"} {
				ids = append(ids, r.first(func(so sim.Session) bool { return so.Verdict == verdict }))
			}
			for _, id := range ids {
				r.run(model.RoleReviewer, false, "add", id)
			}
			for _, info := range model.Roles() {
				r.walk(info.Role, ids)
			}
		})
	}
}

func (r *rig) walk(role model.Role, ids []string) {
	r.t.Helper()
	if sees(role) { // what the masked ones do not find is there to be found
		for _, args := range [][]string{
			{"show", ids[0]}, {"show", ids[0], "-o", "json"}, {"show", ids[0], "--raw", "score"}, {"export", ids[0], "--out", "OUT/case.zip"}, {"list", "-o", "json"},
		} {
			found := 0
			for _, body := range r.run(role, false, args...).all() {
				found += len(r.mark.Found(body))
			}
			require.Positive(r.t, found, "%s: docket %s", role, strings.Join(args, " "))
		}
		return
	}
	for _, id := range ids {
		for _, args := range commands(id, r.mark.Text) {
			for _, terminal := range []bool{false, true} {
				for what, body := range r.run(role, terminal, args...).all() {
					require.Empty(r.t, r.mark.Found(body), "%s: docket %s: %s\n%.3000s", role, strings.Join(args, " "), what, body)
				}
			}
		}
	}
}
