package synchronizing_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// archive is a bank that keeps a year of rows in each account, one every ten
// days, and shows what it is asked for.
type archive struct {
	accounts []string
	// nameless accounts have no id of the bank's.
	nameless bool
	// broken is what stands in the way of an account, or of all ("").
	broken func(req port.Fetch, account string) error
}

const tenDays = 10 * 24 * time.Hour

func (a archive) fetch(_ context.Context, req port.Fetch, sink port.Sink) error {
	for _, name := range a.accounts {
		report := ledger.Report{BankID: name, StableID: true, Type: bank.Checkings, Status: ledger.Active, IBAN: "FR76" + name, Currency: "EUR"}
		if a.nameless {
			report.BankID, report.StableID = "", false
		}
		if err := sink.Account(name, report); err != nil {
			return err
		}
	}
	for _, name := range a.accounts {
		if slices.Contains(req.Skip, name) {
			continue
		}
		if err := a.account(req, sink, name); err != nil {
			return err
		}
	}
	return a.stands(req, "")
}

func (a archive) stands(req port.Fetch, account string) error {
	if a.broken == nil {
		return nil
	}
	return a.broken(req, account)
}

func (a archive) account(req port.Fetch, sink port.Sink, name string) error {
	from, named := req.Window.From[name]
	if !named {
		from = req.Window.Default
	}
	if err := a.stands(req, name); err != nil {
		failure := new(port.Failure)
		if !errors.As(err, &failure) || failure.Whose == port.Host {
			return err
		}
		return sink.Failed(name, port.ScopeTransactions, failure)
	}
	var rows []ledger.Row
	for day := range 37 {
		row := ledger.Row{
			BankID: fmt.Sprint(name, day), Amount: money.Must("-1.00", "EUR"), Status: ledger.Booked, Label: "TEN DAYS",
			BookingDate: bank.DayOf(epoch.Add(-time.Duration(day) * tenDays)),
		}
		if row.BookingDate >= from && row.BookingDate <= req.Window.To {
			rows = append(rows, row)
		}
	}
	return errors.Join(
		sink.Progress(synchronization.StageFull, 0, 1),
		sink.Balances(name, []ledger.Balance{{Type: ledger.BalanceBooked, Amount: money.Must("100.00", "EUR"), AsOf: epoch}}),
		sink.Rows(name, rows), sink.Done(name, from, req.Window.To),
	)
}

// old tells the reading of what is older from that of what is recent.
func old(req port.Fetch) bool { return req.Window.Default == "" }

func outage() error { return &port.Failure{Code: port.ProviderUnavailable, Whose: port.Bank} }

func (w *world) shows(a archive) *world {
	w.bank.fetch = a.fetch
	return w
}

// histories are those of all accounts, in the order of the bank's ids.
func (w *world) histories() (all []ledger.History) {
	accounts := w.accounts()
	slices.SortFunc(accounts, func(a, b ledger.Account) int { return strings.Compare(a.BankID, b.BankID) })
	for _, a := range accounts {
		all = append(all, a.History)
	}
	return all
}

// stages that were told, in their order.
func (w *world) stages() (all []string) {
	for _, e := range w.events() {
		if e.Name == event.SynchronizationStage {
			all = append(all, fmt.Sprint(e.Data["stage"]))
		}
	}
	return all
}

