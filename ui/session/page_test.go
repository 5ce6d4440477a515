package session_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"docket/internal/vtdriver"
	"docket/model"
	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/session"
)

func serverDown(part string) *model.Problem {
	f := model.NewProblem(model.KindServer, "the API failed with 500", part, "try again in a minute")
	f.HTTP = 500
	return f
}

func TestPartsArriveOneByOne(t *testing.T) {
	r := newRig()
	r.held = true
	d := start(t, r)
	d.See("reading the score …", "reading OCR …", "reading device …", "reading timeline …", "Before approve: wait until score and OCR have come")

	r.arrive(model.PartDevice)
	d.See("iPhone 14 / Safari", "reading OCR …")
	r.arrive(model.PartScore)
	d.See("◆ MANUAL, waits for a person", "RULE_APPLIED, rule “Expired document”", "✗ FAIL documentExpired", "reading OCR …")
	d.Press("a").See("off: wait until score and OCR have come")

	r.fault(model.PartOCR, serverDown("OCR"))
	r.arrive(model.PartOCR)
	d.See("OCR not read: the API failed with 500", "try again in a minute", "R reads it again", "OCR not read (500)", "Before approve: overrides 1 FAIL")
	d.See("iPhone 14 / Safari", "documentExpired")
}

// The inbox is asked for sessions of the same device last of all.
func TestNoLinkedSessionIsKnownOnlyAfterTheLookUp(t *testing.T) {
	r := newRig()
	r.held = true
	r.whole.Linked = nil
	d := start(t, r, vtdriver.Size(200, 60))
	d.See("reading the score …", "being looked up …").Gone("none known")
	all := opening[:len(opening)-1]
	r.arrive(all...)
	d.See("iPhone 14 / Safari", "being looked up …").Gone("none known")
	r.arrive(opening[len(opening)-1])
	d.See("none known").Gone("being looked up")
}

// Without a score the page says what the inbox knew, and that it is old.
func TestTheLastKnownVerdictIsLabelled(t *testing.T) {
	for name, opts := range map[string][]vtdriver.Option{"wide": nil, "small": {vtdriver.Size(80, 24)}} {
		t.Run(name, func(t *testing.T) {
			r := newRig()
			r.fault(model.PartScore, serverDown("score"))
			start(t, r, opts...).SeeMatch(`✗ score not read.*last known ◆ MANUAL.* at .*\d\d:\d\d`)
		})
	}
}

func TestAFailedPaneIsReadAgainAlone(t *testing.T) {
	r := newRig()
	r.fault(model.PartOCR, serverDown("OCR"))
	d := start(t, r, vtdriver.Size(200, 60))
	d.See("OCR not read", "documentExpired")
	r.fault(model.PartOCR, nil)
	d.Press("3", "R").See("LUCIA FERNANDA ORTEGA RIOS").Gone("OCR not read")
	require.Equal(t, [][]model.Part{{model.PartOCR, model.PartOCR2}}, r.asked())

	r.fault(model.PartOCR, serverDown("OCR"))
	d.Press("R").See("OCR not read", "LUCIA FERNANDA ORTEGA RIOS") // what was there stays
}

func TestTheHeaderReadsEverythingAgain(t *testing.T) {
	r := newRig()
	d := start(t, r, vtdriver.Size(80, 24))
	d.See("2 Checks").Press("shift+tab", "shift+tab").See("id          " + theID).Press("R")
	require.Eventually(t, func() bool { return len(r.asked()) == 1 }, vtdriver.DefaultDeadline, time.Millisecond)
	require.Empty(t, r.asked()[0])
}

func TestAPrefetchedSessionIsThereAtOnce(t *testing.T) {
	r := newRig()
	r.arrive(opening...)
	p := session.New(newContext(t, r, "none"), theID)
	p.SetSize(120, 37)
	require.Contains(t, ansi.Strip(p.View()), "Lucía Fernanda ORTEGA RÍOS")
	require.NotContains(t, strings.ReplaceAll(ansi.Strip(p.View()), "reading …  ", ""), "reading", "but for the pictures")
}

func TestKeysTypedAheadAreDropped(t *testing.T) {
	r := newRig()
	r.arrive(opening...)
	p := session.New(newContext(t, r, "none"), theID)
	p.SetSize(120, 37)
	p.Init() // what it returns is not run: the grace period never ends
	for _, id := range []keymap.ID{keymap.Approve, keymap.Reject, keymap.Review, keymap.RareMenu, keymap.Delete} {
		require.Contains(t, p.Off(id), "has just changed", id)
	}
	require.Empty(t, p.Off(keymap.NextOne))

	d := start(t, newRig())
	dialogAfter(t, d, "a", "Reason") // and after it they work
}

