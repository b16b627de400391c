package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"
	"github.com/stretchr/testify/require"
)

// stranger is a site that no client has registered.
func (s *sandbox) stranger(t *testing.T) string {
	t.Helper()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprint(w, `<!doctype html><html lang="en"><title>Other site</title><link rel="icon" href="data:,"><button>Win a prize</button>`)
	}))
	t.Cleanup(site.Close)
	return strings.Replace(site.URL, "127.0.0.1", "localhost", 1)
}

// untouched: nothing came of a session.
func (s *sandbox) untouched(t *testing.T, made session) {
	t.Helper()
	var list struct{ Data []any }
	s.call(t, http.MethodGet, "/v1/connections?user_id="+made.UserID, nil, http.StatusOK, &list)
	require.Empty(t, list.Data)
	require.Nil(t, s.told(t, made.ID).Result)
}

// testStrangers: a site that is not registered frames the widget, and opens it in a
// popup. It sees nothing and hears nothing.
func testStrangers(t *testing.T, s *sandbox, browser *rod.Browser) {
	evil := s.stranger(t)
	for _, mode := range []string{"page", "popup", "iframe"} {
		t.Run("frames_a_"+mode, func(t *testing.T) {
			p := visitor(t, browser, s, "en")
			p.hosts = append(p.hosts, host(t, evil))
			wanted := form()
			wanted["mode"] = mode
			made := s.order(t, wanted)
			p.goes(evil)
			p.listens()
			p.page.MustEval(`(to) => { const f = document.createElement("iframe"); f.src = to; document.body.append(f); }`, made.Links.AddConnection)
			refused := func() bool {
				p.mu.Lock()
				defer p.mu.Unlock()
				return strings.Contains(strings.Join(p.heard, "\n"), "frame-ancestors")
			}
			require.Eventually(t, refused, patience, 50*time.Millisecond, "the browser does not say that it refused")
			require.Nil(t, p.found("heading", "Choose your bank"))
			require.Empty(t, p.page.MustEval(`() => window.heard`).Arr())
			p.forgives("log: Framing")
			p.forgives("log: Refused to frame")
			p.forgives("policy:")
			s.untouched(t, made)
		})
	}
	t.Run("opens_a_popup", func(t *testing.T) {
		p := visitor(t, browser, s, "en")
		p.hosts = append(p.hosts, host(t, evil))
		wanted := form()
		wanted["mode"] = "popup"
		made := s.order(t, wanted)
		p.goes(evil)
		p.listens()
		p.page.MustEval(`(to) => document.querySelector("button").addEventListener("click", () => { window.victim = open(to, "", "popup"); })`, made.Links.AddConnection)
		inner := p.opens("page", s.base, func() { p.presses("button", "Win a prize") })
		inner.choosesTheBank()
		inner.at("Share your")
		p.page.MustEval(`(session) => { for (let i = 0; i < 1000; i++) {
			const lies = [{ tributary: 1, session, event: "result", result: { result: "success" } }, { input: "accept" }, "accept", null, i, { __proto__: { told: "x" } },
				JSON.parse('{"__proto__":{"data":1},"constructor":{"prototype":{"x":1}}}'), [], { event: "step", step: "DONE" }, "x".repeat(i)];
			window.victim.postMessage(lies[i % lies.length], "*");
		} }`, made.ID)
		require.NoError(t, inner.page.Timeout(patience).Reload())
		inner.at("Share your")
		require.Empty(t, p.page.MustEval(`() => window.heard`).Arr(), "a stranger was told something")
		inner.forgives("log: Failed to execute 'postMessage'")
		s.untouched(t, made)
	})
}

// lie posts what would end a visit, if it were believed, to a window that it is given as to.
const lie = `(session) => { for (let i = 0; i < 1000; i++) {
	const lies = [{ tributary: 1, session, event: "result", result: { result: "success", state: "lie" } }, { tributary: 1, session, event: "step", step: "LIE" },
		{ tributary: 1, session, event: "resize", height: 1 }, null, "result", { tributary: 1, session, event: "result", result: JSON.parse('{"__proto__":{"result":"success"}}') }];
	to.postMessage(lies[i % lies.length], "*");
} }`

