package consent

import (
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
)

// Record is what a bank says of a consent; what it does not say is empty.
type Record struct {
	ID         string
	ValidUntil time.Time
	Accounts   []string
	Scopes     []string
}

// Confirm makes a pending consent stand, as the bank recorded it and for at most
// so many days from now; 0 days do not bound it.
func (c *Consent) Confirm(record Record, days int, now time.Time) {
	if c.Status != Pending {
		return
	}
	c.Status, c.ConfirmedAt = Active, now
	c.note(record)
	c.ValidUntil = limited(record.ValidUntil, days, now)
	c.enter(Confirmed, ByBank, now)
	data := event.Data{}
	if c.Replaces != "" {
		data["replaces"] = string(c.Replaces)
	}
	c.tell(event.ConsentGiven, data)
	c.plan()
}

// note takes over what the bank says.
func (c *Consent) note(record Record) {
	if record.ID != "" {
		c.BankID = record.ID
	}
	if !record.ValidUntil.IsZero() {
		c.BankUntil = record.ValidUntil
	}
	if len(record.Accounts) > 0 {
		c.Accounts = slices.Clone(record.Accounts)
	}
	if len(record.Scopes) > 0 {
		c.Scopes = slices.Clone(record.Scopes)
	}
}

// Another reports whether the bank speaks of another agreement than this one:
// under another name, or for longer. Stores keep less of an instant than clocks
// tell: what is within one second is the same.
func (c *Consent) Another(record Record) bool {
	renamed := c.BankID != "" && record.ID != "" && record.ID != c.BankID
	longer := !c.BankUntil.IsZero() && record.ValidUntil.Truncate(time.Second).After(c.BankUntil)
	return c.Status == Active && (renamed || longer)
}

// Heed notes what the bank says of a consent that stands. Its end may come
// earlier by that, never later: that would take the user.
func (c *Consent) Heed(record Record, now time.Time) {
	if c.Status != Active {
		return
	}
	c.note(record)
	if record.ValidUntil.IsZero() || (!c.ValidUntil.IsZero() && !record.ValidUntil.Before(c.ValidUntil)) {
		return
	}
	c.ValidUntil = record.ValidUntil
	c.enter(Shortened, ByBank, now)
	c.plan()
}

// Look does what time asks for: it gives the nearest notice that is due, or ends
// the consent. It reports whether it ended it.
func (c *Consent) Look(now time.Time) (ended bool) {
	switch {
	case c.Status != Active || c.ValidUntil.IsZero():
	case !now.Before(c.ValidUntil):
		return c.expire(ByTime, now)
	default:
		if days := c.notice(now); days > 0 {
			c.Noticed = days
			c.enter(Noticed, ByTime, now)
			c.News[len(c.News)-1].Days = days
			c.tell(event.ConsentExpiring, event.Data{"days": days})
		}
	}
	c.plan()
	return false
}

// End ends it because the bank says that it has ended.
func (c *Consent) End(now time.Time) (ended bool) { return c.expire(ByBank, now) }

func (c *Consent) expire(by Actor, now time.Time) bool {
	if !c.close(Expired, WasExpired, by, now) {
		return false
	}
	c.tell(event.ConsentExpired, event.Data{"by": string(by)})
	return true
}

// Revoke withdraws it, at once; a second time changes nothing.
func (c *Consent) Revoke(by Actor, now time.Time) (ended bool) {
	stood := c.Status == Active
	ended = c.close(Revoked, Withdrawn, by, now)
	if ended && stood { // of one that never stood, nobody was told
		c.tell(event.ConsentRevoked, event.Data{"by": string(by)})
	}
	return ended
}

// Reject gives up one that does not stand yet. One that does stays.
func (c *Consent) Reject(by Actor, now time.Time) (ended bool) {
	return c.Status == Pending && c.close(Rejected, Refused, by, now)
}

// Replace makes room for a newer one, which begins where this one ends. One that
// had ended already is not changed.
func (c *Consent) Replace(next *Consent, now time.Time) {
	next.Replaces = c.ID
	if c.close(Replaced, Superseded, ByUser, now) {
		c.ReplacedBy = next.ID
	}
}

// Renewal is a new consent by the same words, pending.
func (c *Consent) Renewal(id ident.Consent, by Actor, now time.Time) *Consent {
	return New(Order{
		ID: id, ClientID: c.ClientID, UserID: c.UserID, ConnectionID: c.ConnectionID, ProviderID: c.ProviderID,
		ChannelDefinition: c.ChannelDefinition, Terms: c.Terms, By: by,
	}, now)
}

func (c *Consent) close(status Status, what Happening, by Actor, now time.Time) bool {
	if c.Status.Final() {
		return false
	}
	c.Status, c.EndedAt = status, now
	c.enter(what, by, now)
	c.plan()
	return true
}

func (c *Consent) tell(name event.Name, data event.Data) {
	data["consent_id"] = string(c.ID)
	if !c.ValidUntil.IsZero() {
		data["valid_until"] = c.ValidUntil.UTC().Format(time.RFC3339)
	}
	c.Record(event.Draft{Name: name, UserID: c.UserID, ConnectionID: c.ConnectionID, ChannelDefinition: c.ChannelDefinition, Data: data})
}
