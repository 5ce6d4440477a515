package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"docket/cli/output"
	"docket/internal/config"
	"docket/model"
)

// health is the verdict of one examination.
type health string

// The verdicts of an examination.
const (
	healthOK   health = "ok"
	healthWarn health = "warn" // it works, something is worth knowing
	healthFail health = "fail" // something will not work until it is mended
)

// examination is one line of `docket doctor`.
type examination struct {
	What    string `json:"what"`
	Verdict health `json:"verdict"`
	Says    string `json:"says"`
	Do      string `json:"do,omitempty"` // the mend
}

func well(what, says string) examination         { return examination{what, healthOK, says, ""} }
func doubtful(what, says, do string) examination { return examination{what, healthWarn, says, do} }
func ill(what, says, do string) examination      { return examination{what, healthFail, says, do} }

// illBy turns a problem into an examination.
func illBy(what string, err error) examination {
	p := model.AsProblem(err)
	says := p.Message
	if p.Subject != "" {
		says += " (" + p.Subject + ")"
	}
	return ill(what, says, p.Do)
}

func (a *app) doctor() *cobra.Command {
	var format *choice
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Examine what docket works with, and say the mend",
		Long: "Examines what docket works with, each with a verdict and the mend. It asks the API one\n" +
			"harmless question and changes nothing. The exit code is 1 when something fails.\n\n" +
			"It works with a broken configuration too: then it names all that is wrong there.",
		Example: "  docket doctor\n  docket --profile staging doctor -o json",
		Args:    noArgs,
	}
	format = outputFlag(cmd, "text", "json")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		all := a.examine(cmd.Context())
		if err := a.tellHealth(all, format.value); err != nil {
			return failed(err)
		}
		for _, e := range all {
			if e.Verdict == healthFail {
				return exits(model.ExitFailed)
			}
		}
		return nil
	}
	return cmd
}

// examine looks at everything. With a configuration that is wrong the API is not
// asked: a credential could stand beside the address of another server.
func (a *app) examine(ctx context.Context) []examination {
	cfg, wrong := config.Examine(a.inputs())
	all := examineConfig(cfg, wrong)
	all = append(all, examineConsole(cfg)...)
	all = append(all, a.examineLog(cfg)...)
	all = append(all, examinePeople(cfg)...)
	if len(wrong) == 0 {
		all = append(all, a.examineToken(ctx, cfg)...)
	}
	all = append(all, a.examineKeyring(ctx, cfg)...)
	all = append(all, a.examineStore(ctx, cfg)...)
	if len(wrong) == 0 {
		all = append(all, a.examineAPI(ctx, cfg)...)
	} else {
		all = append(all, doubtful("API", "not asked, because the configuration is wrong", "mend that first, then run `docket doctor` again"))
	}
	return append(append(all, a.examineTerminal()...), a.examinePictures(cfg))
}

var healthTone = map[health]model.Tone{
	healthOK: model.ToneGood, healthWarn: model.ToneWarn, healthFail: model.ToneBad,
}

func (a *app) tellHealth(all []examination, format string) error {
	if format == "json" {
		return output.JSON(a.env.Stdout, all)
	}
	paint := a.paint()
	for _, e := range all {
		verdict := paint.Tone(healthTone[e.Verdict], fmt.Sprintf("%-4s", e.Verdict))
		text := safe(e.Says)
		if e.Do != "" {
			text += "\n" + safe(upperFirst(e.Do))
		}
		if a.env.OutTerminal {
			text = a.wrap(text, doctorIndent)
		} else {
			text = strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", doctorIndent))
		}
		if _, err := fmt.Fprintf(a.env.Stdout, "%s  %-14s  %s\n", verdict, e.What, text); err != nil {
			return err
		}
	}
	return nil
}

// doctorIndent is where the texts of the doctor begin.
const doctorIndent = 22
