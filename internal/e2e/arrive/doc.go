// Package arrive tests the whole way of a session into the inboxes of a team: the
// simulator's webhooks, the built gateway, a real database, consoles on pseudo-terminals.
package arrive
