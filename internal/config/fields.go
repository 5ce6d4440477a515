package config

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"docket/audit"
	"docket/internal/pin"
	"docket/model"
)

// envPrefix begins the name of every variable that docket reads by itself.
const envPrefix = "DOCKET_"

// envName is the variable of a key: api_url is DOCKET_API_URL.
func envName(key string) string { return envPrefix + strings.ToUpper(key) }

// flagName is the flag of a key: read_only is --read-only.
func flagName(key string) string { return "--" + strings.ReplaceAll(key, "_", "-") }

// field declares one value that may stand in every layer.
type field struct {
	key    string // in config.toml; variables and flags are derived from it
	sample string // the token backend sample's name, taken in --env-file only; "" when it has none
	// set puts the value into the configuration, or says what to do about it.
	set func(c *Config, text string) (wrong string)
	// secret reports whether the text must not be seen by others.
	secret func(text string) bool
	// clear takes the value out again; nil where nothing ever does.
	clear func(c *Config)
}

// fields is every value but the tables keys, reasons and profile.
func fields() []field {
	return []field{
		{key: "api_url", sample: "API_URL", set: setAPIURL, secret: hasUserinfo},
		secretField("api_key", "API_KEY", func(c *Config) *Secret { return &c.APIKey }),
		secretField("admin_token", "ADMIN_TOKEN", func(c *Config) *Secret { return &c.AdminToken }),
		textField("flow_id", "FLOW_ID", func(c *Config) *string { return &c.FlowID }),
		textField("client_id", "CLIENT_ID", func(c *Config) *string { return &c.ClientID }),
		{key: "store", set: setStore, secret: holdsPassword},
		textField("reviewer", "", func(c *Config) *string { return &c.Reviewer }),
		textField("theme", "", func(c *Config) *string { return &c.Theme }),
		choiceField("lang", Languages(), func(c *Config) *string { return &c.Lang }),
		choiceField("reasons_lang", model.ReasonLanguages(), func(c *Config) *string { return &c.ReasonsLang }),
		choiceField("timezone", []string{"UTC", "local"}, func(c *Config) *string { return &c.Timezone }),
		boolField("read_only", func(c *Config) *bool { return &c.ReadOnly }),
		boolField("no_images", func(c *Config) *bool { return &c.NoImages }),
		choiceField("picture", PictureWays(), func(c *Config) *string { return &c.Picture }),
		boolField("mouse", func(c *Config) *bool { return &c.Mouse }),
		choiceField("colours", ColourDepths(), func(c *Config) *string { return &c.Colours }),
		choiceField("clocks", ClockWays(), func(c *Config) *string { return &c.Clocks }),
		durationField("lock", func(c *Config) *time.Duration { return &c.Lock }),
		pinField(),
		choiceField("attention", AttentionWays(), func(c *Config) *string { return &c.Attention }),
		durationField("hold", func(c *Config) *time.Duration { return &c.Hold }),
		durationField("sla", func(c *Config) *time.Duration { return &c.SLA }),
		durationField("claim", func(c *Config) *time.Duration { return &c.Claim }),
		durationField("sms_wait", func(c *Config) *time.Duration { return &c.SMSWait }),
		{key: "sms_text", set: setSMSText, secret: never},
		{key: "log_file", set: setLogFile, secret: never},
		secretField("gateway_token", "", func(c *Config) *Secret { return &c.GatewayToken }),
		secretField("webhook_secret", "", func(c *Config) *Secret { return &c.WebhookSecret }),
		{key: "webhook_header", set: setWebhookHeader, secret: never},
		secretField("webhook_hmac", "", func(c *Config) *Secret { return &c.WebhookHMAC }),
		emailField(),
		secretField("gateway_password", "", func(c *Config) *Secret { return &c.GatewayPassword }),
		{key: "audit_keys", set: setAuditKeys, secret: never},
		choiceField("log_level", LogLevels(), func(c *Config) *string { return &c.LogLevel }),
	}
}

// Languages are those that the console speaks.
func Languages() []string { return []string{"en"} }

// PictureWays are the ways of showing pictures; auto finds out.
func PictureWays() []string { return []string{"auto", "kitty", "iterm", "sixel", "blocks", "none"} }

// ClockWays are whether what only time changes is drawn anew; auto: not over SSH.
func ClockWays() []string { return []string{"auto", "on", "off"} }

