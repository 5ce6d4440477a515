package main

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// cmdTOTP sets a variable to the code that an app shows now, or some steps of thirty
// seconds later: totp VARIABLE SECRETFILE [STEPS]. It is written from RFC 6238, not from
// docket's own.
func cmdTOTP(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg, len(args) == 2 || len(args) == 3, "totp VARIABLE SECRETFILE [STEPS]")
	steps := 0
	if len(args) == 3 {
		n, err := strconv.Atoi(args[2])
		ts.Check(err)
		steps = n
	}
	secret, err := base32.StdEncoding.DecodeString(strings.TrimSpace(ts.ReadFile(args[1])))
	ts.Check(err)
	counter := make([]byte, 8)
	binary.BigEndian.PutUint64(counter, uint64(time.Now().Unix()/30+int64(steps)))
	h := hmac.New(sha1.New, secret)
	h.Write(counter)
	sum := h.Sum(nil)
	offset := sum[19] & 15
	ts.Setenv(args[0], fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[offset:offset+4])&0x7fffffff)%1e6))
}

// cmdFreePort sets a variable to a port that nobody listens on: freeport VARIABLE.
func cmdFreePort(ts *testscript.TestScript, neg bool, args []string) {
	refuse(ts, neg, len(args) == 1, "freeport VARIABLE")
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	_, port, err := net.SplitHostPort(ln.Addr().String())
	ts.Check(err)
	ts.Check(ln.Close())
	ts.Setenv(args[0], port)
}
