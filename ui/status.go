package ui

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"docket/desk"
	"docket/model"
	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/widget"
)

// facts are what the header says of store, token and API, read once a second.
type facts struct {
	away   time.Time // since when the store is; zero: it is not
	policy desk.Policy
	token  desk.Token
	free   int // per cent of the API's limits that are left; -1: not known
	api    apiState
	took   time.Duration // the median of late calls
}

type apiState uint8

const (
	apiFine apiState = iota
	apiSlow
	apiGone // no connection, or no answer
)

// slowCall is a median from which the API counts as slow.
const slowCall = 2 * time.Second

func factsOf(c *common.Context) facts {
	const few = 5 // calls that say how the API is
	a := c.Desk.Activity(few)
	f := facts{away: c.Desk.Away(), policy: c.Desk.Policy(), token: c.Desk.Token(), free: -1}
	if b := a.Budget; b.WindowMax > 0 && b.SecondMax > 0 {
		f.free = min(100*b.WindowLeft/b.WindowMax, 100*b.SecondLeft/b.SecondMax)
	}
	if len(a.Calls) > 0 && (a.Calls[0].Kind == model.KindUnreachable || a.Calls[0].Kind == model.KindTimeout) {
		f.api = apiGone
		return f
	}
	var took []time.Duration
	for _, call := range a.Calls {
		took = append(took, call.Took)
	}
	if len(took) == few {
		slices.Sort(took)
		if f.took = took[few/2]; f.took > slowCall {
			f.api = apiSlow
		}
	}
	return f
}

type (
	factsMsg  facts
	secondMsg time.Time
)

func second() tea.Cmd {
	return tea.Every(time.Second, func(t time.Time) tea.Msg { return secondMsg(t) })
}

func (r *Root) readFacts() tea.Cmd { return func() tea.Msg { return factsMsg(factsOf(r.c)) } }

// fromClock takes what comes from clocks.
func (r *Root) fromClock(msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case secondMsg:
		return tea.Batch(second(), r.watch(), r.cover(), r.clearsDue(), r.readFacts(), r.notice(), r.broadcast(common.Tick{At: r.c.Now()})), true
	case factsMsg:
		r.facts = facts(msg)
	case dueMsg:
		r.moved = r.moved || r.due
	case beatMsg:
		if r.holds.busy() {
			return beating(), true
		}
	case toastOver:
		r.toast.over(msg)
	default:
		return nil, false
	}
	return nil, true
}

// header is the first line: where the person is, and the state of things.
func (r *Root) header() string {
	st := r.c.Styles
	lead := " " + st.Title.Render("docket") + "  " + st.Accent.Render(where(r.facts.policy))
	right := strings.Join(r.state(), st.Dim.Render(" | ")) + " "
	left := lead + r.crumbs(r.pages)
	if room := r.w - widget.Width(right) - 1; len(r.pages) > 2 && widget.Width(left) > room {
		left = r.shortCrumbs(lead, room)
	}
	return widget.Ends(left, right, r.w)
}

// shortCrumbs leaves out what is further away: the page in front matters most,
// then whose it is.
func (r *Root) shortCrumbs(lead string, room int) string {
	const least = 8 // letters that name somebody
	dots, last := r.c.Styles.Dim.Render(" > …"), len(r.pages)-1
	for i := 1; i < last; i++ {
		if left := lead + dots + r.crumbs(r.pages[i:]); widget.Width(left) <= room {
			return left
		}
	}
	front := r.crumbs(r.pages[last:])
	parent := r.pages[last-1].Crumbs()
	if rest := room - widget.Width(lead+r.crumb("")+front); rest >= least && len(parent) > 0 {
		return lead + r.crumb(widget.Clip(parent[0], rest)) + front
	}
	return lead + dots + front
}

func (r *Root) crumbs(pages []common.Page) string {
	out := ""
	for _, p := range pages {
		for _, crumb := range p.Crumbs() {
			out += r.crumb(crumb)
		}
	}
	return out
}

