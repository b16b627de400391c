package record

import (
	"strings"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// codes are ISO 20022's bank transaction codes, domain-family-subfamily, the longer prefix first. Source: External Code
// Sets, BankTransactionCodes.
var codes = []struct {
	prefix string
	kind   sdk.TransactionType
}{
	{"PMNT-CCRD-CWDL", sdk.TypeATM}, {"PMNT-CCRD-XBCW", sdk.TypeATM}, {"PMNT-CNTR-CWDL", sdk.TypeATM}, {"PMNT-CNTR-CDPT", sdk.TypeDeposit},
	{"PMNT-CCRD", sdk.TypePointOfSale}, {"PMNT-MCRD", sdk.TypePointOfSale},
	{"PMNT-RDDT", sdk.TypeDirectDebit}, {"PMNT-IDDT", sdk.TypeDirectDebit},
	{"PMNT-ICHQ", sdk.TypeCheck}, {"PMNT-RCHQ", sdk.TypeCheck}, {"PMNT-ICDT-STDO", sdk.TypeStandingOrder},
	{"PMNT-ICDT", sdk.TypePayment}, {"PMNT-IRCT", sdk.TypePayment}, {"PMNT-RCDT", sdk.TypeCredit}, {"PMNT-RRCT", sdk.TypeCredit},
	{"SECU-CORP-DVCA", sdk.TypeDividend}, {"SECU-CASH-DVCA", sdk.TypeDividend},
}

// endings are subfamilies that say the same in every family.
var endings = map[string]sdk.TransactionType{
	"INTR": sdk.TypeInterest, "CHRG": sdk.TypeFee, "FEES": sdk.TypeFee, "COMM": sdk.TypeFee, "COMI": sdk.TypeFee,
}

// Kind reads a code. One that says debit of money that came in is a return of it. Where there is no code a merchant tells
// that it was a purchase.
func Kind(code, merchant string, debit bool) sdk.TransactionType {
	kind := coded(strings.ToUpper(strings.TrimSpace(code)))
	if kind == "" && merchant != "" {
		kind = sdk.TypePointOfSale
	}
	if !debit {
		switch kind {
		case sdk.TypeATM, sdk.TypeDirectDebit, sdk.TypeStandingOrder:
			return sdk.TypeCredit
		}
	}
	return kind
}

func coded(code string) sdk.TransactionType {
	if ending, known := endings[code[strings.LastIndexByte(code, '-')+1:]]; known {
		return ending
	}
	for _, c := range codes {
		if strings.HasPrefix(code, c.prefix) {
			return c.kind
		}
	}
	return ""
}
