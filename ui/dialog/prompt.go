package dialog

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/widget"
)

// PromptOptions say what a prompt asks for.
type PromptOptions struct {
	Title string
	Label string // above the field
	Text  string // what the field holds at first
	Hint  string // shown while the field is empty
	Lines int    // height of the field; 0 and 1: one line, sent with enter
	Check func(text string) string
	Done  func(text string) tea.Msg
}

// Prompt asks for a text. Check says what is wrong with it, if anything; Done
// makes the message that is delivered when it is sent.
type Prompt struct {
	c     *common.Context
	o     PromptOptions
	field *widget.Field
	wrong string
}

// NewPrompt returns a prompt.
func NewPrompt(c *common.Context, o PromptOptions) *Prompt {
	p := &Prompt{c: c, o: o, field: widget.NewField(o.Text)}
	p.field.Hint = o.Hint
	p.field.Many = o.Lines > 1
	return p
}

// Init implements common.Dialog.
func (p *Prompt) Init() tea.Cmd { return nil }

// Title implements common.Dialog.
func (p *Prompt) Title() string { return p.o.Title }

// Types implements Typing.
func (p *Prompt) Types() bool { return true }

// Foot implements common.Dialog.
func (p *Prompt) Foot() []keymap.Action {
	if p.field.Many {
		return []keymap.Action{hint("ctrl+s", "done"), hint("enter", "new line"), hint("esc", "cancel")}
	}
	return []keymap.Action{hint("enter", "done"), hint("esc", "cancel")}
}

// Update implements common.Dialog.
func (p *Prompt) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		p.field.Insert(msg.Content)
	case tea.KeyPressMsg:
		k := msg.String()
		switch {
		case k == "esc":
			return common.Send(common.Pop{})
		case k == "ctrl+s", k == "enter" && !p.field.Many:
			return p.send()
		default:
			p.wrong = ""
			p.field.Key(k, msg.Text)
		}
	}
	return nil
}

func (p *Prompt) send() tea.Cmd {
	text := strings.TrimSpace(p.field.Text())
	if p.o.Check != nil {
		p.wrong = p.o.Check(text)
	}
	if p.wrong != "" {
		return nil
	}
	return common.Send(common.Pop{Then: p.o.Done(text)})
}

// View implements common.Dialog.
func (p *Prompt) View(w, h int) string {
	st := p.c.Styles
	var out []string
	if p.o.Label != "" {
		out = append(out, widget.Wrap(p.o.Label, w)...)
		out = append(out, "")
	}
	n := min(max(p.o.Lines, 1), max(h-len(out)-2, 1))
	for _, l := range p.field.Lines(w-2, n, true, st.Text, st.Selected, st.Dim) {
		out = append(out, st.Accent.Render("│ ")+l)
	}
	if p.wrong != "" {
		out = append(out, "", st.Bad.Render(widget.Clip(p.wrong, w)))
	}
	return strings.Join(out, "\n")
}
