package site_test

import (
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/tributary-dev/tributary/testbank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/picture"
)

// named finds what a form sends under a name.
func named(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return attr(n, "name") == name }
}

// classicLogIn types login and password in the middle frame, and gives the page after.
func (v *visitor) classicLogIn(p config.Persona) *page {
	v.t.Helper()
	frame := v.goes("/web/classic/").find(named("centre"))
	require.NotNil(v.t, frame)
	at := v.goes("/web/classic/" + attr(frame, "src"))
	at = v.posts(at, "logon.do", url.Values{"ident": {p.Login}, "code": {p.Password}})
	if strings.HasSuffix(at.at.Path, "/code.do") {
		if at.find(named("pos")) != nil {
			at = v.posts(at, "code.do", url.Values{"pos": {v.grid(at, p.Password)}})
		} else {
			at = v.posts(at, "code.do", url.Values{"code": {p.Password}})
		}
	}
	return at
}

// classicIn logs a customer in and does what has to be done on the way.
func (v *visitor) classicIn(p config.Persona) *page {
	v.t.Helper()
	at := v.classicFactor(v.classicLogIn(p), p)
	if strings.HasSuffix(at.at.Path, "/mdp.do") {
		at = v.posts(at, "mdp.do", url.Values{"ancien": {p.Password}, "nouveau": {"été-pass2"}, "encore": {"été-pass2"}})
	}
	if strings.HasSuffix(at.at.Path, "/cgu.do") {
		at = v.posts(at, "cgu.do", nil)
	}
	return at
}

// grid finds the keys of digits on their one picture: it tries all the ways in which they can lie.
func (v *visitor) grid(at *page, digits string) string {
	v.t.Helper()
	image := at.find(func(n *html.Node) bool { return n.DataAtom == atom.Img && attr(n, "usemap") != "" })
	require.NotNil(v.t, image)
	link, err := at.at.Parse(attr(image, "src"))
	require.NoError(v.t, err)
	keys := keysOn(v.t, v.goes(link.String()).body)
	require.Len(v.t, at.all(func(n *html.Node) bool { return n.DataAtom == atom.Area }), len(keys))
	pressed := ""
	for _, digit := range digits {
		pressed += strconv.Itoa(strings.IndexRune(keys, digit))
	}
	return pressed
}

// keysOn reads the digits of a grid by comparing each key with all ten.
func keysOn(t *testing.T, grid []byte) string {
	t.Helper()
	shown := decode(t, grid)
	keys := ""
	for place := range 10 {
		for digit := byte('0'); digit <= '9'; digit++ {
			row := []byte("          ")
			row[place] = digit
			if alike(shown, decode(t, picture.Grid(string(row))), place) {
				keys += string(digit)
			}
		}
	}
	require.Len(t, keys, 10)
	return keys
}

func (v *visitor) classicFactor(at *page, p config.Persona) *page {
	v.t.Helper()
	for range 4 {
		if !strings.HasSuffix(at.at.Path, "/secure.do") {
			return at
		}
		has := func(name string) bool { return at.find(named(name)) != nil }
		link := at.find(func(n *html.Node) bool { return strings.Contains(attr(n, "href"), "/confirm/") })
		switch {
		case at.find(func(n *html.Node) bool { return attr(n, "action") == "envoi.do" }) != nil:
			at = v.posts(at, "envoi.do", nil)
		case has("pos"):
			at = v.posts(at, "secure.do", url.Values{"pos": {v.grid(at, p.Challenge.Code)}})
		case has("otp"):
			at = v.posts(at, "secure.do", url.Values{"otp": {typed(p)}})
		case has("choix"):
			at = v.posts(at, "secure.do", url.Values{"choix": {p.Challenge.Options[0].Value}})
		case link != nil:
			home := v.posts(v.goes(attr(link, "href")), attr(link, "href"), url.Values{"decision": {"approve"}})
			require.NotNil(v.t, home.find(named("centre")), "the frames again")
			at = v.goes("/web/classic/centre.do")
		default:
			v.posts(v.goes("/app/"+p.Login), "/app/"+p.Login, url.Values{"decision": {"approve"}})
			at = v.goes("/web/classic/secure.do")
		}
	}
	return at
}

// cells gives the texts of the rows of the table whose head says so.
func (p *page) cells(head string) [][]string {
	var found [][]string
	for _, table := range p.all(with(atom.Table, "")) {
		if !strings.HasPrefix(textOf(table), head) {
			continue
		}
		for _, line := range (&page{root: table}).all(with(atom.Tr, "")) {
			var texts []string
			for cell := range line.ChildNodes() {
				if cell.DataAtom == atom.Td {
					texts = append(texts, textOf(cell))
				}
			}
			if len(texts) > 1 { // one across the table says that there is nothing
				found = append(found, texts)
			}
		}
	}
	return found
}

// printed turns 14.03.26 into 2026-03-14, and 1.234,56- into -1234.56.
func printed(text string) string {
	if parts := strings.Split(text, "."); len(parts) == 3 && len(text) == 8 {
		return "20" + parts[2] + "-" + parts[1] + "-" + parts[0]
	}
	text = strings.NewReplacer(".", "", ",", ".").Replace(text)
	if digits, minus := strings.CutSuffix(text, "-"); minus {
		return "-" + digits
	}
	return text
}

