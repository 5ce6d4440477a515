package main

import (
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/rogpeppe/go-internal/testscript"

	"docket/sim"
)

// chatty serves the API at an address that also sends what nobody asked for: a
// body after the answer to a HEAD.
func chatty(env *testscript.Env, api *sim.Server) string {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodHead {
			api.ServeHTTP(w, r)
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err) // this server is not one that can be hijacked
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nHOSTILE-TEXT") // the other side may have gone
	}))
	env.Defer(srv.Close)
	return srv.URL
}
