package browser

import (
	"testing"

	"github.com/go-rod/rod/lib/proto"
	"github.com/stretchr/testify/require"
)

// TestWebSite connects customers whose bank is read from its web site: behind the widget a browser of ours stands before what
// the bank asks, for each kind of it, and the user comes back to the client with the result. Both themes are read; what differs
// between them is not the widget's business, so each kind is asked by one.
func TestWebSite(t *testing.T) {
	s, browser := startSandbox(t, "--plugins", withPlugins(t, "plugins/testbank", "others/psd2", "others/scraper")), chromium(t)
	const modern, classic = "Test Bank (PSD2 and web site)", "Test Bank (old web site)"
	types := func(code string) func(*person) {
		return func(p *person) {
			p.at("Confirm that it is you")
			p.types("Code", code)
			p.presses("button", "Confirm")
		}
	}
	for name, c := range map[string]struct {
		bank, login string
		answers     func(p *person)
	}{
		"nothing": {classic, "camille", func(*person) {}},
		"a_code": {modern, "paul", func(p *person) {
			types("000000")(p)
			p.sees("StaticText", "incorrect")
			types("123456")(p)
		}},
		"a_choice_and_a_code": {classic, "alice", func(p *person) {
			p.presses("radio", "E-mail to a***@example.com")
			p.presses("button", "Confirm")
			types("246810")(p)
		}},
		"a_picture": {modern, "jade", func(p *person) {
			p.sees("image", "Picture from your bank")
			p.types("Digits", "4711")
			p.presses("button", "Confirm")
		}},
		"a_secret_code_on_keys": {classic, "odile", func(p *person) {
			p.at("Confirm that it is you")
			for _, key := range []string{"8", "0", "1", "Erase", "2", "5", "1", "3"} {
				p.presses("button", key)
			}
			p.presses("button", "Confirm")
		}},
		"a_question": {modern, "simone", func(p *person) {
			p.sees("StaticText", "Dans quelle ville")
			p.types("Answer", "Saint-Malo")
			p.presses("button", "Confirm")
		}},
		"a_code_to_scan": {classic, "marius", func(p *person) {
			p.at("Scan with your phone")
			p.sees("image", "QR code from your bank")
			phone := p.anotherTab(s.bank + "/app/marius")
			phone.presses("button", "Approve")
			require.NoError(p.t, proto.PageBringToFront{}.Call(p.page))
		}},
		"an_approval_that_comes_by_itself": {modern, "ines", func(p *person) { p.at("Approve in your") }},
		"a_page_beside_the_site": {classic, "emma", func(p *person) {
			p.sees("StaticText", "Someone with your password")
			p.presses("radio", "Yes, it was me")
			p.presses("button", "Confirm")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			made := s.order(t, map[string]any{"redirect_url": s.redirects, "state": "s&t", "channels": []string{"EMBEDDED"}})
			p := visitor(t, browser, s, "en")
			p.goes(made.Links.AddConnection)
			p.signsInTo(c.bank, c.login)
			c.answers(p)
			p.at(c.bank + " is connected")
			p.discreet()
			p.presses("button", "Finish")
			p.at("Back at /back")
			told := s.told(t, made.ID)
			require.Equal(t, []string{"FINISHED", "success"}, []string{told.Status, *told.Result})
			require.Len(t, told.ConnectionIDs, 1)
			for name, want := range map[string]string{"result": "success", "status": "SUCCESS", "state": "s&t", "connection_id": told.ConnectionIDs[0]} {
				require.Equal(t, want, p.address().Query().Get(name), name)
			}
			require.NotZero(t, s.count(t, "transactions", made.UserID))
		})
	}
	t.Run("both_channels_and_their_codes", func(t *testing.T) {
		made := s.order(t, map[string]any{"redirect_url": s.redirects, "state": "s"})
		p := visitor(t, browser, s, "en")
		p.goes(made.Links.AddConnection)
		p.presses("button", modern)
		p.presses("button", "I agree")
		p.presses("link", "Go to "+modern)
		p.logsInAtTheBank("paul")
		p.types("Code", "123456")
		p.presses("button", "Continue")
		p.presses("button", "Approve")
		p.at("Your other accounts at " + modern)
		p.adds("paul")
		types("000000")(p)
		p.sees("StaticText", "incorrect")
		types("123456")(p)
		p.at(modern + " is connected")
		require.Equal(t, []string{"REDIRECT SUCCESS", "EMBEDDED SUCCESS"}, s.channels(t, made.UserID))
		require.Len(t, s.names(t, made.UserID), 4, "of each kind one, each once")
		p.presses("button", "Finish")
		p.at("Back at /back")
		require.Equal(t, "success", *s.told(t, made.ID).Result)
	})
	t.Run("what_only_the_bank_can_mend", func(t *testing.T) {
		p := visitor(t, browser, s, "en")
		p.goes(s.order(t, form()).Links.AddConnection)
		p.signsInTo(modern, "chloe")
		p.at("is not connected yet")
		link := p.sees("link", "Open your bank's site")
		require.Equal(t, s.bank+"/web/modern/", link.MustProperty("href").Str())
		aside := p.anotherTab(s.bank + "/terms/chloe")
		aside.presses("button", "I accept")
		require.NoError(t, proto.PageBringToFront{}.Call(p.page))
		p.presses("button", "Try again")
		p.at(modern + " is connected")
	})
}

// signsInTo goes from the first page to what comes after the form of a bank.
func (p *person) signsInTo(bank, login string) {
	p.t.Helper()
	p.presses("button", bank)
	p.presses("button", "I agree")
	p.at("Sign in to " + bank)
	p.submits(login)
}
