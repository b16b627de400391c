package stet

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/tributary-dev/tributary/plugins/psd2/record"
	"github.com/tributary-dev/tributary/plugins/reading"
)

// access is the body of PUT /consents: everything in it is mandatory, and it replaces whatever was there.
type access struct {
	Balances      []json.RawMessage `json:"balances"`
	Transactions  []json.RawMessage `json:"transactions"`
	Beneficiaries bool              `json:"trustedBeneficiaries"`
	Identity      bool              `json:"psuIdentity"`
}

// agree tells the bank which accounts the user lets us read: all that it lists. It gives their names.
func (s *source) agree(ctx context.Context) (named []string, err error) {
	accounts, err := s.list(ctx)
	if err != nil {
		return nil, err
	}
	return s.name(ctx, accounts)
}

func (s *source) name(ctx context.Context, accounts []reading.Account) (named []string, err error) {
	var references []json.RawMessage
	for _, a := range accounts {
		if reference := detailOf(a).reference; len(reference) > 0 {
			references = append(references, reference)
			named = append(named, record.Cut(record.First(a.IBAN, a.Number), record.MaxID))
		}
	}
	if len(references) == 0 {
		return nil, nil // the bank has no account that could be named
	}
	return named, s.tell(ctx, references)
}

// tell replaces what the bank was told.
func (s *source) tell(ctx context.Context, references []json.RawMessage) error {
	if references == nil {
		references = []json.RawMessage{}
	}
	_, err := s.send(ctx, call{
		method: http.MethodPut, to: s.path("consents"), psu: s.psu, bearer: s.kept.Tokens.Access, body: access{Balances: references, Transactions: references, Identity: len(references) > 0 && s.Bank.Consent.OwnerNames},
	})
	return err
}
