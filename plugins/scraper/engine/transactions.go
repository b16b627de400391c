package engine

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/plugins/reading"
	"github.com/tributary-dev/tributary/plugins/scraper/download"
	"github.com/tributary-dev/tributary/plugins/scraper/recipe"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Transactions implements reading.Source.
func (s source) Transactions(ctx context.Context, a reading.Account, window reading.Window, send func([]sdk.Transaction) error) (sdk.Day, error) {
	scope := s.scope()
	scope.Account, _ = a.Detail.(detail)
	scope.From, scope.To = s.span(window)
	for i, from := range s.recipe.Transactions {
		if len(from.For) > 0 && !slices.Contains(from.For, string(a.Type)) {
			continue
		}
		if meant, err := from.When.Holds(scope); err != nil || !meant {
			if err != nil {
				return "", sdk.Fail(sdk.BadData, err)
			}
			continue
		}
		r := &rowReader{source: s, from: from, account: a.Account, window: window, scope: scope, send: send}
		if err := r.run(ctx, part("transactions", i)); err != nil {
			return "", s.typed(understood(err))
		}
		return r.covered(), nil
	}
	return window.From, nil // the site shows none for such an account
}

// span gives the days that are asked for as times.
func (s source) span(w reading.Window) (from, to time.Time) {
	today := s.today()
	from, err := time.Parse(time.DateOnly, string(w.From))
	if err != nil {
		from = today.AddDate(0, 0, -cmp.Or(s.recipe.Limits.HistoryDays, 730))
	}
	if to, err = time.Parse(time.DateOnly, string(w.To)); err != nil {
		to = today
	}
	return from, to
}

// rowReader reads the transactions of one account.
type rowReader struct {
	source
	from    recipe.Source
	account sdk.Account
	window  reading.Window
	scope   recipe.Scope
	send    func([]sdk.Transaction) error

	number int
	oldest sdk.Day
	cut    bool
}

func (r *rowReader) run(ctx context.Context, at string) error {
	if r.from.Download != nil {
		return r.file(ctx, at)
	}
	err := r.read(ctx, at, r.from, r.scope, r.take)
	if errors.Is(err, errCut) {
		r.cut, err = true, nil
	}
	return err
}

// take reads the rows of a page, and says whether those of the next are wanted.
func (r *rowReader) take(rows []row) (bool, error) {
	var out []sdk.Transaction
	wanted := true
	for _, raw := range rows {
		r.number++
		scope := r.scope
		scope.Row = raw
		p := parts{session: r.Session, source: r.from, raw: raw, scope: scope, number: r.number}
		if counts, err := r.from.Where.Holds(scope); err != nil || !counts {
			if err != nil {
				return false, &unread{r.number, "where", err}
			}
			continue
		}
		t, err := p.transaction(r.account)
		if err != nil {
			return false, err
		}
		if r.keep(&out, t) && t.Status == sdk.Booked && r.from.Order == recipe.NewestFirst {
			wanted = false
		}
	}
	return wanted, r.send(out)
}

// keep takes a row that is asked for. It reports one that is older.
func (r *rowReader) keep(out *[]sdk.Transaction, t sdk.Transaction) (older bool) {
	day := cmp.Or(t.BookingDate, t.ValueDate, t.TransactionDate)
	if r.oldest == "" || day < r.oldest {
		r.oldest = day
	}
	older = r.window.From != "" && day < r.window.From
	if !older && (r.window.To == "" || day <= r.window.To || t.Status != sdk.Booked) {
		*out = append(*out, t)
	}
	return older
}

// covered is the first day of which everything was read: what was asked for, unless the bank shows less or there was too much.
func (r *rowReader) covered() sdk.Day {
	first := r.window.From
	if days := r.recipe.Limits.HistoryDays; days > 0 {
		first = max(first, sdk.Day(r.today().AddDate(0, 0, -days).Format(time.DateOnly)))
	}
	if r.cut && r.oldest != "" {
		if oldest, err := time.Parse(time.DateOnly, string(r.oldest)); err == nil {
			first = max(first, sdk.Day(oldest.AddDate(0, 0, 1).Format(time.DateOnly)))
		}
	}
	return first
}

// file reads the transactions of a file that the bank gives.
func (r *rowReader) file(ctx context.Context, at string) error {
	r.step = at
	if err := r.do(ctx, r.from.Do, r.from.Frame, r.scope); err != nil {
		return err
	}
	if click := r.from.Download.Click; click != nil {
		if err := r.click(ctx, recipe.Action{Frame: r.from.Frame}, *click, r.scope); err != nil {
			return err
		}
	}
	within, cancel := context.WithTimeout(ctx, r.recipe.Timeouts.PageWithin())
	defer cancel()
	file, err := r.visit.Download(within)
	if err != nil {
		if ctx.Err() == nil && within.Err() != nil {
			return &Stuck{at, "no file is given"}
		}
		return err
	}
	if r.from.Download.Format != recipe.CSV {
		return r.fixed(file.Data)
	}
	d := r.from.Download
	table, err := download.CSV(file.Data, d.Charset, d.Separator, d.SkipLines)
	if err != nil {
		return sdk.Fail(sdk.BadData, err)
	}
	rows := make([]row, len(table))
	for i, line := range table {
		rows[i] = row{}
		for name, field := range r.from.Fields {
			rows[i][name] = line[r.flagged(field).Get]
		}
	}
	_, err = r.take(rows)
	return err
}

// fixed takes the rows of a file that says itself what its parts are.
func (r *rowReader) fixed(data []byte) error {
	rows, err := download.Rows(r.from.Download.Format, data, r.account.Currency)
	if err != nil {
		return sdk.Fail(sdk.BadData, err)
	}
	var out []sdk.Transaction
	for _, t := range rows {
		r.keep(&out, t)
	}
	return r.send(out)
}
