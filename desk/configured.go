package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"docket/audit"
)

// Configured logs that docket works under another configuration than the last time
// that it was started in the same place, if so: the beginning of a digest of it, and
// the names of the settings that changed. Settings are values by name, none of them a
// secret; the inbox keeps digests of them and nothing else.
func (s *Seat) Configured(ctx context.Context, place string, settings map[string]string) error {
	now := digestsOf(settings)
	value, err := json.Marshal(now)
	if err != nil {
		return err // strings alone always marshal
	}
	err = s.d.cfg.Store.Recall(ctx, "configuration "+place, string(value), func(was string) []audit.Entry {
		return []audit.Entry{s.detailed(audit.Config, "", shortSum(string(value))+", "+now.since(was))}
	})
	return stored(err, "The configuration could not be logged, so nothing is done under it")
}

// settingDigests are digests of settings, by name.
type settingDigests map[string]string

// sumLetters is how much of a digest tells configurations apart.
const sumLetters = 16

func shortSum(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])[:sumLetters]
}

func digestsOf(settings map[string]string) settingDigests {
	all := settingDigests{}
	for name, value := range settings {
		all[name] = shortSum(name + "\x00" + value)
	}
	return all
}

// since says in the words of the log what is another setting than in digests that
// were kept.
func (d settingDigests) since(kept string) string {
	var was settingDigests
	if kept == "" || json.Unmarshal([]byte(kept), &was) != nil {
		return "first seen here"
	}
	var changed []string
	for _, name := range slices.Sorted(maps.Keys(d)) {
		if d[name] != was[name] {
			changed = append(changed, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(was)) {
		if _, there := d[name]; !there {
			changed = append(changed, name)
		}
	}
	return "changed: " + strings.Join(changed, " ")
}
