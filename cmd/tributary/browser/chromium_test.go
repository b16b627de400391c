package browser

import (
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/launcher"
	"github.com/go-rod/rod/lib/proto"
	"github.com/stretchr/testify/require"
)

// patience ends a wait for what never comes. It measures nothing: a busy machine takes long.
const patience = 3 * time.Minute

// chromium starts a browser that ends with the test.
func chromium(t testing.TB) *rod.Browser {
	t.Helper()
	program, found := launcher.LookPath()
	require.True(t, found, "Chromium is missing: make deps")
	l := launcher.New().Bin(program).Leakless(false).NoSandbox(true).Set("disable-gpu").Set("lang", "en")
	// As users have it: each site in a process of its own.
	l.Delete("disable-site-isolation-trials").Set("disable-features", "TranslateUI").Set("site-per-process")
	at, err := l.Launch()
	require.NoError(t, err)
	browser := rod.New().ControlURL(at)
	require.NoError(t, browser.Connect())
	t.Cleanup(func() {
		_ = browser.Close()
		l.Kill()
		l.Cleanup()
	})
	return browser
}

// person is somebody with a browser of their own, on one page.
type person struct {
	t    *testing.T
	page *rod.Page
	// outer is the page around, where page is a frame: the mouse and the keyboard
	// are there.
	outer *rod.Page
	// hosts may be asked for something.
	hosts []string
	// site is where our pages are, asked every address that was asked for, typed what
	// was typed, and policies the policy of each page by its path.
	site     string
	mu       sync.Mutex
	heard    []string
	asked    []string
	typed    []string
	policies map[string]string
}

// visitor opens a clean browser, in a language.
func visitor(t *testing.T, browser *rod.Browser, s *sandbox, locale string) *person {
	t.Helper()
	own, err := browser.Incognito()
	require.NoError(t, err)
	page, err := own.Page(proto.TargetCreateTarget{})
	require.NoError(t, err)
	p := &person{t: t, page: page, site: s.base + "/widget/", policies: map[string]string{}, hosts: []string{host(t, s.base), host(t, s.bank), host(t, s.app.URL), host(t, s.site)}}
	require.NoError(t, proto.NetworkSetExtraHTTPHeaders{Headers: proto.NetworkHeaders{}}.Call(page))
	require.NoError(t, page.SetUserAgent(&proto.NetworkSetUserAgentOverride{UserAgent: "Mozilla/5.0 (test)", AcceptLanguage: locale}))
	p.listen()
	t.Cleanup(func() {
		p.silent()
		_ = own.Close()
	})
	return p
}

func host(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	return u.Host
}

// listen notes what no page may do.
func (p *person) listen() {
	note := func(format string, args ...any) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.heard = append(p.heard, fmt.Sprintf(format, args...))
	}
	require.NoError(p.t, proto.LogEnable{}.Call(p.page))
	require.NoError(p.t, proto.AuditsEnable{}.Call(p.page))
	go p.page.EachEvent(
		func(e *proto.RuntimeConsoleAPICalled) { note("console: %v", e.Args) },
		func(e *proto.RuntimeExceptionThrown) { note("exception: %s", e.ExceptionDetails.Text) },
		func(e *proto.LogEntryAdded) {
			if !strings.Contains(e.Entry.Text, "status of 4") || strings.Contains(e.Entry.URL, "/assets/") || strings.Contains(e.Entry.URL, "/logos/") { // that a page refused is told by its status
				note("log: %s %s", e.Entry.Text, e.Entry.URL)
			}
		},
		func(e *proto.AuditsIssueAdded) {
			if e.Issue.Code == proto.AuditsInspectorIssueCodeContentSecurityPolicyIssue {
				note("policy: %+v", e.Issue.Details.ContentSecurityPolicyIssueDetails)
			}
		},
		func(e *proto.NetworkRequestWillBeSent) {
			u, err := url.Parse(e.Request.URL)
			if err != nil || (u.Scheme != "data" && u.Scheme != "about" && !contains(p.hosts, u.Host)) {
				note("request: %s", e.Request.URL)
			}
			p.ask(e.Request.URL)
		},
		func(e *proto.NetworkRequestWillBeSentExtraInfo) {
			for name, value := range e.Headers {
				if strings.EqualFold(name, "referer") && strings.HasPrefix(value.Str(), p.site) {
					note("referrer: %s", value.Str())
				}
			}
		},
		func(e *proto.NetworkResponseReceived) { p.guarded(e.Response, note) },
	)()
}

func contains(all []string, one string) bool {
	for _, a := range all {
		if a == one {
			return true
		}
	}
	return false
}

func (p *person) goes(address string) {
	p.t.Helper()
	require.NoError(p.t, p.page.Timeout(patience).Navigate(address))
	p.loaded()
}

// loaded waits until a page has all that it asked for. A page that runs no script is
// asked, since it hears no event: the one that rod waits for never comes there.
func (p *person) loaded() {
	p.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		state, err := p.page.Timeout(patience).Eval(`() => document.readyState`)
		if err == nil && state.Value.Str() == "complete" {
			return
		}
		require.True(p.t, time.Now().Before(deadline), "never loaded")
	}
}

