package desk

import (
	"encoding/csv"
	"strconv"
	"strings"
)

// bulkStates are the states of a session in a bulk run, in a word.
var bulkStates = map[BulkState]string{
	BulkReady: "not sent", BulkRefused: "refused", BulkSending: "on its way", BulkDone: "done", BulkUnknown: "unknown",
}

// String returns the state in a word.
func (s BulkState) String() string { return bulkStates[s] }

// BulkCSV returns what became of each session, as RFC 4180. There is no personal
// data in it.
func BulkCSV(items []BulkItem) (string, error) {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	lines := [][]string{{"id", "result", "why", "verdict", "status", "http", "message"}}
	for _, it := range items {
		says, http := it.Says, ""
		if it.Problem != nil {
			says = it.Problem.Message
		}
		if it.HTTP > 0 {
			http = strconv.Itoa(it.HTTP)
		}
		lines = append(lines, []string{it.ID, it.State.String(), it.Why, string(it.Verdict), string(it.Status), http, says})
	}
	err := w.WriteAll(lines)
	return b.String(), err
}