func TestFullHistory(t *testing.T) {
	t.Parallel()
	const year = 37

	t.Run("Comes_after_what_is_recent_is_there_to_see", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		seen := 0
		w.shows(archive{accounts: []string{"a", "b"}, broken: func(req port.Fetch, account string) error {
			if old(req) && account == "a" {
				seen = len(w.rows())
				require.Equal(t, 1, w.count(event.TransactionsAdded), "told before the rest is read")
				require.Equal(t, 1, w.count(event.AccountsAdded))
				require.Equal(t, "100.00", w.accounts()[0].Balance.Decimal())
				require.Equal(t, []ledger.History{ledger.Recent, ledger.Recent}, w.histories())
			}
			return nil
		}})
		c := w.connect()
		w.work(c.LastSynchronizationID)
		require.Equal(t, 2*10, seen, "ninety days of both")
		require.Len(t, w.rows(), 2*year)
		require.Equal(t, []ledger.History{ledger.Complete, ledger.Complete}, w.histories())
		run := w.run(c.LastSynchronizationID)
		require.Equal(t, synchronization.Success, run.Status)
		for _, outcome := range run.Accounts {
			require.Equal(t, synchronization.OutcomeSuccess, outcome.Outcome)
			require.Equal(t, string(ledger.NotComputable), outcome.Integrity, "old rows explain no balance")
		}
		require.Equal(t, []string{"CONNECT", "RECENT", "FULL", "FINISH"}, w.stages())
		require.Equal(t, connection.Success, w.connection(c.ID).Status)
		require.Equal(t, 1, w.bank.ended)
		window := w.bank.fetched[1].Window
		require.Equal(t, port.Window{To: bank.DayOf(epoch).AddDays(14 - 90)}, window, "it overlaps with the recent rows, no more")

		w.pass(time.Hour)
		again := w.again(c, synchronization.All)
		require.Equal(t, string(ledger.Proven), again.Accounts[0].Integrity)
		require.Len(t, w.bank.fetched, 3, "nothing lacks")
		require.Len(t, w.rows(), 2*year)
	})

	t.Run("Of_an_account_without_an_id_of_the_banks", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t).shows(archive{accounts: []string{"a"}, nameless: true})
		c := w.connect()
		w.work(c.LastSynchronizationID)
		require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
		require.Len(t, w.rows(), year)
		require.Equal(t, []ledger.History{ledger.Complete}, w.histories())
	})

	t.Run("Fails_for_one_account_and_the_next_run_goes_on_with_it", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		down := true
		w.shows(archive{accounts: []string{"a", "b"}, broken: func(req port.Fetch, account string) error {
			if old(req) && account == "a" && down {
				return outage()
			}
			return nil
		}})
		c := w.connect()
		w.work(c.LastSynchronizationID)
		run := w.run(c.LastSynchronizationID)
		require.Equal(t, synchronization.Partial, run.Status)
		require.Equal(t, synchronization.OutcomePartial, run.Accounts[0].Outcome)
		require.Equal(t, "PROVIDER_UNAVAILABLE", run.Accounts[0].Problem.Code)
		require.NotEmpty(t, run.Accounts[0].Problem.Message["fr"])
		require.Equal(t, synchronization.OutcomeSuccess, run.Accounts[1].Outcome)
		require.Equal(t, connection.ChannelPartial, w.connection(c.ID).Channels[0].Status)
		require.Equal(t, []ledger.History{ledger.Recent, ledger.Complete}, w.histories())
		require.Equal(t, ledger.Active, w.byBank("a").Status, "what is recent was read")
		require.Equal(t, w.now(), w.byBank("a").LastSuccessAt)
		require.Len(t, w.rows(), 10+year)

		down = false
		w.pass(time.Hour)
		require.Equal(t, synchronization.Success, w.again(c, synchronization.All).Status)
		require.Equal(t, []string{"b"}, w.bank.fetched[3].Skip, "only what lacks is asked for")
		require.Equal(t, []ledger.History{ledger.Complete, ledger.Complete}, w.histories())
		require.Len(t, w.rows(), 2*year)
	})

	t.Run("Breaks_off_and_keeps_the_accounts_before_it", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t).shows(archive{accounts: []string{"a", "b"}, broken: func(req port.Fetch, account string) error {
			if old(req) && account == "b" {
				return &port.Failure{Code: port.SessionLost, Whose: port.Host}
			}
			return nil
		}})
		c := w.connect()
		w.work(c.LastSynchronizationID)
		run := w.run(c.LastSynchronizationID)
		require.Equal(t, synchronization.Partial, run.Status)
		require.Equal(t, []string{synchronization.OutcomeSuccess, synchronization.OutcomePartial}, []string{run.Accounts[0].Outcome, run.Accounts[1].Outcome})
		require.Equal(t, []ledger.History{ledger.Complete, ledger.Recent}, w.histories())
		require.Len(t, w.rows(), year+10)
		require.Len(t, w.bank.begun, 1, "nobody is asked again for the sake of old rows")
	})

	t.Run("A_plugin_that_leaves_it_out_is_told", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		all := archive{accounts: []string{"a"}}
		w.bank.fetch = func(ctx context.Context, req port.Fetch, sink port.Sink) error {
			if old(req) {
				return nil
			}
			return all.fetch(ctx, req, sink)
		}
		c := w.connect()
		w.work(c.LastSynchronizationID)
		require.Equal(t, "TECHNICAL_ERROR", w.run(c.LastSynchronizationID).Accounts[0].Problem.Code)
	})

	t.Run("A_crash_between_loses_nothing_and_reads_nothing_twice", func(t *testing.T) {
		t.Parallel()
		for _, at := range []string{"a", "b", ""} {
			w := newWorld(t)
			ctx, crash := context.WithCancel(w.ctx)
			crashed := false
			w.shows(archive{accounts: []string{"a", "b"}, broken: func(req port.Fetch, account string) error {
				if old(req) && account == at && !crashed {
					crashed = true
					crash()
					return ctx.Err()
				}
				return nil
			}})
			c := w.connect()
			require.Error(t, w.worker.Handle(ctx, string(c.LastSynchronizationID)))
			require.Equal(t, synchronization.Running, w.run(c.LastSynchronizationID).Status)
			w.pass(time.Minute)
			w.worker.Owner = "there"
			w.work(c.LastSynchronizationID)
			run := w.run(c.LastSynchronizationID)
			require.Equal(t, synchronization.Success, run.Status)
			require.Equal(t, string(ledger.NotComputable), run.Accounts[0].Integrity)
			require.Len(t, w.rows(), 2*year)
			require.Len(t, w.bank.fetched, 3)
			require.True(t, old(w.bank.fetched[2]), "what is recent was entered")
			require.Equal(t, []ledger.History{ledger.Complete, ledger.Complete}, w.histories())
		}
	})

	t.Run("That_kills_whoever_reads_it_is_given_up_and_the_rest_stays", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t).shows(archive{accounts: []string{"a"}, broken: func(req port.Fetch, _ string) error {
			if old(req) {
				panic("killed")
			}
			return nil
		}})
		c := w.connect()
		for range 7 {
			func() {
				defer func() { _ = recover() }()
				_ = w.worker.Handle(w.ctx, string(c.LastSynchronizationID))
			}()
			w.pass(time.Minute)
		}
		w.work(c.LastSynchronizationID)
		run := w.run(c.LastSynchronizationID)
		require.Equal(t, synchronization.Partial, run.Status)
		require.Equal(t, synchronization.OutcomePartial, run.Accounts[0].Outcome)
		require.Len(t, w.rows(), 10)
	})

	t.Run("Cancelled_keeps_what_is_recent_and_what_that_means", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := w.connect()
		w.shows(archive{accounts: []string{"a"}, broken: func(req port.Fetch, _ string) error {
			if old(req) {
				_, err := w.runs.Cancel(w.ctx, w.asker, string(c.LastSynchronizationID))
				require.NoError(t, err)
			}
			return nil
		}})
		w.work(c.LastSynchronizationID)
		require.Equal(t, synchronization.Cancelled, w.run(c.LastSynchronizationID).Status)
		require.Equal(t, connection.Success, w.connection(c.ID).Status)
		require.Len(t, w.rows(), 10)
		require.Positive(t, w.bank.ended)
	})
}

// TestFullHistory_is_asked_for_when_the_bank_gives_it walks through who asks how.
func TestFullHistory_is_asked_for_when_the_bank_gives_it(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		channel string
		trigger synchronization.Trigger
		alone   bool
		asked   bool
		kind    synchronization.Type
		want    bool
	}{
		"a_first_run":                            {redirectID, synchronization.Connect, false, false, synchronization.All, true},
		"the_user_at_a_web_site":                 {channelID, synchronization.Manual, false, false, synchronization.All, true},
		"the_user_without_an_authentication":     {redirectID, synchronization.Manual, false, false, synchronization.All, false},
		"the_user_after_an_authentication":       {redirectID, synchronization.Manual, false, true, synchronization.All, true},
		"nobody_at_a_web_site":                   {channelID, synchronization.Scheduled, true, false, synchronization.All, false},
		"nobody":                                 {redirectID, synchronization.Scheduled, true, false, synchronization.All, false},
		"a_list_of_accounts_at_an_authenticated": {redirectID, synchronization.Manual, false, true, synchronization.ListAccounts, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			down := true
			w.shows(archive{accounts: []string{"a"}, broken: func(req port.Fetch, account string) error {
				if old(req) && account == "a" && down {
					return outage()
				}
				return nil
			}})
			made := w.connectBy(c.channel)
			w.work(made.LastSynchronizationID)
			require.Equal(t, []ledger.History{ledger.Recent}, w.histories())
			down = false
			fetched := len(w.bank.fetched)
			if c.asked {
				w.bank.begin = func(port.Begin) (port.Step, error) { return asks(connection.Form, false), nil }
			}
			if c.alone {
				w.asker.PSU = nil
			}
			run := w.queue(made, c.trigger, c.kind)
			w.work(run.ID)
			if c.asked {
				w.answerWith(made, "1")
				w.work(run.ID)
			}
			require.Equal(t, synchronization.Success, w.run(run.ID).Status)
			require.Len(t, w.bank.fetched, map[bool]int{false: fetched + 1, true: fetched + 2}[c.want])
			want := map[bool]ledger.History{false: ledger.Recent, true: ledger.Complete}[c.want]
			require.Equal(t, []ledger.History{want}, w.histories())
		})
	}
}
