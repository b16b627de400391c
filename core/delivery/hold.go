package delivery

import "time"

// Hold says which process serves a webhook: with several servers one at a time
// does. Epoch rises with every claim, so that what an earlier holder learned too
// late is not written.
type Hold struct {
	Owner string
	Epoch int64
	// Until is on real time, never on the sandbox clock.
	Until time.Time
}

// Claim takes a webhook for owner until a time, and reports whether it could be had.
func (w *Webhook) Claim(owner string, now, until time.Time) bool {
	if !w.Serves() || now.Before(w.Hold.Until) {
		return false
	}
	w.Hold = Hold{Owner: owner, Epoch: w.Hold.Epoch + 1, Until: until}
	return true
}

// HeldAt reports whether the claim of an epoch still stands.
func (w *Webhook) HeldAt(epoch int64) bool { return w.Hold.Epoch == epoch && w.Hold.Owner != "" }

// Extend keeps it.
func (w *Webhook) Extend(until time.Time) { w.Hold.Until = until }

// Release lets go: the next may claim at once.
func (w *Webhook) Release() { w.Hold.Owner, w.Hold.Until = "", time.Time{} }
