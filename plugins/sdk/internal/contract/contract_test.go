package contract_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/internal/contract"
)

func description() sdk.Description {
	return sdk.Description{Plugin: "bank", Version: "1.2.3-rc.1", Providers: []sdk.ProviderInfo{{
		ID: "bank-fr", Name: "Bank", Country: "FR", Zone: "Europe/Paris", LogoURL: "https://bank.example/logo.svg",
		Channels: []sdk.ChannelDefinition{{
			ID: "bank-fr.embedded", Type: sdk.Embedded, AccountTypes: []sdk.AccountType{sdk.Checkings},
			CredentialFields: []sdk.Field{
				{Name: "login", Type: sdk.FieldText, Regex: "[0-9]+", Label: sdk.Text{"en": "Login"}},
				{Name: "region", Type: sdk.FieldList, Values: []sdk.Choice{{Value: "a"}, {Value: "b"}}},
			},
		}},
	}}}
}

// A plugin that reads its banks from a catalogue may have been told of none yet.
func TestDescription_without_a_bank(t *testing.T) {
	t.Parallel()
	require.NoError(t, contract.Description(sdk.Description{Plugin: "bank", Version: "1.0.0"}))
}

func TestDescription(t *testing.T) {
	t.Parallel()
	require.NoError(t, contract.Description(description()))
	for place, change := range map[string]func(*sdk.Description){
		"plugin:":                 func(d *sdk.Description) { d.Plugin = "The Bank" },
		"version:":                func(d *sdk.Description) { d.Version = "1" },
		"providers[1].id: stands": func(d *sdk.Description) { d.Providers = append(d.Providers, d.Providers[0]) },
		"providers[0].id:":        func(d *sdk.Description) { d.Providers[0].ID = "" },
		"providers[0].name:":      func(d *sdk.Description) { d.Providers[0].Name = "" },
		"providers[0].country:":   func(d *sdk.Description) { d.Providers[0].Country = "France" },
		"providers[0].logo_url:":  func(d *sdk.Description) { d.Providers[0].LogoURL = "javascript:alert(1)" },
		"logo_url: not UTF-8":     func(d *sdk.Description) { d.Providers[0].LogoURL = "data:\xff" },
		"logo_url: wants an http": func(d *sdk.Description) { d.Providers[0].LogoURL = "file:///etc/passwd" },
		"providers[0].channels:":  func(d *sdk.Description) { d.Providers[0].Channels = nil },
		"].channels[0].id:":       func(d *sdk.Description) { channel(d).ID = "UPPER" },
		"].channels[0].type:":     func(d *sdk.Description) { channel(d).Type = "PIGEON" },
		"].channels[1].type:":     func(d *sdk.Description) { d.Providers[0].Channels = append(d.Providers[0].Channels, *channel(d)) },
		"].account_types:":        func(d *sdk.Description) { channel(d).AccountTypes = nil },
		"].maintenance[0].from:": func(d *sdk.Description) {
			d.Providers[0].Maintenance = []sdk.Maintenance{{From: "24:00", To: "05:00"}}
		},
		"].maintenance[0].zone:": func(d *sdk.Description) {
			d.Providers[0].Maintenance = []sdk.Maintenance{{From: "23:00", To: "05:00", Zone: "Nowhere"}}
		},
		"].maintenance[0].days:": func(d *sdk.Description) {
			d.Providers[0].Maintenance = []sdk.Maintenance{{Days: []time.Weekday{7}, From: "23:00", To: "05:00"}}
		},
		"providers[0].zone:":         func(d *sdk.Description) { d.Providers[0].Zone = "Europe/Nowhere" },
		"providers[0].zone: wants":   func(d *sdk.Description) { d.Providers[0].Zone = "Local" },
		"providers[0].zone: wants t": func(d *sdk.Description) { d.Providers[0].Zone = "../etc/passwd" },
		"].limits:":                  func(d *sdk.Description) { channel(d).Limits.HistoryDays = -1 },
		"fields[0].name:":            func(d *sdk.Description) { channel(d).CredentialFields[0].Name = "a b" },
		"fields[1].name: stands":     func(d *sdk.Description) { channel(d).CredentialFields[1].Name = "login" },
		"fields[0].type:":            func(d *sdk.Description) { channel(d).CredentialFields[0].Type = "" },
		"fields[0].regex: does":      func(d *sdk.Description) { channel(d).CredentialFields[0].Regex = "(" },
		"fields[0].regex: more":      func(d *sdk.Description) { channel(d).CredentialFields[0].Regex = strings.Repeat("a", 2000) },
		"fields[0].label: more":      func(d *sdk.Description) { channel(d).CredentialFields[0].Label["en"] = strings.Repeat("a", 9000) },
		"fields[0].label: not":       func(d *sdk.Description) { channel(d).CredentialFields[0].Label["en"] = "\xff" },
		"fields[1].values: a list":   func(d *sdk.Description) { channel(d).CredentialFields[1].Values = nil },
		"values[1].value: stands":    func(d *sdk.Description) { channel(d).CredentialFields[1].Values[1].Value = "a" },
	} {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			d := description()
			change(&d)
			require.ErrorContains(t, contract.Description(d), place)
		})
	}
}

