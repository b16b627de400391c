package portal

import (
	"net/http"
	"strconv"
	"time"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/ledger"
	"github.com/tributary-dev/tributary/testbank/reply"
)

// authorized gives what the request may read; otherwise it has answered already. The customer's own address says that
// the customer is there.
func (p *Portal) authorized(w http.ResponseWriter, r *http.Request, scope bank.Scope) (bank.Grant, bool) {
	page := r.URL.Query().Get("page")
	grant, err := p.bank.Authorize(reply.Bearer(r), bank.Use{
		Scope: scope, Account: r.PathValue("id"), Attended: r.Header.Get("PSU-IP-Address") != "",
		Continued: scope == bank.ScopeTransactions && page != "" && page != "1",
	})
	if err != nil {
		reply.Error(w, r, err)
		return bank.Grant{}, false
	}
	return grant, !p.late(r, grant.Login)
}

func (p *Portal) accounts(w http.ResponseWriter, r *http.Request) {
	if grant, ok := p.authorized(w, r, bank.ScopeAccounts); ok {
		reply.JSON(w, http.StatusOK, map[string]any{"accounts": grant.Accounts})
	}
}

func (p *Portal) statement(w http.ResponseWriter, r *http.Request, scope bank.Scope) (ledger.Statement, bool) {
	grant, ok := p.authorized(w, r, scope)
	if !ok {
		return ledger.Statement{}, false
	}
	statement, err := p.bank.Statement(grant, r.PathValue("id"))
	if err != nil {
		reply.Error(w, r, err)
	}
	return statement, err == nil
}

func (p *Portal) balances(w http.ResponseWriter, r *http.Request) {
	if statement, ok := p.statement(w, r, bank.ScopeBalances); ok {
		reply.JSON(w, http.StatusOK, map[string]any{"balances": balancesIn(statement.Feed, statement.Balances)})
	}
}

// window is what a caller wants to see of an account.
type window struct {
	from, to string
	page     int
}

func windowOf(r *http.Request) (window, bool) {
	query := r.URL.Query()
	w := window{from: query.Get("from"), to: query.Get("to"), page: 1}
	for _, date := range []string{w.from, w.to} {
		if _, err := time.Parse(time.DateOnly, date); date != "" && err != nil {
			return w, false
		}
	}
	if text := query.Get("page"); text != "" {
		page, err := strconv.Atoi(text)
		if err != nil || page < 1 {
			return w, false
		}
		w.page = page
	}
	return w, true
}

func (w window) shows(row *ledger.Row) bool {
	return (w.from == "" || row.Date() >= w.from) && (w.to == "" || row.Date() <= w.to)
}

type transactionsBody struct {
	Transactions []rowBody `json:"transactions"`
	Page         int       `json:"page"`
	Pages        int       `json:"pages"`
	Total        int       `json:"total"`
	NextPage     int       `json:"next_page,omitempty"`
	Next         string    `json:"next,omitempty"`
}

func (p *Portal) transactions(w http.ResponseWriter, r *http.Request) {
	statement, ok := p.statement(w, r, bank.ScopeTransactions)
	if !ok {
		return
	}
	wanted, ok := windowOf(r)
	if !ok {
		reply.Error(w, r, &bank.Refusal{Code: bank.InvalidRequest, Message: "from and to are plain dates, page is 1 or more."})
		return
	}
	body := wanted.of(statement, p.bank.File.Bank.PageSize)
	body.link(r, statement.Feed.Links)
	reply.JSON(w, http.StatusOK, body)
}

// of gives the page of what is wanted. It copies nothing else: an account may
// have very many rows, and each page looks at all of them.
func (w window) of(statement ledger.Statement, size int) transactionsBody {
	body := transactionsBody{Page: w.page, Transactions: []rowBody{}}
	begin := (w.page - 1) * size
	first := begin
	if statement.Feed.RepeatLast && begin > 0 {
		first--
	}
	for i := range statement.Transactions {
		row := &statement.Transactions[i]
		if !w.shows(row) {
			continue
		}
		if body.Total >= first && body.Total < begin+size {
			body.Transactions = append(body.Transactions, rowIn(statement.Feed, *row))
		}
		body.Total++
	}
	body.Pages = (body.Total + size - 1) / size
	if w.page < body.Pages {
		body.NextPage = w.page + 1
	}
	return body
}

// link names the next page by its address, where the feed does so.
func (b *transactionsBody) link(r *http.Request, links config.Links) {
	if b.NextPage == 0 || links == config.LinksNumber {
		return
	}
	query := r.URL.Query()
	query.Set("page", strconv.Itoa(b.NextPage))
	b.NextPage, b.Next = 0, "?"+query.Encode()
	if links == config.LinksAbsolute {
		b.Next = reply.Base(r) + r.URL.Path + b.Next
	}
}
