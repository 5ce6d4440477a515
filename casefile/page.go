package casefile

import (
	"embed"
	"encoding/base64"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"

	"docket/audit"
	"docket/model"
)

//go:embed page.html
var files embed.FS

// embedded is how many bytes of pictures are in the page itself, so that it shows them
// wherever it is opened. What is over that is shown from its file.
const embedded = 32 << 20

// page is what the page for people shows beside the case.
type page struct {
	absent  []Absent
	answers []answer
	hung    []hung
	size    int
}

// hung is a picture on the page.
type hung struct {
	Picture
	Path string
	Src  template.URL // empty: it is no picture that a browser shows
}

// hang puts a picture on the page.
func (p *page) hang(pic Picture) {
	h := hung{Picture: pic, Path: pictureFolder + pic.File}
	switch {
	case pic.Media == model.MediaPDF:
	case p.size+len(pic.Body) > embedded:
		h.Src = template.URL(h.Path) // a plain name in our own folder
	default:
		p.size += len(pic.Body)
		h.Src = template.URL("data:" + string(pic.Media) + ";base64," + base64.StdEncoding.EncodeToString(pic.Body))
	}
	h.Body = nil // it is in its file, and on the page
	p.hung = append(p.hung, h)
}

// sheetOf is what the template is made with.
type sheetOf struct {
	*Case
	Title    string
	Readings []readingSet
	History  []entry
	Views    int // entries of the log that say that something was looked at
	Pictures []hung
	Answers  []answer
	Absent   []Absent
}

// readingSet is what was read from one document.
type readingSet struct {
	Title  string
	Fields []model.Field
}

// entry is an entry of the log with its place in it.
type entry struct {
	Index int64
	audit.Entry
}

func (p *page) write(w io.Writer, c *Case) error {
	t, err := template.New("page.html").Funcs(template.FuncMap{
		"at": shownAt, "sign": sign, "tone": tone, "number": decimal, "detail": details, "percent": percent, "link": linkWord,
		"passed": func(s model.CheckStatus) bool { return s.Tone() == model.ToneGood },
	}).ParseFS(files, "page.html")
	if err != nil {
		return err
	}
	s := sheetOf{Case: c, Title: "Case file " + c.Session.ID, Pictures: p.hung, Answers: p.answers, Absent: p.absent}
	for _, set := range []readingSet{{"Document", c.Session.OCR}, {"Second document", c.Session.OCR2}} {
		if len(set.Fields) > 0 {
			s.Readings = append(s.Readings, set)
		}
	}
	if s.History, err = history(c.Log); err != nil {
		return err
	}
	for _, e := range s.History {
		if e.Event == audit.View {
			s.Views++
		}
	}
	return t.Execute(w, s)
}

func history(log audit.Proven) ([]entry, error) {
	var all []entry
	for _, p := range log.Entries {
		e, err := audit.Decode([]byte(p.Line))
		if err != nil {
			return nil, err
		}
		all = append(all, entry{p.Index, e})
	}
	return all, nil
}

// Decided reports whether an entry tells of something that was done, and not only
// looked at.
func (e entry) Decided() bool { return e.Event != audit.View && e.Event != audit.Export }

// says puts the events of the log in words; docs/audit.md has them at length.
var says = map[audit.Event]string{
	audit.View: "was shown", audit.Reveal: "was shown in clear", audit.Export: "left the console", audit.Compare: "compared",
	audit.Claim: "claimed", audit.Release: "given back", audit.TakeOver: "taken over from somebody else",
	audit.Propose: "waits for a second person", audit.Withdraw: "withdrawn by who proposed it", audit.Decline: "not confirmed by a second person",
	audit.Void: "void: what it rests on has changed", audit.Plan: "is part of a bulk run", audit.Stop: "stopped before it was sent",
	audit.Delete: "what was kept here was erased", audit.Intent: "was about to be sent", audit.Outcome: "ended",
	audit.Undo: "was taken back, nothing was sent", audit.Refused: "was refused, nothing was sent", audit.Settle: "unknown outcome settled",
}

// Says puts the event in words.
func (e entry) Says() string {
	if text, ok := says[e.Event]; ok {
		return text
	}
	return string(e.Event)
}

// Deed names what the entry is about: the action, else what was shown or taken.
func (e entry) Deed() string {
	switch {
	case e.Action != "":
		return model.ActionKind(e.Action).Info().Title
	case e.Event == audit.Compare:
		return "Pictures"
	case e.Detail != "" && (e.Event == audit.View || e.Event == audit.Export || e.Event == audit.Reveal):
		return strings.ToUpper(e.Detail[:1]) + e.Detail[1:]
	}
	return "Session"
}

// How says how it ended.
func (e entry) How() string {
	words := []string{e.Reverses(), e.Result, string(e.Problem), e.Saw}
	if e.Action != "" {
		words = append(words, e.Detail)
	}
	if e.HTTP != 0 {
		words = append(words, "HTTP "+number(e.HTTP))
	}
	if e.Code != 0 {
		words = append(words, "code "+number(e.Code))
	}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), ", ")
}

// Notable are the findings that somebody should look at; what agrees says nothing new.
func (s sheetOf) Notable() []model.Finding {
	return slices.DeleteFunc(slices.Clone(s.Session.Findings), func(f model.Finding) bool { return f.Tone == model.ToneGood })
}

func shownAt(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}

// signs tell the tones apart without colour, as on the screen.
var signs = map[model.Tone]string{
	model.ToneNone: "–", model.ToneGood: "✓", model.ToneBad: "✗", model.ToneWarn: "!", model.ToneHuman: "◆", model.ToneQuery: "?",
}

// toneNames are the classes of the page's style.
var toneNames = map[model.Tone]string{
	model.ToneNone: "none", model.ToneGood: "good", model.ToneBad: "bad", model.ToneWarn: "warn", model.ToneHuman: "human", model.ToneQuery: "query",
}

// toned has a tone, or is one.
func toned(v any) model.Tone {
	switch v := v.(type) {
	case model.CheckStatus:
		return v.Tone()
	case model.Tone:
		return v
	}
	return model.ToneNone
}

func sign(v any) string { return signs[toned(v)] }
func tone(v any) string { return toneNames[toned(v)] }

// percent writes how certain a reading was.
func percent(c *float64) string {
	if c == nil {
		return ""
	}
	const all = 100
	return number(int(*c*all+0.5)) + " %"
}

var linkWords = map[string]string{
	model.LinkExisting: "the face is enrolled by this session",
	model.LinkIdentity: "passed session of the same identity",
	model.LinkDevice:   "same device",
	model.LinkIP:       "same IP address",
}

func linkWord(why string) string { return linkWords[why] }
