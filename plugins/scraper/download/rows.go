package download

import (
	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/statement"
)

// Rows reads a file that says itself what its parts are: ofx, camt.053 or mt940. money is what amounts without a currency
// are in.
func Rows(format string, data []byte, money string) ([]sdk.Transaction, error) {
	switch format {
	case "ofx":
		return ofx(data, money)
	case "camt.053":
		return statement.Camt(data, nil)
	case "mt940":
		return statement.MT940(string(data))
	}
	return nil, ErrShape
}
