package site_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/tributary-dev/tributary/testbank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/picture"
)

// modernLogIn types login and password as a browser would, and gives the page after.
func (v *visitor) modernLogIn(p config.Persona) *page {
	v.t.Helper()
	at := v.goes("/web/modern/")
	at = v.posts(at, "/login", url.Values{"login": {p.Login}, "password": {p.Password}})
	if !strings.HasSuffix(at.at.Path, "/login/password") {
		return at
	}
	if at.find(func(n *html.Node) bool { return attr(n, "name") == "password" }) != nil {
		return v.posts(at, "/login/password", url.Values{"password": {p.Password}})
	}
	return v.posts(at, "/login/password", url.Values{"positions": {v.press(at, p.Password)}})
}

// press finds the keys of digits by their pictures.
func (v *visitor) press(at *page, digits string) string {
	v.t.Helper()
	places := map[[32]byte]string{}
	for _, n := range at.all(func(n *html.Node) bool { return n.DataAtom == atom.Button && attr(n, "data-place") != "" }) {
		key, err := at.at.Parse(attr(n.FirstChild, "src"))
		require.NoError(v.t, err)
		places[sha256.Sum256(v.goes(key.String()).body)] = attr(n, "data-place")
	}
	require.Len(v.t, places, 10)
	pressed := ""
	for _, digit := range digits {
		pressed += places[sha256.Sum256(picture.Digits(string(digit)))]
	}
	require.Len(v.t, pressed, len(digits))
	return pressed
}

// typed is what a customer types into the page of a second factor.
func typed(p config.Persona) string { return p.Challenge.Code + p.Challenge.Answer }

// modernFactor passes the second factor, where the page asks for one.
func (v *visitor) modernFactor(at *page, p config.Persona) *page {
	v.t.Helper()
	for range 4 {
		if !strings.HasSuffix(at.at.Path, "/security") {
			return at
		}
		has := func(name string) bool {
			return at.find(func(n *html.Node) bool { return attr(n, "name") == name }) != nil
		}
		switch {
		case at.find(func(n *html.Node) bool { return strings.HasSuffix(attr(n, "action"), "/begin") }) != nil:
			at = v.posts(at, "/begin", nil)
		case has("positions"):
			at = v.posts(at, "/security", url.Values{"positions": {v.press(at, p.Challenge.Code)}})
		case has("code"):
			at = v.posts(at, "/security", url.Values{"code": {typed(p)}})
		case has("option"):
			at = v.posts(at, "/security", url.Values{"option": {p.Challenge.Options[0].Value}})
		case p.Challenge.Kind == config.ChallengeRedirect:
			link := at.find(func(n *html.Node) bool { return strings.Contains(attr(n, "href"), "/confirm/") })
			require.NotNil(v.t, link)
			at = v.posts(v.goes(attr(link, "href")), attr(link, "href"), url.Values{"decision": {"approve"}})
		default:
			v.posts(v.goes("/app/"+p.Login), "/app/"+p.Login, url.Values{"decision": {"approve"}})
			at = v.goes("/web/modern/security")
		}
	}
	return at
}

// modernIn logs a customer in and does what has to be done on the way.
func (v *visitor) modernIn(p config.Persona) *page {
	v.t.Helper()
	at := v.modernFactor(v.modernLogIn(p), p)
	if strings.HasSuffix(at.at.Path, "/password") && strings.Contains(at.at.Path, "/web/modern/password") {
		at = v.posts(at, "/password", url.Values{"current": {p.Password}, "new_password": {"other-pass2"}, "repeated": {"other-pass2"}})
	}
	if strings.HasSuffix(at.at.Path, "/terms") {
		at = v.posts(at, "/terms", url.Values{"accept": {"yes"}})
	}
	return at
}

// amount reads an amount as a French page writes it.
func amount(text string) string {
	return strings.NewReplacer(" ", "", "\u202f", "", "\u00a0", "", "€", "", "£", "", "$", "", "USD", "", "GBP", "", ",", ".").Replace(text)
}

// modernRows reads the rows of an account: those of the page, and the others from its endpoint.
func (v *visitor) modernRows(id string) []row {
	v.t.Helper()
	at := v.goes("/web/modern/accounts/" + url.PathEscape(id))
	require.Equal(v.t, http.StatusOK, at.status)
	var rows []row
	for _, item := range at.all(with(atom.Li, "operation")) {
		f := map[string]string{}
		each(item, func(n *html.Node) {
			if name := attr(n, "data-f"); name != "" {
				f[name] = textOf(n)
			}
		})
		rows = append(rows, row{ID: f["id"], BookingDate: iso(f["booked"]), ValueDate: iso(f["valued"]), TransactionDate: iso(f["done"]), Amount: amount(f["amount_text"]), Label: f["label"], Status: f["state"]})
	}
	more := at.find(func(n *html.Node) bool { return attr(n, "data-more") != "" })
	for next := 2; more != nil && next > 0; {
		link, err := at.at.Parse(strings.Replace(attr(more, "data-more"), "page=2", fmt.Sprintf("page=%d", next), 1))
		require.NoError(v.t, err)
		var body struct {
			Operations []struct {
				row
				State string
				Text  string `json:"amount_text"`
			}
			Next int
		}
		require.NoError(v.t, json.Unmarshal(v.goes(link.String()).body, &body))
		for _, o := range body.Operations {
			o.row.Status, o.row.Amount, o.row.Currency = o.State, amount(o.Text), ""
			rows = append(rows, o.row)
		}
		next = body.Next
	}
	return rows
}

