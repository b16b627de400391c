package widget

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/catalogue"
	"github.com/tributary-dev/tributary/core/app/connecting"
	"github.com/tributary-dev/tributary/core/app/consenting"
	"github.com/tributary-dev/tributary/core/app/keeping"
	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/core/app/visiting"
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/form"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

// rig is the pages on a small world.
type rig struct {
	t *testing.T
	*usecasetest.World
	service visiting.Service
	handler http.Handler
	logs    *strings.Builder
}

func newRig(t *testing.T) *rig {
	w, logs := usecasetest.New(t), &strings.Builder{}
	runs := synchronizing.Service{Store: w.Store, Now: w.Now, IDs: w.IDs}
	links := connecting.Service{Store: w.Store, Catalogue: w.Banks, Box: w.Box, Now: w.Now, IDs: w.IDs, Runs: runs}
	consents := consenting.Service{Store: w.Store, Now: w.Now, Runs: runs}
	accounts := keeping.Service{Store: w.Store, Now: w.Now, IDs: w.IDs}
	service := visiting.Service{Store: w.Store, Links: links, Runs: runs, Providers: catalogue.Service{Catalogue: w.Banks}, Consents: consents, Accounts: accounts, Now: w.Now, IDs: w.IDs, Rand: rand.Reader}
	handler := New(Config{Visits: service, ServerURL: "https://tributary.example", Now: w.Now, Logger: slog.New(slog.NewTextHandler(logs, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	return &rig{t, w, service, handler, logs}
}

// site is an order of the bank's web site, which asks for credentials.
func site() widget.Order {
	return widget.Order{Accounts: widget.AllAccounts, Channels: []bank.ChannelType{bank.Embedded}, Locale: "en"}
}

func (r *rig) order(o widget.Order) (id, link string) {
	r.t.Helper()
	made, err := r.service.Create(r.t.Context(), r.For(r.Ana), usecase.NewWidgetSession{Order: o})
	require.NoError(r.t, err)
	return string(made.Session.ID), "/widget/" + string(made.Session.ID) + "/add_connection/" + made.Link.Reveal()
}

// agent is a browser: it keeps cookies and sends forms as they stand in a page.
type agent struct {
	*rig
	id      string
	cookies []*http.Cookie
	page    string
}

// opens a visit in a browser of its own.
func (r *rig) opens(o widget.Order) *agent {
	r.t.Helper()
	id, link := r.order(o)
	a := &agent{rig: r, id: id}
	require.Equal(r.t, http.StatusSeeOther, a.get(link).Code)
	require.Equal(r.t, http.StatusOK, a.get("/widget/"+id).Code)
	return a
}

func (a *agent) do(r *http.Request) *httptest.ResponseRecorder {
	for _, c := range a.cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, r)
	a.cookies = append(a.cookies, w.Result().Cookies()...) //nolint:bodyclose // a recorder's
	if body := w.Body.String(); strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		a.page = body
	}
	return w
}

func (a *agent) get(target string) *httptest.ResponseRecorder {
	return a.do(httptest.NewRequest(http.MethodGet, target, http.NoBody))
}

var hidden = regexp.MustCompile(`<input type="hidden" name="(form|page|input|challenge)" value="([^"]*)"`)

// sends the form of the page that means an input, with more in it.
func (a *agent) sends(input widget.Input, more url.Values) *httptest.ResponseRecorder {
	a.t.Helper()
	values := url.Values{}
	for _, block := range strings.Split(a.page, "<form")[1:] {
		if !strings.Contains(block, `name="input" value="`+string(input)+`"`) {
			continue
		}
		for _, found := range hidden.FindAllStringSubmatch(block, -1) {
			values.Set(found[1], found[2])
		}
	}
	require.NotEmpty(a.t, values, "the page has no form for %s", input)
	for name, value := range more {
		values[name] = value
	}
	return a.do(a.formOf(values))
}

func (a *agent) formOf(values url.Values) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/widget/"+a.id, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Origin", "null") // as browsers do under our referrer policy
	return r
}

