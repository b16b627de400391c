package bank

import (
	"crypto/subtle"
	"slices"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/picture"
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
	// sent is when the last code was sent, and again how often after the first.
	sent  time.Time
	again int
	// chosen is the option that the code was sent to.
	chosen *config.Option
	// returnURL is where the bank's confirmation page sends the browser, if anywhere.
	returnURL, state string
}

// openChallenge asks the persona; the code is "sent" here and nowhere else.
func (b *Bank) openChallenge(p config.Persona, purpose string) *challenge {
	now := b.clock.real()
	c := &challenge{
		id: b.id("chl_"), login: p.Login, spec: p.Challenge, purpose: purpose, triesLeft: p.Challenge.Tries,
		opened: now, sent: now, expires: now.Add(time.Duration(p.Challenge.ExpiresAfter)),
	}
	switch p.Challenge.Kind {
	case config.ChallengeSMSCode:
		if !p.Challenge.Keypad {
			b.stats[p.Login].CodesSent++
		}
	case config.ChallengeApproval:
		b.stats[p.Login].ApprovalsAsked++
	}
	b.challenges[c.id] = c
	return c
}

// Answer is what a customer types or chooses: exactly one of the two, as the challenge asks.
type Answer struct{ Code, Option string }

// asks is what the customer has to do now.
func (c *challenge) asks() config.ChallengeKind {
	if c.chosen != nil {
		return config.ChallengeSMSCode
	}
	return c.spec.Kind
}

// typedKinds are those whose answer is typed.
var typedKinds = []config.ChallengeKind{config.ChallengeSMSCode, config.ChallengeImage, config.ChallengeQuestion}

// right says whether that was the thing to type. Who answers a question may write it in capitals.
func (c *challenge) right(typed string) bool {
	if c.asks() == config.ChallengeQuestion {
		return strings.EqualFold(strings.TrimSpace(typed), strings.TrimSpace(c.spec.Answer))
	}
	return subtle.ConstantTimeCompare([]byte(typed), []byte(c.code())) == 1
}

// try answers a challenge. A wrong answer keeps it open as long as tries are left.
func (c *challenge) try(answer Answer, now time.Time, stats *Stats) error {
	kind := c.asks()
	typed, chosen := slices.Contains(typedKinds, kind), kind == config.ChallengeOptions
	switch {
	case !typed && !chosen, typed && answer.Option != "", chosen && answer.Code != "":
		return refuse(InvalidRequest, "This challenge is not answered with that.")
	case c.verdict == refused:
		return refuse(TooManyCodes, tooMany)
	case now.After(c.expires):
		return refuse(CodeExpired, "The time to answer is over. Please log in again.")
	case chosen:
		return c.choose(answer.Option, now, stats)
	case c.right(answer.Code):
		c.verdict = passed
		return nil
	}
	return c.wrong(WrongCode, "The code is wrong.", stats)
}

const tooMany = "Too many wrong answers. Please log in again."

// choose takes an option. With a code in the configuration it is sent there; otherwise the choice is all.
func (c *challenge) choose(value string, now time.Time, stats *Stats) error {
	i := slices.IndexFunc(c.spec.Options, func(o config.Option) bool { return o.Value == value })
	switch {
	case i < 0:
		return c.wrong(WrongOption, "There is no such choice.", stats)
	case c.spec.Code == "":
		c.verdict = passed
	default:
		c.chosen, c.sent = &c.spec.Options[i], now
		stats.CodesSent++
	}
	return nil
}

func (c *challenge) wrong(code Code, message string, stats *Stats) error {
	stats.WrongCodes++
	c.triesLeft--
	if c.triesLeft <= 0 {
		c.verdict = refused
		return refuse(TooManyCodes, tooMany)
	}
	return &Refusal{Code: code, Message: message, TriesLeft: c.triesLeft}
}

// poll asks how an approval stands; a phone that approves by itself does so here.
func (c *challenge) poll(now time.Time) error {
	if c.verdict == open && now.After(c.expires) {
		return refuse(CodeExpired, "The approval was not given in time. Please log in again.")
	}
	if c.verdict == refused {
		if c.triesLeft <= 0 {
			return refuse(TooManyCodes, tooMany)
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

func (c *challenge) view() *Challenge {
	view := &Challenge{ID: c.id, Kind: c.asks(), Medium: c.medium(), TriesLeft: c.triesLeft, ExpiresAt: c.expires, Resend: c.resendable(), Keypad: c.spec.Keypad, QR: c.spec.QR}
	switch view.Kind {
	case config.ChallengeOptions:
		view.Question, view.Options = c.spec.Question, c.spec.Options
	case config.ChallengeQuestion:
		view.Question = c.spec.Question
	case config.ChallengeImage:
		view.Image = picture.Digits(c.spec.Code)
	}
	return view
}

// medium tells where to look for the challenge, with the number masked.
func (c *challenge) medium() string {
	if c.chosen != nil {
		return c.chosen.Label
	}
	switch c.spec.Kind {
	case config.ChallengeSMSCode:
		return maskPhone(c.spec.Phone)
	case config.ChallengeApproval:
		return "the bank's app on your phone"
	case config.ChallengeRedirect:
		return "a page of the bank"
	case config.ChallengeImage:
		return "a picture"
	case config.ChallengeQuestion:
		return "a question"
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
