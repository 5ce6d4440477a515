package keymap

import "slices"

// The names of the actions.
const (
	Up         ID = "up"
	Down       ID = "down"
	First      ID = "first"
	Last       ID = "last"
	HalfDown   ID = "half-down"
	HalfUp     ID = "half-up"
	Open       ID = "open"
	Back       ID = "back"
	NextPane   ID = "next-pane"
	PrevPane   ID = "previous-pane"
	PaneN      ID = "pane"
	NextView   ID = "next-view"
	PrevView   ID = "previous-view"
	ViewN      ID = "view"
	NextOne    ID = "next-session"
	PrevOne    ID = "previous-session"
	Search     ID = "search"
	NextHit    ID = "next-hit"
	PrevHit    ID = "previous-hit"
	Filter     ID = "filter"
	SortBy     ID = "sort"
	Mark       ID = "mark"
	MarkAll    ID = "mark-all"
	Approve    ID = "approve"
	Reject     ID = "reject"
	Review     ID = "needs-review"
	AskAgain   ID = "ask-again"
	RareMenu   ID = "rare"
	Antifraud  ID = "antifraud"
	Expire     ID = "expire"
	Enroll     ID = "enroll"
	CloseIt    ID = "close"
	Reopen     ID = "reopen"
	Delete     ID = "delete"
	SMS        ID = "sms"
	Flag       ID = "flag"
	Undo       ID = "undo"
	Claim      ID = "claim"
	TakeNext   ID = "take-next"
	Confirm    ID = "confirm"
	Note       ID = "note"
	Tags       ID = "tags"
	Add        ID = "add"
	CopyID     ID = "copy-id"
	CopyMenu   ID = "copy"
	ShowCopied ID = "show-copied"
	RawJSON    ID = "raw"
	Fold       ID = "fold"
	OwnToken   ID = "session-token"
	Settle     ID = "settle"
	Refresh    ID = "refresh"
	Reveal     ID = "reveal"
	Lock       ID = "lock"
	Activity   ID = "activity"
	Stats      ID = "statistics"
	AuditLog   ID = "audit-log"
	NextTime   ID = "next-period"
	PrevTime   ID = "previous-period"
	Palette    ID = "palette"
	Help       ID = "help"
	Mouse      ID = "mouse"
	Login      ID = "login"
	Images     ID = "images"
	Compare    ID = "compare"
	NextImage  ID = "next-picture"
	PrevImage  ID = "previous-picture"
	OtherSide  ID = "other-side"
	Earlier    ID = "earlier-session"
	PanLeft    ID = "pan-left"
	PanRight   ID = "pan-right"
	PanUp      ID = "pan-up"
	PanDown    ID = "pan-down"
	ZoomIn     ID = "zoom-in"
	ZoomOut    ID = "zoom-out"
	Fit        ID = "fit"
	Rotate     ID = "rotate"
	Saw        ID = "what-i-saw"
	Download   ID = "download"
	StartRun   ID = "start-run"
	StopRun    ID = "stop-run"
	Runs       ID = "runs"
	Failures   ID = "failures"
	CopyList   ID = "copy-list"
	SaveList   ID = "save-list"
	Quit       ID = "quit"
	Suspend    ID = "suspend"
)

// Defaults returns every action with its default keys, group by group. The order is
// that of help and palette.
func Defaults() []Action {
	all := slices.Concat(sessionActions(), pictureActions(), bulkActions(), consoleActions())
	slices.SortStableFunc(all, func(a, b Action) int { return slices.Index(groups[:], a.Group) - slices.Index(groups[:], b.Group) })
	return all
}

// feet are places in the footer that an action has on one page only: in a session the
// faces come before what can be done from the inbox as well.
var feet = map[Scope]map[ID]int{
	InSession: {Claim: 52, Download: 66, TakeNext: 68, Open: 72, Search: 74},
}

