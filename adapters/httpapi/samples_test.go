package httpapi

import (
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/form"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/user"
)

const (
	sampleClient = ident.Client("cli_00000000000000000000000000")
	usr          = "usr_00000000000000000000000001"
	con          = "con_00000000000000000000000002"
	syn          = "syn_00000000000000000000000003"
	acc          = "acc_00000000000000000000000004"
	txn          = "txn_00000000000000000000000005"
	que          = "que_00000000000000000000000006"
	rul          = "rul_00000000000000000000000009"
	cha          = "cha_00000000000000000000000007"
)

// noon has a zone and nanoseconds: both must be gone on the wire.
var noon = time.Date(2026, 3, 2, 13, 0, 0, 123456789, time.FixedZone("CET", 3600))

func sampleUser() *user.User {
	return &user.User{ID: usr, ClientID: sampleClient, Email: "ada@example.org", PasswordHash: "never-shown", CreatedAt: noon}
}

func externalUser() *user.User {
	return &user.User{ID: "usr_00000000000000000000000008", ClientID: sampleClient, ExternalID: "customer-42", CreatedAt: noon}
}

var login = form.Field{Name: "login", Type: form.Text, Label: bank.Text{"en": "Customer number", "fr": "Numéro client"}, Required: true, Regex: "[0-9]{8}"}

func sampleProvider() provider.Provider {
	return provider.Provider{
		ID: "testbank", Name: "Test Bank", Country: "FR", LogoURL: "https://bank.example/logo.svg",
		Channels: []provider.Channel{{
			ID: "testbank-web", Type: bank.Embedded, Health: provider.Up, AccountTypes: bank.AccountTypes(),
			CredentialFields: []form.Field{login, {Name: "site", Type: form.List, Values: []form.Choice{{Value: "a", Label: bank.Text{"en": "A"}}}}},
			Limits:           provider.Limits{UnattendedPerDay: 4, MinInterval: time.Minute},
		}},
	}
}

func sampleConnection() *connection.Connection {
	return &connection.Connection{
		ID: con, ClientID: sampleClient, UserID: usr, ProviderID: "testbank", Name: "Test Bank", Status: connection.Running,
		AutoSync: true, CreatedAt: noon, LastSynchronizationID: syn, LastSuccessAt: noon,
		Channels: []connection.Channel{
			{DefinitionID: "testbank-web", Type: bank.Embedded, Status: connection.ChannelRunning, SealedCredentials: []byte("never-shown")},
			{
				DefinitionID: "testbank-api", Type: bank.Redirect, Status: connection.AuthFailed, Fields: []string{"password"},
				Message: bank.Text{"en": "Wrong password.", "fr": "Mot de passe erroné."}, RetryAt: noon, ConsentID: "cst_00000000000000000000000009", ExpiresAt: noon,
			},
		},
	}
}

func sampleChallenge() *connection.Challenge {
	return &connection.Challenge{
		ID: cha, ClientID: sampleClient, UserID: usr, ConnectionID: con, SynchronizationID: syn, ChannelDefinition: "testbank-web",
		Type: connection.Form, Message: bank.Text{"en": "Type the code.", "fr": "Saisissez le code."},
		Fields:  []form.Field{{Name: "code", Type: form.Number, Label: bank.Text{"en": "Code"}, Required: true}},
		Options: []form.Choice{{Value: "sms", Label: bank.Text{"en": "Text message"}}},
		Image:   &connection.Picture{MediaType: "image/png", Data: []byte{1, 2, 3}}, State: connection.Open, ExpiresAt: noon,
		Resend: &connection.Resend{AvailableAt: noon, Left: 2, AskedAt: noon, Pending: true},
	}
}

func sampleRun() *synchronization.Synchronization {
	return &synchronization.Synchronization{
		ID: syn, ClientID: sampleClient, UserID: usr, ConnectionID: con, Type: synchronization.All, Trigger: synchronization.Connect,
		Status: synchronization.Partial, Stage: synchronization.StageFinish, CreatedAt: noon, StartedAt: noon, FinishedAt: noon,
		Accounts: []synchronization.AccountOutcome{
			{AccountID: acc, Outcome: synchronization.OutcomeSuccess, Integrity: string(ledger.Proven)},
			{AccountID: acc, Outcome: synchronization.OutcomeFailed, Problem: &synchronization.Problem{Code: "X", Message: bank.Text{"en": "No.", "fr": "Non."}}},
		},
		Problem: &synchronization.Problem{Code: "PROVIDER_UNAVAILABLE", Message: bank.Text{"en": "Down.", "fr": "En panne."}},
	}
}

