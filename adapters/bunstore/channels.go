package bunstore

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ident"
)

// channelRow is a channel of a connection. It has a table of its own because
// consents and retries are looked for by channel.
type channelRow struct {
	bun.BaseModel     `bun:"table:channels"`
	ConnectionID      ident.Connection         `bun:"connection_id,pk"`
	Position          int                      `bun:"position,pk"`
	DefinitionID      string                   `bun:"definition_id"`
	Type              bank.ChannelType         `bun:"type"`
	Status            connection.ChannelStatus `bun:"status"`
	LastOutcome       connection.ChannelStatus `bun:"last_outcome"`
	Fields            text                     `bun:"fields,nullzero"`
	URL               string                   `bun:"url"`
	Message           text                     `bun:"message,nullzero"`
	RetryAt           *int64                   `bun:"retry_at"`
	ConsentID         ident.Consent            `bun:"consent_id"`
	ExpiresAt         *int64                   `bun:"expires_at"`
	NextAt            *int64                   `bun:"next_at"`
	Failures          int                      `bun:"failures"`
	SealedCredentials []byte                   `bun:"sealed_credentials,nullzero"`
	SealedSecrets     []byte                   `bun:"sealed_secrets,nullzero"`
	Cause             string                   `bun:"cause"`
}

func channelRowOf(id ident.Connection, position int, c connection.Channel) channelRow {
	return channelRow{
		ConnectionID: id, Position: position, DefinitionID: c.DefinitionID, Type: c.Type, Status: c.Status,
		LastOutcome: c.LastOutcome, Fields: toText(c.Fields), URL: c.URL, Message: toText(c.Message), RetryAt: known(c.RetryAt),
		ConsentID: c.ConsentID, ExpiresAt: known(c.ExpiresAt), NextAt: known(c.NextAt), Failures: c.Failures, SealedCredentials: blob(c.SealedCredentials),
		SealedSecrets: blob(c.SealedSecrets), Cause: c.Cause,
	}
}

func (r channelRow) channel() (c connection.Channel, err error) {
	c = connection.Channel{
		DefinitionID: r.DefinitionID, Type: r.Type, Status: r.Status, LastOutcome: r.LastOutcome, URL: r.URL,
		RetryAt: knownInstant(r.RetryAt), ConsentID: r.ConsentID, ExpiresAt: knownInstant(r.ExpiresAt),
		NextAt: knownInstant(r.NextAt), Failures: r.Failures,
		SealedCredentials: blob(r.SealedCredentials), SealedSecrets: blob(r.SealedSecrets), Cause: r.Cause,
	}
	if c.Fields, err = fromText[[]string](r.Fields); err != nil {
		return c, err
	}
	c.Message, err = fromText[bank.Text](r.Message)
	return c, err
}

// putChannels replaces all channels of a connection: there are one or two.
func (t connections) putChannels(ctx context.Context, c *connection.Connection) error {
	if _, err := remove[channelRow](ctx, t.transaction, "connection_id = ?", c.ID); err != nil || len(c.Channels) == 0 {
		return err
	}
	var rows []channelRow
	for i, channel := range c.Channels {
		rows = append(rows, channelRowOf(c.ID, i, channel))
	}
	_, err := t.db.NewInsert().Model(&rows).Exec(ctx)
	return t.store.fail(err)
}

// withChannels adds the channels of connections that were read.
func (t connections) withChannels(ctx context.Context, found ...*connection.Connection) error {
	if len(found) == 0 {
		return nil
	}
	byID := map[ident.Connection]*connection.Connection{}
	ids := each(found, func(c *connection.Connection) ident.Connection { byID[c.ID] = c; return c.ID })
	rows, err := scan[channelRow](ctx, t.transaction, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("connection_id IN (?)", bun.List(ids)).OrderExpr("connection_id, position")
	})
	if err != nil {
		return err
	}
	for _, r := range rows {
		channel, err := r.channel()
		if err != nil {
			return err
		}
		byID[r.ConnectionID].Channels = append(byID[r.ConnectionID].Channels, channel)
	}
	return nil
}
