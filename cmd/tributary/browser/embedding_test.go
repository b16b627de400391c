package browser

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"
	"github.com/stretchr/testify/require"
)

// appLink opens the client's app on a phone.
const appLink = "com.example.budget:/banks"

var blocks = regexp.MustCompile("(?s)```(html|js)\n(.*?)```")

// example is the page of the documentation: its HTML and its script.
func example() map[string]string {
	text, err := os.ReadFile("../../../docs/how-to/embed-the-widget.md")
	if err != nil {
		panic(err)
	}
	found := map[string]string{}
	for _, block := range blocks.FindAllStringSubmatch(string(text), -1) {
		found[block[1]] = block[2]
	}
	return found
}

// embedded is a session that a page of the client's shows.
type embedded struct {
	session
	mode string
}

// embedded makes a session in a mode, and gives the address of a page that shows it.
func (s *sandbox) embedded(t *testing.T, mode string, wanted map[string]any) (session, string) {
	t.Helper()
	wanted["mode"] = mode
	made := s.order(t, wanted)
	s.embeds.Store(made.ID, embedded{made, mode})
	return made, s.site + "/embed/" + made.ID + "/"
}

// embedding is the application of the documentation, under a policy as strict as
// it can be.
func (s *sandbox) embedding(w http.ResponseWriter, r *http.Request) {
	id, file, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/embed/"), "/")
	kept, known := s.embeds.Load(id)
	if !known {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self' "+s.base+"; connect-src 'self'; frame-src "+s.base+" http://127.0.0.1:*; img-src data:; require-trusted-types-for 'script'")
	switch file {
	case "app.js":
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = fmt.Fprint(w, strings.Replace(example()["js"], `"popup"`, `"`+kept.(embedded).mode+`"`, 1))
	case "widget-session":
		_, _ = fmt.Fprint(w, kept.(embedded).Links.AddConnection)
	default:
		_, _ = fmt.Fprint(w, strings.Replace(example()["html"], "https://tributary.example", s.base, 1))
	}
}

// listens has a page keep all messages that come.
func (p *person) listens() {
	p.t.Helper()
	p.page.MustEval(`() => { window.heard = []; addEventListener("message", (e) => window.heard.push({ origin: e.origin, ...e.data })); }`)
}

// heardEvents are the messages of one kind that a page kept.
func (p *person) events(kind string) []map[string]any {
	p.t.Helper()
	var found []map[string]any
	for _, said := range p.page.MustEval(`() => window.heard`).Arr() {
		if said.Get("event").Str() == kind {
			one := map[string]any{}
			for name, value := range said.Map() {
				one[name] = value.Val()
			}
			found = append(found, one)
		}
	}
	return found
}

// opens waits for a window or frame of ours that was not there before what is done.
func (p *person) opens(kind proto.TargetTargetInfoType, beginning string, do func()) *person {
	p.t.Helper()
	browser := p.page.Browser()
	targets := func() (found []*proto.TargetTargetInfo) {
		all, err := proto.TargetGetTargets{}.Call(browser)
		require.NoError(p.t, err)
		for _, one := range all.TargetInfos {
			if one.Type == kind && one.BrowserContextID == browser.BrowserContextID {
				found = append(found, one)
			}
		}
		return found
	}
	before := map[proto.TargetTargetID]bool{}
	for _, one := range targets() {
		before[one.TargetID] = true
	}
	do()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		for _, one := range targets() {
			if before[one.TargetID] || !strings.HasPrefix(one.URL, beginning) {
				continue
			}
			own := *browser
			if kind == "iframe" { // which has no size of its own
				own.NoDefaultDevice()
			}
			page, err := own.PageFromTarget(one.TargetID)
			require.NoError(p.t, err)
			opened := &person{t: p.t, page: page, hosts: p.hosts, site: p.site, policies: map[string]string{}}
			if kind == "iframe" {
				opened.outer = p.page
			}
			opened.listen()
			p.t.Cleanup(opened.silent)
			return opened
		}
	}
	require.FailNow(p.t, "nothing opened", "%s of %s among %+v", kind, beginning, targets())
	return nil
}

