package dialog

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"docket/model"
	"docket/ui/common"
)

// ClaimOff says why no session can be claimed; empty: they can.
func ClaimOff(c *common.Context) string {
	if c.Desk.Policy().Lease <= 0 {
		return "sessions are not claimed here: the configuration gives a claim no time"
	}
	return ""
}

// Claim does with a session what is to be done by what is shown of it: claims it,
// gives it back, or asks whether to take it from who has it.
func Claim(c *common.Context, r model.Row) tea.Cmd {
	me, now := c.Desk.Me().Identity, c.Now()
	switch holder := r.HeldBy(me, now); {
	case holder != "":
		return c.Present(takeOver(c, r, holder))
	case r.In(model.ViewMine, me, now):
		return claiming(c, r.ID, func(ctx context.Context) (string, error) {
			return "is given back", c.Desk.Release(ctx, r.ID)
		})
	}
	return claiming(c, r.ID, func(ctx context.Context) (string, error) {
		row, err := c.Desk.Claim(ctx, r.ID)
		return yours(c, row), err
	})
}

// takeOver asks whether to take a session from who has it.
func takeOver(c *common.Context, r model.Row, holder string) common.Dialog {
	text := holder + " has claimed " + shortID(r.ID) + " since " + c.When(r.ClaimedAt) + ", until " + c.When(r.ClaimedUntil) +
		" at least, and may be about to decide it. Taking it over is written in the audit log."
	return NewConfirm(c, "Take the session over?", text, "take it over", claiming(c, r.ID, func(ctx context.Context) (string, error) {
		row, err := c.Desk.TakeOver(ctx, r.ID, holder)
		return yours(c, row), err
	}))
}

func yours(c *common.Context, r model.Row) string {
	return "is yours until " + c.When(r.ClaimedUntil) + ", and longer while it is open"
}

// claiming changes a claim, says how that went, and has the page look again.
func claiming(c *common.Context, id string, change func(context.Context) (string, error)) tea.Cmd {
	return func() tea.Msg {
		says, err := change(c.Ctx)
		toast := common.Toast{Text: shortID(id) + " " + says, Tone: model.ToneGood}
		if err != nil {
			toast = common.Failed(err, model.ToneWarn)
		}
		return tea.BatchMsg{common.Send(toast), common.Send(Kept{ID: id})}
	}
}
