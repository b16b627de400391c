package httpapi

import (
	"context"
	"net/http"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type newSynchronization struct {
	Type string `json:"type,omitempty" enum:"ALL,LIST_ACCOUNTS" default:"ALL" doc:"LIST_ACCOUNTS finds new accounts and brings deleted ones back."`
}

type newSynchronizations struct {
	UserID string `json:"user_id,omitempty" example:"usr_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"Whose connections; needed in client mode."`
	Type   string `json:"type,omitempty" enum:"ALL,LIST_ACCOUNTS" default:"ALL" doc:"LIST_ACCOUNTS finds new accounts and brings deleted ones back."`
}

type (
	synchronizationPath struct {
		ID string `path:"id" doc:"A synchronization's id." example:"syn_01j9z3k6f8q2v4x6z8b0d2f4h6"`
	}
	oneSynchronization  struct{ Body synchronizationView }
	madeSynchronization struct {
		Location string `header:"Location" doc:"The new synchronization."`
		Body     synchronizationView
	}
	synchronizationList struct {
		Body list[synchronizationView]
	}
	startSynchronizationInput struct {
		Attended
		ID   string `path:"id" doc:"A connection's id." example:"con_01j9z3k6f8q2v4x6z8b0d2f4h6"`
		Body *newSynchronization
	}
	startSynchronizationsInput struct {
		Attended
		Body *newSynchronizations
	}
	listSynchronizationsInput struct {
		PageParams
		UserParam
		ConnectionID string `query:"connection_id" doc:"Only those of this connection."`
		Status       string `query:"status" enum:"QUEUED,RUNNING,WAITING,SUCCESS,PARTIAL_SUCCESS,FAILED,CANCELLED" doc:"Only those with this status."`
	}
)

func (a api) synchronizations() {
	add(a, operation{
		ID: "start-synchronization", Method: http.MethodPost, Path: "/v1/connections/{id}/synchronizations",
		Tag: tagSynchronizations, Status: http.StatusAccepted,
		Creates: true, Summary: "Synchronize a connection", Text: "While one runs, a second is refused: 409 synchronization_running, with the running one's id as subject.",
		Worded: true, Who: holding(client.ConnectionsSync), Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, a.startSynchronization)
	add(a, operation{
		ID: "start-synchronizations", Method: http.MethodPost, Path: "/v1/synchronizations",
		Tag: tagSynchronizations, Status: http.StatusAccepted,
		Creates: true, Summary: "Synchronize all connections of a user", Text: "Starts a run of each connection where none is running, and gives those.",
		Worded: true, Who: holding(client.ConnectionsSync), Errors: []int{http.StatusNotFound},
	}, a.startSynchronizations)
	add(a, operation{
		ID: "list-synchronizations", Method: http.MethodGet, Path: "/v1/synchronizations", Tag: tagSynchronizations,
		Summary: "List synchronizations", Text: "Newest first.",
		Worded: true, Who: holding(client.ConnectionsRead), Errors: []int{http.StatusNotFound},
	}, a.listSynchronizations)
	add(a, operation{
		ID: "get-synchronization", Method: http.MethodGet, Path: "/v1/synchronizations/{id}", Tag: tagSynchronizations, Tagged: true,
		Summary: "Get a synchronization", Text: "With its stage and the outcome for each account.",
		Worded: true, Who: holding(client.ConnectionsRead), Errors: []int{http.StatusNotFound},
	}, a.getSynchronization)
	add(a, operation{
		ID: "cancel-synchronization", Method: http.MethodPost, Path: "/v1/synchronizations/{id}/cancel", Tag: tagSynchronizations,
		Summary: "Cancel a synchronization", Text: "What it has stored stays. One that is over cannot be cancelled.",
		Worded: true, Who: holding(client.ConnectionsSync), Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, a.cancelSynchronization)
}

func kindOf(text string) synchronization.Type {
	if text == "" {
		return synchronization.All
	}
	return synchronization.Type(text)
}

func (a api) startSynchronization(ctx context.Context, p usecase.Principal, in *startSynchronizationInput) (*madeSynchronization, error) {
	p, err := in.with(ctx, p)
	if err != nil {
		return nil, err
	}
	kind := synchronization.All
	if in.Body != nil {
		kind = kindOf(in.Body.Type)
	}
	started, err := a.Synchronizations.Start(ctx, p, in.ID, kind)
	if err != nil {
		return nil, err
	}
	return &madeSynchronization{"/v1/synchronizations/" + string(started.ID), runIn(p.Locale)(started)}, nil
}

func (a api) startSynchronizations(ctx context.Context, p usecase.Principal, in *startSynchronizationsInput) (*synchronizationList, error) {
	p, err := in.with(ctx, p)
	if err != nil {
		return nil, err
	}
	var order newSynchronizations
	if in.Body != nil {
		order = *in.Body
	}
	started, err := a.Synchronizations.StartAll(ctx, p, order.UserID, kindOf(order.Type))
	if err != nil {
		return nil, err
	}
	return &synchronizationList{list[synchronizationView]{Data: each(started, runIn(p.Locale))}}, nil
}

func (a api) listSynchronizations(ctx context.Context, p usecase.Principal, in *listSynchronizationsInput) (*synchronizationList, error) {
	p, err := a.reach(ctx, p, in.UserID)
	if err != nil {
		return nil, err
	}
	l := newListing("synchronizations", p, in.ConnectionID, in.Status)
	page, err := l.page(in.PageParams)
	if err != nil {
		return nil, err
	}
	filter := store.RunFilter{Connection: ident.Connection(in.ConnectionID), Status: synchronization.Status(in.Status)}
	slice, err := a.Synchronizations.List(ctx, p, filter, page)
	return &synchronizationList{listOf(l, slice, runIn(p.Locale))}, err
}

func (a api) getSynchronization(ctx context.Context, p usecase.Principal, in *synchronizationPath) (*oneSynchronization, error) {
	found, err := a.Synchronizations.Get(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return &oneSynchronization{runIn(p.Locale)(found)}, nil
}

func (a api) cancelSynchronization(ctx context.Context, p usecase.Principal, in *synchronizationPath) (*oneSynchronization, error) {
	cancelled, err := a.Synchronizations.Cancel(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return &oneSynchronization{runIn(p.Locale)(cancelled)}, nil
}
