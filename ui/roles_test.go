package ui_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/internal/vtdriver"
	"docket/model"
	"docket/ui"
	"docket/ui/common"
	"docket/ui/uitest"
)

// as is a desk at which somebody of the role sits.
func as(role model.Role) *uitest.Desk {
	fake := uitest.New(nil)
	fake.SetRole(role)
	return fake
}

func TestTheHeaderSaysTheRole(t *testing.T) {
	for role, masked := range map[model.Role]bool{
		model.RoleViewer: true, model.RoleSupport: true, model.RoleInvestigator: true, model.RoleReviewer: false, model.RoleSupervisor: false,
	} {
		for _, size := range sizes {
			d := console(t, as(role), nil, vtdriver.Size(size[0], size[1]))
			d.See("1 of 5")
			require.Contains(t, d.Row(0), string(role), size)
			require.Equal(t, masked, strings.Contains(d.Row(0), "MASKED"), "%s at %v: %s", role, size, d.Row(0))
		}
	}
	require.NotContains(t, console(t, uitest.New(nil), nil).See("1 of 5").Row(0), "owner", "whoever runs docket alone has no role")
}

// What a role may not do is off, in the words of what it may not.
func TestWhatARoleMayNotDoIsOff(t *testing.T) {
	for _, c := range []struct {
		role model.Role
		key  string
		says string
	}{
		{model.RoleSupport, "a", "the role support may not approve, reject, or ask for a review"},
		{model.RoleSupport, "J", "the role support may not see answers as the API sent them"},
		{model.RoleSupport, "c", "the role support may not take sessions"},
		{model.RoleViewer, "t", "the role viewer may not write notes"},
		{model.RoleViewer, "T", "the role viewer may not change tags"},
		{model.RoleViewer, "!", "the role viewer may not exempt from antifraud"},
		{model.RoleViewer, "*", "the role viewer may not see masked values for a minute"},
		{model.RoleViewer, "D", "the role viewer may not see pictures in clear"},
		{model.RoleInvestigator, ".", "the role investigator may not take sessions"},
	} {
		t.Run(string(c.role)+" "+c.key, func(t *testing.T) {
			d := console(t, as(c.role), nil)
			d.See("1 of 5").Press("enter").See("Linked sessions").Settled().Press(c.key).See(c.says)
		})
	}
}

// The footer offers what the role may, and the line above it nothing that only who
// decides has to know: what antifraud found is in it.
func TestTheFooterIsTheRoles(t *testing.T) {
	for role, offered := range map[model.Role]map[string]bool{
		model.RoleViewer:     {"a approve": false, "x reject": false, "b ask again": false, "Before approve": false, "antifraud": false, "T adds": false, "t writes one": false},
		model.RoleSupport:    {"a approve": false, "b ask again": true, "Before approve": false, "antifraud": false, "T adds": false, "t writes one": true},
		model.RoleReviewer:   {"a approve": true, "b ask again": false, "Before approve": true, "T adds": true, "t writes one": true},
		model.RoleSupervisor: {"a approve": true, "b ask again": true, "Before approve": true},
	} {
		t.Run(string(role), func(t *testing.T) {
			d := console(t, as(role), nil, vtdriver.Size(200, 60))
			d.See("1 of 5")
			require.Equal(t, role == model.RoleSupervisor, strings.Contains(d.Screen(), "space mark"))
			require.Equal(t, role != model.RoleViewer, strings.Contains(d.Screen(), "ctrl+n add"))
			d.Press("enter").See("Linked sessions").Settled()
			for text, there := range offered {
				require.Equal(t, there, strings.Contains(d.Screen(), text), "%s\n%s", text, d.Screen())
			}
		})
	}
}

// Help and palette know it too.
func TestPaletteAndHelpKnowTheRole(t *testing.T) {
	d := console(t, as(model.RoleViewer), nil, vtdriver.Size(200, 60))
	d.See("1 of 5").Press(":").Type("statistics").See("off: the role viewer may not see statistics").Press("esc").Gone("Every action")
	d.Press("?").See("off: the role viewer may not")
}

// Who has nothing to do with sessions begins with the audit log.
func TestAnAuditorBeginsWithTheAuditLog(t *testing.T) {
	d := console(t, as(model.RoleAuditor), nil)
	d.See("Audit log", "entries, the latest first", "auditor").Gone("MASKED")
	d.Press("/").Type("reject").See("found in the latest").Press("enter").See("esc clears")
	d.SeeMatch(`intent\s+\S+\s+reject`)
	d.Press("esc").See("entries, the latest first").Press("G").Settled().Press("g", "L", "esc").Sync()
	require.True(t, d.Running())
	d.See("Audit log")
}

// A role that may nothing is told so, and what to do.
func TestWithoutARoleThereIsAdvice(t *testing.T) {
	console(t, as(""), nil).See("may not read the audit log", "ask an auditor")
}

func TestTheOwnerReadsTheAuditLogFromThePalette(t *testing.T) {
	d := console(t, uitest.New(nil), nil)
	d.See("1 of 5").Press(":").Type("audit log").Press("enter").See("Audit log", "entries, the latest first").Press("esc").See("1 of 5", "enter open")
}

