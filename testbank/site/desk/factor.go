package desk

import (
	"strings"
	"time"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
)

// Factor is what the page of a second factor shows.
type Factor struct {
	bank.Challenge
	// Announced says that it has not begun.
	Announced bool
	// Phone is where a code went, masked; Confirm the page where a log-in is confirmed, below the bank.
	Phone, Confirm string
	// Wait is how many seconds no code is sent again.
	Wait int
}

// Factor gives what a session's challenge shows. After the bank's own page, where it has one, the browser goes to back.
func (d *Desk) Factor(s bank.Session, back string) Factor {
	f := Factor{Challenge: *s.Challenge, Announced: s.Status == bank.Announced}
	if strings.Contains(f.Medium, "*") { // a number or an address: in no language
		f.Phone = f.Medium
	}
	if f.Resend != nil {
		f.Wait = max(0, int((f.Resend.AvailableAt.Sub(d.Bank.Real())+time.Second-1)/time.Second))
	}
	if f.Kind == config.ChallengeRedirect && !f.Announced {
		d.Bank.ReturnTo(s.ID, back)
		f.Confirm = "/confirm/" + f.ID
	}
	return f
}
