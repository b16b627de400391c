package site_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/scenarios"
)

// step is when somebody looks at the pages, of the play of a scenario.
type step struct {
	At              time.Time
	Login, Password string
}

// TestScenarios_are_told_by_pages plays every story with a customer who logs in at each of its steps: whatever the feed is like
// and whatever has happened, both themes show the rows of the truth, or say why not.
func TestScenarios_are_told_by_pages(t *testing.T) {
	t.Parallel()
	for _, scenario := range scenarios.All() {
		t.Run(scenario.Name, func(t *testing.T) {
			t.Parallel()
			w := open(t, scenario.Text)
			var play struct{ Steps []step }
			w.admin(t, http.MethodGet, "scenario", "", &play)
			seen := 0
			for i, s := range play.Steps {
				if len(play.Steps) > 8 && i%(len(play.Steps)/8) != 0 {
					continue // of a long play enough
				}
				w.admin(t, http.MethodPost, "clock", `{"now": "`+s.At.Format(time.RFC3339)+`"}`, nil)
				p := w.persona(s.Login)
				p.Password = s.Password
				seen += w.look(t, p)
			}
			require.Positive(t, seen, "nobody saw a row")
		})
	}
}

// look compares what both themes show a customer with the truth, and counts the rows.
func (w *world) look(t *testing.T, p config.Persona) int {
	t.Helper()
	modern, classic := visit(t, w.url), visit(t, w.url)
	if modern.goes("/web/modern/").status == http.StatusServiceUnavailable {
		require.True(t, w.standing(t, p.Login).Down)
		require.Contains(t, classic.goes("/web/classic/centre.do").text(), "SERVICE FERMÉ")
		return 0
	}
	home, list := modern.modernIn(p), classic.classicIn(p)
	if home.at.Path != "/web/modern/accounts" {
		require.NotEqual(t, "/web/classic/comptes.do", list.at.Path, home.text())
		standing := w.standing(t, p.Login)
		require.True(t, standing.Down || standing.Locked, home.text())
		return 0
	}
	told := slices.DeleteFunc(w.truth(t, p.Login), func(a account) bool { return !a.Told })
	lines, count := list.cells("Libellé Numéro de compte"), 0
	require.Len(t, lines, len(told))
	for i, a := range told {
		require.Equal(t, a.IBAN+a.Number, lines[i][1])
		count += w.compare(t, a, modern.modernRows(idOn(t, home, told, i)), classic.classicRows(classic.goes("/web/classic/comptes.do"), i+1))
	}
	return count
}

// compare compares what was read of an account; nothing where it cannot be read for now or for good.
func (w *world) compare(t *testing.T, a account, modern, classic []row) int {
	t.Helper()
	want := w.repeated(a)
	if len(modern) == 0 && len(classic) == 0 {
		require.True(t, len(want) == 0 || a.Status == "CLOSED" || w.fails(), a.Ref)
		return 0
	}
	for i := range modern {
		modern[i].ID = ""
	}
	for i := range want {
		want[i].ID, want[i].Label = "", strings.Join(strings.Fields(want[i].Label), " ")
	}
	require.Equal(t, shown(want), modern, a.Ref)
	for i := range want {
		if long := []rune(want[i].Label); len(long) > 60 {
			want[i].Label = string(long[:57]) + "..."
		}
	}
	require.Equal(t, listed(want), classic, a.Ref)
	return len(want)
}

// repeated gives the rows of an account as pages tell them, each page but the first beginning with the last row of the one
// before where the feed does so.
func (w *world) repeated(a account) []row {
	size := w.file.Bank.PageSize
	at := slices.IndexFunc(w.file.Accounts, func(x config.Account) bool { return x.Ref == a.Ref })
	var rows []row
	for i, r := range a.Transactions {
		if w.file.Accounts[at].Feed.RepeatLast && i > 0 && i%size == 0 {
			rows = append(rows, a.Transactions[i-1])
		}
		rows = append(rows, r)
	}
	return rows
}

// fails says whether some account of the story cannot be read for a while.
func (w *world) fails() bool {
	return slices.ContainsFunc(w.file.Timeline, func(e config.Event) bool { return e.Do == config.DoFail })
}

// idOn finds by which id the page knows an account: cards are in the order of the kinds.
func idOn(t *testing.T, home *page, told []account, i int) string {
	t.Helper()
	order := []string{"CHECKINGS", "SAVINGS", "CREDIT_CARD", "LOAN"}
	place := 0
	for j, a := range told {
		before, own := slices.Index(order, a.Type), slices.Index(order, told[i].Type)
		if before < own || before == own && j < i {
			place++
		}
	}
	cards := home.all(func(n *html.Node) bool { return with(atom.A, "account")(n) })
	require.Len(t, cards, len(told))
	require.Contains(t, textOf(cards[place]), told[i].Name)
	id, err := url.PathUnescape(attr(cards[place], "href"))
	require.NoError(t, err)
	return id[strings.LastIndex(id, "/")+1:]
}

// standing is how the bank stands with a customer.
func (w *world) standing(t *testing.T, login string) (found struct{ Locked, Down bool }) {
	t.Helper()
	var body struct {
		Personas []struct{ Standing struct{ Locked, Down bool } }
	}
	w.admin(t, http.MethodGet, fmt.Sprintf("truth?login=%s", login), "", &body)
	return body.Personas[0].Standing
}