// sessionActions are for going through sessions, deciding on them and looking.
func sessionActions() []Action {
	const lists, rows, many = Lists, Lists | InBulk | InStats, InSession | InInbox
	digits := []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}
	return []Action{
		{Down, []string{"j", "down"}, "down", "move down", Move, rows, 0},
		{Up, []string{"k", "up"}, "up", "move up", Move, rows, 0},
		{First, []string{"g", "home"}, "first", "go to the first", Move, rows, 0},
		{Last, []string{"G", "end"}, "last", "go to the last", Move, rows, 0},
		{HalfDown, []string{"ctrl+d", "pgdown"}, "half down", "move down half a page", Move, rows, 0},
		{HalfUp, []string{"ctrl+u", "pgup"}, "half up", "move up half a page", Move, rows, 0},
		{Open, []string{"enter"}, "open", "open what is selected", Move, InInbox | InSession | InBulk, 10},
		{Fold, []string{"enter", "space"}, "fold", "fold or unfold the value", Move, InRaw, 10},
		{Back, []string{"esc"}, "back", "go back", Move, Everywhere, 90},
		{NextPane, []string{"tab"}, "pane", "next pane", Move, InSession, 50},
		{PrevPane, []string{"shift+tab"}, "", "previous pane", Move, InSession, 0},
		{PaneN, digits, "", "pane by its number", Move, InSession, 0},
		{NextView, []string{"tab"}, "view", "next view", Move, InInbox, 50},
		{PrevView, []string{"shift+tab"}, "", "previous view", Move, InInbox, 0},
		{ViewN, digits, "", "view by its number", Move, InInbox, 0},
		{NextOne, []string{"]"}, "next", "next session", Move, InSession, 60},
		{PrevOne, []string{"["}, "", "previous session", Move, InSession, 0},
		{NextTime, []string{"]", "tab"}, "longer period", "a longer period", Move, InStats, 50},
		{PrevTime, []string{"[", "shift+tab"}, "shorter", "a shorter period", Move, InStats, 52},

		{Search, []string{"/"}, "search", "search as you type", Find, lists, 30},
		{NextHit, []string{"n"}, "", "next hit", Find, InSession | InRaw, 0},
		{PrevHit, []string{"N"}, "", "previous hit", Find, InSession | InRaw, 0},
		{Filter, []string{"f"}, "filter", "choose view and filters", Find, InInbox, 32},
		{SortBy, []string{"s"}, "sort", "choose the order", Find, InInbox, 34},
		{Mark, []string{"space"}, "mark", "mark the session", Find, InInbox, 36},
		{MarkAll, []string{"A"}, "", "mark every session of the list", Find, InInbox, 0},

		{Approve, []string{"a"}, "approve", "approve the session, in the inbox all that are marked", Decide, many, 2},
		{Reject, []string{"x"}, "reject", "reject the session, in the inbox all that are marked", Decide, many, 3},
		{Review, []string{"m"}, "needs review", "set the session to needs review, in the inbox all that are marked", Decide, many, 4},
		{AskAgain, []string{"b"}, "ask again", "where the customer is stuck, what to tell them, their link", Decide, InSession, 6},
		{Confirm, []string{"w"}, "confirm", "confirm or decline what waits for a second person", Decide, InInbox | InSession, 1},
		{Claim, []string{"c"}, "claim", "claim the session, or give it back", Decide, InInbox | InSession, 12},
		{TakeNext, []string{"."}, "take next", "claim and open the next session that nobody has", Decide, InInbox | InSession, 11},
		{Undo, []string{"u"}, "undo", "take back a decision while its send is held back", Decide, Everywhere, 5},

		{RareMenu, []string{"!"}, "rare", "menu of rare actions", Rare, many, 70},
		{Antifraud, nil, "", "exempt from future antifraud checks", Rare, many, 0},
		{Expire, nil, "", "expire the session", Rare, many, 0},
		{Enroll, nil, "", "create the identity of this person", Rare, many, 0},
		{CloseIt, nil, "", "close the session for the customer", Rare, many, 0},
		{Reopen, nil, "", "reopen the session for the customer", Rare, many, 0},
		{SMS, nil, "", "send the customer their link by SMS", Rare, InSession, 0},
		{Flag, nil, "", "ask for a check by hand of the document or the selfie", Rare, InSession, 0},
		{Delete, nil, "", "delete the personal data, at the API and here", Rare, InSession, 0},
		{Settle, nil, "", "settle an unknown outcome after looking yourself", Rare, InSession, 0},
		{OwnToken, nil, "", "fetch what needs the session's own token (life, custom fields)", Rare, InSession, 0},

		{RawJSON, []string{"J"}, "JSON", "raw JSON of the pane", Look, InSession, 62},
		{Refresh, []string{"R"}, "refresh", "refresh", Look, Everywhere, 64},
		{Activity, []string{"L"}, "activity", "requests, limits, latencies, errors", Look, InInbox | InSession | InRaw, 66},
		{Stats, nil, "", "statistics: decisions, reasons, ageing", Look, InInbox | InSession | InRaw | InActivity, 0},
		{AuditLog, nil, "", "the audit log: who saw and did what", Look, InInbox | InSession | InRaw | InActivity, 0},
		{Images, []string{"i"}, "images", "the pictures of the session, one at a time", Look, InSession | InCompare, 42},
		{Compare, []string{"v"}, "compare", "two pictures side by side", Look, InSession | InImages, 41},
	}
}

