package bank

import (
	"crypto/subtle"
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
)

// verdict is what became of a challenge.
type verdict int

const (
	open verdict = iota
	passed
	refused
)

// challenge is one strong authentication under way, of a session or of a consent.
type challenge struct {
	id        string
	login     string
	spec      config.Challenge
	opened    time.Time
	expires   time.Time
	triesLeft int
	polls     int
	verdict   verdict
	purpose   string
	// returnURL is where the bank's confirmation page sends the browser, if anywhere.
	returnURL, state string
}

// openChallenge asks the persona; the code is "sent" here and nowhere else.
func (b *Bank) openChallenge(p config.Persona, purpose string) *challenge {
	now := b.clock.real()
	c := &challenge{
		id: b.id("chl_"), login: p.Login, spec: p.Challenge, purpose: purpose, triesLeft: p.Challenge.Tries,
		opened: now, expires: now.Add(time.Duration(p.Challenge.ExpiresAfter)),
	}
	switch p.Challenge.Kind {
	case config.ChallengeSMSCode:
		b.stats[p.Login].CodesSent++
	case config.ChallengeApproval:
		b.stats[p.Login].ApprovalsAsked++
	}
	b.challenges[c.id] = c
	return c
}

// try answers a challenge with a code. A wrong one keeps it open as long as tries are left.
func (c *challenge) try(code string, now time.Time, stats *Stats) error {
	switch {
	case c.spec.Kind != config.ChallengeSMSCode:
		return refuse(InvalidRequest, "This challenge is not answered with a code.")
	case c.verdict == refused:
		return refuse(TooManyCodes, "Too many wrong codes. Please log in again.")
	case now.After(c.expires):
		return refuse(CodeExpired, "The code has expired. Please log in again.")
	case subtle.ConstantTimeCompare([]byte(code), []byte(c.spec.Code)) == 1:
		c.verdict = passed
		return nil
	}
	stats.WrongCodes++
	c.triesLeft--
	if c.triesLeft <= 0 {
		c.verdict = refused
		return refuse(TooManyCodes, "Too many wrong codes. Please log in again.")
	}
	return &Refusal{Code: WrongCode, Message: "The code is wrong.", TriesLeft: c.triesLeft}
}

// poll asks how an approval stands; a phone that approves by itself does so here.
func (c *challenge) poll(now time.Time) error {
	if c.verdict == open && now.After(c.expires) {
		return refuse(CodeExpired, "The approval was not given in time. Please log in again.")
	}
	if c.verdict == refused {
		if c.spec.Kind == config.ChallengeSMSCode {
			return refuse(TooManyCodes, "Too many wrong codes. Please log in again.")
		}
		return refuse(ApprovalRefused, "The log-in was refused.")
	}
	if c.spec.Kind != config.ChallengeApproval {
		return nil
	}
	c.polls++
	enoughPolls := c.spec.ApproveAfterPolls > 0 && c.polls >= c.spec.ApproveAfterPolls
	enoughTime := c.spec.ApproveAfter > 0 && !now.Before(c.opened.Add(time.Duration(c.spec.ApproveAfter)))
	if enoughPolls || enoughTime {
		c.verdict = passed
	}
	return nil
}

// medium tells where to look for the challenge, with the number masked.
func (c *challenge) medium() string {
	switch c.spec.Kind {
	case config.ChallengeSMSCode:
		return maskPhone(c.spec.Phone)
	case config.ChallengeApproval:
		return "the bank's app on your phone"
	case config.ChallengeRedirect:
		return "a page of the bank"
	}
	return ""
}

// maskPhone keeps the first and the last digits: +33 6 12 34 56 12 becomes +33 6 ** ** ** 12.
func maskPhone(phone string) string {
	if phone == "" {
		return "your phone"
	}
	digits := 0
	for _, char := range phone {
		if isDigit(char) {
			digits++
		}
	}
	masked, seen := []rune(phone), 0
	for i, char := range masked {
		if !isDigit(char) {
			continue
		}
		seen++
		if seen > 3 && seen <= digits-2 {
			masked[i] = '*'
		}
	}
	return string(masked)
}

func isDigit(char rune) bool { return char >= '0' && char <= '9' }
