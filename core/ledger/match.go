package ledger

import (
	"strings"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ident"
)

// Rung is the evidence by which an account was recognised, strongest first.
type Rung string

// Rungs of the ladder.
const (
	ByStableID    Rung = "STABLE_ID"
	ByIBAN        Rung = "IBAN"
	ByNumber      Rung = "NUMBER"
	ByBankID      Rung = "BANK_ID"
	ByElimination Rung = "ELIMINATION"
	Unmatched     Rung = ""
	// Awaited is no evidence: in an answer that broke off, the report may be a
	// known account that was not told of any more. It waits for a whole answer.
	Awaited Rung = "AWAITED"
)

// Match says which known account a report is about.
type Match struct {
	// Account is the known account; empty when the report shows a new one.
	Account ident.Account
	By      Rung
}

// MatchAccounts recognises the accounts of one connection in the reports of one
// channel (its definition's id), whatever the order of either: the bank's stable id, then IBAN and
// currency, then masked number with type and currency, then the bank's id, then
// elimination, where one alone is left of a kind on both sides. Evidence that
// fits several accounts, or that something else contradicts, is passed over. An id
// that a new consent may change comes behind the number: where a bank counts its
// accounts, the next consent gives it to another.
//
// The answer has one Match for each report, in the order of the reports, and no
// known account twice. Call it once for each channel, with what the channels
// before it added to known: an account that both show is then one account. A
// bank's ids mean something only within the channel that told them.
func MatchAccounts(known []Account, channel string, reports []Report) []Match {
	l := named(known, channel, reports)
	l.climb(ByElimination, within(channel, sameKind))
	return l.matches
}

// MatchSome recognises accounts in an answer that broke off. What was not told is
// not known, so nothing is found by elimination; nor is a report new that
// may be a known account, because another may be that one.
func MatchSome(known []Account, channel string, reports []Report) []Match {
	l := named(known, channel, reports)
	l.await(within(channel, sameKind))
	return l.matches
}

// named climbs the rungs on which something names the account.
func named(known []Account, channel string, reports []Report) *ladder {
	l := &ladder{known: known, reports: reports, matches: make([]Match, len(reports)), taken: make([]bool, len(known))}
	for _, rung := range []struct {
		by   Rung
		same func(Account, Report) bool
	}{
		{ByStableID, within(channel, sameStableID)}, {ByIBAN, sameIBAN}, {ByNumber, sameNumber}, {ByBankID, sameBankID(channel)},
	} {
		l.climb(rung.by, rung.same)
	}
	return l
}

type ladder struct {
	known   []Account
	reports []Report
	matches []Match
	taken   []bool
}

// climb matches the pairs of one rung that have no rival on either side.
func (l *ladder) climb(by Rung, same func(Account, Report) bool) {
	candidates := make([][]int, len(l.reports))
	rivals := make([]int, len(l.known))
	for r, report := range l.reports {
		for k, account := range l.known {
			if l.matches[r].By == Unmatched && !l.taken[k] && same(account, report) {
				candidates[r] = append(candidates[r], k)
				rivals[k]++
			}
		}
	}
	for r, found := range candidates {
		if len(found) == 1 && rivals[found[0]] == 1 {
			l.matches[r] = Match{Account: l.known[found[0]].ID, By: by}
			l.taken[found[0]] = true
		}
	}
}

// await marks the reports that may be a known account which is left.
func (l *ladder) await(same func(Account, Report) bool) {
	for r, report := range l.reports {
		for k, account := range l.known {
			if l.matches[r].By == Unmatched && !l.taken[k] && same(account, report) {
				l.matches[r].By = Awaited
			}
		}
	}
}

// within narrows evidence to accounts that the channel feeds.
func within(channel string, same func(Account, Report) bool) func(Account, Report) bool {
	return func(a Account, r Report) bool { return (a.FedBy == "" || a.FedBy == channel) && same(a, r) }
}

// A stable id survives consents; the bank may still change an IBAN under it.
func sameStableID(a Account, r Report) bool {
	return a.StableID && r.StableID && a.BankID != "" && a.BankID == r.BankID && akin(a.Type, r.Type) && agree(a.Currency, r.Currency)
}

func sameIBAN(a Account, r Report) bool {
	return compact(a.IBAN) != "" && compact(a.IBAN) == compact(r.IBAN) && a.Currency == r.Currency && akin(a.Type, r.Type)
}

func sameBankID(channel string) func(Account, Report) bool {
	return func(a Account, r Report) bool {
		return r.BankID != "" && a.CalledBy(channel) == r.BankID && akin(a.Type, r.Type) && !contradicts(a, r)
	}
}

// CalledBy is what a channel calls the account, empty where that is not known.
func (a Account) CalledBy(channel string) string {
	if id := a.KnownAs[channel]; id != "" || (a.FedBy != "" && a.FedBy != channel) {
		return id
	}
	return a.BankID
}

func sameNumber(a Account, r Report) bool {
	return a.Type == r.Type && a.Currency == r.Currency && numbersAlike(a.Number, r.Number) && !contradicts(a, r)
}

// sameKind is for elimination: neither a closed account nor one that was deleted
// is waiting to be found.
func sameKind(a Account, r Report) bool {
	return !a.Deleted && a.Type == r.Type && a.Currency == r.Currency && a.Status != Closed && !contradicts(a, r)
}

// contradicts reports what two views of one account cannot differ in.
func contradicts(a Account, r Report) bool {
	return !agree(compact(a.IBAN), compact(r.IBAN)) || !agree(a.Currency, r.Currency) ||
		(visible(a.Number) != "" && visible(r.Number) != "" && !numbersAlike(a.Number, r.Number)) ||
		(a.StableID && r.StableID && !agree(a.BankID, r.BankID))
}

func agree(a, b string) bool { return a == "" || b == "" || a == b }

// akin types are told apart by some channels and not by others. A card or loan
// often carries the IBAN of the account that pays for it, and is not that account.
func akin(a, b bank.AccountType) bool {
	payment := func(t bank.AccountType) bool { return t == bank.Checkings || t == bank.Savings }
	return a == b || (payment(a) && payment(b))
}

// compact takes out what only groups the characters.
func compact(number string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -./\u00a0\u202f", r) {
			return -1
		}
		return r
	}, number))
}

// visible is the end of a number that is not masked.
func visible(number string) string {
	number = compact(number)
	if at := strings.LastIndexAny(number, "*X#•…"); at >= 0 {
		number = strings.TrimLeft(number[at:], "*X#•…")
	}
	return number
}

// shortestEnd is how many characters two numbers must share.
const shortestEnd = 4

// numbersAlike compares what both show: "****1234" is like "FR0012341234".
func numbersAlike(a, b string) bool {
	a, b = visible(a), visible(b)
	if len(a) > len(b) {
		a, b = b, a
	}
	return len(a) >= shortestEnd && strings.HasSuffix(b, a)
}
