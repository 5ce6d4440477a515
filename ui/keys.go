package ui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"docket/model"
	"docket/ui/activity"
	"docket/ui/auditlog"
	"docket/ui/common"
	"docket/ui/dialog"
	"docket/ui/keymap"
	"docket/ui/stats"
)

// key gives a key to whoever is in front: lock screen, dialog, a field that is
// typed into, then the actions.
func (r *Root) key(msg tea.KeyPressMsg) tea.Cmd {
	switch {
	case r.locked:
		return r.keyLocked(msg)
	case r.screen.Small:
		return r.keySmall(msg)
	case r.plain != nil:
		return r.keyPlain(msg)
	case r.dialogs.Open():
		return r.dialogs.Key(msg)
	}
	if cmd, taken := r.page().Key(msg); taken {
		return cmd
	}
	a, ok := r.c.Keys.Match(msg.String(), r.page().Scope())
	if !ok {
		return r.elsewhere(msg.String())
	}
	if a.ID == keymap.Back && r.holds.dismiss() {
		return nil
	}
	return r.do(a.ID, msg.String())
}

// keySmall is for a terminal in which nothing can be asked: leaving takes back
// what is held.
func (r *Root) keySmall(msg tea.KeyPressMsg) tea.Cmd {
	a, _ := r.c.Keys.Match(msg.String(), r.page().Scope())
	switch a.ID {
	case keymap.Quit:
		return r.leave()
	case keymap.Suspend, keymap.Undo:
		return r.do(a.ID, msg.String())
	}
	return nil
}

// elsewhere says where a key of another page works, so that it is not silent
// here.
func (r *Root) elsewhere(key string) tea.Cmd {
	a, ok := r.c.Keys.Match(key, keymap.InSession)
	if !ok || r.page().Scope() != keymap.InInbox || a.Group != keymap.Decide && a.Group != keymap.Rare && a.Group != keymap.Keep {
		return nil
	}
	return r.say(a.FirstKey()+" ("+a.Help+") works in an opened session: "+r.c.Keys.Get(keymap.Open).FirstKey()+" opens it", model.ToneNone)
}

// do carries out an action, or says why it is off.
func (r *Root) do(id keymap.ID, key string) tea.Cmd {
	if why := r.off(id); why != "" {
		return r.say(why, model.ToneNone)
	}
	r.did = append(r.did[max(0, len(r.did)+1-didMost):], id)
	if do, ok := r.deeds[id]; ok {
		return do()
	}
	return r.page().Do(id, key)
}

// off says why an action cannot be done now; empty: it can.
func (r *Root) off(id keymap.ID) string {
	if why := r.c.Denied(id); why != "" {
		return why
	}
	if _, mine := r.deeds[id]; !mine {
		if _, acts := common.ActionKinds()[id]; acts && r.page().Scope() == keymap.InInbox && r.runs.busy() {
			return r.oneRun()
		}
		return r.page().Off(id)
	}
	if why := r.offs[id]; why != nil {
		return why()
	}
	return ""
}

// ownOffs says of actions of the root why they cannot be done, if they cannot.
func (r *Root) ownOffs() map[keymap.ID]func() string {
	return map[keymap.ID]func() string{
		keymap.Undo: r.noUndo, keymap.Suspend: r.noSuspend, keymap.TakeNext: func() string { return dialog.ClaimOff(r.c) },
		keymap.ShowCopied: r.noCopied, keymap.Reveal: r.noReveal, keymap.AuditLog: r.noAuditLog, keymap.Login: r.noLogin,
	}
}

func (r *Root) noUndo() string {
	if r.holds.held() {
		return ""
	}
	return cmp.Or(r.holds.undone, "nothing is held back") // the key may have been pressed twice
}

func (r *Root) noSuspend() string {
	switch {
	case r.gate.remote: // it locks
		return ""
	case r.holds.busy():
		return "a decision is on its way: wait for it, or take it back with u"
	case r.runs.busy():
		return r.oneRun()
	}
	return ""
}

func (r *Root) noAuditLog() string {
	if _, there := r.page().(*auditlog.Page); there {
		return "this is the audit log"
	}
	return ""
}

func (r *Root) noLogin() string {
	if !r.c.Desk.Policy().Can[model.CanLogin] {
		return "this API has no log-in"
	}
	return ""
}

