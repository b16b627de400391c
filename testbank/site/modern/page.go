package modern

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/site/wording"
)

// page is what the templates are given.
type page struct {
	Bank, Root, Token string
	Title             string
	Lang              config.Language
	// New says that the markup is the one after the release.
	New bool
	// Banner asks about cookies.
	Banner bool
	// Holder is the customer's name, Section the part of the site, for the navigation of members.
	Holder, Section string
	// Problem is what went wrong, in words for the customer; Note what did not.
	Problem, Note string
	Data          any

	template string
	kind     config.SitePage
	status   int
}

// T picks the words of the page's language.
func (p page) T(french, english string) string { return wording.In(p.Lang, french, english) }

// Money writes an amount.
func (p page) Money(amount, currency string) string {
	return wording.Money(p.Lang, amount, currency)
}

// LongDay writes a day in words, Day in digits.
func (p page) LongDay(date string) string { return wording.LongDay(p.Lang, date) }

// Day writes a day in digits.
func (page) Day(date string) string { return wording.Day(date) }

// Wrong says why something is not shown.
func (p page) Wrong(err error) string { return wording.Refusal(p.Lang, err) }

// Initials are the first letters of the customer's names.
func (p page) Initials() string {
	text := ""
	for _, name := range strings.Fields(p.Holder) {
		text += string([]rune(name)[0])
	}
	return text
}

// C names classes. After the release they are made by the bank's build, as hashes of what they were.
func (p page) C(classes string) string {
	if !p.New {
		return classes
	}
	names := strings.Fields(classes)
	for i, name := range names {
		names[i] = hashed(name)
	}
	return strings.Join(names, " ")
}

func hashed(class string) string {
	sum := sha256.Sum256([]byte("release 2 " + class))
	return "_" + hex.EncodeToString(sum[:4])
}

func (t *Theme) page(v visited, template, french, english string) page {
	lang := t.desk.Language(v.r)
	p := page{
		Bank: t.desk.Bank.File.Bank.Name, Root: t.desk.Root(v.r), Token: v.Token, Title: wording.In(lang, french, english), Lang: lang,
		New: t.desk.Switch.State().Markup == 2, template: template, status: http.StatusOK,
	}
	if _, err := v.r.Cookie("cookie_choice"); err != nil {
		p.Banner = true
	}
	return p
}

// memberPage is a page with the navigation of a customer.
func (t *Theme) memberPage(v visited, template, french, english string) page {
	p := t.page(v, template, french, english)
	customer, _ := t.desk.Bank.Whose(v.Login)
	p.Holder = customer.Holder
	return p
}

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// show writes a page.
func (t *Theme) show(w http.ResponseWriter, v visited, p page) {
	if t.desk.Broken(v.Login, p.kind) == config.FaultError {
		p = t.page(v, "message.html", "Une erreur est survenue", "Something went wrong")
		p.status, p.Data = http.StatusInternalServerError, p.T("Notre service rencontre un problème technique. Nos équipes sont prévenues. Référence : 500-ERR-0x7F.", "Our service has a technical problem. Our teams have been told. Reference: 500-ERR-0x7F.")
	}
	var body bytes.Buffer
	if err := t.templates.ExecuteTemplate(&body, p.template, p); err != nil {
		panic(fmt.Sprintf("modern: %s: %v", p.template, err))
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Language", string(p.Lang))
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Security-Policy", policy)
	header.Set("Referrer-Policy", "same-origin")
	header.Set("X-Content-Type-Options", "nosniff")
	t.desk.Send(w, v.r, v.Visit, p.kind, p.status, body.Bytes())
}

// message is a page that only says something.
func (t *Theme) message(w http.ResponseWriter, v visited, status int, p page, text string) {
	p.status, p.Data = status, text
	t.show(w, v, p)
}

func (t *Theme) maintenance(w http.ResponseWriter, v visited) {
	p := t.page(v, "message.html", "Maintenance en cours", "Down for maintenance")
	w.Header().Set("Retry-After", "1800")
	t.message(w, v, http.StatusServiceUnavailable, p, p.T("Votre espace client est momentanément indisponible pour des opérations de maintenance. Merci de revenir un peu plus tard.", "Online banking is not available for now because of maintenance. Please come back a little later."))
}

func (t *Theme) missing(w http.ResponseWriter, v visited) {
	p := t.page(v, "message.html", "Page introuvable", "Page not found")
	t.message(w, v, http.StatusNotFound, p, p.T("La page que vous cherchez n'existe pas ou n'existe plus.", "The page you are looking for does not exist, or no longer does."))
}

func (t *Theme) stale(w http.ResponseWriter, v visited) {
	p := t.page(v, "message.html", "Page expirée", "Page expired")
	t.message(w, v, http.StatusForbidden, p, p.T("Cette page a expiré. Veuillez recommencer depuis l'accueil.", "This page has expired. Please start again from the home page."))
}

// ended gives up a session that cannot go on, and says so where a customer logs in.
func (t *Theme) ended(w http.ResponseWriter, v visited, err error) {
	switch wording.Code(err) {
	case bank.Unavailable:
		t.maintenance(w, v)
		return
	case bank.SessionExpired, bank.NotFound:
		t.desk.Again(v.Visit)
		at := "/login"
		if v.Session != "" {
			at += "?expired=1"
		}
		t.leadTo(w, v, at)
		return
	}
	v.Visit = t.desk.Again(v.Visit)
	t.logInAgain(w, v, err)
}
