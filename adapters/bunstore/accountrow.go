package bunstore

import (
	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/ports/store"
)

type accountRow struct {
	bun.BaseModel `bun:"table:accounts"`
	ID            ident.Account        `bun:"id,pk"`
	ClientID      ident.Client         `bun:"client_id"`
	UserID        ident.User           `bun:"user_id"`
	ConnectionID  ident.Connection     `bun:"connection_id"`
	Type          bank.AccountType     `bun:"type"`
	Status        ledger.AccountStatus `bun:"status"`
	Name          string               `bun:"name"`
	Holder        string               `bun:"holder"`
	IBAN          string               `bun:"iban"`
	Number        string               `bun:"number"`
	Currency      string               `bun:"currency"`
	CreditLimit   text                 `bun:"credit_limit,nullzero"`
	Balance       text                 `bun:"balance,nullzero"`
	Balances      text                 `bun:"balances,nullzero"`
	BalanceAsOf   *int64               `bun:"balance_as_of"`
	SharedBy      text                 `bun:"shared_by,nullzero"`
	FedBy         string               `bun:"fed_by"`
	BankID        string               `bun:"bank_id"`
	StableID      bool                 `bun:"stable_id"`
	FirstSeenAt   int64                `bun:"first_seen_at"`
	LastSuccessAt *int64               `bun:"last_success_at"`
	LastAttemptAt *int64               `bun:"last_attempt_at"`
	NextTryAt     *int64               `bun:"next_try_at"`
	GivenName     string               `bun:"given_name"`
	Deleted       bool                 `bun:"deleted"`
	Supersedes    ident.Account        `bun:"supersedes"`
	KnownAs       text                 `bun:"known_as,nullzero"`
	SameAs        text                 `bun:"same_as,nullzero"`
	History       ledger.History       `bun:"history"`
}

type (
	amountText struct {
		Amount   string `json:"amount"`
		Currency string `json:"currency"`
	}
	balanceText struct {
		Type           ledger.BalanceType `json:"type"`
		Amount         *amountText        `json:"amount,omitempty"`
		AsOf           *int64             `json:"as_of,omitempty"`
		CreditIncluded bool               `json:"credit_included,omitempty"`
	}
)

func accountRowOf(a ledger.Account) accountRow {
	return accountRow{
		ID: a.ID, ClientID: a.ClientID, UserID: a.UserID, ConnectionID: a.ConnectionID, Type: a.Type, Status: a.Status,
		Name: a.Name, Holder: a.Holder, IBAN: a.IBAN, Number: a.Number, Currency: a.Currency,
		CreditLimit: toText(amountTextOf(a.CreditLimit)), Balance: toText(amountTextOf(a.Balance)),
		Balances: toText(each(a.Balances, balanceTextOf)), BalanceAsOf: known(a.BalanceAsOf), SharedBy: toText(a.SharedBy),
		FedBy: a.FedBy, BankID: a.BankID, StableID: a.StableID, FirstSeenAt: micros(a.FirstSeenAt),
		LastSuccessAt: known(a.LastSuccessAt), LastAttemptAt: known(a.LastAttemptAt), NextTryAt: known(a.NextTryAt),
		GivenName: a.GivenName, Deleted: a.Deleted, Supersedes: a.Supersedes,
		KnownAs: toText(a.KnownAs), SameAs: toText(a.SameAs), History: a.History,
	}
}

func (r accountRow) domain() (ledger.Account, error) {
	a := ledger.Account{
		ID: r.ID, ClientID: r.ClientID, UserID: r.UserID, ConnectionID: r.ConnectionID, Type: r.Type, Status: r.Status,
		Name: r.Name, Holder: r.Holder, IBAN: r.IBAN, Number: r.Number, Currency: r.Currency,
		BalanceAsOf: knownInstant(r.BalanceAsOf), FedBy: r.FedBy, BankID: r.BankID, StableID: r.StableID,
		FirstSeenAt: instant(r.FirstSeenAt), LastSuccessAt: knownInstant(r.LastSuccessAt),
		LastAttemptAt: knownInstant(r.LastAttemptAt), NextTryAt: knownInstant(r.NextTryAt),
		GivenName: r.GivenName, Deleted: r.Deleted, Supersedes: r.Supersedes, History: r.History,
	}
	return a, r.parts(&a)
}

func (r accountRow) parts(a *ledger.Account) (err error) {
	if a.CreditLimit, err = amountFrom(r.CreditLimit); err != nil {
		return err
	}
	if a.Balance, err = amountFrom(r.Balance); err != nil {
		return err
	}
	if a.SharedBy, err = fromText[[]string](r.SharedBy); err != nil {
		return err
	}
	if a.KnownAs, err = fromText[map[string]string](r.KnownAs); err != nil {
		return err
	}
	if a.SameAs, err = fromText[[]ident.Account](r.SameAs); err != nil {
		return err
	}
	a.Balances, err = balancesFrom(r.Balances)
	return err
}

func balancesFrom(t text) (found []ledger.Balance, err error) {
	told, err := fromText[[]balanceText](t)
	for _, b := range told {
		amount, err := b.Amount.amount()
		if err != nil {
			return nil, err
		}
		found = append(found, ledger.Balance{Type: b.Type, Amount: amount, AsOf: knownInstant(b.AsOf), CreditIncluded: b.CreditIncluded})
	}
	return found, err
}

func (r accountRow) place() store.Key { return keyOf(r.FirstSeenAt, string(r.ID)) }

func balanceTextOf(b ledger.Balance) balanceText {
	return balanceText{b.Type, amountTextOf(b.Amount), known(b.AsOf), b.CreditIncluded}
}

func amountTextOf(a money.Amount) *amountText {
	if a.IsZero() {
		return nil
	}
	return &amountText{a.Decimal(), a.Currency()}
}

func amountFrom(t text) (money.Amount, error) {
	a, err := fromText[*amountText](t)
	if err != nil {
		return money.Amount{}, err
	}
	return a.amount()
}

// amount reads an amount; none is "no amount".
func (t *amountText) amount() (money.Amount, error) {
	if t == nil {
		return money.Amount{}, nil
	}
	a, err := money.Parse(t.Amount, t.Currency)
	if err != nil {
		return a, errColumn.Because(err)
	}
	return a, nil
}