func channel(d *sdk.Description) *sdk.ChannelDefinition { return &d.Providers[0].Channels[0] }

func TestStep(t *testing.T) {
	t.Parallel()
	form := func(change func(*sdk.Challenge)) sdk.Step {
		c := &sdk.Challenge{
			ID: "1", Type: sdk.ChallengeForm, Holding: sdk.Durable, Fields: []sdk.Field{{Name: "code", Type: sdk.FieldText}},
			State: sdk.Bundle{Version: 1, Data: []byte("x")},
		}
		change(c)
		return sdk.Step{Challenge: c}
	}
	require.NoError(t, contract.Step(form(func(*sdk.Challenge) {})))
	require.NoError(t, contract.Step(form(func(c *sdk.Challenge) { c.Resend = &sdk.Resend{Left: 2, AvailableAt: time.Unix(1<<30, 0)} })))
	require.NoError(t, contract.Step(sdk.Step{Ready: &sdk.Ready{}}))
	require.Error(t, contract.Unattended(form(func(*sdk.Challenge) {})))
	require.NoError(t, contract.Unattended(sdk.Step{Ready: &sdk.Ready{}}))
	for place, step := range map[string]sdk.Step{
		"exactly one":          {},
		"challenge.id":         form(func(c *sdk.Challenge) { c.ID = "" }),
		"challenge.type":       form(func(c *sdk.Challenge) { c.Type = "RIDDLE" }),
		"challenge.holding":    form(func(c *sdk.Challenge) { c.Holding = "" }),
		"challenge.fields":     form(func(c *sdk.Challenge) { c.Fields = nil }),
		"challenge.options":    form(func(c *sdk.Challenge) { c.Type = sdk.ChallengeOptions }),
		"challenge.image":      form(func(c *sdk.Challenge) { c.Type = sdk.ChallengeImage }),
		"image.media_type":     form(func(c *sdk.Challenge) { c.Image = &sdk.Image{MediaType: "image/svg+xml"} }),
		"challenge.url: a RED": form(func(c *sdk.Challenge) { c.Type = sdk.ChallengeRedirect }),
		"challenge.url: wants": form(func(c *sdk.Challenge) { c.URL = "file:///etc/passwd" }),
		"challenge.poll_after": form(func(c *sdk.Challenge) { c.PollAfter = -1 }),
		"challenge.state":      form(func(c *sdk.Challenge) { c.State.Data = make([]byte, 2<<20) }),
		"state.version":        form(func(c *sdk.Challenge) { c.State.Version = 0 }),
		"challenge.expires_at": form(func(c *sdk.Challenge) { c.ExpiresAt = time.Unix(1<<40, 0) }),
		"resend: a REDIRECT": form(func(c *sdk.Challenge) {
			c.Type, c.URL, c.Resend = sdk.ChallengeRedirect, "https://bank.example", &sdk.Resend{Left: 1}
		}),
		"resend.left":          form(func(c *sdk.Challenge) { c.Resend = &sdk.Resend{Left: -1} }),
		"resend.available_at":  form(func(c *sdk.Challenge) { c.Resend = &sdk.Resend{AvailableAt: time.Unix(1<<40, 0)} }),
		"ready.expires_at":     {Ready: &sdk.Ready{ExpiresAt: time.Unix(1<<40, 0)}},
		"consent.valid_until":  {Ready: &sdk.Ready{Consent: &sdk.Consent{ValidUntil: time.Unix(1<<40, 0)}}},
		"ready.consent.scopes": {Ready: &sdk.Ready{Consent: &sdk.Consent{Scopes: []sdk.Scope{"ALL"}}}},
	} {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			require.ErrorContains(t, contract.Step(step), place)
		})
	}
}

