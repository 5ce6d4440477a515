package desk_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/model"
	"docket/store"
)

// telling is a store whose news a test makes.
type telling struct {
	store.Store
	news chan store.Change
}

func (s telling) Watch(context.Context) <-chan store.Change { return s.news }

// TestAway: while the store is known to be away, what a person asks for is refused at
// once; what was on its way goes on, and with the store everything comes back.
func TestAway(t *testing.T) {
	news := make(chan store.Change)
	b := newBench(t, func(c *desk.Config) { c.Store = telling{c.Store, news} })
	b.Load(t.Context(), id1)
	inside, goOn := make(chan struct{}), make(chan struct{})
	b.provider.onAct = func(model.Action) model.Outcome {
		close(inside)
		<-goOn
		return model.Outcome{Result: model.ResultDone, HTTP: 200}
	}
	sub, err := b.Submit(t.Context(), approve(id1))
	require.NoError(t, err)
	<-inside
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	told := b.Watch(ctx)
	require.Zero(t, b.Away())
	news <- store.Change{Away: true}
	<-told
	since := b.Away()
	require.Equal(t, b.clock.now(), since)
	news <- store.Change{Away: true, IDs: []string{id1}}
	<-told
	require.Equal(t, since, b.Away(), "since it began")

	for what, refused := range map[string]func() error{
		"list":    func() error { _, err := b.List(t.Context(), model.Query{}); return err },
		"counts":  func() error { _, err := b.Counts(t.Context()); return err },
		"row":     func() error { _, err := b.Row(t.Context(), id1); return err },
		"notes":   func() error { _, err := b.Notes(t.Context(), id1); return err },
		"note":    func() error { return b.AddNote(t.Context(), id1, "x") },
		"tags":    func() error { return b.SetTags(t.Context(), id1, nil) },
		"add":     func() error { return b.Add(t.Context(), []string{id2})[0].Problem },
		"claim":   func() error { _, err := b.Claim(t.Context(), id1); return err },
		"release": func() error { return b.Release(t.Context(), id1) },
		"next":    func() error { _, err := b.Next(t.Context(), ""); return err },
		"submit":  func() error { _, err := b.Submit(t.Context(), approve(id2)); return err },
		"reveal":  func() error { return b.Reveal(t.Context(), id1) },
		"export":  func() error { return b.Export(t.Context(), id1, "raw") },
		"settle":  func() error { return b.Settle(t.Context(), id1, true) },
		"open":    func() error { return b.Load(t.Context(), id2).Parts[model.PartStatus].Problem },
	} {
		p := model.AsProblem(refused())
		require.NotNil(t, p, what)
		require.Contains(t, p.Message, "the store is away", what)
		require.Equal(t, model.KindUnreachable, p.Kind, what)
		require.True(t, desk.StoreDown(p), what)
		require.NotEmpty(t, p.Subject, what)
		require.NotEmpty(t, p.Do, what)
	}
	close(goOn)
	<-sub.Done()
	require.Equal(t, model.ResultDone, sub.Outcomes()[0].Result, "it was on its way")

	news <- store.Change{}
	<-told
	require.Zero(t, b.Away())
	_, err = b.List(t.Context(), model.Query{})
	require.NoError(t, err)
	news <- store.Change{Away: true}
	close(news)
	for range told {
	}
	require.Zero(t, b.Away(), "who does not watch does not know")
}
