package classic

import (
	"embed"
	"html/template"
	"net/http"

	"golang.org/x/text/encoding/charmap"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/reply"
	"github.com/tributary-dev/tributary/testbank/site/desk"
)

//go:embed templates/*.html
var templateFiles embed.FS

// path is where the theme is.
const path = "/web/classic"

// maxForm is the largest form that is read.
const maxForm = 16 << 10

// Theme serves the pages.
type Theme struct {
	desk      *desk.Desk
	templates *template.Template
}

// Mount adds the theme's routes.
func Mount(mux *http.ServeMux, b *bank.Bank, s *desk.Switch) {
	t := &Theme{desk: desk.New(b, s, path, "JSESSIONID"), templates: template.Must(template.ParseFS(templateFiles, "templates/*.html"))}
	get := func(at string, h http.HandlerFunc) { mux.HandleFunc("GET "+path+at, h) }
	post := func(at string, h http.HandlerFunc) { mux.HandleFunc("POST "+path+at, h) }
	get("/{$}", t.guest(t.frames))
	get("/logo.gif", logo)
	get("/top.do", t.guest(t.top))
	get("/menu.do", t.guest(t.menu))
	get("/centre.do", t.guest(t.centre))
	get("/logon.do", t.guest(t.logOn))
	post("/logon.do", t.guest(t.takeLogin))
	get("/code.do", t.guest(t.code))
	post("/code.do", t.guest(t.takeCode))
	get("/grille.do", t.guest(t.grid))
	get("/secure.do", t.guest(t.secure))
	post("/secure.do", t.guest(t.takeAnswer))
	post("/envoi.do", t.guest(t.begin))
	post("/renvoi.do", t.guest(t.resend))
	get("/image.do", t.guest(t.image))
	get("/mdp.do", t.guest(t.newPassword))
	post("/mdp.do", t.guest(t.takeNewPassword))
	get("/cgu.do", t.guest(t.terms))
	post("/cgu.do", t.guest(t.takeTerms))
	get("/comptes.do", t.member(t.accounts))
	post("/mvts.do", t.member(t.movements))
	get("/detail.do", t.member(t.detail))
	get("/telech.do", t.member(t.downloads))
	post("/telech.do", t.member(t.download))
	get("/quitter.do", t.guest(t.logOff))
	get("/", t.guest(t.missing))
}

// visited is a request with its visit.
type visited struct {
	desk.Visit
	r *http.Request
}

// guest serves whoever comes; a form that is posted needs a token that was not spent.
func (t *Theme) guest(next func(http.ResponseWriter, visited)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := visited{t.desk.Visit(w, r), r}
		if t.desk.Down() {
			t.closed(w, v)
			return
		}
		if r.Method == http.MethodPost {
			r.Body = http.MaxBytesReader(w, r.Body, maxForm)
			if r.ParseForm() != nil || !t.desk.Spend(v.Visit, r.PostForm.Get("jeton")) {
				t.stale(w, v)
				return
			}
		}
		next(w, v)
	}
}

// member serves a customer who has nothing left to do before; others are led where they have.
func (t *Theme) member(next func(http.ResponseWriter, visited)) http.HandlerFunc {
	return t.guest(func(w http.ResponseWriter, v visited) {
		s, err := t.desk.Standing(v.Visit)
		switch {
		case err != nil:
			t.ended(w, v, err)
		case s.Status != bank.Authenticated:
			t.leadTo(w, v, places[s.Status])
		default:
			next(w, v)
		}
	})
}

// places is where a customer goes on, by how far the session is.
var places = map[bank.Status]string{
	bank.Announced: "secure.do", bank.AwaitChallenge: "secure.do", bank.AwaitPassword: "mdp.do", bank.AwaitTerms: "cgu.do", bank.Authenticated: "comptes.do",
}

func (t *Theme) leadTo(w http.ResponseWriter, v visited, at string) {
	http.Redirect(w, v.r, reply.Prefix(v.r)+path+"/"+at, http.StatusSeeOther)
}

// onward leads to the next place of the session.
func (t *Theme) onward(w http.ResponseWriter, v visited, s bank.Session) {
	t.desk.Trust(w, v.r, s)
	t.leadTo(w, v, places[s.Status])
}

// typed is what was typed in a field: browsers send it in the page's encoding.
func (v visited) typed(field string) string {
	text, err := charmap.Windows1252.NewDecoder().String(v.r.PostForm.Get(field))
	if err != nil {
		return ""
	}
	return text
}

// field is how a form's field is called in this markup.
func (t *Theme) field(before, after string) string {
	if t.desk.Switch.State().Markup == 2 {
		return after
	}
	return before
}
