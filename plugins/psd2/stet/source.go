package stet

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/record"
	"github.com/tributary-dev/tributary/plugins/psd2/refusal"
	"github.com/tributary-dev/tributary/plugins/reading"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Fetch reads what the token lets us read. One that is known to be over is not tried.
func (d *Dialect) Fetch(ctx context.Context, req sdk.FetchRequest, sink sdk.Sink) error {
	var at state
	if err := req.State.Unpack(bundleVersion, &at); err != nil {
		return err
	}
	kept, err := d.opened(req.Secrets)
	if err != nil {
		return err
	}
	switch {
	case kept.Tokens.Access == "":
		return refusal.Say(sdk.TokenExpired, errors.New("there is no token"))
	case kept.Tokens.Over(d.Now()):
		return refusal.Judge(&refusal.No{Status: http.StatusUnauthorized, Means: refusal.TokenOver}, kept.Tokens.Refresh != "")
	}
	return reading.Run(ctx, d.source(kept, req.PSU), req, d.Now(), sink)
}

// source reads one bank with one token.
type source struct {
	*Dialect
	psu  *sdk.PSU
	kept secrets
}

func (d *Dialect) source(kept secrets, psu *sdk.PSU) *source { return &source{d, psu, kept} }

func (s *source) failed(err error) error { return s.judged(s.kept, err) }

func (s *source) get(to *url.URL) call { return call{to: to, psu: s.psu, bearer: s.kept.Tokens.Access} }

// Accounts lists them. With mixed consents an account has links only where the bank was told that we may read it: it is
// told so now, where the user is there and it was not, because that failed, or because the account is new.
func (s *source) Accounts(ctx context.Context) ([]reading.Account, error) {
	accounts, err := s.list(ctx)
	if err != nil {
		return nil, s.failed(err)
	}
	if s.Bank.Consent.Model != catalogue.Mixed || s.psu == nil || !slices.ContainsFunc(accounts, untold) {
		return accounts, nil
	}
	if _, err := s.name(ctx, accounts); err != nil {
		return nil, s.failed(err)
	}
	accounts, err = s.list(ctx)
	return accounts, s.failed(err)
}

// untold reports whether the bank could have been told of an account and was not.
func untold(a reading.Account) bool {
	at := detailOf(a)
	return len(at.reference) > 0 && at.links["balances"] == "" && at.links["transactions"] == ""
}

func (s *source) list(ctx context.Context) ([]reading.Account, error) {
	l := &list{bank: s.Bank, refs: map[string]string{}}
	err := reading.Pages(s.path("accounts"), func(at *url.URL) (*url.URL, int, error) {
		var page struct {
			Holder   string            `json:"connectedPsu"`
			Accounts []json.RawMessage `json:"accounts"`
			Links    record.Links      `json:"_links"`
		}
		if err := s.read(ctx, s.get(at), &page); err != nil {
			return nil, 0, err
		}
		if err := l.add(page.Holder, page.Accounts); err != nil {
			return nil, 0, err
		}
		next, err := s.next(at, page.Links)
		return next, len(page.Accounts), err
	})
	return l.done(), err
}

func (s *source) next(at *url.URL, links record.Links) (*url.URL, error) {
	if links["next"] == "" {
		return nil, nil
	}
	return s.Line.Next(at, links["next"])
}

// Balances reads an account's balances.
func (s *source) Balances(ctx context.Context, a reading.Account) ([]sdk.Balance, error) {
	to, err := s.place(a, "balances")
	if err != nil {
		return nil, err
	}
	var answer struct {
		Balances []rawBalance `json:"balances"`
	}
	if err := s.read(ctx, s.get(to), &answer); err != nil {
		return nil, s.failed(err)
	}
	return balancesOf(s.Bank, answer.Balances, a.Account)
}

// Transactions reads the pages of an account.
func (s *source) Transactions(ctx context.Context, a reading.Account, window reading.Window, rows func([]sdk.Transaction) error) (sdk.Day, error) {
	to, err := s.place(a, "transactions")
	if err != nil {
		return "", err
	}
	from := s.from(window)
	var before record.Overlap
	err = reading.Pages(s.query(to, from, window.To), func(at *url.URL) (*url.URL, int, error) {
		var page struct {
			Transactions []json.RawMessage `json:"transactions"`
			Links        record.Links      `json:"_links"`
		}
		if err := s.read(ctx, s.get(at), &page); err != nil {
			return nil, 0, err
		}
		batch, err := record.Rows(before.Trim(page.Transactions, idOf), a.Currency, func(raw json.RawMessage) (sdk.Transaction, error) { return s.rowOf(a, raw) })
		if err == nil {
			err = rows(batch)
		}
		if err != nil {
			return nil, 0, err
		}
		next, err := s.next(at, page.Links)
		return next, len(batch), err
	})
	return from, s.failed(err)
}

// from is the first day to ask for, where the bank shows less than is wanted; empty for all there is.
func (s *source) from(window reading.Window) sdk.Day {
	days := s.Bank.History.Shown(s.Now(), s.kept.Given)
	if days == 0 {
		return window.From
	}
	return max(window.From, sdk.Day(s.Now().UTC().AddDate(0, 0, -days).Format(time.DateOnly)))
}

// query names the days. The last one is the first that is not wanted any more.
func (s *source) query(to *url.URL, from, until sdk.Day) *url.URL {
	query := to.Query()
	if from != "" {
		query.Set("dateFrom", s.written(from, 0))
	}
	if until != "" {
		query.Set("dateTo", s.written(until, 1))
	}
	whole := *to
	whole.RawQuery = query.Encode()
	return &whole
}

// written is a day, so many days later, as this bank wants it.
func (s *source) written(day sdk.Day, later int) string {
	at, err := time.Parse(time.DateOnly, string(day))
	if err != nil {
		return string(day)
	}
	if s.Bank.Has(datesAreDays) {
		return at.AddDate(0, 0, later).Format(time.DateOnly)
	}
	return at.AddDate(0, 0, later).Format(time.RFC3339)
}

// place is where a kind of an account's data is: by the bank's link, or by the standard's path. With mixed consents no link
// means no leave.
func (s *source) place(a reading.Account, what string) (*url.URL, error) {
	at := detailOf(a)
	switch href := at.links[what]; {
	case href != "":
		return s.Line.Resolve(s.path("accounts"), href)
	case s.Bank.Consent.Model == catalogue.Mixed:
		return nil, refusal.Say(sdk.Blocked, errors.New("an account that the bank was not told of"))
	case at.id == "":
		return nil, sdk.Fail(sdk.BadData, errors.New("an account without id and links"))
	}
	return s.path("accounts", at.id, what), nil
}
