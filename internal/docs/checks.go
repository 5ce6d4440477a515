package docs

import (
	"fmt"
	"strings"

	"docket/model"
	"docket/provider/meaning"
)

// explanations says under which heading each table of provider/meaning stands.
var explanations = []struct{ table, heading, says string }{
	{"verdicts", "Verdicts", "The total `overall` of a score. It is Incode's own; docket never computes one."},
	{"reasons", "Reasons for a review", "Values of `needsReviewReason`, which comes with the verdict MANUAL only."},
	{"results", "Results of one test", "Trust the status, not the value: there are tests that are OK with 20 and others that FAIL with 100."},
	{"statuses", "Onboarding statuses", "How far a session has come."},
	{"lives", "Session statuses", "Whether a session takes input."},
	{"sections", "Sections of the score", ""},
	{"checks", "Checks", "Every test of the score, by section and key. The second document is explained like the first."},
	{"governmentCodes", "Codes of the government check", "Values of `governmentValidation.validationStatus`."},
	{"facts", "Facts", "Values of the score that have no status: something to know, not a test."},
	{"ocrFields", "Fields of a document", "What was read from the document, and marks of the ID summary."},
	{"documentTypes", "Types of documents", "Values of `typeOfId`."},
	{"images", "Pictures", "Types of pictures of a session."},
	{"antifraudResults", "Antifraud results", ""},
	{"antifraudSteps", "Antifraud steps", ""},
	{"dataMatches", "Watch-list matches", ""},
	{"retrySteps", "Repeated steps", ""},
	{"failReasons", "Why a capture was not accepted", "Each is about the picture, none about the person."},
	{"events", "Session events", ""},
	{"eventFields", "Details of an event", ""},
	{"scrapingStatuses", "Look-up at the electoral institute", ""},
	{"curpErrors", "Errors of the CURP register", ""},
	{"errorCodes", "Error codes of the API", ""},
	{"expiryConditions", "Conditions for expiring", ""},
	{"components", "Components of an enrolment", ""},
}

// sources are where explanations come from, as a reader should take them.
var sources = map[model.Source]string{
	model.FromReference: "reference", model.FromPublic: "public pages", model.FromName: "name only",
}

// checks writes every explanation with its source.
func checks() (string, error) {
	tables := map[string][]meaning.Entry{}
	for _, t := range meaning.Tables() {
		tables[t.Name] = t.Entries
	}
	var b strings.Builder
	for _, e := range explanations {
		list, ok := tables[e.table]
		if !ok {
			return "", fmt.Errorf("provider/meaning has no table %s", e.table)
		}
		delete(tables, e.table)
		b.WriteString("## " + e.heading + "\n\n")
		if e.says != "" {
			b.WriteString(e.says + "\n\n")
		}
		var rows [][]string
		for _, x := range list {
			text := x.Meaning.Text
			if guess, ok := x.Meaning.Guess(); ok {
				text = "P" + strings.TrimPrefix(guess, "p")
			}
			rows = append(rows, []string{code(x.Name), x.Meaning.Title, text, sources[x.Meaning.Source]})
		}
		b.WriteString(table([]string{"Name", "Title", "Explanation", "Source"}, rows) + "\n")
	}
	for name := range tables {
		return "", fmt.Errorf("the table %s of provider/meaning has no heading in explanations", name)
	}
	return b.String(), nil
}
