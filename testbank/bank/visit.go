package bank

import (
	"errors"
	"time"
)

// What somebody comes to the bank for, besides its pages.
const (
	visitLogIn  = "LOG_IN"
	visitBegin  = "BEGIN"
	visitAnswer = "ANSWER"
	visitLook   = "LOOK"
	visitResend = "RESEND"
	visitToken  = "TOKEN"
	visitRenew  = "RENEW"
	visitRead   = "READ"
)

// Visit is one call that the bank had of a program, as its own record has it.
type Visit struct {
	// Bank is the configuration's name; empty for the one of the bank's own file.
	Bank string `json:"bank,omitempty"`
	// At is by the bank's clock, Real by the machine's.
	At    time.Time `json:"at"`
	Real  time.Time `json:"real"`
	Login string    `json:"login"`
	What  string    `json:"what"`
	// Scope and Account are of a READ, the rest too.
	Scope     Scope  `json:"scope,omitempty"`
	Account   string `json:"account,omitempty"`
	Consent   string `json:"consent,omitempty"`
	Attended  bool   `json:"attended,omitempty"`
	Continued bool   `json:"continued,omitempty"`
	// Refused is the code of a refusal; empty where it was answered.
	Refused Code `json:"refused,omitempty"`
}

// visited writes a call down, whatever came of it.
func (b *Bank) visited(v Visit, err error) {
	if b.record == nil || v.Login == "" {
		return
	}
	var refusal *Refusal
	if errors.As(err, &refusal) {
		v.Refused = refusal.Code
	}
	v.Bank, v.At, v.Real = b.name, b.clock.now().UTC(), b.clock.real().UTC()
	b.record(v)
}
