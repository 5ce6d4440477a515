package model

import "slices"

// Role names what an actor may see and do. Package desk decides what it means.
type Role string

// The roles. The first two are given to nobody: they are who runs docket while no roles
// are configured, and docket itself.
const (
	RoleOwner        Role = "owner"
	RoleService      Role = "service"
	RoleViewer       Role = "viewer"
	RoleSupport      Role = "support"
	RoleInvestigator Role = "investigator"
	RoleReviewer     Role = "reviewer"
	RoleSupervisor   Role = "supervisor"
	RoleAuditor      Role = "auditor"
)

// RoleInfo describes a role for people.
type RoleInfo struct {
	Role Role
	Says string // what it is for, in a few words
}

// Roles returns the roles that can be given to people.
func Roles() []RoleInfo {
	return []RoleInfo{
		{RoleViewer, "looks at sessions, masked, and changes nothing"},
		{RoleSupport, "finds a customer's session, masked, says where it is stuck, sends the link again"},
		{RoleInvestigator, "looks into failed sessions: timeline, raw answers and case files, masked"},
		{RoleReviewer, "sees everything and decides"},
		{RoleSupervisor, "does what a reviewer does, confirms, takes over, deletes, and works on many at once"},
		{RoleAuditor, "reads the audit log, and nothing else"},
	}
}

// Given reports whether the role can be given to people.
func (r Role) Given() bool {
	return slices.ContainsFunc(Roles(), func(i RoleInfo) bool { return i.Role == r })
}

// Scope is which sessions an actor has to do with. A list that is empty leaves none out.
type Scope struct {
	Flows     []string // ids of flows
	Countries []string // of the document, ISO 3166 alpha-3
}

// Whole reports whether the scope is every session.
func (s Scope) Whole() bool { return len(s.Flows) == 0 && len(s.Countries) == 0 }

// Holds reports whether a session of a flow and a country is in the scope. One whose
// flow or country is not known is in none that names some.
func (s Scope) Holds(flow, country string) bool {
	in := func(list []string, is string) bool { return len(list) == 0 || slices.Contains(list, is) }
	return in(s.Flows, flow) && in(s.Countries, country)
}
