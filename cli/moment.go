package cli

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// moment is a time as a person gives it on the command line: so long ago ("36h",
// "30d", "2w"), or a date. Its zero value is the beginning of all. It is a
// pflag.Value.
type moment struct {
	text string
	ago  time.Duration
	date time.Time // in UTC; its year, month and day count
}

// day is what "d" stands for, where days of the calendar are not meant.
const day = 24 * time.Hour

// longUnits are those that time.ParseDuration does not have.
var longUnits = map[string]time.Duration{"d": day, "w": 7 * day}

// String implements pflag.Value.
func (m *moment) String() string { return m.text }

// Type implements pflag.Value.
func (m *moment) Type() string { return "TIME" }

// Set implements pflag.Value.
func (m *moment) Set(text string) error {
	*m = moment{text: text}
	if date, err := time.Parse(time.DateOnly, text); err == nil {
		m.date = date
		return nil
	}
	ago, err := parseAgo(text)
	if err != nil || ago < 0 {
		return errors.New("give a time such as 36h, 30d or 2w, or a date such as 2026-11-20")
	}
	m.ago = ago
	return nil
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

// at returns the moment to the second; a date is its beginning in UTC.
func (m *moment) at(now time.Time) time.Time {
	switch {
	case !m.date.IsZero():
		return m.date
	case m.ago == 0:
		return time.Time{}
	}
	return now.Add(-m.ago)
}

// days returns the beginning of the first of so many days of the calendar, of which
// today is the last. What is not in whole days is as at says.
func (m *moment) days(now time.Time, zone *time.Location) time.Time {
	n := int(m.ago / day)
	switch {
	case !m.date.IsZero():
		return time.Date(m.date.Year(), m.date.Month(), m.date.Day(), 0, 0, 0, 0, zone)
	case n == 0 || m.ago%day != 0:
		return m.at(now)
	}
	now = now.In(zone)
	return time.Date(now.Year(), now.Month(), now.Day()-n+1, 0, 0, 0, 0, zone)
}

// end is days for the end of a period: a date is in it.
func (m *moment) end(now time.Time, zone *time.Location) time.Time {
	t := m.days(now, zone)
	switch {
	case t.IsZero():
		return now
	case !m.date.IsZero():
		return t.AddDate(0, 0, 1)
	}
	return t
}