func TestActionsSayWhyTheyAreOff(t *testing.T) {
	r := newRig()
	d := start(t, r)
	dialogAfter(t, d, "x", "Reject").Press("esc").Gone("Reject")

	for want, change := range map[string]func(*rig){
		"this console is read-only": func(r *rig) { r.SetPolicy(readOnly) },
		"no executive token":        func(r *rig) { r.Logout() },
		"this API cannot do that":   func(r *rig) { r.SetPolicy(noCapabilities) },
	} {
		r := newRig()
		change(r)
		d := start(t, r)
		dialogAfter(t, d, "a", want).Gone("Reason")
	}

	r = newRig()
	r.Change(theID, func(row *model.Row) { row.Pending = &model.Pending{Action: model.ActApprove, By: "os:ana"} })
	d = start(t, r)
	d.See("the outcome of approve is unknown")
	require.Eventually(t, func() bool {
		return strings.Contains(d.Press("a").Sync().Settled().Screen(), "off: the outcome of approve is unknown")
	}, vtdriver.DefaultDeadline, 50*time.Millisecond)
}

func TestSearchGoesThroughEveryPane(t *testing.T) {
	d := start(t, newRig(), vtdriver.Size(80, 24))
	d.See("2 Checks").Press("/").Type("madrid").See("1 of 1 hit, in 4 Device, place, linked", "ES Madrid")
	d.Press("ctrl+u").Type("mx").Press("left").Type("e").SeeMatch(`/mex +2 of 3 hits, in 4 Device, place, linked`)
	d.Press("up").See("1 of 3 hits, in 3 OCR").Press("enter").SeeMatch(`━ 1 of 3 hits `).Press("n").SeeMatch(`━ 2 of 3 hits `)
	d.Press("esc", "/").Type("madrid").See("1 of 1 hit")
	d.Press("enter").Type("/TAMPER").See("tamperCheck", "enter folds") // what is folded is found
	d.Press("enter", "esc").See("enter unfolds").Gone("tamperCheck")
	d.Press("/").Type("nowhere at all").See("no hit").Press("esc", "n").See("off: nothing is searched for")
}

func TestPanesZoomAndFold(t *testing.T) {
	d := start(t, newRig())
	d.See("4 Device").Press("2").See("2 Checks").Gone("4 Device").Press("esc").See("4 Device")
	d.Press("2", "/").Type("OK").Press("enter").See("enter folds", "maskCheck").Press("esc").Gone("maskCheck")
	d.Press("esc", "esc").See("left")
}

func TestLinkedSessionsOpen(t *testing.T) {
	d := start(t, newRig(), vtdriver.Size(80, 30))
	d.See("2 Checks").Press("4").See("same device in 1 other session here, 1 of another name", "Aiko TANAKA 田中", "another name")
	d.Press("/").Type("c0b3").Press("enter", "enter").See("open 66f1bb00bb00bb00bb00c0b3")
}

func TestACheckIsExplained(t *testing.T) {
	d := start(t, newRig())
	d.See("documentExpired").Press("enter").See("Check documentExpired", "named by Incode, not defined", "Document expired 252 days")
	d.Press("esc").Gone("Check documentExpired")
	d.Press("/").Type("entangl").Press("enter", "enter").See("new to docket: no explanation", "PERHAPS")
}

func TestNotesAndTagsAreKept(t *testing.T) {
	d := start(t, newRig(), vtdriver.Size(200, 60))
	d.See("6 Notes & tags", "tags").Press("t").See("Note on").Type("called the branch").Press("enter").See("note saved", "called the branch")
	d.Press("T").See("Tags of").Press("ctrl+u").Type("urgent,urgent, vip").Press("ctrl+s").See("tags saved", "urgent  vip")
}

func TestPartsOfTheOwnTokenComeOnlyWhenAskedFor(t *testing.T) {
	r := newRig()
	d := start(t, r, vtdriver.Size(200, 60))
	d.See("life        not asked").Tell(common.Run{ID: keymap.OwnToken}).See("session Alive", "Norte 4")
	require.Equal(t, [][]model.Part{{model.PartLife, model.PartCustom}}, r.asked())
}

func TestCopies(t *testing.T) {
	d := start(t, newRig())
	// The toast may be on screen before the clipboard has its text.
	copied := func(want string) {
		t.Helper()
		require.Eventually(t, func() bool { return strings.Contains(d.Clipboard(), want) }, vtdriver.DefaultDeadline, time.Millisecond,
			"the clipboard never held %s", want)
	}
	d.See("LUCIA").Press("y").See("copied interview id")
	copied(theID)
	require.Equal(t, theID, d.Clipboard())

	d.Press("3", "Y").See("Pane as JSON").Press("p").See("copied JSON of OCR")
	copied(`"name": "documentNumber"`)
	require.Contains(t, d.Clipboard(), `"confidence": "0.42"`)
	d.Press("Y").See("Copy").Press("c").See("copied curl")
	copied(`"$DOCKET_API_URL"'/omni/get/ocr-data?id=` + theID + `'`)
	require.Contains(t, d.Clipboard(), "x-api-key: $DOCKET_API_KEY")
	require.Contains(t, d.Clipboard(), "X-Incode-Hardware-Id: $DOCKET_ADMIN_TOKEN")
}

func TestTheMouseSelectsAndOpens(t *testing.T) {
	d := start(t, newRig())
	d.See("4 Device").Tell(common.Click{X: 60, Y: 28}).See("┏━ 4 Device").Tell(common.Click{X: 50, Y: 9}).See("┏━ 2 Checks")
	d.Tell(common.Click{X: 50, Y: 9}).See("Check documentExpired")
}

