package store

import (
	"fmt"
	"strconv"
	"time"

	"docket/model"
)

// Times are kept to the microsecond, in UTC: what both databases can hold.

// Micros returns a time as a database keeps it. The zero time is kept as such.
func Micros(t time.Time) int64 { return t.UnixMicro() }

// FromMicros is the inverse of Micros.
func FromMicros(n int64) time.Time { return time.UnixMicro(n).UTC() }

// stored lists the views that depend on the row alone. The place of a view in
// the list is its bit in Mask; it is part of what is on disk.
var stored = [...]model.View{
	model.ViewReview, model.ViewFailed, model.ViewProgress, model.ViewPassed, model.ViewDecided, model.ViewUnknown,
	model.ViewProposed,
}

// StoredViews returns the views that have a bit in Mask, by bit.
func StoredViews() []model.View { return stored[:] }

// Mask returns the views that the row is in as bits. It leaves out ViewMine,
// which depends on who asks, and ViewAll.
func Mask(r *model.Row) int64 {
	var mask int64
	for bit, v := range stored {
		if r.In(v, "", time.Time{}) {
			mask |= 1 << bit
		}
	}
	return mask
}

// Keys are the values by which a row is sorted, smallest first in every order.
// Equal keys are ordered by the interview id.
type Keys struct {
	Due, Newest, Worst int64
	Name               string
}

// The worst key puts the rank above the time: 59 bits hold the microseconds of
// the years 1 to 9999.
const (
	rankShift = 59
	yearOne   = -62135596800000000
	yearLast  = 253402300799999999
)

// noName sorts rows without a name after all others.
const noName = "\U0010FFFF"

// maxNameKey is how many letters of a name take part in sorting.
const maxNameKey = 64

// KeysOf returns the sort keys of a row.
func KeysOf(r *model.Row) Keys {
	due := Micros(clean(r.WaitsFrom.Add(-r.Ahead)))
	k := Keys{
		Due:    due,
		Newest: -Micros(r.UpdatedAt),
		Worst:  int64(r.Verdict.Rank())<<rankShift + due - yearOne,
		Name:   clip(Fold(r.Name.Reveal()), maxNameKey),
	}
	if k.Name == "" {
		k.Name = noName
	}
	return k
}

// Key returns the key for one order, as a number or a text.
func (k Keys) Key(s model.Sort) any {
	switch s {
	case model.SortNewest:
		return k.Newest
	case model.SortName:
		return k.Name
	case model.SortWorst:
		return k.Worst
	default:
		return k.Due
	}
}

// WriteKey writes a sort key into a cursor.
func WriteKey(key any) string {
	if n, ok := key.(int64); ok {
		return strconv.FormatInt(n, 10)
	}
	return fmt.Sprint(key)
}

// ReadKey reads the sort key of a cursor that WriteKey wrote for the order.
func ReadKey(s model.Sort, c *model.Cursor) (any, error) {
	if s == model.SortName {
		return c.Key, nil
	}
	n, err := strconv.ParseInt(c.Key, 10, 64)
	if err != nil {
		return nil, model.NewProblem(model.KindUsage, "the place in the inbox is not one of this order",
			string(s), "start again at the first page").Because(err)
	}
	return n, nil
}

// Limits of a page.
const (
	DefaultLimit = 100
	MaxLimit     = 1000
)

// Limit returns how many rows a page may have for what a query asked.
func Limit(asked int) int {
	if asked <= 0 {
		return DefaultLimit
	}
	return min(asked, MaxLimit)
}

// SortOf returns the order of a query, the default for none or an unknown one.
func SortOf(s model.Sort) model.Sort {
	for _, known := range model.Sorts() {
		if s == known.Sort {
			return s
		}
	}
	return model.SortDue
}

// clean returns a time as it will be read back: to the microsecond, in UTC, in
// the years 1 to 9999.
func clean(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	switch year := t.UTC().Year(); {
	case year < 1:
		return FromMicros(yearOne + 1)
	case year > 9999:
		return FromMicros(yearLast)
	}
	return FromMicros(Micros(t))
}
