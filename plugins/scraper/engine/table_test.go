package engine_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/scraper/engine"
	"github.com/tributary-dev/tributary/plugins/scraper/recipe"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

const tabular = `
recipe: 1
version: 1
bank: {id: table, name: Table Bank, country: FR}
hosts: [table.example]
start: https://table.example/
locale: {language: fr, decimal: ",", group: ".", dates: [DD/MM/YYYY]}
account_types: [CHECKINGS, SAVINGS]
timeouts: {page: 2}
credentials: [{name: login, type: TEXT, label: {en: Login}}]
pages:
  - {name: login, means: log-in, seen: {css: "#in"}, do: [{fill: {in: "#in", with: login}}, {click: button}]}
  - {name: announcement, means: passing, sends: true, seen: {css: "#send"}, do: [{click: "#send"}]}
  - {name: home, means: home, seen: {css: table}}
accounts:
  - do: [{go: "https://table.example/home"}]
    each: tr:has(td)
    fields: {number: {column: Numéro, get: b}, name: {column: [Intitulé, libellé]}, type: {column: Genre, map: {Livret: SAVINGS, "*": CHECKINGS}}, balance: {column: Solde}, link: {column: Numéro, get: a@href}}
transactions:
  - for: [SAVINGS]
    do: [{go: "{{ account.link }}"}]
    download: {format: mt940}
  - do:
      - {go: "{{ account.link }}"}
      - wait: {css: h1, text: "{{ account.number }}"}
    each: tr + tr
    fields: {date: {column: Date}, label: {column: Libellé}, amount: {column: Montant}}
`

const statement = ":20:1\r\n:25:FR7612\r\n:28C:1\r\n:60F:C260301EUR100,00\r\n:61:2603020302D12,30NMSCNONREF//B1\r\n:86:BOULANGERIE\r\n:61:2603030303C1000,00NMSCNONREF//B2\r\n:86:SALAIRE\r\n:62F:C260303EUR1087,70\r\n-\r\n"

// bankOfTables serves two accounts: one with a table of rows, and one with a file.
func bankOfTables(home, rows string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text := ""
		switch r.URL.Path {
		case "/":
			text = `<form action=/home><input id=in name=a><button>OK</button></form>`
		case "/home":
			text = home
		case "/1":
			text = `<h1>Compte 0000</h1><script>setTimeout(() => document.querySelector("h1").textContent = "Compte 0001", 100)</script>` + rows
		case "/2":
			w.Header().Set("Content-Type", "text/plain")
			w.Header().Set("Content-Disposition", `attachment; filename="a.sta"`)
			_, _ = w.Write([]byte(statement))
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<!doctype html>" + text))
	})
}

const (
	overview = `<table><tr><th colspan=2>Numéro</th><th>LIBELLÉ</th><th>Solde</th><th>Genre</th></tr>
<tr><td><a href=/1><b>0001</b></a></td><td>FR</td><td>Courant</td><td>1.000,50</td><td>Compte</td></tr>
<tr><td><a href=/2><b>0002</b></a></td><td>FR</td><td>Épargne</td><td>1.087,70</td><td>Livret A</td></tr></table>`
	movements = `<table><tr><td>Montant</td><td>Date</td><td>Libellé</td></tr><tr><td>-4,20</td><td>02/03/2026</td><td>CAFE</td></tr></table>`
)

func tables(t *testing.T, site http.Handler, change ...string) (*world, *engine.Session) {
	t.Helper()
	w := open(t)
	r, err := recipe.Parse("table.yaml", []byte(strings.NewReplacer(change...).Replace(tabular)))
	require.NoError(t, err)
	w.conf.Recipe, w.conf.Serve = r, site
	return w, w.session("x")
}

// Cells are found by the heading of their column, whatever its case, its place and what it spans; what is waited for may name
// the account; and a file may be an MT940 statement.
func TestTables_and_statements(t *testing.T) {
	t.Parallel()
	w, s := tables(t, bankOfTables(overview, movements))
	asked, err := s.Enter(t.Context())
	require.NoError(t, err)
	require.Nil(t, asked)
	k := w.fetchUntil(s, "2026-01-01", "2026-03-31")
	require.Empty(t, k.failed)
	require.Equal(t, "Courant", k.accounts["account-0001"].Name)
	require.Equal(t, sdk.Savings, k.accounts["account-0002"].Type)
	require.Equal(t, "1000.50", k.balances["account-0001"][0].Amount)
	require.Len(t, k.rows["account-0001"], 1)
	require.Equal(t, []string{"-4.20", "CAFE"}, []string{k.rows["account-0001"][0].Amount, k.rows["account-0001"][0].Label})
	file := k.rows["account-0002"]
	require.Len(t, file, 2)
	require.Equal(t, []string{"-12.30", "2026-03-02", "1000.00", "2026-03-03"}, []string{file[0].Amount, string(file[0].BookingDate), file[1].Amount, string(file[1].BookingDate)})
}

// A column that a bank has renamed is a failure that names the field, not a row without it.
func TestColumn_that_is_gone(t *testing.T) {
	t.Parallel()
	w, s := tables(t, bankOfTables(overview, strings.Replace(movements, "Libellé", "Texte", 1)))
	_, err := s.Enter(t.Context())
	require.NoError(t, err)
	k := w.fetchUntil(s, "2026-01-01", "2026-03-31")
	require.Equal(t, sdk.BadData, k.failed["account-0001"].Failure.Code)
	require.ErrorContains(t, k.failed["account-0001"].Failure.Cause, "no column of the table has the heading of label")
}

// A selector that is none is told as such, and where.
func TestSelector_that_is_none(t *testing.T) {
	t.Parallel()
	w, s := tables(t, bankOfTables(overview, movements), "each: tr + tr", `each: "tr["`)
	_, err := s.Enter(t.Context())
	require.NoError(t, err)
	k := w.fetchUntil(s, "2026-01-01", "2026-03-31")
	require.Equal(t, sdk.BadData, k.failed["account-0001"].Failure.Code)
	require.ErrorContains(t, k.failed["account-0001"].Failure.Cause, "at transactions.1: a selector (CSS")
}

// A page that has a code sent is gone through once, also where it comes back.
func TestCode_is_not_sent_over_and_over(t *testing.T) {
	t.Parallel()
	var sent atomic.Int32
	plain := bankOfTables("", "")
	_, s := tables(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/send":
			sent.Add(1)
			fallthrough
		case "/home":
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte(`<form action=/send><button id=send>Recevoir</button></form>`))
		default:
			plain.ServeHTTP(w, r)
		}
	}))
	_, err := s.Enter(t.Context())
	failure := requireCode(t, sdk.BadData, err)
	require.ErrorContains(t, failure.Cause, "it comes back, and to go on would have a second code sent")
	require.EqualValues(t, 1, sent.Load())
}
