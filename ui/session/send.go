package session

import (
	"cmp"
	"strings"

	tea "charm.land/bubbletea/v2"

	"docket/desk"
	"docket/model"
	"docket/ui/common"
	"docket/ui/dialog"
	"docket/ui/keymap"
)

// early says why nothing can be decided yet: keys typed ahead are dropped.
func (p *Page) early() string {
	switch {
	case !p.s.ReadyToDecide():
		return "wait until score and OCR have come"
	case !p.armed:
		return "the page has just changed: press again"
	}
	return ""
}

// blocked says why an action that changes something cannot be opened now.
func (p *Page) blocked(kind model.ActionKind) string {
	if why := p.early(); why != "" {
		return why
	}
	switch gone, cannot := p.gone(), p.c.CannotAct(kind); {
	case gone != "":
		return gone
	case cannot != "":
		return cannot
	case p.sending != nil && p.sending.Held():
		return string(p.doing) + " is held back for this session: u takes it back"
	case p.sending != nil:
		return string(p.doing) + " is being sent for this session"
	case p.row != nil && p.row.Pending != nil:
		return "the outcome of " + string(p.row.Pending.Action) + " is unknown: look, then : settle"
	case p.taken() != "":
		return p.taken()
	case kind == model.ActClose && p.s.Life == model.Closed:
		return "the session is closed already"
	case kind == model.ActReopen && p.s.Life == model.Alive:
		return "the session is open already"
	}
	return ""
}

// gone says why there is nothing left to decide on.
func (p *Page) gone() string {
	status := p.s.Parts[model.PartStatus].Problem
	switch {
	case p.s.Life == model.Deleted, p.row != nil && p.row.Life == model.Deleted:
		return "the personal data of this session is deleted"
	case status != nil && status.Kind == model.KindNotFound:
		return "the API does not know this session: check the id and the profile"
	}
	return ""
}

// opens returns the deed that opens the dialog of an action.
func (p *Page) opens(kind model.ActionKind) func(string) tea.Cmd {
	return func(string) tea.Cmd {
		return p.c.Present(dialog.NewDecision(p.c, p.s, kind))
	}
}

// ask opens what support does for a customer.
func (p *Page) ask(string) tea.Cmd { return p.c.Present(dialog.NewAsk(p.c, p.s, p.Off)) }

func (p *Page) noAsk() string {
	return cmp.Or(p.c.Lacks(desk.MayLink), p.early(), p.gone())
}

// rare opens the menu of rare actions.
func (p *Page) rare(string) tea.Cmd {
	var items []dialog.MenuItem
	for _, r := range []struct {
		key string
		id  keymap.ID
	}{{"f", keymap.Antifraud}, {"e", keymap.Expire}, {"i", keymap.Enroll}, {"c", keymap.CloseIt}, {"o", keymap.Reopen}, {"h", keymap.Flag}} {
		info := common.ActionKinds()[r.id].Info()
		items = append(items, dialog.MenuItem{
			Key: r.key, Title: info.Title, Says: info.Effect, Off: p.Off(r.id), Then: common.Run{ID: r.id},
		})
	}
	return p.c.Present(dialog.NewMenu(p.c, "Rare actions", items))
}

// settle asks how an unknown outcome ended.
func (p *Page) settle(string) tea.Cmd {
	if p.row == nil || p.row.Pending == nil {
		return nil
	}
	return p.c.Present(dialog.NewSettle(p.c, p.s, *p.row.Pending))
}

func (p *Page) nothingToSettle() string {
	if p.row == nil || p.row.Pending == nil {
		return "no outcome of this session is unknown"
	}
	return ""
}

// updateSend follows what dialogs of this page have set going.
func (p *Page) updateSend(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case dialog.Sent:
		if msg.Action.ID() == p.id {
			p.sending, p.doing = msg.Submission, msg.Action.Kind
		}
	case common.Ended:
		return p.ended(msg.Outcomes)
	case dialog.Kept:
		if msg.ID == p.id {
			return p.readKept()
		}
	}
	return nil
}

// ended reads again what a send may have changed.
func (p *Page) ended(outcomes []model.Outcome) tea.Cmd {
	for _, o := range outcomes {
		if o.ID != p.id {
			continue
		}
		p.sending = nil
		if o.Result == model.ResultNotSent || o.Result == model.ResultProposed || o.Action.Kind == model.ActDelete {
			return p.readKept()
		}
		return tea.Batch(p.readKept(), p.refresh(model.PartStatus, model.PartScore))
	}
	return nil
}

// before says what an approval of this session sets aside.
func (p *Page) before() string {
	st := p.c.Styles
	lead := st.Strong.Render("Before approve: ")
	switch {
	case p.sending != nil && p.sending.Held():
		return st.Human.Render(common.Sign(model.ToneHuman) + " " + string(p.doing) + " is held back: u takes it back")
	case p.sending != nil:
		return st.Human.Render(common.Sign(model.ToneHuman) + " " + string(p.doing) + " is being sent")
	case p.row != nil && p.row.Pending != nil:
		return st.Bad.Render(common.Sign(model.ToneBad) + " the outcome of " + string(p.row.Pending.Action) + " is unknown: look at the status, then : settle")
	case p.holder() != "":
		return st.Warn.Render(common.Sign(model.ToneWarn) + " " + p.taken())
	case p.proposal() != nil:
		return st.Human.Render(common.Sign(model.ToneHuman) + " " + p.taken())
	case p.gone() != "":
		return st.Bad.Render(common.Sign(model.ToneBad) + " nothing can be decided: " + p.gone())
	case p.c.Lacks(desk.MayDecide) != "":
		return "" // what an approval sets aside says what antifraud has found
	case !p.s.ReadyToDecide():
		return lead + st.Dim.Render("wait until score and OCR have come")
	}
	parts := p.setsAside()
	if len(parts) == 0 {
		return lead + st.Good.Render("nothing is set aside")
	}
	return lead + strings.Join(parts, st.Dim.Render(" · "))
}

// setsAside lists in a few words what an approval would overrule or not know.
func (p *Page) setsAside() []string {
	st := p.c.Styles
	n := map[model.Tone]int{}
	for _, c := range p.s.Checks {
		n[c.Status.Tone()]++
	}
	var parts []string
	if n[model.ToneBad] > 0 {
		parts = append(parts, st.Bad.Render("overrides "+itoa(n[model.ToneBad])+" FAIL"))
	}
	if n[model.ToneWarn] > 0 {
		parts = append(parts, st.Warn.Render(count(n[model.ToneWarn], "warning", "warnings")))
	}
	if n[model.ToneQuery] > 0 {
		parts = append(parts, st.Query.Render(itoa(n[model.ToneQuery])+" unknown"))
	}
	switch v := p.s.Verdict; {
	case v == "":
		parts = append(parts, st.Warn.Render("no verdict: needs an override"))
	case !v.OpenToDecision():
		parts = append(parts, st.Warn.Render("verdict "+string(v)+" needs an override"))
	}
	if len(p.s.Images) > 0 && p.noPictures() == "" && p.c.Looked.Evidence(p.id).Latest() == "" {
		parts = append(parts, st.Query.Render("faces not compared"))
	}
	for _, n := range partNames {
		if p.s.Parts[n.part].Problem != nil {
			parts = append(parts, st.Query.Render(n.name+" not read"))
		}
	}
	if a := p.s.Antifraud; (a == nil || a.Status == "") && !p.s.Parts[model.PartScore].At.IsZero() {
		parts = append(parts, st.Dim.Render("antifraud: no result"))
	}
	return parts
}
