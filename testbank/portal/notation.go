package portal

import (
	"strings"

	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/ledger"
)

// rowBody is a row in the notation of its feed.
type rowBody struct {
	ledger.Row
	Label       string   `json:"label,omitempty"`
	Remittance  []string `json:"remittance,omitempty"`
	CreditDebit string   `json:"credit_debit,omitempty"`
}

func rowIn(feed config.Feed, row ledger.Row) rowBody {
	body := rowBody{Row: row, Label: row.Label}
	body.Amount, body.CreditDebit = amountIn(feed, row.Amount)
	if feed.Text != config.TextLabel {
		body.Label, body.Remittance = "", lines(row.Label, feed.Text == config.TextDoubled)
	}
	return body
}

// amountIn writes an amount without its sign where the feed has an indicator for that.
func amountIn(feed config.Feed, amount string) (text, indicator string) {
	switch {
	case feed.Signs != config.SignsIndicator:
		return amount, ""
	case strings.HasPrefix(amount, "-"):
		return amount[1:], "DBIT"
	}
	return amount, "CRDT"
}

// lineLength is how long a line of a remittance text is.
const lineLength = 35

// lines breaks a text at blanks; a longer word has a line of its own.
func lines(text string, twice bool) []string {
	var all []string
	line := ""
	end := func() {
		if line != "" {
			all = append(all, line)
		}
		if twice && line != "" {
			all = append(all, line)
		}
		line = ""
	}
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > lineLength {
			end()
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	end()
	return all
}

// balanceBody is a balance in the notation of its feed.
type balanceBody struct {
	ledger.Balance
	CreditDebit string `json:"credit_debit,omitempty"`
}

// berlin is how the Berlin Group's standard calls balances. What can be spent is the expected balance once more.
var berlin = map[string][]string{"BOOKED": {"closingBooked"}, "EXPECTED": {"expected", "interimAvailable"}}

func balancesIn(feed config.Feed, balances []ledger.Balance) []balanceBody {
	bodies := []balanceBody{}
	for _, b := range balances {
		names := []string{b.Type}
		switch feed.Balances {
		case config.BalancesNone:
			names = nil
		case config.BalancesBerlin:
			names = berlin[b.Type]
		case config.BalancesBooked, config.BalancesExpected:
			if !strings.EqualFold(b.Type, string(feed.Balances)) {
				names = nil
			}
		}
		for _, name := range names {
			body := balanceBody{Balance: b}
			body.Type = name
			body.Amount, body.CreditDebit = amountIn(feed, b.Amount)
			bodies = append(bodies, body)
		}
	}
	return bodies
}
