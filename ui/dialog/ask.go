package dialog

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"docket/desk"
	"docket/model"
	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/qr"
	"docket/ui/widget"
)

// Ask is what support does for a customer: it says where they are stuck and what to
// tell them, what was sent and shown before, and shows the link, which is hidden until
// somebody asks for it.
type Ask struct {
	c   *common.Context
	s   *model.Session
	off func(keymap.ID) string // why an action of the page cannot be done; empty: it can

	links   desk.Links
	read    bool // the history has come, or failed
	link    model.Link
	code    *qr.Code  // the link is shown as this; nil: as text
	until   time.Time // when it is hidden again
	busy    bool      // the link is being fetched
	problem *model.Problem
}

// linkShown is how long a link stays on the screen.
const linkShown = time.Minute

// NewAsk returns the dialog of a session as it is shown.
func NewAsk(c *common.Context, s *model.Session, off func(keymap.ID) string) *Ask {
	return &Ask{c: c, s: s, off: off}
}

type (
	// history is what became of the link before.
	history struct {
		dialog *Ask
		links  desk.Links
		err    error
	}
	// fetchedLink is a link that was asked for in order to show it in some way.
	fetchedLink struct {
		dialog *Ask
		how    string
		link   model.Link
		err    error
	}
)

// attempted is the session with what its own token tells: how often was tried.
type attempted struct {
	dialog *Ask
	s      *model.Session
}

// attempts reads how often the customer tried: by now the session's token is there.
func (d *Ask) attempts() tea.Cmd {
	c, id := d.c, d.s.ID
	if !c.Desk.Policy().Can[model.CanSessionToken] || !d.s.Parts[model.PartLife].At.IsZero() {
		return nil
	}
	return func() tea.Msg {
		var so *model.Session
		for next := range c.Desk.Refresh(c.Ctx, id, model.PartLife) {
			so = next
		}
		if so == nil {
			return nil
		}
		return attempted{d, so}
	}
}

// linkOver says that a link has been on the screen for long enough.
type linkOver struct {
	dialog *Ask
	until  time.Time
}

// hideLater hides the link that is shown now, also in a console whose clock is off.
func (d *Ask) hideLater() tea.Cmd {
	ctx, over := d.c.Ctx, linkOver{d, d.until}
	return func() tea.Msg {
		t := time.NewTimer(linkShown)
		defer t.Stop()
		select {
		case <-t.C:
			return over
		case <-ctx.Done():
			return nil
		}
	}
}

// The ways of showing a link, as the log calls them.
const (
	asText = "text"
	asQR   = "qr"
	asCopy = "copy"
)

// Init reads the history.
func (d *Ask) Init() tea.Cmd {
	c, id := d.c, d.s.ID
	return func() tea.Msg {
		links, err := c.Desk.Links(c.Ctx, id)
		return history{d, links, err}
	}
}

// Title implements common.Dialog.
func (d *Ask) Title() string { return "Ask the customer again" }

// Width implements Sized.
func (d *Ask) Width(room int) int { return min(room, formWidth) }

// Bare implements Bare: a code has the page for itself, light margin and all.
func (d *Ask) Bare() bool { return d.code != nil }

// Foot implements common.Dialog.
func (d *Ask) Foot() []keymap.Action {
	if !d.link.Empty() {
		return []keymap.Action{hint("y", "copy it"), hint("esc", "hide the link")}
	}
	return []keymap.Action{hint("esc", "back")}
}

// Update takes keys, what was fetched, and the time.
func (d *Ask) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return d.key(msg.String())
	case history:
		if msg.dialog == d {
			d.read, d.links = true, msg.links
			d.problem = cmp.Or(d.problem, model.AsProblem(msg.err))
		}
	case fetchedLink:
		if msg.dialog == d {
			return d.fetched(msg)
		}
	case attempted:
		if msg.dialog == d {
			d.s = msg.s
		}
	case linkOver:
		if msg.dialog == d && msg.until.Equal(d.until) {
			d.hide()
		}
	case common.Tick:
		if !d.link.Empty() && !msg.At.Before(d.until) {
			d.hide()
		}
	case common.Locking:
		d.hide()
	}
	return nil
}

func (d *Ask) hide() { d.link, d.code = model.Link{}, nil }

func (d *Ask) key(key string) tea.Cmd {
	switch {
	case key == "esc" && !d.link.Empty():
		d.hide()
		return nil
	case key == "esc" || key == "q":
		d.hide()
		return d.c.Dismiss(nil)
	case d.busy:
		return nil
	}
	for _, a := range d.deeds() {
		if a.key == key && a.off == "" {
			return a.do()
		}
	}
	return nil
}

