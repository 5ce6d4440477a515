package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"docket/model"
	"docket/ui/common"
	"docket/ui/dialog"
	"docket/ui/inbox"
	"docket/ui/keymap"
	"docket/ui/session"
)

type colorProfile = colorprofile.Profile

// fromPages takes the messages that pages and dialogs send to the root.
func (r *Root) fromPages(msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case common.OpenSession:
		return r.open(msg), true
	case common.PushPage:
		return r.further(msg.Page), true
	case common.Leave:
		r.goes(msg.Page)
		return nil, true
	case common.Step, common.Decided:
		return r.inbox.Update(msg), true
	case common.Push:
		return r.present(msg.Dialog), true
	case common.Pop:
		return r.dismiss(msg.Then), true
	case common.Run:
		return r.do(msg.ID, ""), true
	case leave:
		return r.leave(), true
	case common.Changed:
		return tea.Batch(r.erased(), r.readFacts(), r.broadcast(msg)), true
	case common.Away:
		return tea.Batch(r.readFacts(), r.broadcast(msg)), true
	case gone:
		r.tookErased(msg)
		return nil, true
	case common.Waiting:
		return r.waiting(msg.N), true
	}
	return r.fromPagesToStatus(msg)
}

// fromPagesToStatus takes those that end in the status line.
func (r *Root) fromPagesToStatus(msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case common.Toast:
		return r.tell(msg), true
	case common.Copy:
		return r.copy(msg), true
	case copiable:
		if msg.err != nil {
			return r.tell(common.Failed(msg.err, model.ToneBad)), true
		}
		return r.toClipboard(msg.copy), true
	case revealed:
		return r.revealed(msg), true
	case common.Unmasked:
		return r.unmasked(msg), true
	case copied:
		return r.tookCopied(msg), true
	case common.NeedLogin:
		return r.needLogin(msg), true
	case common.LoggedIn:
		return r.loggedIn(msg), true
	case common.Submitted:
		return r.submitted(msg.Submission), true
	case taken:
		return r.took(msg), true
	case submissionEnded:
		return r.ended(msg), true
	}
	return nil, false
}

// open puts a session's page on top. Instead takes those above the inbox away
// first, and the cursor of the inbox goes along.
func (r *Root) open(msg common.OpenSession) tea.Cmd {
	if row := r.inbox.Selected(); msg.ID == "" && row != nil {
		msg.ID = row.ID
	}
	if msg.ID == "" || r.shows(msg.ID) {
		return nil // the key was pressed again before the page came up
	}
	var follow tea.Cmd
	if msg.Instead {
		for len(r.pages) > 1 {
			r.pop()
		}
		follow = r.inbox.Update(msg)
	}
	return tea.Batch(follow, r.push(session.New(r.c, msg.ID)), r.onWay(msg.ID))
}

// onWay tells the page in front what is on its way for its session: it was not
// there when that was submitted.
func (r *Root) onWay(id string) tea.Cmd {
	var cmds []tea.Cmd
	for _, o := range r.holds.all {
		if slices.Contains(o.action.IDs, id) {
			cmds = append(cmds, r.page().Update(dialog.Sent{Action: o.action, Submission: o.sub}))
		}
	}
	return tea.Batch(cmds...)
}

// present puts a page's dialog in front. One that is asked for while another is
// there comes from a key that was pressed again before the first came up, and is
// dropped: each would send by itself.
func (r *Root) present(d common.Dialog) tea.Cmd {
	if r.dialogs.Open() {
		return nil
	}
	return r.dialogs.Push(d)
}

// dismiss takes the dialog in front away and does what it was asked for.
func (r *Root) dismiss(then tea.Msg) tea.Cmd {
	if _, added := r.dialogs.Top().(*dialog.Add); added {
		r.notices.quiet = r.c.Now().Add(ownFor)
	}
	r.dialogs.Pop()
	if then == nil {
		return nil
	}
	return r.handle(then)
}