// moves sends a form, and follows to the next page.
func (a *agent) moves(input widget.Input, more url.Values) {
	a.t.Helper()
	require.Equal(a.t, http.StatusSeeOther, a.sends(input, more).Code)
	require.Equal(a.t, http.StatusOK, a.get("/widget/"+a.id).Code)
}

func (a *agent) identifies() {
	a.t.Helper()
	a.moves(widget.Choose, url.Values{"provider": {usecasetest.Bank}})
	a.moves(widget.Accept, nil)
}

func TestLink_is_spent_once(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id, link := r.order(site())
	mine, other := &agent{rig: r, id: id}, &agent{rig: r, id: id}
	for _, ahead := range []func(*http.Request){func(r *http.Request) { r.Method = http.MethodHead }, func(r *http.Request) { r.Header.Set("Sec-Purpose", "prefetch") }} {
		request := httptest.NewRequest(http.MethodGet, link, http.NoBody)
		ahead(request)
		require.Equal(t, http.StatusNoContent, other.do(request).Code)
	}
	require.Equal(t, http.StatusForbidden, other.get("/widget/"+id).Code, "nobody has opened it")
	w := mine.get(link)
	require.Equal(t, http.StatusSeeOther, w.Code)
	require.Equal(t, "/widget/"+id, w.Header().Get("Location"), "the link is not kept in the address")
	require.Equal(t, http.StatusForbidden, other.get(link).Code)
	require.Contains(t, other.page, "This link was used already")
	require.Equal(t, http.StatusForbidden, other.get("/widget/"+id).Code)
	require.Contains(t, other.page, "Go back to where you began")
	require.Equal(t, http.StatusForbidden, other.get("/widget/"+id+"/banks?q=").Code)
	require.Equal(t, http.StatusForbidden, other.get("/widget/"+id+"/pulse").Code)
	require.Equal(t, http.StatusSeeOther, mine.get(link).Code, "who goes back in the same browser may go on")
	require.Equal(t, http.StatusOK, mine.get("/widget/"+id).Code)
	require.Equal(t, http.StatusForbidden, (&agent{rig: r, id: id}).get(link+"x").Code)
}

func TestCookie_is_for_this_browser_alone(t *testing.T) {
	t.Parallel()
	a := newRig(t).opens(site())
	require.Len(t, a.cookies, 1)
	kept := a.cookies[0]
	require.Equal(t, "__Host-"+a.id, kept.Name)
	require.True(t, kept.Secure && kept.HttpOnly && kept.Partitioned)
	require.Equal(t, "/", kept.Path)
	require.Empty(t, kept.Domain)
	require.NotContains(t, a.page, kept.Value)
}

func TestHeaders_of_every_answer(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	o := site()
	r.Acme.RedirectURLs = []string{"https://app.example/back?x=1", "https://app.example/no"}
	r.register()
	o.RedirectURL, o.CancelURL = r.Acme.RedirectURLs[0], r.Acme.RedirectURLs[1]
	a := r.opens(o)
	for name, w := range map[string]*httptest.ResponseRecorder{
		"page": a.get("/widget/" + a.id), "form": a.sends(widget.Choose, url.Values{"provider": {"none"}}), "pulse": a.get("/widget/" + a.id + "/pulse"), "refused": a.get("/widget/wid_x"),
		"link": a.get("/widget/" + a.id + "/add_connection/x"), "nothing": a.get("/widget/"),
	} {
		h := w.Header()
		require.Equal(t, "no-store", h.Get("Cache-Control"), name)
		require.Equal(t, "no-referrer", h.Get("Referrer-Policy"), name)
		require.Equal(t, "same-origin", h.Get("Cross-Origin-Opener-Policy"), name)
		policy := h.Get("Content-Security-Policy")
		for _, rule := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'"} {
			require.Contains(t, policy, rule, name)
		}
		require.NotContains(t, policy, "unsafe", name)
		require.NotContains(t, policy, "*", name)
	}
	require.Contains(t, a.get("/widget/"+a.id).Header().Get("Content-Security-Policy"), "form-action 'self' https://app.example;")
}

