package cli

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"docket/internal/config"
	"docket/themes"
	"docket/ui/keymap"
)

// examineConfig says where the configuration comes from, without its values
// where they are secret.
func examineConfig(cfg config.Config, wrong []error) []examination {
	says := "no config.toml"
	if cfg.Path != "" {
		says = cfg.Path
	}
	if cfg.Profile != "" {
		says += ", profile " + cfg.Profile
	}
	var set []string
	for _, key := range slices.Sorted(maps.Keys(cfg.Sources)) {
		if cfg.Sources[key] != "default" {
			set = append(set, key+" from "+cfg.Sources[key])
		}
	}
	if len(set) > 0 {
		says += "; " + strings.Join(set, ", ")
	}
	if len(wrong) > 0 {
		return namesWrong(says, cfg, wrong)
	}
	all := []examination{well("configuration", says)}
	for _, w := range cfg.Warnings {
		all = append(all, doubtful("configuration", w, ""))
	}
	if err := ready(cfg); err != nil {
		all = append(all, illBy("configuration", err))
	}
	return all
}

// namesWrong tells everything that is wrong with the configuration.
func namesWrong(says string, cfg config.Config, wrong []error) []examination {
	all := []examination{doubtful("configuration", says+"; what is wrong is left out here", "mend the following; docs/configuration.md lists every setting")}
	for _, err := range wrong {
		all = append(all, illBy("configuration", err))
	}
	for _, w := range cfg.Warnings {
		all = append(all, doubtful("configuration", w, ""))
	}
	return all
}

// examineConsole looks at what only the console uses, which other commands
// therefore do not miss.
func examineConsole(cfg config.Config) []examination {
	var all []examination
	name := cmp.Or(cfg.Theme, themes.Default)
	if _, err := themes.Load(name); err != nil {
		all = append(all, ill("theme", "there is no theme "+quoted(name)+" (from "+cfg.Sources["theme"]+")",
			"choose one of "+strings.Join(themes.Names(), ", ")))
	} else {
		all = append(all, well("theme", name))
	}
	if _, err := keymap.New(cfg.Keys); err != nil {
		says, do, _ := strings.Cut(strings.TrimPrefix(err.Error(), "keys: "), ": ")
		all = append(all, ill("keys", says, cmp.Or(do, "correct it")+"; they stand under [keys] in "+cfg.Path))
	} else if len(cfg.Keys) > 0 {
		all = append(all, well("keys", "bound anew: "+strings.Join(slices.Sorted(maps.Keys(cfg.Keys)), ", ")))
	}
	return all
}

// examineLog looks whether the log that is wanted can be written.
func (a *app) examineLog(cfg config.Config) []examination {
	if cfg.LogFile == "" {
		return nil
	}
	if err := a.openLog(cfg.LogFile, cfg.LogLevel); err != nil {
		return []examination{illBy("log", err)}
	}
	return []examination{well("log", cfg.LogFile+", "+cfg.LogLevel)}
}
