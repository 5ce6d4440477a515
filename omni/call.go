package omni

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"

	"docket/omni/transport"
)

// args are one call's values for what its endpoint declares.
type args struct {
	query   map[string]string
	path    map[string]string
	body    any // marshaled to JSON; nil: no body
	session SessionToken
	own     bool     // AuthID: session and no other, though an executive's token is there
	secrets []string // that must not come back in an error's message
}

// call makes the call that the table's row describes.
func call[T any](ctx context.Context, c *Client, name string, a args, decode func([]byte) (T, error)) (Answer[T], error) {
	var answer Answer[T]
	ep, ok := endpoint(name)
	if !ok {
		return answer, &Error{Kind: KindInvalid, Endpoint: name, Message: "no such endpoint in the table"}
	}
	req, err := c.request(ep, a)
	if err != nil {
		err.Endpoint, err.Write = ep.Name, ep.Effect == Write
		return answer, err
	}
	if ep.Effect == Read && ep.Method == http.MethodGet && ep.Auth != AuthSession {
		answer.Target = req.Target()
	}
	req.Decode = func(body []byte) (any, error) { return decode(body) }
	res, failed := c.http.Do(ctx, req)
	answer.Body, answer.Status = res.Body, res.Status
	answer.Took, answer.ServerTook, answer.At = res.Took, res.Server, res.At
	if failed != nil {
		return answer, failed
	}
	if res.Shared {
		// Decoded anew, so that callers never share what they may change.
		answer.Body = bytes.Clone(res.Body)
		answer.Value, failed = decode(res.Body)
		return answer, failed
	}
	answer.Value, _ = res.Value.(T) // it is what decode above returned
	return answer, nil
}

// request puts an endpoint and a call's values together. It refuses what the
// table does not declare and what is missing.
func (c *Client) request(ep Endpoint, a args) (transport.Request, *Error) {
	req := transport.Request{
		Endpoint: ep.Name, Method: ep.Method, Path: ep.Path, PathArgs: a.path, Root: ep.Root,
		Write: ep.Effect == Write, Secrets: a.secrets, NotFound: ep.NotFound, Accept: ep.Media,
	}
	if ep.Token {
		req.Scrub = cutTokens
	}
	var err *Error
	if req.Token, err = c.tokenFor(ep, a); err != nil {
		return req, err
	}
	if err := declared(ep.Query, keys(a.query), func(name string) bool { return a.query[name] != "" }); err != nil {
		return req, err
	}
	if len(a.query) > 0 {
		req.Query = url.Values{}
	}
	for name, value := range a.query {
		if value != "" {
			req.Query.Set(name, value)
		}
	}
	body, err := marshalBody(ep, a.body, &req)
	if err != nil {
		return req, err
	}
	req.Subject = subject(ep, a, body)
	return req, nil
}

func (c *Client) tokenFor(ep Endpoint, a args) (string, *Error) {
	token := ""
	switch ep.Auth {
	case AuthKey:
		return "", nil
	case AuthSession:
		token = a.session.Reveal()
	case AuthID:
		token = a.session.Reveal()
		if !a.own {
			token = c.executiveToken()
		}
	default:
		token = c.executiveToken()
	}
	if token == "" {
		return "", &Error{Kind: KindAuth, Message: "there is no token for this call"}
	}
	return token, nil
}

func marshalBody(ep Endpoint, body any, req *transport.Request) (Node, *Error) {
	if body == nil {
		return Node{}, declared(ep.Body, nil, func(string) bool { return false })
	}
	data, err := json.Marshal(body)
	if err != nil {
		return Node{}, &Error{Kind: KindInvalid, Message: "the request's body cannot be written as JSON"}
	}
	n, err := ParseNode(data)
	if err != nil {
		return Node{}, &Error{Kind: KindInvalid, Message: "the request's body is " + err.Error()}
	}
	var names []string
	for _, m := range n.Members {
		names = append(names, m.Key)
	}
	req.Body = data
	return n, declared(ep.Body, names, func(name string) bool { return !n.Get(name).empty() })
}

// declared checks given names against declared parameters.
func declared(params []Param, given []string, has func(string) bool) *Error {
	for _, p := range params {
		if p.Required && !has(p.Name) {
			return &Error{Kind: KindInvalid, Message: p.Name + " is missing"}
		}
	}
	for _, name := range given {
		if !slices.ContainsFunc(params, func(p Param) bool { return p.Name == name }) {
			return &Error{Kind: KindInvalid, Message: name + " is not a parameter of this endpoint"}
		}
	}
	return nil
}

func keys(m map[string]string) []string {
	var out []string
	for name := range m {
		out = append(out, name)
	}
	return out
}

func subject(ep Endpoint, a args, body Node) string {
	if id := a.query[ep.Subject]; id != "" {
		return id
	}
	if id := a.path[ep.Subject]; id != "" {
		return id
	}
	return body.Get(ep.Subject).Text
}