// testLies: others talk to the client's page while the widget is open in it. It
// believes the window that it opened, and the server's origin, and only both at once.
func testLies(t *testing.T, s *sandbox, browser *rod.Browser) {
	evil := s.stranger(t)
	for _, mode := range []string{"popup", "iframe"} {
		t.Run(mode, func(t *testing.T) {
			p := visitor(t, browser, s, "en")
			p.hosts = append(p.hosts, host(t, evil), host(t, strings.Replace(evil, "localhost", "127.0.0.1", 1)))
			made, address := s.embedded(t, mode, form())
			inner := p.begins(s, mode, address)
			inner.at("Choose your bank")
			p.says("at CHOOSE_BANK")
			p.page.MustEval(`() => { window.to = window; }`)
			p.page.MustEval(lie, made.ID)
			for _, other := range []string{evil, s.base + "/connect/return"} { // the second has the origin, and is another window
				p.page.MustEval(`(at) => document.querySelector("p").addEventListener("click", () => open(at), { once: true })`, other)
				liar := p.opens("page", other, func() { p.page.MustEval(`() => document.querySelector("p").click()`) })
				liar.page.MustEval(`() => { window.to = opener; }`)
				liar.page.MustEval(lie, made.ID)
				require.NoError(t, liar.page.Close())
			}
			require.Eventually(t, func() bool { return len(p.page.MustEval(`() => window.heard`).Arr()) >= 3000 }, patience, 50*time.Millisecond)
			p.says("at CHOOSE_BANK")
			if mode == "iframe" { // which itself goes to another site, as it cannot by itself
				before := len(p.page.MustEval(`() => window.heard`).Arr())
				p.page.MustEval(`(at) => { document.querySelector("iframe").src = at; }`, strings.Replace(evil, "localhost", "127.0.0.1", 1))
				inner.sees("button", "Win a prize")
				inner.page.MustEval(`() => { window.to = parent; }`)
				inner.page.MustEval(lie, made.ID)
				require.Eventually(t, func() bool { return len(p.page.MustEval(`() => window.heard`).Arr()) >= before+1000 }, patience, 50*time.Millisecond)
				p.says("at CHOOSE_BANK")
				return
			}
			inner.presses("button", "Cancel")
			p.says("cancelled")
		})
	}
}

// testOpenRedirects asks to be sent to where it is not registered, in every way
// that matching has been fooled.
func testOpenRedirects(t *testing.T, s *sandbox, _ *rod.Browser) {
	good, err := url.Parse(s.redirects)
	require.NoError(t, err)
	list := redirects(good)
	require.GreaterOrEqual(t, len(list), 200)
	t.Logf("%d addresses", len(list))
	var user struct{ ID string }
	s.call(t, http.MethodPost, "/v1/users", map[string]any{"email": "redirects@example.org", "password": "passw0rd"}, http.StatusCreated, &user)
	for _, payload := range list {
		for _, name := range []string{"redirect_url", "cancel_url", "parent_origin"} {
			wanted := map[string]any{"user_id": user.ID, "mode": "iframe", name: payload}
			var told struct {
				Code   string
				Errors []struct{ Location string }
			}
			s.call(t, http.MethodPost, "/v1/widget_sessions", wanted, http.StatusUnprocessableEntity, &told)
			require.Len(t, told.Errors, 1, "%s %q", name, payload)
			require.Equal(t, "body."+name, told.Errors[0].Location, "%q", payload)
		}
	}
	for _, address := range []string{s.redirects, s.cancels, appLink} { // what is registered is not refused
		s.call(t, http.MethodPost, "/v1/widget_sessions", map[string]any{"user_id": user.ID, "mode": "page", "redirect_url": address, "cancel_url": address}, http.StatusCreated, nil)
	}
}

