package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/quota"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type quotaView struct {
	ConnectionID  string             `json:"connection_id" example:"con_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The connection."`
	At            time.Time          `json:"at" doc:"When this was so."`
	WindowSeconds int                `json:"window_seconds" example:"86400" doc:"How long a call counts, in seconds: banks count a rolling day."`
	Channels      []channelQuotaView `json:"channels" doc:"What each channel allows and has spent."`
}

type channelQuotaView struct {
	ChannelDefinitionID string          `json:"channel_definition_id" example:"testbank-redirect" doc:"The channel."`
	Limit               *int            `json:"limit" example:"4" doc:"How many unattended calls the bank allows in the window for each account and scope; null where it sets no limit."`
	Lines               []quotaLineView `json:"lines" doc:"What the bank counts on its own."`
}

type quotaLineView struct {
	AccountID  *string    `json:"account_id" example:"acc_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The account; null for the list of accounts."`
	Scope      string     `json:"scope" enum:"ACCOUNTS,BALANCES,TRANSACTIONS" doc:"The kind of data."`
	Used       int        `json:"used" example:"1" doc:"Unattended calls in the window: made, or about to be."`
	Attended   int        `json:"attended" example:"1" doc:"Calls in the window with the user there. The bank does not limit them."`
	Left       *int       `json:"left" example:"3" doc:"Unattended calls that are free now; null where there is no limit."`
	NextFreeAt *time.Time `json:"next_free_at" doc:"When the next unattended call is free; null where that is now."`
}

type oneQuota struct{ Body quotaView }

func (a api) quotas() {
	add(a, operation{
		ID: "get-quota", Method: http.MethodGet, Path: "/v1/connections/{id}/quota", Tag: tagConnections,
		Summary: "Read what the bank allows", Text: "Banks limit what is read while the user is not there (RTS 2018/389, Art. 36(5)): here is what they allow, what is spent and when more is free. " +
			"A call counts from before it is made; one whose end nobody told counts as made.",
		Who: holding(client.ConnectionsRead), Errors: []int{http.StatusNotFound},
	}, a.quota)
}

func (a api) quota(ctx context.Context, p usecase.Principal, in *connectionPath) (*oneQuota, error) {
	found, err := a.Quotas.Quota(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return &oneQuota{quotaView{
		ConnectionID: string(found.Connection), At: instant(found.At), WindowSeconds: int(quota.Window / time.Second), Channels: each(found.Channels, showChannelQuota),
	}}, nil
}

func showChannelQuota(c usecase.ChannelQuota) channelQuotaView {
	view := channelQuotaView{ChannelDefinitionID: c.Channel, Lines: each(c.Lines, showQuotaLine)}
	if c.Limit > 0 {
		view.Limit = &c.Limit
	}
	return view
}

func showQuotaLine(l usecase.QuotaLine) quotaLineView {
	return quotaLineView{
		AccountID: known(l.Account), Scope: string(l.Scope), Used: l.Used, Attended: l.Attended, Left: l.Left, NextFreeAt: moment(l.NextFree),
	}
}
