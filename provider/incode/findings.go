package incode

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"docket/model"
)

// evidence is a session as the findings look at it.
type evidence struct {
	so   *model.Session
	now  time.Time
	at   time.Time // when the customer was there
	zone zone
	read bool // there is a readable zone
}

// finders lists everything that docket puts beside each other, in the order
// shown. Each looks at a session alone and never gives a verdict.
var finders = []func(*evidence) []model.Finding{
	findExpiry, findBirth,
	findZone, findZoneNumber, findZoneDates, findZoneSex, findZoneCountries, findZoneName, findCheckDigits,
	findStatement, findSecondDocument,
	findDeviceCountry, findExisting, findAntifraud, findAttempts, findGap,
}

func findings(so *model.Session, now time.Time) []model.Finding {
	e := &evidence{so: so, now: now, at: when(so, now)}
	e.zone, e.read = readZone(textOf(so.OCR, "mrz1"), textOf(so.OCR, "mrz2"), textOf(so.OCR, "mrz3"))
	var out []model.Finding
	for _, find := range finders {
		out = append(out, find(e)...)
	}
	for i := range out {
		out[i].About = about[out[i].Key]
	}
	return out
}

// about says which checks of Incode's look at what a finding compared.
var about = map[string][]string{
	"expired": {"documentExpired"}, "underage": {"underageCheck"}, "existingUser": {"nameMatch"},
	"mrz.documentNumber": {"documentNumberCrosscheck"}, "mrz.birthDate": {"birthDateCrosscheck"}, "mrz.expireAt": {"expirationDateCrosscheck"},
	"mrz.sex": {"sexCrosscheck"}, "mrz.name": {"fullNameCrosscheck"}, "mrz.checkDigit": {"documentNumberCheckDigit"},
}

// when is the moment that dates are judged by: the end of the session, else the
// nearest that is known.
func when(so *model.Session, now time.Time) time.Time {
	for _, at := range []time.Time{so.FinishedAt, lastEvent(so.Events), so.CreatedAt} {
		if !at.IsZero() {
			return at
		}
	}
	return now
}

func lastEvent(events []model.Event) time.Time {
	var last time.Time
	for _, e := range events {
		if e.At.After(last) {
			last = e.At
		}
	}
	return last
}

func one(f model.Finding) []model.Finding { return []model.Finding{f} }

func day(text string) (time.Time, bool) {
	at, err := time.Parse(dayLayout, text)
	return at, err == nil
}

