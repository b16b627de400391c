package httpapi

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/core/secret"
)

// amountView is an exact amount.
type amountView struct {
	Amount   string `json:"amount" pattern:"^-?[0-9]+(\\.[0-9]+)?$" example:"-12.30" doc:"An exact decimal; a debit, and money owed, is negative."`
	Currency string `json:"currency" pattern:"^[A-Z]{3}$" example:"EUR" doc:"ISO 4217."`
}

// optionalAmountView is an amount that is not always known. It is a type of its
// own because a schema that is shared cannot be null in one place only.
type optionalAmountView struct {
	_        struct{} `nullable:"true"`
	Amount   string   `json:"amount" pattern:"^-?[0-9]+(\\.[0-9]+)?$" example:"1520.00" doc:"An exact decimal; a debit, and money owed, is negative."`
	Currency string   `json:"currency" pattern:"^[A-Z]{3}$" example:"EUR" doc:"ISO 4217."`
}

func amount(a money.Amount) amountView { return amountView{a.Decimal(), a.Currency()} }

func optionalAmount(a money.Amount) *optionalAmountView {
	if a.IsZero() {
		return nil
	}
	return &optionalAmountView{Amount: a.Decimal(), Currency: a.Currency()}
}

// instant is in UTC, to the microsecond.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// moment is an instant that is not always known.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	known := instant(t)
	return &known
}

// known is a text that is null where it is empty.
func known[T ~string](text T) *string {
	if text == "" {
		return nil
	}
	plain := string(text)
	return &plain
}

func sentence(t bank.Text, locale string) *string { return known(t.In(locale)) }

// positive is a number that is null where it is zero.
func positive(n int) *int {
	if n <= 0 {
		return nil
	}
	return &n
}

// secretText is a text that is a secret from the moment it is parsed.
type secretText struct{ value secret.String }

var errNotText = errors.New("not a text")

// UnmarshalJSON takes a string; its error repeats nothing.
func (s *secretText) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) != nil {
		return errNotText
	}
	s.value = secret.New(text)
	return nil
}

// Schema describes it.
func (secretText) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "password", WriteOnly: true}
}

func secrets(given map[string]secretText) secret.Values {
	values := secret.Values{}
	for name, text := range given {
		values[name] = text.value
	}
	return values
}
