package served

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/audit"
	"docket/internal/vtdriver"
	"docket/model"
)

// TestConsoleOverSSH opens the console in OpenSSH's client, makes its window larger and
// smaller, and leaves.
func TestConsoleOverSSH(t *testing.T) {
	r := newRig(t)
	r.inbox(3)
	r.configure(r.person("ana", model.RoleReviewer))
	r.serve()
	d := r.console("ana", vtdriver.Size(120, 40))
	d.See("Needs review 3")
	require.Equal(t, []string{"ana console"}, r.here())
	wide := d.Row(0)
	d.Resize(80, 24).Until("a page of 80 columns", func(screen string) bool {
		rows := strings.Split(screen, "\n")
		return len(rows) == 24 && strings.Contains(screen, "Needs review 3") && rows[0] != wide && strings.Contains(rows[23], "quit")
	})
	d.Resize(120, 40).See("Needs review 3")
	d.Press("enter").See("VERDICT", "1 Faces  ✓").Press("esc").See("Needs review 3").Press("q")
	require.Zero(t, d.Wait())
	r.await("the end of the session", func() bool { return len(r.here()) == 0 })
	came, went := r.entries(audit.Login), r.entries(audit.Logout)
	require.Len(t, came, 1)
	require.Len(t, went, 1)
	require.Equal(t, "ssh:ana", came[0].By)
	require.Contains(t, came[0].Detail, "ssh SHA256:")
	require.True(t, strings.HasSuffix(went[0].Detail, " left"), went[0].Detail)
	viewed := r.entries(audit.View)
	require.NotEmpty(t, viewed)
	for _, e := range viewed {
		require.Equal(t, "ssh:ana", e.By)
	}
}

// TestTwoPeopleRaceForOneSession has two people decide on one session: one of them does.
func TestTwoPeopleRaceForOneSession(t *testing.T) {
	r := newRig(t)
	id := r.inbox(1)[0]
	r.configure(r.person("ana", model.RoleReviewer) + r.person("ben", model.RoleReviewer))
	r.serve()
	ana, ben := r.console("ana"), r.console("ben")
	ana.See("Needs review 1").Press("c").See("is yours until", "@you")
	ben.See("@ana").Press("enter").See("claimed by ssh:ana").Press("q")
	_ = ben.Wait()

	type end struct {
		name string
		code int
	}
	ends := make(chan end, 2)
	ana.Press("c").See("given back")
	for _, name := range []string{"ana", "ben"} {
		go func() {
			_, _, code := r.run(name, "approve", id, "--reason", "checked-ok", "--yes")
			ends <- end{name, code}
		}()
	}
	codes := map[int]int{}
	for range 2 {
		codes[(<-ends).code]++
	}
	require.Equal(t, map[int]int{model.ExitDone: 1, model.ExitRefused: 1}, codes)
	require.Equal(t, 1, r.api.Writes())
	ana.Press("q")
	require.Zero(t, ana.Wait())
}

// TestDrain stops the server with people on it: they are told, what one has held back is
// not sent, and what they have claimed is free.
func TestDrain(t *testing.T) {
	r := newRig(t)
	ids := r.inbox(2)
	r.configure("hold = \"1h\"\n" + r.person("ana", model.RoleReviewer) + r.person("ben", model.RoleReviewer))
	r.serve()
	ana, ben := r.console("ana"), r.console("ben")
	ana.See("Needs review 2").Press("c").See("is yours until")
	ben.See("@ana")
	ana.Press("enter").Until("the decision keys to work", func(screen string) bool {
		return strings.Contains(screen, "a approve") && !strings.Contains(ana.Styled(), "ma approve")
	}).Press("a").See("─ Approve ").
		Settled().Settled(). // longer than a fresh dialog chooses nothing
		Press("enter").See("ctrl+s sends it").Press("ctrl+s").SeeMatch(`in \d+s   u undo`)
	r.stop()
	for _, d := range []*vtdriver.Driver{ana, ben} {
		d.See("The server stops.")
		require.Equal(t, model.ExitFailed, d.Wait())
	}
	require.Zero(t, r.api.Writes(), "held back is not sent")
	st := r.store()
	for _, id := range ids {
		row, err := st.Get(t.Context(), id)
		require.NoError(t, err)
		require.Empty(t, row.ClaimedBy)
	}
	for _, e := range r.entries(audit.Logout) {
		assert.True(t, strings.HasSuffix(e.Detail, " drained"), e.Detail)
	}
	require.Len(t, r.entries(audit.Undo), 1)
}

