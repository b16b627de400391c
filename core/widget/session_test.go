package widget_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/widget"
)

func TestOpen_spends_the_link(t *testing.T) {
	t.Parallel()
	link, mine, others := secret.New("link"), secret.New("mine"), secret.New("others")
	fresh := func() *widget.Session { return widget.New("wid_1", "cli_1", "usr_1", widget.Order{}, link, noon) }
	for name, c := range map[string]struct {
		link  string
		entry widget.Entry
		at    time.Duration
	}{
		"a_wrong_link":     {"other", widget.AddConnection, 0},
		"no_link":          {"", widget.AddConnection, 0},
		"too_late":         {"link", widget.AddConnection, widget.Idle},
		"an_unknown_entry": {"link", "root", 0},
		"another_order's":  {"link", widget.EditCredentials, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := fresh()
			require.ErrorIs(t, s.Open(c.entry, secret.New(c.link), mine, noon.Add(c.at)), widget.ErrLink)
			require.Equal(t, fresh(), s)
			require.ErrorIs(t, s.Admit(mine), widget.ErrBrowser)
			require.ErrorIs(t, s.Admit(secret.String{}), widget.ErrBrowser, "nobody is nobody's browser")
		})
	}
	s := fresh()
	require.NoError(t, s.Open(widget.AddConnection, link, mine, noon))
	require.NoError(t, s.Admit(mine))
	require.ErrorIs(t, s.Admit(others), widget.ErrBrowser)
	require.ErrorIs(t, s.Open(widget.AddConnection, link, others, noon), widget.ErrLink, "once")
	require.ErrorIs(t, s.Admit(others), widget.ErrBrowser)
	require.NotContains(t, fmt.Sprintf("%+v", *s), "mine")
}

func TestOpen_of_a_connection_that_there_is(t *testing.T) {
	t.Parallel()
	order := widget.Order{ProviderID: "oak", ConnectionID: "con_1"}
	for entry, want := range map[widget.Entry]widget.Page{widget.EditCredentials: widget.Identify, widget.UserInput: widget.Answer, widget.ManageAccounts: widget.Manage} {
		s := widget.New("wid_1", "cli_1", "usr_1", order, secret.New("link"), noon)
		require.ErrorIs(t, s.Open(widget.AddConnection, secret.New("link"), secret.New("b"), noon), widget.ErrLink)
		require.NoError(t, s.Open(entry, secret.New("link"), secret.New("b"), noon))
		asked := widget.Seen{Asked: widget.AskedHere}
		require.Equal(t, want, s.Next(asked))
		require.False(t, s.Takes(widget.Another, widget.Seen{}), "it is about this one alone")
	}
}

func TestTouch_moves_the_end(t *testing.T) {
	t.Parallel()
	s := opened(t, widget.Order{})
	require.False(t, s.Touch(noon.Add(30*time.Second)), "nothing worth writing")
	require.True(t, s.Touch(noon.Add(14*time.Minute)))
	require.Equal(t, noon.Add(29*time.Minute), s.ExpiresAt)
	require.False(t, s.Over(noon.Add(28*time.Minute)))
	require.True(t, s.Over(noon.Add(29*time.Minute)))
	require.False(t, s.Touch(noon.Add(30*time.Minute)), "what is over stays over")
	require.ErrorIs(t, s.Take(widget.Leave, widget.Given{}, widget.Seen{}, noon.Add(29*time.Minute)), widget.ErrMoved)
}

func TestOrder_names_all_that_is_wrong(t *testing.T) {
	t.Parallel()
	registered := []string{"https://app.example/back?x=1", "https://app.example/no"}
	good := widget.Order{
		RedirectURL: registered[0], CancelURL: registered[1], State: "a b", Countries: []string{"FR"}, Accounts: widget.AllAccounts,
		Channels: []bank.ChannelType{bank.Redirect}, Locale: "fr", TermsHeader: "Terms", TermsBody: "line\n\nline", Mode: widget.OnPage,
	}
	told := func(o widget.Order, r widget.Registered) error { _, err := o.For(r); return err }
	require.NoError(t, told(good, widget.Registered{Addresses: registered}))
	require.NoError(t, told(widget.Order{Accounts: widget.PaymentAccounts, Mode: widget.OnPage}, widget.Registered{}))
	bad := widget.Order{
		RedirectURL: registered[0] + "&y", CancelURL: "https://app.example", State: "a\x00", Countries: []string{"FR", "fr"}, Accounts: "SOME",
		Channels: []bank.ChannelType{"PIGEON"}, Locale: "de", TermsHeader: strings.Repeat("x", 201), TermsBody: "", Mode: "tab", ParentOrigin: "https://app.example",
	}
	err := told(bad, widget.Registered{Addresses: registered, Origins: []string{"https://app.example"}})
	require.ErrorIs(t, err, widget.ErrOrder)
	failed, _ := errors.AsType[*fault.Error](err)
	var places []string
	for _, d := range failed.Details {
		places = append(places, strings.TrimPrefix(d.Location, "body."))
	}
	require.Equal(t, []string{"redirect_url", "cancel_url", "mode", "parent_origin", "state", "countries[1]", "expected_account_types", "channels[0]", "locale", "terms_header", "terms_body"}, places)
}

