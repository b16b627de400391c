package openbanking

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/iso20022"
	"github.com/tributary-dev/tributary/testbank/ledger"
)

// row is one of an account.
type row struct {
	ledger.Row
	account ledger.Statement
	at      time.Time
}

// openDays is how far back rows may be read when the customer was not there a moment ago (RTS, article 10a).
const openDays = 90

// listTransactions tells the rows of one account, or of all, that a consent and a filter let through.
func listTransactions(c *call) {
	f, wrong := c.filters()
	if wrong != nil {
		c.fail(wrong)
		return
	}
	want := wanted{scope: bank.ScopeTransactions, place: "transactions", anyOf: []string{transactionsBasic, transactionsDetail}, continued: f.page > 1}
	r, ok := c.reads(want)
	if !ok {
		return
	}
	statements, ok := c.statements(r)
	if !ok {
		return
	}
	between, wrong := c.open(r.intent, f)
	if wrong != nil {
		c.fail(wrong)
		return
	}
	var rows []row
	for _, s := range statements {
		for _, one := range s.Transactions {
			if found := (row{one, s, c.when(one)}); between.has(found.at) && f.has(found.at) && seen(one, r.intent.Permissions) {
				rows = append(rows, found)
			}
		}
	}
	c.page(r.intent, between, f, rows)
}

// open is what of an account's past a consent and the bank let be read.
func (c *call) open(i bank.Authorisation, f filters) (span, *fault) {
	today := c.x.bank.Today()
	out := span{from: today.AddDate(0, 0, -c.x.bank.File.Bank.HistoryDays), to: c.x.bank.Now().AddDate(1, 0, 0)} // what is pending may be booked later
	if c.x.closed(i) {
		out.from = today.AddDate(0, 0, -openDays)
		if !f.from.IsZero() && f.from.Before(out.from) {
			return out, tooOld
		}
	}
	if i.From.After(out.from) {
		out.from = i.From
	}
	if !i.To.IsZero() && i.To.Before(out.to) {
		out.to = i.To
	}
	return out, nil
}

// seen reports whether a consent is about money that came or went.
func seen(r ledger.Row, permissions []string) bool {
	if indicator(r.Amount) == "Debit" {
		return slices.Contains(permissions, transactionsDebits)
	}
	return slices.Contains(permissions, transactionsCredits)
}

// when is the instant that the standard wants of each row: of its booking, which for one that is pending is expected.
func (c *call) when(r ledger.Row) time.Time {
	for _, day := range []string{r.BookingDate, r.TransactionDate, r.ValueDate} {
		if on, err := time.Parse(time.DateOnly, day); err == nil {
			return on
		}
	}
	return c.x.bank.Today()
}

// latest is how many days after a purchase it may be booked.
const latest = 10

// told is the instant that a row is told with: some banks know of one that is not booked only when it will be at the latest.
func (c *call) told(r row) time.Time {
	if r.Status == config.Pending && c.x.switches().PendingDates == config.OBPendingLatest {
		return r.at.AddDate(0, 0, latest)
	}
	return r.at
}

// transaction tells one row; what may tell of somebody else is a detail.
func (c *call) transaction(r row, detail bool) map[string]any {
	out := map[string]any{
		"AccountId": r.account.ID, "CreditDebitIndicator": indicator(r.Amount), "Status": c.v.rows[r.Status], "BookingDateTime": c.told(r).Format(time.RFC3339),
		"Amount": money(r.Amount, r.Currency), "TransactionMutability": "Immutable",
		"ProprietaryBankTransactionCode": map[string]string{"Code": r.Kind, "Issuer": cut(c.x.bank.File.Bank.Name, 35)},
	}
	if r.Status == config.Pending {
		out["TransactionMutability"] = "Mutable"
	}
	if r.ID != "" {
		out["TransactionId"] = cut(r.ID, 210)
	}
	if r.ValueDate != "" {
		out["ValueDateTime"] = instant(r.ValueDate)
	}
	if known, ok := c.bankCode(r.Row); ok {
		out["BankTransactionCode"] = known
	}
	if !detail {
		return out
	}
	if r.Label != "" {
		out["TransactionInformation"] = cut(r.Label, 500)
	}
	if merchant := merchantOf(r.Row); len(merchant) > 0 {
		out["MerchantDetails"] = merchant
	} else if r.Counterparty != "" {
		side := "DebtorAccount"
		if indicator(r.Amount) == "Debit" {
			side = "CreditorAccount"
		}
		out[side] = map[string]string{"Name": cut(r.Counterparty, 350)}
	}
	return out
}

// merchantOf tells who was paid with a card.
func merchantOf(r ledger.Row) map[string]string {
	out := map[string]string{}
	if r.MCC != "" {
		out["MerchantCategoryCode"] = r.MCC
	}
	if r.Counterparty != "" && r.Kind == "card" {
		out["MerchantName"] = cut(r.Counterparty, 350)
	}
	return out
}

// families are 3.1's words for the codes of ISO 20022.
var families = map[string][2]string{
	"card": {"CustomerCardTransactions", "PointOfSalePaymentDebitCard"}, "atm": {"CustomerCardTransactions", "CashWithdrawal"},
	"direct_debit": {"ReceivedDirectDebits", "SEPADirectDebitPayment"}, "fee": {"MiscellaneousDebitOperations", "Charges"},
	"interest": {"MiscellaneousCreditOperations", "Interests"}, "cheque": {"IssuedCheques", "Cheque"},
}

// bankCode is ISO 20022's family and subfamily, where the kind has one.
func (c *call) bankCode(r ledger.Row) (map[string]string, bool) {
	if c.v.codes == nil {
		words, known := families[r.Kind]
		return map[string]string{"Code": words[0], "SubCode": words[1]}, known
	}
	parts := strings.Split(iso20022.Codes[r.Kind], "-")
	if len(parts) != 3 {
		return nil, false
	}
	return map[string]string{"Code": parts[1], "SubCode": parts[2]}, true
}

// nobody answers 200 and nothing, where the bank is one that does so when it has nothing.
func (c *call) nobody(rows []row) bool {
	if len(rows) > 0 || c.x.switches().Nothing != config.OBNothingEmpty {
		return false
	}
	c.w.WriteHeader(http.StatusOK)
	return true
}
