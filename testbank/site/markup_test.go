package site_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// TestMarkup_changes_on_the_running_bank: other words, fields, classes and columns, and the same rows.
func TestMarkup_changes_on_the_running_bank(t *testing.T) {
	t.Parallel()
	t.Run("modern", func(t *testing.T) {
		t.Parallel()
		w := open(t, []byte(smallBank))
		v := visit(t, w.url)
		before := v.modernLogIn(w.persona("plain"))
		require.NotEmpty(t, before.all(with(atom.A, "account")))
		w.admin(t, http.MethodPost, "site", `{"markup": 2}`, nil)
		after := v.goes("/web/modern/accounts")
		require.Empty(t, after.all(with(atom.A, "account")), "classes are others")
		for _, class := range strings.Fields(strings.Join(classes(after), " ")) {
			require.True(t, strings.HasPrefix(class, "_"), class)
		}
		sheet := string(v.goes("/web/modern/assets/bank.2.css").body)
		require.Contains(t, sheet, "."+classes(after)[1]+" ")
		rows := v.goes("/web/modern/accounts/plain-current").cells("Montant Libellé Date d'opération Valeur")
		require.Len(t, rows, 2)
		for i, r := range w.truth(t, "plain")[0].Transactions[:2] {
			require.Equal(t, []string{r.Amount, r.Label, r.BookingDate, r.ValueDate}, []string{amount(rows[i][0]), rows[i][1], iso(rows[i][2]), iso(rows[i][3])})
		}
		v = visit(t, w.url)
		at := v.goes("/web/modern/login")
		require.Nil(t, at.find(named("login")))
		require.Contains(t, at.text(), "Numéro client")
		at = v.posts(at, "/login", url.Values{"customerNumber": {"plain"}, "secret": {"plain-pass1"}})
		require.Equal(t, "/web/modern/accounts", at.at.Path)
	})
	t.Run("classic", func(t *testing.T) {
		t.Parallel()
		w := open(t, []byte(smallBank))
		w.admin(t, http.MethodPost, "site", `{"markup": 2}`, nil)
		v := visit(t, w.url)
		require.NotNil(t, v.goes("/web/classic/").find(func(n *html.Node) bool { return n.DataAtom == atom.Iframe }))
		at := v.posts(v.goes("/web/classic/centre.do"), "logon.do", url.Values{"abonne": {"plain"}, "mdp": {"plain-pass1"}})
		at = v.posts(at, "mvts.do", url.Values{"cpt": {"1"}})
		rows := at.cells("Nature de l'opération Date Valeur Crédit Débit")
		require.Len(t, rows, 2)
		for i, r := range w.truth(t, "plain")[0].Transactions[:2] {
			require.Equal(t, []string{r.Label, r.BookingDate, r.Amount}, []string{rows[i][0], printed(rows[i][1]), printed(rows[i][3] + rows[i][4])})
		}
	})
}

func classes(p *page) []string {
	var all []string
	for _, n := range p.all(func(n *html.Node) bool { return attr(n, "class") != "" }) {
		all = append(all, attr(n, "class"))
	}
	return all
}

// TestLanguage is the bank's, or the browser's.
func TestLanguage(t *testing.T) {
	t.Parallel()
	w := open(t, []byte(smallBank))
	v := visit(t, w.url)
	for accept, word := range map[string]string{"fr-CA,fr;q=0.9": "Identifiant", "en-GB": "Login", "de": "Identifiant", "": "Identifiant", "de, en;q=0.5": "Login"} {
		v.lang = accept
		require.Contains(t, v.goes("/web/modern/login").text(), word, accept)
	}
	other := open(t, []byte(strings.Replace(smallBank, "bank: {", "bank: {language: en, ", 1)))
	v = visit(t, other.url)
	require.Contains(t, v.goes("/web/classic/logon.do").text(), "Your login")
	require.Contains(t, v.modernLogIn(other.persona("plain")).text(), "€1,100.00")
}
