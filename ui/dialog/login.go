package dialog

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"docket/model"
	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/widget"
)

// Login asks for e-mail and password of an executive. The page below is kept as
// it is, and what was being done goes on afterwards.
type Login struct {
	c      *common.Context
	why    string
	fields [2]*widget.Field
	at     int
	busy   bool
	tries  int
	wrong  *model.Problem
}

// loginMsg is how a try to log in ended.
type loginMsg struct {
	try int
	err error
}

// NewLogin returns the form; why says what was refused, if anything was.
func NewLogin(c *common.Context, why string) *Login {
	d := &Login{c: c, why: why, fields: [2]*widget.Field{widget.NewField("name@company", ""), widget.NewSecret()}}
	if user := c.Desk.Token().User; strings.Contains(user, "@") {
		d.fields[0].Set(user)
		d.at = 1
	}
	return d
}

// Init implements common.Dialog.
func (d *Login) Init() tea.Cmd { return nil }

// Title implements common.Dialog.
func (d *Login) Title() string { return "Log in to " + d.c.Desk.Policy().Origin }

// Types implements Typing.
func (d *Login) Types() bool { return true }

// Foot implements common.Dialog.
func (d *Login) Foot() []keymap.Action {
	return []keymap.Action{hint("tab", "next field"), hint("enter", "log in"), hint("esc", "not now")}
}

// Update implements common.Dialog.
func (d *Login) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case loginMsg:
		return d.ended(msg)
	case tea.PasteMsg:
		d.fields[d.at].Insert(msg.Content)
	case tea.KeyPressMsg:
		return d.key(msg)
	}
	return nil
}

func (d *Login) ended(msg loginMsg) tea.Cmd {
	if msg.try != d.tries {
		return nil
	}
	d.busy = false
	if msg.err == nil {
		return common.Send(common.Pop{Then: common.LoggedIn{}})
	}
	d.wrong = model.AsProblem(msg.err)
	d.fields[1].Set("")
	d.at = 1
	return nil
}

func (d *Login) key(msg tea.KeyPressMsg) tea.Cmd {
	switch k := msg.String(); k {
	case "esc":
		d.tries++
		return d.c.Dismiss(nil)
	case "tab", "shift+tab", "down", "up":
		d.at = 1 - d.at
	case "enter":
		if d.at == 0 {
			d.at = 1
			return nil
		}
		return d.send()
	default:
		d.wrong = nil
		d.fields[d.at].Key(msg)
	}
	return nil
}

func (d *Login) send() tea.Cmd {
	email, password := strings.TrimSpace(d.fields[0].Text()), d.fields[1].Text()
	if d.busy || email == "" || password == "" {
		return nil
	}
	d.busy, d.wrong = true, nil
	d.tries++
	try := d.tries
	return func() tea.Msg { return loginMsg{try, d.c.Desk.Login(d.c.Ctx, email, password)} }
}

// Width implements Sized.
func (d *Login) Width(room int) int { return min(room, 64) }

// View implements common.Dialog.
func (d *Login) View(w, _ int) string {
	st := d.c.Styles
	var out []string
	if d.why != "" {
		for _, l := range widget.Wrap(d.why, w) {
			out = append(out, st.Warn.Render(l))
		}
		out = append(out, "")
	}
	for i, label := range []string{"E-mail", "Password"} {
		mark := "  "
		if i == d.at {
			mark = st.Accent.Render("> ")
		}
		out = append(out, mark+widget.Fit(label, 10)+d.fields[i].Line(w-12, i == d.at, st.Text, st.Accent, st.Dim), "")
	}
	switch {
	case d.busy:
		out = append(out, st.Dim.Render(widget.Dots("logging in")))
	case d.wrong != nil:
		for _, l := range widget.Wrap(d.wrong.Error(), w) {
			out = append(out, st.Bad.Render(l))
		}
	default:
		out = append(out, st.Dim.Render("The password goes to the API alone and is not kept."))
	}
	return strings.Join(out, "\n")
}
