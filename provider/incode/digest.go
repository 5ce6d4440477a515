package incode

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"

	"docket/model"
)

// Digest sums up what a decision rests on: verdict, score, status, reasons,
// checks, rules and OCR values. Times, the order in which the API lists things,
// and how it spells its JSON are left out, so the digest of a session that did
// not change stays the same however often it is fetched.
func Digest(so *model.Session) string {
	lines := [][]string{
		{"status", string(so.Status)},
		{"verdict", string(so.Verdict)},
		{"score", scoreText(so.Score)},
		{"reason", string(so.ReviewReason)},
		{"customer", so.CustomerID},
	}
	for _, c := range so.Checks {
		lines = append(lines, []string{"check", c.Section, c.Key, string(c.Status), c.Value.Reveal()})
	}
	for _, r := range so.Rules {
		lines = append(lines, []string{"rule", r.Section, r.Name, r.Expression, r.Type, string(r.Status)})
	}
	for _, f := range so.OCR {
		lines = append(lines, []string{"ocr", f.Name, f.Value.Reveal()})
	}
	texts := make([]string, len(lines))
	for i, l := range lines {
		// JSON keeps the parts of a line apart whatever they hold. Texts
		// always encode.
		b, _ := json.Marshal(l)
		texts[i] = string(b)
	}
	slices.Sort(texts)
	sum := sha256.New()
	for _, t := range texts {
		sum.Write([]byte(t + "\n")) // a hash takes everything
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func scoreText(score *float64) string {
	if score == nil {
		return ""
	}
	return strconv.FormatFloat(*score, 'g', -1, 64)
}
