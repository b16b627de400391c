package openbanking

import "slices"

// Permissions as the standard names them.
const (
	accountsBasic       = "ReadAccountsBasic"
	accountsDetail      = "ReadAccountsDetail"
	balancesRead        = "ReadBalances"
	transactionsBasic   = "ReadTransactionsBasic"
	transactionsDetail  = "ReadTransactionsDetail"
	transactionsCredits = "ReadTransactionsCredits"
	transactionsDebits  = "ReadTransactionsDebits"
	partyRead           = "ReadParty"
	partyPSU            = "ReadPartyPSU"
)

// permissions are all that there are.
var permissions = []string{
	accountsBasic, accountsDetail, balancesRead, "ReadBeneficiariesBasic", "ReadBeneficiariesDetail", "ReadDirectDebits", "ReadOffers", "ReadPAN",
	partyRead, partyPSU, "ReadProducts", "ReadScheduledPaymentsBasic", "ReadScheduledPaymentsDetail", "ReadStandingOrdersBasic", "ReadStandingOrdersDetail",
	"ReadStatementsBasic", "ReadStatementsDetail", transactionsBasic, transactionsCredits, transactionsDebits, transactionsDetail,
}

// checkPermissions refuses what the standard has banks refuse.
func checkPermissions(asked []string) *fault {
	const path = "Data.Permissions"
	has := func(names ...string) bool { return grants(asked, names) }
	switch {
	case len(asked) == 0:
		return bad(fieldInvalid, "At least one permission is to be asked for.", path)
	case slices.ContainsFunc(asked, func(name string) bool { return !slices.Contains(permissions, name) }):
		return bad(fieldInvalid, "There is no such permission.", path)
	case has(transactionsBasic, transactionsDetail) != has(transactionsCredits, transactionsDebits):
		return bad(fieldInvalid, "Transactions are read with Basic or Detail, and with Credits or Debits.", path)
	}
	return nil
}

// grants reports whether one of the permissions is there that are each enough for a kind of data.
func grants(permissions, anyOf []string) bool {
	return slices.ContainsFunc(anyOf, func(name string) bool { return slices.Contains(permissions, name) })
}
