package browser

import (
	"net/http"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"
	"github.com/stretchr/testify/require"
)

// goesToTheBank goes from the first page to the form of the other channel, by way
// of the bank's own pages.
func (p *person) goesToTheBank(login string) {
	p.t.Helper()
	p.agrees()
	p.presses("link", "Go to Test Bank")
	p.logsInAtTheBank(login)
	p.presses("button", "Approve")
	p.at("Your other accounts at Test Bank")
}

func (p *person) adds(login string) {
	p.t.Helper()
	p.types("Login", login)
	p.types("Password", login+"-pass1")
	p.presses("button", "Add these accounts")
}

// channels are the types and statuses of the channels of a user's one connection.
func (s *sandbox) channels(t *testing.T, user string) (all []string) {
	t.Helper()
	var list struct {
		Data []struct {
			Channels []struct{ Type, Status string }
		}
	}
	s.call(t, http.MethodGet, "/v1/connections?user_id="+user, nil, http.StatusOK, &list)
	require.Len(t, list.Data, 1)
	for _, channel := range list.Data[0].Channels {
		all = append(all, channel.Type+" "+channel.Status)
	}
	return all
}

// testBothChannels connects a bank by its interface first, and by its web site for
// what that does not give.
func testBothChannels(t *testing.T, s *sandbox, browser *rod.Browser) {
	begin := func(t *testing.T, wanted map[string]any) (*person, session) {
		made, p := s.order(t, wanted), visitor(t, browser, s, "en")
		p.goes(made.Links.AddConnection)
		return p, made
	}
	t.Run("the_whole_way", func(t *testing.T) {
		p, made := begin(t, map[string]any{"select_accounts": true})
		p.goesToTheBank("camille")
		p.sees("StaticText", "does not share savings and loans")
		p.adds("camille")
		p.at("Choose the accounts to share")
		p.presses("checkbox", "Compte courant")
		p.presses("checkbox", "Livret A")
		p.presses("button", "Share these accounts")
		p.at("Test Bank is connected")
		require.Equal(t, []string{"REDIRECT SUCCESS", "EMBEDDED SUCCESS"}, s.channels(t, made.UserID))
		require.ElementsMatch(t, []string{"Compte courant", "Livret A"}, s.names(t, made.UserID))
		require.Equal(t, []string{"ACTIVE", "ACTIVE"}, s.statuses(t, made.UserID))
		p.presses("button", "Finish")
		p.at("All done")
		require.Len(t, s.told(t, made.ID).ConnectionIDs, 1)
	})
	t.Run("with_a_code", func(t *testing.T) {
		p, made := begin(t, map[string]any{})
		p.agrees()
		p.presses("link", "Go to Test Bank")
		p.logsInAtTheBank("paul")
		p.types("Code", "123456")
		p.presses("button", "Continue")
		p.presses("button", "Approve")
		p.at("Your other accounts at Test Bank")
		p.adds("paul")
		p.at("Confirm that it is you")
		p.types("Code", "123456")
		p.presses("button", "Confirm")
		p.at("Test Bank is connected")
		require.Equal(t, []string{"REDIRECT SUCCESS", "EMBEDDED SUCCESS"}, s.channels(t, made.UserID))
	})
	t.Run("not_now_and_later_from_what_is_shared", func(t *testing.T) {
		p, made := begin(t, map[string]any{})
		p.goesToTheBank("camille")
		p.presses("button", "Not now")
		p.at("Test Bank is connected")
		require.Equal(t, []string{"Compte courant"}, s.names(t, made.UserID))
		p.presses("button", "Finish")
		p.at("All done")
		p.goes(s.managing(t, made.UserID).Links.ManageAccounts)
		p.presses("button", "Also read savings and loans")
		p.at("Share your Test Bank accounts")
		p.presses("button", "I agree")
		p.at("Your other accounts at Test Bank")
		p.adds("camille")
		p.at("Test Bank is connected")
		p.presses("button", "All that you share")
		p.at("What you share with")
		require.Nil(t, p.found("button", "Also read"))
		require.Equal(t, []string{"REDIRECT SUCCESS", "EMBEDDED SUCCESS"}, s.channels(t, made.UserID))
		require.ElementsMatch(t, []string{"Compte courant", "Livret A"}, s.names(t, made.UserID))
	})
	t.Run("without_what_does_not_work", func(t *testing.T) {
		p, made := begin(t, map[string]any{})
		p.goesToTheBank("camille")
		p.types("Login", "camille")
		p.types("Password", "wrong")
		p.presses("button", "Add these accounts")
		p.at("Some accounts at Test Bank")
		p.presses("button", "Go on without these accounts")
		p.at("Test Bank is connected")
		require.Equal(t, []string{"REDIRECT SUCCESS", "EMBEDDED EMPTY"}, s.channels(t, made.UserID))
		p.presses("button", "Finish")
		p.at("All done")
		require.Equal(t, "success", *s.told(t, made.ID).Result)
	})
	t.Run("by_the_keyboard_without_a_script", func(t *testing.T) {
		p, made := begin(t, map[string]any{})
		p.agrees()
		p.presses("link", "Go to Test Bank")
		p.logsInAtTheBank("camille")
		p.presses("button", "Approve")
		p.at("Your other accounts at Test Bank")
		p.withoutScript()
		require.NoError(t, p.page.Timeout(patience).Reload())
		require.NoError(t, p.page.Timeout(patience).WaitLoad())
		p.at("Your other accounts at Test Bank")
		p.tabsTo("Login").writes("camille")
		p.tabsTo("Password").writes("camille-pass1")
		p.tabsTo("Add these accounts").enters()
		p.at("Test Bank is connected")
		require.Equal(t, []string{"REDIRECT SUCCESS", "EMBEDDED SUCCESS"}, s.channels(t, made.UserID))
	})
	t.Run("back_reload_another_tab_and_a_lost_network", func(t *testing.T) {
		p, made := begin(t, map[string]any{})
		p.goesToTheBank("camille")
		require.NoError(t, p.page.Timeout(patience).Reload())
		p.at("Your other accounts at Test Bank")
		second := p.anotherTab(s.base + "/widget/" + made.ID)
		second.at("Your other accounts at Test Bank")
		third := p.anotherTab(s.base + "/widget/" + made.ID)
		third.at("Your other accounts at Test Bank")
		offline := proto.NetworkEmulateNetworkConditions{Offline: true, DownloadThroughput: -1, UploadThroughput: -1}
		require.NoError(t, offline.Call(third.page))
		p.adds("camille")
		second.adds("camille")
		time.Sleep(500 * time.Millisecond)
		offline.Offline = false
		require.NoError(t, offline.Call(third.page))
		third.presses("button", "Not now") // of a page that is over
		for _, tab := range []*person{p, second, third} {
			tab.at("Test Bank is connected")
		}
		require.NoError(t, p.page.Timeout(patience).NavigateBack())
		p.at("Test Bank is connected")
		require.Equal(t, []string{"REDIRECT SUCCESS", "EMBEDDED SUCCESS"}, s.channels(t, made.UserID))
		require.Len(t, s.told(t, made.ID).ConnectionIDs, 1)
	})
}
