package browser

import (
	"slices"
	"strings"
	"time"

	"github.com/go-rod/rod/lib/input"
	"github.com/go-rod/rod/lib/proto"
	"github.com/stretchr/testify/require"
)

// waits until a button can be pressed.
func (p *person) waits(role, name string) {
	p.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		off, err := p.sees(role, name).Disabled()
		if err == nil && !off {
			return
		}
	}
	require.FailNow(p.t, "never enabled", "%s %q", role, name)
}

// anotherTab of the same browser.
func (p *person) anotherTab(address string) *person {
	p.t.Helper()
	page, err := p.page.Browser().Page(proto.TargetCreateTarget{})
	require.NoError(p.t, err)
	tab := &person{t: p.t, page: page, hosts: p.hosts, site: p.site, policies: map[string]string{}}
	tab.listen()
	p.t.Cleanup(tab.silent)
	tab.goes(address)
	return tab
}

// silent: nothing was heard that is not forgiven.
func (p *person) silent() {
	p.mu.Lock()
	defer p.mu.Unlock()
	require.Empty(p.t, p.heard, "a page said something, or asked another host")
}

// forgives what a test provoked.
func (p *person) forgives(beginning string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heard = slices.DeleteFunc(p.heard, func(what string) bool { return strings.HasPrefix(what, beginning) })
}

// focused is what a keyboard would act on, by its name.
const focused = `() => {
	const e = document.activeElement;
	return (e.labels && e.labels.length ? e.labels[0].innerText : e.getAttribute("aria-label") || e.innerText || "").trim();
}`

// tabsTo moves the focus to what has a name, and sees that it shows.
func (p *person) tabsTo(name string) *person {
	p.t.Helper()
	var seen []string
	for range 40 {
		require.NoError(p.t, p.hand().Keyboard.Press(input.Tab))
		require.NoError(p.t, p.hand().Keyboard.Release(input.Tab))
		now := p.page.MustEval(focused).Str()
		if strings.Contains(now, name) {
			require.NotEqual(p.t, "none", p.page.MustEval(`() => getComputedStyle(document.activeElement).outlineStyle`).Str(), "the focus does not show")
			return p
		}
		seen = append(seen, now)
	}
	require.FailNow(p.t, "the keyboard does not reach it", "%q among %q", name, seen)
	return p
}

func (p *person) enters() {
	p.t.Helper()
	require.NoError(p.t, p.hand().Keyboard.Type(input.Enter))
}

func (p *person) spaces() {
	p.t.Helper()
	require.NoError(p.t, p.hand().Keyboard.Type(input.Space))
}

func (p *person) writes(text string) {
	p.t.Helper()
	require.NoError(p.t, p.hand().InsertText(text))
}

// withoutScript has the browser run none.
func (p *person) withoutScript() {
	p.t.Helper()
	require.NoError(p.t, proto.EmulationSetScriptExecutionDisabled{Value: true}.Call(p.page))
}
