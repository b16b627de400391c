package stet

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/ledger"
)

var places = map[bank.Scope]config.Place{bank.ScopeAccounts: "accounts", bank.ScopeBalances: "balances", bank.ScopeTransactions: "transactions"}

// use is what a call is about. The first page alone is counted.
func (x *Interface) use(r *http.Request, scope bank.Scope, account string) bank.Use {
	page := r.URL.Query().Get("page")
	return bank.Use{
		Scope: scope, Account: account, Attended: r.Header.Get("PSU-IP-Address") != "", Continued: page != "" && page != "1", Limit: x.ways.Batch,
	}
}

// reads lets a call for data in, or has answered already.
func (x *Interface) reads(w http.ResponseWriter, r *http.Request, who caller, use bank.Use) (bank.Grant, bool) {
	grant, err := x.bank.AuthorizeToken(who.token, who.id, use)
	if err != nil {
		x.failWith(w, r, err)
		return grant, false
	}
	if x.hostile(w, r, grant.Login, places[use.Scope]) {
		return grant, false
	}
	return grant, x.bank.Delay(r.Context(), grant.Login) == nil
}

func card(a ledger.Account) bool { return a.Type == config.CreditCard }

var resourceShape = regexp.MustCompile(`^[a-zA-Z0-9 /\-?:().,']{1,35}$`)

// resource is an id as the standard lets ids be written: the bank's own may be longer, or have underscores.
func resource(id string) string {
	if id == "" || resourceShape.MatchString(id) {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:12])
}

// leaves says whether one of an account's kinds of data may be read: with mixed consents of those that the bank was told of.
func (x *Interface) leaves(grant bank.Grant, a ledger.Account, what config.Place) bool {
	switch {
	case x.ways.Consents == config.STETFull:
		return true
	case grant.Leave == nil:
		return false
	case what == "balances":
		return slices.Contains(grant.Leave.Balances, a.Ref)
	}
	return slices.Contains(grant.Leave.Transactions, a.Ref)
}

func (x *Interface) accounts(w http.ResponseWriter, r *http.Request, who caller) {
	page, ok := pageOf(r)
	if !ok {
		x.fail(w, r, wrongly("There is no such page."))
		return
	}
	grant, ok := x.reads(w, r, who, x.use(r, bank.ScopeAccounts, ""))
	if !ok {
		return
	}
	size := x.bank.File.Bank.PageSize
	last := max(1, (len(grant.Accounts)+size-1)/size)
	if len(grant.Accounts) == 0 || page > last {
		x.nothing(w)
		return
	}
	list := []map[string]any{}
	for _, a := range grant.Accounts[(page-1)*size : min(page*size, len(grant.Accounts))] {
		list = append(list, x.account(r, grant, a))
	}
	body := map[string]any{"accounts": list, "_links": x.pages(r, "/accounts", "", page, last)}
	if customer, known := x.bank.Whose(grant.Login); known && (x.ways.Consents == config.STETFull || grant.Leave != nil && grant.Leave.Identity) {
		body["connectedPsu"] = cut(customer.Holder, 70)
	}
	x.say(w, body)
}

// account is one of the list.
func (x *Interface) account(r *http.Request, grant bank.Grant, a ledger.Account) map[string]any {
	links, path := map[string]any{}, "/accounts/"+resource(a.ID)
	for _, what := range []config.Place{"balances", "transactions"} {
		if x.leaves(grant, a, what) {
			links[string(what)] = x.link(r, path+"/"+string(what))
		}
	}
	out := map[string]any{
		"resourceId": resource(a.ID), "accountId": named(a), "name": cut(a.Name, 70), "cashAccountType": "CACC", "currency": a.Currency, "usage": "PRIV",
		"psuStatus": "Account Holder", "_links": links,
	}
	if strings.Contains(a.Holder, ", ") {
		out["psuStatus"] = "Co-account Holder"
	}
	if card(a) {
		out["cashAccountType"] = "CARD"
		if a.SettledOn != "" { // a set of payments that is debited at once: its name has its holder and the day
			day, _ := time.Parse(time.DateOnly, a.Settles)
			out["linkedAccount"], out["name"] = resource(a.SettledOn), cut(a.Name+" "+a.Holder+" "+day.Format("02/01/2006"), 70)
		}
	}
	if x.ways.Balances == config.STETInline && x.leaves(grant, a, "balances") {
		if s, err := x.bank.Statement(grant, a.ID); err == nil {
			out["balances"] = x.balancesOf(s)
		}
	}
	return out
}

