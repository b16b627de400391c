package browser

import (
	"net/http"
	"testing"

	"github.com/go-rod/rod"
	"github.com/stretchr/testify/require"
)

// count is how many things a user has of a kind, by the API.
func (s *sandbox) count(t *testing.T, kind, user string) int {
	t.Helper()
	var list struct{ Data []any }
	s.call(t, http.MethodGet, "/v1/"+kind+"?limit=500&user_id="+user, nil, http.StatusOK, &list)
	return len(list.Data)
}

// testChoosing chooses among the accounts that are found: the others are not
// served before, and not kept afterwards.
func testChoosing(t *testing.T, s *sandbox, browser *rod.Browser) {
	begin := func(t *testing.T, login, channel string) (*person, session) {
		made, p := s.order(t, map[string]any{"channels": []string{channel}, "select_accounts": true}), visitor(t, browser, s, "en")
		p.goes(made.Links.AddConnection)
		if channel == "EMBEDDED" {
			p.signsIn(login)
			return p, made
		}
		p.agrees()
		p.presses("link", "Go to Test Bank")
		p.logsInAtTheBank(login)
		p.presses("button", "Approve")
		return p, made
	}
	t.Run("one_of_two_by_the_keyboard", func(t *testing.T) {
		p, made := begin(t, "camille", "EMBEDDED")
		p.at("Choose the accounts to share")
		require.Empty(t, s.names(t, made.UserID), "nothing is served before")
		p.tabsTo("Share these accounts").enters()
		p.sees("alert", "")
		p.tabsTo("Livret A").spaces()
		p.tabsTo("Share these accounts").enters()
		p.at("Test Bank is connected")
		require.Equal(t, []string{"Livret A"}, s.names(t, made.UserID))
		require.Positive(t, s.count(t, "transactions", made.UserID), "it was read")
		p.presses("button", "Finish")
		p.at("All done") // else the browser has two places to go to
		p.goes(s.managing(t, made.UserID).Links.ManageAccounts)
		p.presses("button", "Look for other accounts")
		p.at("Choose the accounts to share")
		p.presses("checkbox", "Compte courant")
		p.presses("button", "Share these accounts")
		p.at("Test Bank is connected")
		require.ElementsMatch(t, []string{"Livret A", "Compte courant"}, s.names(t, made.UserID))
	})
	t.Run("after_a_code", func(t *testing.T) {
		p, made := begin(t, "paul", "EMBEDDED")
		p.at("Confirm that it is you")
		p.types("Code", "123456")
		p.presses("button", "Confirm")
		p.at("Choose the accounts to share")
		p.presses("checkbox", "")
		p.presses("button", "Share these accounts")
		p.at("Test Bank is connected") // the bank does not ask twice
		require.Len(t, s.names(t, made.UserID), 1)
	})
	t.Run("of_an_interface", func(t *testing.T) {
		p, made := begin(t, "camille", "REDIRECT")
		p.at("Choose the accounts to share")
		p.presses("checkbox", "Compte courant")
		p.presses("button", "Share these accounts")
		p.at("Test Bank is connected")
		require.Equal(t, []string{"Compte courant"}, s.names(t, made.UserID))
	})
	t.Run("none", func(t *testing.T) {
		p, made := begin(t, "camille", "EMBEDDED")
		p.at("Choose the accounts to share")
		p.presses("button", "Cancel")
		p.at("You have left")
		require.Zero(t, s.count(t, "connections", made.UserID), "nothing is left of it")
		require.Equal(t, []string{"REVOKED"}, s.statuses(t, made.UserID))
		require.Empty(t, s.told(t, made.ID).ConnectionIDs)
		require.Equal(t, "CHOOSE_ACCOUNTS", *s.told(t, made.ID).Step)
	})
}