// iso turns 14/03/2026 into 2026-03-14.
func iso(day string) string {
	parts := strings.Split(day, "/")
	if len(parts) != 3 {
		return ""
	}
	return parts[2] + "-" + parts[1] + "-" + parts[0]
}

// shown is how the modern pages tell the truth's rows.
func shown(rows []row) []row {
	words := map[string]string{"PENDING": "En attente", "BOOKED": "", "EXPIRED": "Expirée", "REJECTED": "Rejetée", "CANCELLED": "Annulée", "REFUNDED": "Remboursée"}
	told := make([]row, len(rows))
	for i, r := range rows {
		r.Status, r.Currency = words[r.Status], ""
		told[i] = r
	}
	return told
}

// same compares row by row, so that a failure can be read.
func same(t *testing.T, want, got []row) {
	t.Helper()
	require.NotEmpty(t, want)
	require.Len(t, got, len(want))
	for i := range want {
		require.Equal(t, want[i], got[i], "row %d", i)
	}
}

// ends is the page on which the log-in of a persona ends who never gets in.
var ends = map[config.BehaviourKind]string{
	config.BehaviourWrongPassword: "Identifiant ou mot de passe incorrect", config.BehaviourDown: "Maintenance en cours", config.BehaviourLocked: "Accès bloqué", config.BehaviourBotWall: "Vérification de sécurité",
}

// kept says on which page a persona is kept; nothing for one who gets in.
func kept(p config.Persona, ends map[config.BehaviourKind]string) string {
	for _, b := range p.Behaviours {
		if b.Kind == config.BehaviourLocked && b.AfterWrongPasswords > 0 || b.Kind == config.BehaviourDown && b.From.Given {
			continue
		}
		if text, known := ends[b.Kind]; known {
			return text
		}
	}
	return ""
}

// TestModern_shows_every_persona_the_truth walks each customer of the bank that ships through the pages.
func TestModern_shows_every_persona_the_truth(t *testing.T) {
	t.Parallel()
	w := open(t, testbank.DefaultConfig())
	for _, p := range w.file.Personas {
		t.Run(p.Login, func(t *testing.T) {
			v := visit(t, w.url)
			at := v.modernIn(p)
			if text := kept(p, ends); text != "" {
				require.Contains(t, at.text(), text)
				require.NotContains(t, v.goes("/web/modern/accounts").at.Path, "accounts")
				return
			}
			require.Equal(t, "/web/modern/accounts", at.at.Path, at.text())
			accounts := w.truth(t, p.Login)
			require.Len(t, at.all(with(atom.A, "account")), len(accounts))
			if b, breaks := p.Behaviour(config.BehaviourBrokenPage); breaks {
				require.Equal(t, config.PageTransactions, b.Page)
				_, err := v.tries("/web/modern/accounts/" + accounts[0].ID)
				require.ErrorIs(t, err, io.ErrUnexpectedEOF)
				return
			}
			for _, a := range accounts {
				card := at.find(func(n *html.Node) bool {
					return with(atom.A, "account")(n) && strings.HasSuffix(attr(n, "href"), "/accounts/"+a.ID)
				})
				require.NotNil(t, card, a.ID)
				require.Contains(t, textOf(card), a.Name)
				for _, n := range (&page{root: card}).all(with(atom.Span, "account-balance")) {
					require.Equal(t, a.Balances[0].Amount, amount(textOf(n)))
				}
				same(t, shown(a.Transactions), v.modernRows(a.ID))
			}
		})
	}
}

const smallBank = `bank: {page_size: 2}
personas:
  - {login: plain, password: plain-pass1, holder: Ann Plain}
  - {login: texted, password: texted-pass1, holder: Bob, challenge: {kind: sms_code, code: "123456", phone: "+33 6 12 34 56 12", resends: 1, resend_after: 30s}}
  - {login: quick, password: quick-pass1, holder: Bea, challenge: {kind: app_approval}}
accounts:
  - ref: plain-current
    owner: plain
    type: CHECKINGS
    name: '"><b>Current'
    number: "1"
    currency: EUR
    balance: 1100.00
    transactions:
      - {date: today, amount: -3.00, label: three}
      - {date: today-1, amount: -1002.00, label: two}
      - {date: today-2, amount: -1.00, label: "<b>one</b>"}
  - {ref: texted-card, owner: texted, type: CREDIT_CARD, name: Card, number: "3", currency: EUR, balance: -5.00, credit_limit: 1000.00}
`

