package consent

// Status is where a consent stands.
type Status string

// Statuses. All but the first two are final.
const (
	// Pending was given by the user; the bank has not confirmed it yet.
	Pending Status = "PENDING"
	Active  Status = "ACTIVE"
	Expired Status = "EXPIRED"
	Revoked Status = "REVOKED"
	// Replaced made room for a newer one.
	Replaced Status = "REPLACED"
	// Rejected never came to be: the user or the bank thought better of it.
	Rejected Status = "REJECTED"
)

// Statuses lists them.
func Statuses() []Status { return []Status{Pending, Active, Expired, Revoked, Replaced, Rejected} }

// Final reports whether nothing can change any more.
func (s Status) Final() bool { return s != Pending && s != Active }
