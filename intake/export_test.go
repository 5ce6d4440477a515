package intake

// Wake makes every loop look for work now, whatever time it is for it.
func (w *Worker) Wake() {
	w.Poke()
	w.wake()
}
