package httpapi

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type newWidgetSession struct {
	UserID               string   `json:"user_id,omitempty" example:"usr_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"Who connects a bank; needed in client mode."`
	RedirectURL          string   `json:"redirect_url,omitempty" maxLength:"2000" example:"https://app.example/banks" doc:"Where the browser goes afterwards, with result, status, connection_id and state in its query: one of the client's registered redirect URLs or app links, word for word. Without it, the last page tells the user to close it."`
	CancelURL            string   `json:"cancel_url,omitempty" maxLength:"2000" example:"https://app.example/banks" doc:"Where it goes when the user leaves, with error=cancelled and step; redirect_url unless given. Registered, too."`
	Mode                 string   `json:"mode,omitempty" enum:"page,popup,iframe" default:"page" doc:"How the pages are shown: with the whole browser, or in a popup or frame of a page of the client's, which is told what happens. tributary.js opens each."`
	ParentOrigin         string   `json:"parent_origin,omitempty" maxLength:"2000" example:"https://app.example" doc:"The origin of that page, in the modes popup and iframe: one that the client registered. Unless given, the only one."`
	State                string   `json:"state,omitempty" maxLength:"2000" example:"7f3a" doc:"Given back with the result; at most 500 characters."`
	ProviderID           string   `json:"provider_id,omitempty" maxLength:"200" example:"testbank" doc:"The bank; without it the user chooses."`
	ConnectionID         string   `json:"connection_id,omitempty" maxLength:"64" example:"con_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"A connection of the user, to edit its credentials, to answer what its bank asks, or to manage it alone; without it one is made."`
	Countries            []string `json:"countries,omitempty" maxItems:"50" example:"FR" doc:"Where the banks are that the user can choose from; all unless given."`
	ExpectedAccountTypes string   `json:"expected_account_types,omitempty" enum:"PAYMENT,OTHER,ALL" default:"ALL" doc:"PAYMENT is current accounts and cards, which a bank's PSD2 interface gives; OTHER is savings and loans."`
	Channels             []string `json:"channels,omitempty" maxItems:"2" enum:"REDIRECT,EMBEDDED" example:"REDIRECT" doc:"How banks may be reached; by whatever they offer unless given."`
	Captive              bool     `json:"captive,omitempty" doc:"Whether the user has to wait until the accounts are read; else the user may leave early, with the result pending."`
	AutoSync             *bool    `json:"auto_sync,omitempty" default:"true" doc:"Whether to synchronize every day."`
	SelectAccounts       bool     `json:"select_accounts,omitempty" doc:"Whether the user chooses, of the accounts that are found, those that are kept; the others are neither read nor shown, also when they are found later. All are kept unless given."`
	Locale               string   `json:"locale,omitempty" enum:"en,fr" example:"fr" doc:"The language of the pages; the browser's unless given."`
	Theme                string   `json:"theme,omitempty" maxLength:"40" example:"default" doc:"The name of a look that was registered for the client; default unless given, where there is one."`
	TermsHeader          string   `json:"terms_header,omitempty" maxLength:"800" example:"Terms of Budget app" doc:"Stands over terms_body."`
	TermsBody            string   `json:"terms_body,omitempty" maxLength:"80000" example:"Budget app reads your accounts to make your budget." doc:"The client's own terms, as plain text, in the place of those of the theme, or of ours. Consents name them by a version that is made from their text."`
}

type widgetSessionView struct {
	ID            string    `json:"id" example:"wid_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The session's id."`
	UserID        string    `json:"user_id" example:"usr_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"Who it is for."`
	Status        string    `json:"status" enum:"CREATED,OPEN,FINISHED,EXPIRED" doc:"CREATED until the link is opened, then OPEN until it ends."`
	Result        *string   `json:"result" enum:"success,pending,failure,cancelled" doc:"What became of it; null until it is finished. Pending is a bank that is still being read."`
	Step          *string   `json:"step" example:"AGREE" doc:"The page at which the user left; null where none did."`
	ConnectionID  *string   `json:"connection_id" example:"con_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The connection at work, at last; null for none."`
	ConnectionIDs []string  `json:"connection_ids" example:"con_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"All connections that were made, in their order."`
	State         *string   `json:"state" example:"7f3a" doc:"As it was given."`
	CreatedAt     time.Time `json:"created_at" doc:"When it was created."`
	ExpiresAt     time.Time `json:"expires_at" doc:"When it ends if nothing happens: 15 minutes after the last thing that the user did. The session can be read for 30 days more."`
}

type madeWidgetSessionView struct {
	widgetSessionView
	Links widgetLinks `json:"links" doc:"One for each way to begin. Send the user's browser to one of them: the first to be opened spends them all."`
}