func daysBetween(from, to time.Time) int {
	return int(to.Truncate(24*time.Hour).Sub(from).Hours() / 24)
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

func findExpiry(e *evidence) []model.Finding {
	value := valueOf(e.so.OCR, fieldExpires)
	until, ok := day(value.Reveal())
	if !ok {
		return findExpiryYear(e)
	}
	f := model.Finding{Key: "expired", Field: fieldExpires, Shown: value, Tone: model.ToneBad}
	switch {
	case daysBetween(until, e.at) > 0:
		f.Text = "Document expired " + plural(daysBetween(until, e.at), "day") + " before this session."
		f.Plain = "Document expired before this session."
	case daysBetween(until, e.now) > 0:
		f.Tone, f.Text = model.ToneQuery, "Document was valid at the session and has expired since."
	default:
		return nil
	}
	return one(f)
}

// findExpiryYear judges a document of which only the year of expiry was read.
func findExpiryYear(e *evidence) []model.Finding {
	value := valueOf(e.so.OCR, fieldExpYear)
	until, err := time.Parse("2006", value.Reveal())
	if err != nil || until.Year() >= e.at.Year() {
		return nil
	}
	return one(model.Finding{
		Key: "expired", Field: fieldExpYear, Shown: value, Tone: model.ToneBad,
		Text: "Document expired in a year before this session.",
	})
}

// The ages that are worth a look.
const (
	adult  = 18
	oldest = 120
)

func findBirth(e *evidence) []model.Finding {
	value := valueOf(e.so.OCR, fieldBirth)
	born, ok := day(value.Reveal())
	if !ok {
		return nil
	}
	f := model.Finding{Key: "birthDate.implausible", Field: fieldBirth, Shown: value, Tone: model.ToneWarn}
	switch {
	case born.After(e.at):
		f.Text = "Birth date as read is later than this session."
	case born.AddDate(oldest, 0, 0).Before(e.at):
		f.Text = fmt.Sprintf("Birth date as read would make the person older than %d.", oldest)
	case born.AddDate(adult, 0, 0).After(e.at):
		f.Key, f.Text = "underage", fmt.Sprintf("Younger than %d at the time of this session, as read.", adult)
	default:
		return nil
	}
	return one(f)
}

func findZone(e *evidence) []model.Finding {
	if e.read || textOf(e.so.OCR, "mrz1") == "" {
		return nil
	}
	return one(model.Finding{
		Key: "mrz.unreadable", Field: "mrz1", Tone: model.ToneQuery,
		Text: "The machine-readable zone was not read in full: nothing was compared with it.",
	})
}

// compared is the finding that two readings of one field agree or differ.
func compared(key, field, what string, same bool, shown model.Personal) []model.Finding {
	f := model.Finding{Key: key, Field: field, Tone: model.ToneGood, Text: "MRZ and print agree on the " + what + ".", Shown: shown}
	if !same {
		f.Tone, f.Text = model.ToneWarn, "MRZ and print differ in the "+what+"."
	}
	return one(f)
}

// numberFields are where the number of the zone may be printed: some documents
// repeat another number than the one that Incode calls the document's.
var numberFields = []string{fieldNumber, "personalNumber", "refNumber", "cic", "ocr", "curp", "claveDeElector", "nue"}

func findZoneNumber(e *evidence) []model.Finding {
	printed := bare(textOf(e.so.OCR, fieldNumber))
	if !e.read || printed == "" || e.zone.number == "" {
		return nil
	}
	number := bare(e.zone.number)
	shown := model.NewPersonal(model.ClassDocument, number)
	for _, name := range numberFields {
		other := bare(textOf(e.so.OCR, name))
		if other == number || len(number) == 9 && strings.HasPrefix(other, number) {
			return compared("mrz.documentNumber", fieldNumber, "document number", true, shown)
		}
	}
	f := compared("mrz.documentNumber", fieldNumber, "document number", false, shown)
	first, count := differences(number, printed)
	f[0].Text = fmt.Sprintf("MRZ and print differ in the document number, at character %d.", first)
	if count > 1 {
		f[0].Text = fmt.Sprintf("MRZ and print differ in the document number, in %d places from character %d on.", count, first)
	}
	return f
}

// differences returns the first place, from 1, at which two texts differ, and in
// how many places they do.
func differences(a, b string) (first, count int) {
	x, y := []rune(a), []rune(b)
	for i := range max(len(x), len(y)) {
		if i < len(x) && i < len(y) && x[i] == y[i] {
			continue
		}
		if first == 0 {
			first = i + 1
		}
		count++
	}
	return first, count
}

func findZoneDates(e *evidence) []model.Finding {
	var out []model.Finding
	for _, d := range []struct{ key, field, what, zone string }{
		{"mrz.birthDate", fieldBirth, "birth date", e.zone.birth},
		{"mrz.expireAt", fieldExpires, "expiry date", e.zone.expires},
	} {
		printed, ok := day(textOf(e.so.OCR, d.field))
		if ok && d.zone != "" {
			shown := model.NewPersonal(infoOf(d.field).class, d.zone)
			out = append(out, compared(d.key, d.field, d.what, printed.Format("060102") == d.zone, shown)...)
		}
	}
	return out
}

func findZoneSex(e *evidence) []model.Finding {
	printed := textOf(e.so.OCR, fieldGender)
	if genderLetter(printed) == "" || e.zone.sex != "M" && e.zone.sex != "F" {
		return nil
	}
	return compared("mrz.sex", fieldGender, "sex", genderLetter(printed) == e.zone.sex, model.NewPersonal(model.ClassTrait, e.zone.sex))
}

func findZoneCountries(e *evidence) []model.Finding {
	nationality := e.zone.nationality
	if nationality == "" {
		nationality = textOf(e.so.OCR, "nationalityMrz")
	}
	printed := fieldNation
	if _, ok := countryOf(textOf(e.so.OCR, printed)); !ok {
		printed = "nationalityAlpha3"
	}
	out := compareCountries(e, "mrz.nationality", printed, "nationality", nationality)
	return append(out, compareCountries(e, "mrz.issuer", fieldCountry, "issuing country", e.zone.issuer)...)
}

// compareCountries says nothing when either side is no country that is known: a
// word for a nationality is not worth a wrong alarm.
func compareCountries(e *evidence, key, field, what, zoneCode string) []model.Finding {
	a, okA := countryOf(zoneCode)
	b, okB := countryOf(textOf(e.so.OCR, field))
	if !okA || !okB {
		return nil
	}
	return compared(key, field, what, a == b, model.NewPersonal(infoOf(field).classOf(a.three), a.three))
}

func findZoneName(e *evidence) []model.Finding {
	zoneWords := e.zone.names
	if !e.read {
		zoneWords = strings.Fields(textOf(e.so.OCR, "fullNameMrz"))
	}
	printed, ok := foldName(textOf(e.so.OCR, fieldName))
	if !ok || len(zoneWords) == 0 {
		return nil
	}
	shown := model.NewPersonal(model.ClassName, strings.Join(zoneWords, " "))
	return compared("mrz.name", fieldName, "name", within(zoneWords, printed), shown)
}

func findCheckDigits(e *evidence) []model.Finding {
	fields := map[string]string{"document number": fieldNumber, "birth date": fieldBirth, "expiry date": fieldExpires}
	out := make([]model.Finding, 0, len(e.zone.wrong))
	for _, of := range e.zone.wrong {
		out = append(out, model.Finding{
			Key: "mrz.checkDigit", Field: fields[of], Tone: model.ToneWarn,
			Text: "MRZ check digit of the " + of + " does not fit: misread, or altered.",
		})
	}
	return out
}

func findStatement(e *evidence) []model.Finding {
	var out []model.Finding
	if name := valueOf(e.so.OCR, "poaName"); !name.Empty() {
		if full, ok := foldName(textOf(e.so.OCR, fieldName)); ok {
			out = append(out, beside("statement.name", "poaName", "name", sharesWord(name.Reveal(), full), name))
		}
	}
	code, other := bare(textOf(e.so.OCR, "addressFieldsFromStatement.postalCode")), bare(textOf(e.so.OCR, "addressFields.postalCode"))
	if code != "" && other != "" {
		same := strings.HasPrefix(code, other) || strings.HasPrefix(other, code)
		out = append(out, beside("statement.address", "addressFromStatement", "postal code", same, valueOf(e.so.OCR, "addressFromStatement")))
	}
	return out
}

func beside(key, field, what string, same bool, shown model.Personal) model.Finding {
	f := model.Finding{Key: key, Field: field, Tone: model.ToneGood, Text: "Address statement and document agree on the " + what + ".", Shown: shown}
	if !same {
		f.Tone, f.Text = model.ToneWarn, "Address statement and document differ in the "+what+"."
	}
	return f
}

// sharesWord reports whether at least one word of two letters or more is in both
// names: statements shorten names and reorder them.
func sharesWord(name string, full [2]string) bool {
	return slices.ContainsFunc(strings.Fields(name), func(w string) bool {
		both, ok := foldName(w)
		return ok && len(both[0]) > 1 && (strings.Contains(full[0], both[0]) || strings.Contains(full[1], both[1]))
	})
}

func findSecondDocument(e *evidence) []model.Finding {
	var out []model.Finding
	second := valueOf(e.so.OCR2, fieldName)
	if namesDiffer(textOf(e.so.OCR, fieldName), second.Reveal()) {
		out = append(out, model.Finding{
			Key: "secondId.name", Field: fieldName, Tone: model.ToneWarn, Shown: second,
			Text: "The two documents differ in the name.",
		})
	}
	a, b := valueOf(e.so.OCR, fieldBirth), valueOf(e.so.OCR2, fieldBirth)
	if !a.Empty() && !b.Empty() && a.Reveal() != b.Reveal() {
		out = append(out, model.Finding{
			Key: "secondId.birthDate", Field: fieldBirth, Tone: model.ToneWarn, Shown: b,
			Text: "The two documents differ in the birth date.",
		})
	}
	return out
}

// namesDiffer reports whether neither name is the other with more or fewer
// words. Names in different scripts cannot be compared.
func namesDiffer(a, b string) bool {
	x, okA := foldName(a)
	y, okB := foldName(b)
	return okA && okB && !within(strings.Fields(a), y) && !within(strings.Fields(b), x)
}
