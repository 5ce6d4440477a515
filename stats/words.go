package stats

import (
	"fmt"
	"strconv"
	"time"

	"docket/model"
)

// String writes a duration the way people say it.
func (s Seconds) String() string { return model.Span(time.Duration(s)) }

// String says from where to where a bucket goes: "under 1h00", "4h00 and more".
func (b Bucket) String() string {
	switch {
	case b.From == 0:
		return "under " + b.To.String()
	case b.To == 0:
		return b.From.String() + " and more"
	}
	return b.From.String() + " to " + b.To.String()
}

// Times says how long decisions took.
func (t Tally) Times() string {
	if t.Claimed() == 0 {
		return "no decision had a claim before it"
	}
	return fmt.Sprintf("median %s, nine in ten within %s", t.Median, t.P90)
}

// Period writes the days of a report: "2026-11-01 to 2026-11-30, UTC".
func (r *Report) Period() string {
	if len(r.Days) == 0 {
		return r.Zone
	}
	return r.Days[0].Day + " to " + r.Days[len(r.Days)-1].Day + ", " + r.Zone
}

// Label is the code, or that there is none.
func (r Reason) Label() string {
	if r.Code == "" {
		return "(none given)"
	}
	return r.Code
}

// Percent writes a share.
func Percent(share float64) string {
	const whole = 100
	return strconv.FormatFloat(whole*share, 'f', 1, 64) + " %"
}
