package browser

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"
	"github.com/stretchr/testify/require"
)

// synchronizes has a connection read, and waits for the end of it.
func (s *sandbox) synchronizes(t *testing.T, connection string) {
	t.Helper()
	var run struct{ ID, Status string }
	s.call(t, http.MethodPost, "/v1/connections/"+connection+"/synchronizations", map[string]any{}, http.StatusAccepted, &run)
	for deadline := time.Now().Add(patience); run.Status != "SUCCESS"; time.Sleep(20 * time.Millisecond) {
		require.True(t, time.Now().Before(deadline), "still %s", run.Status)
		s.call(t, http.MethodGet, "/v1/synchronizations/"+run.ID, nil, http.StatusOK, &run)
	}
}

// lines are how many accesses the page tells of.
func (p *person) lines() int {
	p.t.Helper()
	return p.page.MustEval(`() => document.querySelectorAll(".accesses li").length`).Int()
}

// cutOff takes the network away, or gives it back.
func (p *person) cutOff(is bool) {
	p.t.Helper()
	require.NoError(p.t, proto.NetworkEmulateNetworkConditions{Offline: is, DownloadThroughput: -1, UploadThroughput: -1}.Call(p.page))
}

// testAccesses goes through a long list of accesses, part by part: by hand and by
// keyboard, back and anew, and while the network comes and goes.
func testAccesses(t *testing.T, s *sandbox, browser *rod.Browser) {
	const heading, oldest = "Every access to Test Bank", "The bank was connected"
	made, p := s.order(t, form()), visitor(t, browser, s, "en")
	p.goes(made.Links.AddConnection)
	p.signsIn("camille")
	p.at("Test Bank is connected")
	runs := 1
	for calls := 0; calls < 120; runs++ { // more than a part holds
		s.synchronizes(t, s.told(t, made.ID).ConnectionIDs[0])
		calls = s.calls(t, made.UserID)
	}
	p.goes(s.managing(t, made.UserID).Links.ManageAccounts)
	p.presses("button", "See every access")
	p.at(heading)
	first := p.lines()
	require.Less(t, first, runs)
	require.Nil(t, p.found("StaticText", oldest))
	newest := p.address().String()
	p.tabsTo("Earlier ones").enters() // by the keyboard alone
	p.sees("StaticText", oldest)
	p.at(heading)
	require.Equal(t, runs, first+p.lines(), "each run once")
	require.True(t, strings.HasPrefix(p.address().RawQuery, "older="))
	earlier := p.address().String()
	for _, scheme := range []string{"light", "dark"} {
		p.looks(320, scheme)
		p.fits(320)
		p.accessible()
	}
	p.discreet()
	p.walks()
	require.NoError(t, p.page.Timeout(patience).Reload())
	p.sees("StaticText", oldest)
	require.NoError(t, p.page.Timeout(patience).NavigateBack())
	p.sees("link", "Earlier ones")
	require.Equal(t, newest, p.address().String())

	p.cutOff(true)
	p.presses("link", "Earlier ones")
	p.lost()
	p.cutOff(false)
	require.NoError(t, p.page.Timeout(patience).Reload())
	p.sees("StaticText", oldest)
	require.Equal(t, earlier, p.address().String(), "where it wanted to be")
	p.cutOff(true)
	p.presses("button", "Back")
	p.lost()
	p.cutOff(false)
	p.goes(earlier)
	p.sees("StaticText", oldest) // the form was never sent
	p.tabsTo("Back to the newest").enters()
	p.sees("link", "Earlier ones")
	require.Equal(t, first, p.lines())
	p.tabsTo("Back").enters()
	p.at("What you share with Budget app")
	p.goes(earlier) // which leads to where the visit is
	p.at("What you share with Budget app")
	p.forgives("log: Failed to load resource: net::ERR_INTERNET_DISCONNECTED")
}

// lost waits for the browser's own page, which says that there is no network.
func (p *person) lost() {
	p.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		at, err := p.page.Eval(`() => location.href`)
		if err == nil && strings.HasPrefix(at.Value.Str(), "chrome-error:") {
			return
		}
		require.True(p.t, time.Now().Before(deadline), "the network is still there")
	}
}

// calls are how often a user's bank was called under the consents that there are.
func (s *sandbox) calls(t *testing.T, user string) (count int) {
	t.Helper()
	var agreed, told struct {
		Data []struct{ ID string }
		Next *string `json:"next_cursor"`
	}
	s.call(t, http.MethodGet, "/v1/consents?user_id="+user, nil, http.StatusOK, &agreed)
	for _, c := range agreed.Data {
		for cursor := ""; ; cursor = "&cursor=" + *told.Next {
			told.Next = nil
			s.call(t, http.MethodGet, "/v1/consents/"+c.ID+"/accesses?limit=100"+cursor, nil, http.StatusOK, &told)
			if count += len(told.Data); told.Next == nil {
				break
			}
		}
	}
	return count
}
