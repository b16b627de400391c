package xs2a

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/iso20022"
	"github.com/tributary-dev/tributary/testbank/ledger"
	"github.com/tributary-dev/tributary/testbank/reply"
)

var places = map[bank.Scope]config.Place{bank.ScopeAccounts: "accounts", bank.ScopeBalances: "balances", bank.ScopeTransactions: "transactions"}

// reads lets a call for data in, or has answered already.
func (x *Interface) reads(w http.ResponseWriter, r *http.Request, who caller, scope bank.Scope) (bank.Grant, bool) {
	consent := r.Header.Get("Consent-ID")
	if consent == "" {
		fail(w, formatError("Consent-ID is mandatory here."))
		return bank.Grant{}, false
	}
	if _, err := x.bank.Agreement(consent, who.id); err != nil {
		fail(w, problem{http.StatusBadRequest, "CONSENT_UNKNOWN", "There is no such consent."}) // in a header it is 400
		return bank.Grant{}, false
	}
	page := r.URL.Query().Get("page")
	grant, err := x.bank.AuthorizeRequest(consent, who.id, reply.Bearer(r), bank.Use{
		Scope: scope, Account: r.PathValue("id"), Attended: r.Header.Get("PSU-IP-Address") != "", Continued: page != "" && page != "1" || strings.HasSuffix(r.URL.Path, whole),
	})
	var refusal *bank.Refusal
	switch {
	case errors.As(err, &refusal) && refusal.Code == bank.InvalidRequest:
		fail(w, problem{http.StatusUnauthorized, "CONSENT_INVALID", refusal.Message})
		return bank.Grant{}, false
	case err != nil:
		x.failWith(w, err)
		return bank.Grant{}, false
	}
	if x.hostile(w, r, grant.Login, places[scope]) {
		return grant, false
	}
	return grant, x.bank.Delay(r.Context(), grant.Login) == nil
}

func card(a ledger.Account) bool { return a.Type == config.CreditCard }

// kinds are ISO 20022's words.
var kinds = map[config.AccountType]string{config.Checkings: "CACC", config.Savings: "SVGS", config.Loan: "LOAN"}

func (x *Interface) accounts(w http.ResponseWriter, r *http.Request, who caller) {
	withBalance := r.URL.Query().Get("withBalance")
	if withBalance != "" && withBalance != "true" && withBalance != "false" {
		fail(w, formatError("withBalance is true or false."))
		return
	}
	grant, ok := x.reads(w, r, who, bank.ScopeAccounts)
	if !ok {
		return
	}
	agreed, err := x.bank.Agreement(r.Header.Get("Consent-ID"), who.id)
	if err != nil || agreed.List && !agreed.Balances && withBalance == "true" {
		fail(w, problem{http.StatusUnauthorized, "CONSENT_INVALID", "The consent is for a list without balances."})
		return
	}
	list := []map[string]any{}
	for _, a := range grant.Accounts {
		if card(a) {
			continue
		}
		one := x.account(r, a, "accounts", agreed)
		one["cashAccountType"] = kinds[a.Type]
		if a.IBAN != "" {
			one["iban"] = a.IBAN
		} else {
			one["bban"] = a.Number
		}
		if withBalance == "true" {
			statement, err := x.bank.Statement(grant, a.ID)
			if err == nil {
				one["balances"] = balancesOf(statement)
			}
		}
		list = append(list, one)
	}
	reply.JSON(w, http.StatusOK, map[string]any{"accounts": list})
}

func (x *Interface) cardAccounts(w http.ResponseWriter, r *http.Request, who caller) {
	grant, ok := x.reads(w, r, who, bank.ScopeAccounts)
	if !ok {
		return
	}
	agreed, err := x.bank.Agreement(r.Header.Get("Consent-ID"), who.id)
	if err != nil {
		x.failWith(w, err)
		return
	}
	list := []map[string]any{}
	for _, a := range grant.Accounts {
		if card(a) {
			one := x.account(r, a, "card-accounts", agreed)
			one["maskedPan"] = a.Number
			if a.CreditLimit != "" {
				one["creditLimit"] = map[string]string{"currency": a.Currency, "amount": a.CreditLimit}
			}
			list = append(list, one)
		}
	}
	reply.JSON(w, http.StatusOK, map[string]any{"cardAccounts": list})
}

// account is one of a list. A consent for the list alone has no links: they would lead to what it is not for.
func (x *Interface) account(r *http.Request, a ledger.Account, kind string, agreed bank.Agreement) map[string]any {
	path := reply.Prefix(r) + "/xs2a/v1/" + kind + "/" + a.ID
	status := "enabled"
	if a.Status == ledger.Closed {
		status = "deleted"
	}
	out := map[string]any{"resourceId": a.ID, "currency": a.Currency, "name": a.Name, "ownerName": a.Holder, "status": status}
	if !agreed.List {
		out["_links"] = map[string]any{"balances": href(path + "/balances"), "transactions": href(path + "/transactions")}
	}
	return out
}

func (x *Interface) statement(w http.ResponseWriter, r *http.Request, who caller, scope bank.Scope) (ledger.Statement, bool) {
	grant, ok := x.reads(w, r, who, scope)
	if !ok {
		return ledger.Statement{}, false
	}
	statement, err := x.bank.Statement(grant, r.PathValue("id"))
	if err != nil {
		x.failWith(w, err)
	}
	return statement, err == nil
}

