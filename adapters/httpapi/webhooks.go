package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type newWebhook struct {
	URL          string   `json:"url" maxLength:"2000" example:"https://example.org/hooks" doc:"Where events are sent, by POST: the address of a public server, with https in production."`
	Description  string   `json:"description,omitempty" maxLength:"500" example:"Billing" doc:"What people call it."`
	UserID       string   `json:"user_id,omitempty" maxLength:"64" example:"usr_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"Only the events of this user."`
	ConnectionID string   `json:"connection_id,omitempty" maxLength:"64" example:"con_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"Only the events of this connection."`
	Types        []string `json:"types,omitempty" maxItems:"100" example:"synchronization.succeeded" doc:"Only events of these names."`
	Algorithm    string   `json:"algorithm,omitempty" enum:"HMAC_SHA256,ED25519" default:"HMAC_SHA256" doc:"How requests are signed. It cannot be changed later."`
}

type webhookChange struct {
	URL          *string   `json:"url,omitempty" maxLength:"2000" example:"https://example.org/hooks" doc:"Where events are sent."`
	Description  *string   `json:"description,omitempty" maxLength:"500" example:"Billing" doc:"What people call it; empty for none."`
	UserID       *string   `json:"user_id,omitempty" maxLength:"64" example:"usr_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"Only the events of this user; empty for all."`
	ConnectionID *string   `json:"connection_id,omitempty" maxLength:"64" example:"con_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"Only the events of this connection; empty for all."`
	Types        *[]string `json:"types,omitempty" maxItems:"100" example:"synchronization.succeeded" doc:"Only events of these names; empty for all."`
	Enabled      *bool     `json:"enabled,omitempty" example:"true" doc:"Sends again, from where it stopped; or stops."`
}

type rotation struct {
	OverlapSeconds *int64 `json:"overlap_seconds,omitempty" minimum:"0" maximum:"604800" example:"86400" doc:"How long the secrets before it sign beside the new one; 24 hours unless given."`
}

type (
	webhookPath struct {
		ID string `path:"id" doc:"A webhook's id." example:"whk_01j9z3k6f8q2v4x6z8b0d2f4h6"`
	}
	oneWebhook  struct{ Body webhookView }
	madeWebhook struct {
		Location string `header:"Location" doc:"The new webhook."`
		Body     madeWebhookView
	}
	rotatedWebhook     struct{ Body madeWebhookView }
	webhookList        struct{ Body list[webhookView] }
	createWebhookInput struct{ Body newWebhook }
	listWebhooksInput  struct{ PageParams }
	changeWebhookInput struct {
		ID   string `path:"id" doc:"A webhook's id." example:"whk_01j9z3k6f8q2v4x6z8b0d2f4h6"`
		Body webhookChange
	}
	rotateWebhookInput struct {
		ID   string `path:"id" doc:"A webhook's id." example:"whk_01j9z3k6f8q2v4x6z8b0d2f4h6"`
		Body *rotation
	}
)

