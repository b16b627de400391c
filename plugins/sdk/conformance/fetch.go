package conformance

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/internal/contract"
)

// reading is a sink that keeps what a fetch tells, and checks it.
type reading struct {
	order    contract.Stream
	accounts []sdk.Account
	balances map[string][]sdk.Balance
	rows     map[string][]sdk.Transaction
	closed   map[string]bool // done or failed
	items    int
	// first, if set, is called with the first item; refuse is answered to it.
	first  func()
	refuse error
}

// Send implements sdk.Sink.
func (r *reading) Send(item sdk.Item) error {
	r.items++
	if r.first != nil && r.items == 1 {
		r.first()
	}
	if r.refuse != nil {
		return r.refuse
	}
	if err := r.order.Next(item); err != nil {
		return err
	}
	if r.balances == nil {
		r.balances, r.rows, r.closed = map[string][]sdk.Balance{}, map[string][]sdk.Transaction{}, map[string]bool{}
	}
	switch i := item.(type) {
	case sdk.AccountItem:
		r.accounts = append(r.accounts, i.Account)
	case sdk.BalancesItem:
		r.balances[i.Account] = append(r.balances[i.Account], i.Balances...)
	case sdk.TransactionsItem:
		r.rows[i.Account] = append(r.rows[i.Account], i.Transactions...)
	case sdk.AccountFailureItem:
		r.closed[i.Account] = true
	case sdk.AccountDoneItem:
		r.closed[i.Account] = true
	}
	return nil
}

// identities are the bank's ids of the accounts, in order.
func (r *reading) identities() []string {
	var out []string
	for _, a := range r.accounts {
		out = append(out, a.BankID)
	}
	slices.Sort(out)
	return out
}

func (r *reading) each(f func(account string, row sdk.Transaction) error) error {
	for account, rows := range r.rows {
		for _, row := range rows {
			if err := f(account, row); err != nil {
				return err
			}
		}
	}
	return nil
}

// read opens a session of its own and fetches all.
func read(ctx context.Context, p sdk.Provider, c Case, session string, change ...func(*sdk.FetchRequest)) (*reading, error) {
	ready, err := open(ctx, p, c, session)
	if err != nil {
		return nil, err
	}
	req := c.fetch(session, ready)
	for _, f := range change {
		f(&req)
	}
	seen := &reading{}
	if err := p.Fetch(ctx, req, seen); err != nil {
		return nil, fmt.Errorf("the fetch fails: %w", err)
	}
	return seen, nil
}

func fetchWellFormed(ctx context.Context, p sdk.Provider, c Case) error {
	channel, err := channelOf(ctx, p, c)
	if err != nil {
		return err
	}
	seen, err := read(ctx, p, c, "well-formed")
	if err != nil {
		return err
	}
	if len(seen.accounts) == 0 {
		return errors.New("the case has no account")
	}
	for _, a := range seen.accounts {
		if !slices.Contains(channel.AccountTypes, a.Type) {
			return fmt.Errorf("it tells an account of type %s, which the channel does not list", a.Type)
		}
		if !seen.closed[a.Ref] {
			return errors.New("an account is neither done nor failed at the end of the fetch")
		}
	}
	return nil
}

func debits(ctx context.Context, p sdk.Provider, c Case) error {
	seen, err := read(ctx, p, c, "debits")
	if err != nil {
		return err
	}
	return seen.each(func(_ string, row sdk.Transaction) error {
		if c.isDebit(row) && !strings.HasPrefix(row.Amount, "-") {
			return errors.New("a debit is not negative")
		}
		return nil
	})
}

// window wants no booked row outside the days that were asked for.
func window(ctx context.Context, p sdk.Provider, c Case) error {
	seen, err := read(ctx, p, c, "window")
	if err != nil {
		return err
	}
	return seen.each(func(_ string, row sdk.Transaction) error {
		day := row.BookingDate
		if row.Status != sdk.Booked || day == "" {
			return nil
		}
		if day < c.Since || (c.Until != "" && day > c.Until) {
			return errors.New("a booked row lies outside the window")
		}
		return nil
	})
}

func listOnly(ctx context.Context, p sdk.Provider, c Case) error {
	seen, err := read(ctx, p, c, "list", func(r *sdk.FetchRequest) { r.Mode = sdk.FetchAccounts })
	if err != nil {
		return err
	}
	if len(seen.rows) > 0 {
		return errors.New("it tells transactions although only the accounts were asked for")
	}
	if len(seen.accounts) == 0 {
		return errors.New("it lists no account")
	}
	return nil
}

func skips(ctx context.Context, p sdk.Provider, c Case) error {
	all, err := read(ctx, p, c, "skip-none")
	if err != nil {
		return err
	}
	seen, err := read(ctx, p, c, "skip-all", func(r *sdk.FetchRequest) { r.Skip = all.identities() })
	if err != nil {
		return err
	}
	if len(seen.rows) > 0 || len(seen.balances) > 0 {
		return errors.New("it reads accounts that were to be skipped (by their BankID)")
	}
	if !slices.Equal(all.identities(), seen.identities()) {
		return errors.New("accounts to skip must be listed all the same")
	}
	return nil
}

var errRefuse = errors.New("conformance: the sink refuses")

func sinkStops(ctx context.Context, p sdk.Provider, c Case) error {
	ready, err := open(ctx, p, c, "sink")
	if err != nil {
		return err
	}
	seen := &reading{refuse: errRefuse}
	if err := p.Fetch(ctx, c.fetch("sink", ready), seen); err == nil {
		return errors.New("Fetch succeeds although the sink refused")
	}
	if seen.items != 1 {
		return errors.New("Fetch goes on after the sink refused")
	}
	return nil
}

func repeatable(ctx context.Context, p sdk.Provider, c Case) error {
	first, err := read(ctx, p, c, "first")
	if err != nil {
		return err
	}
	second, err := read(ctx, p, c, "second")
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(first.identities(), second.identities()) {
		return errors.New("a second session tells other accounts")
	}
	return nil
}
