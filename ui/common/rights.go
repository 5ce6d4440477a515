package common

import (
	"docket/desk"
	"docket/model"
	"docket/ui/keymap"
)

// rights says which right an action of the console asks for. An action that is not here
// asks for none, or for that of its kind (ActionKinds).
var rights = map[keymap.ID]desk.Right{
	keymap.Add: desk.MayAdd, keymap.Note: desk.MayNote, keymap.Tags: desk.MayTag,
	keymap.AskAgain: desk.MayLink, keymap.Claim: desk.MayClaim, keymap.TakeNext: desk.MayClaim,
	keymap.RawJSON: desk.MayRaw, keymap.Saw: desk.MayPicture, keymap.Download: desk.MayPicture,
	keymap.Mark: desk.MayBulk, keymap.MarkAll: desk.MayBulk, keymap.Runs: desk.MayBulk, keymap.StartRun: desk.MayBulk,
	keymap.Activity: desk.MayActivity, keymap.Stats: desk.MayStats, keymap.AuditLog: desk.MayLog, keymap.Login: desk.MayLogin,
}

// rare are the actions of the menu of rare actions: it is there for who may any of them.
var rare = []model.ActionKind{
	model.ActAntifraud, model.ActExpire, model.ActEnroll, model.ActClose, model.ActReopen, model.ActSMS, model.ActFlag,
}

// files are the actions that write a file on the machine that docket runs on.
var files = map[keymap.ID]bool{keymap.Download: true, keymap.SaveList: true}

// Denied says why an action is not for who works here, whatever is on the screen; empty:
// it is.
func (c *Context) Denied(id keymap.ID) string {
	p := c.Desk.Policy()
	switch {
	case p.Afar && files[id]:
		return "files would be on the server, not with you"
	case p.Afar && id == keymap.Login:
		return "the server has its own token: whoever runs it logs in"
	case id == keymap.RareMenu:
		return c.lacksAll(p)
	}
	if kind, acts := ActionKinds()[id]; acts {
		return c.Lacks(desk.Asks(kind))
	}
	if r, asks := rights[id]; asks {
		return c.Lacks(r)
	}
	return ""
}

func (c *Context) lacksAll(p desk.Policy) string {
	for _, kind := range rare {
		if p.May(desk.Asks(kind)) {
			return ""
		}
	}
	return c.Lacks(desk.Asks(rare[0]))
}

// Lacks says why who works here may not do something, in the words of the right; empty:
// they may.
func (c *Context) Lacks(r desk.Right) string {
	p := c.Desk.Policy()
	if p.May(r) {
		return ""
	}
	who := "the role " + string(p.Role)
	if p.Role == "" {
		who = "without a role you"
	}
	return who + " may not " + r.Does()
}

// Veiled reports whether personal values come masked here: there is nothing behind the
// masks, unless the desk reveals some of it for a while.
func (c *Context) Veiled() bool { return !c.Desk.Policy().May(desk.MaySee) }
