package desk_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/model"
)

// sits returns a seat of a role at the bench.
func (b *bench) sits(role model.Role, scope ...model.Scope) *desk.Seat {
	me := model.Actor{Identity: "ssh:" + string(role), Role: role}
	if len(scope) > 0 {
		me.Scope = scope[0]
	}
	return b.desk.As(me)
}

// written is everything that a value can be shown as.
func written(t *testing.T, v any) string {
	t.Helper()
	body, err := json.Marshal(v)
	require.NoError(t, err)
	return string(body) + fmt.Sprintf("%+v", v)
}

// risky is a session on which antifraud and a watch list found something.
func risky(so *model.Session) {
	none := func(text string) model.Personal { return model.NewPersonal(model.ClassNone, text) }
	so.Checks = []model.Check{
		{Section: "antifraud", Key: "overall", Status: model.Fail, Value: none("0")},
		{Section: "incodeWatchlistScore", Key: "watchlistScore", Status: model.Fail, Value: none("97")},
		{Section: "brandNew", Key: "overall", Status: model.Fail},
		{Section: "idValidation", Key: "documentExpired", Status: model.OK, Value: none("100")},
	}
	so.Facts = []model.Fact{
		{Section: "incodeWatchlistScore", Key: "dataMatches", Value: none("name")},
		{Section: "faceRecognition", Key: "existingUser", Value: none("true")},
		{Section: "retryInfo", Key: "failedAttemptsCounter.frontId", Value: none("2")},
	}
	so.Rules = []model.Rule{{Name: "wary of watchlists", Expression: "antifraud == 'FAIL'"}}
	so.Findings = []model.Finding{{Key: "antifraud", Text: "Antifraud found signs"}, {Key: "expired", Text: "Document expired"}}
	so.Antifraud = &model.Antifraud{Status: model.Fail}
	so.ReviewReason = "WATCHLIST_HIT"
	so.Events = []model.Event{{Name: "processAntifraud"}, {Name: "startSelfie"}}
	so.Linked = []model.Linked{{ID: "5f9a41c2b7e0d1aabbccddee", Why: model.LinkDevice}, {ID: "5f9a41c2b7e0d1aabbccddef", Why: model.LinkIdentity}}
}

func withSession(change func(*model.Session)) func(*desk.Config) {
	return func(c *desk.Config) { c.Provider = altering{c.Provider, change} }
}

// altering changes what a provider says in the end.
type altering struct {
	desk.Provider
	change func(*model.Session)
}

func (p altering) Fetch(ctx context.Context, id string, part model.Part, so *model.Session) (func(*model.Session), *model.Problem) {
	apply, problem := p.Provider.Fetch(ctx, id, part, so)
	return func(so *model.Session) { apply(so); p.change(so) }, problem
}

func (p altering) FetchMore(ctx context.Context, id string) (func(*model.Session), *model.Problem) {
	apply, problem := p.Provider.FetchMore(ctx, id)
	return func(so *model.Session) { apply(so); p.change(so) }, problem
}

func TestWhoMayNotSeeRiskIsNotToldOfIt(t *testing.T) {
	b := newBench(t, withSession(risky))
	for _, role := range []model.Role{model.RoleViewer, model.RoleSupport, model.RoleInvestigator} {
		seat := b.sits(role)
		so := seat.Load(t.Context(), id1)
		text := strings.ToLower(written(t, so) + written(t, seat.Plan(approve(id1))))
		for _, telling := range []string{"fraud found", "watchlist", "brandnew", "existinguser", "processantifraud", "wary"} {
			assert.NotContains(t, text, telling, role)
		}
		assert.Nil(t, so.Antifraud)
		assert.Len(t, so.Checks, 1)
		assert.Equal(t, "documentExpired", so.Checks[0].Key)
		assert.Len(t, so.Events, 2, "something happened then, and that is all")
		require.Len(t, so.Linked, 1)
		assert.Equal(t, model.LinkIdentity, so.Linked[0].Why)
		assert.Equal(t, model.Manual, so.Verdict, "that it waits may be known")
	}
	for _, role := range []model.Role{model.RoleReviewer, model.RoleSupervisor} {
		so := b.sits(role).Load(t.Context(), id1)
		assert.Len(t, so.Checks, 4)
		assert.NotNil(t, so.Antifraud)
		assert.Equal(t, model.ReviewReason("WATCHLIST_HIT"), so.ReviewReason)
	}
}

