package docs

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/internal/config"
	"docket/model"
)

// setting describes one key of config.toml. Its variable is derived from the
// key, its flag exists where help names one.
type setting struct {
	key, says string
	sample    string // name in the token backend sample's file
	otherwise func(config.Config) string
}

func text(s string) func(config.Config) string { return func(config.Config) string { return s } }

func yesNo(at func(config.Config) bool) func(config.Config) string {
	return func(c config.Config) string { return code(strconv.FormatBool(at(c))) }
}

func span(at func(config.Config) time.Duration) func(config.Config) string {
	return func(c config.Config) string { return code(at(c).String()) }
}

// settings are the keys that may also stand in a profile, in the environment
// and in the file of --env-file.
var settings = []setting{
	{"api_url", "Address of the API. A path such as `/0` is kept. `https`, except on this machine.", "API_URL", text("")},
	{"api_key", "The key that goes with every request (`x-api-key`).", "API_KEY", text("")},
	{"admin_token", "Executive token (`X-Incode-Hardware-Id`). Wins over the one that a log-in has kept.", "ADMIN_TOKEN", text("")},
	{"flow_id", "Flow of the sessions that the [gateway](gateway.md) begins.", "FLOW_ID", text("")},
	{"client_id", "Client of the addresses that the gateway gives to customers.", "CLIENT_ID", text("")},
	{"store", "Where the inbox is: `sqlite:PATH`, or `postgres://USER@HOST/DATABASE` for a team (see [operations.md](operations.md)).", "", text("`docket.db` in the data folder")},
	{"reviewer", "A name to show for you. It never says who acted: that is the token's user, else the user of the operating system.", "", text("")},
	{"theme", "Colours of the console, see [themes.md](themes.md).", "", text("`default`")},
	{"lang", "Language of the console; there is no other than `en` yet.", "", func(c config.Config) string { return code(c.Lang) }},
	{"reasons_lang", "Language of the texts of [reasons](#reason-codes): `en` or `es`. Codes are the same in all.", "", text("that of `lang`")},
	{"timezone", "Times on screen: `UTC` or `local`.", "", func(c config.Config) string { return code(c.Timezone) }},
	{"read_only", "Change nothing at the API.", "", yesNo(func(c config.Config) bool { return c.ReadOnly })},
	{"no_images", "Do not ask for the pictures of a session.", "", yesNo(func(c config.Config) bool { return c.NoImages })},
	{"picture", "How pictures are shown: `auto`, `kitty`, `iterm`, `sixel`, `blocks`, `none`, see [pictures.md](pictures.md).", "", func(c config.Config) string { return code(c.Picture) }},
	{"mouse", "Mouse on from the start. In the console the palette switches it.", "", yesNo(func(c config.Config) bool { return c.Mouse })},
	{"colours", "How many colours the console uses: `auto`, `none`, `16`, `256`, `true`. `NO_COLOR` wins.", "", func(c config.Config) string { return code(c.Colours) }},
	{"clocks", "Whether the console draws anew what only time changes: `on`, `off`, or `auto`, which is off over SSH. See [lock-and-clipboard.md](lock-and-clipboard.md#quiet-on-the-line).", "", func(c config.Config) string { return code(c.Clocks) }},
	{"lock", "How long without a key until the console locks itself, see [lock-and-clipboard.md](lock-and-clipboard.md). `0`: never.", "", text("`5m` over SSH, else `0s`")},
	{"lock_pin", "Hash of the PIN that opens a locked console; `docket pin` makes one.", "", text("none")},
	{"attention", "How the console draws attention to sessions that come to be reviewed: `off`, `bell`, `desktop`, `both`, see [inbox.md](inbox.md#when-sessions-come-in).", "", func(c config.Config) string { return code(c.Attention) }},
	{"hold", "How long the console holds a send back so that it can be undone. `0` sends at once.", "", span(func(c config.Config) time.Duration { return c.Hold })},
	{"sla", "How long a session may wait for a person. The inbox shows what is left of it, the statistics what is late; `0` shows how long it waits.", "", span(func(c config.Config) time.Duration { return c.SLA })},
	{"claim", "How long a claim of a session lasts unless it is renewed, which an open session does by itself. `0`: sessions are not claimed.", "", span(func(c config.Config) time.Duration { return c.Claim })},
	{"sms_wait", "How long after an SMS to a customer the next may be sent, whoever sends it, see [support.md](support.md#send-the-link). `0`: at once.", "", span(func(c config.Config) time.Duration { return c.SMSWait })},
	{"sms_text", "What an SMS to a customer says unless a person writes something else; `{0}` is where the link goes.", "", text(code(model.SMSText))},
	{"log_file", "File to write a log to, see [privacy.md](privacy.md#logs).", "", text("none")},
	{"gateway_token", "What callers of the [gateway](gateway.md)'s token backend prove themselves with.", "", text("none")},
	{"webhook_secret", "What webhooks prove themselves with to the gateway.", "", text("none")},
	{"webhook_header", "Header of webhooks that holds that secret.", "", text("`X-Docket-Secret`")},
	{"webhook_hmac", "Key of the HMAC-SHA256 signature that webhooks need; none: they need no signature.", "", text("none")},
	{"gateway_email", "Executive as whom the gateway logs in, before its admin token ends.", "", text("none")},
	{"gateway_password", "Password of that executive.", "", text("none")},
	{"audit_keys", "Public keys of other machines (the texts of their `audit.pub`, with spaces between) that verifying trusts beside that of the data folder, see [audit.md](audit.md).", "", text("none")},
	{"log_level", "`debug`, `info`, `warn` or `error`.", "", func(c config.Config) string { return code(c.LogLevel) }},
}

// configuration lists every key. It fails when the program has another set.
func configuration() (string, error) {
	c, err := config.Load(config.Inputs{Env: func(string) string { return "" }, ConfigPath: "/dev/null"})
	if err != nil {
		return "", err
	}
	described := map[string]bool{}
	for _, s := range settings {
		described[s.key] = true
	}
	if have, want := slices.Sorted(maps.Keys(described)), slices.Sorted(maps.Keys(c.Sources)); !slices.Equal(have, want) {
		return "", fmt.Errorf("settings describes %v, the program has %v", have, want)
	}
	flags, err := globalFlags()
	if err != nil {
		return "", err
	}
	var rows [][]string
	for _, s := range settings {
		flag := "--" + strings.ReplaceAll(s.key, "_", "-")
		if !strings.Contains(flags, flag+" ") {
			flag = ""
		}
		rows = append(rows, []string{
			code(s.key), code(variable(s.key), s.sample), code(flag), cmp.Or(s.otherwise(c), "none"), s.says,
		})
	}
	return table([]string{"Key", "Variable", "Flag", "Default", "Means"}, rows), nil
}

// variable is the name of a key in the environment.
func variable(key string) string { return "DOCKET_" + strings.ToUpper(key) }
