package conformance

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/eidas"
	"github.com/tributary-dev/tributary/plugins/psd2/bankhttp"
	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/operator"
	"github.com/tributary-dev/tributary/plugins/psd2/stet"
	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/testbank/bank"
)

// frenchFile is the bank of the other flows with a card that its account pays once a month.
func frenchFile(settings string) string {
	text := strings.Replace(bankFile, "{page_size: 2,", "{page_size: 2, stet: {"+settings+"},", 1)
	text = strings.Replace(text, "    credit_limit: 1000.00\n", "    settled_on: current\n    settled_day: 31\n", 1)
	text = strings.Replace(text, "    co_owners: [texted, phoned, chooser, reader, weekly]\n", "", 1)
	for i, owner := range []string{"texted", "weekly"} {
		text += fmt.Sprintf("  - {ref: %[1]s-current, owner: %[1]s, type: CHECKINGS, name: Current, number: '0000%[2]d', currency: EUR, balance: 1.00}\n", owner, i)
	}
	return text
}

// french is the plugin before the test bank's interface of STET.
type frenchWorld struct {
	*world
	// entry is what the catalogue says beside the addresses.
	entry string
}

func openFrench(t *testing.T, settings, entry string) *frenchWorld {
	t.Helper()
	w := &frenchWorld{openWith(t, frenchFile(settings)), entry}
	w.tap.below = "/stet/"
	return w
}

// speaks makes a dialect of the plugin for a company.
func (w *frenchWorld) speaks(who eidas.Organization) *stet.Dialect {
	w.t.Helper()
	entry, scope := w.entry, "aisp extended_transaction_history"
	if rest, short := strings.CutPrefix(entry, "90 days, "); short {
		entry, scope = rest, "aisp"
	}
	version := "v1"
	if rest, other := strings.CutPrefix(entry, "v1.4, "); other {
		entry, version = rest, "v1.4"
	}
	if !strings.Contains(entry, "signature:") {
		entry += ", signature: {}"
	}
	text := fmt.Sprintf("{id: banque, name: Banque, country: FR, standard: stet, version: '1.4.0', addresses: {api: '%[1]s/stet', version_path: %[4]s}, sca: {approaches: [redirect]}, "+
		"oauth: {kind: pre-step, authorization: '%[1]s/stet/authorize', token: '%[1]s/stet/token', scope: %[2]s}, %[3]s}", w.base, scope, entry, version)
	bank, err := catalogue.Parse("banque.yaml", []byte(text), map[string]catalogue.Quirks{catalogue.STET: stet.Quirks()})
	require.NoError(w.t, err)
	p := w.party(who)
	identity := operator.Identity{Transport: p.transport, Seal: p.seal, Roots: w.authority.Pool(), ClientID: who.ID}
	identity.Seal.Address = "https://" + strings.ToLower(who.ID) + ".example/qseal.pem"
	w.seals.Store(identity.Seal.Address, identity.Seal.Certificate)
	line, err := bankhttp.New(bank, identity)
	require.NoError(w.t, err)
	return &stet.Dialect{Bank: bank, Identity: identity, Line: line, Now: w.clock, Random: rand.Reader}
}

// agrees is a customer who goes through the bank's pages.
func (w *frenchWorld) agrees(d *stet.Dialect, login string) (sdk.Step, error) {
	w.t.Helper()
	step, err := d.Begin(w.t.Context(), sdk.BeginRequest{PSU: someone, ReturnURL: returnURL, ReturnState: "s-1"})
	require.NoError(w.t, err)
	require.Equal(w.t, sdk.ChallengeRedirect, step.Challenge.Type)
	back := w.onPage(w.follow(step.Challenge.URL), login, "approve")
	require.Equal(w.t, "s-1", back.Get("state"))
	return d.Continue(w.t.Context(), sdk.ContinueRequest{PSU: someone, Answers: sdk.Secrets{"code": back.Get("code")}, State: step.Challenge.State})
}

func (w *frenchWorld) connected(d *stet.Dialect, login string) *sdk.Ready {
	w.t.Helper()
	done, err := w.agrees(d, login)
	require.NoError(w.t, err)
	require.NotNil(w.t, done.Ready)
	return done.Ready
}