type widgetLinks struct {
	AddConnection   *string `json:"add_connection" example:"https://tributary.example/widget/wid_01j9z3k6f8q2v4x6z8b0d2f4h6/add_connection/…" doc:"Connect a bank; null with connection_id."`
	EditCredentials *string `json:"edit_credentials" doc:"Type the credentials of connection_id anew, or sign in at its bank; null without."`
	UserInput       *string `json:"user_input" doc:"Answer what the bank of connection_id asks, and mend what is wrong with it; null without."`
	ManageAccounts  *string `json:"manage_accounts" doc:"See what is shared, of connection_id or of all: name and remove accounts, look for others, extend and end consents."`
}

type (
	widgetSessionPath struct {
		ID string `path:"id" doc:"A widget session's id." example:"wid_01j9z3k6f8q2v4x6z8b0d2f4h6"`
	}
	oneWidgetSession  struct{ Body widgetSessionView }
	madeWidgetSession struct {
		Location string `header:"Location" doc:"The new session."`
		Body     madeWidgetSessionView
	}
	createWidgetSessionInput struct{ Body newWidgetSession }
)

func (a api) widgetSessions() {
	add(a, operation{
		ID: "create-widget-session", Method: http.MethodPost, Path: "/v1/widget_sessions", Tag: tagWidget, Status: http.StatusCreated, Creates: true,
		Summary: "Open the widget", Text: "The links in the answer are for the user's browser: they work once, for 15 minutes, and are not told again.",
		Who: holding(client.Widget), Errors: []int{http.StatusNotFound},
	}, a.createWidgetSession)
	add(a, operation{
		ID: "get-widget-session", Method: http.MethodGet, Path: "/v1/widget_sessions/{id}", Tag: tagWidget,
		Summary: "Get a widget session", Text: "With its outcome: what the browser brings back is told here too, where nobody can forge it.",
		Who: holding(client.Widget), Errors: []int{http.StatusNotFound},
	}, a.getWidgetSession)
}

func (a api) createWidgetSession(ctx context.Context, p usecase.Principal, in *createWidgetSessionInput) (*madeWidgetSession, error) {
	b := in.Body
	made, err := a.WidgetSessions.Create(ctx, p, usecase.NewWidgetSession{UserID: b.UserID, Order: widget.Order{
		RedirectURL: b.RedirectURL, CancelURL: b.CancelURL, Mode: widget.Mode(b.Mode), ParentOrigin: b.ParentOrigin, State: b.State, ProviderID: b.ProviderID, ConnectionID: ident.Connection(b.ConnectionID), Countries: b.Countries,
		Accounts: widget.AccountTypes(b.ExpectedAccountTypes), Channels: each(b.Channels, func(c string) bank.ChannelType { return bank.ChannelType(c) }),
		Captive: b.Captive, SelectAccounts: b.SelectAccounts, AutoSync: b.AutoSync == nil || *b.AutoSync, Locale: b.Locale, Theme: b.Theme, TermsHeader: b.TermsHeader, TermsBody: b.TermsBody,
	}})
	if err != nil {
		return nil, err
	}
	return &madeWidgetSession{"/v1/widget_sessions/" + string(made.Session.ID), madeWidgetSessionView{a.showWidgetSession(made.Session), a.links(made)}}, nil
}

// links are the ways to begin.
func (a api) links(made usecase.MadeWidgetSession) widgetLinks {
	link := func(entry widget.Entry) *string {
		if !slices.Contains(made.Session.Order.Entries(), entry) {
			return nil
		}
		address := strings.TrimSuffix(a.ServerURL, "/") + "/widget/" + string(made.Session.ID) + "/" + string(entry) + "/" + made.Link.Reveal()
		return &address
	}
	return widgetLinks{link(widget.AddConnection), link(widget.EditCredentials), link(widget.UserInput), link(widget.ManageAccounts)}
}

func (a api) getWidgetSession(ctx context.Context, p usecase.Principal, in *widgetSessionPath) (*oneWidgetSession, error) {
	found, err := a.WidgetSessions.Get(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return &oneWidgetSession{a.showWidgetSession(found)}, nil
}

func (a api) showWidgetSession(s *widget.Session) widgetSessionView {
	view := widgetSessionView{
		ID: string(s.ID), UserID: string(s.UserID), Status: "CREATED", State: known(s.Order.State), CreatedAt: instant(s.CreatedAt), ExpiresAt: instant(s.ExpiresAt),
		ConnectionID: known(s.Progress.ConnectionID), ConnectionIDs: each(s.Progress.Made, func(id ident.Connection) string { return string(id) }),
	}
	switch {
	case s.Outcome != nil:
		view.Status, view.Result, view.Step = "FINISHED", known(s.Outcome.Result), known(s.Outcome.Step)
	case s.Over(a.IDs.Now()):
		view.Status = "EXPIRED"
	case s.BrowserHash != "":
		view.Status = "OPEN"
	}
	return view
}
