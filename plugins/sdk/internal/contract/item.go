package contract

import (
	"fmt"
	"regexp"
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

var (
	decimal  = regexp.MustCompile(`^-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,8})?$`)
	currency = regexp.MustCompile(`^[A-Z]{3}$`)
	iban     = regexp.MustCompile(`^[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}$`)

	accountTypes    = []sdk.AccountType{sdk.Checkings, sdk.Savings, sdk.Loan, sdk.CreditCard}
	transactionWays = []sdk.TransactionType{
		"", sdk.TypeCreditCardPayment, sdk.TypePointOfSale, sdk.TypeATM, sdk.TypeDirectDebit, sdk.TypeInternalTransfer,
		sdk.TypePayment, sdk.TypeDeposit, sdk.TypeCredit, sdk.TypeDebit, sdk.TypeInterest, sdk.TypeDividend,
		sdk.TypeFee, sdk.TypeCheck, sdk.TypeStandingOrder,
	}
)

// Item checks one item on its own; [Stream] checks it in its place.
func Item(item sdk.Item) error {
	c := &checker{}
	switch i := item.(type) {
	case sdk.AccountItem:
		c.account("account", i.Account)
	case sdk.BalancesItem:
		c.id("balances.account", i.Account)
		c.balances(i.Balances)
	case sdk.TransactionsItem:
		c.id("transactions.account", i.Account)
		c.count("transactions", len(i.Transactions), MaxBatch)
		for n, t := range i.Transactions {
			c.transaction(fmt.Sprintf("transactions[%d]", n), t)
		}
	case sdk.ProgressItem:
		oneOf(c, "progress.stage", i.Stage, sdk.StageAccounts, sdk.StageRecent, sdk.StageFull)
		c.require(i.Done >= 0 && i.Total >= 0 && (i.Total == 0 || i.Done <= i.Total), "progress", "counts wrongly")
	case sdk.AccountFailureItem:
		c.id("account_failure.account", i.Account)
		c.scope("account_failure.scope", i.Scope)
		c.failure("account_failure.failure", i.Failure)
	case sdk.AccountDoneItem:
		c.id("account_done.account", i.Account)
		c.day("account_done.from", i.From)
		c.day("account_done.to", i.To)
		c.require(i.From == "" || i.To == "" || i.From <= i.To, "account_done", "ends before it begins")
	case sdk.UsageItem:
		c.text("usage.account", i.Account, maxID)
		c.scope("usage.scope", i.Scope)
		c.require(i.Count >= 0 && i.Count <= maxLimit, "usage.count", "is not a number of accesses")
		c.instant("usage.retry_at", i.RetryAt)
	default:
		c.complain("item", "is of no known kind")
	}
	return c.err()
}

func (c *checker) account(place string, a sdk.Account) {
	c.id(place+".ref", a.Ref)
	c.text(place+".bank_id", a.BankID, maxID)
	oneOf(c, place+".type", a.Type, accountTypes...)
	c.text(place+".name", a.Name, maxText)
	c.text(place+".holder", a.Holder, maxText)
	c.require(a.IBAN == "" || iban.MatchString(a.IBAN), place+".iban", "wants capital letters and digits without blanks")
	c.text(place+".number", a.Number, maxID)
	c.require(currency.MatchString(a.Currency), place+".currency", "wants three capital letters")
	c.optionalAmount(place+".credit_limit", a.CreditLimit)
	c.require(a.CreditLimit == "" || a.CreditLimit[0] != '-', place+".credit_limit", "is negative")
	oneOf(c, place+".status", a.Status, "", sdk.AccountOpen, sdk.AccountClosed, sdk.AccountSuspended)
	c.text(place+".parent", a.Parent, maxID)
	c.bytes(place+".raw", a.Raw, maxRaw)
}

func (c *checker) balances(balances []sdk.Balance) {
	c.count("balances", len(balances), maxBalances)
	for n, b := range balances {
		place := fmt.Sprintf("balances[%d]", n)
		oneOf(c, place+".type", b.Type, sdk.BalanceBooked, sdk.BalanceExpected, sdk.BalanceAvailable, sdk.BalanceOther)
		c.amount(place+".amount", b.Amount)
		c.instant(place+".as_of", b.AsOf)
		c.require(currency.MatchString(b.Currency), place+".currency", "wants three capital letters")
	}
}

func (c *checker) transaction(place string, t sdk.Transaction) {
	c.text(place+".bank_id", t.BankID, maxID)
	c.amount(place+".amount", t.Amount)
	c.require(currency.MatchString(t.Currency), place+".currency", "wants three capital letters")
	oneOf(c, place+".status", t.Status, sdk.Pending, sdk.Booked, sdk.Other, sdk.Expired, sdk.Rejected, sdk.Cancelled, sdk.Refunded)
	oneOf(c, place+".type", t.Type, transactionWays...)
	c.day(place+".booking_date", t.BookingDate)
	c.day(place+".value_date", t.ValueDate)
	c.day(place+".transaction_date", t.TransactionDate)
	c.text(place+".label", t.Label, maxText)
	c.text(place+".counterparty", t.Counterparty, maxText)
	c.text(place+".merchant_code", t.MerchantCode, 16)
	c.text(place+".end_to_end_id", t.EndToEndID, maxID)
	c.optionalAmount(place+".balance_after", t.BalanceAfter)
	c.bytes(place+".raw", t.Raw, maxRaw)
}

func (c *checker) amount(place, value string) {
	c.require(decimal.MatchString(value), place, "wants an exact decimal such as -12.30")
}

func (c *checker) optionalAmount(place, value string) {
	if value != "" {
		c.amount(place, value)
	}
}

func (c *checker) day(place string, d sdk.Day) {
	if d == "" {
		return
	}
	t, err := time.Parse(time.DateOnly, string(d))
	c.require(err == nil && t.Year() >= firstYear && t.Year() < endYear, place, "wants a day such as 2026-01-31")
}

func (c *checker) scope(place string, s sdk.Scope) {
	oneOf(c, place, s, sdk.ScopeAccounts, sdk.ScopeBalances, sdk.ScopeTransactions)
}