func (a api) webhooks() {
	manage := clientHolding(client.WebhooksManage)
	add(a, operation{
		ID: "create-webhook", Method: http.MethodPost, Path: "/v1/webhooks", Tag: tagWebhooks, Status: http.StatusCreated,
		Creates: true, Summary: "Create a webhook",
		Text: "It begins with the next event. Requests are signed as Standard Webhooks 1.0.0 says; the secret is in this answer only. Up to 1,000 for a client: " +
			"409 too_many_webhooks.",
		Who: manage, Errors: []int{http.StatusNotFound},
	}, a.createWebhook)
	add(a, operation{
		ID: "list-webhooks", Method: http.MethodGet, Path: "/v1/webhooks", Tag: tagWebhooks,
		Summary: "List webhooks", Text: "In the order of their creation.", Who: manage,
	}, a.listWebhooks)
	add(a, operation{
		ID: "get-webhook", Method: http.MethodGet, Path: "/v1/webhooks/{id}", Tag: tagWebhooks,
		Summary: "Get a webhook", Text: "With its state, without its secret.", Who: manage, Errors: []int{http.StatusNotFound},
	}, a.getWebhook)
	add(a, operation{
		ID: "change-webhook", Method: http.MethodPatch, Path: "/v1/webhooks/{id}", Tag: tagWebhooks,
		Summary: "Change a webhook", Text: "What is not given stays as it is. What it gets next may have been read with the filter that it had.",
		Who: manage, Errors: []int{http.StatusNotFound},
	}, a.changeWebhook)
	add(a, operation{
		ID: "delete-webhook", Method: http.MethodDelete, Path: "/v1/webhooks/{id}", Tag: tagWebhooks, Status: http.StatusNoContent,
		Within: patient, Summary: "Delete a webhook", Text: "With its deliveries. The events themselves stay.", Who: manage, Errors: []int{http.StatusNotFound},
	}, a.deleteWebhook)
	add(a, operation{
		ID: "rotate-webhook-secret", Method: http.MethodPost, Path: "/v1/webhooks/{id}/rotate_secret", Tag: tagWebhooks, Creates: true,
		Summary: "Rotate the secret", Text: "The new secret is in this answer only. It signs within two seconds; those before it sign beside it for the overlap.",
		Who: manage, Errors: []int{http.StatusNotFound},
	}, a.rotateWebhook)
	a.deliveries()
}

func (a api) createWebhook(ctx context.Context, p usecase.Principal, in *createWebhookInput) (*madeWebhook, error) {
	made, err := a.Webhooks.Create(ctx, p, usecase.NewWebhook{
		URL: in.Body.URL, Description: in.Body.Description, Algorithm: delivery.Algorithm(in.Body.Algorithm),
		Filter: delivery.Filter{UserID: ident.User(in.Body.UserID), ConnectionID: ident.Connection(in.Body.ConnectionID), Names: eventNames(in.Body.Types)},
	})
	if err != nil {
		return nil, err
	}
	return &madeWebhook{"/v1/webhooks/" + string(made.Webhook.ID), showMade(made)}, nil
}

func (a api) listWebhooks(ctx context.Context, p usecase.Principal, in *listWebhooksInput) (*webhookList, error) {
	l := newListing("webhooks", p)
	page, err := l.page(in.PageParams)
	if err != nil {
		return nil, err
	}
	slice, err := a.Webhooks.List(ctx, p, page)
	return &webhookList{listOf(l, slice, showWebhook)}, err
}

func (a api) getWebhook(ctx context.Context, p usecase.Principal, in *webhookPath) (*oneWebhook, error) {
	found, err := a.Webhooks.Get(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return &oneWebhook{showWebhook(found)}, nil
}

func (a api) changeWebhook(ctx context.Context, p usecase.Principal, in *changeWebhookInput) (*oneWebhook, error) {
	change := usecase.WebhookChange{URL: in.Body.URL, Description: in.Body.Description, Enabled: in.Body.Enabled}
	if in.Body.UserID != nil || in.Body.ConnectionID != nil || in.Body.Types != nil {
		change.Filter = &usecase.FilterChange{UserID: (*ident.User)(in.Body.UserID), ConnectionID: (*ident.Connection)(in.Body.ConnectionID)}
	}
	if in.Body.Types != nil {
		names := eventNames(*in.Body.Types)
		change.Filter.Names = &names
	}
	changed, err := a.Webhooks.Change(ctx, p, in.ID, change)
	if err != nil {
		return nil, err
	}
	return &oneWebhook{showWebhook(changed)}, nil
}

func (a api) deleteWebhook(ctx context.Context, p usecase.Principal, in *webhookPath) (*nothing, error) {
	return nil, a.Webhooks.Delete(ctx, p, in.ID)
}

func (a api) rotateWebhook(ctx context.Context, p usecase.Principal, in *rotateWebhookInput) (*rotatedWebhook, error) {
	overlap := delivery.Overlap
	if in.Body != nil && in.Body.OverlapSeconds != nil {
		overlap = time.Duration(*in.Body.OverlapSeconds) * time.Second
	}
	made, err := a.Webhooks.Rotate(ctx, p, in.ID, overlap)
	if err != nil {
		return nil, err
	}
	return &rotatedWebhook{showMade(made)}, nil
}
