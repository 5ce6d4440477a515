package common

// Pace is when what a message brings has to be on the screen of a console that draws as
// little as it can.
type Pace uint8

// Paces. A message that says nothing about it is drawn at once.
const (
	AtOnce Pace = iota
	Soon        // with whatever else comes within a moment: nobody pressed a key for it
	Unseen      // it changes nothing that is seen
)

// Paced is a message that need not be drawn at once.
type Paced interface{ Pace() Pace }

// Pace implements Paced: every page that is open reads again.
func (Changed) Pace() Pace { return Soon }

// Pace implements Paced.
func (Waiting) Pace() Pace { return Soon }