func (x *Interface) balances(w http.ResponseWriter, r *http.Request, who caller) {
	if statement, ok := x.statement(w, r, who, bank.ScopeBalances); ok {
		reply.JSON(w, http.StatusOK, map[string]any{"balances": balancesOf(statement)})
	}
}

// balanceTypes are the standard's words.
var balanceTypes = map[string]string{"BOOKED": "interimBooked", "EXPECTED": "expected", "AVAILABLE": "interimAvailable"}

func balancesOf(s ledger.Statement) []map[string]any {
	list := []map[string]any{}
	for _, b := range s.Balances {
		list = append(list, map[string]any{
			"balanceType": balanceTypes[b.Type], "balanceAmount": map[string]string{"currency": b.Currency, "amount": b.Amount}, "referenceDate": b.AsOf,
		})
	}
	return list
}

// wanted is what of a list is asked for.
type wanted struct {
	from, to, status string
	page             int
}

func wantedIn(r *http.Request) (wanted, bool) {
	query := r.URL.Query()
	want := wanted{from: query.Get("dateFrom"), to: query.Get("dateTo"), status: query.Get("bookingStatus"), page: 1}
	_, errFrom := time.Parse(time.DateOnly, want.from)
	_, errTo := time.Parse(time.DateOnly, want.to)
	if errFrom != nil || want.to != "" && errTo != nil || want.status != "booked" && want.status != "pending" && want.status != "both" {
		return want, false
	}
	if text := query.Get("page"); text != "" {
		page, err := strconv.Atoi(text)
		if err != nil || page < 1 {
			return want, false
		}
		want.page = page
	}
	return want, true
}

func (w wanted) shows(row ledger.Row) bool {
	booked := row.BookingDate != ""
	return row.Date() >= w.from && (w.to == "" || row.Date() <= w.to) && (w.status == "both" || booked == (w.status == "booked"))
}

func (x *Interface) transactions(w http.ResponseWriter, r *http.Request, who caller) {
	want, statement, ok := x.wanted(w, r, who)
	if ok && !x.otherwise(w, r, statement, want) {
		x.page(w, r, statement, want, x.bank.File.Bank.PageSize)
	}
}

// wanted reads what is asked for, and gives the account that it is asked of.
func (x *Interface) wanted(w http.ResponseWriter, r *http.Request, who caller) (want wanted, s ledger.Statement, ok bool) {
	if want, ok = wantedIn(r); !ok {
		fail(w, formatError("bookingStatus and dateFrom are mandatory, dates are plain."))
		return want, s, false
	}
	s, ok = x.statement(w, r, who, bank.ScopeTransactions)
	return want, s, ok
}

// page answers with so many rows, and where the next ones are.
func (x *Interface) page(w http.ResponseWriter, r *http.Request, statement ledger.Statement, want wanted, size int) {
	lists, more := map[bool][]map[string]any{true: {}, false: {}}, false
	shown, before := 0, (want.page-1)*size
	if statement.Feed.RepeatLast && want.page > 1 {
		before--
	}
	for i := range statement.Transactions {
		row := statement.Transactions[i]
		if !want.shows(row) {
			continue
		}
		if shown++; shown <= before {
			continue
		}
		if more = shown > want.page*size; more {
			break
		}
		lists[row.BookingDate != ""] = append(lists[row.BookingDate != ""], rowOf(statement, row))
	}
	kind, key, owner := "accounts", "transactions", "account"
	if card(statement.Account) {
		kind, key, owner = "card-accounts", "cardTransactions", "cardAccount"
	}
	links := map[string]any{owner: href(reply.Prefix(r) + "/xs2a/v1/" + kind + "/" + statement.ID)}
	if more {
		query := r.URL.Query()
		query.Set("page", strconv.Itoa(want.page+1))
		next := "?" + query.Encode()
		if statement.Feed.Links == config.LinksAbsolute {
			next = reply.Base(r) + r.URL.Path + next
		}
		links["next"] = href(next)
	}
	report := map[string]any{"_links": links}
	if want.status != "pending" {
		report["booked"] = lists[true]
	}
	if want.status != "booked" {
		report["pending"] = lists[false]
	}
	reply.JSON(w, http.StatusOK, map[string]any{key: report})
}

func rowOf(s ledger.Statement, row ledger.Row) map[string]any {
	out := map[string]any{"transactionAmount": map[string]string{"currency": row.Currency, "amount": row.Amount}}
	set := func(name, value string) {
		if value != "" {
			out[name] = value
		}
	}
	set("bookingDate", row.BookingDate)
	set("valueDate", row.ValueDate)
	if card(s.Account) {
		set("cardTransactionId", row.ID)
		set("transactionDate", row.TransactionDate)
		set("merchantCategoryCode", row.MCC)
		set("transactionDetails", row.Label)
		return out
	}
	set("transactionId", row.ID)
	set("remittanceInformationUnstructured", row.Label)
	set("bankTransactionCode", iso20022.Codes[row.Kind])
	party := "debtorName"
	if row.Amount != "" && row.Amount[0] == '-' {
		party = "creditorName"
	}
	set(party, row.Counterparty)
	return out
}
