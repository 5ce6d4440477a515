// Package incode adapts Incode Omni to the model: wire becomes model here, text
// is cleaned here, and failures become problems that a person can act on. The
// mapping of each answer is a pure function over its JSON; the Provider fetches
// the answers and carries out actions.
package incode
