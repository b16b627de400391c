package aspsp

import (
	"encoding/json"
	"fmt"
	"io"
)

// Standard is what one standard says in its own words. {bank} is the bank's address.
type Standard struct {
	// Name is what the catalogue calls the standard, entry what a bank's file has of its own.
	Name, entry string
	// prefix stands before the paths of data; list is that of the accounts.
	prefix, list string
	// from and to name days in a query; exclusive says that the last one is not wanted any more.
	from, to  string
	exclusive bool
	row       func(n int, day string) string
	written   func(rows, next string) string
	decode    func(io.Reader) (rows int, err error)
	// says are all other answers, by method and path.
	says map[string]string
	// consent are the calls that a new consent takes, once those of a synchronization beside the list and the rows.
	consent, once []string
}

// Standards are all that there are.
func Standards() []Standard { return []Standard{berlin, stet, openBanking} }

// decoded counts what is on a page that is decoded into T, field by field.
func decoded[T any](rows func(T) int) func(io.Reader) (int, error) {
	return func(r io.Reader) (int, error) {
		var page T
		err := json.NewDecoder(r).Decode(&page)
		return rows(page), err
	}
}

// money is an amount, which all standards write alike but for its capitals.
type money struct {
	Currency string
	Amount   string
}

// spent is how much a row is, without its sign.
func spent(n int) string { return fmt.Sprintf("%d.%02d", n%90+1, n%100) }
