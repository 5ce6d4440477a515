package ui

import (
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"docket/model"
	"docket/ui/dialog"
)

// Notify says how a console draws attention to sessions that come in.
type Notify string

// Ways of drawing attention.
const (
	NotifyOff     Notify = "off"
	NotifyBell    Notify = "bell"
	NotifyDesktop Notify = "desktop" // a notification of the terminal's
	NotifyBoth    Notify = "both"
)

const (
	// noticePause is the shortest time between two notices.
	noticePause = 10 * time.Second
	// noticeStart is how long after the start there is none: the inbox fills then.
	noticeStart = 5 * time.Second
	// ownFor is how long after an action of one's own a session that it has put in
	// review may turn up in the counts.
	ownFor = 5 * time.Second
)

// notices draw attention when sessions come to be reviewed that nobody here has put
// there.
type notices struct {
	bell    bool
	desktop func(text string) string // nil: none
	start   time.Time                // what comes before is part of filling the inbox
	next    time.Time                // the next notice goes no earlier
	counted bool                     // waiting is known
	waiting int64                    // sessions in review
	fresh   int64                    // of these, those that were not told of
	own     map[string]time.Time     // sessions put there from here, and until when that may show; zero: not yet
	quiet   time.Time                // until then whatever comes is from here
}

func newNotices(n Notify, env []string, now time.Time) notices {
	s := notices{bell: n == NotifyBell || n == NotifyBoth, start: now.Add(noticeStart), own: map[string]time.Time{}}
	if n == NotifyDesktop || n == NotifyBoth {
		s.desktop = desktopNotice(env)
	}
	return s
}

// desktopNotice is how the terminal of an environment is asked for a notification:
// OSC 9, or OSC 777 where only that is known. tmux passes neither on unless told to,
// then wrapped.
func desktopNotice(env []string) func(text string) string {
	notice := func(text string) string { return "\x1b]9;" + text + "\x1b\\" }
	if value(env, "VTE_VERSION") != "" || strings.HasPrefix(value(env, "TERM"), "rxvt") {
		notice = func(text string) string { return "\x1b]777;notify;docket;" + text + "\x1b\\" }
	}
	if value(env, "TMUX") == "" {
		return notice
	}
	return func(text string) string { return ansi.TmuxPassthrough(notice(text)) }
}

// toReview are the actions that put a session in review.
var toReview = map[model.ActionKind]bool{model.ActReview: true}

// begun notes that an action is on its way from here.
func (s *notices) begun(a model.Action) {
	if !toReview[a.Kind] {
		return
	}
	for _, id := range a.IDs {
		s.own[id] = time.Time{}
	}
}

// over notes that it has ended.
func (s *notices) over(a model.Action, now time.Time) {
	for _, id := range a.IDs {
		if _, there := s.own[id]; there {
			s.own[id] = now.Add(ownFor)
		}
	}
}

// count takes how many sessions are in review, and whether something here adds to
// them right now.
func (s *notices) count(n int64, here bool, now time.Time) {
	grown := n - s.waiting
	first := !s.counted
	s.waiting, s.counted = n, true
	for id, until := range s.own {
		if !until.IsZero() && now.After(until) {
			delete(s.own, id)
		}
	}
	for id := range s.own {
		if grown > 0 {
			delete(s.own, id)
			grown--
		}
	}
	if !first && !here && grown > 0 && !now.Before(s.start) && !now.Before(s.quiet) {
		s.fresh += grown
	}
	s.fresh = min(s.fresh, n)
}

// due returns what is to be sent to the terminal now, if anything. A locked console
// says no more than that there is something.
func (s *notices) due(now time.Time, locked bool) string {
	if s.fresh <= 0 || now.Before(s.next) {
		return ""
	}
	out := ""
	if s.desktop != nil && !locked {
		out = s.desktop(noticeText(s.fresh))
	}
	if s.bell {
		out += "\a"
	}
	s.fresh, s.next = 0, now.Add(noticePause)
	return out
}

// noticeText says how many sessions came. It stands on a desktop, where others may
// see it: nothing of whom.
func noticeText(n int64) string {
	if n == 1 {
		return "docket: 1 new session needs review"
	}
	return "docket: " + strconv.FormatInt(n, 10) + " new sessions need review"
}

// waiting takes how many sessions are in review.
func (r *Root) waiting(n int64) tea.Cmd {
	_, adding := r.dialogs.Top().(*dialog.Add)
	running := r.runs.busy() && toReview[r.runs.run.Order.Action.Kind]
	r.notices.count(n, adding || running, r.c.Now())
	return r.notice()
}

func (r *Root) notice() tea.Cmd { return sends(r.notices.due(r.c.Now(), r.locked)) }
