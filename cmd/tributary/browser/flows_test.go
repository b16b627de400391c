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

// testChallenges answers everything that a bank can ask, each by a customer of
// whom the bank asks it, in each mode.
func testChallenges(t *testing.T, s *sandbox, browser *rod.Browser) {
	for name, c := range map[string]struct {
		login   string
		answers func(p *person)
	}{
		"a_code": {"paul", func(p *person) {
			p.at("Confirm that it is you")
			require.Equal(p.t, "Code", p.page.MustEval(focused).Str(), "where to type")
			p.types("Code", "000000")
			p.presses("button", "Confirm")
			p.sees("textbox", "Code")
			p.types("Code", "123456")
			p.presses("button", "Confirm")
		}},
		"a_code_sent_again": {"paul", func(p *person) {
			p.at("Confirm that it is you")
			p.waits("button", "Send again")
			p.presses("button", "Send again")
			p.at("Confirm that it is you")
			p.types("Code", "123456")
			p.presses("button", "Confirm")
		}},
		"a_choice_and_a_code": {"alice", func(p *person) {
			p.presses("radio", "E-mail to a***@example.com")
			p.presses("button", "Confirm")
			p.at("Confirm that it is you")
			p.types("Code", "246810")
			p.presses("button", "Confirm")
		}},
		"a_picture": {"jade", func(p *person) {
			p.sees("image", "Picture from your bank")
			p.types("Code", "4711")
			p.presses("button", "Confirm")
		}},
		"a_secret_code_on_keys": {"odile", func(p *person) {
			p.at("Confirm that it is you")
			for _, key := range []string{"8", "0", "1", "Erase", "2", "5", "1"} {
				p.presses("button", key)
			}
			p.tabsTo("3").enters() // by the keyboard as well
			p.presses("button", "Confirm")
		}},
		"a_code_to_scan": {"marius", func(p *person) {
			p.at("Scan with your phone")
			p.sees("image", "QR code from your bank")
			phone := p.anotherTab(s.bank + "/app/marius")
			phone.presses("button", "Approve")
			require.NoError(p.t, proto.PageBringToFront{}.Call(p.hand()))
		}},
		"an_approval_that_comes_by_itself": {"ines", func(p *person) { p.at("Approve in your Test Bank app") }},
		"a_page_of_the_bank": {"emma", func(p *person) {
			p.goesAside(s, func(bank *person) { bank.presses("button", "Yes, it was me") })
		}},
	} {
		for _, mode := range []string{"page", "popup", "iframe"} {
			t.Run(name+"/"+mode, func(t *testing.T) {
				p, made := s.visits(t, browser, mode, form())
				p.signsIn(c.login)
				c.answers(p)
				p.at("Test Bank is connected")
				require.Len(t, s.told(t, made.ID).ConnectionIDs, 1)
			})
		}
	}
}

// visits begins a session in a mode; who is around the widget is left alone.
func (s *sandbox) visits(t *testing.T, browser *rod.Browser, mode string, wanted map[string]any) (*person, session) {
	t.Helper()
	p := visitor(t, browser, s, "en")
	if mode == "page" {
		made := s.order(t, wanted)
		p.goes(made.Links.AddConnection)
		return p, made
	}
	made, address := s.embedded(t, mode, wanted)
	return p.begins(s, mode, address), made
}

// goesAside does something at the bank, wherever that opens, and comes back.
func (p *person) goesAside(s *sandbox, do func(bank *person)) {
	p.t.Helper()
	if mode := p.page.MustEval(`() => document.body.dataset.mode ?? ""`).Str(); mode == "" {
		p.presses("link", "Go to Test Bank")
		do(p)
		return
	}
	bank := p.opens("page", s.bank, func() { p.presses("link", "Go to Test Bank") })
	do(bank)
	require.NoError(p.t, proto.PageBringToFront{}.Call(p.hand()))
}

// consents are what somebody does at the bank to share payment accounts.
func (p *person) logsInAtTheBank(login string) {
	p.t.Helper()
	p.types("Login", login)
	p.types("Password", login+"-pass1")
	p.presses("button", "Log in")
}