func (r *Root) crumb(text string) string {
	return r.c.Styles.Dim.Render(" > ") + r.c.Styles.Crumb.Render(text)
}

// where names the system that is worked on: its profile, else its host.
func where(p desk.Policy) string {
	_, host, _ := strings.Cut(p.Origin, "://")
	return cmp.Or(p.Profile, host)
}

// state lists what a person should know at any moment, the gravest first.
func (r *Root) state() []string {
	st, f := r.c.Styles, r.facts
	var out []string
	if !f.away.IsZero() {
		out = append(out, st.Warn.Render("store away "+lasts(r.c.Now().Sub(f.away))))
	}
	if f.policy.ReadOnly {
		out = append(out, st.Warn.Render("READ-ONLY"))
	}
	out = append(out, r.roleState()...)
	said := r.said()
	out = append(out, said...)
	if (len(said) > 0 || !f.away.IsZero() || f.policy.Role.Given()) && r.w < wordy && r.fine() {
		return out
	}
	return append(append(out, r.tokenState()), r.limits()...)
}

// roleState says as what somebody works here, and whether they see personal values.
func (r *Root) roleState() []string {
	st, p := r.c.Styles, r.facts.policy
	var out []string
	if p.Role.Given() {
		out = append(out, st.Human.Render(string(p.Role)))
	}
	switch {
	case !r.bare.until.IsZero():
		out = append(out, st.Bad.Render(r.bare.text(r.c.Now())))
	case r.c.Masked || p.May(desk.MayLook) && !p.May(desk.MaySee):
		out = append(out, st.Warn.Render("MASKED"))
	}
	return out
}

// limits says how the API does.
func (r *Root) limits() []string {
	st, f := r.c.Styles, r.facts
	switch {
	case f.api == apiGone:
		return []string{st.Bad.Render("API not reachable")}
	case f.api == apiSlow:
		return []string{st.Warn.Render("API slow " + strconv.FormatFloat(f.took.Seconds(), 'f', 1, 64) + "s")}
	case f.free >= 0 && f.free < apiShort:
		return []string{st.Bad.Render("API " + strconv.Itoa(f.free) + "% free")}
	case f.free >= 0:
		return []string{st.Dim.Render("API " + strconv.Itoa(f.free) + "% free")}
	}
	return nil
}

// wordy is the width from which the header has room for what is fine beside what the
// page says, or that the store is away.
const wordy = 104

// fine reports whether nothing is wrong with token and API.
func (r *Root) fine() bool {
	f := r.facts
	return f.api == apiFine && f.token.Present && (f.free < 0 || f.free >= apiShort) &&
		(f.token.Expires.IsZero() || f.token.Expires.Sub(r.c.Now()) >= tokenWarning)
}

// said is what the page in front, or that below it, has to say at any moment.
func (r *Root) said() []string {
	for _, p := range slices.Backward(r.pages) {
		s, ok := p.(common.Stated)
		if !ok {
			continue
		}
		var out []string
		for _, state := range s.State() {
			out = append(out, r.c.Styles.Tone(state.Tone).Render(state.Text))
		}
		return out
	}
	return nil
}

// apiShort is the share of the API's limits, in per cent, below which little is left.
const apiShort = 20

// tokenWarning is the life of a token from which it is worth saying.
const tokenWarning = 15 * time.Minute

func (r *Root) tokenState() string {
	st, t := r.c.Styles, r.facts.token
	left := t.Expires.Sub(r.c.Now())
	switch r.tokenLife() {
	case tokenNone:
		return st.Warn.Render("no token")
	case tokenOver:
		return st.Bad.Render("token has ended")
	case tokenShort:
		return st.Warn.Render("token " + life(left))
	}
	if t.Expires.IsZero() {
		return st.Dim.Render("token")
	}
	return st.Dim.Render("token " + life(left))
}

