package desk_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/model"
	"docket/stats"
)

// rowOf is one of a session in the inbox.
func rowOf(id, flow, country, name string) model.Row {
	return model.Row{
		ID: id, FlowID: flow, DocCountry: country, Verdict: model.Manual, Status: model.StatusFinished, AddedAt: time.Now(), WaitsFrom: time.Now(),
		Name: model.NewPersonal(model.ClassName, name), DocNumber: model.NewPersonal(model.ClassDocument, "G-"+id[len(id)-6:]), ExternalID: "order-" + id[len(id)-3:],
	}
}

// answers is everything that a seat says of a session, in words.
func answers(t *testing.T, seat *desk.Seat, id string) []string {
	t.Helper()
	ctx := t.Context()
	say := func(name string, value any, err error) string {
		if p := model.AsProblem(err); p != nil {
			return fmt.Sprintf("%s: %s %d %s", name, p.Kind, p.HTTP, p.Error())
		}
		return fmt.Sprintf("%s: %+v", name, value)
	}
	so := seat.Load(ctx, id)
	status := so.Parts[model.PartStatus].Problem
	all := []string{fmt.Sprintf("open: %v %q %d", status, so.Verdict, len(so.Checks)), fmt.Sprint("peek: ", seat.Peek(id) == nil)}
	row, err := seat.Row(ctx, id)
	all = append(all, say("row", row.ID, err))
	notes, err := seat.Notes(ctx, id)
	all = append(all, say("notes", len(notes), err))
	all = append(all, say("note", nil, seat.AddNote(ctx, id, "x")), say("tags", nil, seat.SetTags(ctx, id, []string{"x"})))
	claimed, err := seat.Claim(ctx, id)
	all = append(all, say("claim", claimed.ID, err))
	renewed, err := seat.Renew(ctx, id)
	all = append(all, say("renew", renewed.ID, err), say("release", nil, seat.Release(ctx, id)))
	p, err := seat.Proposal(ctx, id)
	all = append(all, say("proposal", p, err), say("end", nil, seat.EndProposal(ctx, id)), say("settle", nil, seat.Settle(ctx, id, true)))
	_, err = seat.Confirm(ctx, id, model.Evidence{})
	all = append(all, say("confirm", nil, err), say("export", nil, seat.Export(ctx, id, "x")), say("raw", nil, seat.ExportRaw(ctx, id, model.PartScore)))
	_, err = seat.Picture(ctx, id, model.PictureRef{Type: "selfie"})
	all = append(all, say("picture", nil, err))
	_, err = seat.Unmask(ctx, id, "", "because of this")
	all = append(all, say("unmask", nil, err))
	_, err = seat.Link(ctx, id, "text")
	all = append(all, say("link", nil, err))
	links, err := seat.Links(ctx, id)
	all = append(all, say("links", len(links.Events), err))
	for _, info := range model.Actions() {
		a := model.Action{Kind: info.Kind, IDs: []string{id}, Reason: "checked-ok", Message: "x", Conditions: []string{model.ExpireIncomplete}}
		plan := seat.Plan(a)
		all = append(all, fmt.Sprintf("plan %s: %v %v %q", info.Kind, plan.Refusal, plan.Who, plan.Verdict))
		_, err := seat.Do(ctx, a)
		all = append(all, say("do "+string(info.Kind), nil, err))
	}
	for _, added := range seat.Add(ctx, []string{id}) {
		all = append(all, say("add", added.Row.ID, errorOf(added.Problem)))
	}
	return append(all, fmt.Sprint("erased: ", seat.Erased(ctx, id)))
}

func errorOf(p *model.Problem) error {
	if p == nil {
		return nil
	}
	return p
}

// Whatever is asked of a session outside of the scope is answered as for an id that
// does not exist.
func TestOutsideOfTheScopeThereIsNothing(t *testing.T) {
	const in, out, unknown, elsewhere = "5f9a41c2d3e4b5a697880001", "5f9a41c2d3e4b5a697880002", "5f9a41c2d3e4b5a697880003", "5f9a41c2d3e4b5a697880004"
	for name, scope := range map[string]model.Scope{
		"flows": {Flows: []string{"f1", "f3"}}, "countries": {Countries: []string{"MEX"}}, "both": {Flows: []string{"f1"}, Countries: []string{"MEX"}},
	} {
		for _, role := range []model.Role{model.RoleViewer, model.RoleSupport, model.RoleReviewer, model.RoleSupervisor} {
			t.Run(name+" "+string(role), func(t *testing.T) {
				b := newBench(t, shared)
				b.provider.known = map[string]bool{in: true, out: true, elsewhere: true}
				require.NoError(t, b.store.Upsert(t.Context(), rowOf(in, "f1", "MEX", "Ana In"), rowOf(out, "f2", "BRA", "Eva Out")))
				b.provider.pictures = func(context.Context, string, model.PictureRef) (model.Picture, *model.Problem) {
					return model.Picture{}, model.NewProblem(model.KindNotFound, "none", "", "")
				}
				before, err := b.store.Get(t.Context(), out)
				require.NoError(t, err)
				seat := b.sits(role, scope)
				say := func(id string) []string {
					all := answers(t, seat, id)
					for i := range all {
						all[i] = replace(all[i], id)
					}
					return all
				}
				require.Equal(t, say(unknown), say(out))
				require.Equal(t, say(unknown), say(elsewhere), "the API knows it, and its flow and country are not known")
				after, err := b.store.Get(t.Context(), out)
				require.NoError(t, err)
				require.Equal(t, before, after)
				require.Zero(t, b.provider.writes())
				_, err = b.store.Get(t.Context(), elsewhere)
				require.Error(t, err, "it is not added")
				require.Equal(t, model.Manual, seat.Load(t.Context(), in).Verdict)
				page, err := seat.List(t.Context(), model.Query{})
				require.NoError(t, err)
				require.Len(t, page.Rows, 1)
				counts, err := seat.Counts(t.Context())
				require.NoError(t, err)
				require.Equal(t, int64(1), counts[model.ViewAll])
				require.Equal(t, int64(1), counts[model.ViewReview])
				page, err = seat.List(t.Context(), model.Query{Countries: []string{"BRA"}})
				require.NoError(t, err)
				require.Empty(t, page.Rows)
				if seat.May(desk.MayClaim) {
					_, err = seat.Next(t.Context(), in)
					require.Equal(t, model.KindNotFound, kindOf(t, err))
				}
				_, err = seat.Stats(t.Context(), stats.Query{})
				require.Equal(t, model.KindForbidden, kindOf(t, err))
			})
		}
	}
}