// askDeed is one thing that can be done for the customer.
type askDeed struct {
	key, title string
	note       string // what speaks against it, if it can be done
	off        string // why it cannot be done; empty: it can
	do         func() tea.Cmd
}

// pointless says why a link would not help a customer, by what would.
var pointless = map[model.Next]string{
	model.NextNothing: "nothing is left to do for them", model.NextWait: "nothing is left to do for them",
	model.NextReopen: "reopen the session first", model.NextNew: "this session has ended",
}

func (d *Ask) deeds() []askDeed {
	run := func(id keymap.ID) func() tea.Cmd {
		return func() tea.Cmd { return d.c.Dismiss(common.Run{ID: id}) }
	}
	show := func(how string) func() tea.Cmd { return func() tea.Cmd { return d.fetch(how) } }
	noLink := ""
	if !d.c.Desk.Policy().Can[model.CanLink] {
		noLink = "this API gives no links"
	}
	sms := d.off(keymap.SMS)
	if at := d.links.Again; sms == "" && at.After(d.c.Now()) {
		sms = "the last SMS was just sent: not before " + at.In(d.c.Zone).Format("15:04:05")
	}
	all := []askDeed{
		{"s", "send the link by SMS", pointless[d.s.Stuck.Next], sms, run(keymap.SMS)},
		{"l", "show the link", "", noLink, show(asText)},
		{"r", "show it as a QR code", "", noLink, show(asQR)},
		{"y", "copy it", "", noLink, show(asCopy)},
		{"f", "ask for a check by hand", "", d.off(keymap.Flag), run(keymap.Flag)},
	}
	if d.s.Stuck.Next == model.NextReopen || d.s.Life == model.Closed {
		all = append(all, askDeed{"o", "reopen the session", "", d.off(keymap.Reopen), run(keymap.Reopen)})
	}
	return all
}

// fetch asks for the link. Every showing is one of its own in the log.
func (d *Ask) fetch(how string) tea.Cmd {
	d.busy, d.problem = true, nil
	c, id := d.c, d.s.ID
	return func() tea.Msg {
		link, err := c.Desk.Link(c.Ctx, id, how)
		return fetchedLink{d, how, link, err}
	}
}

func (d *Ask) fetched(msg fetchedLink) tea.Cmd {
	d.busy = false
	if msg.err != nil {
		d.problem = model.AsProblem(msg.err)
		if d.problem.Kind == model.KindAuth {
			return common.Send(common.NeedLogin{Why: d.problem.Message, Front: true})
		}
		return nil
	}
	if msg.how == asCopy {
		return tea.Batch(d.Init(), common.Send(common.Copy{
			Text: msg.link.Reveal(), What: "onboarding link", Of: d.s.ID, Log: "onboarding link",
		}))
	}
	d.code = nil
	if msg.how == asQR {
		code, err := qr.New(msg.link.Reveal())
		if err != nil {
			d.problem = model.NewProblem(model.KindFailed, "The link is not shown: "+err.Error(), "", "show it as text, with l")
			return d.Init()
		}
		d.code = &code
	}
	d.link, d.until = msg.link, d.c.Now().Add(linkShown)
	return tea.Batch(d.Init(), d.hideLater(), d.attempts()) // the history has one more
}

// View implements common.Dialog.
func (d *Ask) View(w, h int) string {
	if d.code != nil {
		return d.codeView(w, h)
	}
	st := d.c.Styles
	head := []string{ansi.Truncate(d.person(), w, "…"), ""}
	head = append(head, d.labelled("STUCK", d.s.Stuck.Where, w, 2, st.Strong.Render)...)
	head = append(head, d.labelled("TELL", d.s.Stuck.Tell, w, 3, st.Text.Render)...)
	tail := append([]string{""}, d.menu(w)...)
	tail = append(tail, d.said(w)...)
	more := d.labelled("ID", strings.Join(model.Captures(d.s.Summary), " · "), w, 2, st.Text.Render)
	if !d.link.Empty() {
		more = append(more, d.address(w)...)
	}
	if room := h - len(head) - len(more) - len(tail); room > 0 {
		more = append(more, d.history(w, room)...)
	}
	if room := max(h-len(head)-len(tail), 0); len(more) > room { // what is above the link gives way to it
		more = more[len(more)-room:]
	}
	lines := append(append(head, more...), tail...)
	return strings.Join(lines[:min(len(lines), h)], "\n")
}

// wideAsk is how wide the labels of the dialog are.
const wideAsk = 9