func (w *frenchWorld) fetch(d *stet.Dialect, ready *sdk.Ready, psu *sdk.PSU) (*sink, error) {
	s := &sink{}
	return s, d.Fetch(w.t.Context(), sdk.FetchRequest{
		PSU: psu, Mode: sdk.FetchAll, State: ready.State, Secrets: ready.Secrets, Window: sdk.Window{Default: "2026-01-01", To: "2026-03-14"},
	}, s)
}

// whole reads everything that plain has and says what it was.
func (w *frenchWorld) whole(d *stet.Dialect, ready *sdk.Ready, psu *sdk.PSU) {
	w.t.Helper()
	s, err := w.fetch(d, ready, psu)
	require.NoError(w.t, err)
	require.Empty(w.t, itemsOf[sdk.AccountFailureItem](s))
	var told []string
	for _, item := range itemsOf[sdk.TransactionsItem](s) {
		for _, r := range item.Transactions {
			told = append(told, fmt.Sprint(r.Amount, " ", r.Status, " ", r.BookingDate, " ", r.TransactionDate, " ", r.Label))
		}
	}
	require.Equal(w.t, []string{
		"-3.00 PENDING  2026-03-14 three", "2.00 BOOKED 2026-03-13 2026-03-13 two", "-1.00 BOOKED 2026-03-12 2026-03-12 one", "-0.50 BOOKED 2026-02-01 2026-01-31 old",
		"-12.30 BOOKED 2026-03-10 2026-03-10 Shop",
	}, told)
	accounts := itemsOf[sdk.AccountItem](s)
	require.Len(w.t, accounts, 2)
	require.Equal(w.t, sdk.CreditCard, accounts[1].Account.Type)
	require.Equal(w.t, "Card Ann 31/03/2026", accounts[1].Account.Name)
	require.Equal(w.t, accounts[0].Account.Ref, accounts[1].Account.Parent)
	balances := itemsOf[sdk.BalancesItem](s)
	require.Len(w.t, balances, 2)
	require.Equal(w.t, "100.00", balances[0].Balances[0].Amount)
	require.Equal(w.t, "-12.30", balances[1].Balances[0].Amount)
	require.Equal(w.t, sdk.BalanceBooked, balances[1].Balances[0].Type)
}

const (
	mixed = "consent: {model: mixed}"
	full  = "consent: {model: full}"
)

// frenchFlows are whole lives of a consent, in which the bank does what the description has.
var frenchFlows = map[string]func(t *testing.T) *frenchWorld{
	"mixed": frenchMixed, "names": frenchNames, "full": frenchFull, "tokens": frenchTokens, "refused": frenchRefused, "quota": frenchQuota, "end": frenchEnd, "company": frenchCompany,
	"role": frenchRole, "untold": frenchUntold, "recent": frenchRecent, "nothing": frenchNothing,
	"from the root": func(t *testing.T) *frenchWorld { return frenchLinks(t, "relative") }, "whole links": func(t *testing.T) *frenchWorld { return frenchLinks(t, "absolute") },
	"texted": func(t *testing.T) *frenchWorld {
		w := openFrench(t, "", mixed)
		d := w.speaks(company)
		step, err := d.Begin(t.Context(), sdk.BeginRequest{PSU: someone, ReturnURL: returnURL, ReturnState: "s-1"})
		require.NoError(t, err)
		page := w.follow(step.Challenge.URL)
		w.post(page, url.Values{"login": {"texted"}, "password": {"canary-password"}})
		w.post(page, url.Values{"code": {"123456"}})
		at, _ := w.post(page, url.Values{"decision": {"approve"}})
		back, err := url.Parse(at)
		require.NoError(t, err)
		done, err := d.Continue(t.Context(), sdk.ContinueRequest{PSU: someone, Answers: sdk.Secrets{"code": back.Query().Get("code")}, State: step.Challenge.State})
		require.NoError(t, err)
		require.NotNil(t, done.Ready)
		return w
	},
}

func TestFrenchFlows(t *testing.T) {
	t.Parallel()
	for name, play := range frenchFlows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := play(t)
			for _, e := range w.tap.all() {
				require.NotContains(t, string(e.received), "canary-password")
			}
		})
	}
}

