package main

import (
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// tell streams one account of an answer.
func tell(t life.Told, v life.Visit, sink sdk.Sink) error {
	ref, status := t.BankID, sdk.AccountOpen
	if t.Closed {
		status = sdk.AccountClosed
	}
	items := []sdk.Item{sdk.AccountItem{Account: sdk.Account{
		Ref: ref, BankID: t.BankID, StableID: t.Stable, Type: sdk.AccountType(t.Type), Name: t.Name, Holder: t.Holder, IBAN: plain(t.IBAN),
		Number: t.Number, Currency: t.Currency, Status: status,
	}}}
	if !t.Unread {
		items = append(items, read(t, v)...)
	}
	for _, item := range items {
		if err := sink.Send(item); err != nil {
			return err
		}
	}
	return nil
}

// plain writes an IBAN as the contract wants it, however the bank prints it.
func plain(iban string) string { return strings.ToUpper(strings.ReplaceAll(iban, " ", "")) }

func read(t life.Told, v life.Visit) (items []sdk.Item) {
	ref := t.BankID
	var balances []sdk.Balance
	if t.Booked != "" {
		balances = append(balances, sdk.Balance{Type: sdk.BalanceBooked, Amount: t.Booked, Currency: t.Currency, AsOf: v.At})
	}
	if t.Expected != "" {
		balances = append(balances, sdk.Balance{Type: sdk.BalanceExpected, Amount: t.Expected, Currency: t.Currency, AsOf: v.At})
	}
	if len(balances) > 0 {
		items = append(items, sdk.BalancesItem{Account: ref, Balances: balances})
	}
	for rows := range slices.Chunk(t.Rows, 100) {
		batch := sdk.TransactionsItem{Account: ref}
		for _, row := range rows {
			batch.Transactions = append(batch.Transactions, sdk.Transaction{
				BankID: row.ID, Amount: row.Amount, Currency: t.Currency, Status: sdk.TransactionStatus(row.Status), Type: sdk.TransactionType(row.Kind),
				BookingDate: sdk.Day(row.Booking), ValueDate: sdk.Day(row.Value), TransactionDate: sdk.Day(row.Acted), Label: row.Label,
				Counterparty: row.Counterparty, MerchantCode: row.MerchantCode, Raw: row.Raw,
			})
		}
		items = append(items, batch)
	}
	failed := func(scope sdk.Scope) {
		items = append(items, sdk.AccountFailureItem{Account: ref, Scope: scope, Failure: *sdk.Fail(sdk.ProviderUnavailable, nil)})
	}
	switch {
	case t.NoBalance:
		failed(sdk.ScopeBalances)
	case t.NoRows:
		failed(sdk.ScopeTransactions)
	case t.Done:
		items = append(items, sdk.AccountDoneItem{Account: ref, From: sdk.Day(t.From), To: sdk.Day(t.To)})
	}
	return items
}
