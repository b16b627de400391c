package xs2a

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/reply"
	"github.com/tributary-dev/tributary/testbank/thirdparty"
)

// over is the standard's error for a consent that has ended.
const over = `{"error":"invalid_grant","error_description":"` + thirdparty.Elsewhere + `","tppMessages":[{"category":"ERROR","code":"CONSENT_EXPIRED"}]}`

// hostile answers instead of the bank, where the customer's file wants that.
func (x *Interface) hostile(w http.ResponseWriter, r *http.Request, login string, where config.Place) bool {
	return thirdparty.Hostile(w, x.bank, login, where, "application/json", over, func(how config.Hostility) string { return spoiled(r, where, how) })
}

// spoiled is a list that looks like a good one.
func spoiled(r *http.Request, where config.Place, how config.Hostility) string {
	id, amount, more, next := `"1"`, `"-1.00"`, "", ""
	switch how {
	case config.HostileNumber:
		amount = "1e400"
	case config.HostileIDs:
		id = `"` + strings.Repeat("x", 10_000) + `"`
	case config.HostileNulls:
		more = `,"bookingDate":null,"valueDate":null,"creditorName":null,"remittanceInformationUnstructured":null,"iban":null,"name":null,"_links":null`
	case config.HostileEndless:
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		query := r.URL.Query()
		query.Set("page", strconv.Itoa(page+1))
		next = "?" + query.Encode()
	case config.HostileRound:
		next = reply.Base(r) + r.URL.RequestURI()
	case config.HostileHost:
		next = thirdparty.Elsewhere + strings.TrimPrefix(r.URL.Path, "/")
	}
	money := `{"currency":"EUR","amount":` + amount + `}`
	links := "{}"
	if next != "" {
		links = `{"next":{"href":"` + next + `"}}`
	}
	switch where {
	case "accounts":
		return `{"accounts":[{"resourceId":` + id + `,"currency":"EUR","balances":[{"balanceType":"expected","balanceAmount":` + money + `}]` + more + `}],"_links":` + links + `}`
	case "balances":
		return `{"balances":[{"balanceType":"interimBooked","balanceAmount":` + money + `}]}`
	}
	return `{"transactions":{"booked":[{"transactionId":` + id + `,"transactionAmount":` + money + `,"bookingDate":"2026-01-02"` + more + `}],"_links":` + links + `}}`
}
