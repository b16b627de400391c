package bank

import (
	"encoding/json"
	"time"
)

// Kept is what outlives a restart of a third party's consent.
type Kept struct {
	ID         string    `json:"id"`
	ThirdParty string    `json:"third_party"`
	Login      string    `json:"login"`
	Accounts   []string  `json:"accounts"` // their refs
	ValidUntil time.Time `json:"valid_until"`
	Granted    time.Time `json:"granted"`
	Acted      time.Time `json:"acted"`
	Recurring  bool      `json:"recurring"`
	List       bool      `json:"list,omitempty"`
	Balances   bool      `json:"balances,omitempty"`
	// Access says that it is no consent, but the leave to ask for some (OAuth before the consent).
	Access bool `json:"access,omitempty"`
	Tokens bool `json:"tokens,omitempty"`
	Ended  bool `json:"ended,omitempty"`
	// Client is no consent, but what a third party said of itself when it registered.
	Client json.RawMessage `json:"client,omitempty"`
	// Intent is that of UK Open Banking.
	Intent   *Intent `json:"intent,omitempty"`
	Replaced bool    `json:"replaced,omitempty"`
	Whole    bool    `json:"whole,omitempty"`
	Recent   int     `json:"recent,omitempty"`
	Lasting  bool    `json:"lasting,omitempty"`
	// Leave is what its third party told the bank last, of this or of another consent of the customer.
	Leave *Leave `json:"leave,omitempty"`
}

// noted tells who keeps consents how one stands. The lock is held.
func (b *Bank) noted(c *consent) {
	if b.keep == nil || c.request == nil {
		return
	}
	kept := Kept{
		ID: c.id, ThirdParty: c.request.ThirdParty, Login: c.login, Accounts: c.accounts, ValidUntil: c.validUntil, Granted: c.granted,
		Acted: c.request.acted, Recurring: c.request.Recurring, List: c.request.List, Balances: c.request.Balances, Access: c.request.access, Tokens: c.request.Tokens, Ended: c.stage == StageRevoked, Replaced: c.request.replaced,
		Whole: c.request.Whole, Recent: c.request.Recent, Lasting: c.request.Lasting, Intent: c.request.Intent,
	}
	if leave, told := b.leaves[c.pair()]; told && c.request.Whole {
		kept.Leave = &leave
	}
	b.keep(kept)
}

// remember brings back what was kept. Of customers who are gone nothing is left.
func (b *Bank) remember(all []Kept) {
	for _, k := range all {
		if k.Client != nil {
			b.clients[k.ThirdParty] = k.Client
			continue
		}
		if _, known := b.personas[k.Login]; !known {
			continue
		}
		c := &consent{
			id: k.ID, stage: StageGranted, login: k.Login, accounts: k.Accounts, validUntil: k.ValidUntil, granted: k.Granted, old: true,
			request: &Request{ThirdParty: k.ThirdParty, Recurring: k.Recurring, List: k.List, Balances: k.Balances, ValidUntil: k.ValidUntil, replaced: k.Replaced, access: k.Access, Tokens: k.Tokens, acted: k.Acted, Whole: k.Whole, Recent: k.Recent, Lasting: k.Lasting, Intent: k.Intent},
		}
		if k.Leave != nil {
			b.leaves[c.pair()] = *k.Leave
		}
		if k.Ended {
			c.stage = StageRevoked
			if k.Intent != nil {
				c.intend(func(i *Intent) { i.withdrawn = true })
			}
		}
		b.consents[c.id] = c
	}
}

// renewable gives the consent of a refresh token, also of one from before a restart: that such a one works once is known
// since then only. The lock is held.
func (b *Bank) renewable(token string) *consent {
	if c := b.refresh[token]; c != nil || b.spent[token] {
		return c
	}
	d, proven := b.deedOf(token)
	if c := b.consents[d.Consent]; proven && c != nil && c.old {
		b.refresh[token], b.spent[token] = c, true
		return c
	}
	return nil
}