// ends waits until a window is closed.
func (p *person) ends() {
	p.t.Helper()
	require.Eventually(p.t, func() bool {
		_, err := proto.TargetGetTargetInfo{TargetID: p.page.TargetID}.Call(p.page.Browser())
		return err != nil
	}, patience, 50*time.Millisecond, "the window stays open")
}

// begins presses the button of the client's page, and gives who is in the widget.
func (p *person) begins(s *sandbox, mode, address string) *person {
	p.t.Helper()
	p.goes(address)
	p.listens()
	kind := proto.TargetTargetInfoType("page")
	if mode == "iframe" {
		kind = "iframe"
	}
	return p.opens(kind, s.base, func() { p.presses("button", "Connect a bank") })
}

// testPopup connects a bank in a popup of a page of another site.
func testPopup(t *testing.T, s *sandbox, browser *rod.Browser) {
	p := visitor(t, browser, s, "en")
	made, address := s.embedded(t, "popup", map[string]any{"channels": []string{"EMBEDDED"}, "state": "s&t"})
	inner := p.begins(s, "popup", address)
	s.connects(t, p, inner, made)
	inner.ends()
	require.Empty(t, p.events("resize"), "a popup has its own size")
}

// testFrame connects a bank in a frame of a page of another site.
func testFrame(t *testing.T, s *sandbox, browser *rod.Browser) {
	p := visitor(t, browser, s, "en")
	made, address := s.embedded(t, "iframe", map[string]any{"channels": []string{"EMBEDDED"}, "state": "s&t"})
	inner := p.begins(s, "iframe", address)
	inner.at("Choose your bank")
	inner.accessible()
	s.connects(t, p, inner, made)
	require.False(t, p.page.MustHas("iframe"), "the frame is gone")
	heights := map[any]bool{}
	for _, said := range p.events("resize") {
		require.Greater(t, said["height"], 200.0)
		heights[said["height"]] = true
	}
	require.Greater(t, len(heights), 1, "pages are of different heights")
}

// connects goes to the end, and sees that the page around was told all of it.
func (s *sandbox) connects(t *testing.T, p, inner *person, made session) {
	t.Helper()
	inner.signsIn("camille")
	inner.at("Test Bank is connected")
	inner.presses("button", "Finish")
	p.says("success")
	told := s.told(t, made.ID)
	require.Equal(t, "FINISHED", told.Status)
	require.Len(t, told.ConnectionIDs, 1)
	results := p.events("result")
	require.Len(t, results, 1)
	require.Equal(t, map[string]any{
		"result": "success", "status": "SUCCESS", "state": "s&t", "connection_id": told.ConnectionIDs[0], "connection_ids": []any{told.ConnectionIDs[0]},
	}, results[0]["result"])
	var steps []any
	for _, said := range p.events("step") {
		require.Equal(t, s.base, said["origin"])
		require.Equal(t, made.ID, said["session"])
		if len(steps) == 0 || steps[len(steps)-1] != said["step"] {
			steps = append(steps, said["step"])
		}
	}
	require.Equal(t, []any{"CHOOSE_BANK", "AGREE", "IDENTIFY"}, steps[:3])
	require.Equal(t, []any{"DONE", "OVER"}, steps[len(steps)-2:])
}

// testCookies proves that the browser of these tests keeps no cookie of a third
// party but a partitioned one: else testFrame would show nothing.
func testCookies(t *testing.T, s *sandbox, browser *rod.Browser) {
	for attributes, want := range map[string]string{"": "refused", "; Partitioned": "kept"} {
		p := visitor(t, browser, s, "en")
		inner := p.opens("iframe", s.app.URL, func() {
			p.goes(s.site + "/frame?of=" + url.QueryEscape(s.app.URL+"/cookie/set?"+url.Values{"attributes": {attributes}}.Encode()))
		})
		inner.at(want)
	}
	alone := visitor(t, browser, s, "en")
	alone.goes(s.app.URL + "/cookie/set")
	alone.at("kept") // by itself it is no third party
}

