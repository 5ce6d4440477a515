package served

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/model"
)

// deed is something that can be asked for from afar, and the rights that it takes.
type deed struct {
	name  string
	words func(id string) []string
	needs []desk.Right
}

// acts has the words of every action. One without is a new action that nobody has put
// into the table.
var acts = map[model.ActionKind][]string{
	model.ActApprove: {"approve", "ID", "--reason", "checked-ok"}, model.ActReject: {"reject", "ID", "--reason", "face-mismatch"},
	model.ActReview: {"review", "ID", "--message", "again"}, model.ActAntifraud: {"antifraud", "resolve", "ID", "--reason", "known"},
	model.ActEnroll: {"enroll", "ID"}, model.ActExpire: {"expire", "ID", "--condition", "NEEDS_REVIEW"}, model.ActClose: {"close", "ID"},
	model.ActReopen: {"reopen", "ID"}, model.ActDelete: {"delete", "ID", "--identity", "keep"},
	model.ActSMS: {"link", "ID", "--sms"}, model.ActFlag: {"flag", "ID", "--id-check"},
}

// reads are the commands that change nothing at the API.
var reads = []deed{
	{"list", words("list"), []desk.Right{desk.MayLook}},
	{"list to take along", words("list", "-o", "csv"), []desk.Right{desk.MayLook, desk.MayExport}},
	{"show", words("show", "ID"), []desk.Right{desk.MayLook}},
	{"add", words("add", "ID"), []desk.Right{desk.MayAdd}},
	{"stats", words("stats"), []desk.Right{desk.MayStats}},
	{"audit list", words("audit", "list"), []desk.Right{desk.MayLog}},
	{"audit export", words("audit", "export"), []desk.Right{desk.MayLog}},
	{"audit verify", words("audit", "verify"), []desk.Right{desk.MayLog}},
	{"link", words("link", "ID"), []desk.Right{desk.MayLook, desk.MayLink}},
	{"whoami", words("whoami"), nil},
	{"version", words("version"), nil},
}

func words(all ...string) func(string) []string {
	return func(id string) []string {
		out := slices.Clone(all)
		for i := range out {
			if out[i] == "ID" {
				out[i] = id
			}
		}
		return out
	}
}

func deeds(t *testing.T) []deed {
	t.Helper()
	all := slices.Clone(reads)
	for _, info := range model.Actions() {
		text, known := acts[info.Kind]
		if !known {
			t.Errorf("the action %s is not in the table: add how it is asked for", info.Kind)
			continue
		}
		all = append(all, deed{string(info.Kind), words(append(slices.Clone(text), "--yes")...), []desk.Right{desk.Asks(info.Kind)}})
	}
	return all
}

// TestEveryRoleEveryAction has somebody of every role ask for everything over SSH. Who
// may is refused nothing for their role, who may not is, and nothing is written then. What
// a role may is asked of desk, so that the table cannot say another thing.
func TestEveryRoleEveryAction(t *testing.T) {
	r := newRig(t)
	all := deeds(t)
	ids := r.inbox(9)
	people := ""
	for _, info := range model.Roles() {
		people += r.person(string(info.Role), info.Role)
	}
	r.configure("claim = \"0\"\n" + people)
	r.serve()
	for _, info := range model.Roles() {
		for i, d := range all {
			name := fmt.Sprintf("%s, %s", info.Role, d.name)
			may := !slices.ContainsFunc(d.needs, func(right desk.Right) bool { return !slices.Contains(desk.RightsOf(info.Role), right) })
			before := r.api.Writes()
			_, errs, code := r.run(string(info.Role), d.words(ids[i%len(ids)])...)
			if may {
				require.NotEqual(t, model.ExitNotAllowed, code, "%s: %s", name, errs)
				continue
			}
			require.Equal(t, model.ExitNotAllowed, code, "%s: %s", name, errs)
			require.Contains(t, errs, "The role "+string(info.Role)+" may not ", name)
			require.Equal(t, before, r.api.Writes(), name)
		}
	}
}
