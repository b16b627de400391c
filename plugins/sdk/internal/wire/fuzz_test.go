package wire_test

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/internal/contract"
	"github.com/tributary-dev/tributary/plugins/sdk/internal/wire"
)

// Whatever bytes arrive, translating and checking them does not panic.
func FuzzAnswers(f *testing.F) {
	for _, item := range []sdk.Item{
		sdk.AccountItem{Account: sdk.Account{Ref: "1", Type: sdk.Loan, Currency: "EUR"}},
		sdk.TransactionsItem{Account: "1", Transactions: []sdk.Transaction{{Amount: "-1", Currency: "EUR", Status: sdk.Booked}}},
		sdk.AccountFailureItem{Account: "1", Scope: sdk.ScopeBalances, Failure: *sdk.Fail(sdk.Blocked, nil)},
	} {
		m, err := wire.ItemOf(item)
		if err != nil {
			f.Fatal(err)
		}
		raw, err := proto.Marshal(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte{0x2a, 0}) // an empty member of the oneof
	f.Fuzz(func(_ *testing.T, raw []byte) {
		var item wire.Item
		if proto.Unmarshal(raw, &item) == nil {
			_ = contract.Item(item.SDK())
		}
		var step wire.Step
		if proto.Unmarshal(raw, &step) == nil {
			_ = contract.Step(step.SDK())
		}
		var description wire.DescribeResponse
		if proto.Unmarshal(raw, &description) == nil {
			_ = contract.Description(description.GetDescription().SDK())
		}
		var failure wire.Failure
		if proto.Unmarshal(raw, &failure) == nil {
			_ = contract.Failure(*failure.SDK())
		}
	})
}
