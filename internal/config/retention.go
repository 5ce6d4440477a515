package config

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/model"
)

// retentionTable is [retention] of config.toml.
type retentionTable struct {
	Keep        string   `toml:"keep"`
	DecidedOnly bool     `toml:"decided_only"`
	Reason      string   `toml:"reason"`
	HoldTags    []string `toml:"hold_tags"`
}

func (d *document) takeRetention(value any) error {
	var t retentionTable
	if err := strictly(value, &t); err != nil {
		return d.wrong("retention", "", `write it as a table, [retention], with keep = "1825d", decided_only = true, reason = "…" or hold_tags = ["…"]`)
	}
	keep, ok := spanOf(t.Keep)
	switch {
	case !ok:
		return d.wrong("keep", "retention", `write days, as in "1825d", or a duration such as 720h, instead of `+strconv.Quote(t.Keep))
	case slices.ContainsFunc(t.HoldTags, func(tag string) bool { return strings.TrimSpace(tag) == "" }):
		return d.wrong("hold_tags", "retention", "write tags, none of them empty")
	case keep == 0 && len(t.HoldTags) == 0:
		return d.wrong("retention", "", `write keep = "1825d" or hold_tags = ["…"], or remove the table: as it is it keeps nothing`)
	case keep > 0 && strings.TrimSpace(t.Reason) == "":
		return d.wrong("reason", "retention", "say which rule it is: whoever may not delete is told")
	}
	d.retention = model.Retention{Keep: keep, DecidedOnly: t.DecidedOnly, Reason: t.Reason, HoldTags: t.HoldTags}
	return nil
}

// longestKeep keeps a mistyped number from being a time that never ends.
const longestKeep = 100 * 366 * 24 * time.Hour

// spanOf reads a time to keep something: days, or what a duration may be.
func spanOf(text string) (time.Duration, bool) {
	if text == "" {
		return 0, true
	}
	if days, found := strings.CutSuffix(text, "d"); found {
		n, err := strconv.Atoi(days)
		if err != nil || n > int(longestKeep/(24*time.Hour)) {
			return 0, false
		}
		return time.Duration(n) * 24 * time.Hour, n > 0
	}
	span, err := time.ParseDuration(text)
	return span, err == nil && span > 0 && span <= longestKeep
}
