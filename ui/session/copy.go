package session

import (
	"encoding/json"
	"strings"

	tea "charm.land/bubbletea/v2"

	"docket/model"
	"docket/ui/common"
	"docket/ui/dialog"
)

// copyMenu offers what can be copied from where the cursor is.
func (p *Page) copyMenu(string) tea.Cmd {
	title := p.info[p.focus].tab
	items := []dialog.MenuItem{
		{Key: "i", Title: "Interview id", Says: p.id, Then: common.Copy{Text: p.id, What: "interview id"}},
	}
	if it, ok := p.panes[p.focus].selected(); ok && it.value != "" {
		items = append(items, dialog.MenuItem{
			Key: "f", Title: "Selected value", Says: it.name, Then: common.Copy{Text: it.value, What: it.name, Of: p.id, Log: "a value of " + title},
		})
	}
	items = append(items, dialog.MenuItem{
		Key: "p", Title: "Pane as JSON", Says: title + ", as shown: cleaned, masked if masked",
		Then: common.Copy{Text: p.paneJSON(), What: "JSON of " + title, Of: p.id, Log: "JSON of " + title},
	})
	if target := p.target(); target != "" {
		path, _, _ := strings.Cut(target, "?")
		items = append(items, dialog.MenuItem{
			Key: "c", Title: "curl of the call", Says: path + ", with names in the place of key and token",
			Then: common.Copy{Text: curl(target), What: "curl", Of: p.id, Log: "curl of " + title},
		})
	}
	return p.c.Present(dialog.NewMenu(p.c, "Copy", items))
}

// paneJSON writes what the pane in focus shows.
func (p *Page) paneJSON() string {
	type value struct {
		Name  string            `json:"name"`
		Value string            `json:"value"`
		More  map[string]string `json:"more,omitempty"`
	}
	doc := struct {
		ID     string  `json:"id"`
		Pane   string  `json:"pane"`
		Values []value `json:"values"`
	}{ID: p.id, Pane: strings.ToLower(p.info[p.focus].tab), Values: []value{}}
	for _, it := range p.panes[p.focus].content.items {
		if it.name == "" {
			continue
		}
		v := value{Name: it.name, Value: it.value}
		for _, m := range it.more {
			if v.More == nil {
				v.More = map[string]string{}
			}
			v.More[m.name] = m.value
		}
		doc.Values = append(doc.Values, v)
	}
	out, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		return "" // strings alone always marshal
	}
	return string(out)
}

// target is the call behind the pane in focus, if it can be repeated by hand.
func (p *Page) target() string {
	info := p.info[p.focus]
	for _, parts := range [][]model.Part{info.parts, info.raw} {
		for _, part := range parts {
			if t := p.s.Parts[part].Target; t != "" {
				return t
			}
		}
	}
	return ""
}

// curl writes the call for a shell, on one line, with names of environment
// variables in the place of everything secret. The target is escaped for an
// address, which leaves nothing that ends a single quote.
func curl(target string) string {
	return strings.Join([]string{
		`curl -sS "$DOCKET_API_URL"'` + target + `'`,
		`-H "x-api-key: $DOCKET_API_KEY"`, `-H "api-version: 1.0"`, `-H "Content-Type: application/json"`,
		`-H "X-Incode-Hardware-Id: $DOCKET_ADMIN_TOKEN"`,
	}, " ")
}
