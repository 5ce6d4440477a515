package session

import (
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"docket/model"
	"docket/ui/common"
	"docket/ui/widget"
)

// fieldLabels are short names of the fields that a reviewer looks at first, in
// this order. Other fields follow under the API's own names: Incode Omni API,
// Fetch OCR data.
var fieldLabels = []pair{
	{"name.fullName", "name"},
	{"fullNameMrz", "name, MRZ"},
	{"documentNumber", "number"},
	{"documentNumberMrz", "number, MRZ"},
	{"personalNumber", "personal no"},
	{"curp", "CURP"},
	{"claveDeElector", "elector key"},
	{"birthDate", "born"},
	{"expireAt", "expires"},
	{"expirationDate", "expires"},
	{"issuedAt", "issued"},
	{"issueDate", "issued"},
	{"gender", "gender"},
	{"nationality", "nationality"},
	{"nationalityMrz", "nat., MRZ"},
	{"issuingCountry", "country"},
	{"issuingState", "state"},
	{"typeOfId", "type"},
	{"address", "address"},
	{"addressFromStatement", "statement"},
	{"poaName", "on statement"},
	{"checkedAddress", "geocoded"},
}

func fieldRank(name string) int {
	i := slices.IndexFunc(fieldLabels, func(p pair) bool { return p.name == name })
	if i < 0 {
		return len(fieldLabels)
	}
	return i
}

// ocr is the pane with what was read from the documents, how sure the reading
// is, and under each field what speaks against it.
func ocr(v *view) content {
	b := newSheet(v)
	b.out.badge = v.ocrBadge()
	if b.part(model.PartOCR, "OCR") {
		b.fields(v.s.OCR, true)
	}
	if st := v.s.Parts[model.PartOCR2]; len(v.s.OCR2) > 0 || st.Problem != nil {
		b.head("Second ID")
		if b.part(model.PartOCR2, "second ID") {
			b.fields(v.s.OCR2, false)
		}
	}
	return b.out
}

func (v *view) ocrBadge() string {
	for _, key := range []string{"overallConfidence", keyTotal} {
		if c, ok := v.testOf(secOCR, key); ok {
			return v.dim("overall ") + v.show(c.Value) + " " + v.sign(c.Status.Tone())
		}
	}
	return ""
}

// known says whether a field has a label of its own here. The year alone has
// one only while the whole date was not read.
func known(f model.Field, all []model.Field) bool {
	whole := map[string]string{"expirationDate": "expireAt", "issueDate": "issuedAt"}[f.Name]
	if whole != "" && slices.ContainsFunc(all, func(o model.Field) bool { return o.Name == whole && !o.Value.Empty() }) {
		return false
	}
	return fieldRank(f.Name) < len(fieldLabels)
}

// fields lists the fields that matter most first, then the others under the
// API's names.
func (b *sheet) fields(fields []model.Field, findings bool) {
	if len(fields) == 0 {
		b.say(b.dim("nothing was read"))
	}
	var first, others []model.Field
	for _, f := range fields {
		if known(f, fields) {
			first = append(first, f)
		} else {
			others = append(others, f)
		}
	}
	slices.SortStableFunc(first, func(x, y model.Field) int { return fieldRank(x.Name) - fieldRank(y.Name) })
	for _, f := range first {
		b.field(f, fieldLabels[fieldRank(f.Name)].value, labelWidth-1)
		if findings {
			b.against(f.Name, labelWidth-1)
		}
	}
	if len(others) > 0 {
		b.head("Other fields, under the API's names")
	}
	b.plain(others, findings)
}

// plain lists fields under the API's names.
func (b *sheet) plain(fields []model.Field, findings bool) {
	label := labelWidth - 1
	for _, f := range fields {
		label = max(label, ansi.StringWidth(f.Name))
	}
	label = min(label, b.width*2/5)
	for _, f := range fields {
		b.field(f, f.Name, label)
		if findings {
			b.against(f.Name, label)
		}
	}
}

const barCells = 9

func (b *sheet) field(f model.Field, name string, label int) {
	v := b.view
	value := b.show(f.Value)
	if f.Value.Altered() {
		value += b.st().Warn.Render(" " + common.Sign(model.ToneWarn) + " altered")
	}
	if value == "" {
		value = b.dim("empty")
	}
	value += b.agrees(f.Name)
	room := b.width - label - 1
	text := b.dim(widget.Fit(name, label)) + " "
	if f.Confidence == nil {
		text += widget.Clip(value, room)
	} else {
		text += widget.Fit(value, room-barCells-6) + "  " + b.confidence(*f.Confidence)
	}
	more := []pair{}
	if f.Confidence != nil {
		more = append(more, pair{"confidence", strconv.FormatFloat(*f.Confidence, 'f', -1, 64)})
	}
	b.entry(item{name: f.Name, value: b.show(f.Value), more: more, open: pushed(func() *detail { return fieldDetail(v, f) })}, text)
}

// unsure is the confidence below which a reading is worth a second look at the
// document.
const unsure = 0.6

// confidence draws how sure the reading is: ".42 ━━━━╌╌╌╌╌". It says nothing
// about whether the document is genuine, so a sure reading has no colour.
func (b *sheet) confidence(c float64) string {
	c = min(max(c, 0), 1)
	digits := strings.TrimPrefix(strconv.FormatFloat(c, 'f', 2, 64), "0")
	if digits == "1.00" {
		digits = "1.0"
	}
	bar := widget.Bar(c, barCells)
	if c < unsure {
		return b.st().Warn.Render(digits + " " + bar)
	}
	return digits + " " + b.dim(bar)
}

// agrees says which other reading agrees with a field.
func (b *sheet) agrees(field string) string {
	for _, f := range b.s.Findings {
		if f.Field != field || f.Tone != model.ToneGood {
			continue
		}
		with, _, _ := strings.Cut(f.Key, ".")
		return "  " + b.st().Good.Render(common.Sign(f.Tone)+" "+strings.ToUpper(with))
	}
	return ""
}

// against adds the findings that belong to a field.
func (b *sheet) against(field string, label int) {
	for _, f := range b.s.Findings {
		if f.Field != field || f.Tone == model.ToneGood {
			continue
		}
		lines := make([]string, 0, 2)
		for i, l := range wrap(b.foundText(f), b.width-label-4, 3) {
			lead := widget.Spaces(label + 1)
			if i == 0 {
				lead += b.sign(f.Tone) + " "
			} else {
				lead += "  "
			}
			lines = append(lines, lead+b.st().Tone(f.Tone).Render(l))
		}
		b.entry(item{name: "finding on " + field, value: f.Text}, lines...)
	}
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }
