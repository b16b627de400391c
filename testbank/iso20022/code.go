// Package iso20022 owns what the bank writes in that standard's words: the codes of its transactions, and reports and
// statements of an account. It knows nobody who asks for them. Its invariant: an amount has no sign, a word tells it.
package iso20022

// Codes are ISO 20022's bank transaction codes of the kinds that a configuration knows.
var Codes = map[string]string{
	"card": "PMNT-CCRD-POSD", "atm": "PMNT-CCRD-CWDL", "direct_debit": "PMNT-RDDT-ESDD", "fee": "PMNT-MCOP-CHRG", "interest": "ACMT-MCOP-INTR", "cheque": "PMNT-ICHQ-CCHQ",
}
