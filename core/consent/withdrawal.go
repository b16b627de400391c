package consent

import (
	"time"

	"github.com/tributary-dev/tributary/core/ident"
)

// Withdrawal is an order to tell a bank that a consent has ended. It holds what
// that takes, because connection, user and key may be gone meanwhile.
type Withdrawal struct {
	ConsentID         ident.Consent
	ClientID          ident.Client
	UserID            ident.User
	ConnectionID      ident.Connection
	ProviderID        string
	ChannelDefinition string
	// SealedKey is the user's data key, SealedSecrets what it seals.
	SealedKey     []byte
	SealedSecrets []byte
	CreatedAt     time.Time
	// Attempts were made in vain; the next one is at DueAt. Both are on real time.
	Attempts int
	DueAt    time.Time
}

// patience is how long a bank is told again, and rest the longest pause.
const (
	patience = 7 * day
	rest     = 6 * time.Hour
)

// Failed plans another attempt, or reports that there is none.
func (w *Withdrawal) Failed(now time.Time) (again bool) {
	w.Attempts++
	pause := min(time.Minute<<min(w.Attempts-1, 10), rest)
	w.DueAt = now.Add(pause)
	return w.DueAt.Before(w.CreatedAt.Add(patience))
}