// replace takes an id and its short form out of an answer.
func replace(text, id string) string {
	return strings.NewReplacer(id, "ID", id[:8]+"…"+id[len(id)-4:], "ID").Replace(text)
}

func TestASessionThatComesInIsInAScopeByItsCountry(t *testing.T) {
	b := newBench(t, withSession(func(so *model.Session) { so.Document.Country = "MEX" }))
	mex, bra := b.sits(model.RoleSupport, model.Scope{Countries: []string{"MEX"}}), b.sits(model.RoleSupport, model.Scope{Countries: []string{"BRA"}})
	require.Equal(t, model.Manual, mex.Load(t.Context(), id1).Verdict, "read, though nobody has added it")
	require.Equal(t, model.KindNotFound, bra.Load(t.Context(), id1).Parts[model.PartStatus].Problem.Kind)
}

func TestMaskedRolesFindWhomTheyKnow(t *testing.T) {
	b := newBench(t)
	require.NoError(t, b.store.Upsert(t.Context(),
		rowOf("5f9a41c2d3e4b5a697880001", "f1", "MEX", "José María Núñez"), rowOf("5f9a41c2d3e4b5a697880002", "f1", "BRA", "Jose Maria Nunez"),
		rowOf("5f9a41c2d3e4b5a697880003", "f1", "BRA", "José"), rowOf("5f9a41c2d3e4b5a697880004", "f1", "BRA", "José María Núñez Ruiz"),
		rowOf("5f9a41c2d3e4b5a697880005", "f1", "BRA", "田中太郎")))
	for _, role := range []model.Role{model.RoleViewer, model.RoleSupport, model.RoleInvestigator} {
		seat := b.sits(role)
		for text, want := range map[string]int{
			"jose maria nunez": 2, " JOSÉ MARÍA NÚÑEZ ": 2, "josé": 1, "jos": 0, "maría": 0, "maria nunez": 0, "núñez josé maría": 0, "jose maria": 0,
			"田中太郎": 1, "田中": 0, "太郎": 0, "5f9a41c2d3e4b5a697880001": 1, "5f9a41c2": 0, "5F9A41C2D3E4B5A697880001": 0, "880001": 0,
			"G-880002": 1, "g 880002": 1, "g/880002": 1, "G-88": 0, "88000": 0, "order-003": 1, "order": 0, "*": 0, "%": 0,
		} {
			page, err := seat.List(t.Context(), model.Query{Search: text})
			require.NoError(t, err)
			require.Len(t, page.Rows, want, "%s %q", role, text)
			require.False(t, page.More || page.Less)
			require.Nil(t, page.First)
		}
		page, err := seat.List(t.Context(), model.Query{Search: "jose maria nunez", Countries: []string{"MEX"}, View: model.ViewReview})
		require.NoError(t, err)
		require.Len(t, page.Rows, 1)
		_, err = seat.List(t.Context(), model.Query{Tags: []string{"x"}})
		require.Equal(t, model.KindForbidden, kindOf(t, err))
		due, err := seat.List(t.Context(), model.Query{})
		require.NoError(t, err)
		named, err := seat.List(t.Context(), model.Query{Sort: model.SortName})
		require.NoError(t, err)
		require.Equal(t, due, named, "no order tells who comes before whom")
	}
}

func TestEachSearchOfAMaskedRoleIsLogged(t *testing.T) {
	b := newBench(t)
	seat := b.sits(model.RoleInvestigator)
	for _, text := range []string{"a", "an", "ana", "ana", "ana prueba"} {
		_, err := seat.List(t.Context(), model.Query{Search: text})
		require.NoError(t, err)
	}
	_, err := seat.Take(t.Context(), model.Query{Search: "eva"}, "csv")
	require.NoError(t, err)
	all := told(t, b, 0)
	require.Len(t, all, 5, "the same one read again is the same")
	for _, entry := range all {
		require.Equal(t, "search  inbox", entry, "what for stays out of the log")
	}
}
