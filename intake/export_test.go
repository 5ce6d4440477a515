package intake

import "docket/store"

// Wake makes every loop look for work now, whatever time it is for it.
func (w *Worker) Wake() {
	w.Poke()
	w.wake()
}

// Placed is what becomes of webhooks.
func Placed(all []store.Delivery) store.Placed {
	p, _ := placed(all)
	return p
}
