package browser

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"
	"github.com/stretchr/testify/require"
)

// ask notes an address that the browser asked for.
func (p *person) ask(address string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, address)
}

// keepsIn remembers what was typed that no address may tell; what is searched for may.
func (p *person) keepsIn(role, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if role != "searchbox" && len(text) > 2 {
		p.typed = append(p.typed, text)
	}
}

// guarded holds every answer of ours to what no browser may keep or pass on.
func (p *person) guarded(answer *proto.NetworkResponse, note func(string, ...any)) {
	path, ours := strings.CutPrefix(answer.URL, p.site)
	if !ours || p.site == "" {
		return
	}
	headers := http.Header{}
	for name, value := range answer.Headers {
		headers.Set(name, value.Str())
	}
	if told := headers.Get("Referrer-Policy"); told != "no-referrer" {
		note("referrer policy %q: %s", told, answer.URL)
	}
	open := strings.HasPrefix(path, "assets/") || strings.HasPrefix(path, "themes/") || strings.HasPrefix(path, "logos/") || path == "tributary.js"
	if kept := headers.Get("Cache-Control"); !open && kept != "no-store" {
		note("may be kept, %q: %s", kept, answer.URL)
	}
	if answer.MIMEType == "text/html" {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.policies[path] = headers.Get("Content-Security-Policy")
	}
}

// policy of the page that is shown.
func (p *person) policy() string {
	p.t.Helper()
	at := strings.TrimPrefix(p.address().String(), p.site)
	p.mu.Lock()
	defer p.mu.Unlock()
	require.NotEmpty(p.t, p.policies[at], "%s among %v", at, p.policies)
	return p.policies[at]
}

// kept is what a page left in the browser beside its cookie, which no script reads.
const kept = `async () => JSON.stringify([
	{ ...localStorage }, { ...sessionStorage }, (await indexedDB.databases()).map((d) => d.name), await caches.keys(), document.cookie,
	(await navigator.serviceWorker.getRegistrations()).length, window.name,
])`

// remembered are the fields of the page that a browser would remember or fill in.
const remembered = `() => [...document.querySelectorAll("input:not([type=hidden]):not([type=radio]):not([type=checkbox])")].filter((i) =>
	!["off", "one-time-code"].includes(i.autocomplete || i.form.autocomplete) || (i.type === "password" && i.value !== "")).map((i) => i.outerHTML).join("\n")`

// discreet: nothing that is anybody's business is in the address, the history, the
// storage, or a field of the page, and none of it was ever part of an address that
// was asked for. That no referrer is sent and nothing kept is heard with every answer.
func (p *person) discreet() {
	p.t.Helper()
	require.Empty(p.t, p.tells())
}

// tells is the first thing that a page tells and should not.
func (p *person) tells() string {
	p.t.Helper()
	at := p.address()
	if at.Fragment != "" || strings.Contains(strings.TrimPrefix(at.String(), p.site), "/") {
		return "the address is more than the visit: " + at.String()
	}
	if left := p.page.MustEval(kept).Str(); left != `[{},{},[],[],"",0,""]` {
		return "kept in the browser: " + left
	}
	if fields := p.page.MustEval(remembered).Str(); fields != "" {
		return "a browser fills in or keeps: " + fields
	}
	history, err := proto.PageGetNavigationHistory{}.Call(p.page)
	require.NoError(p.t, err)
	secrets := p.secrets()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, entry := range history.Entries {
		if strings.HasPrefix(entry.URL, p.site) && strings.Contains(strings.TrimPrefix(entry.URL, p.site), "/") {
			return "in the history: " + entry.URL
		}
		p.asked = append(p.asked, entry.URL, entry.Title)
	}
	for _, address := range p.asked {
		for _, secret := range slices.Concat(secrets, p.typed) {
			if strings.Contains(address, secret) || strings.Contains(address, url.QueryEscape(secret)) {
				return "in an address: " + address
			}
		}
	}
	return ""
}

// secrets are what the browser and the forms are known by.
func (p *person) secrets() (all []string) {
	p.t.Helper()
	cookies, err := proto.StorageGetCookies{BrowserContextID: p.page.Browser().BrowserContextID}.Call(p.page.Browser())
	require.NoError(p.t, err)
	for _, c := range cookies.Cookies {
		if strings.Contains(c.Name, "wid_") {
			require.True(p.t, c.HTTPOnly && c.Secure && c.PartitionKey != nil, "%+v", c)
			all = append(all, c.Value)
		}
	}
	for _, word := range p.page.MustEval(`() => [...document.querySelectorAll("input[name=form]")].map((i) => i.value)`).Arr() {
		all = append(all, word.Str())
	}
	return all
}

// testIndiscretions: what pages must not do is seen when they do it.
func testIndiscretions(t *testing.T, s *sandbox, browser *rod.Browser) {
	for want, spoil := range map[string]string{
		"":                              `() => {}`,
		"kept in the browser: [{\"x\"":  `() => localStorage.setItem("x", "y")`,
		"the address is more than":      `() => history.pushState({}, "", location.pathname + "/x")`,
		"in the history":                `() => { history.pushState({}, "", location.pathname + "/x"); history.pushState({}, "", location.pathname.slice(0, -2)); }`,
		"a browser fills in or keeps":   `() => document.querySelector("#q").removeAttribute("autocomplete")`,
		"in an address: http://127.0.0": `() => fetch(location.pathname + "?word=" + document.querySelector("[name=form]").value)`,
	} {
		p := visitor(t, browser, s, "en")
		p.goes(s.order(t, form()).Links.AddConnection)
		p.at("Choose your bank")
		p.page.MustEval(spoil)
		if want == "" {
			p.discreet()
			continue
		}
		require.Eventually(t, func() bool { return strings.HasPrefix(p.tells(), want) }, patience, 100*time.Millisecond, want)
	}
	// What is heard with every answer and every call.
	var heard []string
	note := func(format string, _ ...any) { heard = append(heard, format) }
	p := &person{t: t, site: s.base + "/widget/", policies: map[string]string{}}
	answer := func(headers string) *proto.NetworkResponse {
		r := &proto.NetworkResponse{}
		require.NoError(t, json.Unmarshal([]byte(`{"url":"`+p.site+`wid_1","headers":`+headers+`}`), r))
		return r
	}
	p.guarded(answer(`{"referrer-policy":"no-referrer","cache-control":"no-store"}`), note)
	require.Empty(t, heard)
	p.guarded(answer(`{}`), note)
	require.Len(t, heard, 2)
}