// classicRows reads all pages of an account, by its place in the list.
func (v *visitor) classicRows(at *page, place int) []row {
	v.t.Helper()
	var rows []row
	for number, pages := 1, 1; number <= pages; number++ {
		at = v.posts(at, "mvts.do", url.Values{"cpt": {strconv.Itoa(place)}, "page": {strconv.Itoa(number)}})
		pages = 1 + len(at.all(func(n *html.Node) bool { return strings.HasPrefix(attr(n, "href"), "javascript:p(") }))
		for _, c := range at.cells("Date Valeur Libellé Débit Crédit") {
			require.Len(v.t, c, 7)
			require.True(v.t, (c[3] == "") != (c[4] == ""), "an amount stands in one column: %v", c)
			rows = append(rows, row{BookingDate: printed(c[0]), ValueDate: printed(c[1]), Label: c[2], Amount: printed(c[3] + c[4]), Status: c[5]})
		}
	}
	return rows
}

// listed is how the classic pages tell the truth's rows.
func listed(rows []row) []row {
	words := map[string]string{"PENDING": "*", "BOOKED": "", "EXPIRED": "E", "REJECTED": "R", "CANCELLED": "A", "REFUNDED": "X"}
	told := make([]row, len(rows))
	for i, r := range rows {
		told[i] = row{BookingDate: r.BookingDate, ValueDate: r.ValueDate, Label: r.Label, Amount: r.Amount, Status: words[r.Status]}
		if r.BookingDate == "" {
			told[i].BookingDate = r.TransactionDate
		}
	}
	return told
}

// classicEnds is the page on which the log-in of a persona ends who never gets in.
var classicEnds = map[config.BehaviourKind]string{
	config.BehaviourWrongPassword: "Identifiant ou mot de passe incorrect", config.BehaviourDown: "SERVICE FERMÉ", config.BehaviourLocked: "ACCÈS BLOQUÉ", config.BehaviourBotWall: "ACCÈS REFUSÉ",
}

// TestClassic_shows_every_persona_the_truth walks each customer of the bank that ships through the frames.
func TestClassic_shows_every_persona_the_truth(t *testing.T) {
	t.Parallel()
	w := open(t, testbank.DefaultConfig())
	for _, p := range w.file.Personas {
		t.Run(p.Login, func(t *testing.T) {
			v := visit(t, w.url)
			at := v.classicIn(p)
			require.Equal(t, "text/html; charset=iso-8859-1", at.header.Get("Content-Type"))
			if text := kept(p, classicEnds); text != "" {
				require.Contains(t, at.text(), text)
				require.NotContains(t, v.goes("/web/classic/comptes.do").text(), "SITUATION DE VOS COMPTES")
				return
			}
			require.Equal(t, "/web/classic/comptes.do", at.at.Path, at.text())
			require.Contains(t, at.text(), p.Holder)
			accounts, lines := w.truth(t, p.Login), at.cells("Libellé Numéro de compte")
			require.Len(t, lines, len(accounts))
			for i, a := range accounts {
				require.Contains(t, lines[i][0], a.Name)
				require.Equal(t, a.IBAN+a.Number, lines[i][1])
				require.Equal(t, a.Balances[0].Amount, printed(lines[i][3]))
				if _, breaks := p.Behaviour(config.BehaviourBrokenPage); breaks {
					_, err := v.triesPosting(at, "mvts.do", url.Values{"cpt": {"1"}})
					require.ErrorIs(t, err, io.ErrUnexpectedEOF)
					continue
				}
				same(t, listed(a.Transactions), v.classicRows(v.goes("/web/classic/comptes.do"), i+1))
			}
		})
	}
}

func TestClassic(t *testing.T) {
	t.Parallel()
	t.Run("takes_a_form_once", func(t *testing.T) {
		t.Parallel()
		w := open(t, []byte(smallBank))
		v := visit(t, w.url)
		at := v.classicIn(w.persona("plain"))
		one := url.Values{"cpt": {"1"}}
		require.Contains(t, v.posts(at, "mvts.do", one).text(), "MOUVEMENTS")
		require.Contains(t, v.posts(at, "mvts.do", one).text(), "PAGE EXPIRÉE")
	})
	t.Run("opens_details_by_their_place", func(t *testing.T) {
		t.Parallel()
		w := open(t, []byte(smallBank))
		v := visit(t, w.url)
		v.classicIn(w.persona("plain"))
		second := w.truth(t, "plain")[0].Transactions[1]
		text := v.goes("/web/classic/detail.do?cpt=1&no=2").text()
		require.Contains(t, text, second.ID)
		require.Contains(t, text, "1.002,00-")
		require.Equal(t, http.StatusNotFound, v.goes("/web/classic/detail.do?cpt=1&no=4").status)
	})
	t.Run("ends_on_real_time", func(t *testing.T) {
		t.Parallel()
		w := open(t, []byte(smallBank))
		v := visit(t, w.url)
		v.classicIn(w.persona("plain"))
		w.pass(11 * 60e9)
		require.Contains(t, v.goes("/web/classic/comptes.do").text(), "SESSION TERMINÉE")
	})
	t.Run("has_its_own_devices", func(t *testing.T) {
		t.Parallel()
		w := open(t, []byte(smallBank))
		v, p := visit(t, w.url), w.persona("texted")
		require.Equal(t, "/web/classic/comptes.do", v.classicIn(p).at.Path)
		require.Contains(t, v.goes("/web/classic/quitter.do").text(), "AU REVOIR")
		require.Equal(t, "/web/classic/comptes.do", v.classicIn(p).at.Path)
		require.Equal(t, 1, w.stats(t, "texted")["codes_sent"])
		require.Contains(t, v.modernLogIn(p).at.Path, "/security")
	})
}
