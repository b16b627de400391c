package httpapi

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/usecase"
)

const wid = "wid_00000000000000000000000012"

func widgetExamples() []example {
	scopes := []client.Scope{client.Widget}
	return []example{
		{"create-widget-session", "POST", "/v1/widget_sessions", `{"user_id":"` + usr + `","redirect_url":"https://app.example/back","cancel_url":"https://app.example/no","mode":"popup","parent_origin":"https://app.example","state":"s",` +
			`"provider_id":"testbank","connection_id":"` + con + `","countries":["FR"],"expected_account_types":"PAYMENT","channels":["REDIRECT"],"captive":true,"select_accounts":true,"auto_sync":false,"locale":"fr","theme":"pro","terms_header":"Terms","terms_body":"Text"}`, 201, scopes, scopes, false},
		{"get-widget-session", "GET", "/v1/widget_sessions/" + wid, "", 200, scopes, scopes, false},
	}
}

func sampleVisit() *widget.Session {
	return &widget.Session{
		ID: wid, ClientID: sampleClient, UserID: usr, Order: widget.Order{State: "s"}, LinkHash: "never-shown", BrowserHash: "never-shown",
		Progress:  widget.Progress{ConnectionID: con, Made: []ident.Connection{con}},
		Outcome:   &widget.Outcome{Result: widget.Cancelled, ConnectionID: con, Step: widget.Reading, At: noon},
		CreatedAt: noon, ExpiresAt: noon.Add(widget.Idle),
	}
}

type fakeWidgetSessions struct{ *world }

func (f fakeWidgetSessions) Create(_ context.Context, p usecase.Principal, order usecase.NewWidgetSession) (usecase.MadeWidgetSession, error) {
	return usecase.MadeWidgetSession{Session: sampleVisit(), Link: secret.New("the-link")}, f.note(p, "order", order)
}

func (f fakeWidgetSessions) Get(_ context.Context, p usecase.Principal, id string) (*widget.Session, error) {
	return sampleVisit(), f.note(p, "visit", id)
}

func TestWidgetSession_is_ordered(t *testing.T) {
	t.Parallel()
	g := newRig(func(c *Config) { c.ServerURL = "https://bank.example/" })
	e := widgetExamples()[0]
	w := g.call(e.method, e.target, clientToken, e.body)
	require.Equal(t, http.StatusCreated, w.Code, w.Body)
	require.Equal(t, usecase.NewWidgetSession{UserID: usr, Order: widget.Order{
		RedirectURL: "https://app.example/back", CancelURL: "https://app.example/no", Mode: widget.InPopup, ParentOrigin: "https://app.example", State: "s", ProviderID: "testbank", ConnectionID: con, Countries: []string{"FR"},
		Accounts: widget.PaymentAccounts, Channels: []bank.ChannelType{bank.Redirect}, Captive: true, SelectAccounts: true, Locale: "fr", Theme: "pro", TermsHeader: "Terms", TermsBody: "Text",
	}}, g.seen["order"])
	var made struct{ Links map[string]*string }
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &made))
	add, manage := "https://bank.example/widget/"+wid+"/add_connection/the-link", "https://bank.example/widget/"+wid+"/manage_accounts/the-link"
	require.Equal(t, map[string]*string{"add_connection": &add, "edit_credentials": nil, "user_input": nil, "manage_accounts": &manage}, made.Links)
	require.NotContains(t, g.logs.String(), "the-link")

	require.Equal(t, http.StatusCreated, g.call(e.method, e.target, clientToken, `{"user_id":"`+usr+`"}`).Code)
	bare := g.seen["order"].(usecase.NewWidgetSession).Order //nolint:errcheck // the test fails by it
	require.Equal(t, widget.AllAccounts, bare.Accounts)
	require.True(t, bare.AutoSync)
}

func TestWidgetSession_tells_where_it_stands(t *testing.T) {
	t.Parallel()
	server := api{server: &server{Config: Config{IDs: ident.Source{Now: func() time.Time { return noon }}}}}
	for want, change := range map[string]func(*widget.Session){
		"FINISHED": func(*widget.Session) {},
		"OPEN":     func(s *widget.Session) { s.Outcome = nil },
		"CREATED":  func(s *widget.Session) { s.Outcome, s.BrowserHash = nil, "" },
		"EXPIRED":  func(s *widget.Session) { s.Outcome, s.ExpiresAt = nil, noon },
	} {
		s := sampleVisit()
		change(s)
		shown := server.showWidgetSession(s)
		require.Equal(t, want, shown.Status)
		require.Equal(t, want == "FINISHED", shown.Result != nil)
		require.Equal(t, []string{con}, shown.ConnectionIDs)
	}
}

func TestReturnGoesOnInTheWidget(t *testing.T) {
	t.Parallel()
	w := newRig().do(browser("GET", "/connect/return?state=visit&code=1", "en"))
	require.Equal(t, http.StatusSeeOther, w.Code)
	require.Equal(t, "/widget/"+wid, w.Header().Get("Location"))
}

func TestPlaygroundIsThereWhereItIsWanted(t *testing.T) {
	t.Parallel()
	page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("playground")) })
	sandbox, production := newRig(func(c *Config) { c.Playground = page }), newRig()
	for _, path := range []string{"/playground", "/playground/playground.js"} {
		require.Equal(t, "playground", sandbox.do(browser("GET", path, "en")).Body.String(), path)
		require.Equal(t, http.StatusNotFound, production.do(browser("GET", path, "en")).Code, path)
	}
	require.Equal(t, http.StatusNotFound, sandbox.do(browser("GET", "/playgrounds", "en")).Code)
}

func TestPagesAreServedAsTheyAre(t *testing.T) {
	t.Parallel()
	pages := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "theirs")
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(strings.Repeat("page", 1000)))
	})
	r := browser("GET", "/widget/x", "en")
	r.Header.Set("Accept-Encoding", "gzip")
	w := newRig(func(c *Config) { c.Pages = pages }).do(r)
	require.Equal(t, http.StatusForbidden, w.Code)
	require.Equal(t, "theirs", w.Header().Get("Content-Security-Policy"))
	require.Empty(t, w.Header().Get("Content-Encoding"), "what holds a form's word is not compressed")
	require.Equal(t, strings.Repeat("page", 1000), w.Body.String())
	require.Equal(t, http.StatusNotFound, newRig().do(browser("GET", "/widget/x", "en")).Code)
}
