package main

import (
	"context"
	"strings"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

func (bank) Fetch(ctx context.Context, req sdk.FetchRequest, sink sdk.Sink) error {
	if err := readable(req.State, req.Secrets); err != nil {
		return err
	}
	login := string(req.State.Data)
	if login == "stale" && !strings.HasSuffix(string(req.Secrets.Data), "+") {
		return sdk.Fail(sdk.SecretStale, nil)
	}
	for i, item := range script(login, req.Window) {
		if i == 1 && login == "slow" {
			<-ctx.Done()
			return ctx.Err()
		}
		if err := sink.Send(item); err != nil {
			return err
		}
	}
	return nil
}

func script(login string, w sdk.Window) []sdk.Item {
	second := sdk.Item(sdk.AccountDoneItem{Account: "a2", From: w.Default, To: w.To})
	if login == "partial" {
		second = sdk.AccountFailureItem{Account: "a2", Scope: sdk.ScopeTransactions, Failure: *sdk.Fail(sdk.ProviderUnavailable, nil)}
	}
	return []sdk.Item{
		sdk.AccountItem{Account: sdk.Account{
			Ref: "a1", BankID: "a1", StableID: true, Type: sdk.Checkings, Name: "Everyday", Holder: login,
			Currency: "EUR", CreditLimit: "500.00", Status: sdk.AccountOpen,
		}},
		sdk.ProgressItem{Stage: sdk.StageAccounts, Done: 1, Total: 2},
		sdk.AccountItem{Account: sdk.Account{
			Ref: "a2", BankID: "a2", Type: sdk.Savings, Name: "Reserve", Holder: login, Currency: "EUR", Status: sdk.AccountClosed,
		}},
		sdk.BalancesItem{Account: "a1", Balances: []sdk.Balance{{Type: sdk.BalanceBooked, Amount: "-12.30", Currency: "EUR"}}},
		sdk.ProgressItem{Stage: sdk.StageFull, Total: 2},
		sdk.TransactionsItem{Account: "a1", Transactions: []sdk.Transaction{
			{BankID: "t3", Amount: "-7.70", Currency: "EUR", Status: sdk.Booked, BookingDate: "2026-01-09", Label: "Café"},
			{BankID: "t2", Amount: "-4.60", Currency: "EUR", Status: sdk.Pending, TransactionDate: "2026-01-10", Label: "Bakery"},
			{BankID: "t1", Amount: "1500", Currency: "EUR", Status: sdk.Booked, BookingDate: "2026-01-02", Label: "Salary"},
		}},
		sdk.UsageItem{Account: "a1", Scope: sdk.ScopeTransactions, Count: 1},
		sdk.AccountDoneItem{Account: "a1", From: w.Default, To: w.To},
		second,
	}
}