func TestStepsToTheNeighbours(t *testing.T) {
	d := start(t, newRig())
	d.See("4 Device").Press("]").See("step 1").Press("[").See("step -1")
}

// secrets are texts that must not be seen while values are masked.
var secrets = []string{
	"Lucía", "ORTEGA", "-04-03", "G38214907", "G38214967", "203.0.113.24", "9f2c04d1", "Madrid", "40.41", "LUCIA", "Calle Uno", "TANAKA", "田中", "OERL69", "yes I am", "SimBank",
}

func TestMaskedValuesAreNowhere(t *testing.T) {
	r := newRig()
	r.arrive(opening...)
	c := newContext(t, r, "none")
	c.Masked = true
	p := session.New(c, theID)
	for _, size := range [][2]int{{80, 21}, {120, 37}, {200, 57}} {
		p.SetSize(size[0], size[1])
		for pane := range 7 {
			p.Do(keymap.PaneN, fmt.Sprint(pane))
			p.Do(keymap.Last, "G")
			for _, secret := range secrets {
				require.NotContains(t, ansi.Strip(p.View()), secret)
			}
		}
	}
	for _, crumb := range p.Crumbs() {
		require.NotContains(t, crumb, "Luc")
	}
}

func TestMaskedDialogsAndCopiesHideValues(t *testing.T) {
	r := newRig()
	d := start(t, r, vtdriver.Size(200, 60))
	d.See("LUCIA").Press("*").Gone("LUCIA")
	d.Press("3", "enter").See("Field name.fullName").Press("y").See("copied").Press("esc").Gone("How sure the reading is")
	require.NotContains(t, d.Clipboard(), "LUCIA")
	d.Press("Y").See("Pane as JSON").Press("p").See("copied JSON of OCR")
	require.Contains(t, d.Clipboard(), "documentNumber")
	for _, secret := range secrets {
		require.NotContains(t, d.Clipboard(), secret)
		require.NotContains(t, d.Settled().Screen(), secret)
	}
	dialogAfter(t, d, "a", "Reason")
	for _, secret := range secrets {
		require.NotContains(t, d.Screen(), secret)
	}
}

// fills checks that a page is exactly as large as it was told.
func fills(t require.TestingT, view string, w, h int) {
	lines := strings.Split(view, "\n")
	require.Len(t, lines, h)
	for i, l := range lines {
		require.Equal(t, w, ansi.StringWidth(l), "line %d: %q", i, ansi.Strip(l))
	}
}

func TestPanesFillAnySize(t *testing.T) {
	r := newRig()
	r.arrive(opening...)
	empty, failed := newRig(), newRig()
	for _, part := range opening {
		failed.fault(part, serverDown(string(part)))
	}
	failed.arrive(opening...)
	keys := []keymap.ID{keymap.Down, keymap.Up, keymap.Last, keymap.First, keymap.HalfDown, keymap.NextPane, keymap.PrevPane, keymap.Open, keymap.Back}
	rapid.Check(t, func(rt *rapid.T) {
		desk := rapid.SampledFrom([]*rig{r, empty, failed}).Draw(rt, "desk")
		p := session.New(newContext(t, desk, "dark"), theID)
		for range 3 {
			w, h := rapid.IntRange(80, 250).Draw(rt, "width"), rapid.IntRange(20, 80).Draw(rt, "height")
			p.SetSize(w, h)
			fills(rt, p.View(), w, h)
			for range rapid.IntRange(0, 6).Draw(rt, "presses") {
				id := rapid.SampledFrom(keys).Draw(rt, "key")
				if id == keymap.Back {
					p.Do(keymap.Search, "/")
				} else {
					p.Do(id, "")
				}
				fills(rt, p.View(), w, h)
			}
		}
	})
}

func TestGoldenScreens(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
		for _, look := range []string{"dark", "light", "16", "none"} {
			t.Run(fmt.Sprintf("%dx%d/%s", size[0], size[1], look), func(t *testing.T) {
				r := newRig()
				r.arrive(opening...)
				c := newContext(t, r, look)
				d := vtdriver.StartModel(t, newHost(c, session.New(c, theID)), vtdriver.Size(size[0], size[1]), vtdriver.Profile(profiles[look]))
				d.See("Before approve: overrides", "documentExpired")
				vtdriver.GoldenStyled(t, d)
			})
		}
	}
}

var profiles = map[string]vtdriver.ColorProfile{
	"dark": vtdriver.TrueColor, "light": vtdriver.TrueColor, "16": vtdriver.ANSI16, "none": vtdriver.NoColor,
}

// However long Incode's reason, the small header names the worst check.
func TestSmallHeaderNamesTheWorstCheck(t *testing.T) {
	r := newRig()
	r.whole.Rules = []model.Rule{{Name: "Face enrolled under another name and an expired document"}}
	d := start(t, r, vtdriver.Size(80, 24))
	d.SeeMatch(`WHY +Incode: RULE_APPLIED.*… · worst: ✗ FAIL documentExpired`)
}