// redirects are addresses that look like a registered one to somebody.
func redirects(good *url.URL) (list []string) {
	at, evil := good.String(), "evil.example"
	for _, scheme := range []string{"http:", "https:", "ftp:", "javascript:", "data:text/html,", "vbscript:", "file:", "blob:", "com.evil.app:", "com.example.budget:", ""} {
		for _, slashes := range []string{"//", "/", "///", `\\`, `/\`, "/%09/", "%2f%2f", ""} {
			list = append(list, scheme+slashes+evil, scheme+slashes+evil+"/"+good.Host)
		}
	}
	for _, glue := range []string{"@", ".", "%40", "#", "?", "%23", "%00", "%0d%0a", "/../", "/..;/", `\`, `\@`, ":80@", ",", ";", "%2f", "\t", " ", "\u2044", "\u3002", "\uff0f"} {
		list = append(list, at+glue+evil, good.Scheme+"://"+good.Host+glue+evil, good.Scheme+"://"+evil+glue+good.Host+good.RequestURI())
	}
	for _, change := range [][2]string{
		{"http:", "https:"}, {"http:", "HTTP:"}, {"127.0.0.1", "localhost"}, {"127.0.0.1", "127.1"}, {"127.0.0.1", "2130706433"}, {"127.0.0.1", "0x7f000001"}, {"127.0.0.1", "[::1]"},
		{"127.0.0.1", "127.0.0.1."}, {"127.0.0.1", "evil@127.0.0.1"}, {"/back", "/Back"}, {"/back", "/back/"}, {"/back", "//back"}, {"/back", "/./back"}, {"/back", "/x/../back"}, {"/back", "/b%61ck"},
		{"?x=1", ""}, {"?x=1", "?x=1&"}, {"?x=1", "?x=1&y=//evil.example"}, {"?x=1", "?x=2"}, {"?x=1", "?x=1#"}, {"?x=1", "?x=%31"}, {"?x=1", "?X=1"},
	} {
		list = append(list, strings.Replace(at, change[0], change[1], 1))
	}
	for _, around := range []string{" ", "\t", "\n", "\r\n", "\x00", "\u200b", "\ufeff", "\u00a0", `"`, "'", "<", ","} {
		list = append(list, around+at, at+around)
	}
	list = append(list, "null", "*", "self", "about:blank", ".", "..", "/", "#", "?", good.Host, good.RequestURI(), appLink+"/x", appLink+"?x", strings.ToUpper(appLink))
	slices.Sort(list)
	return slices.Compact(list)
}

// testApp ends where a phone's app is opened.
func testApp(t *testing.T, s *sandbox, browser *rod.Browser) {
	p := visitor(t, browser, s, "en")
	wanted := form()
	wanted["redirect_url"], wanted["state"] = appLink, "s"
	made := s.order(t, wanted)
	p.goes(made.Links.AddConnection)
	p.signsIn("camille")
	p.at("Test Bank is connected")
	opened := make(chan string, 10)
	wait := p.page.EachEvent(func(e *proto.NetworkResponseReceivedExtraInfo) bool {
		for name, value := range e.Headers {
			if strings.EqualFold(name, "location") {
				opened <- value.Str()
			}
		}
		return len(opened) > 0
	})
	p.presses("button", "Finish")
	wait()
	connection := s.told(t, made.ID).ConnectionIDs[0]
	want := appLink + "?connection_id=" + connection + "&result=success&state=s&status=SUCCESS"
	require.Equal(t, want, <-opened)
	p.at("Test Bank is connected") // no app is here that would open
	p.waits("button", "Finish")
	require.NoError(t, p.page.Timeout(patience).Reload())
	p.at("All done")
	to, err := p.sees("link", "Go back to Budget app").Property("href")
	require.NoError(t, err)
	require.Equal(t, want, to.Str())
	p.accessible()
	p.forgives("request: " + appLink)
}
