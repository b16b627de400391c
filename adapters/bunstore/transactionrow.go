package bunstore

import (
	"strings"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/ports/store"
)

type transactionRow struct {
	bun.BaseModel      `bun:"table:transactions"`
	ID                 ident.Transaction `bun:"id,pk"`
	ClientID           ident.Client      `bun:"client_id"`
	UserID             ident.User        `bun:"user_id"`
	ConnectionID       ident.Connection  `bun:"connection_id"`
	AccountID          ident.Account     `bun:"account_id"`
	Amount             string            `bun:"amount"`
	AmountKey          string            `bun:"amount_key"`
	Currency           string            `bun:"currency"`
	Status             ledger.Status     `bun:"status"`
	Type               ledger.Type       `bun:"type"`
	BookingDate        bank.Day          `bun:"booking_date,nullzero"`
	ValueDate          bank.Day          `bun:"value_date,nullzero"`
	TransactionDate    bank.Day          `bun:"transaction_date,nullzero"`
	EffectiveDate      bank.Day          `bun:"effective_date"`
	FirstSeenAt        *int64            `bun:"first_seen_at"`
	UpdatedAt          *int64            `bun:"updated_at"`
	Label              string            `bun:"label"`
	RawLabel           string            `bun:"raw_label"`
	Merchant           string            `bun:"merchant"`
	Counterparty       string            `bun:"counterparty"`
	MerchantCode       string            `bun:"merchant_code"`
	EndToEndID         string            `bun:"end_to_end_id"`
	SearchText         string            `bun:"search_text"`
	CategoryID         string            `bun:"category_id"`
	CategorySource     string            `bun:"category_source"`
	CategoryConfidence float64           `bun:"category_confidence"`
	Links              text              `bun:"links,nullzero"`
	BankID             string            `bun:"bank_id"`
	Fingerprint        string            `bun:"fingerprint"`
	Occurrence         int               `bun:"occurrence"`
	Raw                []byte            `bun:"raw,nullzero"`
	Removed            bool              `bun:"removed"`
	GivenLabel         string            `bun:"given_label"`
	Removal            ledger.Removal    `bun:"removal"`
	Revisions          int               `bun:"revisions"`
	InDoubt            bool              `bun:"in_doubt"`
	TransferKey        string            `bun:"transfer_key,nullzero"`
}

type linkText struct {
	Type          ledger.LinkType   `json:"type"`
	TransactionID ident.Transaction `json:"transaction_id"`
	Confidence    float64           `json:"confidence"`
}

func transactionRowOf(t ledger.Transaction) transactionRow {
	return transactionRow{
		ID: t.ID, ClientID: t.ClientID, UserID: t.UserID, ConnectionID: t.ConnectionID, AccountID: t.AccountID,
		Amount: t.Amount.Decimal(), AmountKey: t.Amount.SortKey(), Currency: t.Amount.Currency(), Status: t.Status, Type: t.Type,
		BookingDate: t.BookingDate, ValueDate: t.ValueDate, TransactionDate: t.TransactionDate, EffectiveDate: t.EffectiveDate,
		FirstSeenAt: known(t.FirstSeenAt), UpdatedAt: known(t.UpdatedAt), Label: t.Label, RawLabel: t.RawLabel, Merchant: t.Merchant,
		Counterparty: t.Counterparty, MerchantCode: t.MerchantCode, EndToEndID: t.EndToEndID,
		SearchText: searchText(t.GivenLabel, t.Label, t.RawLabel, t.Merchant),
		CategoryID: t.Category.ID, CategorySource: t.Category.Source, CategoryConfidence: t.Category.Confidence,
		Links: toText(each(t.Links, func(l ledger.Link) linkText { return linkText(l) })), BankID: t.BankID,
		Fingerprint: t.Fingerprint, Occurrence: t.Occurrence, Raw: blob(t.Raw), Removed: t.Removed,
		GivenLabel: t.GivenLabel, Removal: t.Removal, Revisions: t.Revisions, InDoubt: t.InDoubt(), TransferKey: t.TransferKey(),
	}
}

func (r transactionRow) domain() (t ledger.Transaction, err error) {
	t = ledger.Transaction{
		ID: r.ID, ClientID: r.ClientID, UserID: r.UserID, ConnectionID: r.ConnectionID, AccountID: r.AccountID, Status: r.Status,
		Type: r.Type, BookingDate: r.BookingDate, ValueDate: r.ValueDate, TransactionDate: r.TransactionDate,
		EffectiveDate: r.EffectiveDate, FirstSeenAt: knownInstant(r.FirstSeenAt), UpdatedAt: knownInstant(r.UpdatedAt),
		Label: r.Label, RawLabel: r.RawLabel, Merchant: r.Merchant, Counterparty: r.Counterparty, MerchantCode: r.MerchantCode,
		EndToEndID: r.EndToEndID, Category: ledger.Category{ID: r.CategoryID, Source: r.CategorySource, Confidence: r.CategoryConfidence},
		BankID: r.BankID, Fingerprint: r.Fingerprint, Occurrence: r.Occurrence, Raw: blob(r.Raw), Removed: r.Removed,
		GivenLabel: r.GivenLabel, Removal: r.Removal, Revisions: r.Revisions,
	}
	if r.Currency != "" { // without a currency it is "no amount"
		if t.Amount, err = money.Parse(r.Amount, r.Currency); err != nil {
			return t, errColumn.Because(err)
		}
	}
	links, err := fromText[[]linkText](r.Links)
	t.Links = each(links, func(l linkText) ledger.Link { return ledger.Link(l) })
	return t, err
}

func (r transactionRow) place() store.Key { return store.Key{string(r.EffectiveDate), string(r.ID)} }

// searchText keeps the texts apart with a character that no search contains.
func searchText(texts ...string) string { return store.Fold(strings.Join(texts, "\x1f")) }

// likeWords takes their meaning from the characters that LIKE gives one.
var likeWords = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_", "\x1f", "")
