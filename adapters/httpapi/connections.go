package httpapi

import (
	"context"
	"net/http"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type newConnection struct {
	UserID       string       `json:"user_id,omitempty" example:"usr_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"Whose it is to be; needed in client mode."`
	ProviderID   string       `json:"provider_id" example:"testbank" doc:"The provider's id."`
	Name         string       `json:"name,omitempty" maxLength:"200" pattern:"^[^\\x00-\\x1f\\x7f]*$" example:"My bank" doc:"What the user calls it; the provider's name unless given."`
	Channels     []newChannel `json:"channels" maxItems:"10" doc:"The channels to use."`
	AutoSync     *bool        `json:"auto_sync,omitempty" default:"true" doc:"Whether to synchronize every day."`
	TermsVersion string       `json:"terms_version,omitempty" maxLength:"64" pattern:"^[A-Za-z0-9._-]*$" example:"2026-03" doc:"The words that the user agreed to, kept in the consent. Unless given: client-agreement, what you and your user agreed to by yourselves."`
}

type newChannel struct {
	ChannelDefinitionID string                `json:"channel_definition_id" example:"testbank-web" doc:"The channel definition's id."`
	Credentials         map[string]secretText `json:"credentials,omitempty" doc:"Values by the names of the channel's credential fields."`
}

type connectionChange struct {
	Name     *string `json:"name,omitempty" maxLength:"200" pattern:"^[^\\x00-\\x1f\\x7f]*$" example:"My bank" doc:"What the user calls it."`
	AutoSync *bool   `json:"auto_sync,omitempty" doc:"Whether to synchronize every day."`
}

type newCredentials struct {
	Credentials  map[string]secretText `json:"credentials" doc:"Values by the names of the channel's credential fields."`
	TermsVersion string                `json:"terms_version,omitempty" maxLength:"64" pattern:"^[A-Za-z0-9._-]*$" example:"2026-03" doc:"The words that the user agreed to, where that is needed: for a channel that is added, or one whose consent has ended. Unless given: those of the consent before, or client-agreement."`
}

type (
	connectionPath struct {
		ID string `path:"id" doc:"A connection's id." example:"con_01j9z3k6f8q2v4x6z8b0d2f4h6"`
	}
	oneConnection  struct{ Body connectionView }
	madeConnection struct {
		Location string `header:"Location" doc:"The new connection."`
		Body     connectionView
	}
	connectionList        struct{ Body list[connectionView] }
	createConnectionInput struct {
		Attended
		Body newConnection
	}
	listConnectionsInput struct {
		PageParams
		UserParam
		ProviderID string `query:"provider_id" doc:"Only those at this provider."`
		Status     string `query:"status" enum:"NONE,RUNNING,SUCCESS,PARTIAL_SUCCESS,FAILED,CLOSED" doc:"Only those with this status."`
	}
	changeConnectionInput struct {
		ID   string `path:"id" doc:"A connection's id." example:"con_01j9z3k6f8q2v4x6z8b0d2f4h6"`
		Body connectionChange
	}
	replaceCredentialsInput struct {
		Attended
		ID      string `path:"id" doc:"A connection's id." example:"con_01j9z3k6f8q2v4x6z8b0d2f4h6"`
		Channel string `path:"channel_definition_id" doc:"One of the provider's channel definitions." example:"testbank-web"`
		Body    newCredentials
	}
)

func (a api) connections() {
	add(a, operation{
		ID: "create-connection", Method: http.MethodPost, Path: "/v1/connections", Tag: tagConnections, Status: http.StatusAccepted,
		Creates: true, Summary: "Connect a user to a provider", Text: "Starts the first synchronization. What the bank then asks of the user is the connection's challenge.",
		Worded: true, Who: holding(client.ConnectionsManage), Errors: []int{http.StatusNotFound, http.StatusForbidden},
	}, a.createConnection)
	add(a, operation{
		ID: "list-connections", Method: http.MethodGet, Path: "/v1/connections", Tag: tagConnections,
		Summary: "List connections", Text: "In the order of their creation.",
		Worded: true, Who: holding(client.ConnectionsRead), Errors: []int{http.StatusNotFound},
	}, a.listConnections)
	add(a, operation{
		ID: "get-connection", Method: http.MethodGet, Path: "/v1/connections/{id}", Tag: tagConnections, Tagged: true,
		Summary: "Get a connection", Text: "With the status of each channel and what has to be done.",
		Worded: true, Who: holding(client.ConnectionsRead), Errors: []int{http.StatusNotFound},
	}, a.getConnection)
	add(a, operation{
		ID: "change-connection", Method: http.MethodPatch, Path: "/v1/connections/{id}", Tag: tagConnections, Guarded: true,
		Summary: "Change a connection", Text: "What is not given stays as it is.",
		Worded: true, Who: holding(client.ConnectionsManage), Errors: []int{http.StatusNotFound},
	}, guard(a, a.connectionNow, a.changeConnection))
	add(a, operation{
		ID: "delete-connection", Method: http.MethodDelete, Path: "/v1/connections/{id}", Tag: tagConnections, Status: http.StatusNoContent, Guarded: true,
		Summary: "Delete a connection", Text: "With its accounts, transactions and credentials.",
		Within: patient, Who: holding(client.ConnectionsManage), Errors: []int{http.StatusNotFound},
	}, guard(a, a.connectionNow, a.deleteConnection))
	add(a, operation{
		ID: "replace-credentials", Method: http.MethodPut, Path: "/v1/connections/{id}/channels/{channel_definition_id}/credentials",
		Tag: tagConnections, Status: http.StatusAccepted,
		Summary: "Replace the credentials of a channel, or add the channel",
		Text:    "Starts a synchronization with the new ones. A channel definition of the provider that the connection does not use yet is added to it, and read by the run that is at work or by one of its own.",
		Worded:  true, Who: holding(client.ConnectionsManage), Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, a.replaceCredentials)
}

func (a api) createConnection(ctx context.Context, p usecase.Principal, in *createConnectionInput) (*madeConnection, error) {
	p, err := in.with(ctx, p)
	if err != nil {
		return nil, err
	}
	order := usecase.NewConnection{
		UserID: in.Body.UserID, ProviderID: in.Body.ProviderID, Name: in.Body.Name, TermsVersion: in.Body.TermsVersion,
		AutoSync: in.Body.AutoSync == nil || *in.Body.AutoSync,
		Channels: each(in.Body.Channels, func(c newChannel) usecase.NewChannel {
			return usecase.NewChannel{DefinitionID: c.ChannelDefinitionID, Credentials: secrets(c.Credentials)}
		}),
	}
	made, err := a.Connections.Create(ctx, p, order)
	if err != nil {
		return nil, err
	}
	return &madeConnection{"/v1/connections/" + string(made.ID), shower{locale: p.Locale}.connection(made)}, nil
}

func (a api) listConnections(ctx context.Context, p usecase.Principal, in *listConnectionsInput) (*connectionList, error) {
	p, err := a.reach(ctx, p, in.UserID)
	if err != nil {
		return nil, err
	}
	l := newListing("connections", p, in.ProviderID, in.Status)
	page, err := l.page(in.PageParams)
	if err != nil {
		return nil, err
	}
	slice, err := a.Connections.List(ctx, p, store.ConnectionFilter{Provider: in.ProviderID, Status: connection.Status(in.Status)}, page)
	if err != nil {
		return nil, err
	}
	shown := make([]connectionView, 0, len(slice.Items))
	for _, c := range slice.Items {
		view, err := a.show(ctx, p, c)
		if err != nil {
			return nil, err
		}
		shown = append(shown, view)
	}
	return &connectionList{list[connectionView]{shown, l.next(slice.Next)}}, nil
}

func (a api) getConnection(ctx context.Context, p usecase.Principal, in *connectionPath) (*oneConnection, error) {
	found, err := a.Connections.Get(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	view, err := a.show(ctx, p, found)
	return &oneConnection{view}, err
}

func (a api) changeConnection(ctx context.Context, p usecase.Principal, in *changeConnectionInput) (*oneConnection, error) {
	changed, err := a.Connections.Change(ctx, p, in.ID, usecase.ConnectionChange{Name: in.Body.Name, AutoSync: in.Body.AutoSync})
	if err != nil {
		return nil, err
	}
	view, err := a.show(ctx, p, changed)
	return &oneConnection{view}, err
}

func (a api) deleteConnection(ctx context.Context, p usecase.Principal, in *connectionPath) (*nothing, error) {
	return nil, a.Connections.Delete(ctx, p, in.ID)
}

func (a api) replaceCredentials(ctx context.Context, p usecase.Principal, in *replaceCredentialsInput) (*oneConnection, error) {
	p, err := in.with(ctx, p)
	if err != nil {
		return nil, err
	}
	changed, err := a.Connections.ReplaceCredentials(ctx, p, in.ID,
		usecase.NewChannel{DefinitionID: in.Channel, Credentials: secrets(in.Body.Credentials)}, in.Body.TermsVersion)
	if err != nil {
		return nil, err
	}
	return &oneConnection{shower{locale: p.Locale}.connection(changed)}, nil
}
