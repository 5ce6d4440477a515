package store

import "docket/model"

// Place is what a row is searched and sorted by: what a database keeps beside the
// body of the row. It is made from the row alone.
type Place struct {
	Keys
	Views      int64 // Mask
	Device, IP string
	Claimer    string
	Until      int64  // when the claim ends, as Micros
	Words      string // Tokens
}

// PlaceOf returns the place of a row.
func PlaceOf(r *model.Row) Place {
	return Place{
		Keys: KeysOf(r), Views: Mask(r), Device: r.DeviceHash.Reveal(), IP: r.IP.Reveal(),
		Claimer: r.ClaimedBy, Until: Micros(r.ClaimedUntil), Words: Tokens(r),
	}
}
