package sim

import (
	"bytes"
	"fmt"
	"image"
	"math/rand/v2"
	"strings"
)

// addressStatement is a bill that says where somebody lives.
func addressStatement(p *profile) image.Image {
	f := loadFaces()
	c := newCanvas(850, 1100, rgb(0xfbfaf6))
	r := rand.New(rand.NewPCG(p.person.face, 3))
	main := liveries[p.doc.kind.country].main
	c.rect(0, 0, 850, 120, main)
	c.text(f.bold, 50, 72, 40, 520, rgb(0xffffff), "ELECTRIC & WATER")
	c.text(f.plain, 50, 102, 18, 520, rgb(0xffffff), "Made up for a demonstration")
	c.text(f.bold, 640, 76, 26, 180, rgb(0xffffff), "STATEMENT")
	y := 190.0
	for i, line := range append([]string{p.person.full(false)}, strings.Split(addressOf(&document{kind: &docKind{country: p.doc.kind.country, address: true}, holder: &p.person}), "\n")...) {
		if font := f.plain; writable(font, line) {
			if i == 0 {
				font = f.bold
			}
			c.text(font, 60, y, 26, 500, inkColour, line)
			y += 38
		}
	}
	c.text(f.plain, 580, 190, 20, 220, inkColour, "Date  "+p.created.AddDate(0, -1, 0).Format("2 January 2006"))
	c.text(f.plain, 580, 220, 20, 220, inkColour, fmt.Sprintf("Account  %08d", r.IntN(100_000_000)))
	for i := range 7 {
		top := 420 + 46*float64(i)
		c.rect(60, top+14, 730, 1.5, thin(main, 0.5))
		c.text(f.plain, 70, top, 20, 400, inkColour, []string{"Standing charge", "Energy, day", "Energy, night", "Water", "Waste water", "Meter", "Tax"}[i])
		c.text(f.mono, 660, top, 20, 130, inkColour, fmt.Sprintf("%7.2f", 3+90*r.Float64()))
	}
	for i := range 12 {
		high := 30 + 120*r.Float64()
		c.rect(80+58*float64(i), 990-high, 36, high, mixed(main, rgb(0xffffff), 0.3))
	}
	return c.img
}

// contractPDF is a page of text as the smallest PDF that viewers open.
func contractPDF(p *profile, signed bool) []byte {
	lines := []string{"Agreement", "", "Between " + latin(p.person.given+" "+p.person.surnames()), "and a company that does not exist.", "", "Session " + p.id}
	if signed {
		lines = append(lines, "", "Signed on "+p.finished.Format("2006-01-02"))
	}
	var text strings.Builder
	text.WriteString("BT /F1 18 Tf 72 760 Td 26 TL\n")
	for _, line := range lines {
		fmt.Fprintf(&text, "(%s) Tj T*\n", strings.NewReplacer("(", "", ")", "", `\`, "").Replace(line))
	}
	text.WriteString("ET")
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", text.Len(), text.String()),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var offsets []int
	for i, o := range objects {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return b.Bytes()
}
