package ledger_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ledger"
)

func TestConcealed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind         bank.AccountType
		number, kept string
	}{
		{bank.CreditCard, "4970123456783021", "************3021"},
		{bank.CreditCard, "4970 1234 5678 3021", "************3021"},
		{bank.CreditCard, "4970-1234-5678-3021", "************3021"},
		{bank.CreditCard, "4970\u00a01234\u00a05678\u00a03021", "************3021"},
		{bank.CreditCard, "374245455400126", "***********0126"},
		{bank.CreditCard, "6304000000000000", "************0000"},
		{bank.CreditCard, "400000000000", "********0000"},
		{bank.CreditCard, "4000000000000000000", "***************0000"},
		{bank.CreditCard, "4970 **** **** 3021", "4970 **** **** 3021"},
		{bank.CreditCard, "XXXX XXXX XXXX 3021", "XXXX XXXX XXXX 3021"},
		{bank.CreditCard, "40000000000", "40000000000"},                   // too short for a card's
		{bank.CreditCard, "40000000000000000000", "40000000000000000000"}, // too long
		{bank.CreditCard, "٤٩٧٠١٢٣٤٥٦٧٨", "٤٩٧٠١٢٣٤٥٦٧٨"},                 // no digits of a card
		{bank.CreditCard, "", ""},
		{bank.Checkings, "4970123456783021", "4970123456783021"}, // a local number may look like one
		{bank.Savings, "00012345678", "00012345678"},
	} {
		require.Equal(t, c.kept, ledger.Concealed(c.kind, c.number))
		require.Equal(t, c.kept, ledger.Concealed(c.kind, c.kept), "once is enough")
	}
}
