package openbanking

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/plugins/psd2/record"
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
	s := &source{Dialect: d, us: there{req.PSU, at.Seen}, kept: kept}
	switch {
	case kept.Tokens.Access == "":
		return refusal.Say(sdk.TokenExpired, errors.New("there is no token"))
	case kept.Tokens.Over(d.Now()):
		return s.failed(&refusal.No{Status: http.StatusUnauthorized, Means: refusal.TokenOver})
	}
	return reading.Run(ctx, s, req, d.Now(), sink)
}

// source reads one bank under one consent.
type source struct {
	*Dialect
	us   there
	kept secrets
}

func (s *source) failed(err error) error { return refusal.Judge(err, s.kept.Tokens.Refresh != "") }

func (s *source) get(to *url.URL) call {
	return call{to: to, there: s.us, bearer: s.kept.Tokens.Access}
}

// links are those to other pages.
type links struct {
	Next string `json:"Next"`
}

// next is the following page; nil where there is none.
func (s *source) next(at *url.URL, l links) (*url.URL, error) {
	href := l.Next
	if href == "" {
		return nil, nil
	}
	if s.Bank.Has(nextLosesAccount) {
		to, err := s.Line.Resolve(at, href)
		if err != nil {
			return nil, err
		}
		own := *at
		own.RawQuery = to.RawQuery
		href = own.String()
	}
	to, err := s.Line.Next(at, href)
	if err == nil && s.Bank.Has(nextIsSelf) && to.String() == at.String() {
		return nil, nil
	}
	return to, err
}

// Accounts lists them.
func (s *source) Accounts(ctx context.Context) ([]reading.Account, error) {
	var all []reading.Account
	err := reading.Pages(s.path("accounts"), func(at *url.URL) (*url.URL, int, error) {
		var page struct {
			Data struct {
				Account []json.RawMessage `json:"Account"`
			} `json:"Data"`
			Links links `json:"Links"`
		}
		if err := s.read(ctx, s.get(at), &page); err != nil {
			return nil, 0, err
		}
		before := len(all)
		for _, raw := range page.Data.Account {
			a, err := accountOf(raw)
			if err != nil {
				return nil, 0, err
			}
			if a.Ref != "" && len(all) < record.MaxAccounts && !slices.ContainsFunc(all, func(other reading.Account) bool { return other.Ref == a.Ref }) {
				all = append(all, a)
			}
		}
		next, err := s.next(at, page.Links)
		return next, len(all) - before, err
	})
	if err != nil {
		return nil, s.failed(err)
	}
	return all, s.failed(s.holders(ctx, all))
}

// holders asks whose the accounts are that do not say so. Banks tell that in the first minutes only, and some never: what
// they refuse is left out.
func (s *source) holders(ctx context.Context, accounts []reading.Account) error {
	if s.us.psu == nil || !slices.Contains(s.kept.Permissions, "ReadParty") {
		return nil
	}
	for i := range accounts {
		if accounts[i].Holder != "" {
			continue
		}
		var said struct {
			Data struct {
				Party struct {
					Name  string `json:"Name"`
					Legal string `json:"FullLegalName"`
				} `json:"Party"`
			} `json:"Data"`
		}
		err := s.read(ctx, s.get(s.path("accounts", detailOf(accounts[i]), "party")), &said)
		if n, refused := errors.AsType[*refusal.No](err); refused && n.Means != refusal.TokenOver {
			return nil
		}
		if err != nil {
			return err
		}
		accounts[i].Holder = record.Cut(record.First(said.Data.Party.Legal, said.Data.Party.Name), record.MaxText)
	}
	return nil
}

// Balances reads an account's balances.
func (s *source) Balances(ctx context.Context, a reading.Account) ([]sdk.Balance, error) {
	var said struct {
		Data struct {
			Balance []rawBalance `json:"Balance"`
		} `json:"Data"`
	}
	if err := s.read(ctx, s.get(s.path("accounts", detailOf(a), "balances")), &said); err != nil {
		return nil, s.failed(err)
	}
	return balancesOf(s.Bank, said.Data.Balance, a.Account)
}

// Transactions reads an account, in as many windows as the bank wants. What lies before the last 90 days many show in the
// first minutes only, and refuse afterwards: then the rest is read.
func (s *source) Transactions(ctx context.Context, a reading.Account, window reading.Window, rows func([]sdk.Transaction) error) (sdk.Day, error) {
	from := s.from(window)
	err := s.windows(ctx, a, from, window.To, rows)
	n, refused := errors.AsType[*refusal.No](err)
	if recent := s.ago(recentDays); refused && n.Status == http.StatusForbidden && from < recent {
		if from = recent; window.To != "" && from > window.To {
			return from, nil // nothing of what was asked for is shown any more
		}
		err = s.windows(ctx, a, from, window.To, rows)
	}
	return from, s.failed(err)
}

// recentDays are shown at any time. Source: RTS (EU) 2018/389 Art. 10, as in UK law (FCA SCA-RTS).
const recentDays = 89

func (s *source) ago(days int) sdk.Day {
	return sdk.Day(s.Now().UTC().AddDate(0, 0, -days).Format(time.DateOnly))
}

// from is the first day to ask for, where the bank shows less than is wanted; empty for all there is.
func (s *source) from(window reading.Window) sdk.Day {
	days := s.Bank.History.Shown(s.Now(), s.kept.Given)
	if days == 0 && s.Bank.Has(halfYearQueries) {
		days = longest
	}
	if days == 0 {
		return window.From
	}
	return max(window.From, s.ago(days))
}