// TestSendUnderWayOutlivesTheDrain stops the server while a decision is on its way.
func TestSendUnderWayOutlivesTheDrain(t *testing.T) {
	r := newRig(t)
	id := r.inbox(1)[0]
	r.configure(r.person("ana", model.RoleReviewer))
	r.serve()
	r.slowly("PUT /omni/manual-review")
	done := make(chan [2]any, 1)
	go func() {
		out, _, code := r.run("ana", "approve", id, "--reason", "checked-ok", "--yes", "-o", "json")
		done <- [2]any{out, code}
	}()
	r.await("the write", func() bool { return r.api.Writes() == 1 })
	r.stop()
	got := <-done
	var doc struct{ Result string }
	require.NoError(t, json.Unmarshal([]byte(got[0].(string)), &doc), got[0])
	require.Equal(t, "done", doc.Result)
}

// TestLostConnectionKeepsClaims kills a client: its claims last as long as their lease,
// and the server has no session any more.
func TestLostConnectionKeepsClaims(t *testing.T) {
	r := newRig(t)
	id := r.inbox(1)[0]
	r.configure(r.person("ana", model.RoleReviewer))
	r.serve()
	d := r.console("ana")
	d.See("Needs review 1").Press("c").See("is yours until").Signal(os.Kill)
	r.await("the end of the session", func() bool { return len(r.here()) == 0 })
	row, err := r.store().Get(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, "ssh:ana", row.ClaimedBy)
	went := r.entries(audit.Logout)
	require.Len(t, went, 1)
	require.True(t, strings.HasSuffix(went[0].Detail, " lost"), went[0].Detail)

	// Who leaves in order gives back what they have.
	d = r.console("ana")
	d.See("Needs review 1").Press("c").See("given back").Gone("@you").Press("c").See("@you").Press("q")
	require.Zero(t, d.Wait())
	row, err = r.store().Get(t.Context(), id)
	require.NoError(t, err)
	require.Empty(t, row.ClaimedBy)
}

// TestRevokeEndsSessions locks people out while they are there, in each way.
func TestRevokeEndsSessions(t *testing.T) {
	for name, c := range map[string]struct {
		does func(r *rig)
		says string
	}{
		"by name": {func(r *rig) {
			out, errs, code := r.docket("ssh", "revoke", "ana")
			require.Zero(t, code, errs)
			require.Contains(t, out, "Revoked: ana")
		}, "Your access was revoked."},
		"by fingerprint": {func(r *rig) {
			came := r.entries(audit.Login)
			i := slices.IndexFunc(came, func(e audit.Entry) bool { return e.By == "ssh:ana" })
			_, errs, code := r.docketAs("ssh", "revoke", strings.Fields(came[i].Detail)[1])
			require.Zero(t, code, errs)
		}, "Your access was revoked."},
		"by their key file": {func(r *rig) { require.NoError(r.t, os.Remove(r.path("keys/ana.pub"))) }, "Your key no longer lets you in."},
		"by another role": {func(r *rig) {
			r.configure(strings.Replace(r.config(), string(model.RoleReviewer), string(model.RoleViewer), 1))
		}, "What you may do here has changed."},
		"by name, from the configuration": {func(r *rig) {
			r.configure(strings.Replace(r.config(), `name = "ana"`, `name = "anna"`, 1))
		}, "Your key no longer lets you in."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			id := r.inbox(1)[0]
			line := r.key("ana")
			require.NoError(t, os.Mkdir(r.path("keys"), 0o700))
			require.NoError(t, os.WriteFile(r.path("keys/ana.pub"), []byte(line+"\n"), 0o600))
			account := strings.TrimSpace(r.account())
			r.configure("[[person]]\nname = \"ana\"\nrole = \"reviewer\"\n" + r.person("ben", model.RoleSupervisor, "local = \""+account+"\"") + "[ssh]\nkeys = \"" + r.path("keys") + "\"\n")
			r.serve()
			ana, ben := r.console("ana"), r.console("ben")
			ana.See("Needs review 1").Press("c").See("is yours until")
			ben.See("@ana")
			c.does(r)
			ana.See(c.says)
			require.Equal(t, model.ExitFailed, ana.Wait())
			ben.Gone("@ana").See("Needs review 1")
			row, err := r.store().Get(t.Context(), id)
			require.NoError(t, err)
			require.Empty(t, row.ClaimedBy)
			if c.says != "What you may do here has changed." {
				_, _, code := r.run("ana", "whoami")
				require.Equal(t, 255, code, "the client's own code: it was not let in")
			}
			ben.Press("q")
			require.Zero(t, ben.Wait())
		})
	}
}
