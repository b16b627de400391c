package pages

import (
	"embed"
	"errors"
	"html/template"
	"io/fs"
	"net/http"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/reply"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed assets
var assetFiles embed.FS

// maxForm is the largest form that is read.
const maxForm = 16 << 10

// Pages serves the bank's pages.
type Pages struct {
	bank      *bank.Bank
	templates *template.Template
}

// Mount adds the pages' routes.
func Mount(mux *http.ServeMux, b *bank.Bank) {
	p := &Pages{bank: b, templates: template.Must(template.New("").Funcs(template.FuncMap{"clusters": clusters}).ParseFS(templateFiles, "templates/*.html"))}
	assets, err := fs.Sub(assetFiles, "assets")
	if err != nil {
		panic("pages: the embedded assets are missing: " + err.Error())
	}
	mux.Handle("GET /assets/", http.StripPrefix("/assets/", http.FileServerFS(assets)))
	mux.HandleFunc("GET /redirect/authorize/{id}", p.showConsent)
	mux.HandleFunc("POST /redirect/authorize/{id}", p.stepConsent)
	mux.HandleFunc("GET /redirect/authorize/{id}/image", p.consentImage)
	mux.HandleFunc("GET /password/{login}", p.showPassword)
	mux.HandleFunc("POST /password/{login}", p.changePassword)
	mux.HandleFunc("GET /terms/{login}", p.showTerms)
	mux.HandleFunc("POST /terms/{login}", p.acceptTerms)
	mux.HandleFunc("GET /confirm/{id}", p.showConfirmation)
	mux.HandleFunc("POST /confirm/{id}", p.decideConfirmation)
	mux.HandleFunc("GET /app/{login}", p.showPhone)
	mux.HandleFunc("POST /app/{login}", p.decidePhone)
	mux.HandleFunc("GET /{$}", p.showHome)
}

// view is what the templates are given.
type view struct {
	Bank, Title string
	Root        string // before every path within the bank
	Path        string // where the form goes
	Message     string // what went wrong, in words for the customer
	Mend        string // the page where the customer can mend it, if there is one
	Refresh     int    // seconds after which the page asks again, 0 for never
	Data        any
}

// show writes one page. The policy names no form-action, because it would stop the way back to the third party, and
// allows no script at all.
func (p *Pages) show(w http.ResponseWriter, r *http.Request, status int, name string, v view) {
	v.Bank, v.Root = p.bank.File.Bank.Name, reply.Prefix(r)
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = p.templates.ExecuteTemplate(w, name, v) // a browser that is gone is told nothing
}

// fail shows a page that only says what is wrong.
func (p *Pages) fail(w http.ResponseWriter, r *http.Request, err error) {
	p.show(w, r, reply.Status(err), "message.html", view{Title: "This does not go on", Message: message(err)})
}

func message(err error) string {
	var refusal *bank.Refusal
	if errors.As(err, &refusal) {
		return refusal.Message
	}
	return "The bank made a mistake."
}

// mendingPage is where the customer can do what the bank wants first, or nothing.
func mendingPage(err error) string {
	var refusal *bank.Refusal
	if errors.As(err, &refusal) {
		return refusal.Path
	}
	return ""
}

// form reads a posted form; otherwise it has answered already.
func (p *Pages) form(w http.ResponseWriter, r *http.Request) bool {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		p.fail(w, r, &bank.Refusal{Code: bank.InvalidRequest, Message: "The form could not be read."})
		return false
	}
	return true
}

func (p *Pages) showHome(w http.ResponseWriter, r *http.Request) {
	p.show(w, r, http.StatusOK, "message.html", view{
		Title: "Welcome", Message: "This bank is emulated, for tests. Nothing here is real, so never type real credentials.", Mend: "/web/",
	})
}
