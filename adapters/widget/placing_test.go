package widget

import (
	"bytes"
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/widget"
	tributaryjs "github.com/tributary-dev/tributary/sdk/js/widget"
)

// around is a visit in a mode, of a client with these origins.
func around(t *testing.T, mode widget.Mode, origins ...string) *agent {
	r := newRig(t)
	r.Acme.Origins, r.Acme.RedirectURLs = origins, []string{"https://app.example/back"}
	r.register()
	o := site()
	o.Mode = mode
	if mode.Embedded() {
		o.ParentOrigin = origins[0]
	}
	return r.opens(o)
}

// TestFramers are the registered origins, and nobody in any other mode: on every
// page, every redirect and every refusal.
func TestFramers(t *testing.T) {
	t.Parallel()
	const app, shop = "https://app.example", "https://shop.example:8443"
	for mode, want := range map[widget.Mode]struct{ framers, opener string }{
		widget.OnPage:  {"'none'", "same-origin"},
		widget.InPopup: {"'none'", "unsafe-none"},
		widget.InFrame: {app + " " + shop, "same-origin"},
	} {
		a := around(t, mode, app, shop)
		id, link := a.order(widget.Order{Accounts: widget.AllAccounts, Mode: mode, ParentOrigin: map[bool]string{true: app}[mode.Embedded()]})
		stranger := &agent{rig: a.rig, id: a.id}
		for name, w := range map[string]*httptest.ResponseRecorder{
			"link": stranger.get(link), "used": (&agent{rig: a.rig, id: id}).get(link), "page": a.get("/widget/" + a.id), "form": a.sends(widget.Leave, nil), "over": a.get("/widget/" + a.id),
			"elsewhere": (&agent{rig: a.rig, id: id}).get("/widget/" + id), "forged": (&agent{rig: a.rig, id: id}).do(a.formOf(nil)),
		} {
			require.Contains(t, w.Header().Get("Content-Security-Policy")+";", "frame-ancestors "+want.framers+";", "%s %s", mode, name)
			require.Equal(t, want.opener, w.Header().Get("Cross-Origin-Opener-Policy"), "%s %s", mode, name)
		}
		unknown := a.get("/widget/wid_00000000000000000000000000")
		require.Contains(t, unknown.Header().Get("Content-Security-Policy"), "frame-ancestors 'none'")
	}
	a := around(t, widget.InFrame, app)
	alone := httptest.NewRequest(http.MethodGet, "/widget/"+a.id, http.NoBody)
	alone.Header.Set("Sec-Fetch-Dest", "document")
	require.Contains(t, a.do(alone).Header().Get("Content-Security-Policy"), "frame-ancestors 'none'", "it stands alone")
	a.Acme.Origins = []string{shop}
	a.register()
	require.Contains(t, a.get("/widget/"+a.id).Header().Get("Content-Security-Policy"), "frame-ancestors "+shop+";", "registered meanwhile")
	require.Contains(t, a.page, `data-parent=""`, "and no longer told")
}

var toldPattern = regexp.MustCompile(`data-told="([^"]*)"`)

func (a *agent) told() string {
	a.t.Helper()
	found := toldPattern.FindStringSubmatch(a.page)
	require.NotNil(a.t, found, "nobody is told anything")
	return html.UnescapeString(found[1])
}

func TestPageAround_is_told_how_it_ended(t *testing.T) {
	t.Parallel()
	a := around(t, widget.InFrame, "https://app.example")
	require.Contains(t, a.page, `data-parent="https://app.example"`)
	require.Contains(t, a.page, `data-session="`+a.id+`"`)
	require.Contains(t, a.page, assetAddress("around.js"))
	require.Empty(t, a.told())
	other := &agent{rig: a.rig, id: a.id}
	require.Equal(t, http.StatusForbidden, other.get("/widget/"+a.id).Code)
	require.JSONEq(t, `{"error":"other_browser"}`, other.told(), "nothing of the visit")
	a.moves(widget.Leave, nil)
	require.JSONEq(t, `{"error":"cancelled","step":"CHOOSE_BANK","connection_ids":[]}`, a.told())
	expired := around(t, widget.InPopup, "https://app.example")
	expired.Pass(widget.Idle)
	expired.get("/widget/" + expired.id)
	require.JSONEq(t, `{"error":"expired","connection_ids":[]}`, expired.told())
	require.NotContains(t, around(t, widget.OnPage).page, "data-parent", "nobody is around a page")
}

