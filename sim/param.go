package sim

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// kindOf is the type of a parameter or body field.
type kindOf int

const (
	kindString kindOf = iota
	kindBool
	kindInt
	kindStrings
	kindObject
	kindMap // any members
)

// maxRequest is the API's limit of a request.
const maxRequest = 10 << 20

// param is a documented parameter of the query or field of a body.
type param struct {
	name     string
	kind     kindOf
	required bool
	oneOf    []string
	min, max int
	fields   []param // of a kindObject
}

// checkQuery refuses what is not documented, repeated, missing or of the wrong
// type, and returns the parameters as a body would hold them.
func checkQuery(params []param, query url.Values) (map[string]any, *apiError) {
	out := map[string]any{}
	for name, values := range query {
		p := find(params, name)
		if p == nil {
			return nil, badRequest(fmt.Sprintf("Unknown parameter '%s'.", name))
		}
		if len(values) != 1 {
			return nil, badRequest(fmt.Sprintf("Parameter '%s' is given more than once.", name))
		}
		v, ok := p.parse(values[0])
		if !ok {
			return nil, badRequest(fmt.Sprintf("Parameter '%s' has the wrong type.", name))
		}
		out[name] = v
	}
	return out, checkFields(params, out)
}

// parse reads a query value into what JSON would decode it to.
func (p *param) parse(text string) (any, bool) {
	switch p.kind {
	case kindBool:
		return text == "true", text == "true" || text == "false"
	case kindInt:
		n, err := strconv.Atoi(text)
		return float64(n), err == nil
	case kindString:
		return text, true
	default:
		return nil, false
	}
}

func find(params []param, name string) *param {
	i := slices.IndexFunc(params, func(p param) bool { return p.name == name })
	if i < 0 {
		return nil
	}
	return &params[i]
}

// checkFields holds members against their description.
func checkFields(params []param, members map[string]any) *apiError {
	for name, v := range members {
		p := find(params, name)
		if p == nil {
			return badRequest(fmt.Sprintf("Unrecognized field '%s'.", name))
		}
		if err := p.check(v); err != nil {
			return err
		}
	}
	for _, p := range params {
		if v, ok := members[p.name]; p.required && (!ok || v == nil || v == "") {
			return badRequest(fmt.Sprintf("Required parameter '%s' is not present.", p.name))
		}
	}
	return nil
}

func (p *param) check(v any) *apiError {
	if v == nil && !p.required {
		return nil
	}
	wrong := badRequest(fmt.Sprintf("Field '%s' has the wrong type.", p.name))
	switch t := v.(type) {
	case string:
		if p.kind != kindString {
			return wrong
		}
		return p.allow(t)
	case bool:
		if p.kind != kindBool {
			return wrong
		}
	case float64:
		if p.kind != kindInt || t != float64(int(t)) {
			return wrong
		}
		return p.inRange(int(t))
	case []any:
		return p.checkList(t, wrong)
	case map[string]any:
		if p.kind == kindObject {
			return checkFields(p.fields, t)
		}
		if p.kind != kindMap {
			return wrong
		}
	default:
		return wrong
	}
	return nil
}

func (p *param) inRange(n int) *apiError {
	if n < p.min || n > p.max {
		return badRequest(fmt.Sprintf("Field '%s' must be between %d and %d.", p.name, p.min, p.max))
	}
	return nil
}

func (p *param) checkList(list []any, wrong *apiError) *apiError {
	if p.kind != kindStrings {
		return wrong
	}
	if p.required && len(list) == 0 {
		return badRequest(fmt.Sprintf("Field '%s' must not be empty.", p.name))
	}
	for _, v := range list {
		s, ok := v.(string)
		if !ok {
			return wrong
		}
		if err := p.allow(s); err != nil {
			return err
		}
	}
	return nil
}

func (p *param) allow(s string) *apiError {
	if len(p.oneOf) > 0 && !slices.Contains(p.oneOf, s) {
		return badRequest(fmt.Sprintf("Value of '%s' is not one of the possible values.", p.name))
	}
	return nil
}

// readBody reads and checks a request's body.
func readBody(r *http.Request, raw []byte, e *endpoint) (map[string]any, *apiError) {
	if len(raw) == 0 {
		if e.need == bodyRequired {
			return nil, badRequest("Required request body is missing.")
		}
		return nil, nil
	}
	if e.need == bodyNone {
		return nil, badRequest("This endpoint takes no request body.")
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return nil, failed(http.StatusUnsupportedMediaType, "Content-Type must be application/json.")
	}
	var members map[string]any
	if err := json.Unmarshal(raw, &members); err != nil || members == nil {
		return nil, badRequest("JSON parse error: an object is expected.")
	}
	return members, checkFields(e.body, members)
}

// takeBody reads at most the API's limit.
func takeBody(r *http.Request) ([]byte, *apiError) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxRequest+1))
	if err != nil {
		return nil, badRequest("Request body could not be read.")
	}
	if len(raw) > maxRequest {
		return nil, failed(http.StatusRequestEntityTooLarge, "Maximum request size is 10 MB.")
	}
	return raw, nil
}

// texts returns a list of strings that was checked before.
func texts(v any) []string {
	list, _ := v.([]any)
	out := make([]string, 0, len(list))
	for _, item := range list {
		if s, ok := item.(string); ok {
			out = append(out, s)
		}
	}
	return out
}
