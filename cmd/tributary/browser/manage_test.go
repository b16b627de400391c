package browser

import (
	"net/http"
	"testing"

	"github.com/go-rod/rod"
	"github.com/stretchr/testify/require"
)

// managing makes a session in which a user looks at what is shared.
func (s *sandbox) managing(t *testing.T, user string) (made session) {
	t.Helper()
	s.call(t, http.MethodPost, "/v1/widget_sessions", map[string]any{"user_id": user}, http.StatusCreated, &made)
	return made
}

// sharesAtTheBank goes from the first page to the end, by way of the bank's own.
func (p *person) sharesAtTheBank() {
	p.t.Helper()
	p.agrees()
	p.approvesAtTheBank()
}

func (p *person) approvesAtTheBank() {
	p.t.Helper()
	p.presses("link", "Go to Test Bank")
	p.logsInAtTheBank("camille")
	p.presses("button", "Approve")
	p.at("Test Bank is connected")
}

// names are what a user's accounts are called by the API.
func (s *sandbox) names(t *testing.T, user string) (names []string) {
	t.Helper()
	var list struct{ Data []struct{ Name string } }
	s.call(t, http.MethodGet, "/v1/accounts?user_id="+user, nil, http.StatusOK, &list)
	for _, account := range list.Data {
		names = append(names, account.Name)
	}
	return names
}

// statuses are those of a user's consents, newest first.
func (s *sandbox) statuses(t *testing.T, user string) (all []string) {
	t.Helper()
	var list struct{ Data []struct{ Status string } }
	s.call(t, http.MethodGet, "/v1/consents?user_id="+user, nil, http.StatusOK, &list)
	for _, agreed := range list.Data {
		all = append(all, agreed.Status)
	}
	return all
}