// secretRow is a row of which nothing may be known to a masked role but what docket
// knows by name.
func secretRow(id string) model.Row {
	return model.Row{
		ID: id, Verdict: model.Manual, Status: "Zq7Mark", ReviewReason: "Zq7Mark", RuleName: "Zq7Mark", WorstKey: "Zq7Mark", WorstStatus: "Zq7Mark", OpenKey: "Zq7Mark", OpenStatus: "Zq7Mark",
		Name: model.NewPersonal(model.ClassName, "Zq7Mark Zq7Mark"), DocType: "Zq7Mark", DocCountry: "Zq7Mark",
		DocNumber: model.NewPersonal(model.ClassDocument, "Zq7Mark"), ExternalID: "Zq7Mark", CustomerID: "Zq7Mark",
		DeviceHash: model.NewPersonal(model.ClassDevice, "Zq7Mark"), IP: model.NewPersonal(model.ClassDevice, "Zq7Mark"), DeviceCountry: "Zq7Mark",
		Existing: true, Antifraud: "Zq7Mark", Tags: []string{"Zq7Mark"}, Custom: map[string]string{"Zq7Mark": "Zq7Mark"},
		Decided:   &model.Decided{Action: model.ActReject, By: "os:ana", Reason: "watchlist"},
		Proposal:  &model.Proposal{By: "os:ana", Rule: "Zq7Mark", Salt: "Zq7Mark", Action: model.Action{Kind: model.ActReject, Reason: "antifraud", Note: "Zq7Mark", Message: "Zq7Mark", Expect: "Zq7Mark"}},
		WaitsFrom: time.Now(), AddedAt: time.Now(),
	}
}

func TestRowsOfMaskedRolesHoldNothing(t *testing.T) {
	b := newBench(t)
	require.NoError(t, b.store.Upsert(t.Context(), secretRow(id1)))
	for _, info := range model.Roles() {
		seat := b.sits(info.Role)
		page, err := seat.List(t.Context(), model.Query{})
		row, _ := seat.Row(t.Context(), id1)
		proposal, _ := seat.Proposal(t.Context(), id1)
		text := written(t, page) + written(t, row)
		if proposal != nil {
			text += written(t, *proposal)
		}
		if seat.May(desk.MaySee) {
			require.Contains(t, text, "Zq7Mark", info.Role)
			continue
		}
		require.NotContains(t, text, "Zq7Mark", info.Role)
		require.NotContains(t, text, "watchlist", info.Role)
		require.NotContains(t, text, "antifraud\"", info.Role)
		if info.Role == model.RoleAuditor {
			require.Error(t, err)
			continue
		}
		require.Len(t, page.Rows, 1)
	}
}

func TestNotesOfOthersAreMasked(t *testing.T) {
	b := newBench(t)
	require.NoError(t, b.AddNote(t.Context(), id1, "Zq7Mark lives at number 5"))
	support := b.sits(model.RoleSupport)
	require.NoError(t, support.AddNote(t.Context(), id1, "called back"))
	texts := func(s *desk.Seat) (all []string) {
		notes, err := s.Notes(t.Context(), id1)
		require.NoError(t, err)
		for _, n := range notes {
			all = append(all, n.Text)
		}
		return all
	}
	assert.Equal(t, []string{model.MaskedText, "called back"}, texts(support))
	assert.Equal(t, []string{model.MaskedText, model.MaskedText}, texts(b.sits(model.RoleViewer)))
	assert.Equal(t, []string{"Zq7Mark lives at number 5", "called back"}, texts(b.sits(model.RoleReviewer)))
}

