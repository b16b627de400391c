package pages

import (
	"slices"
	"strings"
)

// words are what a customer is told of permissions, by how they begin.
var words = []struct{ begins, text string }{
	{"ReadAccountsDetail", "their names, numbers and kinds"}, {"ReadAccountsBasic", "their names and kinds"}, {"ReadBalances", "their balances"},
	{"ReadTransactionsDetail", "their transactions, with their texts and other sides"}, {"ReadTransactionsBasic", "their transactions, without texts"},
	{"ReadTransactionsCredits", "money that came in"}, {"ReadTransactionsDebits", "money that went out"}, {"ReadParty", "your name"},
	{"ReadBeneficiaries", "whom you pay"}, {"ReadDirectDebits", "your direct debits"}, {"ReadStandingOrders", "your standing orders"}, {"ReadScheduledPayments", "your payments to come"},
	{"ReadStatements", "your statements"}, {"ReadProducts", "what kind of account it is"}, {"ReadOffers", "what the bank offers you"}, {"ReadPAN", "numbers of cards"},
}

// clusters says in a customer's words what permissions are for, each once.
func clusters(permissions []string) []string {
	var said []string
	for _, w := range words {
		if slices.ContainsFunc(permissions, func(p string) bool { return strings.HasPrefix(p, w.begins) }) {
			said = append(said, w.text)
		}
	}
	return said
}
