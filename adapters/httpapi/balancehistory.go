package httpapi

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type (
	balanceHistory      struct{ Body list[balanceRecordView] }
	balanceHistoryInput struct {
		PageParams
		ID string `path:"id" doc:"An account's id." example:"acc_01j9z3k6f8q2v4x6z8b0d2f4h6"`
	}
	balanceRecordView struct {
		ReadAt            time.Time           `json:"read_at" doc:"When we read it."`
		SynchronizationID string              `json:"synchronization_id" example:"syn_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The run that did."`
		Balance           *optionalAmountView `json:"balance" doc:"The balance that the account showed then."`
		Balances          []balanceView       `json:"balances" doc:"All that the bank told."`
		Integrity         string              `json:"integrity" example:"proven" doc:"Whether the transactions explain the balance since the one before, or since an earlier one: proven, gap or not_computable."`
		Gap               *gapView            `json:"gap" doc:"What they do not explain; null unless integrity is gap."`
	}
	gapView struct {
		_      struct{}   `nullable:"true"`
		Amount amountView `json:"amount" doc:"What is missing: what the balance moved by, less the transactions."`
		From   string     `json:"from" format:"date" example:"2026-03-01" doc:"Of the balance before."`
		To     string     `json:"to" format:"date" example:"2026-03-02" doc:"Of this balance."`
	}
)

func (a api) getBalanceHistory(ctx context.Context, p usecase.Principal, in *balanceHistoryInput) (*balanceHistory, error) {
	l := newListing("balance_history", p, in.ID)
	page, err := l.page(in.PageParams)
	if err != nil {
		return nil, err
	}
	slice, err := a.Ledger.Balances(ctx, p, in.ID, page)
	return &balanceHistory{listOf(l, slice, showBalanceRecord)}, err
}

func showBalanceRecord(r ledger.BalanceRecord) balanceRecordView {
	view := balanceRecordView{
		ReadAt: instant(r.ReadAt), SynchronizationID: string(r.Synchronization), Balance: optionalAmount(r.Balance),
		Balances: each(r.Balances, showBalance), Integrity: string(r.Integrity.State),
	}
	if r.Integrity.State == ledger.Gap {
		view.Gap = showGap(&synchronization.Gap{Missing: r.Integrity.Missing, From: r.Integrity.From, To: r.Integrity.To})
	}
	return view
}

func showGap(g *synchronization.Gap) *gapView {
	if g == nil {
		return nil
	}
	return &gapView{Amount: amount(g.Missing), From: string(g.From), To: string(g.To)}
}
