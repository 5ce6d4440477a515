// Package storetest says what every driver of package store must do, as one
// suite of tests. What it asks for is what desk and the console rely on.
package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/store"
)

// Open returns an empty inbox; the suite closes it.
type Open func(context.Context) (store.Store, error)

// Run tests a driver.
func Run(t *testing.T, open Open) {
	s := suite{open}
	s.run(t, s.lists())
	s.run(t, s.others())
}

// RunLists tests what a driver lists, finds and counts: for ways of it that are forced.
func RunLists(t *testing.T, open Open) {
	s := suite{open}
	s.run(t, s.lists())
}

// check is one test of the suite.
type check struct {
	name string
	test func(*testing.T)
}

func (suite) run(t *testing.T, all []check) {
	for _, c := range all {
		t.Run(c.name, c.test)
	}
}

func (s suite) lists() []check {
	return []check{
		{"views and counts", s.views},
		{"claims end", s.mine},
		{"ages of what waits", s.ages},
		{"pages", s.pages},
		{"pages of equal keys", s.equalKeys},
		{"names that begin alike", s.alikeNames},
		{"pages while rows arrive", s.arrivals},
		{"search rule", s.search},
		{"hostile searches", s.hostile},
		{"namesakes", s.namesakes},
		{"filters", s.filters},
		{"like the oracle", s.property},
	}
}

func (s suite) others() []check {
	return []check{
		{"rows come back as they were", s.roundTrip},
		{"rows are merged", s.merging},
		{"sessions that are not there", s.missing},
		{"sessions alike", s.alike},
		{"notes", s.notes},
		{"tags", s.tags},
		{"pending outcomes", s.pending},
		{"guests of an action", s.guests},
		{"one intent at a time", s.race},
		{"claims", s.claims},
		{"one claim at a time", s.claimRace},
		{"proposals", s.proposals},
		{"one inbox, one API", s.bind},
		{"audit log", s.audit},
		{"audit log of many", s.auditTogether},
		{"what the inbox recalls", s.recall},
		{"case files", s.caseFiles},
		{"bulk runs", s.batches},
		{"webhooks that wait", s.deliveries},
		{"jobs", s.jobs},
		{"effects of rules", s.effects},
		{"what webhooks tell", s.hearsay},
		{"look-ups that overtake each other", s.overtaken},
		{"tickets and results", s.told},
		{"forgetting what waits", s.forgetQueued},
		{"a queue of many", s.queueTogether},
		{"moving", s.moving},
		{"forgetting", s.forget},
		{"watching", s.watch},
		{"many callers at once", s.together},
	}
}

type suite struct {
	open Open
}

// fresh opens an inbox for one test, with rows in it.
func (s suite) fresh(t testing.TB, rows ...model.Row) store.Store {
	t.Helper()
	st, err := s.open(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, st.Close()) })
	require.NoError(t, st.Upsert(t.Context(), rows...))
	return st
}

// day is when the sessions of the suite happen.
var day = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func minute(n int) time.Time { return day.Add(time.Duration(n) * time.Minute) }

func name(s string) model.Personal { return model.NewPersonal(model.ClassName, s) }

// tester is a testing.T or a rapid.T.
type tester interface {
	require.TestingT
	Helper()
}

// list reads a page and fails on an error.
func list(t tester, st store.Store, q model.Query) model.Page {
	t.Helper()
	p, err := st.List(context.Background(), q)
	require.NoError(t, err)
	return p
}