func TestModern(t *testing.T) {
	t.Parallel()
	t.Run("sends_no_code_before_the_customer_wants_one_and_trusts_the_device", func(t *testing.T) {
		t.Parallel()
		w := open(t, []byte(smallBank))
		v, p := visit(t, w.url), w.persona("texted")
		at := v.modernLogIn(p)
		require.Contains(t, at.text(), "+33 6 ** ** ** 12")
		require.Zero(t, w.stats(t, "texted")["codes_sent"])
		require.Contains(t, v.goes("/web/modern/accounts").at.Path, "/security", "nothing is shown before")
		at = v.posts(at, "/begin", nil)
		require.Equal(t, 1, w.stats(t, "texted")["codes_sent"])
		require.Contains(t, v.posts(at, "/resend", nil).text(), "Un code vient de vous être envoyé")
		w.pass(31e9)
		require.NotContains(t, v.posts(at, "/resend", nil).text(), "Renvoyer")
		require.Equal(t, 2, w.stats(t, "texted")["codes_sent"])
		at = v.posts(at, "/security", url.Values{"code": {"000000"}})
		require.Contains(t, at.text(), "Le code saisi est incorrect")
		at = v.posts(at, "/security", url.Values{"code": {"123456"}})
		require.Equal(t, "/web/modern/accounts", at.at.Path)
		at = v.posts(at, "/logout", nil)
		require.Contains(t, at.text(), "Vous êtes déconnecté")
		require.Contains(t, v.goes("/web/modern/accounts").at.Path, "/login")
		require.Equal(t, "/web/modern/accounts", v.modernLogIn(p).at.Path, "the device is trusted")
		require.Equal(t, 2, w.stats(t, "texted")["codes_sent"])
	})
	t.Run("times_out_on_real_time", func(t *testing.T) {
		t.Parallel()
		w := open(t, []byte(smallBank))
		v := visit(t, w.url)
		at := v.modernLogIn(w.persona("plain"))
		more := "/web/modern/api/accounts/plain-current/operations?page=2"
		require.Equal(t, http.StatusOK, v.goes(more).status)
		w.admin(t, http.MethodPost, "clock", `{"offset_seconds": 86400}`, nil)
		require.Equal(t, "/web/modern/accounts", v.goes("/web/modern/accounts").at.Path, "the bank's clock ends no session")
		w.pass(11 * 60e9)
		require.Equal(t, http.StatusUnauthorized, v.goes(more).status)
		at = v.goes(at.at.String())
		require.Contains(t, at.text(), "Votre session a expiré")
	})
	t.Run("takes_no_form_without_its_token", func(t *testing.T) {
		t.Parallel()
		w := open(t, []byte(smallBank))
		v := visit(t, w.url)
		at := v.posts(v.goes("/web/modern/login"), "/login", url.Values{"_token": {"x"}, "login": {"plain"}, "password": {"plain-pass1"}})
		require.Equal(t, http.StatusForbidden, at.status)
	})
	t.Run("writes_what_the_file_says_as_text", func(t *testing.T) {
		t.Parallel()
		w := open(t, []byte(smallBank))
		v := visit(t, w.url)
		at := v.modernLogIn(w.persona("plain"))
		require.Contains(t, at.text(), `"><b>Current`)
		require.Equal(t, shown(w.truth(t, "plain")[0].Transactions), v.modernRows("plain-current"))
	})
	t.Run("is_one_of_several_banks_with_cookies_of_its_own", func(t *testing.T) {
		t.Parallel()
		w := open(t, []byte(smallBank))
		w.admin(t, http.MethodPut, "configurations/other", smallBank, nil)
		v := visit(t, w.url)
		require.Equal(t, "/web/modern/accounts", v.modernLogIn(w.persona("plain")).at.Path)
		v.base += "/b/other"
		require.Equal(t, "/b/other/web/modern/login", v.goes("/web/modern/accounts").at.Path)
		require.Equal(t, "/b/other/web/modern/accounts", v.modernLogIn(w.persona("plain")).at.Path)
	})
	t.Run("says_the_same_of_a_login_that_nobody_has", func(t *testing.T) {
		t.Parallel()
		w := open(t, []byte(smallBank))
		at := visit(t, w.url).modernLogIn(config.Persona{Login: "nobody", Password: "x"})
		require.Contains(t, at.text(), ends[config.BehaviourWrongPassword])
	})
}
