package connection

// ChannelStatus is where one channel stands.
type ChannelStatus string

// Channel statuses.
const (
	ChannelRunning         ChannelStatus = "RUNNING"
	ChannelSuccess         ChannelStatus = "SUCCESS"
	ChannelPartial         ChannelStatus = "PARTIAL_SUCCESS"
	ChannelEmpty           ChannelStatus = "EMPTY"
	ChannelClosed          ChannelStatus = "CLOSED"
	AuthFailed             ChannelStatus = "AUTH_FAILED"
	AccountLocked          ChannelStatus = "ACCOUNT_LOCKED"
	TokenExpired           ChannelStatus = "TOKEN_EXPIRED"
	PasswordChangeRequired ChannelStatus = "PASSWORD_CHANGE_REQUIRED"
	ChallengeRequired      ChannelStatus = "CHALLENGE_REQUIRED"
	UserActionRequired     ChannelStatus = "USER_ACTION_REQUIRED"
	RateLimited            ChannelStatus = "RATE_LIMITED"
	ProviderUnavailable    ChannelStatus = "PROVIDER_UNAVAILABLE"
	Blocked                ChannelStatus = "BLOCKED"
	TechnicalError         ChannelStatus = "TECHNICAL_ERROR"
)

// ChannelStatuses lists them, for tables that must be complete.
func ChannelStatuses() []ChannelStatus {
	return []ChannelStatus{
		ChannelRunning, ChannelSuccess, ChannelPartial, ChannelEmpty, ChannelClosed, AuthFailed, AccountLocked, TokenExpired,
		PasswordChangeRequired, ChallengeRequired, UserActionRequired, RateLimited, ProviderUnavailable, Blocked, TechnicalError,
	}
}

// Status is where a connection stands; it is derived from its channels.
type Status string

// Connection statuses.
const (
	None    Status = "NONE"
	Running Status = "RUNNING"
	Success Status = "SUCCESS"
	Partial Status = "PARTIAL_SUCCESS"
	Failed  Status = "FAILED"
	Closed  Status = "CLOSED"
)

// weight says what a channel status means for its connection.
var weight = map[ChannelStatus]Status{
	ChannelRunning: Running, ChannelSuccess: Success, ChannelPartial: Partial, ChannelClosed: Closed,
	AuthFailed: Failed, AccountLocked: Failed, TokenExpired: Failed, PasswordChangeRequired: Failed, ChallengeRequired: Failed,
	UserActionRequired: Failed, ProviderUnavailable: Failed, Blocked: Failed, TechnicalError: Failed,
	// RATE_LIMITED is waiting and EMPTY is nothing to read: neither is an outcome.
	RateLimited: None, ChannelEmpty: None,
}

// Fails reports whether a channel that ended so fails its connection.
func (s ChannelStatus) Fails() bool { return weight[s] == Failed }

// Derive gives a connection's status from its channels and its last status.
// Running wins; else one failed channel fails it; else a partial one makes it
// partial; else one success is success; all closed is closed. A channel that is
// RATE_LIMITED counts with its own last outcome, an EMPTY one only where no
// other channel counts. Where nothing does, the last outcome stays; a
// connection that never had one is NONE, never RUNNING without a run.
func Derive(channels []Channel, last Status) Status {
	for _, outcome := range []func(Channel) ChannelStatus{Channel.outcome, Channel.lastOutcome} {
		if status, ok := strongest(channels, outcome); ok {
			return status
		}
	}
	switch {
	case len(channels) > 0 && all(channels, ChannelClosed):
		return Closed
	case len(channels) > 0 && (last == Failed || last == Partial || last == Success):
		return last
	}
	return None
}

// strongest ranks what counts; being closed counts only when all channels are.
func strongest(channels []Channel, outcome func(Channel) ChannelStatus) (Status, bool) {
	found := map[Status]bool{}
	for _, channel := range channels {
		found[weight[outcome(channel)]] = true
	}
	for _, status := range []Status{Running, Failed, Partial, Success} {
		if found[status] {
			return status, true
		}
	}
	return None, false
}

func all(channels []Channel, status ChannelStatus) bool {
	for _, channel := range channels {
		if channel.Status != status {
			return false
		}
	}
	return true
}

func (c Channel) outcome() ChannelStatus {
	if c.Status == RateLimited {
		return c.LastOutcome
	}
	return c.Status
}

func (c Channel) lastOutcome() ChannelStatus {
	if c.Status == ChannelEmpty {
		return c.LastOutcome
	}
	return c.outcome()
}

// Action is what somebody has to do before a channel goes on.
type Action string

// Actions: what stands in required_action.type.
const (
	ActionNone            Action = ""
	ActionEditCredentials Action = "EDIT_CREDENTIALS"
	ActionReauthenticate  Action = "REAUTHENTICATE"
	ActionAnswerChallenge Action = "ANSWER_CHALLENGE"
	ActionVisitBank       Action = "VISIT_BANK"
	ActionWait            Action = "WAIT"
	ActionSynchronize     Action = "SYNCHRONIZE"
	ActionContactSupport  Action = "CONTACT_SUPPORT"
)

// Actions lists them but ActionNone.
func Actions() []Action {
	return []Action{
		ActionEditCredentials, ActionReauthenticate, ActionAnswerChallenge, ActionVisitBank, ActionWait, ActionSynchronize, ActionContactSupport,
	}
}

// Rule tells what a channel status asks for.
type Rule struct {
	Action Action
	// Retries says whether we try again by ourselves.
	Retries bool
}

// Rules by status: every status that is not success has one.
var rules = map[ChannelStatus]Rule{
	ChannelRunning: {}, ChannelSuccess: {}, ChannelClosed: {}, ChannelEmpty: {},
	ChannelPartial:         {ActionWait, true},
	AuthFailed:             {ActionEditCredentials, false},
	AccountLocked:          {ActionVisitBank, false},
	TokenExpired:           {ActionReauthenticate, false},
	PasswordChangeRequired: {ActionVisitBank, false},
	ChallengeRequired:      {ActionReauthenticate, false},
	UserActionRequired:     {ActionVisitBank, false},
	RateLimited:            {ActionWait, true},
	ProviderUnavailable:    {ActionWait, true},
	Blocked:                {ActionReauthenticate, false},
	TechnicalError:         {ActionContactSupport, true},
}

// RuleOf gives the rule of a status.
func RuleOf(status ChannelStatus) Rule { return rules[status] }
