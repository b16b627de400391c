package bank

import (
	"cmp"
	"slices"

	"github.com/tributary-dev/tributary/testbank/config"
)

// Approval is one request waiting on a customer's phone or on the bank's confirmation page.
type Approval struct {
	Challenge
	Login, Holder, Purpose string
}

// Approvals gives what waits on a persona's phone, the oldest first, and whether there is such a persona.
func (b *Bank) Approvals(login string) ([]Approval, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, known := b.personas[login]; !known {
		return nil, false
	}
	var waiting []*challenge
	for _, c := range b.challenges {
		if c.login == login && c.spec.Kind == config.ChallengeApproval && b.waiting(c) {
			waiting = append(waiting, c)
		}
	}
	slices.SortFunc(waiting, func(x, y *challenge) int {
		return cmp.Or(x.opened.Compare(y.opened), cmp.Compare(x.id, y.id))
	})
	approvals := make([]Approval, len(waiting))
	for i, c := range waiting {
		approvals[i] = b.approval(c)
	}
	return approvals, true
}

func (b *Bank) waiting(c *challenge) bool {
	return c.verdict == open && !b.clock.real().After(c.expires)
}

func (b *Bank) approval(c *challenge) Approval {
	return Approval{Challenge: *c.view(), Login: c.login, Holder: b.personas[c.login].Holder, Purpose: c.purpose}
}

// Confirmation gives a request that waits on the bank's confirmation page. Refusals: NotFound, CodeExpired.
func (b *Bank) Confirmation(id string) (Approval, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, err := b.undecided(id)
	if err != nil {
		return Approval{}, err
	}
	if c.spec.Kind != config.ChallengeRedirect {
		return Approval{}, refuse(NotFound, "There is no such request.")
	}
	return b.approval(c), nil
}

func (b *Bank) undecided(id string) (*challenge, error) {
	c := b.challenges[id]
	if c == nil || c.verdict != open {
		return nil, refuse(NotFound, "There is no such request.")
	}
	if !b.waiting(c) {
		return nil, refuse(CodeExpired, "The request has expired. Please log in again.")
	}
	return c, nil
}

// Decide approves or refuses what waits on a phone or on the confirmation page, and gives the address where the
// browser goes on to, if the log-in named one. Refusals: NotFound, InvalidRequest, CodeExpired.
func (b *Bank) Decide(id string, approve bool) (returnURL string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, err := b.undecided(id)
	if err != nil {
		return "", err
	}
	if c.spec.Kind != config.ChallengeApproval && c.spec.Kind != config.ChallengeRedirect {
		return "", refuse(InvalidRequest, "This challenge is answered with a code or a choice.")
	}
	c.verdict = refused
	answer := [2]string{"error", "access_denied"}
	if approve {
		c.verdict = passed
		answer = [2]string{"code", c.id}
	}
	if c.returnURL == "" {
		return "", nil
	}
	return returnTo(c.returnURL, c.state, answer), nil
}
