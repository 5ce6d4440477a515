package desk

import (
	"maps"
	"slices"

	"docket/model"
)

// Right is something that a role lets its people do.
type Right string

// The rights; what each says stands in rights.
const (
	MayLook     Right = "look"
	MaySee      Right = "see"
	MayRisk     Right = "risk"
	MayRaw      Right = "raw"
	MayPicture  Right = "picture"
	MayReveal   Right = "reveal"
	MayAdd      Right = "add"
	MayNote     Right = "note"
	MayTag      Right = "tag"
	MayClaim    Right = "claim"
	MayTakeOver Right = "take-over"
	MayDecide   Right = "decide"
	MayExempt   Right = "exempt"
	MayEnroll   Right = "enroll"
	MayLink     Right = "link"
	MayFlag     Right = "flag"
	MayLife     Right = "life"
	MayExpire   Right = "expire"
	MayDelete   Right = "delete"
	MayConfirm  Right = "confirm"
	MayBulk     Right = "bulk"
	MayExport   Right = "export"
	MayStats    Right = "stats"
	MayNames    Right = "names"
	MayLog      Right = "log"
	MayActivity Right = "activity"
	MayLogin    Right = "login"
)

// RightInfo is a right, in words that go on from "may".
type RightInfo struct {
	Right Right
	Does  string
}

// rights is every right there is.
var rights = []RightInfo{
	{MayLook, "look at the inbox and at sessions"},
	{MaySee, "see personal values in clear"},
	{MayRisk, "see what antifraud and watchlists found"},
	{MayRaw, "see answers as the API sent them"},
	{MayPicture, "see pictures in clear"},
	{MayReveal, "see masked values for a minute, with a reason"},
	{MayAdd, "put sessions in the inbox by id"},
	{MayNote, "write notes"},
	{MayTag, "change tags"},
	{MayClaim, "take sessions"},
	{MayTakeOver, "take sessions from others"},
	{MayDecide, "approve, reject, or ask for a review"},
	{MayExempt, "exempt from antifraud"},
	{MayEnroll, "enrol identities"},
	{MayLink, "send customers their link again and see it"},
	{MayFlag, "set flags for a check by hand"},
	{MayLife, "close and reopen sessions"},
	{MayExpire, "expire sessions"},
	{MayDelete, "delete personal data"},
	{MayConfirm, "confirm or decline what another person has proposed"},
	{MayBulk, "work on many sessions at once"},
	{MayExport, "take lists and case files along, as masked as on screen"},
	{MayStats, "see statistics"},
	{MayNames, "see who is who in statistics"},
	{MayLog, "read the audit log"},
	{MayActivity, "see requests, limits and errors"},
	{MayLogin, "log in at the API for everybody here"},
}

// Rights returns every right there is. It is shared: nobody changes it.
func Rights() []RightInfo { return rights }

// RightsOf returns what a role may; one that is not known may nothing. It is shared:
// nobody changes it.
func RightsOf(r model.Role) []Right { return granted[r] }

// granted is what each role may, made once: it is asked for with every key.
var granted = func() map[model.Role][]Right {
	all := map[model.Role][]Right{}
	for _, r := range []model.Role{
		model.RoleOwner, model.RoleService, model.RoleViewer, model.RoleSupport, model.RoleInvestigator,
		model.RoleReviewer, model.RoleSupervisor, model.RoleAuditor,
	} {
		all[r] = grants(r)
	}
	return all
}()

// grants is what a role may. It is the one place that knows.
func grants(r model.Role) []Right {
	reviewer := []Right{
		MayLook, MaySee, MayRisk, MayRaw, MayPicture, MayAdd, MayNote, MayTag, MayClaim,
		MayDecide, MayExempt, MayEnroll, MayExport, MayStats, MayActivity,
	}
	switch r {
	case model.RoleViewer:
		return []Right{MayLook}
	case model.RoleSupport:
		return []Right{MayLook, MayReveal, MayAdd, MayNote, MayLink, MayFlag, MayLife}
	case model.RoleInvestigator:
		return []Right{MayLook, MayReveal, MayRaw, MayAdd, MayExport, MayActivity}
	case model.RoleReviewer:
		return reviewer
	case model.RoleSupervisor:
		return append(reviewer, MayTakeOver, MayLink, MayFlag, MayLife, MayExpire, MayDelete, MayConfirm, MayBulk, MayNames)
	case model.RoleAuditor:
		return []Right{MayLog}
	case model.RoleService:
		return []Right{MayLook, MaySee, MayRisk, MayRaw, MayPicture, MayExport, MayStats, MayActivity}
	case model.RoleOwner:
		var all []Right
		for _, info := range rights {
			all = append(all, info.Right)
		}
		return slices.DeleteFunc(all, func(r Right) bool { return r == MayReveal })
	}
	return nil
}

// asks says which right an action asks for.
var asks = map[model.ActionKind]Right{
	model.ActApprove: MayDecide, model.ActReject: MayDecide, model.ActReview: MayDecide,
	model.ActAntifraud: MayExempt, model.ActEnroll: MayEnroll, model.ActExpire: MayExpire,
	model.ActClose: MayLife, model.ActReopen: MayLife, model.ActDelete: MayDelete,
	model.ActSMS: MayLink, model.ActFlag: MayFlag,
}

// Asks returns the right that an action asks for.
func Asks(kind model.ActionKind) Right { return asks[kind] }

// acting are the roles that may change anything at the API, made once as well.
var acting = func() map[model.Role]bool {
	writes := slices.Collect(maps.Values(asks))
	all := map[model.Role]bool{}
	for role, rights := range granted {
		all[role] = slices.ContainsFunc(rights, func(r Right) bool { return slices.Contains(writes, r) })
	}
	return all
}()

// May reports whether this seat has a right.
func (s *Seat) May(r Right) bool { return slices.Contains(RightsOf(s.Me().Role), r) }

// denied returns why this seat may not do something; nil: it may.
func (s *Seat) denied(r Right) *model.Problem {
	if s.May(r) {
		return nil
	}
	me := s.Me()
	p := model.NewProblem(model.KindForbidden, "The role "+string(me.Role)+" may not "+r.Does(), me.Label(), "ask "+whoMay(r))
	if me.Role == "" {
		p.Message = "You have no role here, so you may not " + r.Does()
	}
	return p
}

// deniedAny returns the first of what this seat may not do; nil: it may all of it.
func (s *Seat) deniedAny(all ...Right) *model.Problem {
	for _, r := range all {
		if p := s.denied(r); p != nil {
			return p
		}
	}
	return nil
}

// Does says a right in words that go on from "may".
func (r Right) Does() string {
	for _, info := range Rights() {
		if info.Right == r {
			return info.Does
		}
	}
	return "do that"
}

// whoMay names the role that may, with its article.
func whoMay(r Right) string {
	for _, info := range model.Roles() {
		if slices.Contains(RightsOf(info.Role), r) {
			switch info.Role {
			case model.RoleSupport:
				return string(info.Role)
			case model.RoleInvestigator, model.RoleAuditor:
				return "an " + string(info.Role)
			}
			return "a " + string(info.Role)
		}
	}
	return "whoever runs docket here"
}
