package visiting_test

import (
	"context"
	"crypto/rand"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/catalogue"
	"github.com/tributary-dev/tributary/core/app/connecting"
	"github.com/tributary-dev/tributary/core/app/consenting"
	"github.com/tributary-dev/tributary/core/app/keeping"
	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/core/app/visiting"
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

const canary = "canary-5eCret"

func service(w *usecasetest.World) visiting.Service {
	runs := synchronizing.Service{Store: w.Store, Now: w.Now, IDs: w.IDs}
	links := connecting.Service{Store: w.Store, Catalogue: w.Banks, Box: w.Box, Now: w.Now, IDs: w.IDs, Runs: runs}
	consents := consenting.Service{Store: w.Store, Now: w.Now, Runs: runs}
	accounts := keeping.Service{Store: w.Store, Now: w.Now, IDs: w.IDs}
	return visiting.Service{Store: w.Store, Links: links, Runs: runs, Providers: catalogue.Service{Catalogue: w.Banks}, Consents: consents, Accounts: accounts, Now: w.Now, IDs: w.IDs, Rand: rand.Reader}
}

// site is an order of the bank's web site, which asks for credentials.
func site() widget.Order {
	return widget.Order{Accounts: widget.AllAccounts, Channels: []bank.ChannelType{bank.Embedded}, AutoSync: true}
}

// guest is Ana in a visit, with her browser.
type guest struct {
	t *testing.T
	w *usecasetest.World
	visiting.Service
	usecase.Visitor
	link secret.String
}

func invite(t *testing.T, w *usecasetest.World, order widget.Order) guest {
	t.Helper()
	made, err := service(w).Create(t.Context(), w.For(w.Ana), usecase.NewWidgetSession{Order: order})
	require.NoError(t, err)
	return guest{t, w, service(w), usecase.Visitor{Session: string(made.Session.ID), Locale: "fr"}, made.Link}
}

func enter(t *testing.T, w *usecasetest.World, order widget.Order) guest {
	t.Helper()
	g := invite(t, w, order)
	browser, err := g.Open(t.Context(), g.Session, widget.AddConnection, g.link)
	require.NoError(t, err)
	g.Browser = browser
	return g
}

func (g guest) look() usecase.Visit {
	g.t.Helper()
	visit, err := g.Look(g.t.Context(), g.Visitor)
	require.NoError(g.t, err)
	return visit
}

func (g guest) take(page widget.Page, input widget.Input, change ...func(*usecase.Move)) error {
	move := usecase.Move{Page: page, Input: input, ProviderID: usecasetest.Bank, Credentials: map[string]secret.Values{
		usecasetest.Embedded: {"login": secret.New("1234"), "password": secret.New(canary)},
	}}
	for _, c := range change {
		c(&move)
	}
	return g.Take(g.t.Context(), g.Visitor, move)
}

// does what leads on, and is at a page then.
func (g guest) does(page widget.Page, input widget.Input, then widget.Page) {
	g.t.Helper()
	require.NoError(g.t, g.take(page, input))
	require.Equal(g.t, then, g.look().Page)
}

func (g guest) connects() {
	g.t.Helper()
	g.does(widget.ChooseBank, widget.Choose, widget.Agree)
	g.does(widget.Agree, widget.Accept, widget.Identify)
	g.does(widget.Identify, widget.Connect, widget.Reading)
}

// becomes gives the visit's connection a status, as a run would.
func (g guest) becomes(status connection.ChannelStatus) {
	g.t.Helper()
	visit := g.look()
	g.w.Update(func(ctx context.Context, tx store.Tx) error {
		c, err := tx.Connections().Get(ctx, store.Owner{Client: g.w.Acme.ID}, visit.Session.Progress.ConnectionID)
		if err != nil {
			return err
		}
		for _, channel := range c.Channels {
			if err := c.Finish(channel.DefinitionID, connection.Outcome{Status: status}, g.w.Now()); err != nil {
				return err
			}
		}
		if run, err := tx.Runs().Active(ctx, c.ID); err == nil {
			if err := run.Cancel(g.w.Now()); err != nil {
				return err
			}
			if err := tx.Runs().Put(ctx, run); err != nil {
				return err
			}
		}
		return tx.Connections().Put(ctx, c)
	})
}

func TestVisit_connects_a_bank(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	g := enter(t, w, site())
	require.Equal(t, "ana@example.com", g.look().UserName)
	require.Equal(t, "Acme", g.look().ClientName)
	g.connects()
	g.becomes(connection.ChannelSuccess)
	g.does(widget.Done, widget.Finish, widget.Over)
	told, err := g.Get(t.Context(), w.As(w.Acme), g.Session)
	require.NoError(t, err)
	require.Equal(t, widget.Success, told.Outcome.Result)
	require.Equal(t, "SUCCESS", told.Outcome.Status)
	require.Len(t, told.Progress.Made, 1)
	w.View(func(ctx context.Context, tx store.Tx) error {
		c, err := tx.Connections().Get(ctx, store.Owner{Client: w.Acme.ID, User: w.Ana.ID}, told.Progress.Made[0])
		require.NoError(t, err)
		given, err := tx.Consents().Load(ctx, c.Channels[0].ConsentID)
		require.Equal(t, consent.Terms{Version: widget.OwnTerms, Locale: "fr"}, given.Terms)
		return err
	})
	require.NotContains(t, usecasetest.Everything(w.Store), canary)
	require.NotContains(t, usecasetest.Everything(w.Store), g.link.Reveal())
	require.NotContains(t, usecasetest.Everything(w.Store), g.Browser.Reveal())
}

// TestVisit_needs_no_right: a client that may not handle credentials has the
// widget do it.
func TestVisit_needs_no_right(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	p := w.For(w.Ana)
	p.Rights = nil
	made, err := service(w).Create(t.Context(), p, usecase.NewWidgetSession{Order: site()})
	require.NoError(t, err)
	g := guest{t, w, service(w), usecase.Visitor{Session: string(made.Session.ID)}, made.Link}
	g.Browser, err = g.Open(t.Context(), g.Session, widget.AddConnection, g.link)
	require.NoError(t, err)
	g.connects()
}

func TestVisit_of_an_interface_asks_for_nothing(t *testing.T) {
	t.Parallel()
	order := site()
	order.Channels = []bank.ChannelType{bank.Redirect}
	g := enter(t, usecasetest.New(t), order)
	g.does(widget.ChooseBank, widget.Choose, widget.Agree)
	g.does(widget.Agree, widget.Accept, widget.Reading)
	require.Equal(t, order.TermsVersion(), g.look().Session.Progress.Terms)
}

// TestTwice: whoever sends a form twice, at once or later, makes one connection.
func TestTwice_makes_one(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	g := enter(t, w, site())
	g.does(widget.ChooseBank, widget.Choose, widget.Agree)
	g.does(widget.Agree, widget.Accept, widget.Identify)
	var group sync.WaitGroup
	results := make([]error, 8)
	for i := range results {
		group.Go(func() { results[i] = g.take(widget.Identify, widget.Connect) })
	}
	group.Wait()
	made := 0
	for _, err := range results {
		if err == nil {
			made++
			continue
		}
		require.ErrorIs(t, err, widget.ErrMoved)
	}
	require.Equal(t, 1, made)
	all, err := g.Links.List(t.Context(), w.For(w.Ana), store.ConnectionFilter{}, store.Page{Limit: 100})
	require.NoError(t, err)
	require.Len(t, all.Items, 1)
	require.ErrorIs(t, g.take(widget.Agree, widget.Accept), widget.ErrMoved, "from a page that the browser kept")
}

func TestBrowser_of_somebody_else_changes_nothing(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	mine, other := enter(t, w, site()), enter(t, w, site())
	stranger := mine
	for name, key := range map[string]secret.String{"of_another_visit": other.Browser, "none": {}, "the_link": mine.link} {
		stranger.Browser = key
		w.Unchanged(func() {
			_, err := stranger.Look(t.Context(), stranger.Visitor)
			require.ErrorIs(t, err, widget.ErrBrowser, name)
			_, err = stranger.Banks(t.Context(), stranger.Visitor, usecase.BankSearch{})
			require.ErrorIs(t, err, widget.ErrBrowser, name)
			require.ErrorIs(t, stranger.take(widget.ChooseBank, widget.Choose), widget.ErrBrowser, name)
			_, err = stranger.Open(t.Context(), stranger.Session, widget.AddConnection, stranger.link)
			require.ErrorIs(t, err, widget.ErrLink, name)
		})
	}
}

func TestCreate_refuses_what_is_not_registered(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	for name, c := range map[string]struct {
		p     usecase.Principal
		order usecase.NewWidgetSession
		code  string
	}{
		"an_address":                 {w.For(w.Ana), usecase.NewWidgetSession{Order: widget.Order{Accounts: widget.AllAccounts, RedirectURL: "https://evil.example/"}}, "invalid_widget_session"},
		"a_bank_that_is_none":        {w.For(w.Ana), usecase.NewWidgetSession{Order: widget.Order{Accounts: widget.AllAccounts, ProviderID: "elm"}}, "invalid_widget_session"},
		"a_bank_without_such_a_way":  {w.For(w.Ana), usecase.NewWidgetSession{Order: widget.Order{Accounts: widget.OtherAccounts, ProviderID: "oak", Channels: []bank.ChannelType{bank.Redirect}}}, "invalid_widget_session"},
		"nobody":                     {w.As(w.Acme), usecase.NewWidgetSession{Order: site()}, "user_id_required"},
		"somebody_else":              {w.As(w.Acme), usecase.NewWidgetSession{Order: site(), UserID: string(w.Cleo.ID)}, "user_not_found"},
		"somebody_else_in_user_mode": {w.For(w.Ana), usecase.NewWidgetSession{Order: site(), UserID: string(w.Ben.ID)}, "user_not_found"},
	} {
		w.Unchanged(func() {
			_, err := service(w).Create(t.Context(), c.p, c.order)
			var told *fault.Error
			require.ErrorAs(t, err, &told, name)
			require.Equal(t, c.code, told.Code, name)
			require.NotContains(t, told.Error(), "evil")
		})
	}
}

func TestGet_is_for_the_owner(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	g := invite(t, w, site())
	for name, p := range w.Principals() {
		_, err := g.Get(t.Context(), p, g.Session)
		if name == "Ana" || name == "Acme" {
			require.NoError(t, err, name)
			continue
		}
		require.ErrorIs(t, err, widget.ErrNotFound, name)
	}
	_, err := g.Get(t.Context(), w.As(w.Acme), "wid_x")
	require.ErrorIs(t, err, widget.ErrNotFound)
}

func TestBanks_are_those_that_have_what_is_wanted(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	all := []bank.AccountType{bank.Checkings, bank.Savings}
	bankOf := func(id, name, country string, kind bank.ChannelType, types ...bank.AccountType) provider.Provider {
		return provider.Provider{ID: id, Name: name, Country: country, Channels: []provider.Channel{{ID: id + "-1", Type: kind, AccountTypes: types}}}
	}
	w.Banks.Set(bankOf("b", "Érable", "FR", bank.Embedded, all...), bankOf("a", "elm", "DE", bank.Embedded, all...), bankOf("c", "Ash", "FR", bank.Redirect, bank.Loan))
	names := func(order widget.Order, search string) (found []string) {
		g := enter(t, w, order)
		banks, err := g.Banks(t.Context(), g.Visitor, usecase.BankSearch{Text: search})
		require.NoError(t, err)
		for _, b := range banks.All {
			found = append(found, b.Name)
		}
		return found
	}
	require.Equal(t, []string{"Ash", "elm", "Érable"}, names(widget.Order{Accounts: widget.AllAccounts}, ""))
	require.Equal(t, []string{"Érable"}, names(widget.Order{Accounts: widget.AllAccounts}, "era"))
	require.Equal(t, []string{"elm", "Érable"}, names(widget.Order{Accounts: widget.PaymentAccounts}, ""))
	require.Equal(t, []string{"Érable"}, names(widget.Order{Accounts: widget.PaymentAccounts, Countries: []string{"FR"}}, ""))
	g := enter(t, w, widget.Order{Accounts: widget.PaymentAccounts})
	require.ErrorIs(t, g.take(widget.ChooseBank, widget.Choose, func(m *usecase.Move) { m.ProviderID = "c" }), provider.ErrNotFound, "by a forged form")
}

func TestCredentials_that_do_not_fit_change_nothing(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	g := enter(t, w, site())
	g.does(widget.ChooseBank, widget.Choose, widget.Agree)
	g.does(widget.Agree, widget.Accept, widget.Identify)
	w.Unchanged(func() {
		err := g.take(widget.Identify, widget.Connect, func(m *usecase.Move) {
			m.Credentials = map[string]secret.Values{usecasetest.Embedded: {"login": secret.New(canary)}}
		})
		var told *fault.Error
		require.ErrorAs(t, err, &told)
		require.Equal(t, "invalid_credentials", told.Code)
		require.Len(t, told.Details, 2)
		require.NotContains(t, told.Error(), canary)
	})
}

func TestTrouble_is_mended(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	g := enter(t, w, site())
	g.connects()
	g.becomes(connection.AuthFailed)
	g.does(widget.Trouble, widget.Mend, widget.Identify)
	g.does(widget.Identify, widget.Back, widget.Trouble)
	g.does(widget.Trouble, widget.Mend, widget.Identify)
	g.does(widget.Identify, widget.Connect, widget.Reading)
	g.becomes(connection.ChallengeRequired)
	g.does(widget.Trouble, widget.Again, widget.Reading)
	g.becomes(connection.ChannelSuccess)
	g.does(widget.Done, widget.Another, widget.ChooseBank)
	require.Len(t, g.look().Session.Progress.Made, 1)
}

// TestEveryStatus: whatever a bank does, there is a page with a sentence in every
// language, and a next step.
func TestEveryStatus_has_a_page_a_sentence_and_a_step(t *testing.T) {
	t.Parallel()
	for _, status := range connection.ChannelStatuses() {
		t.Run(strings.ToLower(string(status)), func(t *testing.T) {
			t.Parallel()
			w := usecasetest.New(t)
			g := enter(t, w, site())
			g.connects()
			if status != connection.ChannelRunning {
				g.becomes(status)
			}
			visit := g.look()
			require.Contains(t, []widget.Page{widget.Reading, widget.Trouble, widget.Done}, visit.Page)
			for _, locale := range widget.Locales() {
				require.NotEmpty(t, visit.Advice.Message[locale])
			}
			require.True(t, visit.Session.Takes(visit.Session.Cure(visit.Seen), visit.Seen) || visit.Page == widget.Reading)
		})
	}
}

func TestConnection_that_is_gone_leads_to_another(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	g := enter(t, w, site())
	g.connects()
	require.NoError(t, g.Links.Delete(t.Context(), w.For(w.Ana), string(g.look().Session.Progress.ConnectionID)))
	require.Equal(t, widget.Trouble, g.look().Page)
	g.does(widget.Trouble, widget.Instead, widget.ChooseBank)
}

func TestVisit_ends_by_time(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	g := enter(t, w, site())
	for range 4 {
		w.Pass(14 * time.Minute)
		require.Equal(t, widget.ChooseBank, g.look().Page, "who looks keeps it alive")
	}
	for range 2 { // and a page that looks by itself does not
		w.Pass(8 * time.Minute)
		_, err := g.Watch(t.Context(), g.Visitor)
		require.NoError(t, err)
	}
	require.Equal(t, widget.Over, g.look().Page)
	require.ErrorIs(t, g.take(widget.ChooseBank, widget.Choose), widget.ErrMoved)
	require.ErrorIs(t, g.take(widget.Over, widget.Leave), widget.ErrMoved)
	late := invite(t, w, site())
	w.Pass(widget.Idle)
	_, err := late.Open(t.Context(), late.Session, widget.AddConnection, late.link)
	require.ErrorIs(t, err, widget.ErrLink)
	w.Pass(widget.Retention + time.Minute)
	require.NoError(t, g.Sweep(t.Context()))
	_, err = g.Get(t.Context(), w.As(w.Acme), g.Session)
	require.ErrorIs(t, err, widget.ErrNotFound)
}

func TestVisit_of_a_disabled_client_ends(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	g := enter(t, w, site())
	w.Update(func(ctx context.Context, tx store.Tx) error {
		c := w.Acme
		c.Disabled = true
		return tx.Clients().Put(ctx, c)
	})
	_, err := g.Look(t.Context(), g.Visitor)
	require.ErrorIs(t, err, widget.ErrNotFound)
}

func TestTermsVersion_is_one_that_consents_take(t *testing.T) {
	t.Parallel()
	require.NoError(t, consent.CheckTerms(widget.OwnTerms))
	require.NoError(t, consent.CheckTerms(widget.Order{TermsBody: "x"}.TermsVersion()))
}

func TestConnection_that_there_is(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	first := enter(t, w, site())
	first.connects()
	first.becomes(connection.AuthFailed)
	own := site()
	own.ConnectionID = first.look().Session.Progress.ConnectionID
	g := invite(t, w, own)
	browser, err := g.Open(t.Context(), g.Session, widget.EditCredentials, g.link)
	require.NoError(t, err)
	g.Browser = browser
	require.Equal(t, usecasetest.Bank, g.look().Provider.ID)
	require.Equal(t, widget.Identify, g.look().Page)
	g.does(widget.Identify, widget.Connect, widget.Reading)
	g.becomes(connection.ChannelSuccess)
	g.does(widget.Done, widget.Finish, widget.Over)
	told, err := g.Get(t.Context(), w.As(w.Acme), g.Session)
	require.NoError(t, err)
	require.Equal(t, own.ConnectionID, told.Outcome.ConnectionID)
	require.Empty(t, told.Progress.Made, "nothing was made")
	for name, p := range map[string]usecase.Principal{"of_another_user": w.For(w.Ben), "of_another_client": w.For(w.Cleo)} {
		_, err := service(w).Create(t.Context(), p, usecase.NewWidgetSession{Order: own})
		require.ErrorIs(t, err, widget.ErrOrder, name)
	}
	own.ProviderID = "elm"
	_, err = service(w).Create(t.Context(), w.For(w.Ana), usecase.NewWidgetSession{Order: own})
	require.ErrorIs(t, err, widget.ErrOrder, "another bank")
}
