// Package desk is what a reviewer does: add, open, search, decide, expire,
// delete. It stands between the people (console, command line, servers) and
// what they work with (providers and the inbox).
//
// Everything goes through Desk.As: a Seat is one actor at the desk, and the
// actor's role, what it may see and what it may do, is applied there, above the
// shared caches.
//
// A decision is sent at most once. It is held back first; then the session is
// read again, and if it is not what was shown, nothing is sent; then the
// intent is stored, the call is made, and the outcome is stored. A call that
// got no clear answer is unknown: it is settled by reading or by a person,
// never by sending again.
package desk
