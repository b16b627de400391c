package wire

import "github.com/tributary-dev/tributary/plugins/sdk"

func accountOf(a sdk.Account) *Account {
	return &Account{
		Ref: a.Ref, BankId: a.BankID, StableId: a.StableID, Type: string(a.Type), Name: a.Name, Holder: a.Holder,
		Iban: a.IBAN, Number: a.Number, Currency: a.Currency, CreditLimit: a.CreditLimit,
		Status: string(a.Status), Parent: a.Parent, Raw: a.Raw,
	}
}

// SDK translates from the protocol.
func (x *Account) SDK() sdk.Account {
	return sdk.Account{
		Ref: x.GetRef(), BankID: x.GetBankId(), StableID: x.GetStableId(), Type: sdk.AccountType(x.GetType()),
		Name: x.GetName(), Holder: x.GetHolder(), IBAN: x.GetIban(), Number: x.GetNumber(), Currency: x.GetCurrency(),
		CreditLimit: x.GetCreditLimit(), Status: sdk.AccountStatus(x.GetStatus()), Parent: x.GetParent(), Raw: x.GetRaw(),
	}
}

func balanceOf(b sdk.Balance) *Balance {
	return &Balance{
		Type: string(b.Type), Amount: b.Amount, Currency: b.Currency,
		AsOf: instant(b.AsOf), CreditIncluded: b.CreditIncluded,
	}
}

// SDK translates from the protocol.
func (x *Balance) SDK() sdk.Balance {
	return sdk.Balance{
		Type: sdk.BalanceType(x.GetType()), Amount: x.GetAmount(), Currency: x.GetCurrency(),
		AsOf: timeOf(x.GetAsOf()), CreditIncluded: x.GetCreditIncluded(),
	}
}

func transactionOf(t sdk.Transaction) *Transaction {
	return &Transaction{
		BankId: t.BankID, Amount: t.Amount, Currency: t.Currency, Status: string(t.Status), Type: string(t.Type),
		BookingDate: string(t.BookingDate), ValueDate: string(t.ValueDate), TransactionDate: string(t.TransactionDate),
		Label: t.Label, Counterparty: t.Counterparty, MerchantCode: t.MerchantCode, EndToEndId: t.EndToEndID,
		BalanceAfter: t.BalanceAfter, Raw: t.Raw,
	}
}

// SDK translates from the protocol.
func (x *Transaction) SDK() sdk.Transaction {
	return sdk.Transaction{
		BankID: x.GetBankId(), Amount: x.GetAmount(), Currency: x.GetCurrency(),
		Status: sdk.TransactionStatus(x.GetStatus()), Type: sdk.TransactionType(x.GetType()),
		BookingDate: sdk.Day(x.GetBookingDate()), ValueDate: sdk.Day(x.GetValueDate()), TransactionDate: sdk.Day(x.GetTransactionDate()),
		Label: x.GetLabel(), Counterparty: x.GetCounterparty(), MerchantCode: x.GetMerchantCode(), EndToEndID: x.GetEndToEndId(),
		BalanceAfter: x.GetBalanceAfter(), Raw: x.GetRaw(),
	}
}