func account(change func(*sdk.Account)) sdk.Item {
	a := sdk.Account{
		Ref: "1", Type: sdk.Loan, Currency: "EUR", IBAN: "FR7630006000011234567890189", CreditLimit: "0.50", Status: sdk.AccountOpen,
	}
	change(&a)
	return sdk.AccountItem{Account: a}
}

func row(change func(*sdk.Transaction)) sdk.Item {
	r := sdk.Transaction{Amount: "-12.30", Currency: "EUR", Status: sdk.Booked, BookingDate: "2026-02-28"}
	change(&r)
	return sdk.TransactionsItem{Account: "1", Transactions: []sdk.Transaction{r}}
}

func amount(text string) sdk.Item { return row(func(r *sdk.Transaction) { r.Amount = text }) }

func TestItem(t *testing.T) {
	t.Parallel()
	require.NoError(t, contract.Item(account(func(*sdk.Account) {})))
	require.NoError(t, contract.Item(row(func(*sdk.Transaction) {})))
	for _, text := range []string{"0", "-0.01", "999999999999999999.99999999", "1500"} {
		require.NoError(t, contract.Item(amount(text)), text)
	}
	for _, text := range []string{"", "NaN", "1e400", "Infinity", "+1", ".5", "1.", "01", "1,5", "1 000", "٣", "0x1", strings.Repeat("9", 19)} {
		require.ErrorContains(t, contract.Item(amount(text)), "exact decimal", text)
	}
	for place, item := range map[string]sdk.Item{
		"item":                         nil,
		"account.ref":                  account(func(a *sdk.Account) { a.Ref = "" }),
		"account.type":                 account(func(a *sdk.Account) { a.Type = "SOCK" }),
		"account.iban":                 account(func(a *sdk.Account) { a.IBAN = "FR76 3000" }),
		"account.currency":             account(func(a *sdk.Account) { a.Currency = "euro" }),
		"account.credit_limit":         account(func(a *sdk.Account) { a.CreditLimit = "-1" }),
		"account.status":               account(func(a *sdk.Account) { a.Status = "LOST" }),
		"account.name: not UTF-8":      account(func(a *sdk.Account) { a.Name = "\xc3" }),
		"account.name: more":           account(func(a *sdk.Account) { a.Name = strings.Repeat("a", 9000) }),
		"account.raw":                  account(func(a *sdk.Account) { a.Raw = make([]byte, 65<<10) }),
		"transactions[0].currency":     row(func(r *sdk.Transaction) { r.Currency = "" }),
		"transactions[0].status":       row(func(r *sdk.Transaction) { r.Status = "" }),
		"transactions[0].type":         row(func(r *sdk.Transaction) { r.Type = "MAGIC" }),
		"transactions[0].booking_date": row(func(r *sdk.Transaction) { r.BookingDate = "2026-02-30" }),
		"transactions[0].value_date":   row(func(r *sdk.Transaction) { r.ValueDate = "28/02/2026" }),
		"transaction_date":             row(func(r *sdk.Transaction) { r.TransactionDate = "0001-01-01" }),
		"transactions[0].label":        row(func(r *sdk.Transaction) { r.Label = "\xff" }),
		"transactions: more than 500":  sdk.TransactionsItem{Account: "1", Transactions: make([]sdk.Transaction, 501)},
		"balances[0].type":             sdk.BalancesItem{Account: "1", Balances: []sdk.Balance{{Amount: "1", Currency: "EUR"}}},
		"progress.stage":               sdk.ProgressItem{Stage: "HALFWAY"},
		"progress: counts":             sdk.ProgressItem{Stage: sdk.StageFull, Done: 3, Total: 2},
		"account_failure.failure.code": sdk.AccountFailureItem{Account: "1", Scope: sdk.ScopeBalances},
		"account_failure.scope":        sdk.AccountFailureItem{Account: "1", Failure: *sdk.Fail(sdk.Blocked, nil)},
		"ends before":                  sdk.AccountDoneItem{Account: "1", From: "2026-02-02", To: "2026-01-01"},
		"balances[0].as_of":            sdk.BalancesItem{Account: "1", Balances: []sdk.Balance{{Type: sdk.BalanceBooked, Amount: "1", Currency: "EUR", AsOf: time.Unix(1<<40, 0)}}},
		"usage.retry_at":               sdk.UsageItem{Scope: sdk.ScopeAccounts, RetryAt: time.Unix(1<<40, 0)},
		"failure.retry_at":             sdk.AccountFailureItem{Account: "1", Scope: sdk.ScopeBalances, Failure: sdk.Failure{Code: sdk.Blocked, Whose: sdk.Bank, RetryAt: time.Unix(-1<<40, 0)}},
		"usage.count":                  sdk.UsageItem{Scope: sdk.ScopeAccounts, Count: -1},
	} {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			require.ErrorContains(t, contract.Item(item), place)
		})
	}
}

