package bunstore

import (
	"time"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/form"
	"github.com/tributary-dev/tributary/core/ident"
)

type challengeRow struct {
	bun.BaseModel     `bun:"table:challenges"`
	ID                ident.Challenge           `bun:"id,pk"`
	ClientID          ident.Client              `bun:"client_id"`
	UserID            ident.User                `bun:"user_id"`
	ConnectionID      ident.Connection          `bun:"connection_id"`
	SynchronizationID ident.Synchronization     `bun:"synchronization_id"`
	ChannelDefinition string                    `bun:"channel_definition"`
	Ref               string                    `bun:"ref"`
	Type              connection.ChallengeType  `bun:"type"`
	Message           text                      `bun:"message,nullzero"`
	Fields            text                      `bun:"fields,nullzero"`
	Options           text                      `bun:"options,nullzero"`
	Image             text                      `bun:"image,nullzero"`
	URL               string                    `bun:"url"`
	ReturnHash        string                    `bun:"return_hash"`
	State             connection.ChallengeState `bun:"state"`
	CreatedAt         int64                     `bun:"created_at"`
	ExpiresAt         *int64                    `bun:"expires_at"`
	PollAfter         int64                     `bun:"poll_after"`
	Live              bool                      `bun:"live"`
	SealedState       []byte                    `bun:"sealed_state,nullzero"`
	SealedAnswer      []byte                    `bun:"sealed_answer,nullzero"`
	Resend            text                      `bun:"resend,nullzero"`
}

// The parts below are kept as JSON under names of their own, so that renaming a
// field of the domain does not lose what is stored.
type (
	fieldText struct {
		Name     string         `json:"name"`
		Type     form.FieldType `json:"type"`
		Label    bank.Text      `json:"label,omitempty"`
		Required bool           `json:"required,omitempty"`
		Regex    string         `json:"regex,omitempty"`
		Values   []choiceText   `json:"values,omitempty"`
	}
	choiceText struct {
		Value string    `json:"value"`
		Label bank.Text `json:"label,omitempty"`
	}
	pictureText struct {
		MediaType string `json:"media_type"`
		Data      []byte `json:"data,omitempty"`
	}
	resendText struct {
		AvailableAt *int64 `json:"available_at,omitempty"`
		Left        int    `json:"left"`
		AskedAt     *int64 `json:"asked_at,omitempty"`
		Pending     bool   `json:"pending,omitempty"`
	}
)

func challengeRowOf(c *connection.Challenge) challengeRow {
	return challengeRow{
		ID: c.ID, ClientID: c.ClientID, UserID: c.UserID, ConnectionID: c.ConnectionID, SynchronizationID: c.SynchronizationID,
		ChannelDefinition: c.ChannelDefinition, Ref: c.Ref, Type: c.Type, Message: toText(c.Message),
		Fields: toText(each(c.Fields, fieldTextOf)), Options: toText(each(c.Options, choiceTextOf)),
		Image: toText((*pictureText)(c.Image)), URL: c.URL, ReturnHash: c.ReturnHash, State: c.State,
		CreatedAt: micros(c.CreatedAt), ExpiresAt: known(c.ExpiresAt), PollAfter: int64(c.PollAfter), Live: c.Live,
		SealedState: blob(c.SealedState), SealedAnswer: blob(c.SealedAnswer), Resend: toText(resendTextOf(c.Resend)),
	}
}

func (r challengeRow) domain() (*connection.Challenge, error) {
	c := &connection.Challenge{
		ID: r.ID, ClientID: r.ClientID, UserID: r.UserID, ConnectionID: r.ConnectionID, SynchronizationID: r.SynchronizationID,
		ChannelDefinition: r.ChannelDefinition, Ref: r.Ref, Type: r.Type, URL: r.URL, ReturnHash: r.ReturnHash, State: r.State,
		CreatedAt: instant(r.CreatedAt), ExpiresAt: knownInstant(r.ExpiresAt), PollAfter: time.Duration(r.PollAfter), Live: r.Live,
		SealedState: blob(r.SealedState), SealedAnswer: blob(r.SealedAnswer),
	}
	return c, r.asked(c)
}

// asked reads what the user is asked.
func (r challengeRow) asked(c *connection.Challenge) (err error) {
	if c.Message, err = fromText[bank.Text](r.Message); err != nil {
		return err
	}
	fields, err := fromText[[]fieldText](r.Fields)
	if err != nil {
		return err
	}
	options, err := fromText[[]choiceText](r.Options)
	if err != nil {
		return err
	}
	image, err := fromText[*pictureText](r.Image)
	if err != nil {
		return err
	}
	resend, err := fromText[*resendText](r.Resend)
	c.Resend = resend.resend()
	c.Fields, c.Options, c.Image = each(fields, fieldText.field), each(options, choiceText.choice), (*connection.Picture)(image)
	return err
}

func fieldTextOf(f form.Field) fieldText {
	return fieldText{f.Name, f.Type, f.Label, f.Required, f.Regex, each(f.Values, choiceTextOf)}
}

func (f fieldText) field() form.Field {
	return form.Field{
		Name: f.Name, Type: f.Type, Label: f.Label, Required: f.Required, Regex: f.Regex,
		Values: each(f.Values, choiceText.choice),
	}
}

func resendTextOf(r *connection.Resend) *resendText {
	if r == nil {
		return nil
	}
	return &resendText{known(r.AvailableAt), r.Left, known(r.AskedAt), r.Pending}
}

func (r *resendText) resend() *connection.Resend {
	if r == nil {
		return nil
	}
	return &connection.Resend{
		AvailableAt: knownInstant(r.AvailableAt), Left: r.Left, AskedAt: knownInstant(r.AskedAt), Pending: r.Pending,
	}
}

func choiceTextOf(c form.Choice) choiceText { return choiceText(c) }
func (c choiceText) choice() form.Choice    { return form.Choice(c) }
