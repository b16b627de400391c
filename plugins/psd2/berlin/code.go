package berlin

import (
	"strings"

	"github.com/tributary-dev/tributary/plugins/amount"
	"github.com/tributary-dev/tributary/plugins/psd2/record"
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

// kindOf reads a code. One that says debit of money that came in is a return of it.
func kindOf(r rawRow, value string) sdk.TransactionType {
	kind := coded(strings.ToUpper(strings.TrimSpace(record.First(r.Code, r.OwnCode))))
	if kind == "" && r.Merchant != "" {
		kind = sdk.TypePointOfSale
	}
	if !amount.Negative(value) {
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