// labelled writes a text behind its label, in at most so many lines.
func (d *Ask) labelled(label, text string, w, rows int, style func(...string) string) []string {
	if text == "" {
		return nil
	}
	out := styledWrap(text, w-wideAsk, rows, style)
	for i := range out {
		out[i] = d.c.Styles.Title.Render(widget.Fit(label, wideAsk)) + out[i]
		label = ""
	}
	return out
}

func (d *Ask) person() string {
	st := d.c.Styles
	name := widget.OneLine(cmp.Or(d.c.Show(d.s.Applicant.Name), "no name known"))
	standing := string(d.s.Status)
	if d.s.Life != "" {
		standing += ", session " + string(d.s.Life)
	}
	return st.Strong.Render(name) + "   " + st.Dim.Render(shortID(d.s.ID)) + "   " + standing
}

// address writes the link, broken where the line ends: it is one word.
func (d *Ask) address(w int) []string {
	out := strings.Split(ansi.Hardwrap(d.link.Reveal(), max(w-wideAsk, 1), false), "\n")
	label := "LINK"
	for i := range out {
		out[i] = d.c.Styles.Title.Render(widget.Fit(label, wideAsk)) + d.c.Styles.Accent.Render(out[i])
		label = ""
	}
	return append(out, widget.Spaces(wideAsk)+d.c.Styles.Warn.Render("whoever has it is this customer; it is hidden again after a minute"))
}

// mostHistory is how much of a history helps.
const mostHistory = 12

// history writes what was done before, the newest first.
func (d *Ask) history(w, rows int) []string {
	st := d.c.Styles
	var out []string
	add := func(text string) {
		label := ""
		if len(out) == 0 {
			label = "HISTORY"
		}
		out = append(out, st.Title.Render(widget.Fit(label, wideAsk))+ansi.Truncate(text, w-wideAsk, "…"))
	}
	switch since := d.links.Since; {
	case !d.read:
		add(st.Dim.Render("being read …"))
	case len(d.links.Events) > 0:
	case since.IsZero():
		add(st.Dim.Render("nothing was sent or shown from here"))
	default:
		add(st.Dim.Render("nothing was sent or shown from here since " + d.c.When(since)))
	}
	for i, e := range d.links.Events[:min(len(d.links.Events), mostHistory)] {
		if left := len(d.links.Events) - i; left > 1 && len(out) >= rows-1 {
			add(st.Dim.Render(strconv.Itoa(left) + " more"))
			break
		}
		add(d.c.When(e.At) + "  " + e.Says() + st.Dim.Render(" by "+widget.OneLine(e.By)))
	}
	return out
}

func (d *Ask) menu(w int) []string {
	st := d.c.Styles
	var out []string
	for _, a := range d.deeds() {
		line := st.Key.Render(widget.Fit(a.key, 3)) + a.title
		if a.note != "" {
			line += st.Query.Render("  " + common.Sign(model.ToneWarn) + " " + a.note)
		}
		if a.off != "" {
			line = st.Dim.Render(widget.Fit(a.key, 3)+a.title) + st.Warn.Render("  off: "+a.off)
		}
		out = append(out, ansi.Truncate(line, w, "…"))
	}
	return out
}

// said says what is under way, or what went wrong.
func (d *Ask) said(w int) []string {
	switch {
	case d.busy:
		return []string{"", d.c.Styles.Human.Render(common.Sign(model.ToneHuman) + " the link is asked for …")}
	case d.problem != nil:
		return append([]string{""}, problemLines(d.c.Styles, d.problem, w)...)
	}
	return nil
}

// codeView draws the code in the middle of all the room, or says that there is too
// little.
func (d *Ask) codeView(w, h int) string {
	quiet, ok := d.code.Fits(w, h)
	st := d.c.Styles
	var out []string
	if !ok {
		columns, rows := d.code.Size(qr.Least)
		text := fmt.Sprintf("The QR code takes %d columns and %d lines, and there are %d and %d here. Make the terminal larger or its letters smaller, "+
			"or show it outside of the console: docket link %s --qr", columns, rows, w, h, d.s.ID)
		out = styledWrap(text, w, h, st.Warn.Render)
	} else {
		columns, rows := d.code.Size(quiet)
		for range (h - rows) / 2 {
			out = append(out, "")
		}
		for _, l := range d.code.Lines(quiet, st.Inverse) {
			out = append(out, widget.Spaces((w-columns)/2)+st.Paper.Render(l))
		}
	}
	return strings.Join(widget.Fill(out, w, h), "\n")
}
