package store

import (
	"net"
	"net/url"
)

// thisMachine stands for every API that runs on this machine.
const thisMachine = "this machine"

// BoundTo returns what an inbox remembers of the origin of an API. Simulators on
// this machine come and go on any port, so they count as one.
func BoundTo(origin string) string {
	u, err := url.Parse(origin)
	if err != nil {
		return origin
	}
	if ip := net.ParseIP(u.Hostname()); u.Hostname() == "localhost" || ip != nil && ip.IsLoopback() {
		return thisMachine
	}
	return origin
}
