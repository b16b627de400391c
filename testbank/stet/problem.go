package stet

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
)

// hal is the standard's type of content.
const hal = "application/hal+json"

// problem is a refusal: the standard has no codes but those of HTTP.
type problem struct {
	status int
	text   string
}

var nothingHere = problem{http.StatusNotFound, "There is nothing here."}

func wrongly(text string) problem { return problem{http.StatusBadRequest, text} }

// longest is how much of a text the description lets an error hold.
const longest = 140

func (x *Interface) fail(w http.ResponseWriter, r *http.Request, p problem) {
	if x.ways.Errors == config.STETBare {
		w.WriteHeader(p.status)
		return
	}
	kind := hal
	if r.Method == http.MethodPut { // the description has this for the answers of PUT /consents alone
		kind = "application/json"
	}
	x.write(w, kind, p.status, map[string]any{
		"timestamp": x.bank.Now().UTC().Format(time.RFC3339), "status": p.status, "error": http.StatusText(p.status), "message": cut(p.text, longest), "path": cut(r.URL.Path, longest),
	})
}

// say answers with what there is.
func (x *Interface) say(w http.ResponseWriter, body map[string]any) {
	kind := hal + "; charset=utf-8"
	if x.ways.Media == config.STETJSON {
		kind = "application/json"
	}
	x.write(w, kind, http.StatusOK, body)
}

// nothing answers where there is nothing.
func (x *Interface) nothing(w http.ResponseWriter) {
	if x.ways.Nothing == config.STETEmpty {
		w.WriteHeader(http.StatusOK)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (x *Interface) write(w http.ResponseWriter, kind string, status int, body map[string]any) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a caller that is gone is told nothing
}

// statuses are the bank's reasons in the standard's numbers.
var statuses = map[bank.Code]int{
	bank.NotFound: http.StatusNotFound, bank.ConsentExpired: http.StatusUnauthorized, bank.TokenExpired: http.StatusUnauthorized,
	bank.QuotaExceeded: http.StatusTooManyRequests, bank.AccountClosed: http.StatusNotFound, bank.AccountUnavailable: http.StatusServiceUnavailable,
	bank.Unavailable: http.StatusServiceUnavailable, bank.InvalidRequest: http.StatusBadRequest,
}

// failWith answers with what the bank refused, in its own wording and with the time it names.
func (x *Interface) failWith(w http.ResponseWriter, r *http.Request, err error) {
	var refusal *bank.Refusal
	if !errors.As(err, &refusal) || statuses[refusal.Code] == 0 {
		x.fail(w, r, problem{http.StatusInternalServerError, "The bank made a mistake."})
		return
	}
	if !refusal.RetryAt.IsZero() {
		w.Header().Set("Retry-After", strconv.Itoa(max(1, int(refusal.RetryAt.Sub(x.bank.Now())/time.Second))))
	}
	x.fail(w, r, problem{statuses[refusal.Code], refusal.Message})
}

func cut(text string, length int) string {
	if runes := []rune(text); len(runes) > length {
		return string(runes[:length])
	}
	return text
}