// frenchMixed tells the bank which accounts are read, and in the end that none is.
func frenchMixed(t *testing.T) *frenchWorld {
	w := openFrench(t, "", mixed)
	d := w.speaks(company)
	ready := w.connected(d, "plain")
	require.Equal(t, "2026-09-10", ready.Consent.ValidUntil.Format(time.DateOnly))
	require.Len(t, ready.Consent.Accounts, 2)
	w.whole(d, ready, someone)
	w.whole(d, ready, nil)
	require.NoError(t, d.End(t.Context(), sdk.EndRequest{Secrets: ready.Secrets, Revoke: true}))
	s, err := w.fetch(d, ready, nil)
	require.NoError(t, err)
	require.NotEmpty(t, itemsOf[sdk.AccountFailureItem](s), "nothing may be read any more")
	require.Empty(t, itemsOf[sdk.TransactionsItem](s))
	return w
}

// frenchNames has the user share who owns the accounts, too.
func frenchNames(t *testing.T) *frenchWorld {
	w := openFrench(t, "", mixed)
	for entry, holder := range map[string]string{"consent: {model: mixed, owner_names: true}": "Ann", mixed: ""} {
		w.entry = entry
		d := w.speaks(company)
		s, err := w.fetch(d, w.connected(d, "plain"), nil)
		require.NoError(t, err)
		require.Equal(t, holder, itemsOf[sdk.AccountItem](s)[0].Account.Holder)
	}
	return w
}

// frenchFull tells the bank nothing.
func frenchFull(t *testing.T) *frenchWorld {
	w := openFrench(t, "consents: full", full)
	d := w.speaks(company)
	ready := w.connected(d, "plain")
	w.whole(d, ready, someone)
	s, err := w.fetch(d, ready, nil)
	require.NoError(t, err)
	require.Equal(t, "Ann", itemsOf[sdk.AccountItem](s)[0].Account.Holder)
	fails(t, sdk.NotSupported, d.End(t.Context(), sdk.EndRequest{Secrets: ready.Secrets, Revoke: true}))
	return w
}

// later lets time pass that tokens live in.
func (w *world) later(by time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(by)
}

// frenchTokens renews a token by Refresh alone; each refresh token works once, and codes too.
func frenchTokens(t *testing.T) *frenchWorld {
	w := openFrench(t, "", mixed)
	d := w.speaks(company)
	step, err := d.Begin(t.Context(), sdk.BeginRequest{PSU: someone, ReturnURL: returnURL, ReturnState: "s-1"})
	require.NoError(t, err)
	_, err = d.Continue(t.Context(), sdk.ContinueRequest{PSU: someone, Answers: sdk.Secrets{"code": "cod_guessed"}, State: step.Challenge.State})
	fails(t, sdk.ChallengeExpired, err)
	ready := w.connected(d, "plain")
	w.later(11 * time.Minute)
	_, err = w.fetch(d, ready, nil)
	fails(t, sdk.SecretStale, err)
	renewed, err := d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: ready.Secrets})
	require.NoError(t, err)
	w.whole(d, &renewed, nil)
	_, err = d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: ready.Secrets})
	fails(t, sdk.TokenExpired, err)
	return w
}

func frenchRefused(t *testing.T) *frenchWorld {
	w := openFrench(t, "", mixed)
	d := w.speaks(company)
	step, err := d.Begin(t.Context(), sdk.BeginRequest{PSU: someone, ReturnURL: returnURL, ReturnState: "s-1"})
	require.NoError(t, err)
	back := w.onPage(w.follow(step.Challenge.URL), "plain", "refuse")
	_, err = d.Continue(t.Context(), sdk.ContinueRequest{PSU: someone, Answers: sdk.Secrets{"error": back.Get("error")}, State: step.Challenge.State})
	fails(t, sdk.Refused, err)
	return w
}

// frenchQuota is a batch of four a day where the customer's file says nothing; with the customer there nothing is counted.
func frenchQuota(t *testing.T) *frenchWorld {
	w := openFrench(t, "", mixed)
	d := w.speaks(company)
	ready := w.connected(d, "plain")
	for range 4 {
		w.whole(d, ready, nil)
	}
	_, err := w.fetch(d, ready, nil)
	failure := fails(t, sdk.RateLimited, err)
	require.WithinDuration(t, w.clock().Add(24*time.Hour), failure.RetryAt, time.Minute)
	w.whole(d, ready, someone)
	w.bank.MoveClock(25 * time.Hour)
	s, err := w.fetch(d, ready, nil)
	require.NoError(t, err)
	require.Empty(t, itemsOf[sdk.AccountFailureItem](s))
	return w
}

