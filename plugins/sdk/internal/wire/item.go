package wire

import (
	"fmt"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// ItemOf translates to the protocol. A pointer or a foreign kind of item is an
// error of the plugin.
func ItemOf(item sdk.Item) (*Item, error) {
	switch i := item.(type) {
	case sdk.AccountItem:
		return &Item{Kind: &Item_Account{&AccountItem{Account: accountOf(i.Account)}}}, nil
	case sdk.BalancesItem:
		return &Item{Kind: &Item_Balances{&BalancesItem{Account: i.Account, Balances: each(i.Balances, balanceOf)}}}, nil
	case sdk.TransactionsItem:
		return &Item{Kind: &Item_Transactions{&TransactionsItem{Account: i.Account, Transactions: each(i.Transactions, transactionOf)}}}, nil
	case sdk.ProgressItem:
		return &Item{Kind: &Item_Progress{&ProgressItem{Stage: string(i.Stage), Done: int64(i.Done), Total: int64(i.Total)}}}, nil
	case sdk.AccountFailureItem:
		return &Item{Kind: &Item_AccountFailure{&AccountFailureItem{Account: i.Account, Scope: string(i.Scope), Failure: FailureOf(&i.Failure)}}}, nil
	case sdk.AccountDoneItem:
		return &Item{Kind: &Item_AccountDone{&AccountDoneItem{Account: i.Account, From: string(i.From), To: string(i.To)}}}, nil
	case sdk.UsageItem:
		return &Item{Kind: &Item_Usage{&UsageItem{Account: i.Account, Scope: string(i.Scope), Count: int64(i.Count), RetryAt: instant(i.RetryAt)}}}, nil
	}
	return nil, fmt.Errorf("wire: %T is not an item", item)
}

// SDK translates from the protocol; nil for a kind this side does not know.
func (x *Item) SDK() sdk.Item {
	switch k := x.GetKind().(type) {
	case *Item_Account:
		return sdk.AccountItem{Account: k.Account.GetAccount().SDK()}
	case *Item_Balances:
		return sdk.BalancesItem{Account: k.Balances.GetAccount(), Balances: each(k.Balances.GetBalances(), (*Balance).SDK)}
	case *Item_Transactions:
		return sdk.TransactionsItem{Account: k.Transactions.GetAccount(), Transactions: each(k.Transactions.GetTransactions(), (*Transaction).SDK)}
	case *Item_Progress:
		return sdk.ProgressItem{Stage: sdk.Stage(k.Progress.GetStage()), Done: int(k.Progress.GetDone()), Total: int(k.Progress.GetTotal())}
	case *Item_AccountFailure:
		return sdk.AccountFailureItem{Account: k.AccountFailure.GetAccount(), Scope: sdk.Scope(k.AccountFailure.GetScope()), Failure: *k.AccountFailure.GetFailure().SDK()}
	case *Item_AccountDone:
		return sdk.AccountDoneItem{Account: k.AccountDone.GetAccount(), From: sdk.Day(k.AccountDone.GetFrom()), To: sdk.Day(k.AccountDone.GetTo())}
	case *Item_Usage:
		return sdk.UsageItem{Account: k.Usage.GetAccount(), Scope: sdk.Scope(k.Usage.GetScope()), Count: int(k.Usage.GetCount()), RetryAt: timeOf(k.Usage.GetRetryAt())}
	}
	return nil
}
