// Package storegen makes inbox rows for tests and benchmarks: as many as wanted,
// the same ones every time, with names in many scripts. Nobody in them exists.
package storegen

import (
	"fmt"
	"iter"
	"time"

	"docket/model"
)

// Start is the time around which rows were made: the first session began then.
var Start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Rows returns the first n rows.
func Rows(n int) iter.Seq[model.Row] {
	return func(yield func(model.Row) bool) {
		for i := range n {
			if !yield(Row(i)) {
				return
			}
		}
	}
}

// Batches returns the first n rows in slices of at most size, for Upsert.
func Batches(n, size int) iter.Seq[[]model.Row] {
	return func(yield func([]model.Row) bool) {
		for i := 0; i < n; i += size {
			batch := make([]model.Row, 0, size)
			for j := i; j < min(n, i+size); j++ {
				batch = append(batch, Row(j))
			}
			if !yield(batch) {
				return
			}
		}
	}
}

// dice gives the random numbers of one row: its number stirred again and again
// (splitmix64).
type dice uint64

func (d *dice) roll(n int) int {
	*d += 0x9E3779B97F4A7C15
	z := uint64(*d)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return int((z ^ z>>31) % uint64(n))
}

// skewed prefers low numbers, as names and countries do.
func (d *dice) skewed(n int) int { return min(d.roll(n), d.roll(n)) }

// outcome is what became of a session, with its share in a thousand.
type outcome struct {
	share   int
	verdict model.Verdict
	status  model.Status
	reason  model.ReviewReason
	worst   string
	as      model.CheckStatus
}

var outcomes = []outcome{
	{560, model.OK, model.StatusFinished, "", "", ""},
	{50, model.Warn, model.StatusFinished, "", "sharpnessFront", model.Warn},
	{110, model.Fail, model.StatusFinished, "", "paperIdLiveness", model.Fail},
	{60, model.ManualOK, model.StatusManualReviewApproved, model.OldID, "documentExpired", model.Fail},
	{40, model.ManualFail, model.StatusManualReviewRejected, model.RuleApplied, "tamperCheck", model.Fail},
	{30, model.Manual, model.StatusFinished, model.RuleApplied, "documentExpired", model.Fail},
	{10, model.Manual, model.StatusFinished, model.ManualCapture, "sharpnessFront", model.Warn},
	{7, model.ManualPending, model.StatusFinished, model.OldID, "", ""},
	{50, "", model.StatusIDFinished, "", "", ""},
	{30, "", model.StatusFaceFinished, "", "", ""},
	{13, model.Unknown, model.StatusUnknown, "", "", ""},
	{40, "", model.StatusExpired, "", "", ""},
}

func (d *dice) outcome() outcome {
	at := d.roll(1000)
	for _, o := range outcomes {
		if at -= o.share; at < 0 {
			return o
		}
	}
	return outcomes[0]
}

// Row returns the row with the number, from 0.
func Row(n int) model.Row {
	d := dice(n)
	o, l := d.outcome(), lands[d.skewed(len(lands))]
	at := Start.Add(time.Duration(n)*20*time.Second + time.Duration(d.roll(3600))*time.Second)
	r := model.Row{
		ID: fmt.Sprintf("%08x%08x%08x", d.roll(1<<32), d.roll(1<<32), n), Provider: "omni",
		Status: o.status, Life: model.Alive, Verdict: o.verdict, ReviewReason: o.reason, WorstKey: o.worst, WorstStatus: o.as,
		FlowID: fmt.Sprintf("flow%d", d.skewed(5)), ExternalID: fmt.Sprintf("client-%d", 10000+d.roll(2_000_000)),
		CreatedAt: at, WaitsFrom: at.Add(time.Duration(d.roll(900)) * time.Second), AddedAt: at.Add(time.Second),
		UpdatedAt:  at.Add(time.Duration(d.roll(48*3600)) * time.Second),
		DeviceHash: device("hash%07x", d.roll(900_000)), IP: device("198.51.100.%d", d.roll(250)), DeviceCountry: l.alpha2,
	}
	if o.status != model.StatusUnknown {
		r.Name = model.NewPersonal(model.ClassName, d.name(l))
		r.DocType, r.DocCountry = l.document, l.alpha3
		r.DocNumber = model.NewPersonal(model.ClassDocument, fmt.Sprintf("%c%08d", 'A'+rune(d.roll(26)), d.roll(100_000_000)))
	}
	if o.verdict != "" {
		score := float64(d.roll(1001)) / 10
		r.Score, r.CustomerID = &score, fmt.Sprintf("%012x", d.roll(1<<47))
	}
	if d.roll(20) == 0 {
		r.Tags = []string{tags[d.roll(len(tags))]}
	}
	if d.roll(10) == 0 {
		r.Custom = map[string]string{"branch": branches[d.roll(len(branches))]}
	}
	return r
}

func device(format string, n int) model.Personal {
	return model.NewPersonal(model.ClassDevice, fmt.Sprintf(format, n))
}

// name puts a name together the way the people of a land write it.
func (d *dice) name(l land) string {
	given, family := l.given[d.skewed(len(l.given))], l.family[d.skewed(len(l.family))]
	if l.familyFirst {
		return family + l.between + given
	}
	name := given + l.between + family
	if l.second && d.roll(2) == 0 {
		name += l.between + l.family[d.skewed(len(l.family))]
	}
	return name
}