// frenchEnd is a consent that is over: neither data nor tokens, and Begin asks anew.
func frenchEnd(t *testing.T) *frenchWorld {
	w := openFrench(t, "", mixed)
	d := w.speaks(company)
	ready := w.connected(d, "weekly")
	w.bank.MoveClock(8 * 24 * time.Hour)
	_, err := w.fetch(d, ready, nil)
	fails(t, sdk.SecretStale, err)
	_, err = d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: ready.Secrets})
	fails(t, sdk.TokenExpired, err)
	w.connected(d, "weekly")
	return w
}

// frenchCompany shows a token to a bank as another company than the one that it was given to.
func frenchCompany(t *testing.T) *frenchWorld {
	w := openFrench(t, "", mixed)
	ready := w.connected(w.speaks(company), "plain")
	other := company
	other.ID = "PSDDE-BAFIN-99"
	before := len(w.tap.all())
	_, err := w.fetch(w.speaks(other), ready, nil)
	require.Equal(t, sdk.Host, fails(t, sdk.Technical, err).Whose)
	require.Len(t, w.tap.all(), before, "the bank is not asked, whose word would be that for a consent that is over")
	ready.Secrets.Data = bytes.Replace(ready.Secrets.Data, []byte(company.ID), []byte(other.ID), 1)
	_, err = w.fetch(w.speaks(other), ready, nil)
	fails(t, sdk.SecretStale, err)
	_, err = w.speaks(other).Refresh(t.Context(), sdk.RefreshRequest{Secrets: ready.Secrets})
	fails(t, sdk.TokenExpired, err)
	return w
}

func frenchRole(t *testing.T) *frenchWorld {
	w := openFrench(t, "", mixed)
	wrong := company
	wrong.Roles = []eidas.Role{eidas.PaymentInitiation}
	_, err := w.agrees(w.speaks(wrong), "plain")
	require.Equal(t, sdk.Host, fails(t, sdk.Technical, err).Whose)
	return w
}

// frenchUntold has the bank forget what it was told, as banks do that are told something else elsewhere: it is told again
// where the user is there, and not before.
func frenchUntold(t *testing.T) *frenchWorld {
	w := openFrench(t, "", mixed)
	d := w.speaks(company)
	first, second := w.connected(d, "plain"), w.connected(d, "plain")
	require.NoError(t, d.End(t.Context(), sdk.EndRequest{Secrets: second.Secrets, Revoke: true}))
	s, err := w.fetch(d, first, nil)
	require.NoError(t, err)
	require.NotEmpty(t, itemsOf[sdk.AccountFailureItem](s), "the bank has one word for the customer, whichever token it came with")
	w.whole(d, first, someone)
	w.whole(d, first, nil)
	return w
}

// frenchRecent has rows of 90 days, without the scope for more; asking for more is refused.
func frenchRecent(t *testing.T) *frenchWorld {
	w := openFrench(t, "", "90 days, "+mixed+", history: {days: 90}")
	d := w.speaks(company)
	w.whole(d, w.connected(d, "plain"), someone)
	w.entry = "90 days, " + mixed
	d = w.speaks(company)
	ready := w.connected(d, "plain")
	s := &sink{}
	require.NoError(t, d.Fetch(t.Context(), sdk.FetchRequest{PSU: someone, Mode: sdk.FetchAll, State: ready.State, Secrets: ready.Secrets, Window: sdk.Window{Default: "2025-01-01", To: "2026-03-14"}}, s))
	failed := itemsOf[sdk.AccountFailureItem](s)
	require.NotEmpty(t, failed)
	require.Equal(t, sdk.Blocked, failed[0].Failure.Code)
	return w
}

// frenchNothing has no row in the time that is asked for.
func frenchNothing(t *testing.T) *frenchWorld {
	w := openFrench(t, "", mixed)
	d := w.speaks(company)
	ready := w.connected(d, "metered")
	s, err := w.fetch(d, ready, nil)
	require.NoError(t, err)
	require.Empty(t, itemsOf[sdk.AccountFailureItem](s))
	return w
}