// What the API says of a failure may be anything.
func TestMaskedRolesAreNotToldWhatTheAPISays(t *testing.T) {
	b := newBench(t)
	b.provider.fail[model.PartOCR] = model.NewProblem(model.KindRefused, "The API refused it", "ocr", "").Quote("Zq7Mark exists")
	b.provider.onAct = func(a model.Action) model.Outcome {
		p := model.NewProblem(model.KindRefused, "The API refused it", "x", "").Quote("Zq7Mark exists")
		return model.Outcome{Result: model.ResultRefused, Says: p.Message + ".", Problem: p, Status: "Zq7Mark", Life: "Zq7Mark"}
	}
	for role, sees := range map[model.Role]bool{model.RoleSupport: false, model.RoleSupervisor: true} {
		seat := b.sits(role)
		so := seat.Load(t.Context(), id1)
		out, err := seat.Do(t.Context(), model.Action{Kind: model.ActClose, IDs: []string{id1}})
		require.NoError(t, err)
		require.Equal(t, model.ResultRefused, out[0].Result)
		text := written(t, so) + written(t, out) + so.Parts[model.PartOCR].Problem.Error() + written(t, seat.Add(t.Context(), []string{id1}))
		assert.Equal(t, sees, strings.Contains(text, "Zq7Mark"), "%s: %s", role, text)
		assert.Equal(t, model.KindRefused, so.Parts[model.PartOCR].Problem.Kind)
	}
}

func TestARevealIsOfOneSeatForAMinute(t *testing.T) {
	var later []func()
	b := newBench(t, func(c *desk.Config) { c.After = func(_ time.Duration, f func()) { later = append(later, f) } }, withSession(func(so *model.Session) {
		risky(so)
		so.OCR = []model.Field{{Name: "documentNumber", Value: model.NewPersonal(model.ClassDocument, "G38214914")}}
		so.Document.Number = so.OCR[0].Value
		so.ExternalID = "order-77"
	}))
	seat := b.sits(model.RoleSupport)
	_, err := seat.Unmask(t.Context(), id1, "", "customer on the phone")
	require.Equal(t, model.KindGuard, kindOf(t, err), "nothing was shown yet")
	so := seat.Load(t.Context(), id1)
	require.Equal(t, "A••• P•••", so.Applicant.Name.String())
	other := b.sits(model.RoleViewer)
	other.Load(t.Context(), id1)
	from := len(told(t, b, 0))

	news := seat.Watch(t.Context())
	until, err := seat.Unmask(t.Context(), id1, "documentNumber", "  customer on the phone\x1b ")
	require.NoError(t, err)
	assert.Equal(t, b.clock.now().Add(time.Minute), until)
	<-news
	so = seat.Peek(id1)
	assert.Equal(t, "G38214914", so.Document.Number.String())
	assert.Equal(t, "G38214914", so.OCR[0].Value.String())
	assert.Equal(t, "A••• P•••", so.Applicant.Name.String(), "one field is one field")
	assert.Equal(t, "••••4914", other.Peek(id1).Document.Number.String(), "nobody else's")

	_, err = seat.Unmask(t.Context(), id1, "", "customer on the phone")
	require.NoError(t, err)
	so = seat.Peek(id1)
	assert.Equal(t, "Ana Prueba", so.Applicant.Name.String())
	assert.Equal(t, "order-77", so.ExternalID)
	assert.Nil(t, so.Antifraud, "never")
	assert.NotContains(t, strings.ToLower(written(t, so)), "watchlist")
	assert.Empty(t, so.Parts[model.PartScore].Raw)

	seat.MaskAgain()
	<-news
	assert.Equal(t, "A••• P•••", seat.Peek(id1).Applicant.Name.String(), "before its time")
	_, err = seat.Unmask(t.Context(), id1, "", "customer on the phone")
	require.NoError(t, err)
	<-news
	require.Equal(t, "Ana Prueba", seat.Peek(id1).Applicant.Name.String())

	b.clock.forward(time.Minute)
	require.Len(t, later, 3)
	later[2]()
	<-news
	so = seat.Peek(id1)
	assert.Equal(t, "A••• P•••", so.Applicant.Name.String())
	assert.Equal(t, "••••4914", so.Document.Number.String())
	assert.Equal(t, []string{
		"reveal " + id1 + " field documentNumber: customer on the phone␛", "reveal " + id1 + " session: customer on the phone",
		"reveal " + id1 + " session: customer on the phone",
	}, told(t, b, from))
}

