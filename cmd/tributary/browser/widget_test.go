package browser

import (
	"testing"

	"github.com/go-rod/rod"
)

// TestWidget has each of the tests below in a browser profile of its own, with
// users of its own, on one server.
func TestWidget(t *testing.T) {
	s, browser := startSandbox(t), chromium(t)
	for _, c := range []struct {
		name string
		test func(*testing.T, *sandbox, *rod.Browser)
	}{
		{"Connect", testConnect},
		{"Challenges", testChallenges},
		{"Interface", testInterface},
		{"BothChannels", testBothChannels},
		{"Harmless", testHarmless},
		{"Mending", testMending},
		{"WithoutScript", testWithoutScript},
		{"Keyboard", testKeyboard},
		{"FrameOfAnotherSite", testFrameOfAnotherSite},
		{"Leaving", testLeaving},
		{"EditCredentials", testEditCredentials},
		{"Choosing", testChoosing},
		{"Manage", testManage},
		{"WholePage", testWholePage},
		{"Popup", testPopup},
		{"Frame", testFrame},
		{"Cookies", testCookies},
		{"BankOfAnEmbeddedPage", testBankAside},
		{"Closed", testClosed},
		{"Aborted", testAborted},
		{"Strangers", testStrangers},
		{"Lies", testLies},
		{"OpenRedirects", testOpenRedirects},
		{"App", testApp},
		{"Themes", testThemes},
		{"Firefox", testFirefox},
		{"Policies", testPolicies},
		{"EvaluatorFindsWhatIsWrong", testEvaluatorFindsWhatIsWrong},
		{"WalkFindsWhatIsWrong", testWalkFindsWhatIsWrong},
		{"Indiscretions", testIndiscretions},
		{"AxeFindsWhatIsWrong", testAxeFindsWhatIsWrong},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, s, browser) })
	}
}
