package browser

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/input"
	"github.com/stretchr/testify/require"
)

// operable are all things of a page that somebody can act on, in their order: what
// is a group of radio buttons is one, as for the keyboard. Each is given its number.
// What a form would send, or a link open, is counted, and does not happen.
const operable = `() => {
	const groups = new Set();
	const seen = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.disabled && !e.closest("details:not([open]) > :not(summary)");
	const all = [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary, [tabindex], [role=button], [onclick]")].filter(seen).filter((e) => {
		if (e.type !== "radio") return true;
		const group = [...document.getElementsByName(e.name)];
		const at = group.find((r) => r.checked) ?? group[0];
		if (groups.has(e.name) || at !== e) return false;
		groups.add(e.name);
		return true;
	});
	all.forEach((e, i) => { e.dataset.number = i; });
	window.acts = 0;
	const act = (event) => { event.preventDefault(); event.stopImmediatePropagation(); window.acts++; };
	addEventListener("submit", act, true);
	addEventListener("invalid", act, true);
	addEventListener("click", (event) => { if (event.target.closest("a")) act(event); else if (event.target.closest("[type=button], summary")) window.acts++; }, true);
	addEventListener("change", () => window.acts++, true);
	document.activeElement.blur();
	document.body.tabIndex = -1;
	document.body.focus();
	document.body.removeAttribute("tabindex");
	return all.map((e) => e.tagName.toLowerCase() + (e.type ? "." + e.type : "") + " " + (e.innerText || e.getAttribute("aria-label") || e.name).trim().slice(0, 40));
}`

// focus is where the keyboard is: its number, its kind, what it looks like, and
// whether it is in the window as a whole line of it.
const focus = `() => {
	const e = document.activeElement, s = getComputedStyle(e), box = e.getBoundingClientRect();
	return { number: e.dataset.number ?? "", kind: e.tagName + "." + (e.type ?? ""), outline: s.outlineStyle === "none" ? 0 : parseFloat(s.outlineWidth),
		inside: box.bottom > 0 && box.top < innerHeight && box.width > 0 };
}`

// walks through a page by the keyboard alone: Tab comes to everything that can be
// acted on, once and in its order, the focus shows, and the keys act.
func (p *person) walks() {
	p.t.Helper()
	require.Empty(p.t, p.stumbles())
}

// stumbles is the first thing that is in the way of a keyboard.
func (p *person) stumbles() string {
	p.t.Helper()
	for i, thing := range p.page.MustEval(operable).Arr() {
		p.strikes(input.Tab)
		at, what := p.page.MustEval(focus), thing.Str()
		switch kind := at.Get("kind").Str(); {
		case at.Get("number").Str() != strconv.Itoa(i):
			return fmt.Sprintf("Tab comes to a %s in the place of %s", kind, what)
		case at.Get("outline").Num() < 2:
			return "the focus does not show on " + what
		case !at.Get("inside").Bool():
			return "the focus is out of sight on " + what
		default:
			if idle := p.idle(kind); idle != "" {
				return idle + " does nothing on " + what
			}
		}
	}
	return ""
}

// keys are what acts on things of a kind; for what is typed into or chosen from,
// browsers have others.
var keys = map[string][]input.Key{
	"BUTTON.submit": {input.Enter, input.Space}, "BUTTON.button": {input.Enter, input.Space}, "SUMMARY.": {input.Enter, input.Space}, "A.": {input.Enter},
	"INPUT.checkbox": {input.Space, input.Space},
	"INPUT.text":     {input.Enter}, "INPUT.password": {input.Enter}, "INPUT.search": nil, "INPUT.date": nil, "INPUT.radio": nil, "SELECT.select-one": nil,
}

// idle is a key that does nothing on what has the focus.
func (p *person) idle(kind string) string {
	p.t.Helper()
	all, known := keys[kind]
	if !known {
		return "every key (" + kind + ")"
	}
	for _, key := range all {
		before := p.page.MustEval(`() => window.acts`).Int()
		p.strikes(key)
		if p.page.MustEval(`() => window.acts`).Int() == before {
			return key.Info().Code
		}
	}
	return ""
}

func (p *person) strikes(key input.Key) {
	p.t.Helper()
	require.NoError(p.t, p.page.Keyboard.Type(key))
}

// testWalkFindsWhatIsWrong: as with axe.
func testWalkFindsWhatIsWrong(t *testing.T, s *sandbox, browser *rod.Browser) {
	for want, spoil := range map[string]string{
		"":                             `() => {}`,
		"the focus does not show on":   `() => { document.querySelector("#q").style.outline = "none"; }`,
		"in the place of a":            `() => { const a = document.createElement("a"); a.textContent = "a"; document.querySelector("h1").after(a); }`,
		"Space does nothing on button": `() => { document.querySelector(".bank").addEventListener("keyup", (e) => e.preventDefault()); }`,
		"every key (DIV.) does":        `() => { const d = document.createElement("div"); d.tabIndex = 0; d.textContent = "pressed"; document.querySelector("h1").after(d); }`,
	} {
		p := visitor(t, browser, s, "en")
		p.goes(s.order(t, form()).Links.AddConnection)
		p.at("Choose your bank")
		p.page.MustEval(spoil)
		found := p.stumbles()
		require.Contains(t, found, want)
		require.Equal(t, want == "", found == "", "%s: %s", want, found)
	}
}
