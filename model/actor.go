package model

// Actor is who does something: an authenticated identity and, as a label only,
// a display name.
type Actor struct {
	Identity string // the token's user, an SSH key, or the OS user, with its kind: "os:ana"
	Name     string // DOCKET_REVIEWER; never proof of anything
	Role     Role
}

// Label returns what to show for the actor.
func (a Actor) Label() string {
	if a.Name != "" {
		return a.Name
	}
	return a.Identity
}

// Role names what an actor may see and do. Package desk decides what it means.
type Role string

// The roles.
const (
	RoleReviewer Role = "reviewer" // sees everything and decides
	RoleReader   Role = "reader"   // sees everything, changes nothing
)

// Capability is something a provider can do.
type Capability string

// The capabilities of a provider beyond reading sessions.
const (
	CanDecide       Capability = "decide"
	CanAntifraud    Capability = "antifraud"
	CanExpire       Capability = "expire"
	CanSetLife      Capability = "set-life"
	CanDelete       Capability = "delete"
	CanEnroll       Capability = "enroll"
	CanSessionToken Capability = "session-token" // parts that need the session's own token
	CanLogin        Capability = "login"
)

// Capabilities is a set of capabilities.
type Capabilities map[Capability]bool
