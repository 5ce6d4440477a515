// Package transport carries calls to the Incode Omni API over HTTP. It knows
// headers, limits, retries and failures, and nothing about what the bodies mean.
//
// A call is declared a read or a write by whoever makes it. Reads are shared
// between callers that ask for the same thing at once and are tried up to four
// times. Writes go out once, on a connection of their own, and are never
// repeated by this package or by net/http.
//
// HTTP/1.1 is spoken on purpose: whether a request may have left the machine,
// and whether it may be replayed, can be told exactly there.
package transport
