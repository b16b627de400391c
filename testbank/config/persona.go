package config

import "time"

// Persona is one customer of the bank.
type Persona struct {
	Login       string      `yaml:"login" need:"true" doc:"What the customer types as login. Unique."`
	Password    string      `yaml:"password" need:"true" doc:"What the customer types as password."`
	Holder      string      `yaml:"holder" need:"true" doc:"Name of the account holder."`
	Description string      `yaml:"description" doc:"One sentence for whoever picks a persona."`
	Challenge   Challenge   `yaml:"challenge" doc:"The strong authentication asked at log-in. Default: none."`
	Behaviours  []Behaviour `yaml:"behaviours" doc:"What goes differently for this customer."`
}

// ChallengeKind says how the bank makes sure that it is the customer.
type ChallengeKind string

// The kinds of strong authentication.
const (
	ChallengeNone     ChallengeKind = "none"
	ChallengeSMSCode  ChallengeKind = "sms_code"
	ChallengeApproval ChallengeKind = "app_approval"
	ChallengeRedirect ChallengeKind = "redirect"
)

// Challenge is the strong authentication of one persona.
type Challenge struct {
	Kind              ChallengeKind `yaml:"kind" need:"true" enum:"none|sms_code|app_approval|redirect" doc:"none; sms_code: a code to type; app_approval: approved on the customer's phone; redirect: confirmed on a page of the bank."`
	Code              string        `yaml:"code" doc:"The code that is always right, 4 to 10 digits in quotes. Only for sms_code, which needs it."`
	Phone             string        `yaml:"phone" doc:"Where the code is said to be sent; shown masked. Only for sms_code."`
	Tries             int           `yaml:"tries" min:"1" max:"10" doc:"How many codes may be tried. Default: 3."`
	ExpiresAfter      Duration      `yaml:"expires_after" doc:"How long the challenge stays open. Default: 5m."`
	ApproveAfterPolls int           `yaml:"approve_after_polls" min:"1" max:"1000" doc:"The phone approves by itself when the status was asked this often. Only for app_approval."`
	ApproveAfter      Duration      `yaml:"approve_after" doc:"The phone approves by itself after this time. Only for app_approval."`
	Always            bool          `yaml:"always" doc:"Ask at every log-in, also on a device that is already trusted."`
}

const (
	defaultTokenLife     = 10 * time.Minute
	defaultChallengeLife = 5 * time.Minute
	defaultTries         = 3
)

func (c Challenge) withDefaults() Challenge {
	orText((*string)(&c.Kind), string(ChallengeNone))
	orNumber(&c.Tries, defaultTries)
	orNumber(&c.ExpiresAfter, Duration(defaultChallengeLife))
	return c
}

// BehaviourKind names something that goes differently.
type BehaviourKind string

// The behaviours a persona can have.
const (
	BehaviourSlow          BehaviourKind = "slow"
	BehaviourWrongPassword BehaviourKind = "wrong_password"
)

// Behaviour is one thing that goes differently for a persona.
type Behaviour struct {
	Kind  BehaviourKind `yaml:"kind" need:"true" enum:"slow|wrong_password" doc:"slow: every answer comes late; wrong_password: the password is always refused."`
	Delay Duration      `yaml:"delay" doc:"How late each answer comes, such as 2s; at most 5m. Only for slow, which needs it."`
}

// Behaviour gives the persona's behaviour of that kind, and whether there is one.
func (p Persona) Behaviour(kind BehaviourKind) (Behaviour, bool) {
	for _, b := range p.Behaviours {
		if b.Kind == kind {
			return b, true
		}
	}
	return Behaviour{}, false
}
