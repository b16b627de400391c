package notifying

// window knows how far a webhook's cursor may move: over what has a delivery, or
// is not wanted, and not beyond the first event that has none yet.
type window struct {
	// read: all events up to this number were looked at.
	read int64
	// open are those of them that are wanted, in order, from the first without a
	// delivery on.
	open []int64
	// done are those of open that have one.
	done map[int64]bool
}

func newWindow(cursor int64) *window { return &window{read: cursor, done: map[int64]bool{}} }

// take notes that everything up to a number was looked at, and what of it is wanted.
func (w *window) take(upTo int64, wanted ...int64) {
	w.open = append(w.open, wanted...)
	w.read = max(w.read, upTo)
}

// settle notes that an event has its delivery. What is not open is no matter here.
func (w *window) settle(seq int64) {
	if len(w.open) == 0 || seq < w.open[0] {
		return
	}
	w.done[seq] = true
	for len(w.open) > 0 && w.done[w.open[0]] {
		delete(w.done, w.open[0])
		w.open = w.open[1:]
	}
	if len(w.open) == 0 {
		w.open = nil // the space of what is behind us
		clear(w.done)
	}
}

// cursor is how far everything is settled.
func (w *window) cursor() int64 {
	if len(w.open) == 0 {
		return w.read
	}
	return w.open[0] - 1
}
