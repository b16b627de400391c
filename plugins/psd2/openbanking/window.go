package openbanking

import (
	"context"
	"encoding/json"
	"net/url"
	"time"

	"github.com/tributary-dev/tributary/plugins/psd2/record"
	"github.com/tributary-dev/tributary/plugins/reading"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

const (
	// half is less than six months, wherever they begin.
	half = 180
	// longest is what is asked for in parts where nobody knows how far a bank goes back: seven years, as its books have to.
	longest = 7 * 365
)

// windows reads from day to day, both included, in parts where the bank wants that.
func (s *source) windows(ctx context.Context, a reading.Account, from, to sdk.Day, rows func([]sdk.Transaction) error) error {
	if !s.Bank.Has(halfYearQueries) {
		return s.pages(ctx, a, from, to, rows)
	}
	first, err := time.Parse(time.DateOnly, string(from))
	if err != nil {
		return s.pages(ctx, a, from, to, rows)
	}
	last := s.Now().UTC().AddDate(0, 0, 1)
	if named, err := time.Parse(time.DateOnly, string(to)); err == nil {
		last = named
	}
	for begin := first; !begin.After(last); begin = begin.AddDate(0, 0, half) {
		end := begin.AddDate(0, 0, half-1)
		if end.After(last) {
			end = last
		}
		if err := s.pages(ctx, a, sdk.Day(begin.Format(time.DateOnly)), sdk.Day(end.Format(time.DateOnly)), rows); err != nil {
			return err
		}
	}
	return nil
}

// pages follows the links from one page to the next.
func (s *source) pages(ctx context.Context, a reading.Account, from, to sdk.Day, rows func([]sdk.Transaction) error) error {
	var before record.Overlap
	return reading.Pages(s.query(s.path("accounts", detailOf(a), "transactions"), from, to), func(at *url.URL) (*url.URL, int, error) {
		var page struct {
			Data struct {
				Transaction []json.RawMessage `json:"Transaction"`
			} `json:"Data"`
			Links links `json:"Links"`
		}
		if err := s.read(ctx, s.get(at), &page); err != nil {
			return nil, 0, err
		}
		batch, err := record.Rows(before.Trim(page.Data.Transaction, idOf), a.Currency, func(raw json.RawMessage) (sdk.Transaction, error) { return s.rowOf(a, raw) })
		if err == nil {
			err = rows(batch)
		}
		if err != nil {
			return nil, 0, err
		}
		next, err := s.next(at, page.Links)
		return next, len(batch), err
	})
}

// idOf is the bank's own name for a row.
func idOf(raw json.RawMessage) string {
	var named rawRow
	_ = json.Unmarshal(raw, &named) // whatever cannot be read has none
	return named.ID
}

// query names the days. Their instants are the bank's own time: it ignores whatever zone is written.
func (s *source) query(to *url.URL, from, until sdk.Day) *url.URL {
	zone := "Z"
	if s.Bank.Has(datesWithoutZone) {
		zone = ""
	}
	query := to.Query()
	if from != "" {
		query.Set("fromBookingDateTime", string(from)+"T00:00:00"+zone)
	}
	if until != "" {
		query.Set("toBookingDateTime", string(until)+"T23:59:59"+zone)
	}
	whole := *to
	whole.RawQuery = query.Encode()
	return &whole
}
