package inbox

import (
	"golang.org/x/text/language"

	"docket/model"
)

// elsewhere reports whether the device was in another country than the one that
// issued the document. The device gives two letters, the document three.
func elsewhere(r *model.Row) bool {
	if r.DeviceCountry == "" || r.DocCountry == "" {
		return false
	}
	region, err := language.ParseRegion(r.DeviceCountry)
	if err != nil {
		return false
	}
	return region.ISO3() != r.DocCountry
}
