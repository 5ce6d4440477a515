package gallery

import (
	"image"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Whatever the room, the places of the strip are inside of it, apart from each
// other, and the faces have one if anything has.
func TestPlacesOfTheStrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h, back := rapid.IntRange(0, 250).Draw(t, "w"), rapid.IntRange(0, 40).Draw(t, "h"), rapid.Bool().Draw(t, "back")
		places := arrangeStrip(w, h, back)
		room := image.Rect(0, 0, w, h)
		for i, p := range places {
			require.True(t, p.In(room), "%v in %v", p, room)
			for _, q := range places[i+1:] {
				require.True(t, p.Intersect(q).Empty(), "%v and %v", p, q)
			}
		}
		if w >= 20 && h >= 3 {
			require.False(t, places[0].Empty() || places[1].Empty(), "the faces")
			require.Equal(t, places[0].Size(), places[1].Size())
		}
		require.False(t, !back && !places[3].Empty(), "a back that is not there has no place")
	})
}
