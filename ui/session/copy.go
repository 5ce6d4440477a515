package session

import (
	"encoding/json"
	"net/url"
	"strings"

	tea "charm.land/bubbletea/v2"

	"docket/model"
	"docket/ui/common"
	"docket/ui/dialog"
)

// copyMenu offers what can be copied from where the cursor is.
func (p *Page) copyMenu(string) tea.Cmd {
	items := []dialog.MenuItem{
		{Key: "i", Title: "Interview id", Says: p.id, Then: common.Copy{Text: p.id, What: "interview id"}},
	}
	if it, ok := p.panes[p.focus].selected(); ok && it.value != "" {
		items = append(items, dialog.MenuItem{
			Key: "f", Title: "Selected value", Says: it.name, Then: common.Copy{Text: it.value, What: it.name},
		})
	}
	title := p.info[p.focus].tab
	items = append(items, dialog.MenuItem{
		Key: "p", Title: "Pane as JSON", Says: title + ", as shown: cleaned, masked if masked",
		Then: common.Copy{Text: p.paneJSON(), What: "JSON of " + title},
	})
	if part, ok := p.curlPart(); ok {
		items = append(items, dialog.MenuItem{
			Key: "c", Title: "curl of the call", Says: endpoints[part].path + ", with names in the place of key and token",
			Then: common.Copy{Text: curl(part, p.id), What: "curl"},
		})
	}
	return common.Send(common.Push{Dialog: dialog.NewMenu(p.c, "Copy", items)})
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

// endpoints are the calls that parts are read with, the id aside: Incode Omni
// API, sections Get onboarding status, Fetch scores, Fetch ocr data, Fetch
// ocr data for second id, Fetch device info, Fetch events.
var endpoints = map[model.Part]struct{ path, more string }{
	model.PartStatus: {"/omni/get/onboarding/status", ""},
	model.PartScore:  {"/omni/get/score", ""},
	model.PartOCR:    {"/omni/get/ocr-data", ""},
	model.PartOCR2:   {"/omni/get/ocr-data-second-id", ""},
	model.PartDevice: {"/omni/get/device-info", "&returnData=true"},
	model.PartEvents: {"/omni/get/events", "&offset=0&limit=100"},
}

func (p *Page) curlPart() (model.Part, bool) {
	info := p.info[p.focus]
	for _, parts := range [][]model.Part{info.parts, info.raw} {
		for _, part := range parts {
			if _, ok := endpoints[part]; ok {
				return part, true
			}
		}
	}
	return "", false
}

// curl writes the call for a shell, on one line, with names of environment variables in the
// place of everything secret.
func curl(part model.Part, id string) string {
	e := endpoints[part]
	return strings.Join([]string{
		`curl -sS "$DOCKET_API_URL` + e.path + "?id=" + url.QueryEscape(id) + e.more + `"`,
		`-H "x-api-key: $DOCKET_API_KEY"`, `-H "api-version: 1.0"`, `-H "Content-Type: application/json"`,
		`-H "X-Incode-Hardware-Id: $DOCKET_ADMIN_TOKEN"`,
	}, " ")
}
