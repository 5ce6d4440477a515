package sim

import (
	"bytes"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Servers of the same population draw a picture once between them, whatever the
// time of day is; of another session, type, table, seed or day they draw another.
func TestAPictureIsDrawnOnce(t *testing.T) {
	kept := NewDrawn(DefaultDrawn)
	server := func(o Options, at time.Time) *Server {
		o.Drawn, o.Now = kept, func() time.Time { return at }
		return New(o)
	}
	one := server(Options{}, epoch)
	session := func(s *Server, i int) *profile { return s.find(s.IDs()[i]).p }
	first, media := one.picture(shots["selfie"], "selfie", session(one, 1))
	require.Equal(t, "image/jpeg", media)
	require.Len(t, kept.byKey, 1)
	two := server(Options{}, epoch.Add(time.Second))
	again, _ := two.picture(shots["selfie"], "selfie", session(two, 1))
	require.Same(t, &first[0], &again[0])
	require.Len(t, kept.byKey, 1)

	for n, other := range []func(){
		func() { one.picture(shots["selfie"], "selfie", session(one, 2)) },
		func() { one.picture(shots["croppedIDFace"], "croppedIDFace", session(one, 1)) },
		func() { one.picture(shots["croppedIDFace"], "second croppedIDFace", session(one, 1)) },
		func() { s := server(Options{Seed: 2}, epoch); s.picture(shots["selfie"], "selfie", session(s, 1)) },
		func() { s := server(Options{Sessions: 50}, epoch); s.picture(shots["selfie"], "selfie", session(s, 1)) },
		func() {
			s := server(Options{}, epoch.AddDate(0, 0, 1))
			s.picture(shots["selfie"], "selfie", session(s, 1))
		},
	} {
		other()
		require.Len(t, kept.byKey, n+2, "case %d", n)
	}
}

func TestKeptPicturesAreBounded(t *testing.T) {
	const most, each = 1000, 300
	d := NewDrawn(most)
	drawn := map[string]int{}
	take := func(key string) {
		body, _ := d.take(key, func() ([]byte, string) {
			drawn[key]++
			return bytes.Repeat([]byte(key), each), ""
		})
		require.Equal(t, key[0], body[0])
	}
	for _, key := range []string{"a", "b", "c", "a", "d", "a", "b"} {
		take(key)
	}
	require.Equal(t, map[string]int{"a": 1, "b": 2, "c": 1, "d": 1}, drawn, "what was not asked for the longest goes first")
	require.Equal(t, 3, d.order.Len())
	require.Equal(t, 3*each, d.size)
	d.take("large", func() ([]byte, string) { return make([]byte, 2*most), "" })
	require.Zero(t, d.order.Len())
	require.Zero(t, d.size)
}

func TestOneDrawsAndTheOthersWait(t *testing.T) {
	d := NewDrawn(DefaultDrawn)
	var drawn atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			body, _ := d.take("a", func() ([]byte, string) {
				drawn.Add(1)
				return []byte("picture"), ""
			})
			if string(body) != "picture" {
				t.Error(string(body))
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 1, drawn.Load())
}
