package dialog

import (
	"cmp"
	"slices"

	"docket/model"
	"docket/ui/widget"
)

// asks returns what the dialog of an action asks for; reason and texts begin as
// in the draft.
func (d *Decision) asks(info model.ActionInfo, draft model.Action) []field {
	out := d.words(info, draft, d.overturns != nil && info.Reverses)
	if info.Kind == model.ActDelete {
		out = append(out, d.deletion()...)
	}
	if d.plan.NeedsForce {
		out = append(out, d.force())
	}
	return out
}

// words asks for what an action says, of one session or of many; reversed says that it
// takes a decision back, which needs a reason.
func (f *form) words(info model.ActionInfo, draft model.Action, reversed bool) []field {
	var out []field
	if info.Reasons || reversed {
		out = append(out, f.reason(info.Kind, draft)...)
	}
	if info.Message != "" {
		out = append(out, f.message(info, draft))
	}
	switch info.Kind {
	case model.ActExpire:
		out = append(out, conditions())
	case model.ActEnroll:
		out = append(out, components())
	case model.ActFlag:
		out = append(out, flags())
	}
	return out
}

// reason asks for a code of the catalogue, with nothing chosen unless the draft
// has it, and a note.
func (f *form) reason(kind model.ActionKind, draft model.Action) []field {
	reasons, lang := f.c.Desk.Reasons(kind), f.c.Desk.Policy().ReasonsLang
	pick := &choice{
		label: "Reason", need: "a reason: enter chooses", chosen: -1,
		set: func(a *model.Action, i int) { a.Reason = reasons[i].Code },
	}
	for i, r := range reasons {
		if r.Code == draft.Reason {
			pick.at, pick.chosen = i, i
		}
		pick.options = append(pick.options, answer{name: r.Code, says: r.Text(lang), group: areaMark(r.Area)})
	}
	note := &textBox{
		field: widget.NewField("", draft.Note), label: "Note", says: "stays here",
		need: func() string {
			if pick.chosen >= 0 && reasons[pick.chosen].NeedsNote {
				return "a note, which the reason " + reasons[pick.chosen].Code + " needs"
			}
			return ""
		},
		set: func(a *model.Action, text string) { a.Note = text },
	}
	return []field{pick, note}
}

// areaMark is what the list of reasons says of an area. That a reason belongs nowhere
// helps nobody to find it.
func areaMark(a model.Area) string {
	if a == model.AreaOther {
		return ""
	}
	return string(a)
}

// message asks for the text that goes to the API.
func (f *form) message(info model.ActionInfo, draft model.Action) field {
	if info.Kind == model.ActSMS {
		return smsText(cmp.Or(draft.Message, f.c.Desk.Policy().SMSText))
	}
	says := "goes to Incode as a reason"
	if info.Kind == model.ActAntifraud {
		says = "goes to Incode in the address of the request: no personal data"
	}
	return &textBox{
		field: widget.NewField("", draft.Message), label: "Text", says: says,
		need: func() string { return "a " + info.Message },
		set:  func(a *model.Action, text string) { a.Message = text },
	}
}

// smsText asks for what an SMS says.
func smsText(text string) field {
	box := &textBox{
		field: widget.NewField("", text), label: "SMS", says: model.SMSPlaceholder + " is where the link goes",
		set: func(a *model.Action, text string) { a.Message = text },
	}
	box.wrong = func(text string) string {
		_, do := model.SMSWrong(text)
		return do
	}
	box.need = func() string { return box.wrong(box.text()) }
	return box
}

// flags asks what needs a check by hand, and what does not any more.
func flags() field {
	f := &ticks{
		label: "Check by hand", need: "what it is about: space ticks", on: make([]bool, len(model.Flags())),
		set: func(a *model.Action, on []bool) { a.Flags = ticked(model.Flags(), on) },
	}
	says := map[string]string{
		model.FlagIDCheck: "the document needs one", model.FlagNoIDCheck: "the document needs none any more",
		model.FlagSelfieCheck: "the selfie needs one", model.FlagNoSelfieCheck: "the selfie needs none any more",
	}
	for _, name := range model.Flags() {
		f.options = append(f.options, answer{name: name, says: says[name]})
	}
	return f
}

func conditions() field {
	names := []string{model.ExpireIncomplete, model.ExpireNeedsReview}
	return &ticks{
		label: "Expire it if it is", need: "a condition: space ticks", on: make([]bool, len(names)),
		options: []answer{{name: names[0], says: "the customer has not finished"}, {name: names[1], says: "it waits for a person"}},
		set:     func(a *model.Action, on []bool) { a.Conditions = ticked(names, on) },
	}
}

// components asks what to enrol: all of it at first, which is what the API does
// without being told.
func components() field {
	names := model.ApproveComponents()
	f := &ticks{label: "Enrol with", need: "at least one component: space ticks", on: make([]bool, len(names))}
	for i, n := range names {
		f.options, f.on[i] = append(f.options, answer{name: n}), true
	}
	f.set = func(a *model.Action, on []bool) {
		if slices.Contains(on, false) {
			a.Components = ticked(names, on)
		}
	}
	return f
}

func ticked(names []string, on []bool) []string {
	var out []string
	for i, n := range names {
		if on[i] {
			out = append(out, n)
		}
	}
	return out
}

// lastOf is how many characters of the id a deletion asks for.
const lastOf = 6

func (d *Decision) deletion() []field {
	end := tailOf(d.s.ID)
	return []field{
		&choice{
			label: "Identity", need: "what becomes of the identity: enter chooses", chosen: -1,
			options: []answer{
				{name: "keep", says: "the person stays enrolled at Incode"},
				{name: "delete", says: "the identity goes as well", warn: true},
			},
			set: func(a *model.Action, i int) { a.KeepIdentity = i == 0 },
		},
		&ticks{
			on: make([]bool, 1), options: []answer{{name: "notify", says: "the client's system is told"}},
			set: func(a *model.Action, on []bool) { a.Notify = on[0] },
		},
		&textBox{
			field: widget.NewField("", ""), label: "Last " + digit(lastOf) + " characters of the id", says: "so that it is this one: " + d.s.ID, match: end,
			need: func() string { return "the last " + digit(lastOf) + " characters of the id" },
			set:  func(*model.Action, string) {},
		},
	}
}

func tailOf(id string) string {
	r := []rune(id)
	return string(r[max(len(r)-lastOf, 0):])
}

func digit(n int) string { return string(rune('0' + n)) }

// force asks for the override, by a key that enter is not.
func (d *Decision) force() field {
	name, says := "decide although the verdict is "+string(d.plan.Verdict), "it does not wait for a person"
	switch {
	case d.plan.Verdict == "" && d.s.Parts[model.PartScore].Problem != nil:
		name, says = "decide although the score was not read", "nobody knows what it says"
	case d.plan.Verdict == "":
		name, says = "decide although there is no verdict", "Incode has given none yet"
	}
	return &ticks{
		label: "Override", each: "the override: space ticks it", on: make([]bool, 1),
		options: []answer{{name: name, says: says, warn: true}},
		set:     func(a *model.Action, on []bool) { a.Override = on[0] },
	}
}