// frenchLinks has the bank write its links in another way.
func frenchLinks(t *testing.T, how string) *frenchWorld {
	text := strings.Replace(frenchFile(""), "{page_size: 2,", "{page_size: 2, feed: {links: "+how+", repeat_last_row: true},", 1)
	w := &frenchWorld{openWith(t, text), mixed}
	w.tap.below = "/stet/"
	d := w.speaks(company)
	w.whole(d, w.connected(d, "plain"), someone)
	return w
}

// What a bank does in another way than the standard has it is understood, by a named quirk or without one.
func TestFrenchDeviations(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ bank, entry string }{
		"another version":    {"path: v1.4", "v1.4, " + mixed},
		"fewer headers":      {"covered: least", mixed + `, signature: {headers: ["(request-target)", "digest", "x-request-id"]}`},
		"days":               {"filters: days", mixed + ", quirks: [dates-are-days]"},
		"an object":          {"remittance: object", mixed},
		"a text":             {"remittance: text", mixed},
		"signs":              {"amounts: signed", mixed},
		"numbers":            {"amounts: numbers", mixed},
		"balances with it":   {"balances: inline", mixed},
		"debts are positive": {"owed: positive", mixed + ", quirks: [owed-is-positive]"},
		"empty answers":      {"nothing: empty", mixed},
		"json":               {"media: json", mixed},
		"a lasting token":    {"refresh: kept", mixed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := openFrench(t, c.bank, c.entry)
			d := w.speaks(company)
			ready := w.connected(d, "plain")
			w.whole(d, ready, someone)
			for range 2 {
				renewed, err := d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: ready.Secrets})
				require.NoError(t, err)
				ready = &renewed
			}
			w.whole(d, ready, nil)
		})
	}
	t.Run("four balances", func(t *testing.T) {
		t.Parallel()
		w := openFrench(t, "balances: four", mixed+", quirks: [instant-is-available]")
		d := w.speaks(company)
		ready := w.connected(d, "plain")
		w.whole(d, ready, someone)
		s, err := w.fetch(d, ready, nil)
		require.NoError(t, err)
		var told []string
		for _, b := range itemsOf[sdk.BalancesItem](s)[0].Balances {
			told = append(told, fmt.Sprint(b.Type, " ", b.Amount))
		}
		require.Equal(t, []string{"BOOKED 100.00", "OTHER 100.00", "AVAILABLE 97.00", "OTHER 97.00"}, told)
	})
	t.Run("moving lines", func(t *testing.T) {
		t.Parallel()
		text := strings.Replace(frenchFile("lines: moving"), "label: two", "label: PAYMENT OF THE INVOICE 2026-117 OF MARCH AND OF WHAT WAS LEFT OF FEBRUARY", 1)
		for quirks, same := range map[string]bool{"": false, ", quirks: [lines-in-any-order]": true} {
			w := &frenchWorld{openWith(t, strings.Replace(text, "{page_size: 2,", "{page_size: 2, feed: {text: lines},", 1)), mixed + quirks}
			d := w.speaks(company)
			ready := w.connected(d, "plain")
			labels := map[string]bool{}
			for range 2 {
				s, err := w.fetch(d, ready, nil)
				require.NoError(t, err)
				labels[itemsOf[sdk.TransactionsItem](s)[0].Transactions[1].Label] = true
				w.bank.MoveClock(24 * time.Hour)
			}
			require.Equal(t, same, len(labels) == 1, "%s: %v", quirks, labels)
		}
	})
	t.Run("bare refusals", func(t *testing.T) {
		t.Parallel()
		w := openFrench(t, "errors: bare", mixed)
		d := w.speaks(company)
		ready := w.connected(d, "metered")
		_, err := w.fetch(d, ready, nil)
		require.NoError(t, err)
		_, err = w.fetch(d, ready, nil)
		fails(t, sdk.RateLimited, err)
	})
}

// A customer's consent outlives the bank where somebody keeps it, with what the bank was told.
func TestFrenchRestart(t *testing.T) {
	t.Parallel()
	w, kept := openFrench(t, "", mixed), map[string]bank.Kept{}
	w.keep(frenchFile(""), kept, nil)
	d := w.speaks(company)
	ready := w.connected(d, "plain")
	w.keep(frenchFile(""), kept, kept)
	_, err := w.fetch(d, ready, nil)
	fails(t, sdk.SecretStale, err)
	renewed, err := d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: ready.Secrets})
	require.NoError(t, err)
	w.whole(d, &renewed, nil)
}
