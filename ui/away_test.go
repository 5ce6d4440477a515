package ui_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/desk"
	"docket/internal/vtdriver"
	"docket/model"
	"docket/ui/common"
	"docket/ui/keymap"
	"docket/ui/uitest"
)

// The header says at every width, and without colours, that the store is away, beside
// whatever else it has to say.
func TestGoldenAway(t *testing.T) {
	for _, size := range sizes {
		for _, look := range []int{0, 3} {
			t.Run(fmt.Sprintf("%dx%d-%s", size[0], size[1], looks[look].name), func(t *testing.T) {
				fake := uitest.New(nil)
				d := console(t, fake, nil, append([]vtdriver.Option{vtdriver.Size(size[0], size[1])}, looks[look].opts...)...)
				d.See("1 of 5")
				fake.GoAway(uitest.Noon.Add(-12 * time.Second))
				d.See("store away 12s", "João").Settled()
				vtdriver.GoldenStyled(t, d)
			})
		}
	}
}

func TestTheHeaderSaysThatTheStoreIsAway(t *testing.T) {
	fake := uitest.New(nil)
	d := console(t, fake, nil, vtdriver.Size(80, 24)).See("1 of 5")
	for ago, says := range map[time.Duration]string{-time.Second: "store away 0s", 59 * time.Second: "store away 59s", 60 * time.Second: "store away 1m", 3*time.Hour + time.Minute: "store away 3h01"} {
		back := fake.GoAway(uitest.Noon.Add(-ago))
		d.See(says)
		back()
		d.Gone("store away")
	}
	fake.SetPolicy(func(p *desk.Policy) { p.ReadOnly = true })
	fake.Logout()
	fake.SetCalls([]model.Call{{Kind: model.KindUnreachable}})
	has(fake, lucia, "os:ana")
	d.Tell(common.OpenSession{ID: lucia}).See("claimed by you")
	fake.GoAway(uitest.Noon.Add(-12 * time.Second))
	d.See("store away 12s | READ-ONLY | claimed by you")
}

// While the store is away the rows that were read stay; what came meanwhile is read when
// it is back, and whatever was refused goes on by itself.
func TestTheInboxIsReadWhenTheStoreIsBack(t *testing.T) {
	fake := uitest.New(nil)
	d := console(t, fake, nil).See("1 of 5")
	lists := fake.Lists()
	back := fake.GoAway(uitest.Noon)
	d.See("store away").Sync().See("João", "1 of 5")
	require.Equal(t, lists, fake.Lists(), "nobody asks a store that is away")
	d.Press("4").See("the store is away", "tries again").Gone("João")
	d.Press("1").See("Needs review 5 > none", "the store is away").Tell(common.OpenSession{ID: lucia}).See("5f9a41c2…b7e0", "the store is away")
	fake.Arrive(newID, "Newly Arrived", model.Manual)
	back()
	d.See("Lucía Fernanda", "Before approve").Gone("store away").Gone("the store is away")
	back = fake.GoAway(uitest.Noon)
	d.See("store away").Tell(common.Run{ID: keymap.Stats}).See("the store is away")
	back()
	d.See("By reviewer").Press("esc").See("Before approve")
	d.Press("esc").See("1 of 6", "João", "Newly Arrived").Gone("the store is away")
}

// What is asked for while the store is away is refused at once, until that is seen, and
// nothing that was typed is lost.
func TestActionsWhileTheStoreIsAway(t *testing.T) {
	fake := uitest.New(nil)
	d := console(t, fake, nil, vtdriver.Size(80, 24)).See("1 of 5")
	back := fake.GoAway(uitest.Noon)
	d.See("store away").Press("c").See("the store is away (the database of the inbox)", "esc seen")
	d.Press("esc").Gone("esc seen")
	back()
	d.Gone("store away").Tell(common.OpenSession{ID: lucia}).See("Before approve").Press("t").See("Note on").Type("she rang twice")
	back = fake.GoAway(uitest.Noon)
	d.See("store away").Press("enter").See("the store is away", "once the header says so no more", "she rang twice")
	back()
	d.Gone("store away").Press("enter").Gone("Note on").See("note saved")
	notes, err := fake.Notes(t.Context(), lucia)
	require.NoError(t, err)
	require.Equal(t, "she rang twice", notes[len(notes)-1].Text)
}
