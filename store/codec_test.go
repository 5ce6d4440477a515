package store_test

import (
	"encoding/hex"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/model"
	"docket/store"
	"docket/store/storegen"
)

func TestCodecGenerated(t *testing.T) {
	for r := range storegen.Rows(500) {
		got, err := store.DecodeRow(store.EncodeRow(&r))
		require.NoError(t, err)
		require.Equal(t, r, got)
	}
}

// TestCodecOnDisk reads what an earlier version wrote.
func TestCodecOnDisk(t *testing.T) {
	body, err := hex.DecodeString("0103612d31" + "05064d414e55414c" + "06080000000000004e40" + "0b0581416e61c3" + "1a080040a33a5b440600" + "ff01027878")
	require.NoError(t, err)
	r, err := store.DecodeRow(body)
	require.NoError(t, err)
	score := 60.0
	require.Equal(t, model.Row{
		ID: "a-1", Verdict: model.Manual, Score: &score, Name: model.NewPersonal(model.ClassName, "Ana\xc3").WithAltered(true),
		UpdatedAt: store.FromMicros(0x0006445b3aa34000),
	}, r)
}

func FuzzDecodeRow(f *testing.F) {
	for r := range storegen.Rows(5) {
		f.Add(store.EncodeRow(&r))
	}
	f.Add([]byte{1, 200, 1})
	f.Add([]byte{6, 1, 0})
	f.Add([]byte{11, 0})
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := store.DecodeRow(body)
		if err != nil {
			return
		}
		again, err := store.DecodeRow(store.EncodeRow(&r))
		require.NoError(t, err)
		require.Equal(t, r.Name.Reveal(), again.Name.Reveal())
		require.Equal(t, store.Tokens(&r), store.Tokens(&again))
	})
}

func TestKeys(t *testing.T) {
	early, late := time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	for _, v := range append(model.Verdicts(), "") {
		a := store.KeysOf(&model.Row{Verdict: v, WaitsFrom: early, UpdatedAt: early})
		b := store.KeysOf(&model.Row{Verdict: v, WaitsFrom: late, UpdatedAt: late})
		require.Less(t, a.Worst, b.Worst)
		require.Less(t, a.Due, b.Due)
		require.Greater(t, a.Newest, b.Newest)
		next := store.KeysOf(&model.Row{Verdict: v, WaitsFrom: late})
		for _, w := range append(model.Verdicts(), "") {
			if w.Rank() > v.Rank() {
				require.Less(t, next.Worst, store.KeysOf(&model.Row{Verdict: w, WaitsFrom: early}).Worst)
			}
		}
	}
	odd := store.Fresh(model.Row{ID: "x", WaitsFrom: time.Date(300_000, 1, 1, 0, 0, 0, 0, time.UTC), CreatedAt: time.Date(-300_000, 1, 1, 0, 0, 0, 0, time.UTC)}, late)
	require.Equal(t, 9999, odd.WaitsFrom.Year())
	require.Equal(t, 1, odd.CreatedAt.Year())
}
