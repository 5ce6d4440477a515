package common

import (
	"docket/desk"
	"docket/model"
	"docket/ui/keymap"
)

// ActionKinds says which action of the console is which action at the API.
func ActionKinds() map[keymap.ID]model.ActionKind {
	return map[keymap.ID]model.ActionKind{
		keymap.Approve: model.ActApprove, keymap.Reject: model.ActReject, keymap.Review: model.ActReview,
		keymap.Antifraud: model.ActAntifraud, keymap.Expire: model.ActExpire, keymap.Enroll: model.ActEnroll,
		keymap.CloseIt: model.ActClose, keymap.Reopen: model.ActReopen, keymap.Delete: model.ActDelete,
	}
}

// needs says what a provider must be able to do for an action.
var needs = map[model.ActionKind]model.Capability{
	model.ActApprove: model.CanDecide, model.ActReject: model.CanDecide, model.ActReview: model.CanDecide,
	model.ActAntifraud: model.CanAntifraud, model.ActExpire: model.CanExpire, model.ActEnroll: model.CanEnroll,
	model.ActClose: model.CanSetLife, model.ActReopen: model.CanSetLife, model.ActDelete: model.CanDelete,
}

// CannotAct says why an action can be done on no session at all; empty: it can.
func (c *Context) CannotAct(kind model.ActionKind) string {
	policy := c.Desk.Policy()
	switch {
	case !policy.May(desk.Asks(kind)):
		return "the role " + string(policy.Role) + " may not do that"
	case policy.ReadOnly:
		return "this console is read-only"
	case !policy.Can[needs[kind]]:
		return "this API cannot do that"
	case !c.Desk.Token().Present:
		return "no executive token: log in first (: log in)"
	}
	return ""
}