// further puts a page on top that the page in front asked for. When that is there
// already, or another session has come in front, its key was pressed before
// either was on the screen: the page would lie over one that it does not belong to.
// Images and compare take each other's place: both are one step from the session.
func (r *Root) further(p common.Page) tea.Cmd {
	if one, ok := p.(named); ok && (!r.shows(one.ID()) || r.page().Scope() == p.Scope()) {
		if c, ok := p.(common.Closer); ok {
			c.Close()
		}
		return nil
	}
	front, last := r.page().Scope(), len(r.pages)-1
	cmd := r.push(p)
	if pictures := keymap.InImages | keymap.InCompare; front&pictures != 0 && p.Scope()&pictures != 0 {
		r.remove(last)
	}
	return cmd
}

func (r *Root) push(p common.Page) tea.Cmd {
	if !r.screen.Small {
		p.SetSize(r.screen.Page.W, r.screen.Page.H)
	}
	r.pages = append(r.pages, p)
	return p.Init()
}

// pop takes the page in front away; the inbox stays.
func (r *Root) pop() {
	if n := len(r.pages) - 1; n > 0 {
		r.remove(n)
	}
}

// goes takes a page away, if it is still there; nil is the one in front.
func (r *Root) goes(p common.Page) {
	if p == nil {
		r.pop()
		return
	}
	if i := slices.Index(r.pages, p); i > 0 {
		r.remove(i)
	}
}

func (r *Root) remove(i int) {
	if c, ok := r.pages[i].(common.Closer); ok {
		c.Close()
	}
	left := sessionsOf(r.pages[i])
	r.pages = slices.Delete(r.pages, i, i+1)
	left = slices.DeleteFunc(left, func(id string) bool {
		return slices.ContainsFunc(r.pages, func(p common.Page) bool { return slices.Contains(sessionsOf(p), id) })
	})
	if len(left) > 0 {
		r.c.Desk.DropPictures(left...)
		r.forgetPictures()
	}
}

// named is a page that shows one session.
type named interface{ ID() string }

// sessionsOf returns the sessions of which a page shows something.
func sessionsOf(p common.Page) []string {
	if several, ok := p.(interface{ Sessions() []string }); ok {
		return several.Sessions()
	}
	if one, ok := p.(named); ok {
		return []string{one.ID()}
	}
	return nil
}

// shows reports whether the page in front is that of a session.
func (r *Root) shows(id string) bool {
	p, ok := r.page().(named)
	return ok && p.ID() == id
}

// erased asks which of the sessions on the pages were deleted meanwhile.
func (r *Root) erased() tea.Cmd {
	var ids []string
	for _, p := range r.pages {
		ids = append(ids, sessionsOf(p)...)
	}
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	ctx, desk := r.c.Ctx, r.c.Desk
	return func() tea.Msg { return gone(desk.Erased(ctx, slices.Compact(ids)...)) }
}

// gone are sessions that were deleted while they were open.
type gone []string

// Pace implements common.Paced: mostly there are none.
func (g gone) Pace() common.Pace {
	if len(g) == 0 {
		return common.Unseen
	}
	return common.AtOnce
}

// tookErased closes what shows them, and says so until it is seen. What is deleted
// from here tells its own end.
func (r *Root) tookErased(ids gone) {
	for _, id := range ids {
		if r.takeAway(id) && !r.holds.on(id) {
			r.holds.alerts = append(r.holds.alerts, alert{
				text: "Session " + inbox.ShortID(id) + " was deleted meanwhile: its pages are closed",
				tone: model.ToneWarn,
			})
		}
	}
}

// takeAway closes what shows a session, with the dialogs in front of it: what
// was deleted must not stay on the screen. It reports whether there was any.
func (r *Root) takeAway(id string) bool {
	front, before := r.page(), len(r.pages)
	for i := len(r.pages) - 1; i > 0; i-- {
		if slices.Contains(sessionsOf(r.pages[i]), id) {
			r.remove(i)
		}
	}
	for r.page() != front && r.dialogs.Open() {
		r.dialogs.Pop()
	}
	return len(r.pages) < before
}
