package config

import (
	"encoding/json"
	"strconv"
)

// Matters returns what decides which system docket works on and what it lets a person
// do there, by the keys of config.toml, as texts that can be compared. Secrets are not
// among them, nor is what only changes how docket looks or what it writes of itself.
func (c Config) Matters() map[string]string {
	var targets [][2]string
	for _, n := range c.Notify {
		targets = append(targets, [2]string{n.Name, n.URL})
	}
	return map[string]string{
		"profile": c.Profile, "api_url": c.APIURL, "flow_id": c.FlowID, "client_id": c.ClientID, "store": c.Store.String(),
		"read_only": strconv.FormatBool(c.ReadOnly), "no_images": strconv.FormatBool(c.NoImages),
		"hold": c.Hold.String(), "sla": c.SLA.String(), "claim": c.Claim.String(), "lock": c.Lock.String(),
		"sms_wait": c.SMSWait.String(), "sms_text": c.SMSText,
		"second_person": asText(c.Second), "reasons": asText(c.Reasons), "retention": asText(c.Retention),
		"rule": asText(c.Rules), "notify": asText(targets),
		"gateway": asText(c.Gateway), "webhook_header": c.WebhookHeader,
		"audit_keys": asText(c.AuditKeys),
		"person":     asText(c.People), "ssh": asText(c.SSH),
	}
}

// asText writes a table of config.toml as a text.
func asText(table any) string {
	text, err := json.Marshal(table)
	if err != nil {
		return "" // texts, numbers and truth values always marshal
	}
	return string(text)
}