func queuedRun() *synchronization.Synchronization {
	return &synchronization.Synchronization{
		ID: syn, UserID: usr, ConnectionID: con, Type: synchronization.ListAccounts, Trigger: synchronization.Manual,
		Status: synchronization.Queued, Stage: synchronization.StageStart, CreatedAt: noon,
	}
}

func sampleAccount() ledger.Account {
	return ledger.Account{
		ID: acc, ClientID: sampleClient, UserID: usr, ConnectionID: con, Type: bank.CreditCard, Status: ledger.Active, Name: "Card",
		Holder: "Ada Lovelace", IBAN: "FR7630006000011234567890189", Number: "****4242", Currency: "EUR",
		CreditLimit: money.Must("1500", "EUR"), Balance: money.Must("-12.30", "EUR"), BalanceAsOf: noon,
		SharedBy: []string{"testbank-web"}, LastSuccessAt: noon, LastAttemptAt: noon, NextTryAt: noon, BankID: "never-shown",
		Balances: []ledger.Balance{{Type: ledger.BalanceBooked, Amount: money.Must("-12.30", "EUR"), AsOf: noon}, {Type: ledger.BalanceAvailable, Amount: money.Must("1487.70", "EUR"), CreditIncluded: true}},
	}
}

func bareAccount() ledger.Account {
	return ledger.Account{ID: acc, UserID: usr, ConnectionID: con, Type: bank.Loan, Status: ledger.Failing, Name: "Loan"}
}

func sampleTransaction() ledger.Transaction {
	return ledger.Transaction{
		ID: txn, ClientID: sampleClient, UserID: usr, ConnectionID: con, AccountID: acc, Amount: money.Must("-12.30", "EUR"),
		Status: ledger.Booked, Type: ledger.PointOfSale, BookingDate: "2026-03-02", ValueDate: "2026-03-03", TransactionDate: "2026-03-01",
		EffectiveDate: "2026-03-01", FirstSeenAt: noon, UpdatedAt: noon, Label: "Bakery <Martin> & Sons", RawLabel: "CB BAKERY", Merchant: "Bakery",
		Category: ledger.Category{ID: "food.groceries", Source: "ENGINE", Confidence: 0.9},
		Links:    []ledger.Link{{Type: "refund_of", TransactionID: txn, Confidence: 1}}, BankID: "never-shown", Raw: []byte("never-shown"),
	}
}

func bareTransaction() ledger.Transaction {
	return ledger.Transaction{
		ID: txn, UserID: usr, ConnectionID: con, AccountID: acc, Amount: money.Must("3.00", "EUR"), Status: ledger.Pending,
		EffectiveDate: "2026-03-01", FirstSeenAt: noon, UpdatedAt: noon, Label: "x", RawLabel: "x",
	}
}

func sampleCategories() []category.Group {
	return []category.Group{{
		ID: "food", Code: 2, Name: bank.Text{"en": "Food & drink", "fr": "Alimentation"}, Default: "food.groceries",
		Members: []category.Category{{ID: "food.groceries", Code: 201, Group: "food", Kind: "expense", Name: bank.Text{"en": "Groceries", "fr": "Courses"}}},
	}}
}

func sampleRule() category.Rule {
	return category.Rule{ID: rul, ClientID: sampleClient, UserID: usr, Name: "Lunch", Text: "Café du port", Direction: category.Debit, CategoryID: "food.restaurants", CreatedAt: noon}
}

func sampleQueue() *delivery.Queue {
	return &delivery.Queue{ID: que, ClientID: sampleClient, Filter: delivery.Filter{UserID: usr, Names: []event.Name{event.UserCreated}}, Acked: 41, CreatedAt: noon}
}

func sampleEvents() []event.Event {
	return []event.Event{
		{
			Draft: event.Draft{Name: event.SynchronizationStage, Version: 1, UserID: usr, ConnectionID: con, ChannelDefinition: "testbank-web", Data: event.Data{"stage": "ACCOUNTS"}},
			Seq:   42, ID: "evt_00000000000000000000000010", ClientID: sampleClient, OccurredAt: noon,
		},
		{Draft: event.Draft{Name: event.UserCreated, Version: 1}, Seq: 43, ID: "evt_00000000000000000000000011", OccurredAt: noon},
	}
}
