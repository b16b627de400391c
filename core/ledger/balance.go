package ledger

import (
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/money"
)

// BalanceOf chooses the balance of an account among those a bank tells: the
// booked one; else the expected one, which counts pending rows; else what is
// available, less the credit limit where that is part of it; else any other.
// Of several of a kind the latest counts, the first of equals. Money owed is
// negative. With nothing to choose from it gives no amount.
func BalanceOf(balances []Balance, creditLimit money.Amount) (money.Amount, time.Time) {
	for _, kind := range []BalanceType{BalanceBooked, BalanceExpected, BalanceAvailable, BalanceOther} {
		balance, ok := latest(balances, kind)
		if !ok {
			continue
		}
		if own, ok := withoutCredit(balance, creditLimit); ok {
			return own, balance.AsOf
		}
	}
	return money.Amount{}, time.Time{}
}

func latest(balances []Balance, kind BalanceType) (Balance, bool) {
	var found Balance
	ok := false
	for _, b := range balances {
		if b.Type == kind && !b.Amount.IsZero() && (!ok || b.AsOf.After(found.AsOf)) {
			found, ok = b, true
		}
	}
	return found, ok
}

// withoutCredit fails where a limit is part of the amount and is not known.
func withoutCredit(b Balance, limit money.Amount) (money.Amount, bool) {
	if !b.CreditIncluded {
		return b.Amount, true
	}
	if limit.IsZero() {
		return money.Amount{}, false
	}
	if limit.Sign() > 0 {
		limit = limit.Neg()
	}
	own, err := b.Amount.Add(limit)
	return own, err == nil
}

// IntegrityState says whether rows and balance agree.
type IntegrityState string

// Integrity states.
const (
	Proven        IntegrityState = "proven"
	Gap           IntegrityState = "gap"
	NotComputable IntegrityState = "not_computable"
)

// Integrity is the result of CheckBalance. With a gap, Missing is what the rows
// do not explain, between the days From and To.
type Integrity struct {
	State    IntegrityState
	Missing  money.Amount
	From, To bank.Day
}

// CheckBalance proves rows by balances: what was booked before, and all that
// was booked since (Changes.Booked), make what is booked now. Give balances
// without amount where one is not known, or where the rows were not all read. The
// days of a gap are those of the bank's zone; nil means UTC.
func CheckBalance(before, after Balance, booked []money.Amount, zone *time.Location) Integrity {
	unknown := Integrity{State: NotComputable}
	if before.Type != BalanceBooked || after.Type != BalanceBooked || before.CreditIncluded != after.CreditIncluded ||
		before.Amount.IsZero() || after.Amount.IsZero() {
		return unknown
	}
	missing, err := after.Amount.Add(before.Amount.Neg())
	for _, amount := range booked {
		if err == nil {
			missing, err = missing.Add(amount.Neg())
		}
	}
	switch {
	case err != nil:
		return unknown
	case missing.Sign() == 0:
		return Integrity{State: Proven}
	}
	return Integrity{State: Gap, Missing: missing, From: before.day(zone), To: after.day(zone)}
}

// Since looks at a gap together with the checks before it, the newest first: a
// row that was told a day after the balance that counts it makes a gap, and one of
// the opposite amount when it comes. Once rows and balance agree again since an
// earlier balance, that is proven, and Missing says what made up for the gap. A
// check that could not be made ends the look.
func (i Integrity) Since(before []BalanceRecord) Integrity {
	missing := i.Missing
	for _, record := range before {
		if i.State != Gap || record.Integrity.State == NotComputable {
			break
		}
		if record.Integrity.Missing.IsZero() {
			continue
		}
		sum, err := missing.Add(record.Integrity.Missing)
		if err != nil {
			break
		}
		if missing = sum; missing.Sign() == 0 {
			i.State = Proven
		}
	}
	return i
}

// day is that on which a balance was right. A bank that tells no more than a day
// gives midnight UTC of it, which is no instant to look at in another zone.
func (b Balance) day(zone *time.Location) bank.Day {
	if b.AsOf.Equal(b.AsOf.Truncate(24 * time.Hour)) {
		return bank.DayOf(b.AsOf)
	}
	return bank.DayIn(b.AsOf, zone)
}

// BalanceRecord is what one run learned of an account's balances, and whether
// the rows explain them.
type BalanceRecord struct {
	AccountID       ident.Account
	Synchronization ident.Synchronization
	// ReadAt is when we read it; the amounts say themselves when they were right.
	ReadAt    time.Time
	Balance   money.Amount
	Balances  []Balance
	Integrity Integrity
}

// BookedBalance picks the booked balance that CheckBalance needs; without one
// its result has no amount.
func BookedBalance(balances []Balance) Balance {
	found, _ := latest(balances, BalanceBooked)
	return found
}