func TestAComplaintNeverQuotes(t *testing.T) {
	t.Parallel()
	for _, err := range []error{
		contract.Item(row(func(r *sdk.Transaction) { r.Amount, r.Currency, r.BookingDate = "canary", "canary", "canary" })),
		contract.Failure(sdk.Failure{Code: "canary", Whose: "canary", URL: "canary", Fields: []string{"can ary"}}),
	} {
		require.Error(t, err)
		require.NotContains(t, err.Error(), "can")
	}
}

func TestStream(t *testing.T) {
	t.Parallel()
	one := account(func(*sdk.Account) {})
	done := sdk.AccountDoneItem{Account: "1"}
	rows := row(func(*sdk.Transaction) {})
	for name, c := range map[string]struct {
		items  []sdk.Item
		reason string
	}{
		"in order":              {[]sdk.Item{sdk.UsageItem{Scope: sdk.ScopeAccounts}, one, rows, rows, done}, ""},
		"rows first":            {[]sdk.Item{rows}, "not told before"},
		"balances first":        {[]sdk.Item{sdk.BalancesItem{Account: "1"}}, "not told before"},
		"done first":            {[]sdk.Item{done}, "not told before"},
		"failure first":         {[]sdk.Item{sdk.AccountFailureItem{Account: "1", Scope: sdk.ScopeBalances, Failure: *sdk.Fail(sdk.Blocked, nil)}}, "not told before"},
		"an account twice":      {[]sdk.Item{one, one}, "stands twice"},
		"rows after done":       {[]sdk.Item{one, done, rows}, "said to be done"},
		"more than the maximum": {[]sdk.Item{one, rows, rows, rows, rows, rows}, "more than 5"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stream := contract.Stream{MaxItems: 5}
			var err error
			for _, item := range c.items {
				if err = stream.Next(item); err != nil {
					break
				}
			}
			if c.reason == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.reason)
		})
	}
}
