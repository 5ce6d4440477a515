package model

// Actor is who does something: an authenticated identity and, as a label only,
// a display name.
type Actor struct {
	Identity string // the token's user, an SSH key, or the OS user, with its kind: "os:ana"
	Name     string // DOCKET_REVIEWER; never proof of anything
	Role     Role
	Scope    Scope
	Afar     bool // at the other end of a connection: the files of this machine are not theirs
}

// Label returns what to show for the actor.
func (a Actor) Label() string {
	if a.Name != "" {
		return a.Name
	}
	return a.Identity
}

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
	CanLink         Capability = "link"          // to a customer's onboarding
	CanSMS          Capability = "sms"           // with that link
	CanFlag         Capability = "flag"          // checks by hand
	CanLogin        Capability = "login"
)

// Capabilities is a set of capabilities.
type Capabilities map[Capability]bool