func TestAnOpenStreamShowsWhatIsRevealed(t *testing.T) {
	b := newBench(t)
	gate := make(chan struct{})
	seat := b.sits(model.RoleSupport)
	seat.Load(t.Context(), id1)
	b.provider.set(func(p *faultyProvider) { p.gate[model.PartDevice] = gate })
	snapshots := seat.Refresh(t.Context(), id1, model.PartDevice)
	require.Equal(t, "A••• P•••", (<-snapshots).Applicant.Name.String())
	_, err := seat.Unmask(t.Context(), id1, "name", "customer on the phone")
	require.NoError(t, err)
	for so := range snapshots {
		if so.Applicant.Name.String() == "Ana Prueba" {
			close(gate)
			break
		}
	}
	for range snapshots {
	}
}

func TestWhatCannotBeRevealed(t *testing.T) {
	full := false
	b := newBench(t)
	b = newBench(t, func(c *desk.Config) { c.Store = fullLog{b.store, &full} })
	for _, info := range model.Roles() {
		seat := b.sits(info.Role)
		seat.Load(t.Context(), id1)
		_, err := seat.Unmask(t.Context(), id1, "", "customer on the phone")
		switch {
		case seat.May(desk.MaySee):
			assert.Equal(t, model.KindUsage, kindOf(t, err), info.Role)
		case seat.May(desk.MayReveal):
			assert.NoError(t, err, info.Role)
		default:
			assert.Equal(t, model.KindForbidden, kindOf(t, err), info.Role)
		}
	}
	seat := b.sits(model.RoleSupport)
	seat.Load(t.Context(), id2)
	for _, reason := range []string{"", " ", "ab", strings.Repeat("x", 201)} {
		_, err := seat.Unmask(t.Context(), id2, "", reason)
		assert.Equal(t, model.KindUsage, kindOf(t, err), reason)
	}
	for _, field := range []string{"nothing", model.MaskedText, "antifraud.overall"} {
		_, err := seat.Unmask(t.Context(), id2, field, "customer on the phone")
		assert.Equal(t, model.KindUsage, kindOf(t, err), field)
	}
	full = true
	_, err := seat.Unmask(t.Context(), id2, "", "customer on the phone")
	require.Error(t, err)
	assert.Equal(t, "A••• P•••", seat.Peek(id2).Applicant.Name.String())
}

func TestMaskedRolesGetBlurredPictures(t *testing.T) {
	im := image.NewRGBA(image.Rect(0, 0, 400, 300))
	for x := range 400 {
		for y := range 300 {
			im.Set(x, y, color.Gray{Y: uint8(x * 255 / 400)})
		}
	}
	var body bytes.Buffer
	require.NoError(t, png.Encode(&body, im))
	b := newBench(t)
	media := model.MediaPNG
	b.provider.pictures = func(_ context.Context, _ string, ref model.PictureRef) (model.Picture, *model.Problem) {
		return model.Picture{Ref: ref, Body: body.Bytes(), Media: media, SHA256: "sum of the original", Width: 400, Height: 300}, nil
	}
	ref := model.PictureRef{Type: "selfie"}
	for _, role := range []model.Role{model.RoleViewer, model.RoleSupport, model.RoleInvestigator} {
		seat := b.sits(role)
		p, err := seat.Picture(t.Context(), id1, ref)
		require.NoError(t, err)
		assert.NotEqual(t, body.Bytes(), p.Body)
		assert.NotEqual(t, "sum of the original", p.SHA256)
		shown, _, err := image.Decode(bytes.NewReader(p.Body))
		require.NoError(t, err)
		assert.Equal(t, image.Pt(p.Width, p.Height), shown.Bounds().Size())
		left, _, _, _ := shown.At(2, p.Height/2).RGBA()
		right, _, _, _ := shown.At(p.Width-3, p.Height/2).RGBA()
		assert.Less(t, left, right, "what is light and what is dark is left")
		for saved := range seat.SavePictures(t.Context(), id1, []model.PictureRef{ref}, desk.SaveOptions{Dir: t.TempDir()}) {
			require.NotNil(t, saved.Problem)
			assert.Equal(t, model.KindForbidden, saved.Problem.Kind)
		}
	}
	p, err := b.sits(model.RoleReviewer).Picture(t.Context(), id1, ref)
	require.NoError(t, err)
	assert.Equal(t, body.Bytes(), p.Body)
	_, err = b.sits(model.RoleAuditor).Picture(t.Context(), id1, ref)
	assert.Equal(t, model.KindForbidden, kindOf(t, err))
	media = model.MediaPDF
	_, err = b.sits(model.RoleViewer).Picture(t.Context(), id2, ref)
	assert.Equal(t, model.KindForbidden, kindOf(t, err), "what cannot be blurred is not shown")
}

