package delivery

import "time"

// Secret is one of a webhook, sealed.
type Secret struct {
	Sealed []byte
	// PublicKey is what the client may see of an Ed25519 secret.
	PublicKey string
	CreatedAt time.Time
	// Until is when it signs no more; the zero time is never.
	Until time.Time
}

// Overlap is how long two secrets sign after one took the place of the other,
// unless the client says.
const (
	Overlap    = 24 * time.Hour
	MaxOverlap = 7 * 24 * time.Hour
	// maxSecrets bounds how many sign at once: each makes the header longer.
	maxSecrets = 5
)

// Rotate puts a secret before those that there are. They go on signing for the
// overlap, if they do not end before.
func (w *Webhook) Rotate(made Secret, overlap time.Duration, now time.Time) {
	end := now.Add(overlap)
	kept := []Secret{made}
	for _, old := range w.Secrets {
		if old.Until.IsZero() || old.Until.After(end) {
			old.Until = end
		}
		if old.Until.After(now) && len(kept) < maxSecrets {
			kept = append(kept, old)
		}
	}
	w.Secrets = kept
}
