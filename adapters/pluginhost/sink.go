package pluginhost

import (
	"fmt"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/plugins/sdk"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// sink hands what a plugin streams to the server, in the server's words.
type sink struct{ port.Sink }

// Send implements sdk.Sink.
func (s sink) Send(item sdk.Item) error {
	switch i := item.(type) {
	case sdk.AccountItem:
		return s.account(i)
	case sdk.BalancesItem:
		balances, err := try(i.Balances, balanceOf)
		if err != nil {
			return badData(err)
		}
		return s.Balances(i.Account, balances)
	case sdk.TransactionsItem:
		rows, err := try(i.Transactions, rowOf)
		if err != nil {
			return badData(err)
		}
		return s.Rows(i.Account, rows)
	case sdk.ProgressItem:
		return s.Progress(synchronization.Stage(i.Stage), i.Done, i.Total)
	case sdk.AccountFailureItem:
		return s.Failed(i.Account, port.Scope(i.Scope), failureOf(&i.Failure))
	case sdk.AccountDoneItem:
		return s.Done(i.Account, bank.Day(i.From), bank.Day(i.To))
	case sdk.UsageItem:
		return s.Used(usageOf(i))
	}
	return badData(fmt.Errorf("pluginhost: %T is no item", item))
}

func (s sink) account(i sdk.AccountItem) error {
	report, err := reportOf(i.Account)
	if err != nil {
		return badData(err)
	}
	return s.Account(i.Account.Ref, report)
}

func usageOf(i sdk.UsageItem) port.Usage {
	return port.Usage{Account: i.Account, Scope: port.Scope(i.Scope), Count: i.Count, RetryAt: i.RetryAt}
}
