package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

const maxPages = 10_000

// page is one page of the bank's transactions. It names the next one by its number or its address.
type page struct {
	Transactions []json.RawMessage `json:"transactions"`
	NextPage     int               `json:"next_page"`
	Next         string            `json:"next"`
}

var errPages = errors.New("pages that do not end")

func (r *reading) transactions(ctx context.Context, ref string) error {
	query := url.Values{"page": {"1"}}
	if from := r.from(ref); from != "" {
		query.Set("from", string(from))
	}
	if r.req.Window.To != "" {
		query.Set("to", string(r.req.Window.To))
	}
	var last json.RawMessage
	for number := 1; ; {
		var answer page
		if err := r.get(ctx, &answer, query, "accounts", ref, "transactions"); err != nil {
			return r.failedAccount(err)
		}
		rows := answer.Transactions
		if len(rows) > 0 && repeated(last, rows[0]) {
			rows = rows[1:]
		}
		if err := r.rows(ref, rows); err != nil {
			return err
		}
		if len(rows) > 0 {
			last = rows[len(rows)-1]
		}
		next, err := answer.next()
		switch {
		case err != nil:
			return err
		case next == 0:
			return r.used(ref, sdk.ScopeTransactions)
		case next <= number || next > maxPages:
			return sdk.Fail(sdk.BadData, errPages)
		}
		number = next
		query.Set("page", strconv.Itoa(number))
	}
}

// next is the number of the next page, 0 for none. Of an address only the page is taken: where the bank is, and what was
// asked of it, we know ourselves.
func (p page) next() (int, error) {
	if p.Next == "" {
		return p.NextPage, nil
	}
	address, err := url.Parse(p.Next)
	if err != nil {
		return 0, sdk.Fail(sdk.BadData, errors.New("the address of the next page is none"))
	}
	number, err := strconv.Atoi(address.Query().Get("page"))
	if err != nil || number < 1 {
		return 0, sdk.Fail(sdk.BadData, errors.New("the address of the next page names no page"))
	}
	return number, nil
}

// repeated says whether a page begins with the last row of the page before. Only a row that has an id can be known to
// be the same one: two equal purchases without id are two.
func repeated(last, first json.RawMessage) bool {
	var named struct {
		ID string `json:"id"`
	}
	return bytes.Equal(last, first) && json.Unmarshal(first, &named) == nil && named.ID != ""
}
