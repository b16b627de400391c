package httpapi

import (
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/secret"
)

//go:embed returnpage
var returnFiles embed.FS

var returnPage = template.Must(template.ParseFS(returnFiles, "returnpage/page.html"))

// maxReturn bounds the query of a return, in bytes.
const maxReturn = 16 << 10

// mountReturn adds the only address that is given to banks.
func (s *server) mountReturn(mux *http.ServeMux) {
	mux.HandleFunc("GET /connect/return", s.comeBack)
	for name, kind := range map[string]string{"return.js": "text/javascript; charset=utf-8", "return.css": "text/css; charset=utf-8"} {
		mux.HandleFunc("GET /connect/"+name, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind)
			http.ServeFileFS(w, r, returnFiles, "returnpage/"+name)
		})
	}
}

// comeBack takes the user back from a bank. A bank may put its answer into the
// fragment, which no browser sends: then a page moves it into the query.
func (s *server) comeBack(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Vary", "Accept, Accept-Language")
	answers, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || len(r.URL.RawQuery) > maxReturn {
		s.stray(w, r, connection.ErrReturn)
		return
	}
	state := answers.Get("state")
	if r.Method == http.MethodHead || state == "" { // a HEAD must not spend the state
		s.page(w, r, http.StatusOK, moving)
		return
	}
	back, err := s.Challenges.Return(r.Context(), secret.New(state), returned(answers))
	if err != nil {
		s.stray(w, r, err)
		return
	}
	if back.Visit != "" {
		back.URL = "/widget/" + string(back.Visit)
	}
	if back.URL == "" {
		s.page(w, r, http.StatusOK, arrived)
		return
	}
	w.Header().Set("Location", back.URL)
	w.WriteHeader(http.StatusSeeOther)
}

// returned is the bank's answer: everything but the state, which is ours.
func returned(given url.Values) secret.Values {
	values := secret.Values{}
	for name, texts := range given {
		if name != "state" {
			values[name] = secret.New(texts[0])
		}
	}
	return values
}

// stray answers a return that belongs to nothing: a page to a browser, a
// problem to anybody else.
func (s *server) stray(w http.ResponseWriter, r *http.Request, err error) {
	p := s.refuse(r.Context(), err)
	if !strings.Contains(r.Header.Get("Accept"), "text/html") {
		p.send(w)
		return
	}
	words := unknown
	if fault.KindOf(err) != fault.NotFound {
		words = failed
	}
	s.page(w, r, p.Status, words)
}

// notice is what a page tells the user.
type notice struct {
	Title, Text bank.Text
	// Moves says that the page looks for an answer in the fragment.
	Moves bool
}

var (
	arrived = notice{
		Title: bank.Text{english: "Thank you", french: "Merci"},
		Text: bank.Text{
			english: "Your bank has sent us its answer. You can go back to the application.",
			french:  "Votre banque nous a transmis sa réponse. Vous pouvez retourner à l'application.",
		},
	}
	moving = notice{
		Title: bank.Text{english: "One moment, please", french: "Un instant, s'il vous plaît"},
		Text: bank.Text{
			english: "If nothing happens, please go back to the application and start again from there.",
			french:  "Si rien ne se passe, retournez à l'application et recommencez depuis celle-ci.",
		},
		Moves: true,
	}
	unknown = notice{
		Title: bank.Text{english: "This page was used already", french: "Cette page a déjà été utilisée"},
		Text: bank.Text{
			english: "The bank's answer has arrived already, or too much time has passed. Please go back to the application.",
			french:  "La réponse de la banque est déjà arrivée, ou trop de temps a passé. Veuillez retourner à l'application.",
		},
	}
	failed = notice{
		Title: bank.Text{english: "Something went wrong", french: "Un problème est survenu"},
		Text: bank.Text{
			english: "We could not take the bank's answer. Please go back to the application and try again.",
			french:  "Nous n'avons pas pu recevoir la réponse de la banque. Veuillez retourner à l'application et réessayer.",
		},
	}
)

func (s *server) page(w http.ResponseWriter, r *http.Request, status int, words notice) {
	locale := callOf(r.Context()).locale
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", locale)
	w.Header().Set("Content-Security-Policy",
		"default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	err := returnPage.Execute(w, map[string]any{
		"Locale": locale, "Title": words.Title.In(locale), "Text": words.Text.In(locale), "Moves": words.Moves,
	})
	if err != nil {
		s.Logger.DebugContext(r.Context(), "page not delivered", "error", err)
	}
}
