package modern

import (
	"embed"
	"html/template"
	"net/http"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/site/desk"
)

//go:embed templates/*.html
var templateFiles embed.FS

// path is where the theme is.
const path = "/web/modern"

// maxForm is the largest form that is read.
const maxForm = 16 << 10

// Theme serves the pages.
type Theme struct {
	desk      *desk.Desk
	templates *template.Template
}

// Mount adds the theme's routes.
func Mount(mux *http.ServeMux, b *bank.Bank, s *desk.Switch) *Theme {
	t := &Theme{desk: desk.New(b, s, path, "sid"), templates: template.Must(template.ParseFS(templateFiles, "templates/*.html"))}
	get := func(at string, h http.HandlerFunc) { mux.HandleFunc("GET "+path+at, h) }
	post := func(at string, h http.HandlerFunc) { mux.HandleFunc("POST "+path+at, h) }
	get("/assets/{name}", t.asset)
	get("/{$}", t.guest(t.home))
	get("/login", t.guest(t.logIn))
	post("/login", t.guest(t.takeLogin))
	get("/login/password", t.guest(t.password))
	post("/login/password", t.guest(t.takePassword))
	get("/keypad/{place}", t.guest(t.key))
	get("/security", t.guest(t.security))
	post("/security", t.guest(t.takeAnswer))
	post("/security/begin", t.guest(t.begin))
	post("/security/resend", t.guest(t.resend))
	get("/security/status", t.guest(t.status))
	get("/security/image", t.guest(t.image))
	get("/password", t.guest(t.newPassword))
	post("/password", t.guest(t.takeNewPassword))
	get("/terms", t.guest(t.terms))
	post("/terms", t.guest(t.takeTerms))
	get("/accounts", t.member(t.accounts))
	for section := range sections {
		get("/"+section, t.member(t.section(section)))
	}
	get("/accounts/{id}", t.member(t.account))
	get("/accounts/{id}/export", t.member(t.export))
	get("/api/accounts/{id}/operations", t.operations)
	get("/info/{topic}", t.guest(t.info))
	post("/logout", t.guest(t.logOut))
	get("/", t.guest(t.missing))
	return t
}

// visited is a request with its visit.
type visited struct {
	desk.Visit
	r *http.Request
}

// guest serves whoever comes; a form that is posted needs the visit's token.
func (t *Theme) guest(next func(http.ResponseWriter, visited)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := visited{t.desk.Visit(w, r), r}
		if t.desk.Down() {
			t.maintenance(w, v)
			return
		}
		if r.Method == http.MethodPost {
			r.Body = http.MaxBytesReader(w, r.Body, maxForm)
			if r.ParseForm() != nil || r.PostForm.Get("_token") != v.Token {
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
	bank.Announced: "/security", bank.AwaitChallenge: "/security", bank.AwaitPassword: "/password", bank.AwaitTerms: "/terms", bank.Authenticated: "/accounts",
}

func (t *Theme) leadTo(w http.ResponseWriter, v visited, at string) {
	http.Redirect(w, v.r, t.desk.Root(v.r)+at, http.StatusSeeOther)
}

// onward leads to the next place of the session.
func (t *Theme) onward(w http.ResponseWriter, v visited, s bank.Session) {
	t.desk.Trust(w, v.r, s)
	t.leadTo(w, v, places[s.Status])
}
