// Package served tests docket ssh as people meet it: the real binary, over real
// connections, with OpenSSH's own client where a person would have it.
package served