func TestForms_that_are_not_ours_change_nothing(t *testing.T) {
	t.Parallel()
	a := newRig(t).opens(site())
	good := url.Values{"form": {word(a.visitorOf())}, "page": {"CHOOSE_BANK"}, "input": {"choose"}, "provider": {usecasetest.Bank}}
	for name, spoil := range map[string]func(url.Values, *http.Request){
		"without_our_word":       func(v url.Values, _ *http.Request) { v.Del("form") },
		"with_another_word":      func(v url.Values, _ *http.Request) { v.Set("form", strings.Repeat("0", 64)) },
		"from_another_site":      func(_ url.Values, r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"from_another_subdomain": func(_ url.Values, r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") },
		"of_an_old_browser": func(_ url.Values, r *http.Request) {
			r.Header.Del("Sec-Fetch-Site")
			r.Header.Set("Origin", "https://evil.example")
		},
		"larger_than_any_of_ours": func(v url.Values, _ *http.Request) { v.Set("more", strings.Repeat("x", maxForm)) },
	} {
		values := url.Values{}
		for k, v := range good {
			values[k] = v
		}
		spoil(values, &http.Request{Header: http.Header{}})
		request := a.formOf(values)
		spoil(url.Values{}, request)
		a.Unchanged(func() { require.Equal(t, http.StatusForbidden, a.do(request).Code, name) })
	}
	require.Equal(t, http.StatusSeeOther, a.do(a.formOf(good)).Code)
	require.Equal(t, http.StatusSeeOther, a.do(a.formOf(good)).Code, "a second time it leads to where the visit is")
	a.get("/widget/" + a.id)
	require.Contains(t, a.page, "Share your Oak accounts with Acme")
}

// TestForms_of_every_kind: there is nothing that a page does without our word, or for
// another site.
func TestForms_of_every_kind_need_our_word(t *testing.T) {
	t.Parallel()
	a := newRig(t).opens(site())
	for _, input := range widget.Inputs() {
		values := url.Values{"page": {"CHOOSE_BANK"}, "input": {string(input)}, "provider": {usecasetest.Bank}}
		a.Unchanged(func() { require.Equal(t, http.StatusForbidden, a.do(a.formOf(values)).Code, input) })
		values.Set("form", word(a.visitorOf()))
		forged := a.formOf(values)
		forged.Header.Set("Sec-Fetch-Site", "cross-site")
		a.Unchanged(func() { require.Equal(t, http.StatusForbidden, a.do(forged).Code, input) })
	}
}

// TestVisits_in_one_browser: somebody is led to the link of somebody else's visit, to
// share accounts with them. The page says whose it is before anything is agreed to, and
// the visit that was there goes on as what it was.
func TestVisits_in_one_browser_do_not_meet(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	mine := r.opens(site())
	made, err := r.service.Create(t.Context(), r.For(r.Ben), usecase.NewWidgetSession{Order: site()})
	require.NoError(t, err)
	theirs := &agent{rig: r, id: string(made.Session.ID), cookies: mine.cookies}
	require.Equal(t, http.StatusSeeOther, theirs.get("/widget/"+theirs.id+"/add_connection/"+made.Link.Reveal()).Code)
	require.Len(t, theirs.cookies, 2, "the browser has both")
	theirs.get("/widget/" + theirs.id)
	theirs.moves(widget.Choose, url.Values{"provider": {usecasetest.Bank}})
	require.Contains(t, theirs.page, "You are signed in as "+r.Ben.Email)
	require.NotContains(t, theirs.page, r.Ana.Email)

	mine.cookies = theirs.cookies
	mine.get("/widget/" + mine.id)
	crossed := mine.formOf(url.Values{"form": {word(theirs.visitorOf())}, "page": {"CHOOSE_BANK"}, "input": {"choose"}, "provider": {usecasetest.Bank}})
	crossed.URL.Path = "/widget/" + theirs.id
	r.Unchanged(func() {
		require.Equal(t, http.StatusForbidden, mine.do(crossed).Code, "the word of one is none in the other")
	})
	mine.get("/widget/" + mine.id)
	mine.moves(widget.Choose, url.Values{"provider": {usecasetest.Bank}})
	require.Contains(t, mine.page, "You are signed in as "+r.Ana.Email)
	mine.moves(widget.Accept, nil)
	mine.moves(widget.Connect, url.Values{"way0.login": {"1234"}, "way0.password": {"x"}})
	for user, want := range map[ident.User]int{r.Ana.ID: 1, r.Ben.ID: 0} {
		var found int
		require.NoError(t, r.Store.View(t.Context(), func(tx store.Tx) error {
			all, err := tx.Connections().List(t.Context(), store.Owner{Client: r.Acme.ID, User: user}, store.ConnectionFilter{}, store.Page{Limit: 10})
			found = len(all.Items)
			return err
		}))
		require.Equal(t, want, found)
	}
}

func TestSteps_cannot_be_skipped(t *testing.T) {
	t.Parallel()
	a := newRig(t).opens(site())
	for _, page := range []string{"AGREE", "IDENTIFY", "DONE", "OVER", "", "<b>"} {
		for _, input := range widget.Inputs() {
			values := url.Values{"form": {word(a.visitorOf())}, "page": {page}, "input": {string(input)}, "way0.login": {"1234"}, "way0.password": {"x"}}
			a.Unchanged(func() { require.Equal(t, http.StatusSeeOther, a.do(a.formOf(values)).Code) })
		}
	}
}

func TestCredentials_that_do_not_fit_are_asked_for_again(t *testing.T) {
	t.Parallel()
	a := newRig(t).opens(site())
	a.identifies()
	require.NotContains(t, a.page, `value="1234"`)
	w := a.sends(widget.Connect, url.Values{"way0.login": {`12"><b>`}, "way0.password": {"canary-5eCret"}})
	require.Equal(t, http.StatusUnprocessableEntity, w.Code)
	require.Contains(t, a.page, "Please check what you entered.")
	require.Contains(t, a.page, `aria-invalid="true"`)
	require.Contains(t, a.page, `value="12&#34;&gt;&lt;b&gt;"`, "what is no secret stays")
	require.NotContains(t, a.page, "canary-5eCret")
	require.NotContains(t, a.logs.String(), "canary-5eCret")
	a.moves(widget.Connect, url.Values{"way0.login": {"1234"}, "way0.password": {"canary-5eCret"}})
	require.Contains(t, a.page, "Connecting Oak")
	require.NotContains(t, usecasetest.Everything(a.Store), "canary-5eCret")
}

// TestWhatOthersSay is text, wherever it comes from.
func TestWhatOthersSay_is_text(t *testing.T) {
	t.Parallel()
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>`
	r := newRig(t)
	r.Banks.Set(provider.Provider{ID: "oak", Name: evil, Country: evil, Channels: []provider.Channel{{
		ID: "oak-embedded", Type: bank.Embedded, AccountTypes: bank.AccountTypes(), CredentialFields: []form.Field{
			{Name: "login", Type: form.List, Required: true, Label: bank.Text{"en": evil}, Values: []form.Choice{{Value: evil, Label: bank.Text{"en": evil}}}},
		},
	}}})
	r.Acme.Name = evil
	r.register()
	o := site()
	o.TermsHeader, o.TermsBody, o.State = evil, evil, evil
	a := r.opens(o)
	check := func() {
		t.Helper()
		require.Contains(t, a.page, "&gt;&lt;script&gt;")
		for _, inert := range []string{"<script>alert", "<img src=x", "onerror=alert(1)>\""} {
			require.NotContains(t, a.page, inert)
		}
	}
	check()
	a.moves(widget.Choose, url.Values{"provider": {"oak"}})
	check()
	a.moves(widget.Accept, nil)
	check()
}

func TestSearch_while_typing(t *testing.T) {
	t.Parallel()
	a := newRig(t).opens(site())
	var told struct{ All []map[string]any }
	require.NoError(t, json.Unmarshal(a.get("/widget/"+a.id+"/banks?q=OA").Body.Bytes(), &told))
	require.Len(t, told.All, 1)
	require.Equal(t, "Oak", told.All[0]["name"])
	require.NoError(t, json.Unmarshal(a.get("/widget/"+a.id+"/banks?q=zz").Body.Bytes(), &told))
	require.Empty(t, told.All)
	a.get("/widget/" + a.id + "?q=zz") // and without a script
	require.Contains(t, a.page, "No bank has this name.")
}

func TestPulse_tells_when_the_page_is_another(t *testing.T) {
	t.Parallel()
	a := newRig(t).opens(site())
	pulse := func() (told struct{ Key string }) {
		require.NoError(t, json.Unmarshal(a.get("/widget/"+a.id+"/pulse").Body.Bytes(), &told))
		return told
	}
	before := pulse()
	require.Contains(t, a.page, `data-key="`+before.Key+`"`)
	require.Equal(t, before, pulse())
	a.moves(widget.Choose, url.Values{"provider": {usecasetest.Bank}})
	require.NotEqual(t, before, pulse())
	require.Contains(t, a.page, `data-key="`+pulse().Key+`"`)
}

func TestLeaving_goes_to_where_the_client_said(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.Acme.RedirectURLs = []string{"https://app.example/back"}
	r.register()
	o := site()
	o.RedirectURL, o.State = "https://app.example/back", "s"
	a := r.opens(o)
	require.Equal(t, http.StatusSeeOther, a.sends(widget.Leave, nil).Code)
	w := a.get("/widget/" + a.id)
	require.Equal(t, http.StatusSeeOther, w.Code)
	require.Equal(t, "https://app.example/back?error=cancelled&state=s&step=CHOOSE_BANK", w.Header().Get("Location"))
}

func TestLanguage_is_the_orders_or_the_browsers(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for header, want := range map[string]string{"fr-CA,en;q=0.5": "fr", "de,en;q=0.3,fr;q=0.4": "fr", "": "en", "fr;q=x": "en", "xx": "en"} {
		o := site()
		o.Locale = ""
		a := r.opens(o)
		request := httptest.NewRequest(http.MethodGet, "/widget/"+a.id, http.NoBody)
		request.Header.Set("Accept-Language", header)
		require.Equal(t, want, a.do(request).Header().Get("Content-Language"), header)
	}
}

func TestAssets_may_be_kept(t *testing.T) {
	t.Parallel()
	a := newRig(t).opens(site())
	for _, name := range []string{"widget.css", "widget.js"} {
		address := assetAddress(name)
		require.Contains(t, a.page, address)
		w := a.get(address)
		require.Equal(t, http.StatusOK, w.Code)
		require.Contains(t, w.Header().Get("Cache-Control"), "immutable")
		request := httptest.NewRequest(http.MethodGet, address, http.NoBody)
		request.Header.Set("Accept-Encoding", "gzip")
		zipped := a.do(request)
		require.Equal(t, "gzip", zipped.Header().Get("Content-Encoding"))
		require.Less(t, zipped.Body.Len(), w.Body.Len()/2)
		require.Equal(t, http.StatusNotFound, a.get("/widget/assets/000000000000/"+name).Code)
	}
	for _, none := range []string{"/widget/assets/0/..%2fdoc.go", "/widget/assets/0/none"} {
		require.Equal(t, http.StatusNotFound, a.get(none).Code)
	}
}

// TestFirstPage_is_light: what the first page needs, compressed where we do so.
func TestFirstPage_is_light(t *testing.T) {
	t.Parallel()
	a := newRig(t).opens(site())
	size := len(a.page)
	for _, p := range pieces {
		size += len(p.zipped)
	}
	t.Logf("%d bytes in %d requests", size, 1+len(pieces))
	require.Less(t, size, 60<<10)
}

// register stores what a test changed of Acme.
func (r *rig) register() {
	r.Update(func(ctx context.Context, tx store.Tx) error { return tx.Clients().Put(ctx, r.Acme) })
}

// visitorOf is the browser's own key.
func (a *agent) visitorOf() secret.String { return secret.New(a.cookies[0].Value) }
