package openbanking

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/reply"
	"github.com/tributary-dev/tributary/testbank/thirdparty"
)

// over is an error where an answer should be.
const over = `{"error":"invalid_grant","error_description":"` + thirdparty.Elsewhere + `","Code":"400 BadRequest","Message":"` + thirdparty.Elsewhere + `","Errors":[{"ErrorCode":"UK.OBIE.Resource.InvalidConsentStatus","Message":"over"}]}`

// hostile answers instead of the bank, where the customer's file wants that.
func (x *Interface) hostile(w http.ResponseWriter, r *http.Request, login string, where config.Place) bool {
	return thirdparty.Hostile(w, x.bank, login, where, "application/json; charset=utf-8", over, func(how config.Hostility) string { return spoiled(r, where, how) })
}

// spoiled is a list that looks like a good one.
func spoiled(r *http.Request, where config.Place, how config.Hostility) string {
	id, amount, more, next := `"1"`, `"1.00"`, "", ""
	switch how {
	case config.HostileNumber:
		amount = "1e400"
	case config.HostileIDs:
		id = `"` + strings.Repeat("x", 10_000) + `"`
	case config.HostileNulls:
		more = `,"Nickname":null,"Account":null,"Status":null,"TransactionInformation":null,"ValueDateTime":null,"CreditorAccount":null,"MerchantDetails":null`
	case config.HostileEndless:
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		query := r.URL.Query()
		query.Set("page", strconv.Itoa(page+1))
		next = reply.Base(r) + r.URL.Path + "?" + query.Encode()
	case config.HostileRound:
		next = reply.Base(r) + r.URL.RequestURI()
	case config.HostileHost:
		next = thirdparty.Elsewhere + strings.TrimPrefix(r.URL.Path, "/")
	}
	money := `"Amount":{"Amount":` + amount + `,"Currency":"EUR"},"CreditDebitIndicator":"Debit"`
	links := `{"Self":"` + reply.Base(r) + r.URL.Path + `"`
	if next != "" {
		links += `,"Next":"` + next + `"`
	}
	end := `]},"Links":` + links + `},"Meta":{"TotalPages":1}}`
	switch where {
	case "accounts":
		return `{"Data":{"Account":[{"AccountId":` + id + `,"Currency":"EUR"` + more + `}` + end
	case "balances":
		return `{"Data":{"Balance":[{"AccountId":"1","Type":"InterimBooked","DateTime":"2026-01-02T00:00:00Z",` + money + `}` + end
	}
	return `{"Data":{"Transaction":[{"AccountId":"1","TransactionId":` + id + `,"Status":"Booked","BookingDateTime":"2026-01-02T00:00:00Z",` + money + more + `}` + end
}
