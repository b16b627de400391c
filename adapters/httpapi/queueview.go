package httpapi

import (
	"time"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type queueView struct {
	ID           string    `json:"id" example:"que_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The queue's id."`
	UserID       *string   `json:"user_id" example:"usr_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"Whose events it gives; null for all users."`
	ConnectionID *string   `json:"connection_id" example:"con_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The connection whose events it gives; null for all."`
	Types        []string  `json:"types" example:"synchronization.succeeded" doc:"The names of events that it gives; empty for all."`
	AckedSeq     int64     `json:"acked_seq" example:"42" doc:"Everything up to this number was acknowledged."`
	CreatedAt    time.Time `json:"created_at" doc:"When it was created."`
}

type eventView struct {
	Seq                 int64          `json:"seq" example:"43" doc:"Rises by one with each event of the client, without gaps."`
	ID                  string         `json:"id" example:"evt_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The event's id."`
	Name                string         `json:"name" example:"synchronization.succeeded" doc:"What happened."`
	Version             int            `json:"version" example:"1" doc:"The version of data's shape."`
	OccurredAt          time.Time      `json:"occurred_at" doc:"When it happened."`
	UserID              *string        `json:"user_id" example:"usr_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"Whom it is about."`
	ConnectionID        *string        `json:"connection_id" example:"con_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The connection that it is about."`
	ChannelDefinitionID *string        `json:"channel_definition_id" example:"testbank-web" doc:"The channel that it is about."`
	Data                map[string]any `json:"data" doc:"What more there is to say, by name and version. Where transactions came, changed or went (transactions.added, transactions.modified, transactions.removed, accounts.deleted, connection.deleted) sync_cursor is a cursor of sync-transactions for the user user_id: what follows it is at least what the event tells of."`
}

type leaseView struct {
	ID        *string     `json:"id" example:"lea_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The lease's id, for acknowledging; null where nothing is there."`
	ExpiresAt *time.Time  `json:"expires_at" doc:"Until when no other consumer gets these events."`
	Data      []eventView `json:"data" doc:"The events, in their order."`
}

func showLease(lent usecase.Lent) leaseView {
	return leaseView{ID: known(lent.Lease.ID), ExpiresAt: moment(lent.Lease.Until), Data: each(lent.Events, showEvent)}
}

func showQueue(q *delivery.Queue) queueView {
	return queueView{
		ID: string(q.ID), UserID: known(q.Filter.UserID), ConnectionID: known(q.Filter.ConnectionID), AckedSeq: q.Acked, CreatedAt: instant(q.CreatedAt),
		Types: each(q.Filter.Names, func(n event.Name) string { return string(n) }),
	}
}

func showEvent(e event.Event) eventView {
	return eventView{
		Seq: e.Seq, ID: string(e.ID), Name: string(e.Name), Version: e.Version, OccurredAt: instant(e.OccurredAt),
		UserID: known(e.UserID), ConnectionID: known(e.ConnectionID), ChannelDefinitionID: known(e.ChannelDefinition), Data: dataOf(e),
	}
}
