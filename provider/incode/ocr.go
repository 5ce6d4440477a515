package incode

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/model"
	"docket/omni"
	"docket/provider/meaning"
)

const (
	fieldName    = "name.fullName"
	fieldNumber  = "documentNumber"
	fieldBirth   = "birthDate"
	fieldExpires = "expireAt"
	fieldExpYear = "expirationDate"
	fieldGender  = "gender"
	fieldNation  = "nationality"
	fieldType    = "typeOfId"
	fieldCountry = "issuingCountry"
	fieldState   = "issuingState"
	fieldAddress = "address"
	confidences  = "ocrDataConfidence"
	dayLayout    = "2006-01-02"
	earliest     = -62135596800000 // the start of the year 1, in UTC milliseconds
	latest       = 253402300799999 // the end of the year 9999
)

// mapOCR reads the answer of "Fetch ocr data", or of its second version, which
// wraps the same in "ocrData".
func mapOCR(n omni.Node, b *border) ([]model.Field, *model.Problem) {
	if inner := n.Get("ocrData"); inner.Kind == omni.Object {
		n = inner
	}
	if n.Kind != omni.Object {
		return nil, wrongShape(b.part, "the answer holds no OCR data")
	}
	w := &ocrWalk{b: b}
	for _, m := range members(n) {
		if m.Key != confidences {
			w.value(m.Key, m.Value)
		}
	}
	if len(w.fields) == 0 && len(n.Members) > 0 && !mentions(n, "name", "typeOfId", "birthDate", "address", confidences) {
		return nil, wrongShape(b.part, "the answer holds no OCR data")
	}
	w.confide(n.Get(confidences))
	slices.SortStableFunc(w.fields, func(a, b model.Field) int { return orderOf(a.Name) - orderOf(b.Name) })
	return w.fields, nil
}

// mentions reports whether the object has one of the members.
func mentions(n omni.Node, names ...string) bool {
	return slices.ContainsFunc(n.Members, func(m omni.Member) bool { return slices.Contains(names, m.Key) })
}

type ocrWalk struct {
	b      *border
	fields []model.Field
}

func (w *ocrWalk) value(path string, n omni.Node) {
	switch n.Kind {
	case omni.Object:
		for _, m := range members(n) {
			w.value(dotted(path, m.Key), m.Value)
		}
	case omni.Array:
		w.array(path, n)
	case omni.Bool, omni.Number, omni.String:
		w.field(path, n)
	}
}

func (w *ocrWalk) array(path string, n omni.Node) {
	if texts, ok := scalars(n); ok {
		if len(texts) > 0 {
			text := strings.Join(texts, ", ")
			w.add(path, w.b.value(path, infoOf(path).classOf(text), text))
		}
		return
	}
	for i, item := range n.Items {
		w.value(dotted(path, strconv.Itoa(i)), item)
	}
}

func (w *ocrWalk) field(path string, n omni.Node) {
	info := infoOf(path)
	value := w.b.personal(path, info.classOf(n.Text), n)
	switch info.form {
	case asMillis:
		if day, ok := dayOf(n.Text); ok {
			value = model.NewPersonal(info.class, day)
		}
	case asGender:
		if letter := genderLetter(value.Reveal()); letter != "" {
			value = model.NewPersonal(info.class, letter)
		}
	}
	w.add(path, value)
}

func (w *ocrWalk) add(path string, value model.Personal) {
	f := model.Field{Name: w.b.line("field name", path), Value: value}
	f.Meaning = meaning.OCRField(f.Name)
	w.fields = append(w.fields, f)
}

// confide hands each confidence to its field.
func (w *ocrWalk) confide(n omni.Node) {
	for _, m := range members(n) {
		v, err := strconv.ParseFloat(strings.TrimSpace(m.Value.Text), 64)
		if !m.Value.Scalar() || err != nil || v < 0 || v > 1 {
			continue
		}
		targets, ok := confidenceOf[m.Key]
		if !ok {
			targets = []string{strings.TrimSuffix(m.Key, "Confidence")}
		}
		w.give(targets, v)
	}
}

func (w *ocrWalk) give(targets []string, confidence float64) {
	for _, name := range targets {
		for i := range w.fields {
			if w.fields[i].Name == name {
				w.fields[i].Confidence = &confidence
				return
			}
		}
	}
}

// dayOf reads UTC milliseconds as a date. Dates on documents have no time of
// day.
func dayOf(text string) (string, bool) {
	at, ok := millis(text)
	if !ok {
		return "", false
	}
	return at.Format(dayLayout), true
}

// millis reads UTC milliseconds, written as a number or as text, with or without
// a fraction or an exponent.
func millis(text string) (time.Time, bool) {
	text = strings.TrimSpace(text)
	ms, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		f, ferr := strconv.ParseFloat(text, 64)
		if ferr != nil || f != f || f > latest || f < earliest {
			return time.Time{}, false
		}
		ms = int64(f)
	}
	if ms > latest || ms < earliest {
		return time.Time{}, false
	}
	return time.UnixMilli(ms).UTC(), true
}

// genderLetter brings M, F, Male and Female to one letter, and leaves anything
// else alone.
func genderLetter(s string) string {
	switch strings.ToUpper(strings.TrimSpace(s)) {
	case "M", "MALE":
		return "M"
	case "F", "FEMALE":
		return "F"
	default:
		return ""
	}
}

// valueOf returns the value of a field, empty when it was not read.
func valueOf(fields []model.Field, name string) model.Personal {
	for _, f := range fields {
		if f.Name == name {
			return f.Value
		}
	}
	return model.Personal{}
}

func textOf(fields []model.Field, name string) string { return valueOf(fields, name).Reveal() }

// applicantOf and documentOf pick the few fields that head a session.
func applicantOf(fields []model.Field) model.Applicant {
	return model.Applicant{
		Name:      fullName(fields),
		BirthDate: valueOf(fields, fieldBirth),
		Gender:    valueOf(fields, fieldGender),
	}
}

// fullName is the name as read in one piece, else put together from its parts.
func fullName(fields []model.Field) model.Personal {
	for _, name := range []string{fieldName, "name.machineReadableFullName", "fullNameMrz"} {
		if v := valueOf(fields, name); !v.Empty() {
			return v
		}
	}
	var parts []string
	for _, name := range []string{"name.firstName", "name.middleName", "name.paternalLastName", "name.maternalLastName"} {
		if v := textOf(fields, name); v != "" {
			parts = append(parts, v)
		}
	}
	if parts == nil {
		return model.Personal{}
	}
	return model.NewPersonal(model.ClassName, strings.Join(parts, " "))
}

func documentOf(fields []model.Field) model.Document {
	expires := valueOf(fields, fieldExpires)
	if expires.Empty() {
		expires = valueOf(fields, fieldExpYear)
	}
	return model.Document{
		Type:    textOf(fields, fieldType),
		Country: alpha3(textOf(fields, fieldCountry)),
		State:   textOf(fields, fieldState),
		Number:  valueOf(fields, fieldNumber),
		Expires: expires,
	}
}
