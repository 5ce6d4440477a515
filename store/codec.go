package store

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"docket/model"
)

// A row is kept as one compact body: for each part that is there its number, its
// length, its bytes. Reading a page of a hundred rows from single columns costs
// five times as much, and a new part needs no migration: numbers that a version
// does not know are skipped, numbers that are missing leave the part empty.
// Numbers are never given out twice.

// ErrDamaged is returned for a body that EncodeRow did not write.
var ErrDamaged = errors.New("the stored row is damaged")

// column is one part of a row: how it is written (nothing when empty) and read.
type column struct {
	write func(b []byte, r *model.Row) []byte
	read  func(text string, r *model.Row) error
}

// columns by number. Number 0 is not used.
var columns = [...]column{
	1:  text(func(r *model.Row) *string { return &r.ID }),
	2:  text(func(r *model.Row) *string { return &r.Provider }),
	3:  text(func(r *model.Row) *model.Status { return &r.Status }),
	4:  text(func(r *model.Row) *model.Life { return &r.Life }),
	5:  text(func(r *model.Row) *model.Verdict { return &r.Verdict }),
	6:  {writeScore, readScore},
	7:  text(func(r *model.Row) *model.ReviewReason { return &r.ReviewReason }),
	8:  text(func(r *model.Row) *string { return &r.RuleName }),
	9:  text(func(r *model.Row) *string { return &r.WorstKey }),
	10: text(func(r *model.Row) *model.CheckStatus { return &r.WorstStatus }),
	11: personal(func(r *model.Row) *model.Personal { return &r.Name }),
	12: text(func(r *model.Row) *string { return &r.DocType }),
	13: text(func(r *model.Row) *string { return &r.DocCountry }),
	14: personal(func(r *model.Row) *model.Personal { return &r.DocNumber }),
	15: text(func(r *model.Row) *string { return &r.ExternalID }),
	16: text(func(r *model.Row) *string { return &r.CustomerID }),
	17: text(func(r *model.Row) *string { return &r.FlowID }),
	18: personal(func(r *model.Row) *model.Personal { return &r.DeviceHash }),
	19: personal(func(r *model.Row) *model.Personal { return &r.IP }),
	20: text(func(r *model.Row) *string { return &r.DeviceCountry }),
	21: {writeExisting, readExisting},
	22: text(func(r *model.Row) *model.CheckStatus { return &r.Antifraud }),
	23: moment(func(r *model.Row) *time.Time { return &r.CreatedAt }),
	24: moment(func(r *model.Row) *time.Time { return &r.WaitsFrom }),
	25: moment(func(r *model.Row) *time.Time { return &r.AddedAt }),
	26: moment(func(r *model.Row) *time.Time { return &r.UpdatedAt }),
	27: text(func(r *model.Row) *string { return &r.ClaimedBy }),
	28: moment(func(r *model.Row) *time.Time { return &r.ClaimedUntil }),
	29: object(func(r *model.Row) **model.Pending { return &r.Pending }, func(p *model.Pending) bool { return p == nil }),
	30: object(func(r *model.Row) *[]model.Failed { return &r.Problems }, func(p []model.Failed) bool { return len(p) == 0 }),
	31: object(func(r *model.Row) *[]string { return &r.Tags }, func(p []string) bool { return len(p) == 0 }),
	32: object(func(r *model.Row) *map[string]string { return &r.Custom }, func(p map[string]string) bool { return len(p) == 0 }),
	33: moment(func(r *model.Row) *time.Time { return &r.ActedAt }),
	34: object(func(r *model.Row) **model.Proposal { return &r.Proposal }, func(p *model.Proposal) bool { return p == nil }),
	35: moment(func(r *model.Row) *time.Time { return &r.ClaimedAt }),
	36: object(func(r *model.Row) **model.Decided { return &r.Decided }, func(d *model.Decided) bool { return d == nil }),
	37: {writeAhead, readAhead},
	38: moment(func(r *model.Row) *time.Time { return &r.ReadAt }),
	39: object(func(r *model.Row) **model.Ruled { return &r.Ruled }, func(x *model.Ruled) bool { return x == nil }),
	40: text(func(r *model.Row) *string { return &r.OpenKey }),
	41: text(func(r *model.Row) *model.CheckStatus { return &r.OpenStatus }),
}

// EncodeRow returns the body of a row. Personal data is in it in clear.
func EncodeRow(r *model.Row) []byte {
	b := make([]byte, 0, 512)
	var part [128]byte
	for n, c := range columns {
		if c.write == nil {
			continue
		}
		if p := c.write(part[:0], r); len(p) > 0 {
			b = binary.AppendUvarint(b, uint64(n))
			b = binary.AppendUvarint(b, uint64(len(p)))
			b = append(b, p...)
		}
	}
	return b
}

// DecodeRow reads a body that EncodeRow wrote.
func DecodeRow(body []byte) (model.Row, error) {
	var r model.Row
	all := string(body) // one copy for all the texts of the row
	for at := 0; at < len(body); {
		n, size := binary.Uvarint(body[at:])
		if size <= 0 {
			return r, ErrDamaged
		}
		at += size
		length, size := binary.Uvarint(body[at:])
		if size <= 0 || length > uint64(len(body)-at-size) {
			return r, ErrDamaged
		}
		at += size
		value := all[at : at+int(length)]
		at += int(length)
		if n >= uint64(len(columns)) || columns[n].read == nil {
			continue
		}
		if err := columns[n].read(value, &r); err != nil {
			return r, fmt.Errorf("part %d: %w", n, err)
		}
	}
	return r, nil
}

func text[T ~string](at func(*model.Row) *T) column {
	return column{
		write: func(b []byte, r *model.Row) []byte { return append(b, *at(r)...) },
		read:  func(s string, r *model.Row) error { *at(r) = T(s); return nil },
	}
}

// altered is the bit beside the class that says that cleaning changed a text.
const altered = 0x80

func personal(at func(*model.Row) *model.Personal) column {
	return column{
		write: func(b []byte, r *model.Row) []byte {
			p := at(r)
			if !p.Present() {
				return b
			}
			head := byte(p.Class())
			if p.Altered() {
				head |= altered
			}
			return append(append(b, head), p.Reveal()...)
		},
		read: func(s string, r *model.Row) error {
			if s == "" {
				return ErrDamaged
			}
			*at(r) = model.NewPersonal(model.Class(s[0]&^altered), s[1:]).WithAltered(s[0]&altered != 0)
			return nil
		},
	}
}

func moment(at func(*model.Row) *time.Time) column {
	return column{
		write: func(b []byte, r *model.Row) []byte {
			if t := at(r); !t.IsZero() {
				return binary.LittleEndian.AppendUint64(b, uint64(Micros(*t)))
			}
			return b
		},
		read: func(s string, r *model.Row) error {
			n, err := number(s)
			*at(r) = FromMicros(int64(n))
			return err
		},
	}
}

// object keeps what few rows have, or what is a list.
func object[T any](at func(*model.Row) *T, empty func(T) bool) column {
	return column{
		write: func(b []byte, r *model.Row) []byte {
			if empty(*at(r)) {
				return b
			}
			j, err := json.Marshal(*at(r))
			if err != nil {
				return b // cannot happen: texts, numbers and times of the years 1 to 9999
			}
			return append(b, j...)
		},
		read: func(s string, r *model.Row) error { return json.Unmarshal([]byte(s), at(r)) },
	}
}

func writeScore(b []byte, r *model.Row) []byte {
	if r.Score == nil {
		return b
	}
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(*r.Score))
}

func readScore(s string, r *model.Row) error {
	n, err := number(s)
	score := math.Float64frombits(n)
	r.Score = &score
	return err
}

func writeExisting(b []byte, r *model.Row) []byte {
	if r.Existing {
		return append(b, 1)
	}
	return b
}

func readExisting(s string, r *model.Row) error {
	r.Existing = s == "\x01"
	return nil
}

func writeAhead(b []byte, r *model.Row) []byte {
	if r.Ahead == 0 {
		return b
	}
	return binary.LittleEndian.AppendUint64(b, uint64(r.Ahead.Microseconds()))
}

func readAhead(s string, r *model.Row) error {
	n, err := number(s)
	r.Ahead = time.Duration(n) * time.Microsecond
	return err
}

func number(s string) (uint64, error) {
	if len(s) != 8 {
		return 0, ErrDamaged
	}
	return binary.LittleEndian.Uint64([]byte(s)), nil
}