// allDeeds are the actions that are the same on every page.
func (r *Root) allDeeds() map[keymap.ID]func() tea.Cmd {
	return map[keymap.ID]func() tea.Cmd{
		keymap.Undo:       r.undo,
		keymap.TakeNext:   r.takeNext,
		keymap.Palette:    r.palette,
		keymap.Help:       r.help,
		keymap.ShowCopied: r.showCopied,
		keymap.Login:      func() tea.Cmd { return r.login("") },
		keymap.Lock:       r.lock,
		keymap.Reveal:     r.mask,
		keymap.Mouse:      r.switchMouse,
		keymap.Suspend:    r.suspend,
		keymap.Quit:       r.quit,
		keymap.Runs:       r.showRuns,
		keymap.Activity:   func() tea.Cmd { return r.push(activity.New(r.c)) },
		keymap.Stats:      func() tea.Cmd { return r.push(stats.New(r.c)) },
		keymap.AuditLog:   func() tea.Cmd { return r.push(auditlog.New(r.c)) },
	}
}

// suspend gives the terminal back for a while. A server has none to give: there it
// locks.
func (r *Root) suspend() tea.Cmd {
	if r.gate.remote {
		return r.lock()
	}
	return tea.Suspend
}

func (r *Root) palette() tea.Cmd {
	return r.dialogs.Push(dialog.NewPalette(r.c, r.page().Scope(), r.off))
}

func (r *Root) help() tea.Cmd {
	return r.dialogs.Push(dialog.NewHelp(r.c, r.page().Scope(), r.off))
}

// login opens the log-in form, once.
func (r *Root) login(why string) tea.Cmd {
	if _, open := r.dialogs.Top().(*dialog.Login); open {
		return nil
	}
	return r.dialogs.Push(dialog.NewLogin(r.c, why))
}

// needLogin opens the log-in form when nothing is being typed: else the rest of a
// note would go into the field of the password.
func (r *Root) needLogin(msg common.NeedLogin) tea.Cmd {
	if why := r.c.Denied(keymap.Login); why != "" {
		r.warn(msg.Why+" "+strings.ToUpper(why[:1])+why[1:], model.ToneWarn)
		return nil
	}
	if _, open := r.dialogs.Top().(*dialog.Login); open || msg.Front || !r.typing() {
		return r.login(msg.Why)
	}
	r.loginDue = msg.Why
	return r.say("The token was refused: the log-in form comes after this", model.ToneWarn)
}

// typing reports whether keys go into a dialog or a search line.
func (r *Root) typing() bool {
	t, ok := r.page().(common.Typist)
	return r.dialogs.Open() || ok && t.Typing()
}

// revealed says whether masked values may be shown now.
type revealed struct {
	asked int
	err   error
}

// mask hides personal values at once. It shows them when that is in the log; the key
// pressed again before then leaves them hidden.
func (r *Root) mask() tea.Cmd {
	if r.c.Veiled() {
		return r.unmask()
	}
	r.reveals++
	if !r.c.Masked || r.revealing {
		r.c.Masked, r.revealing = true, false
		return r.broadcast(common.Masking{})
	}
	r.revealing = true
	var open []string
	for _, p := range r.pages {
		open = append(open, sessionsOf(p)...)
	}
	slices.Sort(open)
	open = slices.Compact(open)
	asked, desk, ctx := r.reveals, r.c.Desk, r.c.Ctx
	return func() tea.Msg { return revealed{asked, desk.Reveal(ctx, open...)} }
}

func (r *Root) revealed(msg revealed) tea.Cmd {
	if msg.asked != r.reveals {
		return nil
	}
	r.revealing = false
	if msg.err != nil {
		return r.tell(common.Failed(msg.err, model.ToneBad))
	}
	r.c.Masked = false
	return r.broadcast(common.Masking{})
}

func (r *Root) switchMouse() tea.Cmd {
	r.mouse = !r.mouse
	if r.mouse {
		return r.say("Mouse on: click selects, click again opens, the wheel scrolls", model.ToneNone)
	}
	return r.say("Mouse off: the terminal selects text again", model.ToneNone)
}

// quit leaves, but asks first when a decision is on its way. The question goes
// away by itself when the decision has ended.
func (r *Root) quit() tea.Cmd {
	text, yes := "A decision is held back. Quit without sending it?", "quit, send nothing"
	switch {
	case !r.holds.busy() && !r.runs.busy():
		return r.leave()
	case r.runs.busy():
		p := r.runs.run.Progress()
		text, yes = fmt.Sprintf("A bulk run is under way: %d of %d are left. If you quit, what is on its way is waited for and the rest stays planned: docket offers to go on at its next start.", p.Left, p.Total), "quit"
		if r.holds.held() {
			text += " A decision that is held back is not sent."
		}
	case !r.holds.held():
		text, yes = "A decision is being sent. If you quit now, its outcome is unknown until docket starts again and looks.", "quit now"
	}
	r.question = dialog.NewConfirm(r.c, "Quit", text, yes, common.Send(leave{}))
	return r.dialogs.Push(r.question)
}

// leave is the answer yes to the question of quitting.
type leave struct{}

func (r *Root) leave() tea.Cmd {
	r.holds.undoAll()
	return tea.Quit
}
