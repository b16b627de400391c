package classic

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/ledger"
	"github.com/tributary-dev/tributary/testbank/site/wording"
)

// screen is what the templates are given.
type screen struct {
	Bank, Root, Title string
	// Token is of the screen's form, Second of another one beside it.
	Token, Second string
	Lang          config.Language
	// New says that the markup is the one after the release.
	New bool
	// Holder is the customer's name, once it is known whose visit it is.
	Holder string
	// Problem is what went wrong, in words for the customer.
	Problem string
	Today   string
	Data    any

	template string
	kind     config.SitePage
	status   int
}

// T picks the words of the page's language.
func (s screen) T(french, english string) string { return wording.In(s.Lang, french, english) }

// Day writes a day as the old system prints it.
func (screen) Day(date string) string { return wording.LedgerDay(date) }

// Money writes an amount with its minus behind, or nothing.
func (screen) Money(amount string) string { return wording.Ledger(amount) }

// Debit and Credit are the two columns: an amount stands in one of them.
func (screen) Debit(amount string) string {
	if strings.HasPrefix(amount, "-") {
		return wording.Ledger(amount)
	}
	return ""
}

// Credit is the other column.
func (screen) Credit(amount string) string {
	if strings.HasPrefix(amount, "-") {
		return ""
	}
	return wording.Ledger(amount)
}

// Wrong says why something is not shown.
func (s screen) Wrong(err error) string { return wording.Refusal(s.Lang, err) }

// Number is how an account is called.
func (screen) Number(a ledger.Account) string {
	if a.IBAN != "" {
		return a.IBAN
	}
	return a.Number
}

func (t *Theme) screen(v visited, template, french, english string) screen {
	lang := t.desk.Language(v.r)
	s := screen{
		Bank: t.desk.Bank.File.Bank.Name, Root: t.desk.Root(v.r), Title: wording.In(lang, french, english), Lang: lang, New: t.desk.Switch.State().Markup == 2,
		Today: t.desk.Bank.Today().Format("02.01.06"), template: template, status: http.StatusOK,
	}
	if v.Session != "" {
		customer, _ := t.desk.Bank.Whose(v.Login)
		s.Holder = customer.Holder
	}
	return s
}

// form is a screen with a token for its form.
func (t *Theme) form(v visited, template, french, english string) screen {
	s := t.screen(v, template, french, english)
	s.Token = t.desk.NewToken(v.Visit)
	return s
}

// show writes a screen in ISO 8859-1; what that has no sign for, as the number of one.
func (t *Theme) show(w http.ResponseWriter, v visited, s screen) {
	if t.desk.Broken(v.Login, s.kind) == config.FaultError {
		s = t.screen(v, "message.html", "Erreur 500", "Error 500")
		s.status, s.Data = http.StatusInternalServerError, "java.lang.NullPointerException at com.banque.web.ServletPrincipal.service(ServletPrincipal.java:212)"
	}
	var text bytes.Buffer
	if err := t.templates.ExecuteTemplate(&text, s.template, s); err != nil {
		panic(fmt.Sprintf("classic: %s: %v", s.template, err))
	}
	body, err := encoding.HTMLEscapeUnsupported(charmap.ISO8859_1.NewEncoder()).Bytes(text.Bytes())
	if err != nil {
		panic(fmt.Sprintf("classic: %s: %v", s.template, err))
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=iso-8859-1")
	header.Set("Cache-Control", "no-store")
	header.Set("Pragma", "no-cache")
	header.Set("X-Frame-Options", "SAMEORIGIN")
	t.desk.Send(w, v.r, v.Visit, s.kind, s.status, body)
}

// message is a screen that only says something.
func (t *Theme) message(w http.ResponseWriter, v visited, status int, s screen, text string) {
	s.status, s.Data = status, text
	t.show(w, v, s)
}

func (t *Theme) closed(w http.ResponseWriter, v visited) {
	s := t.screen(v, "message.html", "SERVICE FERMÉ", "SERVICE CLOSED")
	t.message(w, v, http.StatusServiceUnavailable, s, s.T("Le service est interrompu pour maintenance. Veuillez nous excuser pour la gêne occasionnée.", "The service is interrupted for maintenance. We apologise for any inconvenience."))
}

func (t *Theme) missing(w http.ResponseWriter, v visited) {
	s := t.screen(v, "message.html", "PAGE INCONNUE", "UNKNOWN PAGE")
	t.message(w, v, http.StatusNotFound, s, s.T("La page demandée n'existe pas.", "The page you asked for does not exist."))
}

func (t *Theme) stale(w http.ResponseWriter, v visited) {
	s := t.screen(v, "message.html", "PAGE EXPIRÉE", "PAGE EXPIRED")
	t.message(w, v, http.StatusOK, s, s.T("Cette page n'est plus valable. N'utilisez pas les boutons Précédent et Actualiser de votre navigateur.", "This page is no longer valid. Please do not use the Back and Reload buttons of your browser."))
}

// ended gives up a session that cannot go on, and says so.
func (t *Theme) ended(w http.ResponseWriter, v visited, err error) {
	switch wording.Code(err) {
	case bank.Unavailable:
		t.closed(w, v)
	case bank.SessionExpired, bank.NotFound:
		s := t.screen(v, "message.html", "SESSION TERMINÉE", "SESSION ENDED")
		t.desk.Again(v.Visit)
		t.message(w, v, http.StatusOK, s, s.T("Votre session est terminée ou n'a pas été ouverte. Veuillez vous identifier.", "Your session has ended or was not opened. Please identify yourself."))
	default:
		v.Visit = t.desk.Again(v.Visit)
		t.logOnAgain(w, v, err)
	}
}