func TestTermsVersion_tells_words_apart(t *testing.T) {
	t.Parallel()
	own, theirs, others := widget.Order{}, widget.Order{TermsHeader: "T", TermsBody: "a"}, widget.Order{TermsHeader: "Ta", TermsBody: ""}
	require.Equal(t, widget.OwnTerms, own.TermsVersion())
	require.Equal(t, widget.OwnTerms, others.TermsVersion(), "a header alone is no terms")
	require.NotEqual(t, theirs.TermsVersion(), widget.Order{TermsBody: "Ta"}.TermsVersion())
	require.Regexp(t, `^client-[0-9a-f]{16}$`, theirs.TermsVersion())
}

func TestWays(t *testing.T) {
	t.Parallel()
	psd2 := widget.Offer{ID: "r", Type: bank.Redirect, Types: []bank.AccountType{bank.Checkings, bank.CreditCard}}
	site := widget.Offer{ID: "e", Type: bank.Embedded, Types: bank.AccountTypes()}
	for name, c := range map[string]struct {
		order  widget.Order
		offers []widget.Offer
		want   []widget.Offer
	}{
		"both_for_all":                {widget.Order{Accounts: widget.AllAccounts}, []widget.Offer{site, psd2}, []widget.Offer{psd2, site}},
		"the_interface_for_payments":  {widget.Order{Accounts: widget.PaymentAccounts}, []widget.Offer{site, psd2}, []widget.Offer{psd2}},
		"the_site_for_others":         {widget.Order{Accounts: widget.OtherAccounts}, []widget.Offer{site, psd2}, []widget.Offer{site}},
		"the_site_alone_gives_all":    {widget.Order{Accounts: widget.AllAccounts}, []widget.Offer{site}, []widget.Offer{site}},
		"what_the_client_allows":      {widget.Order{Accounts: widget.AllAccounts, Channels: []bank.ChannelType{bank.Redirect}}, []widget.Offer{site, psd2}, []widget.Offer{psd2}},
		"the_site_where_it_is_wanted": {widget.Order{Accounts: widget.PaymentAccounts, Channels: []bank.ChannelType{bank.Embedded}}, []widget.Offer{site, psd2}, []widget.Offer{site}},
		"nothing_of_it":               {widget.Order{Accounts: widget.OtherAccounts}, []widget.Offer{psd2}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, c.order.Ways(c.offers))
		})
	}
}

func TestLeft(t *testing.T) {
	t.Parallel()
	psd2 := widget.Offer{ID: "r", Type: bank.Redirect, Types: []bank.AccountType{bank.Checkings, bank.CreditCard}}
	site := widget.Offer{ID: "e", Type: bank.Embedded, Types: bank.AccountTypes()}
	offers := []widget.Offer{site, psd2}
	for name, c := range map[string]struct {
		order widget.Order
		used  []widget.Offer
		want  []widget.Offer
	}{
		"the_site_for_the_rest":       {widget.Order{Accounts: widget.AllAccounts}, []widget.Offer{psd2}, []widget.Offer{site}},
		"nothing_where_all_is_given":  {widget.Order{Accounts: widget.AllAccounts}, []widget.Offer{site}, nil},
		"nothing_more_of_payments":    {widget.Order{Accounts: widget.PaymentAccounts}, []widget.Offer{psd2}, nil},
		"nothing_that_is_not_allowed": {widget.Order{Accounts: widget.AllAccounts, Channels: []bank.ChannelType{bank.Redirect}}, []widget.Offer{psd2}, nil},
		"none_twice":                  {widget.Order{Accounts: widget.AllAccounts}, offers, nil},
		"all_where_none_is_used":      {widget.Order{Accounts: widget.AllAccounts}, nil, []widget.Offer{psd2, site}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, c.order.Left(offers, c.used))
		})
	}
}

func TestDestination_tells_the_outcome(t *testing.T) {
	t.Parallel()
	order := widget.Order{RedirectURL: "https://app.example/back?keep=1&result=forged", CancelURL: "https://app.example/no", State: "s&t"}
	s := opened(t, order)
	require.Empty(t, s.Destination(), "it has not ended")
	s.Outcome = &widget.Outcome{Result: widget.Success, ConnectionID: "con_1", Status: "SUCCESS"}
	told := query(t, s.Destination())
	require.Equal(t, url.Values{"keep": {"1"}, "result": {"success"}, "status": {"SUCCESS"}, "connection_id": {"con_1"}, "state": {"s&t"}}, told)
	s.Outcome = &widget.Outcome{Result: widget.Cancelled, Step: widget.Agree}
	require.True(t, strings.HasPrefix(s.Destination(), "https://app.example/no?"))
	require.Equal(t, url.Values{"error": {"cancelled"}, "step": {"AGREE"}, "state": {"s&t"}}, query(t, s.Destination()))
	s.Order.CancelURL = ""
	require.True(t, strings.HasPrefix(s.Destination(), "https://app.example/back?"))
	s.Order.RedirectURL = ""
	require.Empty(t, s.Destination())
}

func query(t *testing.T, address string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	return u.Query()
}
