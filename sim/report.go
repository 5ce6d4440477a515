package sim

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// report is an answer that is a PDF and no JSON.
type report []byte

// linesPerPage is how many events stand on a page of a report.
const linesPerPage = 48

// eventsReport answers with a PDF of the session's events (Incode Omni API,
// Download events report). It is about the token's session: no parameter names one.
func (s *Server) eventsReport(c *call) (any, *apiError) {
	provider, _ := c.body["provider"].(string)
	lines := []string{"Events of session " + c.session.p.id, "signed by " + provider, ""}
	for _, e := range c.session.events() {
		lines = append(lines, e.at.UTC().Format(time.RFC3339)+"  "+e.name+"  "+hashText(c.session.p.id + e.name)[:16])
	}
	return report(pdfOf(lines)), nil
}

// pdfOf sets lines of ASCII in a PDF: a catalogue, its pages, a font, and a page with
// its content for each run of lines.
func pdfOf(lines []string) []byte {
	var pages, kids []string
	const first = 4 // number of the first page's object
	for len(lines) > 0 {
		n := min(linesPerPage, len(lines))
		at := first + len(pages)
		kids = append(kids, fmt.Sprintf("%d 0 R", at))
		pages = append(pages, fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R>>", at+1), pageOf(lines[:n]))
		lines = lines[n:]
	}
	objects := append([]string{
		"<</Type/Catalog/Pages 2 0 R>>",
		fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d>>", strings.Join(kids, " "), len(kids)),
		"<</Type/Font/Subtype/Type1/BaseFont/Courier>>",
	}, pages...)
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	table := fmt.Sprintf("xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for i, o := range objects {
		table += fmt.Sprintf("%010d 00000 n \n", b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	at := b.Len()
	fmt.Fprintf(&b, "%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", table, len(objects)+1, at)
	return b.Bytes()
}

func pageOf(lines []string) string {
	text := "BT /F 9 Tf 12 TL 50 790 Td\n"
	for _, line := range lines {
		text += "(" + strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(line) + ") '\n"
	}
	text += "ET"
	return fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(text), text)
}