// testManage sees, names, narrows, extends and ends what is shared.
func testManage(t *testing.T, s *sandbox, browser *rod.Browser) {
	t.Run("accounts", func(t *testing.T) {
		made, p := s.order(t, form()), visitor(t, browser, s, "en")
		p.goes(made.Links.AddConnection)
		p.signsIn("camille")
		p.at("Test Bank is connected")
		all := s.names(t, made.UserID)
		p.goes(s.managing(t, made.UserID).Links.ManageAccounts)
		p.at("What you share with Budget app")
		p.presses("button", "Compte courant")
		p.types("Name of the account", "Maison")
		p.presses("button", "Save the name")
		p.presses("button", "Maison")
		require.Contains(t, s.names(t, made.UserID), "Maison")
		p.presses("button", "Stop sharing this account")
		p.at("What you share with Budget app")
		require.Len(t, s.names(t, made.UserID), len(all)-1)
		p.presses("button", "Look for other accounts")
		p.at("Choose the accounts to share") // it does not come back by itself
		require.Nil(t, p.found("checkbox", "Livret A"), "what is shared is not asked for")
		p.presses("button", "All that you share")
		p.sees("StaticText", "There are other accounts that you can share.")
		require.Len(t, s.names(t, made.UserID), len(all)-1)
		p.presses("button", "Continue")
		p.presses("checkbox", "Compte courant")
		p.presses("button", "Share these accounts")
		p.at("Test Bank is connected")
		p.presses("button", "All that you share")
		p.sees("button", "Compte courant")
		require.ElementsMatch(t, all, s.names(t, made.UserID))
	})
	t.Run("every_access", func(t *testing.T) {
		made, p := s.order(t, form()), visitor(t, browser, s, "en")
		p.goes(made.Links.AddConnection)
		p.signsIn("camille")
		p.at("Test Bank is connected")
		manage := s.managing(t, made.UserID)
		p.goes(manage.Links.ManageAccounts)
		p.presses("button", "See every access")
		p.at("Every access to Test Bank")
		p.sees("StaticText", "The bank was connected")
		p.sees("StaticText", "Compte courant, Livret A. You were there.")
		require.NoError(t, p.page.Timeout(patience).Reload())
		p.at("Every access to Test Bank")
		p.goes(s.base + "/widget/" + manage.ID + "?older=bm9uZQ") // an address that somebody typed
		p.at("Every access to Test Bank")
		second := p.anotherTab(s.base + "/widget/" + manage.ID)
		second.at("Every access to Test Bank")
		second.presses("button", "Back")
		second.at("What you share with Budget app")
		p.presses("button", "Back") // of a page that is over
		p.at("What you share with Budget app")
		require.NoError(t, p.page.Timeout(patience).NavigateBack())
		p.at("What you share with Budget app")
	})
	t.Run("every_access_part_by_part", func(t *testing.T) { testAccesses(t, s, browser) })
	for _, mode := range []string{"popup", "iframe"} {
		t.Run("in_"+mode, func(t *testing.T) {
			made, p := s.order(t, form()), visitor(t, browser, s, "en")
			p.goes(made.Links.AddConnection)
			p.signsIn("camille")
			p.at("Test Bank is connected")
			var manage session
			s.call(t, http.MethodPost, "/v1/widget_sessions", map[string]any{"user_id": made.UserID, "mode": mode}, http.StatusCreated, &manage)
			manage.Links.AddConnection = manage.Links.ManageAccounts // as the client's page asks for it
			s.embeds.Store(manage.ID, embedded{manage, mode})
			inner := p.begins(s, mode, s.site+"/embed/"+manage.ID+"/")
			inner.presses("button", "See every access")
			inner.at("Every access to Test Bank")
			inner.presses("button", "Back")
			inner.presses("button", "Compte courant")
			inner.presses("button", "Stop sharing this account")
			inner.presses("button", "End access")
			inner.presses("button", "End access")
			inner.sees("button", "Agree again")
			inner.presses("button", "Back to Budget app")
			p.says("success")
			require.Equal(t, []string{"REVOKED"}, s.statuses(t, made.UserID))
		})
	}
	t.Run("end_and_agree_again", func(t *testing.T) {
		made, p := s.order(t, form()), visitor(t, browser, s, "en")
		p.goes(made.Links.AddConnection)
		p.signsIn("camille")
		p.at("Test Bank is connected")
		manage := s.managing(t, made.UserID)
		p.goes(manage.Links.ManageAccounts)
		p.tabsTo("End access").enters() // by the keyboard alone
		p.at("End the access to Test Bank?")
		p.tabsTo("End access").enters()
		p.at("What you share with Budget app")
		require.Equal(t, []string{"REVOKED"}, s.statuses(t, made.UserID))
		p.tabsTo("Agree again").enters()
		p.at("Share your Test Bank accounts")
		p.tabsTo("I agree").enters()
		p.at("Sign in to")
		p.submits("camille")
		p.at("Test Bank is connected")
		require.Equal(t, []string{"ACTIVE", "REVOKED"}, s.statuses(t, made.UserID))
		p.tabsTo("All that you share").enters()
		p.at("What you share with Budget app")
		p.presses("button", "End access")
		p.presses("button", "End access and erase what was read")
		p.sees("StaticText", "You share no account with Budget app.")
		require.Empty(t, s.names(t, made.UserID))
		p.presses("button", "Back to Budget app")
		p.at("All done")
		require.Equal(t, "success", *s.told(t, manage.ID).Result)
	})
	t.Run("extend_at_the_bank", func(t *testing.T) {
		made, p := s.order(t, map[string]any{"channels": []string{"REDIRECT"}}), visitor(t, browser, s, "en")
		p.goes(made.Links.AddConnection)
		p.sharesAtTheBank()
		p.goes(s.managing(t, made.UserID).Links.ManageAccounts)
		p.presses("button", "Extend")
		p.at("Share your Test Bank accounts")
		p.presses("button", "I agree")
		p.approvesAtTheBank()
		require.Equal(t, []string{"ACTIVE", "REPLACED"}, s.statuses(t, made.UserID))
		p.presses("button", "All that you share")
		p.at("What you share with Budget app")
	})
}
