package model

import "strings"

// Stuck says where a customer is stuck, and what to tell them. Neither names what the
// API found out about the person: who asks support may be who must not know.
type Stuck struct {
	Where string `json:"where"` // for support, in one line
	Tell  string `json:"tell"`  // for the customer, in words that may be read out
	Next  Next   `json:"next"`  // what support can do
}

// Next is what can be done for a customer.
type Next string

// What can be done.
const (
	NextNothing Next = "nothing" // it is done, or somebody else is at it
	NextWait    Next = "wait"    // the API is at work
	NextLink    Next = "link"    // the customer can go on: send the link again
	NextReopen  Next = "reopen"  // the session must be reopened first
	NextNew     Next = "new"     // this session has ended: a new one is needed
	NextRead    Next = "read"    // not known: read the session again
)

// Captures says in a few words each what was captured of a document and in how many
// attempts, by the summary of a session. What is not known is left out.
func Captures(summary []Field) []string {
	var out []string
	for _, f := range summary {
		name, value := f.Meaning.Title, f.Value.String()
		if name == "" {
			name = f.Name
		}
		if word, ok := map[string]string{"true": "yes", "false": "no"}[value]; ok {
			value = word
		}
		if value != "" {
			out = append(out, strings.ToLower(name)+" "+value)
		}
	}
	return out
}
