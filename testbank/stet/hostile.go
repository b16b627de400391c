package stet

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/reply"
	"github.com/tributary-dev/tributary/testbank/thirdparty"
)

// over is an error that comes with 200.
const over = `{"error":"invalid_grant","error_description":"` + thirdparty.Elsewhere + `","status":401,"message":"The consent has ended."}`

// spoiled is a list that looks like a good one.
func (x *Interface) spoiled(r *http.Request, where config.Place, how config.Hostility) string {
	id, amount, more, next := `"1"`, `"1.00"`, "", ""
	switch how {
	case config.HostileNumber:
		amount = "1e400"
	case config.HostileIDs:
		id = `"` + strings.Repeat("x", 10_000) + `"`
	case config.HostileNulls:
		more = `,"valueDate":null,"transactionDate":null,"entryReference":null,"accountId":null,"usage":null,"linkedAccount":null`
	case config.HostileEndless:
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		query := r.URL.Query()
		query.Set("page", strconv.Itoa(page+1))
		next = reply.Prefix(r) + r.URL.Path + "?" + query.Encode()
	case config.HostileRound:
		next = reply.Base(r) + r.URL.RequestURI()
	case config.HostileHost:
		next = thirdparty.Elsewhere + strings.TrimPrefix(r.URL.Path, "/")
	}
	money := `{"currency":"EUR","amount":` + amount + `}`
	links := `{"self":{"href":"` + x.ways.Path + `/accounts"}`
	if next != "" {
		links += `,"next":{"href":"` + next + `"}`
	}
	links += `}`
	switch where {
	case "accounts":
		return `{"accounts":[{"resourceId":` + id + `,"name":"Compte","cashAccountType":"CACC","currency":"EUR","_links":{"balances":{"href":"` + x.ways.Path + `/accounts/1/balances"},"transactions":{"href":"` + x.ways.Path + `/accounts/1/transactions"}}` +
			`,"balances":[{"name":"Solde","balanceType":"CLBD","balanceAmount":` + money + `}]` + more + `}],"_links":` + links + `}`
	case "balances":
		return `{"balances":[{"name":"Solde","balanceType":"CLBD","balanceAmount":` + money + `}],"_links":` + links + `}`
	}
	return `{"transactions":[{"resourceId":` + id + `,"transactionAmount":` + money + `,"creditDebitIndicator":"DBIT","status":"BOOK","bookingDate":"2026-01-02","remittanceInformation":["x"]` + more + `}],"_links":` + links + `}`
}
