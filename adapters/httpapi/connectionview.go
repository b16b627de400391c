package httpapi

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type connectionView struct {
	ID                    string        `json:"id" example:"con_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The connection's id."`
	UserID                string        `json:"user_id" example:"usr_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"Whose connection it is."`
	ProviderID            string        `json:"provider_id" example:"testbank" doc:"Where it leads."`
	Name                  string        `json:"name" example:"Test Bank" doc:"What the user calls it."`
	Status                string        `json:"status" enum:"NONE,RUNNING,SUCCESS,PARTIAL_SUCCESS,FAILED,CLOSED" doc:"Derived from the channels. A challenge that can still be answered is RUNNING."`
	AutoSync              bool          `json:"auto_sync" doc:"Whether it is synchronized every day."`
	CreatedAt             time.Time     `json:"created_at" doc:"When it was created."`
	LastSynchronizationID *string       `json:"last_synchronization_id" example:"syn_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The newest run."`
	LastSuccessAt         *time.Time    `json:"last_success_at" doc:"The end of the last run that brought data."`
	NextSynchronizationAt *time.Time    `json:"next_synchronization_at" doc:"When the next run is planned."`
	Channels              []channelView `json:"channels" doc:"The ways through which it reads, each with its own status."`
}

type channelView struct {
	ChannelDefinitionID string              `json:"channel_definition_id" example:"testbank-web" doc:"The channel definition of the provider."`
	Type                string              `json:"type" enum:"REDIRECT,EMBEDDED" doc:"How the bank is reached."`
	Status              string              `json:"status" enum:"RUNNING,SUCCESS,PARTIAL_SUCCESS,EMPTY,CLOSED,AUTH_FAILED,ACCOUNT_LOCKED,TOKEN_EXPIRED,PASSWORD_CHANGE_REQUIRED,CHALLENGE_REQUIRED,USER_ACTION_REQUIRED,RATE_LIMITED,PROVIDER_UNAVAILABLE,BLOCKED,TECHNICAL_ERROR" doc:"Where the channel stands."`
	RequiredAction      *requiredActionView `json:"required_action" doc:"What somebody has to do before it goes on; null where nothing."`
	Message             *string             `json:"message" example:"Your accounts are up to date." doc:"A sentence for the user, in the call's language."`
	RetryAt             *time.Time          `json:"retry_at" doc:"When we try again by ourselves; null where we do not."`
	ConsentID           *string             `json:"consent_id" example:"cst_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The consent under which it reads."`
	ExpiresAt           *time.Time          `json:"expires_at" doc:"When the consent ends."`
}

type requiredActionView struct {
	_         struct{}   `nullable:"true"`
	Type      string     `json:"type" enum:"EDIT_CREDENTIALS,REAUTHENTICATE,ANSWER_CHALLENGE,VISIT_BANK,WAIT,SYNCHRONIZE,CONTACT_SUPPORT" doc:"What has to be done. WAIT: nothing, we try again at retry_at. SYNCHRONIZE: nobody tries again before the user has it done."`
	Fields    []string   `json:"fields" example:"password" doc:"The fields that it is about; empty where the bank named none."`
	URL       *string    `json:"url" example:"https://bank.example/terms" doc:"Where the user can do it."`
	ExpiresAt *time.Time `json:"expires_at" doc:"Until when it can be done."`
}

// shower makes views of connections in one language. asked is the challenge
// that can be answered now; it is looked up by the API, because a connection
// does not know its challenges.
type shower struct {
	locale string
	asked  *connection.Challenge
}

func (s shower) connection(c *connection.Connection) connectionView {
	return connectionView{
		ID: string(c.ID), UserID: string(c.UserID), ProviderID: c.ProviderID, Name: c.Name, Status: string(c.Status),
		AutoSync: c.AutoSync, CreatedAt: instant(c.CreatedAt), LastSynchronizationID: known(c.LastSynchronizationID),
		LastSuccessAt: moment(c.LastSuccessAt), NextSynchronizationAt: moment(c.NextSynchronizationAt),
		Channels: each(c.Channels, func(channel connection.Channel) channelView { return s.channel(c, channel) }),
	}
}

func (s shower) channel(of *connection.Connection, c connection.Channel) channelView {
	advice := of.Advise(c, s.asked)
	return channelView{
		ChannelDefinitionID: c.DefinitionID, Type: string(c.Type), Status: string(c.Status), RequiredAction: requiredAction(advice),
		Message: sentence(advice.Message, s.locale), RetryAt: moment(advice.RetryAt), ConsentID: known(c.ConsentID), ExpiresAt: moment(c.ExpiresAt),
	}
}

func requiredAction(a connection.Advice) *requiredActionView {
	if a.Action == connection.ActionNone {
		return nil
	}
	return &requiredActionView{
		Type: string(a.Action), Fields: append([]string{}, a.Fields...), URL: known(a.URL), ExpiresAt: moment(a.ExpiresAt),
	}
}

// show looks up what is asked of the user, where something can be.
func (a api) show(ctx context.Context, p usecase.Principal, c *connection.Connection) (connectionView, error) {
	s := shower{locale: p.Locale}
	if c.Status == connection.Running {
		asked, err := a.Challenges.Current(ctx, p, string(c.ID))
		if err != nil && !fault.IsNotFound(err) {
			return connectionView{}, err
		}
		if err == nil {
			s.asked = asked
		}
	}
	return s.connection(c), nil
}
