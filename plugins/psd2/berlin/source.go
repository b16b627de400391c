package berlin

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/refusal"
	"github.com/tributary-dev/tributary/plugins/reading"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Fetch reads what the consent covers. A token that is known to be over is not tried.
func (d *Dialect) Fetch(ctx context.Context, req sdk.FetchRequest, sink sdk.Sink) error {
	var at state
	if err := req.State.Unpack(bundleVersion, &at); err != nil {
		return err
	}
	kept, err := d.opened(req.Secrets)
	if err != nil {
		return err
	}
	if kept.Consent == "" {
		return refusal.Say(sdk.TokenExpired, errors.New("there is no consent"))
	}
	if kept.Tokens.Over(d.Now()) {
		return failed(&refused{status: http.StatusUnauthorized, code: "TOKEN_EXPIRED"}, true, kept.Tokens.Refresh != "")
	}
	s := &source{Dialect: d, psu: req.PSU, kept: kept}
	if d.Bank.Consent.Model == catalogue.AvailableAccounts {
		req.Mode = sdk.FetchAccounts // the consent is for a list, and the bank refuses the rest
	}
	return reading.Run(ctx, s, req, d.Now(), sink)
}

// source reads one bank under one consent.
type source struct {
	*Dialect
	psu  *sdk.PSU
	kept secrets
}

// get makes a call for data.
func (s *source) get(ask call) call {
	ask.method, ask.psu, ask.consent, ask.bearer = http.MethodGet, s.psu, s.kept.Consent, s.kept.Tokens.Access
	return ask
}

func (s *source) failed(err error) error {
	return failed(err, s.kept.Tokens.Access != "", s.kept.Tokens.Refresh != "")
}

// The paths of both kinds of accounts.
const (
	plainAccounts = "accounts"
	cardAccounts  = "card-accounts"
)

// Accounts lists both kinds.
func (s *source) Accounts(ctx context.Context) ([]reading.Account, error) {
	l := &list{bank: s.Bank, seen: map[string]string{}}
	to := s.Line.Path("v1", plainAccounts)
	if s.Bank.Accounts.WithBalance {
		to.RawQuery = "withBalance=true"
	}
	var plain struct {
		Accounts []rawAccount `json:"accounts"`
	}
	if err := s.read(ctx, call{to: to}, &plain); err != nil {
		return nil, s.failed(err)
	}
	l.add(plainAccounts, plain.Accounts)
	if s.Bank.Accounts.Cards {
		var cards struct {
			Accounts []rawAccount `json:"cardAccounts"`
		}
		if err := s.read(ctx, call{to: s.Line.Path("v1", cardAccounts)}, &cards); err != nil {
			return nil, s.failed(err)
		}
		l.add(cardAccounts, cards.Accounts)
	}
	return l.accounts, l.err
}

// read decodes an answer; one without content is an empty one.
func (s *source) read(ctx context.Context, ask call, out any) error {
	answer, err := s.send(ctx, s.get(ask))
	if err != nil || answer.Empty() {
		return err
	}
	return answer.Decode(out)
}

// Balances reads an account's balances.
func (s *source) Balances(ctx context.Context, a reading.Account) ([]sdk.Balance, error) {
	at := detailOf(a)
	var answer struct {
		Balances []rawBalance `json:"balances"`
	}
	to, err := s.place(at, "balances")
	if err != nil {
		return nil, err
	}
	if err := s.read(ctx, call{to: to}, &answer); err != nil {
		return nil, s.failed(err)
	}
	return s.balancesOf(answer.Balances, at, a.Currency)
}

// from is the first day to ask for, where the bank shows less than is wanted.
func (s *source) from(window reading.Window) sdk.Day {
	last := s.Now().UTC()
	if to, err := time.Parse(time.DateOnly, string(window.To)); err == nil {
		last = to
	}
	// Two years where nothing is known: the guidelines leave it to the bank, and dateFrom is mandatory.
	days := cmp.Or(s.Bank.History.Shown(s.Now(), s.kept.Given), 730)
	earliest := sdk.Day(last.AddDate(0, 0, -days).Format(time.DateOnly))
	return max(window.From, earliest)
}