// testInterface leaves for the bank and comes back.
func testInterface(t *testing.T, s *sandbox, browser *rod.Browser) {
	begin := func(t *testing.T) (*person, session) {
		made := s.order(t, map[string]any{"channels": []string{"REDIRECT"}})
		p := visitor(t, browser, s, "en")
		p.goes(made.Links.AddConnection)
		p.agrees()
		p.at("Continue at Test Bank")
		return p, made
	}
	t.Run("approved", func(t *testing.T) {
		p, _ := begin(t)
		p.presses("link", "Go to Test Bank")
		p.logsInAtTheBank("camille")
		p.presses("button", "Approve")
		p.at("Test Bank is connected")
		p.sees("StaticText", "Compte courant")
	})
	t.Run("refused_and_tried_again", func(t *testing.T) {
		p, made := begin(t)
		p.presses("link", "Go to Test Bank")
		p.presses("button", "Cancel and go back")
		p.at("Test Bank is not connected yet")
		p.presses("button", "Try again")
		p.presses("link", "Go to Test Bank")
		p.logsInAtTheBank("camille")
		p.presses("button", "Approve")
		p.at("Test Bank is connected")
		require.Len(t, s.told(t, made.ID).ConnectionIDs, 1, "the same connection")
	})
	t.Run("in_another_browser", func(t *testing.T) {
		p, made := begin(t)
		to, err := p.sees("link", "Go to Test Bank").Property("href")
		require.NoError(t, err)
		other := visitor(t, browser, s, "fr")
		other.goes(to.Str())
		other.logsInAtTheBank("camille")
		other.presses("button", "Approve")
		other.at("Revenez là où vous avez commencé")
		p.at("Test Bank is connected") // which it did by itself
		require.Equal(t, "OPEN", s.told(t, made.ID).Status, "the other browser finished nothing")
	})
}

// testHarmless: reload, back, a second tab and a lost network double nothing.
func testHarmless(t *testing.T, s *sandbox, browser *rod.Browser) {
	made := s.order(t, form())
	p := visitor(t, browser, s, "en")
	p.goes(made.Links.AddConnection)
	p.choosesTheBank()
	p.at("Share your")
	require.NoError(t, p.page.Timeout(patience).NavigateBack())
	p.at("Share your") // the page is where the visit is, not where the browser was
	p.presses("button", "Back")
	p.choosesTheBank()
	p.presses("button", "I agree")
	p.at("Sign in to")
	second := p.anotherTab(s.base + "/widget/" + made.ID)
	second.at("Sign in to")
	p.submits("louise") // her bank is slow
	second.submits("louise")
	second.at("Connecting")
	second.advances()
	require.NoError(t, p.page.Timeout(patience).Reload())
	require.NoError(t, proto.NetworkEmulateNetworkConditions{Offline: true, DownloadThroughput: -1, UploadThroughput: -1}.Call(second.page))
	time.Sleep(time.Second)
	require.NoError(t, proto.NetworkEmulateNetworkConditions{DownloadThroughput: -1, UploadThroughput: -1}.Call(second.page))
	p.at("Test Bank is connected")
	second.at("Test Bank is connected")
	second.forgives("log: Failed to load resource: net::ERR_INTERNET_DISCONNECTED")
	require.Len(t, s.told(t, made.ID).ConnectionIDs, 1)
	p.presses("button", "Connect another bank")
	p.signsIn("camille")
	p.at("Test Bank is connected")
	p.presses("button", "Finish")
	p.at("All done")
	require.Len(t, s.told(t, made.ID).ConnectionIDs, 2, "two banks in one visit")
	second.presses("button", "Finish") // of a page that is long over
	second.at("All done")
}

// advances: what the bank is asked for is said as it is asked, without the page being
// loaded again.
func (p *person) advances() {
	p.t.Helper()
	p.page.MustEval(`() => { window.still = "the same page"; }`)
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		now := p.page.MustEval(`() => window.still + ": " + document.querySelector("[data-state=now] .what").textContent + " / " + document.querySelector("[data-say]").textContent`).Str()
		now, ok := strings.CutPrefix(now, "the same page: ")
		require.True(p.t, ok, "it was loaded again")
		what, said, _ := strings.Cut(now, " / ")
		if what == said && (what == "Finding your accounts" || what == "Reading recent transactions") {
			break
		}
		require.True(p.t, time.Now().Before(deadline), "it says %q", what)
	}
}

// testMending types a wrong password, then the right one.
func testMending(t *testing.T, s *sandbox, browser *rod.Browser) {
	p := visitor(t, browser, s, "en")
	made := s.order(t, form())
	p.goes(made.Links.AddConnection)
	p.agrees()
	p.presses("button", "Sign in")
	p.sees("alert", "")
	p.types("Login", "camille")
	p.types("Password", "wrong")
	p.presses("button", "Show")
	p.presses("button", "Hide")
	p.presses("button", "Sign in")
	p.at("is not connected yet")
	p.presses("button", "Enter the credentials again")
	p.submits("camille")
	p.at("Test Bank is connected")
	require.Len(t, s.told(t, made.ID).ConnectionIDs, 1)
}

// testWithoutScript goes the whole way in a browser that runs none.
func testWithoutScript(t *testing.T, s *sandbox, browser *rod.Browser) {
	p := visitor(t, browser, s, "fr")
	p.withoutScript()
	p.goes(s.order(t, form()).Links.AddConnection)
	p.seeks("Rechercher votre banque", "xyz")
	p.presses("button", "Rechercher")
	p.sees("status", "")
	p.seeks("Rechercher votre banque", "test")
	p.presses("button", "Rechercher")
	p.presses("button", "Test Bank")
	p.presses("button", "J'accepte")
	p.types("Identifiant", "ines")
	p.types("Mot de passe", "ines-pass1")
	p.presses("button", "Se connecter")
	p.at("Test Bank est connectée")
	p.presses("button", "Terminer")
	p.at("C'est terminé")
}

