package modern

import (
	"net/http"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/ledger"
	"github.com/tributary-dev/tributary/testbank/site/desk"
	"github.com/tributary-dev/tributary/testbank/site/wording"
)

// kinds are the sections of the accounts, in the order of the page.
var kinds = []struct {
	kind            config.AccountType
	section         string
	french, english string
}{
	{config.Checkings, "accounts", "Comptes courants", "Current accounts"},
	{config.Savings, "savings", "Épargne", "Savings"},
	{config.CreditCard, "cards", "Cartes", "Cards"},
	{config.Loan, "loans", "Crédits", "Loans"},
}

// sections are the pages of the accounts of one kind.
var sections = map[string]config.AccountType{"savings": config.Savings, "cards": config.CreditCard, "loans": config.Loan}

// group is the accounts of a kind.
type group struct {
	Title    string
	Holdings []desk.Holding
}

// accounts is the page after the log-in.
func (t *Theme) accounts(w http.ResponseWriter, v visited) {
	t.overview(w, v, "accounts", "")
}

func (t *Theme) section(name string) func(http.ResponseWriter, visited) {
	return func(w http.ResponseWriter, v visited) { t.overview(w, v, name, sections[name]) }
}

func (t *Theme) overview(w http.ResponseWriter, v visited, section string, only config.AccountType) {
	holdings, err := t.desk.Holdings(v.Visit)
	if err != nil {
		t.ended(w, v, err)
		return
	}
	p := t.memberPage(v, "accounts.html", "Mes comptes", "My accounts")
	p.kind, p.Section = config.PageAccounts, section
	var groups []group
	for _, k := range kinds {
		if only != "" && only != k.kind {
			continue
		}
		g := group{Title: p.T(k.french, k.english), Holdings: slices.DeleteFunc(slices.Clone(holdings), func(h desk.Holding) bool { return h.Type != k.kind })}
		if only != "" {
			p.Title = g.Title
		}
		if len(g.Holdings) > 0 || only != "" {
			groups = append(groups, g)
		}
	}
	p.Data = map[string]any{"Groups": groups, "Total": total(holdings), "All": only == ""}
	t.show(w, v, p)
}

// total adds what is in euros on accounts that can be spent; nothing where something is not known.
func total(holdings []desk.Holding) string {
	sum := decimal.Zero
	for _, h := range holdings {
		if h.Type != config.Checkings && h.Type != config.Savings || h.Currency != "EUR" || h.Status == ledger.Closed {
			continue
		}
		amount, err := decimal.NewFromString(h.Booked)
		if err != nil {
			return ""
		}
		sum = sum.Add(amount)
	}
	return ledger.Money(sum, "EUR")
}

// day is the rows of one day, or those that are not booked yet.
type day struct {
	Title string
	Rows  []row
}

// row is an operation as it is shown.
type row struct {
	ledger.Row
	// State says what became of it, where that is worth a word.
	State string
}

func days(p page, rows []ledger.Row) []day {
	var all []day
	for _, r := range rows {
		title := p.dayOf(r)
		if len(all) == 0 || all[len(all)-1].Title != title {
			all = append(all, day{Title: title})
		}
		last := &all[len(all)-1]
		last.Rows = append(last.Rows, row{r, p.state(r.Status)})
	}
	return all
}

func (p page) dayOf(r ledger.Row) string {
	if r.Status == config.Pending {
		return p.T("Opérations à venir", "Pending")
	}
	return p.LongDay(r.Date())
}

func (p page) state(status config.Status) string {
	switch status {
	case config.Pending:
		return p.T("En attente", "Pending")
	case config.Expired:
		return p.T("Expirée", "Expired")
	case config.Rejected:
		return p.T("Rejetée", "Rejected")
	case config.Cancelled:
		return p.T("Annulée", "Cancelled")
	case config.Refunded:
		return p.T("Remboursée", "Refunded")
	}
	return ""
}

// account is the page of one account.
func (t *Theme) account(w http.ResponseWriter, v visited) {
	h, err := t.desk.Holding(v.Visit, v.r.PathValue("id"))
	switch {
	case wording.Code(err) == bank.NotFound:
		t.missing(w, v)
		return
	case err != nil:
		t.ended(w, v, err)
		return
	}
	p := t.memberPage(v, "account.html", h.Name, h.Name)
	p.kind = config.PageTransactions
	for _, k := range kinds {
		if k.kind == h.Type {
			p.Section = k.section
		}
	}
	sheet := t.desk.Sheet(v.Visit, h.ID, 1)
	p.Data = map[string]any{"Account": h, "Days": days(p, sheet.Rows), "Sheet": sheet}
	t.show(w, v, p)
}
