package incode_test

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/omni"
	"docket/provider/incode"
	"docket/sim"
)

// TestSimulatedSessions reads a population that was made from the reference by
// other hands, and holds what comes out against what the simulator knows.
func TestSimulatedSessions(t *testing.T) {
	now := time.Date(2026, 11, 21, 1, 0, 0, 0, time.UTC)
	s := sim.New(sim.Options{Sessions: 100, APIKey: "not-a-real-key", Now: func() time.Time { return now }})
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	token := &incode.Token{}
	token.Set(s.ExecutiveToken())
	client, err := omni.New(omni.Config{BaseURL: srv.URL, APIKey: "not-a-real-key", Token: token.Get})
	require.NoError(t, err)
	p := incode.New(client, incode.Options{Token: token, Now: func() time.Time { return now }})

	for _, id := range s.IDs() {
		known, ok := s.Session(id)
		require.True(t, ok)
		so := read(t, p, id)
		require.Equal(t, known.OnboardingStatus, string(so.Status))
		if known.SessionStatus == string(model.Deleted) {
			continue // its parts are gone
		}
		require.Empty(t, so.Problems(), known.Story)
		require.Equal(t, known.Verdict, string(so.Verdict), known.Story)
		require.Equal(t, known.ReviewReason, string(so.ReviewReason), known.Story)
		require.Empty(t, so.Altered, "names of many scripts pass the border untouched")
		if known.ExistingID != "" && so.Verdict != "" {
			require.True(t, p.Row(so).Existing, known.Story)
		}
		if so.Document.Number.Present() {
			require.Equal(t, known.Name, so.Applicant.Name.Reveal())
			require.Equal(t, known.Country, so.Document.Country)
			require.Equal(t, known.DocumentType, so.Document.Type)
		}
		for _, f := range so.Findings {
			require.NotEmpty(t, f.Text)
			require.NotContains(t, []string{"mrz.unreadable", "mrz.checkDigit"}, f.Key, "its zones are well formed")
		}
		require.Equal(t, so.Digest, read(t, p, id).Digest, "the same session has the same digest")
	}
}

// TestSimulatedPictures follows the links that other hands made.
func TestSimulatedPictures(t *testing.T) {
	s := sim.New(sim.Options{Sessions: 30, APIKey: "not-a-real-key"})
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	client, err := omni.New(omni.Config{BaseURL: srv.URL, APIKey: "not-a-real-key", Token: s.ExecutiveToken})
	require.NoError(t, err)
	p := incode.New(client, incode.Options{})
	seen := 0
	for _, id := range s.IDs() {
		for _, ref := range read(t, p, id).Pictures() {
			if seen++; seen > 20 {
				return
			}
			picture, problem := p.Picture(t.Context(), id, ref)
			require.Nil(t, problem)
			require.NotEmpty(t, picture.SHA256)
			require.Equal(t, omni.EndpointImages, picture.From)
		}
	}
	require.Positive(t, seen)
}

func read(t *testing.T, p *incode.Provider, id string) *model.Session {
	t.Helper()
	so := &model.Session{ID: id, Provider: p.Name(), Parts: map[model.Part]model.PartState{}}
	get := func(parts []model.Part) {
		for _, part := range parts {
			apply, _ := p.Fetch(context.Background(), id, part, so) // the problem is on the session
			apply(so)
		}
	}
	get(p.Parts())
	get(p.Follow(so))
	return so
}
