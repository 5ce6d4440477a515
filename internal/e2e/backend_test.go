package e2e

import (
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/omni"
	"docket/sim"
)

// The calls of a token backend, by the client against the simulator: the two were
// written apart and have to agree, with the base path and without.
func TestAnOnboardingByATokenBackend(t *testing.T) {
	for _, base := range []string{"", "/0"} {
		t.Run("base "+base, func(t *testing.T) {
			api := sim.New(sim.Options{Sessions: 60, Seed: 7})
			srv := httptest.NewServer(api)
			defer srv.Close()
			client, err := omni.New(omni.Config{BaseURL: srv.URL + base, APIKey: sim.DefaultAPIKey, Token: api.ExecutiveToken})
			require.NoError(t, err)
			defer client.CloseIdle()
			ctx := t.Context()

			started, err := client.Start(ctx, omni.StartRequest{
				CountryCode: "ALL", Language: "en-US", ConfigurationID: flowOf(t, api), RedirectionURL: "https://example.com/done",
			})
			require.NoError(t, err)
			require.False(t, started.Value.ExistingSession.Value)
			id, token := started.Value.InterviewID.Value, started.Value.Token

			url, err := client.OnboardingURL(ctx, token, "")
			require.NoError(t, err)
			require.Contains(t, url.Value.URL.Value, "https://")

			finish, err := client.Finish(ctx, token)
			require.NoError(t, err)
			require.Equal(t, "https://example.com/done", finish.Value.RedirectionURL.Value)
			require.Contains(t, []string{"none", "approved", "manualReview", "rejected"}, finish.Value.Action.Value)

			status, err := client.OnboardingStatus(ctx, id)
			require.NoError(t, err)
			require.Equal(t, "ONBOARDING_FINISHED", status.Value.Status.Value)
			score, err := client.OwnScore(ctx, token, id)
			require.NoError(t, err)
			so, _ := api.Session(id)
			require.Equal(t, so.Verdict, score.Value.Overall.Status.Value)
			_, err = client.OwnScore(ctx, token, api.IDs()[0])
			refused, _ := omni.AsError(err)
			require.Equal(t, omni.KindAuth, refused.Kind, "a session's token reads its own score only")
		})
	}
}

func flowOf(t *testing.T, api *sim.Server) string {
	t.Helper()
	so, ok := api.Session(api.IDs()[0])
	require.True(t, ok)
	return so.FlowID
}

func TestAnEnrolledCustomerAuthenticates(t *testing.T) {
	api := sim.New(sim.Options{Sessions: 60, Seed: 7})
	srv := httptest.NewServer(api)
	defer srv.Close()
	client, err := omni.New(omni.Config{BaseURL: srv.URL, APIKey: sim.DefaultAPIKey, Token: api.ExecutiveToken})
	require.NoError(t, err)
	defer client.CloseIdle()

	id := fine(t, api)
	approved, err := client.Approve(t.Context(), id)
	require.NoError(t, err)
	require.NotEmpty(t, approved.Value.Token.Reveal())
	require.NotContains(t, string(approved.Body), approved.Value.Token.Reveal())
	verify := func(a sim.Attempt) bool {
		answer, err := client.VerifyAuthentication(t.Context(), omni.Attempt{
			TransactionID: a.TransactionID, Token: omni.CustomerToken(a.Token), InterviewToken: omni.SessionToken(a.InterviewToken),
		})
		require.NoError(t, err)
		return answer.Value.Verified.Value
	}
	for outcome, want := range map[sim.Outcome]bool{sim.OutcomeMatch: true, sim.OutcomeMismatch: false, sim.OutcomeSpoof: false} {
		told, ok := api.Authenticate(id, outcome)
		require.True(t, ok)
		require.Equal(t, want, verify(told), outcome)
		told.Token += "x"
		require.False(t, verify(told), "tampered with")
	}
}

// fine is a session that passed and has no identity yet.
func fine(t *testing.T, api *sim.Server) string {
	t.Helper()
	for _, id := range api.IDs() {
		if so, _ := api.Session(id); so.Verdict == "OK" && so.CustomerID == "" && so.SessionStatus == "Alive" {
			return id
		}
	}
	t.Fatal("nobody passed")
	return ""
}