func TestEnd_in_a_popup_leads_on_by_a_link(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.Acme.Origins, r.Acme.RedirectURLs = []string{"https://app.example"}, []string{"https://app.example/back"}
	r.register()
	o := site()
	o.Mode, o.RedirectURL = widget.InPopup, "https://app.example/back"
	a := r.opens(o)
	a.moves(widget.Leave, nil)
	require.Contains(t, a.page, `href="https://app.example/back?error=cancelled&amp;step=CHOOSE_BANK"`)
}

func TestApp_is_opened_by_the_button_and_by_a_link_later(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.Acme.AppLinks = []string{"com.example.app:/banks"}
	r.register()
	o := site()
	o.RedirectURL, o.State = "com.example.app:/banks", "s"
	a := r.opens(o)
	require.Contains(t, a.get("/widget/"+a.id).Header().Get("Content-Security-Policy"), "form-action 'self' com.example.app:;")
	w := a.sends(widget.Leave, nil)
	require.Equal(t, "com.example.app:/banks?error=cancelled&state=s&step=CHOOSE_BANK", w.Header().Get("Location"))
	require.Contains(t, w.Header().Get("Content-Security-Policy"), "com.example.app:;")
	require.Equal(t, http.StatusOK, a.get("/widget/"+a.id).Code)
	require.Contains(t, a.page, `href="com.example.app:/banks?error=cancelled&amp;state=s&amp;step=CHOOSE_BANK"`)
	require.Contains(t, a.page, "Go back to Acme")
}

func TestLinks_that_do_not_work_are_counted(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	now := time.Now()
	r.handler = New(Config{Visits: r.service, ServerURL: "https://tributary.example", Now: func() time.Time { return now }})
	id, link := r.order(site())
	guesser := &agent{rig: r, id: id}
	for range guessesAtOnce {
		require.Equal(t, http.StatusForbidden, guesser.get(link+"x").Code)
	}
	w := guesser.get(link + "x")
	require.Equal(t, http.StatusTooManyRequests, w.Code)
	require.Equal(t, "6", w.Header().Get("Retry-After"))
	require.Contains(t, guesser.page, "Too many attempts")
	require.Equal(t, http.StatusTooManyRequests, guesser.get(link).Code, "not even the right one: who guesses is not told")
	elsewhere := httptest.NewRequest(http.MethodGet, link, http.NoBody)
	elsewhere.RemoteAddr = "198.51.100.7:1234"
	require.Equal(t, http.StatusSeeOther, (&agent{rig: r, id: id}).do(elsewhere).Code, "others are not held back")
	now = now.Add(guessEvery)
	require.Equal(t, http.StatusForbidden, guesser.get(link+"x").Code)
	require.Equal(t, http.StatusTooManyRequests, guesser.get(link+"x").Code)
	now = now.Add(time.Hour)
	for range 3 * guessesAtOnce {
		_, link := r.order(site())
		require.Equal(t, http.StatusSeeOther, (&agent{rig: r}).get(link).Code, "what works costs nothing")
	}
}

func TestGuessers_are_forgotten(t *testing.T) {
	t.Parallel()
	g, now := newGuesses(), time.Now()
	for i := range guessers {
		g.count(strings.Repeat("x", i%7)+time.Duration(i).String(), now)
	}
	g.count("one more", now)
	require.LessOrEqual(t, len(g.from), guessers)
	require.Len(t, g.from, 1, "all were at it")
}

func TestOpener_is_for_every_site(t *testing.T) {
	t.Parallel()
	a := &agent{rig: newRig(t)}
	w := a.get("/widget/tributary.js")
	require.Equal(t, http.StatusOK, w.Code)
	require.True(t, bytes.Equal(tributaryjs.Script, w.Body.Bytes()))
	require.Equal(t, "text/javascript; charset=utf-8", w.Header().Get("Content-Type"))
	require.Equal(t, "cross-origin", w.Header().Get("Cross-Origin-Resource-Policy"))
	require.Equal(t, "*", w.Header().Get("Access-Control-Allow-Origin"))
	again := httptest.NewRequest(http.MethodGet, "/widget/tributary.js", http.NoBody)
	again.Header.Set("If-None-Match", w.Header().Get("ETag"))
	require.Equal(t, http.StatusNotModified, a.do(again).Code)
	require.Less(t, len(tributaryjs.Script), 8<<10, "small")
}
