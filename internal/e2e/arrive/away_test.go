package arrive

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/internal/pgtest"
	"docket/internal/vtdriver"
	"docket/model"
)

// TestAnIdleConsoleSaysThatTheStoreIsAway stops Postgres under a console at which nobody
// does anything, and under one at which somebody writes a note. Both say so until it is
// back, and then show what came meanwhile; what was typed is kept.
func TestAnIdleConsoleSaysThatTheStoreIsAway(t *testing.T) {
	for name, how := range map[string]syscall.Signal{"stopped": syscall.SIGINT, "crashed": syscall.SIGQUIT} {
		t.Run(name, func(t *testing.T) {
			cluster, err := pgtest.New()
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, cluster.Remove()) })
			tm := newTeam(t, cluster.URL(), 60)
			id, who := tm.waiting()
			require.NoError(t, tm.inbox.Upsert(t.Context(), named(id, who)))
			idle := tm.console("ana@example.test", vtdriver.Size(80, 24)).See("1 of 1", who)
			busy := tm.console("bo@example.test", vtdriver.Size(80, 24)).See("1 of 1", who)
			busy.Press("enter").See("Before approve").Press("t").See("Note on").Type("she rang twice")
			busy.Settled().Settled() // a fresh form saves nothing

			require.NoError(t, cluster.Stop(how))
			idle.See("store away", who)
			busy.See("store away", "she rang twice")
			idle.Press("c").See("The session could not be claimed: the store is away", "esc seen").Press("esc").Gone("esc seen")
			busy.Press("enter").See("The note could not be kept: the store is away", "she rang twice")

			written := make(chan error)
			go func() { written <- tm.inbox.Upsert(t.Context(), named("another", "Nobody Yet")) }()
			require.NoError(t, cluster.Start())
			require.NoError(t, <-written, "it was waited for")
			idle.See("1 of 2", "Nobody Yet").Gone("store away")
			busy.Gone("store away").Press("enter").See("note saved").Gone("Note on")
			notes, err := tm.inbox.Notes(t.Context(), id)
			require.NoError(t, err)
			require.Equal(t, "she rang twice", notes[0].Text)
			for _, console := range []*vtdriver.Driver{idle, busy} {
				console.Quit()
			}
		})
	}
}

// named is a row that waits for a person.
func named(id, name string) model.Row {
	return model.Row{
		ID: id, Provider: "incode", Status: model.StatusFinished, Verdict: model.Manual, Name: model.NewPersonal(model.ClassName, name),
	}
}
