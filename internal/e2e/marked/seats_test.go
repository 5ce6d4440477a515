package marked

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/internal/marker"
	"docket/model"
	"docket/omni"
	"docket/provider/incode"
	"docket/sim"
	"docket/stats"
	"docket/store/sqlite"
)

// table is a desk on a marked API.
func (r *rig) table() *desk.Desk {
	r.t.Helper()
	inbox, err := sqlite.Temp(r.t.Context())
	require.NoError(r.t, err)
	token := &incode.Token{}
	token.Set(r.api.ExecutiveToken())
	client, err := omni.New(omni.Config{BaseURL: r.url, APIKey: sim.DefaultAPIKey, Token: token.Get})
	require.NoError(r.t, err)
	d := desk.New(desk.Config{Store: inbox, Provider: incode.New(client, incode.Options{Token: token}), Lease: time.Minute, Token: desk.Token{Present: true}})
	r.t.Cleanup(func() {
		d.Wait()
		client.CloseIdle()
		require.NoError(r.t, inbox.Close())
	})
	return d
}

// pair is what a method returned.
func pair(values ...any) any { return values }

// drain reads a channel to its end.
func drain[T any](c <-chan T) (all []T) {
	for v := range c {
		all = append(all, v)
	}
	return all
}

// asked calls every method of a seat that gives anything out. Those that are not here say
// in quiet why.
func (r *rig) asked(s *desk.Seat, id string) map[string]any {
	ctx := r.t.Context()
	act := func(kind model.ActionKind) model.Action {
		return model.Action{Kind: kind, IDs: []string{id}, Reason: "checked-ok", Message: "x", Conditions: []string{model.ExpireIncomplete}, Expect: "x"}
	}
	got := map[string]any{
		"Load": s.Load(ctx, id), "Open": drain(s.Open(ctx, id)), "Refresh": drain(s.Refresh(ctx, id)), "Peek": s.Peek(id),
		"Read": s.Read(ctx, id, model.PartLife, model.PartCustom, model.PartSignature, model.PartReport, model.PartLinked, model.PartOCR2),
		"Add":  s.Add(ctx, []string{id}), "Counts": pair(s.Counts(ctx)), "Row": pair(s.Row(ctx, id)), "Erased": s.Erased(ctx, id),
		"List": []any{pair(s.List(ctx, model.Query{})), pair(s.List(ctx, model.Query{Search: r.mark.Text[:6]})), pair(s.List(ctx, model.Query{Sort: model.SortName}))},
		"Take": pair(s.Take(ctx, model.Query{}, "csv")), "Notes": pair(s.Notes(ctx, id)), "AddNote": s.AddNote(ctx, id, "called"),
		"Compared": s.Compared(ctx, id, model.Comparison{}), "SetTags": s.SetTags(ctx, id, []string{"x"}), "Claim": pair(s.Claim(ctx, id)),
		"TakeOver": pair(s.TakeOver(ctx, id, "os:x")), "Renew": pair(s.Renew(ctx, id)), "Next": pair(s.Next(ctx, "")), "Release": s.Release(ctx, id),
		"Activity": s.Activity(0), "Policy": s.Policy(), "Token": s.Token(), "Me": s.Me(), "Away": s.Away(), "Needs": s.Needs(desk.MayLog),
		"May": s.May(desk.MayLog), "Stats": pair(s.Stats(ctx, stats.Query{})), "Unfinished": pair(s.Unfinished(ctx)), "Remaining": pair(s.Remaining(ctx, "x")),
		"StopBatch": s.StopBatch(ctx, "x"), "Proposal": pair(s.Proposal(ctx, id)), "EndProposal": s.EndProposal(ctx, id), "Settle": s.Settle(ctx, id, true),
		"Confirm": pair(s.Confirm(ctx, id, model.Evidence{})), "ConfirmNow": pair(s.ConfirmNow(ctx, id)), "Export": s.Export(ctx, id, "x"),
		"ExportRaw": s.ExportRaw(ctx, id, model.PartScore), "Reveal": s.Reveal(ctx, id), "Link": linkless(s.Link(ctx, id, "text")), "Links": pair(s.Links(ctx, id)),
		"Picture":      pair(s.Picture(ctx, id, model.PictureRef{Type: "selfie"})),
		"SavePictures": drain(s.SavePictures(ctx, id, []model.PictureRef{{Type: "selfie"}}, desk.SaveOptions{Dir: r.t.TempDir()})),
		"SaveCase":     pair(s.SaveCase(ctx, id, desk.CaseOptions{Path: r.t.TempDir() + "/x.zip"})),
		"Arrive":       s.Arrive(ctx, id, func(a desk.Arrival) error { require.Fail(r.t, "arrived"); return nil }),
		"Reread":       pair(s.Reread(ctx, id)), "Reasons": s.Reasons(model.ActReject),
		"Submit": pair(s.Submit(ctx, act(model.ActApprove))),
	}
	items, err := s.DryRun(ctx, desk.BulkOrder{Action: act(model.ActExpire), IDs: []string{id}})
	got["DryRun"] = pair(items == nil, err)
	bulk, err := s.StartBulk(ctx, desk.BulkOrder{Action: act(model.ActExpire), IDs: []string{id}}, nil)
	got["StartBulk"] = pair(bulk == nil, err)
	log, err := s.AuditLog()
	got["AuditLog"] = pair(log == nil, err) // of what is in it the commands are asked
	outcome, again, err := s.EnrollOnce(ctx, id, "")
	got["EnrollOnce"] = pair(outcome, again, err)
	var plans, ends, bars []any
	for _, info := range model.Actions() {
		a := act(info.Kind)
		plans = append(plans, s.Plan(a), s.Incomplete(a))
		bars = append(bars, s.Barred(ctx, a), s.Retained(ctx, a))
		ends = append(ends, pair(s.Do(ctx, a)))
	}
	got["Plan"], got["Incomplete"], got["Barred"], got["Retained"], got["Do"] = plans, plans, bars, bars, ends
	return got
}

