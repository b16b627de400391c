package berlin

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"time"

	"github.com/tributary-dev/tributary/plugins/psd2/record"
	"github.com/tributary-dev/tributary/plugins/reading"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// report is one page of transactions, of either kind of account, or where to download them all.
type report struct {
	Transactions pageOf       `json:"transactions"`
	Cards        pageOf       `json:"cardTransactions"`
	Links        record.Links `json:"_links"`
}

type pageOf struct {
	Booked  []json.RawMessage `json:"booked"`
	Pending []json.RawMessage `json:"pending"`
	Links   record.Links      `json:"_links"`
}

// Transactions reads the pages of an account. A bank that shows fewer days than asked for is asked again for those.
func (s *source) Transactions(ctx context.Context, a reading.Account, window reading.Window, rows func([]sdk.Transaction) error) (sdk.Day, error) {
	at := detailOf(a)
	to, err := s.place(at, "transactions")
	if err != nil {
		return "", err
	}
	from := s.from(window)
	err = s.pages(ctx, a, s.query(to, from, window.To), rows)
	var r *refused
	if errors.As(err, &r) && r.code == periodInvalid {
		if recent := s.recent(window); recent > from {
			from = recent
			err = s.pages(ctx, a, s.query(to, from, window.To), rows)
		}
	}
	if err != nil {
		return "", s.failed(err)
	}
	return from, nil
}

// recent is what every bank shows: the last 90 days. Source: RTS (EU) 2018/389 Art. 10.
func (s *source) recent(window reading.Window) sdk.Day {
	last := s.Now().UTC()
	if to, err := time.Parse(time.DateOnly, string(window.To)); err == nil {
		last = to
	}
	return sdk.Day(last.AddDate(0, 0, -89).Format(time.DateOnly))
}

func (s *source) query(to *url.URL, from, until sdk.Day) *url.URL {
	query := to.Query()
	query.Set("bookingStatus", "both")
	if s.Bank.Has(uppercaseStatus) {
		query.Set("bookingStatus", "BOTH")
	}
	query.Set("dateFrom", string(from))
	if until != "" {
		query.Set("dateTo", string(until))
	}
	whole := *to
	whole.RawQuery = query.Encode()
	return &whole
}

// pages follows the links from one page to the next.
func (s *source) pages(ctx context.Context, a reading.Account, to *url.URL, rows func([]sdk.Transaction) error) error {
	var before record.Overlap
	return reading.Pages(to, func(to *url.URL) (next *url.URL, brought int, err error) {
		page, whole, err := s.report(ctx, a, to)
		if err != nil {
			return nil, 0, err
		}
		if whole != nil {
			return nil, len(whole), rows(whole)
		}
		booked, pending := page.rows()
		booked = before.Trim(booked, idOf)
		batch, err := s.rowsOf(a, booked, pending)
		if err != nil {
			return nil, 0, err
		}
		if err := rows(batch); err != nil {
			return nil, 0, err
		}
		next, err = s.following(to, page)
		return next, len(batch), err
	})
}

// rows are those of whichever list the report has.
func (r report) rows() (booked, pending []json.RawMessage) {
	if len(r.Cards.Booked)+len(r.Cards.Pending) > 0 {
		return r.Cards.Booked, r.Cards.Pending
	}
	return r.Transactions.Booked, r.Transactions.Pending
}

// idOf is the bank's own name for a row.
func idOf(raw json.RawMessage) string {
	var named rawRow
	_ = json.Unmarshal(raw, &named) // whatever cannot be read has none
	return named.id()
}

// following is the address of the next page, or of the download that stands for the whole report.
func (s *source) following(from *url.URL, page report) (*url.URL, error) {
	for _, found := range []record.Links{page.Transactions.Links, page.Cards.Links, page.Links} {
		switch name, href := found.First("next", "download"); name {
		case "next":
			return s.Line.Next(from, href)
		case "download":
			return s.Line.Resolve(from, href)
		}
	}
	return nil, nil
}

// place is where a kind of an account's data is: by the bank's link, or by the standard's path.
func (s *source) place(at detail, what string) (*url.URL, error) {
	if href := at.links[what]; href != "" {
		return s.Line.Resolve(s.Line.Path("v1", at.kind), href)
	}
	if at.id == "" {
		return nil, sdk.Fail(sdk.BadData, errors.New("an account without id and links"))
	}
	return s.Line.Path("v1", at.kind, at.id, what), nil
}
