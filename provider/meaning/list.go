package meaning

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"docket/model"
)

// Table is every explanation of one kind of name.
type Table struct {
	Name    string
	Entries []Entry // numbers by their value, then words by the alphabet
}

// Entry is a name with its explanation.
type Entry struct {
	Name    string
	Meaning model.Meaning
}

// Tables lists all explanations, kind by kind: what the documentation is made
// from and what the tests go through. Whoever explains one name asks the
// functions beside it, which know the other spellings.
func Tables() []Table {
	numbers := table{}
	for code, m := range errorCodes {
		numbers[strconv.Itoa(code)] = m
	}
	return []Table{
		verdicts.list("verdicts"), reasons.list("reasons"), results.list("results"), statuses.list("statuses"), lives.list("lives"),
		sections.list("sections"), checks.list("checks"), governmentCodes.list("governmentCodes"), facts.list("facts"),
		ocrFields.list("ocrFields"), documentTypes.list("documentTypes"), images.list("images"),
		antifraudResults.list("antifraudResults"), antifraudSteps.list("antifraudSteps"), dataMatches.list("dataMatches"),
		retrySteps.list("retrySteps"), failReasons.list("failReasons"), events.list("events"), eventFields.list("eventFields"),
		scrapingStatuses.list("scrapingStatuses"), curpErrors.list("curpErrors"), numbers.list("errorCodes"),
		expiryConditions.list("expiryConditions"), components.list("components"),
	}
}

func (t table) list(name string) Table {
	out := Table{Name: name}
	for _, key := range slices.SortedFunc(maps.Keys(t), byNumber) {
		out.Entries = append(out.Entries, Entry{key, t[key]})
	}
	return out
}

func byNumber(a, b string) int {
	x, errA := strconv.Atoi(a)
	y, errB := strconv.Atoi(b)
	if errA == nil && errB == nil {
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a, b))
	}
	return cmp.Compare(a, b)
}