// linkless leaves out the link: whoever may see it may be told it.
func linkless(l model.Link, err error) any { return err }

// quiet are the methods that give nothing out.
var quiet = []string{
	"Ending", "Watch", "Configured", "Login", "LoggedOut", "Came", "Went", "Revoked", "GiveBack", "Prefetch", "DropPictures", "Unmask", "MaskAgain",
}

// texts collects every text and number of a value, by reflection, unexported fields too:
// what is handed out may not hold what it does not show.
func texts(v any) string {
	var b strings.Builder
	seen := map[uintptr]bool{}
	var walk func(reflect.Value)
	walk = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			b.WriteString(v.String() + "\n")
		case reflect.Pointer:
			if !v.IsNil() && !seen[v.Pointer()] {
				seen[v.Pointer()] = true
				walk(v.Elem())
			}
		case reflect.Interface:
			if !v.IsNil() {
				walk(v.Elem())
			}
		case reflect.Slice, reflect.Array:
			if v.Type().Elem().Kind() == reflect.Uint8 {
				if v.Kind() == reflect.Slice {
					b.Write(v.Bytes())
				}
				return
			}
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.Map:
			for _, k := range v.MapKeys() {
				walk(k)
				walk(v.MapIndex(k))
			}
		case reflect.Struct:
			if v.Type() == reflect.TypeFor[time.Time]() {
				return
			}
			for i := range v.NumField() {
				walk(v.Field(i))
			}
		}
	}
	walk(reflect.ValueOf(v))
	return b.String()
}

func TestNoMethodOfASeatGivesAMaskedRoleAMark(t *testing.T) {
	for name, deep := range map[string]bool{"every leaf": false, "all that is not read by": true} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, marker.New(deep))
			id := r.first(func(so sim.Session) bool { return so.Verdict == "MANUAL" })
			d := r.table()
			owner := d.As(model.Actor{Identity: "os:owner", Role: model.RoleOwner})
			whole := texts(owner.Load(context.Background(), id))
			require.NotEmpty(t, r.mark.Found([]byte(whole)), "there is something to be found")
			require.NoError(t, owner.AddNote(t.Context(), id, "the customer is "+r.mark.Text))
			require.NoError(t, owner.SetTags(t.Context(), id, []string{r.mark.Text}))
			for _, info := range model.Roles() {
				if sees(info.Role) {
					continue
				}
				seat := d.As(model.Actor{Identity: "ssh:" + string(info.Role), Role: info.Role})
				got := r.asked(seat, id)
				for method, value := range got {
					require.Empty(t, r.mark.Found([]byte(texts(value))), "%s: %s: %s", info.Role, method, texts(value))
				}
				for i := range reflect.TypeOf(seat).NumMethod() {
					method := reflect.TypeOf(seat).Method(i).Name
					_, asked := got[method]
					require.True(t, asked || slices.Contains(quiet, method), "%s is not asked: add it to asked, or to quiet if it gives nothing out", method)
				}
			}
		})
	}
}
