package common

// Sight is what a person saw in comparing two pictures.
type Sight string

// The answers there are.
const (
	SamePerson Sight = "same person"
	Different  Sight = "different"
	CannotTell Sight = "cannot tell"
)

// Compared keeps what was seen of each session, until the program ends. Its zero
// value is ready.
type Compared struct{ seen map[string]Sight }

// Saw keeps what was seen.
func (c *Compared) Saw(id string, s Sight) {
	if c.seen == nil {
		c.seen = map[string]Sight{}
	}
	c.seen[id] = s
}

// Of returns what was seen; empty: the faces were not compared.
func (c *Compared) Of(id string) Sight { return c.seen[id] }
