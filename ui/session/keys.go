package session

import (
	"cmp"

	tea "charm.land/bubbletea/v2"

	"docket/model"
	"docket/ui/common"
	"docket/ui/dialog"
	"docket/ui/gallery"
	"docket/ui/keymap"
)

// deed is an action of this page: what it does, and why it cannot be done now.
type deed struct {
	do  func(key string) tea.Cmd
	off func() string
}

// allDeeds is the table of what the page does with each action.
func (p *Page) allDeeds() map[keymap.ID]deed {
	move := func(by func(*paneState) int) deed {
		return deed{do: func(string) tea.Cmd {
			ps := &p.panes[p.focus]
			ps.move(by(ps))
			return nil
		}}
	}
	plain := func(f func()) deed {
		return deed{do: func(string) tea.Cmd { f(); return nil }}
	}
	steps := func(by int) deed {
		return deed{do: func(string) tea.Cmd { return p.c.AtOnce(common.Step{ID: p.id, By: by}) }}
	}
	all := map[keymap.ID]deed{
		keymap.Down:     move(func(*paneState) int { return 1 }),
		keymap.Up:       move(func(*paneState) int { return -1 }),
		keymap.HalfDown: move(func(ps *paneState) int { return max(ps.seen/2, 1) }),
		keymap.HalfUp:   move(func(ps *paneState) int { return -max(ps.seen/2, 1) }),
		keymap.First:    move(func(ps *paneState) int { return -len(ps.content.lines) }),
		keymap.Last:     move(func(ps *paneState) int { return len(ps.content.lines) }),
		keymap.Open:     {do: p.open},
		keymap.Back:     {do: p.back},
		keymap.NextPane: plain(func() { p.focus = (p.focus + 1) % paneCount }),
		keymap.PrevPane: plain(func() { p.focus = (p.focus + paneCount - 1) % paneCount }),
		keymap.PaneN:    {do: p.number},
		keymap.NextOne:  steps(1),
		keymap.PrevOne:  steps(-1),
		keymap.Search:   plain(p.find.begin),
		keymap.NextHit:  {do: p.hit(1), off: p.noHit},
		keymap.PrevHit:  {do: p.hit(-1), off: p.noHit},
		keymap.Refresh:  {do: p.again},
		keymap.RawJSON:  {do: p.rawPage, off: p.noRaw},
		keymap.CopyID:   {do: func(string) tea.Cmd { return common.Send(common.Copy{Text: p.id, What: "interview id"}) }},
		keymap.CopyMenu: {do: p.copyMenu},
		keymap.Claim:    {do: p.claim, off: p.noClaim},
		keymap.Confirm:  {do: p.confirm, off: p.noConfirm},
		keymap.Note:     {do: p.note},
		keymap.Tags:     {do: p.tag},
		keymap.OwnToken: {do: p.ownToken, off: p.noOwnToken},
		keymap.Settle:   {do: p.settle, off: p.nothingToSettle},
		keymap.RareMenu: {do: p.rare, off: p.early},
		keymap.AskAgain: {do: p.ask, off: p.noAsk},
		keymap.Images:   {do: func(string) tea.Cmd { return p.c.Further(gallery.NewImages(p.c, p.id)) }, off: p.noPictures},
		keymap.Compare:  {do: func(string) tea.Cmd { return p.c.Further(gallery.NewCompare(p.c, p.id)) }, off: p.noPictures},
		keymap.Download: {do: p.save, off: p.noSaving},
	}
	for id, kind := range common.ActionKinds() {
		all[id] = deed{do: p.opens(kind), off: func() string { return p.blocked(kind) }}
	}
	return all
}

// Do carries out an action.
func (p *Page) Do(id keymap.ID, key string) tea.Cmd {
	if d, ok := p.deeds[id]; ok {
		return d.do(key)
	}
	return nil
}

// Off says why an action cannot be done now; empty: it can.
func (p *Page) Off(id keymap.ID) string {
	if d, ok := p.deeds[id]; ok && d.off != nil {
		return d.off()
	}
	return ""
}

