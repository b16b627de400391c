package browser

import (
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestPlayground is a developer who has just started a sandbox: each mode of the
// widget, the events and the data that come of it, and the calls beside them.
func TestPlayground(t *testing.T) {
	t.Parallel()
	s, browser := startSandbox(t), chromium(t)
	open := func(t *testing.T) *person {
		p := visitor(t, browser, s, "en")
		p.goes(s.playground)
		p.sees("heading", "The widget")
		p.sees("combobox", "Through").MustSelect("Its web site")
		require.Empty(t, p.address().Fragment, "the secret does not stay in the address")
		return p
	}
	connects := func(visit *person) {
		visit.signsIn("camille")
		visit.at("is connected")
		visit.presses("button", "Finish")
	}
	// what comes of it, whatever the mode
	followed := func(p *person) {
		p.shows("Result: success")
		p.shows("transactions.added")
		p.shows("Compte")
		p.shows("POST /v1/widget_sessions")
		for _, scheme := range []string{"light", "dark"} {
			p.looks(1280, scheme)
			p.accessible()
		}
	}

	t.Run("Page", func(t *testing.T) {
		t.Parallel()
		p := open(t)
		p.sees("radio", "Page").MustClick()
		p.presses("button", "Connect a bank")
		connects(p)
		followed(p)
		require.Equal(t, "/playground", p.address().Path)
		require.Empty(t, p.address().RawQuery)
		p.looks(320, "light")
		p.fits(320)
		if *screenshots != "" {
			p.looks(1280, "light")
			p.paints(filepath.Join(*screenshots, "playground.png"))
		}
	})

	t.Run("Frame", func(t *testing.T) {
		t.Parallel()
		p := open(t)
		p.sees("radio", "Frame").MustClick()
		p.presses("button", "Connect a bank")
		inner, err := p.page.Timeout(patience).MustElement("#frame iframe").Frame()
		require.NoError(t, err)
		connects(&person{t: t, page: inner, hosts: p.hosts}) // a frame of one origin is no window of its own
		followed(p)
		require.Zero(t, len(p.page.MustElements("iframe")), "the frame is gone")
	})

	t.Run("Popup", func(t *testing.T) {
		t.Parallel()
		p := open(t)
		connects(p.opens("page", s.base+"/widget/", func() { p.presses("button", "Connect a bank") }))
		followed(p)
	})

	t.Run("Says_what_is_wrong", func(t *testing.T) {
		t.Parallel()
		p := visitor(t, browser, s, "en")
		p.goes(s.base + "/playground")
		p.types("Client id", s.id)
		p.types("Client secret", "trs_wrong")
		p.presses("button", "Get a token")
		p.shows("its secret is wrong")
		p.accessible()
		p.forgives("log: Failed to load resource")
	})

	t.Run("Is_no_part_of_production", func(t *testing.T) {
		t.Parallel()
		res, err := http.Get(s.base + "/playground/unknown.js")
		require.NoError(t, err)
		_ = res.Body.Close()
		require.Equal(t, http.StatusNotFound, res.StatusCode)
	})
}

// shows waits for words somewhere on the page.
func (p *person) shows(words string) {
	p.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if found, err := p.page.Eval(`(words) => document.body.innerText.includes(words)`, words); err == nil && found.Value.Bool() {
			return
		}
	}
	require.FailNow(p.t, "not shown", "%q on:\n%s", words, p.page.MustElement("body").MustText())
}
