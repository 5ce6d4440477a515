package inbox

import (
	"context"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"docket/desk"
	"docket/model"
	"docket/ui/common"
	"docket/ui/dialog"
	"docket/ui/keymap"
	"docket/ui/widget"
)

// manyActions are the actions on what is marked, with their letters in the menu of
// rare ones.
var manyActions = []struct {
	id  keymap.ID
	key string
}{
	{keymap.Approve, ""},
	{keymap.Reject, ""},
	{keymap.Review, ""},
	{keymap.Antifraud, "f"},
	{keymap.Expire, "e"},
	{keymap.Enroll, "i"},
	{keymap.CloseIt, "c"},
	{keymap.Reopen, "o"},
}

// addMany adds the deeds on what is marked.
func (p *Page) addMany(deeds map[keymap.ID]func(string) tea.Cmd) map[keymap.ID]func(string) tea.Cmd {
	for _, a := range manyActions {
		deeds[a.id] = func(string) tea.Cmd {
			return p.c.Present(dialog.NewBulk(p.c, common.ActionKinds()[a.id], p.Marks()))
		}
	}
	deeds[keymap.RareMenu] = func(string) tea.Cmd { return p.rare() }
	deeds[keymap.MarkAll] = func(string) tea.Cmd { return p.askMarkAll() }
	return deeds
}

// unmarked says why nothing can be done to many sessions now; empty: it can, or it
// is another action.
func (p *Page) unmarked(id keymap.ID) string {
	kind, acts := common.ActionKinds()[id]
	switch n := len(p.marks); {
	case !acts && id != keymap.RareMenu:
		return ""
	case n == 0:
		return "open one with " + p.key(keymap.Open) + ", or mark sessions with " + p.key(keymap.Mark) + " first"
	case n > desk.MaxBulk:
		return "a bulk run takes " + widget.Count(desk.MaxBulk) + " sessions at most: " + p.key(keymap.Back) + " takes the marks away"
	case acts:
		return p.c.CannotAct(kind)
	}
	return ""
}

// rare opens the menu of rare actions on what is marked.
func (p *Page) rare() tea.Cmd {
	var items []dialog.MenuItem
	for _, a := range manyActions {
		if a.key == "" {
			continue
		}
		info := common.ActionKinds()[a.id].Info()
		items = append(items, dialog.MenuItem{Key: a.key, Title: info.Title, Says: info.Effect, Off: p.Off(a.id), Then: common.Run{ID: a.id}})
	}
	return p.c.Present(dialog.NewMenu(p.c, "Rare actions on "+strconv.Itoa(len(p.marks))+" marked", items))
}

type (
	// markAll is the answer to the question whether to mark the whole list.
	markAll struct{}
	// marked are the sessions of the whole list.
	marked struct {
		gen int
		ids []string
		err error
	}
)

// askMarkAll asks, with the number, whether every session of the list is meant.
func (p *Page) askMarkAll() tea.Cmd {
	total, known := p.win.total()
	if !known && !p.query.Filtered() && p.counts != nil {
		total, known = p.counts[p.query.View], true
	}
	n := widget.Count(total)
	if !known {
		n = "more than " + widget.Count(int64(len(p.win.rows)))
	}
	text := "Mark every session of this list: " + n + " in " + p.title()
	if p.query.Filtered() {
		text += ", as it is narrowed now"
	}
	text += "?"
	if !known || total > desk.MaxBulk {
		text += " A bulk run takes " + widget.Count(desk.MaxBulk) + " at most: no more are marked, the first of the list."
	}
	return p.c.Present(dialog.NewConfirm(p.c, "Mark all", text, "mark them", common.Send(markAll{})))
}

func (p *Page) title() string {
	for _, v := range model.Views() {
		if v.View == p.query.View {
			return v.Title
		}
	}
	return ""
}

// readAll reads the ids of the whole list, as many as a bulk run takes.
func (p *Page) readAll() tea.Cmd {
	q, gen, ctx, seat := p.query, p.gen, p.c.Ctx, p.c.Desk
	return func() tea.Msg {
		ids, err := idsOf(ctx, seat, q)
		return marked{gen, ids, err}
	}
}

func idsOf(ctx context.Context, seat lister, q model.Query) ([]string, error) {
	q.Limit = 500
	var ids []string
	for {
		page, err := seat.List(ctx, q)
		if err != nil {
			return nil, err
		}
		for i := range page.Rows {
			ids = append(ids, page.Rows[i].ID)
		}
		if !page.More || len(ids) >= desk.MaxBulk {
			return ids[:min(len(ids), desk.MaxBulk)], nil
		}
		q.After = page.Last
	}
}

// updateMany takes what concerns many sessions.
func (p *Page) updateMany(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case markAll:
		return p.readAll()
	case marked:
		return p.markThem(msg)
	case common.RunStarted:
		p.marks = map[string]bool{}
		p.lines.forget()
	case common.RunEnded:
		return p.refresh()
	}
	return nil
}

func (p *Page) markThem(msg marked) tea.Cmd {
	switch {
	case msg.gen != p.gen:
		return nil // the list is another one now
	case msg.err != nil:
		return common.Send(common.Failed(msg.err, model.ToneBad))
	}
	p.marks = map[string]bool{}
	for _, id := range msg.ids {
		p.marks[id] = true
	}
	p.lines.forget()
	return nil
}
