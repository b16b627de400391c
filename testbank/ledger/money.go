package ledger

import "github.com/shopspring/decimal"

// minorUnits lists the currencies (ISO 4217) that do not have two decimals.
var minorUnits = map[string]int32{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0,
	"VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}

// Money writes an amount exactly, with at least as many decimals as the currency has.
func Money(amount decimal.Decimal, currency string) string {
	units, odd := minorUnits[currency]
	if !odd {
		units = 2
	}
	return amount.StringFixed(max(units, -amount.Exponent()))
}
