package group

// Waiting is how many wait for the next commit.
func (c *Commit) Waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.waiting)
}
