package config

import (
	"encoding/json"
	"strconv"
)

// Matters returns what decides which system docket works on and what it lets a person
// do there, by the keys of config.toml, as texts that can be compared. Secrets are not
// among them, nor is what only changes how docket looks or what it writes of itself.
func (c Config) Matters() map[string]string {
	reasons, err := json.Marshal(c.Reasons)
	if err != nil {
		reasons = nil // texts and truth values always marshal
	}
	return map[string]string{
		"profile": c.Profile, "api_url": c.APIURL, "flow_id": c.FlowID, "client_id": c.ClientID, "store": c.Store.String(),
		"read_only": strconv.FormatBool(c.ReadOnly), "no_images": strconv.FormatBool(c.NoImages),
		"hold": c.Hold.String(), "sla": c.SLA.String(), "reasons": string(reasons),
	}
}