// pictureActions are for looking at pictures.
func pictureActions() []Action {
	const pictures = InImages | InCompare
	return []Action{
		{Saw, []string{"enter"}, "record", "record what you saw: same person, different, cannot tell", Look, InCompare, 10},
		{PrevImage, []string{"<"}, "picture", "previous picture", Look, pictures, 12},
		{NextImage, []string{">"}, "picture", "next picture", Look, pictures, 12},
		{OtherSide, []string{"tab", "shift+tab"}, "side", "go to the other side", Look, InCompare, 14},
		{Earlier, []string{"o"}, "earlier", "pictures of the earlier session of the same person, or back", Look, InCompare, 16},
		{ZoomIn, []string{"+", "="}, "zoom", "zoom in", Look, pictures, 20},
		{ZoomOut, []string{"-"}, "zoom", "zoom out", Look, pictures, 20},
		{PanLeft, []string{"h", "left"}, "pan", "pan left; in images the picture before, while all of it is seen", Look, pictures, 22},
		{PanDown, []string{"j", "down"}, "pan", "pan down; in images the next picture, while all of it is seen", Look, pictures, 22},
		{PanUp, []string{"k", "up"}, "pan", "pan up; in images the picture before, while all of it is seen", Look, pictures, 22},
		{PanRight, []string{"l", "right"}, "pan", "pan right; in images the next picture, while all of it is seen", Look, pictures, 22},
		{Rotate, []string{"r"}, "rotate", "turn by a quarter", Look, pictures, 24},
		{Fit, []string{"0"}, "fit", "the whole picture again", Look, pictures, 48},
		{Download, []string{"D"}, "save", "save pictures of the session in a folder", Look, InSession | pictures, 44},
	}
}

// bulkActions are for one action on many sessions.
func bulkActions() []Action {
	return []Action{
		{StartRun, []string{"ctrl+s"}, "start", "start the bulk run, after its dry run", Many, InBulk, 1},
		{StopRun, []string{"s"}, "stop", "stop the bulk run", Many, InBulk, 2},
		{Failures, []string{"f"}, "failures", "only what was refused or is unknown, or all again", Many, InBulk, 32},
		{CopyList, []string{"Y"}, "copy", "copy the list as CSV", Many, InBulk, 40},
		{SaveList, []string{"D"}, "save", "save the list as CSV", Many, InBulk, 42},
		{Runs, []string{"B"}, "", "the bulk run under way, or one that was not finished", Many, InInbox | InSession | InBulk, 0},
	}
}

// consoleActions are for what is kept of a session, and for the console itself.
func consoleActions() []Action {
	return []Action{
		{Reveal, []string{"*"}, "", "mask or reveal personal values; of masked ones some, with a reason", Look, Everywhere, 0},

		{Note, []string{"t"}, "note", "write a note", Keep, InSession, 0},
		{Tags, []string{"T"}, "tags", "edit the tags", Keep, InSession, 0},
		{Add, []string{"ctrl+n"}, "add ids", "add sessions by their ids", Keep, InInbox, 40},
		{CopyID, []string{"y"}, "copy id", "copy the interview id", Keep, InInbox | InSession | InRaw | InBulk, 0},
		{CopyMenu, []string{"Y"}, "", "copy the id, a field, JSON or a curl", Keep, InSession, 0},
		{ShowCopied, nil, "", "show copied: what was copied last, as text to select", Keep, Everywhere, 0},

		{Palette, []string{":", "ctrl+p"}, "all", "every action by name", Console, Everywhere, 80},
		{Help, []string{"?"}, "help", "the keys of this page", Console, Everywhere, 85},
		{Login, nil, "", "log in as an executive", Console, Everywhere, 0},
		{Lock, []string{"Z"}, "", "lock the console", Console, Everywhere, 0},
		{Mouse, nil, "", "mouse on or off", Console, Everywhere, 0},
		{Suspend, []string{"ctrl+z"}, "", "suspend; served over SSH: lock", Console, Everywhere, 0},
		{Quit, []string{"q", "ctrl+c"}, "quit", "quit", Console, Everywhere, 95},
	}
}