// crumb sets a cookie, and says whether it came back.
func crumb(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/cookie/set" {
		w.Header().Set("Set-Cookie", "crumb=1; Path=/; Secure; SameSite=None"+r.URL.Query().Get("attributes"))
		http.Redirect(w, r, "/cookie/see", http.StatusSeeOther)
		return
	}
	word := "refused"
	if _, err := r.Cookie("crumb"); err == nil {
		word = "kept"
	}
	_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Crumb</title><link rel="icon" href="data:,"><h1>%s</h1>`, word)
}

// testBankAside leaves for the bank from a popup and from a frame.
func testBankAside(t *testing.T, s *sandbox, browser *rod.Browser) {
	for _, mode := range []string{"popup", "iframe"} {
		t.Run(mode, func(t *testing.T) {
			p := visitor(t, browser, s, "en")
			made, address := s.embedded(t, mode, map[string]any{"channels": []string{"REDIRECT"}})
			inner := p.begins(s, mode, address)
			inner.agrees()
			inner.sees("StaticText", "which open in a window of their own")
			bank := inner.opens("page", s.bank, func() { inner.presses("link", "Go to Test Bank") })
			require.True(t, bank.page.MustEval(`() => window.opener === null`).Bool(), "the bank can reach who opened it")
			require.Empty(t, bank.page.MustEval(`() => document.referrer`).Str())
			bank.logsInAtTheBank("camille")
			bank.presses("button", "Approve")
			inner.at("Test Bank is connected")
			bank.ends()
			inner.presses("button", "Finish")
			p.says("success")
			require.Equal(t, "success", *s.told(t, made.ID).Result)
		})
	}
}

// testClosed closes the popup in the middle, and cancels in a frame.
func testClosed(t *testing.T, s *sandbox, browser *rod.Browser) {
	p := visitor(t, browser, s, "en")
	_, address := s.embedded(t, "popup", form())
	inner := p.begins(s, "popup", address)
	inner.choosesTheBank()
	inner.at("Share your")
	require.NoError(t, inner.page.Close())
	p.says("closed")
	made, address := s.embedded(t, "iframe", form())
	inner = p.begins(s, "iframe", address)
	inner.presses("button", "Cancel")
	p.says("cancelled")
	require.Equal(t, "cancelled", *s.told(t, made.ID).Result)
	p.goes(address) // whose link is spent, in the same browser: the visit is over
	p.presses("button", "Connect a bank")
	p.says("cancelled")
}

// testAborted: a page that shows the widget among its own things takes it away.
func testAborted(t *testing.T, s *sandbox, browser *rod.Browser) {
	p := visitor(t, browser, s, "en")
	made, address := s.embedded(t, "iframe", form())
	p.goes(address)
	inner := p.opens("iframe", s.base, func() {
		p.page.MustEval(`(link) => {
			window.aside = new AbortController();
			const options = { mode: "iframe", container: document.body, title: "Your bank", signal: aside.signal };
			Tributary.open(link, options).catch((error) => (document.querySelector("#outcome").textContent = error.name));
		}`, made.Links.AddConnection)
	})
	inner.choosesTheBank()
	inner.at("Share your")
	require.False(t, p.page.MustHas("dialog"))
	require.Equal(t, "Your bank", *p.page.MustElement("body > iframe").MustAttribute("title"), "it has a name")
	p.page.MustEval(`() => aside.abort()`)
	p.says("AbortError")
	require.False(t, p.page.MustHas("iframe"))
	require.Equal(t, "OPEN", s.told(t, made.ID).Status)
}

// testWholePage leaves the client's page, and comes back to another.
func testWholePage(t *testing.T, s *sandbox, browser *rod.Browser) {
	p := visitor(t, browser, s, "en")
	wanted := form()
	wanted["redirect_url"], wanted["state"] = s.redirects, "s&t"
	_, address := s.embedded(t, "page", wanted)
	p.goes(address)
	p.presses("button", "Connect a bank")
	p.at("Choose your bank")
	p.presses("button", "Cancel")
	p.at("Back at /back")
	require.NoError(t, p.page.AddScriptTag(s.base+"/widget/tributary.js", ""))
	require.Equal(t, `{"error":"cancelled","step":"CHOOSE_BANK","state":"s&t"}`, p.page.MustEval(`() => JSON.stringify(Tributary.returned())`).Str())
}

// says waits for what the client's page says, also while a dialog is before it.
func (p *person) says(text string) {
	p.t.Helper()
	require.Eventually(p.t, func() bool {
		return p.page.MustEval(`() => document.querySelector("#outcome").textContent`).Str() == text
	}, patience, 50*time.Millisecond, "the page does not say %q", text)
}
