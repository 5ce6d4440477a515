package common

import (
	"docket/desk"
	"docket/model"
	"docket/ui/keymap"
)

var actionKinds = map[keymap.ID]model.ActionKind{
	keymap.Approve: model.ActApprove, keymap.Reject: model.ActReject, keymap.Review: model.ActReview,
	keymap.Antifraud: model.ActAntifraud, keymap.Expire: model.ActExpire, keymap.Enroll: model.ActEnroll,
	keymap.CloseIt: model.ActClose, keymap.Reopen: model.ActReopen, keymap.Delete: model.ActDelete,
	keymap.SMS: model.ActSMS, keymap.Flag: model.ActFlag,
}

// ActionKinds says which action of the console is which action at the API. It is shared:
// nobody changes it.
func ActionKinds() map[keymap.ID]model.ActionKind { return actionKinds }

// CannotAct says why an action can be done on no session at all; empty: it can.
func (c *Context) CannotAct(kind model.ActionKind) string {
	policy := c.Desk.Policy()
	switch {
	case !policy.May(desk.Asks(kind)):
		return c.Lacks(desk.Asks(kind))
	case policy.ReadOnly:
		return "this console is read-only"
	case kind == model.ActSMS && !policy.Can[model.CanSMS]:
		return "no client id is set (client_id): without it the API sends no SMS"
	case !policy.Can[desk.Needs(kind)]:
		return "this API cannot do that"
	case !c.Desk.Token().Present:
		return "no executive token: log in first (: log in)"
	}
	return ""
}
