// Package sheet writes tables that spreadsheets open, and keeps these from running
// what is in a cell.
package sheet

import (
	"encoding/csv"
	"io"
	"strings"
	"unicode"
)

// New returns a writer of RFC 4180: lines end in CR LF. Cells that come from outside
// go through Cell.
func New(w io.Writer) *csv.Writer {
	c := csv.NewWriter(w)
	c.UseCRLF = true
	return c
}

// Cell keeps a spreadsheet from running a cell: one that begins like a formula,
// spaces aside, gets an apostrophe in front. The full-width signs count too, some
// spreadsheets take them.
func Cell(cell string) string {
	if strings.HasPrefix(cell, "\t") || strings.HasPrefix(cell, "\r") || strings.HasPrefix(cell, "\n") {
		return "'" + cell
	}
	first := strings.TrimLeftFunc(cell, unicode.IsSpace)
	for _, sign := range []string{"=", "+", "-", "@", "＝", "＋", "－", "＠"} {
		if strings.HasPrefix(first, sign) {
			return "'" + cell
		}
	}
	return cell
}
