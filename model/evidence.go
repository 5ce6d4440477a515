package model

import (
	"slices"
	"time"
)

// Seen is a picture that was on a person's screen.
type Seen struct {
	Session string     `json:"session"` // interview id of the session that it is of
	Ref     PictureRef `json:"picture"`
	SHA256  string     `json:"sha256"` // of its bytes as they came, 64 hexadecimal digits
}

// Sight is what a person saw in comparing two pictures.
type Sight string

// The answers there are.
const (
	SamePerson Sight = "same person"
	Different  Sight = "different"
	CannotTell Sight = "cannot tell"
)

// Comparison is what a person recorded of two pictures side by side.
type Comparison struct {
	A   Seen      `json:"a"`
	B   Seen      `json:"b"`
	Saw Sight     `json:"saw"`
	At  time.Time `json:"at"`
}

// Evidence is which pictures a person had on the screen before they decided, and
// what they recorded of them. There is no picture in it and no value read from one.
type Evidence struct {
	Pictures []Seen       `json:"pictures,omitempty"` // in the order in which they were first shown
	Compared []Comparison `json:"compared,omitempty"` // the latest last
}

// Empty reports whether nothing was looked at.
func (e Evidence) Empty() bool { return len(e.Pictures) == 0 && len(e.Compared) == 0 }

// Latest returns what was recorded last; empty: nothing.
func (e Evidence) Latest() Sight {
	if len(e.Compared) == 0 {
		return ""
	}
	return e.Compared[len(e.Compared)-1].Saw
}

// Clone returns a copy that shares nothing.
func (e Evidence) Clone() Evidence {
	return Evidence{Pictures: slices.Clone(e.Pictures), Compared: slices.Clone(e.Compared)}
}
