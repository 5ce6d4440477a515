package omni

import (
	"bytes"
	"encoding/json"
	"strings"
)

// cutTokens replaces the value of every member called "token", at any depth,
// and leaves all other bytes as they are. Of a body that is not JSON it leaves
// nothing: where a token would be in it cannot be told.
func cutTokens(body []byte) []byte {
	if !json.Valid(body) {
		return nil
	}
	var out bytes.Buffer
	kept := 0
	for _, s := range tokenSpans(body) {
		out.Write(body[kept:s.start])
		out.WriteString(`"` + redacted + `"`)
		kept = s.end
	}
	out.Write(body[kept:])
	return out.Bytes()
}

type span struct{ start, end int }

// tokenSpans finds the values of members called "token" in valid JSON.
func tokenSpans(body []byte) []span {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var (
		spans []span
		// inside tells for each open bracket whether it is an object's; key
		// whether a member's name comes next.
		inside []bool
		key    bool
	)
	for {
		tok, err := dec.Token()
		if err != nil {
			return spans // the end: the body is known to be valid
		}
		if delim, ok := tok.(json.Delim); ok {
			if delim == '{' || delim == '[' {
				inside = append(inside, delim == '{')
			} else {
				inside = inside[:len(inside)-1]
			}
		} else if name, ok := tok.(string); ok && key {
			key = false
			if !strings.EqualFold(name, "token") {
				continue
			}
			var value json.RawMessage
			if dec.Decode(&value) != nil {
				return spans
			}
			end := int(dec.InputOffset())
			spans = append(spans, span{end - len(value), end})
		}
		key = len(inside) > 0 && inside[len(inside)-1]
	}
}
