package uitest

import (
	"context"
	"time"
	_ "unsafe" // for go:linkname

	"docket/desk"
	"docket/model"
)

// Package desk alone makes submissions, so that nothing else can send. The fake
// desk needs real ones to hand out: it borrows the constructor and the two
// steps of its life.

//go:linkname newSubmission docket/desk.newSubmission
func newSubmission(a model.Action, until time.Time, cancel context.CancelFunc) *desk.Submission

//go:linkname begin docket/desk.(*Submission).begin
func begin(s *desk.Submission) bool

//go:linkname end docket/desk.(*Submission).end
func end(s *desk.Submission, outcomes []model.Outcome)