// AttentionWays are the ways of drawing attention to sessions that come in.
func AttentionWays() []string { return []string{"off", "bell", "desktop", "both"} }

// LogLevels are how much a log may tell, the most first.
func LogLevels() []string { return []string{"debug", "info", "warn", "error"} }

// isField reports whether there is a value of the name.
func isField(key string) bool {
	return slices.ContainsFunc(fields(), func(f field) bool { return f.key == key })
}

func never(string) bool { return false }

func always(string) bool { return true }

func textField(key, sample string, at func(*Config) *string) field {
	return field{key: key, sample: sample, secret: never, set: func(c *Config, text string) string {
		*at(c) = text
		return ""
	}}
}

// emailField is the user of the gateway's log-in. It belongs to an API as its password
// does.
func emailField() field {
	f := textField("gateway_email", "", func(c *Config) *string { return &c.GatewayEmail })
	f.clear = func(c *Config) { c.GatewayEmail = "" }
	return f
}

func secretField(key, sample string, at func(*Config) *Secret) field {
	return field{
		key: key, sample: sample, secret: always,
		set: func(c *Config, text string) string {
			// A header cannot hold a line break, and what http says about it would show the value.
			if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
				return "it holds a line break or another control character: copy it again"
			}
			*at(c) = NewSecret(text)
			return ""
		},
		clear: func(c *Config) { *at(c) = Secret{} },
	}
}

// noHash is what to do about a PIN where its hash should stand.
const noHash = "it takes a hash, not the PIN itself: `docket pin` makes one"

// pinField is the hash of the PIN that opens a locked console.
func pinField() field {
	f := secretField("lock_pin", "", func(c *Config) *Secret { return &c.LockPIN })
	set := f.set
	f.set = func(c *Config, text string) string {
		if _, err := pin.Parse(text); err != nil {
			return noHash
		}
		return set(c, text)
	}
	return f
}

func choiceField(key string, choices []string, at func(*Config) *string) field {
	return field{key: key, secret: never, set: func(c *Config, text string) string {
		i := slices.IndexFunc(choices, func(choice string) bool { return strings.EqualFold(choice, text) })
		if i < 0 {
			return "write " + among(choices) + " instead of " + strconv.Quote(text)
		}
		*at(c) = choices[i]
		return ""
	}}
}

// among names the choices of a value: the one, or one of many.
func among(choices []string) string {
	if len(choices) == 1 {
		return choices[0] + ", the only one there is,"
	}
	return "one of " + strings.Join(choices, ", ")
}

func boolField(key string, at func(*Config) *bool) field {
	return field{key: key, secret: never, set: func(c *Config, text string) string {
		v, err := strconv.ParseBool(text)
		if err != nil {
			return "write true or false instead of " + strconv.Quote(text)
		}
		*at(c) = v
		return ""
	}}
}

func durationField(key string, at func(*Config) *time.Duration) field {
	return field{key: key, secret: never, set: func(c *Config, text string) string {
		v, err := time.ParseDuration(text)
		if err != nil || v < 0 {
			return "write a duration with its unit, such as 3s, 90m or 4h, or 0 for none, instead of " + strconv.Quote(text)
		}
		*at(c) = v
		return ""
	}}
}

func setSMSText(c *Config, text string) string {
	if message, do := model.SMSWrong(text); message != "" {
		return do
	}
	c.SMSText = text
	return ""
}

func setLogFile(c *Config, text string) string {
	c.LogFile = c.Dirs.expand(text)
	return ""
}

// setAuditKeys takes the texts of audit.pub files, with spaces or commas between. None of
// these is in a key.
func setAuditKeys(c *Config, text string) string {
	keys := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
	if _, err := audit.Keys(keys...); err != nil {
		return "write the texts of audit.pub files, with spaces between them"
	}
	c.AuditKeys = keys
	return ""
}

func setStore(c *Config, text string) string {
	if path, ok := strings.CutPrefix(text, sqliteScheme); ok && path != "" {
		c.Store = StoreURL{sqliteScheme + c.Dirs.expand(path)}
		return ""
	}
	if !isPostgres(text) {
		return "write sqlite:PATH or postgres://USER@HOST/DATABASE"
	}
	c.Store = StoreURL{text}
	return ""
}

// expand puts the home directory for a leading ~, as a shell would have.
func (d Dirs) expand(path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok && d.home != "" {
		return filepath.Join(d.home, rest)
	}
	return path
}
