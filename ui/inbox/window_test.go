package inbox

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"docket/model"
)

// numbered is a list of rows whose ids are their places.
type numbered int

func (n numbered) List(_ context.Context, q model.Query) (model.Page, error) {
	at := func(c *model.Cursor) int {
		i, err := strconv.Atoi(c.ID)
		if err != nil {
			panic(err)
		}
		return i
	}
	from, to := 0, min(int(n), q.Limit)
	switch {
	case q.After != nil:
		from = at(q.After) + 1
		to = min(int(n), from+q.Limit)
	case q.Before != nil:
		to = at(q.Before)
		from = max(0, to-q.Limit)
	}
	p := model.Page{Less: from > 0, More: to < int(n)}
	for i := from; i < to; i++ {
		p.Rows = append(p.Rows, model.Row{ID: strconv.Itoa(i)})
	}
	if len(p.Rows) > 0 {
		p.First, p.Last = &model.Cursor{ID: p.Rows[0].ID}, &model.Cursor{ID: p.Rows[len(p.Rows)-1].ID}
	}
	return p, nil
}

func (n numbered) chunk(t require.TestingT, q model.Query) model.Page {
	q.Limit = chunkRows
	p, err := n.List(context.Background(), q)
	require.NoError(t, err)
	return p
}

// Wherever reading goes on, the window is a stretch of the list without holes,
// no larger than it may be, and knows how many rows are before it.
func TestWindowIsAStretchOfTheList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := numbered(rapid.IntRange(0, 1500).Draw(t, "rows"))
		var w window
		w.set([]model.Page{list.chunk(t, model.Query{})}, 0)
		for range rapid.IntRange(0, 30).Draw(t, "steps") {
			switch step := rapid.IntRange(0, 3).Draw(t, "step"); {
			case step < 2 && w.more:
				w.after(list.chunk(t, model.Query{After: w.last()}))
			case step == 2 && w.less:
				w.before(list.chunk(t, model.Query{Before: w.first()}))
			case step == 3 && len(w.rows) > 0:
				var first *model.Cursor
				if w.less {
					first = w.first()
				}
				chunks, err := reread(context.Background(), list, model.Query{}, first, len(w.rows))
				require.NoError(t, err)
				before := len(w.rows)
				w.set(chunks, w.base)
				require.GreaterOrEqual(t, len(w.rows), before)
			}
			require.LessOrEqual(t, len(w.rows), chunkRows*chunksKept)
			for i, r := range w.rows {
				require.Equal(t, strconv.Itoa(int(w.base)+i), r.ID)
			}
			require.Equal(t, w.base > 0, w.less)
			require.Equal(t, int(w.base)+len(w.rows) < int(list), w.more)
			if total, known := w.total(); known {
				require.Equal(t, int64(list), total)
			}
		}
	})
}

func TestClock(t *testing.T) {
	for minutes, want := range map[int]string{0: "0:00", 48: "0:48", -22: "-0:22", 192: "3:12", 47*60 + 59: "47:59", 48 * 60: "2d", -3 * 24 * 60: "-3d"} {
		require.Equal(t, want, clock(time.Duration(minutes)*time.Minute))
	}
}

func TestTimesSinceAddingAreMarked(t *testing.T) {
	now := time.Date(2026, 3, 14, 23, 0, 0, 0, time.UTC)
	require.Equal(t, "≥", sinceAdding(&model.Row{WaitsFrom: now, AddedAt: now}, "≥"), "nobody knows since when before that")
	require.Empty(t, sinceAdding(&model.Row{WaitsFrom: now.Add(-time.Hour), AddedAt: now}, "≥"))
}

func TestDevicesElsewhere(t *testing.T) {
	require.True(t, elsewhere(&model.Row{DocCountry: "MEX", DeviceCountry: "ES"}))
	require.False(t, elsewhere(&model.Row{DocCountry: "MEX", DeviceCountry: "MX"}))
	require.False(t, elsewhere(&model.Row{DocCountry: "MEX"}), "not known is not elsewhere")
	require.False(t, elsewhere(&model.Row{DocCountry: "MEX", DeviceCountry: "??"}))
}
