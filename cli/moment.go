package cli

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// moment is a time that a flag names: so long ago ("36h", "30d", "2w"), or a date. It
// is a pflag.Value.
type moment struct {
	text string
	ago  time.Duration
	at   time.Time
}

// day is what "d" stands for where no days of the calendar are meant.
const day = 24 * time.Hour

// longUnits are those that time.ParseDuration does not have.
var longUnits = map[string]time.Duration{"d": day, "w": 7 * day}

func (m *moment) given() bool { return m.text != "" }

// before returns the moment; a date is its beginning in UTC.
func (m *moment) before(now time.Time) time.Time {
	if m.at.IsZero() {
		return now.Add(-m.ago)
	}
	return m.at
}

// String implements pflag.Value.
func (m *moment) String() string { return m.text }

// Type implements pflag.Value.
func (m *moment) Type() string { return "TIME" }

// Set implements pflag.Value.
func (m *moment) Set(text string) (err error) {
	*m = moment{text: text}
	if m.ago, err = parseAgo(text); err == nil && m.ago >= 0 {
		return nil
	}
	for _, form := range []string{time.DateOnly, time.RFC3339} {
		if m.at, err = time.Parse(form, text); err == nil {
			return nil
		}
	}
	return errors.New("write how long ago, such as 36h, 30d or 2w, or a date in UTC, such as 2026-11-21 or 2026-11-21T09:00:00Z")
}

// parseAgo reads a duration that may be in days or weeks.
func parseAgo(text string) (time.Duration, error) {
	for name, unit := range longUnits {
		if digits, found := strings.CutSuffix(text, name); found {
			const most = 36500 // a hundred years of days
			n, err := strconv.ParseUint(digits, 10, 16)
			if n > most {
				err = errors.New("that is too long")
			}
			return time.Duration(n) * unit, err
		}
	}
	return time.ParseDuration(text)
}

// wholeDays reports whether the moment is in days of the calendar.
func (m *moment) wholeDays() bool {
	if m.at.IsZero() {
		return m.ago > 0 && m.ago%day == 0
	}
	return len(m.text) == len(time.DateOnly)
}

// start returns the moment as the beginning of a period: of days of the calendar it
// is the first, and today is the last of so many; 0 is the beginning of all.
func (m *moment) start(now time.Time, zone *time.Location) time.Time {
	switch {
	case m.at.IsZero() && m.ago == 0:
		return time.Time{}
	case !m.wholeDays():
		return m.before(now)
	case !m.at.IsZero():
		return time.Date(m.at.Year(), m.at.Month(), m.at.Day(), 0, 0, 0, 0, zone)
	}
	now = now.In(zone)
	return time.Date(now.Year(), now.Month(), now.Day()-int(m.ago/day)+1, 0, 0, 0, 0, zone)
}

// end returns the moment as the end of a period: a date is in it. Not given, it is now.
func (m *moment) end(now time.Time, zone *time.Location) time.Time {
	switch {
	case m.at.IsZero() && m.ago == 0:
		return now
	case !m.at.IsZero() && m.wholeDays():
		return m.start(now, zone).AddDate(0, 0, 1)
	}
	return m.start(now, zone)
}