// On a server nobody logs in from a console, and no file is written there.
func TestOnAServerThereIsNoLogInAndNoFile(t *testing.T) {
	fake := uitest.New(nil)
	fake.SetPolicy(func(p *desk.Policy) { p.Afar = true })
	d := console(t, fake, func(o *ui.Options) { o.Remote = true })
	d.See("1 of 5").Tell(common.NeedLogin{Why: "The API refused the token."}).See("The API refused the token. The server has its own token").Gone("Log in to")
	d.Press("esc").Gone("refused").Press("enter").See("a approve", "Linked sessions").Settled().Press("D").See("files would be on the server")
}

// Masked values are revealed one session at a time, with a reason, and hide by themselves.
func TestValuesAreRevealedForAWhile(t *testing.T) {
	clock := &moving{at: uitest.Noon}
	fake := uitest.New(clock.now)
	fake.SetRole(model.RoleSupport)
	d := console(t, fake, func(o *ui.Options) { o.Now = clock.now })
	d.See("1 of 5", "J•••").Gone("João")
	d.Press("*").See("open a session first").Press("enter").See("Linked sessions", "J•••").Settled()
	d.Press("*").See("Reveal masked values").Press("j", "enter").Type("customer on the phone").See("customer on the phone").Press("enter")
	d.See("João Pedro de Souza", "revealed 60s").Gone("MASKED")
	require.Equal(t, []string{"unmask " + joao + " : customer on the phone"}, fake.Logged())
	clock.move(20 * time.Second)
	d.See("revealed 40s")
	clock.move(40 * time.Second)
	d.See("Masked again", "MASKED", "J•••").Gone("João")

	d.Press("*").See("Reveal masked values").Press("j", "enter").Type("customer on the phone").See("customer on the phone").Press("enter")
	d.See("João Pedro de Souza", "revealed 60s")
	d.Press("Z").See("docket is locked").Gone("João").Press("enter")
	d.See("MASKED", "J•••").Gone("João").Gone("revealed")
}

// The answers of the API are shown anew when more may be seen of them, and when less may.
func TestAnswersAreRevealedForAWhile(t *testing.T) {
	fake := as(model.RoleInvestigator)
	d := console(t, fake, nil)
	d.See("1 of 5").Press("enter").See("Linked sessions").Settled().Press("J").See("JSON of", "withheld")
	d.Press("*").See("Reveal masked values").Type("customer on the phone").See("customer on the phone").Press("enter")
	d.See("revealed 60s", "JSON of").Gone("withheld")
	d.Press("Z").See("docket is locked").Press("enter").See("JSON of", "withheld").Gone("revealed")
}

// The value under the cursor can be revealed alone.
func TestOneValueIsRevealed(t *testing.T) {
	fake := as(model.RoleInvestigator)
	d := console(t, fake, nil)
	d.See("1 of 5").Press("enter").See("Linked sessions").Settled().Press("3", "j", "*").See("Reveal masked values", "documentNumber")
	d.Press("ctrl+s").See("what is to be shown").Press("enter").Press("ctrl+s").See("a reason").Type("ticket 12").Press("enter").See("402911873").Gone("João")
	require.Equal(t, []string{"unmask " + joao + " documentNumber: ticket 12"}, fake.Logged())
}

// What cannot be logged is not revealed, and the form says why.
func TestARevealThatCannotBeLoggedShowsNothing(t *testing.T) {
	fake := as(model.RoleSupport)
	fake.FailLog(model.NewProblem(model.KindFailed, "Nothing is revealed", "", "try again"))
	d := console(t, fake, nil)
	d.See("1 of 5").Press("enter").See("Linked sessions").Settled().Press("*").See("Reveal").Press("enter").Type("because").Press("enter")
	d.See("Nothing is revealed", "try again").Gone("João")
	d.Press("esc").Gone("Reveal masked").See("MASKED")
}

func TestGoldenRoles(t *testing.T) {
	screens := []struct {
		name string
		role model.Role
		act  func(*vtdriver.Driver)
	}{
		{"auditor", model.RoleAuditor, func(d *vtdriver.Driver) { d.See("entries, the latest first") }},
		{"viewer", model.RoleViewer, func(d *vtdriver.Driver) { d.See("1 of 5") }},
		{"reveal", model.RoleSupport, func(d *vtdriver.Driver) {
			d.See("1 of 5").Press("enter").See("WHO").Settled().Press("3", "j", "*").See("Reveal masked").Press("enter").Type("customer on the phone").See("phone")
		}},
	}
	for _, size := range sizes {
		for _, look := range looks {
			for _, s := range screens {
				t.Run(fmt.Sprintf("%s-%dx%d-%s", s.name, size[0], size[1], look.name), func(t *testing.T) {
					opts := append([]vtdriver.Option{vtdriver.Size(size[0], size[1])}, look.opts...)
					d := console(t, as(s.role), nil, opts...)
					s.act(d)
					d.Settled()
					vtdriver.GoldenStyled(t, d)
				})
			}
		}
	}
}
