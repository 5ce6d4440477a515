// Package links fetches pictures from links that an API handed out.
//
// A link comes from outside, and so does whatever is behind it: it could name a
// file, a service of this network or the metadata of a cloud machine, answer for
// ever, or unpack to gigabytes. So the scheme is checked, the address of every
// connection is checked when it is made (after name resolution and after every
// redirect, so that a name cannot change its mind in between), size, time and
// redirects have limits, what comes is recognised by its bytes, and its header is
// read before anybody decodes it.
//
// A link is also a secret: whoever has it sees the picture. No error, no header
// and no log of this package holds one, and no credential is ever sent to one.
//
// Proxies of the environment are not used: through one, the addresses that are
// connected to could not be checked.
package links