func TestTheAuditLogIsForWhoMayReadIt(t *testing.T) {
	b := newBench(t)
	for _, info := range model.Roles() {
		log, err := b.sits(info.Role).AuditLog()
		assert.Equal(t, info.Role == model.RoleAuditor, err == nil, info.Role)
		assert.Equal(t, err == nil, log != nil)
	}
	_, err := b.sits(model.RoleAuditor, model.Scope{Flows: []string{"f1"}}).AuditLog()
	assert.Equal(t, model.KindForbidden, kindOf(t, err))
}

// Days that are counted from a date are that date, for whoever knows when they were
// counted.
func TestWhatIsCountedFromAMaskedDateIsMasked(t *testing.T) {
	b := newBench(t, withSession(func(so *model.Session) {
		so.Findings = []model.Finding{{
			Key: "expired", Field: "expireAt", Shown: model.NewPersonal(model.ClassDocument, "2026-03-21"),
			Text: "Document expired 252 days before this session.", Plain: "Document expired before this session.",
		}}
	}))
	said := func(so *model.Session) string { return so.Findings[0].Text }
	for _, role := range []model.Role{model.RoleViewer, model.RoleSupport, model.RoleInvestigator} {
		so := b.sits(role).Load(t.Context(), id1)
		assert.Equal(t, "Document expired before this session.", said(so), role)
		assert.NotContains(t, written(t, so), "252 days", role)
	}
	assert.Contains(t, said(b.sits(model.RoleReviewer).Load(t.Context(), id1)), "252 days")
	seat := b.sits(model.RoleSupport)
	seat.Load(t.Context(), id1)
	_, err := seat.Unmask(t.Context(), id1, "expireAt", "customer on the phone")
	require.NoError(t, err)
	assert.Contains(t, said(seat.Peek(id1)), "252 days", "whoever sees the date may")
}

// A reveal is of the session that its reason is about, not of those that hang on it.
func TestARevealIsOfOneSession(t *testing.T) {
	row := secretRow("5f9a41c2b7e0d1aabbccddef")
	b := newBench(t, withSession(func(so *model.Session) {
		so.Linked = []model.Linked{{ID: row.ID, ExternalID: "Zq7Mark", Why: model.LinkIdentity, Row: &row}}
	}))
	seat := b.sits(model.RoleSupport)
	seat.Load(t.Context(), id1)
	_, err := seat.Unmask(t.Context(), id1, "", "customer on the phone")
	require.NoError(t, err)
	so := seat.Peek(id1)
	require.Equal(t, "Ana Prueba", so.Applicant.Name.String())
	require.Len(t, so.Linked, 1)
	assert.NotContains(t, written(t, *so.Linked[0].Row)+so.Linked[0].ExternalID, "Zq7Mark")
}

// A row whose worst check is hidden shows the next one, as the session does: a gap would
// tell that something is hidden there.
func TestARowDoesNotTellThatItsWorstCheckIsHidden(t *testing.T) {
	b := newBench(t)
	row := model.Row{ID: id1, Verdict: model.Manual, WorstKey: "antifraud.overall", WorstStatus: model.Fail, OpenKey: "sharpnessFront", OpenStatus: model.Warn}
	require.NoError(t, b.store.Upsert(t.Context(), row))
	for role, want := range map[model.Role]string{model.RoleSupport: "sharpnessFront WARN", model.RoleReviewer: "antifraud.overall FAIL"} {
		seen, err := b.sits(role).Row(t.Context(), id1)
		require.NoError(t, err)
		assert.Equal(t, want, seen.WorstKey+" "+string(seen.WorstStatus), role)
	}
}
