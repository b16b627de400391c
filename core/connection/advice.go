package connection

import (
	"maps"
	"time"

	"github.com/tributary-dev/tributary/core/bank"
)

// Turn is whose move it is.
type Turn string

// Turns.
const (
	TurnUser   Turn = "USER"
	TurnBank   Turn = "BANK"
	TurnUs     Turn = "US"
	TurnNobody Turn = "NOBODY"
)

// Turns lists them, the one that is told first before the others.
func Turns() []Turn { return []Turn{TurnUser, TurnUs, TurnBank, TurnNobody} }

// Advice is what the status of a channel means for those who wait for it. It
// never promises to try again without saying when, and never sends the user off
// without saying what to do.
type Advice struct {
	Turn   Turn
	Action Action
	// Fields and URL say where to act, ExpiresAt until when.
	Fields    []string
	URL       string
	ExpiresAt time.Time
	// Message says what happened, Todo what to do about it.
	Message bank.Text
	Todo    bank.Text
	// RetryAt is when we try again by ourselves; zero where we do not.
	RetryAt time.Time
}

// Advise says what the status of a channel means; asked is what the user can
// answer now, or nil.
func (c *Connection) Advise(channel Channel, asked *Challenge) Advice {
	if asked != nil && asked.ChannelDefinition == channel.DefinitionID && channel.Status == ChannelRunning {
		return asking(asked)
	}
	rule := RuleOf(channel.Status)
	a := Advice{Action: rule.Action, Turn: TurnNobody, Fields: channel.Fields, URL: channel.URL}
	if rule.Retries {
		a.RetryAt = c.retry(channel)
	}
	switch {
	case channel.Status == ChannelRunning:
		a.Turn = TurnUs
	case rule.Retries && !a.RetryAt.IsZero():
		a.Action, a.Turn = ActionWait, TurnUs
		if channel.Status == RateLimited || channel.Status == ProviderUnavailable {
			a.Turn = TurnBank
		}
	case rule.Retries: // nobody tries again unless somebody asks us to
		a.Turn = TurnUser
		if a.Action == ActionWait {
			a.Action = ActionSynchronize
		}
	case a.Action != ActionNone:
		a.Turn = TurnUser
	}
	a.Message, a.Todo = channel.words(!a.RetryAt.IsZero()), todo[a.Action]
	if a.Todo == nil {
		a.Todo = idle[a.Turn]
	}
	return a
}

// retry is when a channel is tried again by ourselves, if it is: as planned for
// the channel, or else with the connection.
func (c *Connection) retry(channel Channel) time.Time {
	switch {
	case !c.AutoSync:
		return time.Time{}
	case !channel.RetryAt.IsZero():
		return channel.RetryAt
	}
	return c.NextSynchronizationAt
}

// asking is the advice while the user is asked.
func asking(asked *Challenge) Advice {
	a := Advice{
		Turn: TurnUser, Action: ActionAnswerChallenge, URL: asked.URL, ExpiresAt: asked.ExpiresAt,
		Message: asked.Message, Todo: todo[ActionAnswerChallenge],
	}
	for _, field := range asked.Fields {
		a.Fields = append(a.Fields, field.Name)
	}
	if len(a.Message) == 0 {
		a.Message = bank.Text{"en": "Your bank asks you something.", "fr": "Votre banque vous demande quelque chose."}
	}
	return a
}

// words are the bank's own sentence, or else ours: the closest to the cause, and
// one that promises nothing where nobody tries again.
func (c Channel) words(again bool) bank.Text {
	if len(c.Message) > 0 && !maps.Equal(c.Message, sentences[c.Status]) {
		return c.Message
	}
	if special := causes[c.Cause]; special != nil && c.Status == ChallengeRequired {
		return special
	}
	if plain := unpromised[c.Status]; plain != nil && !again {
		return plain
	}
	return sentences[c.Status]
}

// First is whose move it is for the connection: what the user can do comes first.
func First(advice []Advice) Turn {
	for _, turn := range Turns() {
		for _, a := range advice {
			if a.Turn == turn {
				return turn
			}
		}
	}
	return TurnNobody
}
