package pgtest

import (
	"errors"
	"os"
	osuser "os/user"
	"strconv"
	"syscall"
)

// nobody returns who the cluster runs as: Postgres refuses to run as root. Whoever
// else runs the tests runs the cluster too (nil).
func nobody() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := osuser.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
	}
	return nil, errors.New("postgres refuses to run as root, and there is neither a user postgres nor nobody")
}
