package config

import "time"

// ChallengeKind says how the bank makes sure that it is the customer.
type ChallengeKind string

// The kinds of strong authentication.
const (
	ChallengeNone     ChallengeKind = "none"
	ChallengeSMSCode  ChallengeKind = "sms_code"
	ChallengeApproval ChallengeKind = "app_approval"
	ChallengeRedirect ChallengeKind = "redirect"
	ChallengeOptions  ChallengeKind = "options"
	ChallengeImage    ChallengeKind = "image"
	ChallengeQuestion ChallengeKind = "question"
)

// Challenge is the strong authentication of one persona.
type Challenge struct {
	Kind              ChallengeKind `yaml:"kind" need:"true" enum:"none|sms_code|app_approval|redirect|options|image|question" doc:"none; sms_code: a code to type; app_approval: approved on the customer's phone; redirect: confirmed on a page of the bank; options: the customer chooses one, and with a code gets it there; image: digits to type from a picture; question: something to type that only the customer knows."`
	Code              string        `yaml:"code" doc:"The code that is always right, 4 to 10 digits in quotes. sms_code and image need it; options may have it, then the choice is where the code is sent."`
	Phone             string        `yaml:"phone" doc:"Where the code is said to be sent; shown masked. Only for sms_code."`
	Question          string        `yaml:"question" doc:"What the customer chooses or is asked. Only for options and question, which needs it. Default for options: How do you want to confirm that it is you?"`
	Answer            string        `yaml:"answer" doc:"The right answer to the question, small and capital letters being the same. Only for question, which needs it."`
	Options           []Option      `yaml:"options" max:"20" doc:"What the customer can choose from. Only for options, which needs it."`
	Tries             int           `yaml:"tries" min:"1" max:"10" doc:"How many answers may be tried. Only for sms_code, options, image and question. Default: 3."`
	Resends           int           `yaml:"resends" min:"1" max:"10" doc:"How often the bank sends a code again when it is asked to. Only for sms_code, and options with a code. Default: never."`
	ResendAfter       Duration      `yaml:"resend_after" doc:"How long after it sent a code the bank sends the next. Only with resends. Default: at once."`
	ResendCode        string        `yaml:"resend_code" doc:"The code that is sent again; from then on it alone is right, and the first one is wrong. Only with resends. Default: the same code, so that both messages say the same."`
	ExpiresAfter      Duration      `yaml:"expires_after" doc:"How long the challenge stays open, counted anew when a code is sent again. Default: 5m."`
	ApproveAfterPolls int           `yaml:"approve_after_polls" min:"1" max:"1000" doc:"The phone approves by itself when the status was asked this often. Only for app_approval."`
	ApproveAfter      Duration      `yaml:"approve_after" doc:"The phone approves by itself after this time. Only for app_approval."`
	Keypad            bool          `yaml:"keypad" doc:"The code is a secret that the customer knows, and types on keys that are on the screen; nothing is sent. Only for sms_code."`
	QR                bool          `yaml:"qr" doc:"The customer finds the request by a QR code that is shown, with the phone. Only for app_approval."`
	Always            bool          `yaml:"always" doc:"Ask at every log-in, also on a device that is already trusted."`
}

// Option is one thing that a customer can choose.
type Option struct {
	Value string `yaml:"value" need:"true" doc:"What a program sends for it. Unique in the challenge."`
	Label string `yaml:"label" need:"true" doc:"What the customer reads."`
}

const (
	defaultTokenLife     = 10 * time.Minute
	defaultChallengeLife = 5 * time.Minute
	defaultTries         = 3
	defaultQuestion      = "How do you want to confirm that it is you?"
)

func (c Challenge) withDefaults() Challenge {
	orText(&c.Kind, ChallengeNone)
	orNumber(&c.Tries, defaultTries)
	orNumber(&c.ExpiresAfter, Duration(defaultChallengeLife))
	if c.Kind == ChallengeOptions {
		orText(&c.Question, defaultQuestion)
	}
	return c
}
