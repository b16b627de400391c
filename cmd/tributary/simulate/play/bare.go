package play

import (
	"context"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
)

// Bare lives a life through core/ledger alone, without services and store: many
// times as fast, for looking for what the rules get wrong. It asks for windows
// and hands accounts over as core/app/synchronizing does, and proves nothing
// about that.
type Bare struct {
	ear      *ear
	bank     *inProcess
	ids      ident.Source
	accounts []*ledger.Account
	rows     map[ident.Account]map[ident.Transaction]ledger.Transaction
	checks   map[ident.Account][]ledger.BalanceRecord
	now      time.Time
}

// NewBare begins a bare life.
func NewBare(l *life.Life, ids ident.Source) *Bare {
	b := &Bare{ear: &ear{bank: life.Bank{Life: l}}, rows: map[ident.Account]map[ident.Transaction]ledger.Transaction{}, checks: map[ident.Account][]ledger.BalanceRecord{}}
	b.bank = &inProcess{ear: b.ear}
	b.ids = ident.Source{Now: func() time.Time { return b.now }, Rand: ids.Rand}
	return b
}

// Visit plays one visit.
func (b *Bare) Visit(_ context.Context, number int) (Seen, error) {
	l := b.ear.bank.Life
	b.now = l.Visits[number].At
	b.ear.listen(number)
	seen := Seen{Run: &synchronization.Synchronization{Status: synchronization.Success}}
	for _, channel := range l.Channels {
		answer := b.ear.bank.Answer(number, b.ask(channel, l.Visits[number].Kind == life.Listing))
		if answer = answer.Kept(); answer.Refused || (answer.Broken && len(answer.Told) == 0) {
			continue
		}
		seen.Heard = append(seen.Heard, Heard{Channel: channel, Answer: answer})
		if err := b.enter(channel, answer, seen.Run); err != nil {
			return seen, err
		}
	}
	for _, a := range b.accounts {
		seen.Accounts = append(seen.Accounts, *a)
	}
	return seen, nil
}

func (b *Bare) ask(channel string, listing bool) life.Ask {
	today := b.day(b.now)
	ask := life.Ask{Channel: channel, From: map[string]life.Day{}, To: life.Day(today.AddDays(1)), Listing: listing}
	for _, a := range b.accounts {
		if _, taken := ask.From[a.BankID]; a.FedBy != channel || a.LastSuccessAt.IsZero() || (taken && (a.Status == ledger.Missing || a.Status == ledger.Closed)) {
			continue
		}
		from := b.day(a.LastSuccessAt).AddDays(-14)
		for _, row := range b.rows[a.ID] {
			if row.Status == ledger.Pending && !row.Removed && row.EffectiveDate > today.AddDays(-90) {
				from = min(from, row.EffectiveDate)
			}
		}
		ask.From[a.BankID] = life.Day(from)
	}
	return ask
}

func (b *Bare) day(t time.Time) bank.Day { return bank.DayIn(t, b.ear.bank.Life.Habits.Told()) }

func (b *Bare) enter(channel string, answer life.Answer, run *synchronization.Synchronization) error {
	known := make([]ledger.Account, 0, len(b.accounts))
	for _, a := range b.accounts {
		known = append(known, *a)
	}
	read := &hearing{}
	for _, told := range answer.Told {
		if err := b.bank.tell(told, read); err != nil {
			return err
		}
	}
	seen, match := map[ident.Account]bool{}, ledger.MatchAccounts
	if answer.Broken {
		match = ledger.MatchSome
	}
	for i, match := range match(known, channel, read.reports) {
		if match.By == ledger.Awaited {
			continue
		}
		a := b.account(match.Account)
		seen[a.ID] = true
		report := read.reports[i]
		hand := report.Read && (channel == life.Redirect || a.Status == ledger.Missing || a.LastSuccessAt.IsZero())
		if a.FedBy == "" || a.FedBy == channel || hand {
			b.feed(a, channel, report, run)
		}
	}
	for _, a := range b.accounts {
		if !answer.Broken && !seen[a.ID] && a.FedBy == channel && a.Status != ledger.Closed {
			a.Status, a.LastAttemptAt = ledger.Missing, b.now
		}
	}
	return nil
}

func (b *Bare) account(id ident.Account) *ledger.Account {
	for _, a := range b.accounts {
		if a.ID == id && id != "" {
			return a
		}
	}
	a := &ledger.Account{ID: ident.New[ident.Account](b.ids)}
	b.accounts = append(b.accounts, a)
	b.rows[a.ID] = map[ident.Transaction]ledger.Transaction{}
	return a
}

func (b *Bare) feed(a *ledger.Account, channel string, r ledger.Report, run *synchronization.Synchronization) {
	before := *a
	a.FedBy, a.LastAttemptAt, a.Status, a.Type, a.Name, a.IBAN = channel, b.now, r.Status, r.Type, r.Name, r.IBAN
	a.Number, a.Currency, a.BankID, a.StableID = r.Number, r.Currency, r.BankID, r.StableID
	if len(r.Balances) > 0 {
		a.Balances = r.Balances
		a.Balance, a.BalanceAsOf = ledger.BalanceOf(r.Balances, a.CreditLimit)
	}
	reading := ledger.Reading{
		Account: *a, Rows: r.Rows, Partial: !r.Read, Now: b.now, Today: b.day(b.now),
		NewID:    func() ident.Transaction { return ident.New[ident.Transaction](b.ids) },
		Describe: func(row ledger.Row) ledger.Description { return ledger.Description{Label: row.Label} },
	}
	if r.Read {
		reading.Covered = ledger.Window{From: r.From, To: r.To}
	}
	from, to := ledger.Reach(r.Rows, reading.Covered, reading.Today)
	var known []ledger.Transaction
	for _, row := range b.rows[a.ID] {
		if row.EffectiveDate >= from && row.EffectiveDate <= to {
			known = append(known, row)
		}
	}
	changes := ledger.Reconcile(known, reading)
	for _, row := range changes.Store() {
		b.rows[a.ID][row.ID] = row
	}
	if r.Read {
		a.LastSuccessAt = b.now
		if !before.LastSuccessAt.IsZero() && before.LastAttemptAt.Equal(before.LastSuccessAt) {
			check := ledger.CheckBalance(ledger.BookedBalance(before.Balances), ledger.BookedBalance(r.Balances), changes.Booked, b.ear.bank.Life.Habits.Told())
			check = check.Since(b.checks[a.ID])
			b.checks[a.ID] = append([]ledger.BalanceRecord{{Integrity: check}}, b.checks[a.ID]...)
			run.Accounts = append(run.Accounts, synchronization.AccountOutcome{AccountID: a.ID, Integrity: string(check.State)})
		} else {
			b.checks[a.ID] = nil
		}
	}
}

// Rows are an account's rows from a day on, tombstones included.
func (b *Bare) Rows(_ context.Context, account ident.Account, from bank.Day) ([]ledger.Transaction, error) {
	var rows []ledger.Transaction
	for _, row := range b.rows[account] {
		if row.EffectiveDate >= from {
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, func(x, y ledger.Transaction) int { return slices.Compare([]byte(x.ID), []byte(y.ID)) })
	return rows, nil
}
