package ui

import (
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"docket/model"
	"docket/ui/common"
	"docket/ui/widget"
)

// gate is what locks a console and opens it again. Output of any kind keeps a
// connection from timing out, so the console itself has to know that nobody is there.
type gate struct {
	after  time.Duration         // without a key; 0: never by itself
	pin    func(pin string) bool // nil: there is no PIN
	remote bool

	last  time.Time // of the last sign of a person
	field *widget.Field
	wrong int // PINs since it was locked
	asked int // counts tries; what an earlier one brings is out of date
	busy  bool

	start  time.Time
	most   time.Duration // that the console may last; 0: no limit
	warned bool
}

// pinTries is how many wrong PINs end the console.
const pinTries = 3

// warning is how long before the end of its time a console says so.
const warning = time.Minute

func newGate(o Options, now time.Time) gate {
	return gate{after: o.Lock, pin: o.PIN, remote: o.Remote, most: o.MaxLength, last: now, start: now}
}

// pinned says whether a PIN was the right one.
type pinned struct {
	asked int
	right bool
}

// signs notes that a person is there.
func (r *Root) signs(msg tea.Msg) {
	switch msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg, tea.MouseClickMsg, tea.MouseWheelMsg:
		r.gate.last = r.c.Now()
	}
}

// watch locks the console when nobody is there, and ends it when its time is over.
func (r *Root) watch() tea.Cmd {
	g, now := &r.gate, r.c.Now()
	if left := g.start.Add(g.most).Sub(now); g.most > 0 && left <= warning {
		if left <= 0 {
			return r.endsWith(model.NewProblem(model.KindFailed, "This session has lasted as long as one may, "+lasts(g.most), "", "connect again"))
		}
		if !g.warned {
			g.warned = true
			r.warn("This session ends in a minute: it has lasted as long as one may. What is held back then is not sent", model.ToneWarn)
		}
	}
	if g.after > 0 && !r.locked && now.Sub(g.last) >= g.after {
		return r.lock()
	}
	return nil
}

// endsWith ends the console with something to tell.
func (r *Root) endsWith(why *model.Problem) tea.Cmd {
	r.ending = why
	return r.leave()
}

// lock covers everything. Forms stay as they are behind it, claims until their time
// is over, and what is held back is sent when its time is: it was decided before.
func (r *Root) lock() tea.Cmd {
	r.locked, r.plain = true, nil
	r.gate.field, r.gate.wrong, r.gate.busy = widget.NewSecret(), 0, false
	r.gate.asked++
	if r.gate.pin == nil {
		r.c.Drafts.Clear() // who comes back may be somebody else
	}
	r.c.Looked = common.Looked{}
	r.dropPictures()
	r.forgetPictures()
	return tea.Batch(tea.ClearScreen, r.maskAgain(), r.broadcast(common.Locking{On: true}))
}

// dropPictures forgets pictures: on a server those of this person's pages only, for its
// desk has other people's too.
func (r *Root) dropPictures() {
	if !r.gate.remote {
		r.c.Desk.DropPictures()
		return
	}
	for _, p := range r.pages {
		if ids := sessionsOf(p); len(ids) > 0 {
			r.c.Desk.DropPictures(ids...)
		}
	}
}

// keyLocked takes a key in front of the lock. Nothing behind it hears of any.
func (r *Root) keyLocked(msg tea.KeyPressMsg) tea.Cmd {
	g := &r.gate
	switch key := msg.String(); {
	case key == "ctrl+c":
		return r.leave()
	case g.pin == nil && g.remote: // only connecting again opens it
	case g.pin == nil:
		if key == "enter" {
			return r.unlock()
		}
	case g.busy:
	case key == "enter":
		return r.try()
	case key == "esc":
		g.field.Set("")
	default:
		g.field.Key(msg)
	}
	return nil
}

// try asks whether the PIN is right: that takes longer than a frame.
func (r *Root) try() tea.Cmd {
	g := &r.gate
	pin := g.field.Text()
	if pin == "" {
		return nil
	}
	g.field.Set("")
	g.busy = true
	g.asked++
	asked, opens := g.asked, g.pin
	return func() tea.Msg { return pinned{asked, opens(pin)} }
}

// fromLock takes what concerns the lock.
func (r *Root) fromLock(msg tea.Msg) (tea.Cmd, bool) {
	m, ok := msg.(pinned)
	if !ok {
		return nil, false
	}
	g := &r.gate
	if m.asked != g.asked || !r.locked {
		return nil, true
	}
	g.busy = false
	if m.right {
		return r.unlock(), true
	}
	if g.wrong++; g.wrong >= pinTries {
		return r.endsWith(model.NewProblem(model.KindForbidden, "The session has ended after "+strconv.Itoa(pinTries)+" wrong PINs", "", "start docket again")), true
	}
	return nil, true
}

func (r *Root) unlock() tea.Cmd {
	r.locked = false
	r.gate.last = r.c.Now()
	return r.broadcast(common.Locking{})
}

func (r *Root) pasteLocked(msg tea.PasteMsg) {
	if g := &r.gate; g.pin != nil && !g.busy {
		g.field.Insert(msg.Content)
	}
}

// lockScreen shows nothing of a session, of the inbox or of who works here.
func (r *Root) lockScreen() string {
	const indent = "    "
	lines := make([]string, max(r.h/2-1, 0), r.h)
	add := func(text string) {
		for _, l := range widget.Wrap(text, max(r.w-2*len(indent), 1)) {
			lines = append(lines, indent+l)
		}
	}
	lines = append(lines, indent+r.c.Styles.Strong.Render("docket is locked."))
	for _, text := range r.unlocking() {
		add(text)
	}
	if r.gate.pin != nil {
		const prompt, room = "PIN  ", 24
		st := r.c.Styles
		lines = append(lines, "", indent+prompt+r.gate.field.Line(min(room, max(r.w-len(indent)-len(prompt), 1)), !r.gate.busy, st.Text, st.Accent, st.Dim))
	}
	if r.holds.held() {
		lines = append(lines, "")
		add("A decision is held back and will be sent when its time is over.")
	}
	if r.runs.busy() {
		lines = append(lines, "")
		add("A bulk run is under way and goes on.")
	}
	return strings.Join(widget.Fill(lines, r.w, r.h), "\n")
}

// unlocking says what opens the lock.
func (r *Root) unlocking() []string {
	g := &r.gate
	const ends = "ctrl+c ends this session."
	switch {
	case g.pin == nil && g.remote:
		return []string{"Connect again to go on: you have no PIN here. " + ends}
	case g.pin == nil:
		return []string{"Press enter to go on where you were."}
	case g.busy:
		return []string{widget.Dots("looking")}
	case g.wrong > 0:
		left := strconv.Itoa(pinTries-g.wrong) + " tries are"
		if pinTries-g.wrong == 1 {
			left = "one try is"
		}
		return []string{r.c.Styles.Bad.Render("That is not the PIN: " + left + " left."), ends}
	default:
		return []string{"Your PIN and enter go on where you were. " + ends}
	}
}
