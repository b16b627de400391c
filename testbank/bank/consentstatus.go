package bank

import "time"

// ConsentStatus tells a third party how a consent stands, without moving it: PENDING, GRANTED, REFUSED, REVOKED or
// EXPIRED, and until when it is valid once granted. Refusal: NotFound.
func (b *Bank) ConsentStatus(id string) (status string, validUntil time.Time, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.consents[id]
	if c == nil {
		return "", time.Time{}, refuse(NotFound, "There is no such consent.")
	}
	switch {
	case c.stage == StageRefused, c.stage == StageRevoked:
		return string(c.stage), c.validUntil, nil
	case c.stage == StageGranted && b.valid(c) != nil:
		return "EXPIRED", c.validUntil, nil
	case c.stage == StageGranted:
		return string(c.stage), c.validUntil, nil
	case b.clock.real().After(c.expires):
		return "EXPIRED", c.validUntil, nil
	}
	return "PENDING", time.Time{}, nil
}