// lasts writes how long something has lasted: 12s, 41m, 2h05.
func lasts(d time.Duration) string {
	if d < time.Minute {
		return strconv.Itoa(max(int(d/time.Second), 0)) + "s"
	}
	return life(d)
}

// life writes how long a token lives: 23h59, 41m.
func life(d time.Duration) string {
	m := int(d / time.Minute)
	if m < 60 {
		return strconv.Itoa(m) + "m"
	}
	rest := strconv.Itoa(m % 60)
	if len(rest) < 2 {
		rest = "0" + rest
	}
	return strconv.Itoa(m/60) + "h" + rest
}

// toast is a line that goes away by itself.
type toast struct {
	text string
	tone model.Tone
	n    int
}

type toastOver struct{ n int }

const toastTime = 4 * time.Second

func (t *toast) over(msg toastOver) {
	if msg.n == t.n {
		t.text = ""
	}
}

// say shows a toast.
func (r *Root) say(text string, tone model.Tone) tea.Cmd {
	r.toast = toast{text: widget.OneLine(text), tone: tone, n: r.toast.n + 1}
	n := r.toast.n
	return tea.Tick(toastTime, func(time.Time) tea.Msg { return toastOver{n} })
}

// tell shows a toast, or keeps its text until it is seen: once, however often it is
// told meanwhile.
func (r *Root) tell(t common.Toast) tea.Cmd {
	if !t.Stays {
		return r.say(t.Text, t.Tone)
	}
	a := alert{text: widget.OneLine(t.Text), tone: t.Tone}
	if !slices.Contains(r.holds.alerts, a) {
		r.holds.alerts = append(r.holds.alerts, a)
	}
	return nil
}

// warn keeps a text in the status line until it is seen.
func (r *Root) warn(text string, tone model.Tone) {
	r.holds.alerts = append(r.holds.alerts, alert{text: text, tone: tone})
}

// alertLines is how many lines an outcome takes at most until it is seen.
const alertLines = 3

// alertText is the oldest outcome that was not seen, whole: what to do now stands
// at its end.
func (r *Root) alertText() []string {
	st, a := r.c.Styles, r.holds.alerts[0]
	back := "   " + r.c.Keys.Get(keymap.Back).KeyText() + " seen"
	room := r.w - len(back) - 5
	lines := widget.Wrap(a.text, room)
	if len(lines) > alertLines {
		lines = append(lines[:alertLines-1], widget.Clip(strings.Join(lines[alertLines-1:], " "), room))
	}
	for i, line := range lines {
		sign := "  "
		if i == 0 {
			sign = common.Sign(a.tone) + " "
		}
		lines[i] = " " + st.Tone(a.tone).Render(sign+line)
	}
	lines[len(lines)-1] += st.Dim.Render(back)
	return lines
}

// status is what stands above the footer: what is on its way or went wrong at the
// left, what just happened at the right. It is one line, or as many as it takes to
// say what went wrong: then it covers the end of the page.
func (r *Root) status() []string {
	if text := r.holds.text(r.c.Now(), r.c.Keys.Get(keymap.Undo).KeyText()); text != "" {
		return []string{r.withToast(" " + r.c.Styles.Human.Render(common.Sign(model.ToneHuman)+" "+text))}
	}
	if len(r.holds.alerts) == 0 {
		return []string{r.withToast(r.runText())}
	}
	lines := r.alertText()
	last := len(lines) - 1
	for i, line := range lines {
		lines[i] = widget.Fit(line, r.w)
	}
	lines[last] = r.withToast(lines[last])
	return lines
}

// runText says how far the bulk run is, where that is not on the screen.
func (r *Root) runText() string {
	text := r.runs.text(r.c.Keys.Get(keymap.Runs).FirstKey())
	if text == "" || r.page() == common.Page(r.runs.page) {
		return ""
	}
	return " " + r.c.Styles.Human.Render(common.Sign(model.ToneHuman)+" "+text)
}

// withToast puts what just happened at the right of a line.
func (r *Root) withToast(left string) string {
	st := r.c.Styles
	if r.toast.text == "" {
		return widget.Fit(left, r.w)
	}
	text := r.toast.text
	if r.toast.tone != model.ToneNone {
		text = common.Sign(r.toast.tone) + " " + text
	}
	style := st.Tone(r.toast.tone)
	if r.toast.tone == model.ToneNone {
		style = st.Text
	}
	if left == "" {
		return widget.Fit(" "+style.Render(widget.Clip(text, r.w-2)), r.w)
	}
	return widget.Ends(left, style.Render(widget.Clip(text, r.w/2))+" ", r.w)
}

// passing are the actions that the footer shows only while they can be done.
var passing = map[keymap.ID]bool{keymap.Undo: true, keymap.Claim: true, keymap.TakeNext: true, keymap.Confirm: true}

// foot is the last line: the keys of the dialog or of the page. Those that do
// not fit are left out, the last ones, palette and help, never.
func (r *Root) foot() string {
	if d := r.dialogs.Top(); d != nil {
		return r.footLine(d.Foot(), nil)
	}
	if t, ok := r.page().(common.Typist); ok && t.Typing() {
		return r.footLine(common.SearchKeys(), nil)
	}
	scope, off := r.page().Scope(), map[keymap.ID]string{}
	var actions []keymap.Action
	for _, a := range r.c.Keys.In(scope) {
		if a.Foot == 0 || len(a.Keys) == 0 || r.c.Denied(a.ID) != "" {
			continue
		}
		off[a.ID] = r.off(a.ID)
		if off[a.ID] == "" || !passing[a.ID] && !unmarked(a, scope) {
			actions = append(actions, a)
		}
	}
	slices.SortStableFunc(actions, func(a, b keymap.Action) int { return a.Foot - b.Foot })
	return r.footLine(together(actions), func(id keymap.ID) string { return off[id] })
}

// unmarked reports whether an action is on what is marked.
func unmarked(a keymap.Action, scope keymap.Scope) bool {
	_, acts := common.ActionKinds()[a.ID]
	return scope == keymap.InInbox && (acts || a.ID == keymap.RareMenu)
}

// together makes one of actions that share a place in the footer and a name:
// "hjkl pan".
func together(actions []keymap.Action) []keymap.Action {
	var out []keymap.Action
	for _, a := range actions {
		a.Keys = []string{a.FirstKey()}
		if n := len(out) - 1; n >= 0 && out[n].Foot == a.Foot && out[n].Short == a.Short {
			out[n].Keys[0] += a.Keys[0]
			continue
		}
		out = append(out, a)
	}
	return out
}

// lastFoot is the place in the footer from which actions are always shown.
const lastFoot = 80

func (r *Root) footLine(actions []keymap.Action, off func(keymap.ID) string) string {
	st := r.c.Styles
	var first, last []keymap.Action
	room := r.w - 1
	for _, a := range actions {
		if a.Foot >= lastFoot {
			last = append(last, a)
			room -= footWidth(a)
		}
	}
	for _, a := range actions {
		if a.Foot >= lastFoot {
			continue
		}
		if room -= footWidth(a); room < 0 {
			break
		}
		first = append(first, a)
	}
	var b strings.Builder
	b.WriteByte(' ')
	for _, a := range append(first, last...) {
		if off != nil && off(a.ID) != "" {
			b.WriteString(st.Dim.Render(a.FirstKey()+" "+a.Short) + "  ")
			continue
		}
		b.WriteString(st.Key.Render(a.FirstKey()) + " " + a.Short + "  ")
	}
	return widget.Fit(b.String(), r.w)
}

func footWidth(a keymap.Action) int {
	return widget.Width(a.FirstKey()) + 1 + widget.Width(a.Short) + 2
}
