package session

import (
	"strings"

	"docket/desk"
	"docket/model"
	"docket/ui/widget"
)

// Sections of the score that a pane treats apart. The names are those of the
// reference: Incode Omni API, Fetch scores.
const (
	secID    = "idValidation"
	secFace  = "faceRecognition"
	secFace2 = "faceRecognitionSecondId"
	secLive  = "liveness"
	secVideo = "videoConference"
	secOCR   = "idOcrConfidence"
	secRetry = "retryInfo"
	secWatch = "incodeWatchlistScore"
	secFraud = "antifraud"
	keyTotal = "overall"
)

// section is a part of the score, with a name that fits a column and one that
// says what it is.
type section struct{ key, short, name string }

// sections are those that the reference names, in the order of the product.
var sections = []section{
	{secID, "id", "ID document"},
	{"secondIdValidation", "id 2", "second ID"},
	{secLive, "live", "liveness"},
	{secFace, "face", "face"},
	{secFace2, "face 2", "face of 2nd ID"},
	{secFraud, "fraud", "antifraud"},
	{"governmentValidation", "gov", "government"},
	{"curpVerification", "curp", "CURP"},
	{"ineScrapingValidation", "ine", "INE"},
	{secVideo, "video", "video"},
	{"externalVerification", "extern", "external"},
	{secWatch, "watch", "watchlist"},
	{secOCR, "ocr", "OCR"},
	{"idOcrConfidenceSecondId", "ocr 2", "OCR of 2nd ID"},
	{secRetry, "retry", "retries"},
}

// others are sections that were seen in answers and that the reference does not
// name: they are not missed when they are absent.
var others = []section{
	{"authentication", "auth", "authentication"},
	{"deviceRisk", "device", "device risk"},
	{"behavioralRisk", "behav", "behavioural risk"},
	{"documentOnEdgeInfo", "edge", "document on edge"},
	{"sessionRecording", "record", "recording"},
}

// hiddenSections are those of sections that tell of antifraud and watch lists.
var hiddenSections = []string{secFraud, "externalVerification", secWatch}

func sectionOf(key string) section {
	for _, list := range [][]section{sections, others} {
		for _, s := range list {
			if s.key == key {
				return s
			}
		}
	}
	if key == "" {
		return section{"", "total", "total"}
	}
	return section{key, widget.Clip(key, 6), key}
}

// checkName is the name of a check that can stand alone: composites are named
// with their section.
func checkName(c model.Check) string {
	if c.Key == keyTotal || strings.HasPrefix(c.Key, keyTotal+".") || c.Key == c.Section {
		return sectionOf(c.Section).name + " " + c.Key
	}
	return c.Key
}

// absent lists the sections that the reference names and this answer lacks. Of those
// that the role does not see nobody says whether they are there.
func (v *view) absent() []string {
	there := map[string]bool{}
	if v.c.Lacks(desk.MayRisk) != "" {
		for _, key := range hiddenSections {
			there[key] = true
		}
	}
	for _, c := range v.s.Checks {
		there[c.Section] = true
	}
	for _, f := range v.s.Facts {
		there[f.Section] = true
	}
	var out []string
	for _, s := range sections {
		if !there[s.key] {
			out = append(out, s.name)
		}
	}
	return out
}

// documentName writes the API's typeOfId for people: "DriversLicense" becomes
// "Drivers License"; "Unknown" is not worth saying.
func documentName(t string) string {
	if t == "Unknown" {
		return ""
	}
	var b strings.Builder
	for i, r := range t {
		if i > 0 && r >= 'A' && r <= 'Z' && t[i-1] >= 'a' && t[i-1] <= 'z' {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}