// testKeyboard goes the whole way without a mouse.
func testKeyboard(t *testing.T, s *sandbox, browser *rod.Browser) {
	p := visitor(t, browser, s, "en")
	p.goes(s.order(t, form()).Links.AddConnection)
	p.at("Choose your bank")
	p.tabsTo("Test Bank").enters()
	p.at("Share your")
	p.tabsTo("Terms").enters()
	p.sees("StaticText", "By continuing you ask us")
	p.tabsTo("I agree").enters()
	p.at("Sign in to")
	p.tabsTo("Login").writes("camille")
	p.tabsTo("Password").writes("camille-pass1")
	p.enters()
	p.at("Test Bank is connected")
	p.tabsTo("Finish").enters()
	p.at("All done")
}

// testFrameOfAnotherSite shows nothing.
func testFrameOfAnotherSite(t *testing.T, s *sandbox, browser *rod.Browser) {
	p := visitor(t, browser, s, "en")
	made := s.order(t, form())
	p.goes(s.app.URL + "/frame?of=" + made.Links.AddConnection)
	time.Sleep(2 * time.Second) // what would be shown has come by then
	frame, err := p.page.MustElement("iframe").Frame()
	if err == nil {
		text, err := frame.Eval(`() => document.body.innerText`)
		require.True(t, err != nil || !contains([]string{text.Value.Str()}, "Choose your bank"))
	}
	require.Nil(t, p.found("heading", "Choose your bank"))
	p.forgives("log: Framing")
	p.forgives("log: Refused to frame")
	p.forgives("policy:")
	var list struct{ Data []any }
	s.call(t, http.MethodGet, "/v1/connections?user_id="+made.UserID, nil, http.StatusOK, &list)
	require.Empty(t, list.Data)
}

// testLeaving gives up at the bank's question: nothing waits for an answer.
func testLeaving(t *testing.T, s *sandbox, browser *rod.Browser) {
	made := s.order(t, form())
	p := visitor(t, browser, s, "en")
	p.goes(made.Links.AddConnection)
	p.signsIn("paul")
	p.at("Confirm that it is you")
	second := p.anotherTab(s.base + "/widget/" + made.ID)
	second.at("Confirm that it is you")
	p.presses("button", "Cancel")
	p.at("You have left")
	second.at("You have left") // which it did by itself
	require.NoError(t, p.page.Timeout(patience).NavigateBack())
	p.at("You have left")
	told := s.told(t, made.ID)
	require.Equal(t, "ANSWER", *told.Step)
	var runs struct{ Data []struct{ Status string } }
	s.call(t, http.MethodGet, "/v1/synchronizations?connection_id="+told.ConnectionIDs[0], nil, http.StatusOK, &runs)
	require.Len(t, runs.Data, 1)
	require.Equal(t, "CANCELLED", runs.Data[0].Status)
	require.Zero(t, s.count(t, "accounts", made.UserID))

	var again session // and the client can send the user to what is wrong
	s.call(t, http.MethodPost, "/v1/widget_sessions", map[string]any{"user_id": made.UserID, "connection_id": told.ConnectionIDs[0]}, http.StatusCreated, &again)
	p.goes(again.Links.UserInput)
	p.presses("button", "Try again")
	p.at("Confirm that it is you")
	p.types("Code", "123456")
	p.presses("button", "Confirm")
	p.at("Test Bank is connected")
}

// testEditCredentials has a client send its user to mend what there is.
func testEditCredentials(t *testing.T, s *sandbox, browser *rod.Browser) {
	first := s.order(t, form())
	p := visitor(t, browser, s, "en")
	p.goes(first.Links.AddConnection)
	p.agrees()
	p.types("Login", "camille")
	p.types("Password", "wrong")
	p.presses("button", "Sign in")
	p.at("is not connected yet")
	p.presses("button", "Cancel")
	p.at("You have left")
	require.Equal(t, "TROUBLE", *s.told(t, first.ID).Step)

	var again session
	wanted := map[string]any{"user_id": first.UserID, "connection_id": s.told(t, first.ID).ConnectionIDs[0]}
	s.call(t, http.MethodPost, "/v1/widget_sessions", wanted, http.StatusCreated, &again)
	require.Empty(t, again.Links.AddConnection)
	p.goes(again.Links.EditCredentials)
	p.at("Sign in to Test Bank")
	p.submits("paul") // another customer: the bank asks for a code
	p.at("Confirm that it is you")
	p.presses("button", "Cancel")
	p.at("You have left")

	s.call(t, http.MethodPost, "/v1/widget_sessions", wanted, http.StatusCreated, &again)
	p.goes(again.Links.UserInput)
	p.at("Confirm that it is you")
	p.types("Code", "123456")
	p.presses("button", "Confirm")
	p.at("Test Bank is connected")
	p.presses("button", "Finish")
	p.at("All done")
	require.Equal(t, "success", *s.told(t, again.ID).Result)
}
