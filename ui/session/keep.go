package session

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"docket/ui/dialog"
)

// note opens the dialog that writes a note. Notes stay here.
func (p *Page) note(string) tea.Cmd {
	return p.c.Present(dialog.NewKeep(p.c, dialog.Keep{
		ID: p.id, Title: "Note on " + shortID(p.id), Label: "note",
		Says: "A note stays here: it is not sent to the API.",
		Save: func(ctx context.Context, text string) error { return p.c.Desk.AddNote(ctx, p.id, text) },
	}))
}

// tag opens the dialog that edits the tags. Tags stay here.
func (p *Page) tag(string) tea.Cmd {
	var old []string
	if p.row != nil {
		old = p.row.Tags
	}
	return p.c.Present(dialog.NewKeep(p.c, dialog.Keep{
		ID: p.id, Title: "Tags of " + shortID(p.id), Label: "tags", Text: strings.Join(old, " "), Empty: true,
		Says: "Words with spaces or commas between them. Tags stay here and can be searched.",
		Save: func(ctx context.Context, text string) error {
			tags := dialog.Words(text)
			slices.Sort(tags)
			return p.c.Desk.SetTags(ctx, p.id, slices.Compact(tags))
		},
	}))
}