// found looks once for what has a role and a name.
func (p *person) found(role, name string) *rod.Element {
	page := p.page.Timeout(5 * time.Second) // a page that goes away meanwhile has no answer
	defer page.CancelTimeout()
	root, err := page.Evaluate(rod.Eval(`() => document`).ByObject()) // of a frame its own
	if err != nil {
		return nil
	}
	tree, err := proto.AccessibilityQueryAXTree{ObjectID: root.ObjectID, Role: role}.Call(page)
	if err != nil {
		return nil
	}
	for _, node := range tree.Nodes {
		if node.Ignored || node.Name == nil || !strings.Contains(node.Name.Value.Str(), name) {
			continue
		}
		resolved, err := proto.DOMResolveNode{BackendNodeID: node.BackendDOMNodeID}.Call(p.page)
		if err != nil {
			continue
		}
		element, err := p.page.ElementFromObject(resolved.Object)
		if err == nil {
			return element
		}
	}
	return nil
}

// sees waits for what has a role and a name.
func (p *person) sees(role, name string) *rod.Element {
	p.t.Helper()
	require.NoError(p.t, proto.PageBringToFront{}.Call(p.hand())) // what is behind has no accessibility tree
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if element := p.found(role, name); element != nil {
			return element
		}
	}
	body, _ := p.page.Element("body")
	text := ""
	if body != nil {
		text, _ = body.Text()
	}
	info, _ := p.page.Info()
	require.FailNow(p.t, "not on the page", "%s %q; at %v:\n%s", role, name, info, text)
	return nil
}

// presses a button or follows a link, by its name: with the mouse and nothing
// else, so that it works where a page runs no script.
func (p *person) presses(role, name string) {
	p.t.Helper()
	element, page := p.sees(role, name), p.page.Timeout(patience)
	defer page.CancelTimeout()
	p.settled()
	require.NoError(p.t, proto.DOMScrollIntoViewIfNeeded{ObjectID: element.Object.ObjectID}.Call(page))
	offset := p.offset()
	at := p.aim(element, page, role, name)
	for _, event := range []proto.InputDispatchMouseEvent{
		{Type: proto.InputDispatchMouseEventTypeMouseMoved},
		{Type: proto.InputDispatchMouseEventTypeMousePressed, Button: proto.InputMouseButtonLeft, ClickCount: 1},
		{Type: proto.InputDispatchMouseEventTypeMouseReleased, Button: proto.InputMouseButtonLeft, ClickCount: 1},
	} {
		event.X, event.Y = at.X+offset.X, at.Y+offset.Y
		require.NoError(p.t, event.Call(p.hand()), "%s %s", role, name)
	}
}

// aim finds a point of an element, once it stands still: what comes above it moves it away from under the hand.
func (p *person) aim(element *rod.Element, page *rod.Page, role, name string) *proto.Point {
	p.t.Helper()
	for before := (proto.Point{X: -1}); ; time.Sleep(20 * time.Millisecond) {
		quads, err := proto.DOMGetContentQuads{ObjectID: element.Object.ObjectID}.Call(page)
		require.NoError(p.t, err, "%s %s", role, name)
		at := quads.OnePointInside()
		require.NotNil(p.t, at, "%s %s shows nowhere", role, name)
		if *at == before {
			return at
		}
		before = *at
	}
}

// hand is the page that mouse and keyboard work on.
func (p *person) hand() *rod.Page {
	if p.outer != nil {
		return p.outer
	}
	return p.page
}

// offset is where a frame begins, once it stands still.
func (p *person) offset() (at proto.Point) {
	for before := -1.0; p.outer != nil; time.Sleep(50 * time.Millisecond) {
		box := p.outer.MustEval(`() => { const box = document.querySelector("iframe").getBoundingClientRect(); return [box.x, box.y]; }`).Arr()
		if at.X, at.Y = box[0].Num(), box[1].Num(); at.Y == before {
			break
		}
		before = at.Y
	}
	return at
}

// settled waits until a frame is as high as what is in it.
func (p *person) settled() {
	for deadline := time.Now().Add(patience); p.outer != nil && time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		height, err := p.page.Eval(`() => document.body.getBoundingClientRect().height`)
		if err == nil && height.Value.Num() <= p.outer.MustEval(`() => document.querySelector("iframe").clientHeight`).Num() {
			return
		}
	}
}

// types into a field, by its label.
func (p *person) types(label, text string) {
	p.t.Helper()
	p.fills("textbox", label, text)
}

// seeks types into a field for searching.
func (p *person) seeks(label, text string) {
	p.t.Helper()
	p.fills("searchbox", label, text)
}

func (p *person) fills(role, label, text string) {
	p.t.Helper()
	p.keepsIn(role, text)
	element, page := p.sees(role, label), p.page.Timeout(patience)
	defer page.CancelTimeout()
	require.NoError(p.t, proto.DOMFocus{ObjectID: element.Object.ObjectID}.Call(page))
	all := proto.InputDispatchKeyEvent{Type: proto.InputDispatchKeyEventTypeRawKeyDown, Commands: []string{"selectAll"}}
	require.NoError(p.t, all.Call(p.hand()))
	require.NoError(p.t, proto.InputInsertText{Text: text}.Call(p.hand()))
}

// at waits for a page by its heading.
func (p *person) at(heading string) {
	p.t.Helper()
	p.sees("heading", heading)
}

// address is where the browser is.
func (p *person) address() *url.URL {
	p.t.Helper()
	info, err := p.page.Info()
	require.NoError(p.t, err)
	u, err := url.Parse(info.URL)
	require.NoError(p.t, err)
	return u
}