// statement gives an account that the call may read, or has answered already.
func (x *Interface) statement(w http.ResponseWriter, r *http.Request, who caller, scope bank.Scope) (bank.Grant, ledger.Statement, bool) {
	id := ""
	if seen, err := x.bank.Seen(who.token, who.id); err == nil {
		for _, a := range seen {
			if resource(a.ID) == r.PathValue("id") {
				id = a.ID
			}
		}
	}
	if id == "" {
		id = r.PathValue("id") // the bank says what is wrong
	}
	grant, ok := x.reads(w, r, who, x.use(r, scope, id))
	if !ok {
		return grant, ledger.Statement{}, false
	}
	s, err := x.bank.Statement(grant, id)
	if err != nil {
		x.failWith(w, r, err)
		return grant, s, false
	}
	if !x.leaves(grant, s.Account, places[scope]) {
		x.fail(w, r, problem{http.StatusForbidden, "The bank was not told that this may be read."})
		return grant, s, false
	}
	return grant, s, true
}

func (x *Interface) balances(w http.ResponseWriter, r *http.Request, who caller) {
	_, s, ok := x.statement(w, r, who, bank.ScopeBalances)
	if !ok {
		return
	}
	list := x.balancesOf(s)
	if len(list) == 0 {
		x.nothing(w)
		return
	}
	path := "/accounts/" + resource(r.PathValue("id"))
	x.say(w, map[string]any{"balances": list, "_links": map[string]any{
		"self": x.link(r, path+"/balances"), "parent-list": x.link(r, "/accounts"), "transactions": x.link(r, path+"/transactions"),
	}})
}

// balance is one in the standard's words.
func (x *Interface) balance(kind, name string, b ledger.Balance, of ledger.Account) map[string]any {
	amount := b.Amount
	if card(of) && x.ways.Owed == config.STETPositive {
		amount = negated(amount)
	}
	return map[string]any{
		"name": name, "balanceType": kind, "referenceDate": b.AsOf, "balanceAmount": map[string]any{"currency": b.Currency, "amount": x.number(amount)},
	}
}

// balancesOf are those that the feed has: of an account what is booked and what is expected, of a card what is still to be
// debited, which the standard has no other word for.
func (x *Interface) balancesOf(s ledger.Statement) []map[string]any {
	list := []map[string]any{}
	for _, b := range s.Balances {
		feed := s.Feed.Balances
		told := feed != config.BalancesNone && (feed != config.BalancesBooked && feed != config.BalancesExpected || strings.EqualFold(b.Type, string(feed)))
		switch booked := b.Type == "BOOKED"; {
		case !told:
		case card(s.Account):
			if booked {
				list = append(list, x.balance("OTHR", "Encours", b, s.Account))
			}
		case x.ways.Balances == config.STETFour && booked:
			list = append(list, x.balance("CLBD", "Solde comptable", b, s.Account), x.balance("VALU", "Solde en valeur", b, s.Account))
		case x.ways.Balances == config.STETFour:
			list = append(list, x.balance("XPCD", "Disponible comptable", b, s.Account), x.balance("OTHR", "Disponible en valeur", b, s.Account))
		case booked:
			list = append(list, x.balance("CLBD", "Solde comptable", b, s.Account))
		default:
			list = append(list, x.balance("XPCD", "Solde en temps réel", b, s.Account))
		}
	}
	return list
}

func negated(amount string) string {
	if strings.Trim(amount, "0.") == "" {
		return amount
	}
	if rest, negative := strings.CutPrefix(amount, "-"); negative {
		return rest
	}
	return "-" + amount
}

// pageOf is the page that is asked for; the first one without a number.
func pageOf(r *http.Request) (page int, ok bool) {
	text := r.URL.Query().Get("page")
	if text == "" {
		return 1, true
	}
	page, err := strconv.Atoi(text)
	return page, err == nil && page >= 1
}

// pages are the links from one page of a list to the others; query is what every one of them asks for.
func (x *Interface) pages(r *http.Request, path, query string, page, last int) map[string]any {
	to := func(page int) map[string]string {
		q := query
		if page > 1 {
			q = strings.TrimPrefix(q+"&page="+strconv.Itoa(page), "&")
		}
		if q != "" {
			q = "?" + q
		}
		return x.link(r, path+q)
	}
	links := map[string]any{"self": to(page)}
	if last > 1 {
		links["first"], links["last"] = to(1), to(last)
	}
	if page > 1 {
		links["prev"] = to(page - 1)
	}
	if page < last {
		links["next"] = to(page + 1)
	}
	return links
}