// open opens the entry under the cursor; where there is nothing to open the
// pane takes all the room.
func (p *Page) open(string) tea.Cmd {
	if p.focus != paneHeader || p.zoomed || p.plan().tabs {
		if it, ok := p.panes[p.focus].selected(); ok && it.open != nil {
			return it.open(p)
		}
	}
	if !p.plan().tabs {
		p.zoomed = !p.zoomed
	}
	return nil
}

// unfolds lists what is folded, or folds it again.
func unfolds(p *Page) tea.Cmd {
	p.unfold = !p.unfold
	return nil
}

// back drops the search, then the zoom, then leaves the page.
func (p *Page) back(string) tea.Cmd {
	switch {
	case p.find.query() != "":
		p.find.end()
	case p.zoomed:
		p.zoomed = false
	default:
		p.cancel()
		return p.c.Back(p)
	}
	return nil
}

// number focuses a pane; the number of the pane in focus zooms it.
func (p *Page) number(key string) tea.Cmd {
	n := 0
	if len(key) == 1 {
		n = int(key[0] - '0')
	}
	switch {
	case n <= paneHeader || n >= paneCount:
	case n == p.focus && !p.plan().tabs:
		p.zoomed = !p.zoomed
	default:
		p.focus = n
	}
	return nil
}

func (p *Page) hit(by int) func(string) tea.Cmd {
	return func(string) tea.Cmd {
		p.hop(by)
		if len(p.find.hits) == 0 {
			return common.Send(common.Toast{Text: "no hit for " + quote(p.find.query()), Tone: model.ToneQuery})
		}
		return nil
	}
}

func (p *Page) noHit() string {
	if p.find.query() == "" {
		return "nothing is searched for: / starts a search"
	}
	return ""
}

// again reads the pane in focus again, or everything from the header.
func (p *Page) again(string) tea.Cmd {
	p.asked = false
	switch p.focus {
	case paneHeader:
		p.strip.Again()
		return tea.Batch(p.refresh(), p.readKept())
	case paneFaces:
		p.strip.Again()
	case paneNotes:
		return p.readKept()
	}
	return p.refresh(p.info[p.focus].parts...)
}

// rawPart is the part whose JSON the pane in focus shows.
func (p *Page) rawPart() (model.Part, bool) {
	for _, part := range p.info[p.focus].raw {
		if len(p.s.Parts[part].Raw) > 0 {
			return part, true
		}
	}
	return "", false
}

func (p *Page) noRaw() string {
	if _, ok := p.rawPart(); !ok {
		return "this pane has no answer of the API yet"
	}
	return ""
}

// noPictures says why there is nothing to look at.
func (p *Page) noPictures() string {
	if p.c.Desk.Policy().NoImages {
		return "the console was told to show no pictures"
	}
	return p.gone()
}

// save asks into which folder the pictures go.
func (p *Page) save(string) tea.Cmd {
	return p.c.Present(dialog.NewSave(p.c, p.id, dialog.SaveAll(p.c, p.id)))
}

func (p *Page) noSaving() string { return cmp.Or(p.gone(), dialog.SaveOff(p.c, p.id)) }

func (p *Page) rawPage(string) tea.Cmd {
	part, ok := p.rawPart()
	if !ok {
		return nil
	}
	raw, desk, ctx := NewRaw(p.c, p.s, part), p.c.Desk, p.ctx
	return func() tea.Msg {
		err := desk.Export(ctx, p.id, "raw "+string(part))
		switch {
		case ctx.Err() != nil:
			return nil // the page was left meanwhile
		case err != nil:
			return common.Failed(err, model.ToneBad)
		}
		return common.PushPage{Page: raw}
	}
}

// ownToken fetches what needs the session's own token: only when asked for.
func (p *Page) ownToken(string) tea.Cmd { return p.refresh(model.PartLife, model.PartCustom) }

func (p *Page) noOwnToken() string {
	if !p.c.Desk.Policy().Can[model.CanSessionToken] {
		return "this API gives no token for a session"
	}
	return ""
}
