package life

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Ask is what the code under test asks of the bank.
type Ask struct {
	Channel string
	// From is the first day asked for, by the bank's id of an account; no day
	// asks for all there is.
	From    map[string]Day
	Default Day
	To      Day
	Skip    []string
	Listing bool
}

// Answer is what the bank tells on one channel in one visit.
type Answer struct {
	// Refused says that the log-in failed; nothing else is told.
	Refused bool
	Told    []Told
	// Broken says that the fetch failed after half of that: see Streamed.
	Broken bool
}

// Streamed is what comes across before an answer breaks off, or all of it.
func (a Answer) Streamed() []Told {
	if a.Broken {
		return a.Told[:len(a.Told)/2]
	}
	return a.Told
}

// Kept is what is to be believed of an answer: of one that broke off, what came
// across, unless no account was read to its end.
func (a Answer) Kept() Answer {
	a.Told = a.Streamed()
	if a.Broken && !slices.ContainsFunc(a.Told, func(t Told) bool { return t.Done }) {
		a.Told = nil
	}
	return a
}

// Told is one account in an answer.
type Told struct {
	// Account is the truth, for the judge.
	Account *Account

	BankID                     string
	Stable                     bool
	Type, Name, Holder         string
	IBAN, Number, Currency     string
	Closed, Skipped, Unread    bool
	Booked, Expected           string
	Rows                       []Row
	From, To                   Day
	Done, NoBalance, NoRows    bool
	Stale, Shrunk              bool
	bookedCents, expectedCents int64
}

// Balance is the booked balance that was told, in cents.
func (t Told) Balance() int64 { return t.bookedCents }

// Row is one row of an answer.
type Row struct {
	// Movement, Stage and Again are the truth, for the judge: which movement it
	// is, and whether the answer holds it a second time.
	Movement *Movement
	Stage    int
	Again    bool

	Said
	ID     string
	Amount string
	Raw    []byte
}

// Bank answers for a life.
type Bank struct{ Life *Life }

// Answer tells what the bank says in a visit. It depends on nothing else, so
// that a bank in another process says the same.
func (b Bank) Answer(visit int, ask Ask) Answer {
	v := b.Life.Visits[visit]
	if v.Fault.Kind == Refused {
		return Answer{Refused: true}
	}
	answer := Answer{Broken: v.Fault.Kind == Broken}
	for _, a := range b.Life.Accounts {
		if b.shows(a, visit, ask.Channel) {
			answer.Told = append(answer.Told, b.told(a, visit, ask))
		}
	}
	if len(answer.Told) > 1 && newDraw(b.Life.Seed, 6, uint64(visit)).chance(500) { //nolint:gosec // small and positive
		newDraw(b.Life.Seed, 11, uint64(visit)).Shuffle(len(answer.Told), func(i, j int) { //nolint:gosec // small and positive
			answer.Told[i], answer.Told[j] = answer.Told[j], answer.Told[i] // position tells nothing
		})
	}
	return answer
}

// Shows reports whether the bank lists an account in a visit.
func (b Bank) shows(a *Account, visit int, channel string) bool {
	v := b.Life.Visits[visit]
	channel = b.Life.known(channel, visit)
	hidden := v.Fault.Kind == Hidden && v.Fault.Account == a.Serial && !a.Steady
	withdrawn := channel == Redirect && a.Withdrawn >= 0 && visit >= a.Withdrawn
	return slices.Contains(a.Shown, channel) && b.has(a, visit) && !hidden && !withdrawn
}

// has reports whether the bank has an account in a visit.
func (b Bank) has(a *Account, visit int) bool {
	v := b.Life.Visits[visit]
	gone := a.Gone >= 0 && visit >= a.Gone
	forgotten := !a.Closed.IsZero() && v.At.After(a.Closed.AddDate(0, 0, 30))
	return a.Opened.Before(v.At) && !gone && !forgotten
}

// place is where an account stood in the list when the user signed in; those
// that were opened since come far behind.
func (b Bank) place(a *Account, visit int) int {
	first := visit
	for first > 0 && b.Life.Visits[first-1].Consent == b.Life.Visits[visit].Consent {
		first--
	}
	if !b.has(a, first) {
		return 100 + a.Serial
	}
	place := 1
	for _, other := range b.Life.Accounts {
		if other.Serial < a.Serial && b.has(other, first) {
			place++
		}
	}
	return place
}

func (b Bank) told(a *Account, visit int, ask Ask) Told {
	v, h := b.Life.Visits[visit], b.Life.Habits
	now, face := v.At, a.face(v.At)
	t := Told{
		Account: a, BankID: b.accountID(a, visit, ask.Channel), Stable: h.Accounts == Kept && !h.Unsure, Type: a.Type, Name: face.Name, Holder: a.Holder,
		IBAN: face.IBAN, Number: face.Number, Currency: a.Currency, Closed: !a.Closed.IsZero() && now.After(a.Closed),
	}
	t.Skipped = slices.Contains(ask.Skip, t.BankID)
	t.Unread = ask.Listing || t.Closed || t.Skipped
	if t.Unread {
		return t
	}
	mine := v.Fault.Account == a.Serial
	if v.Fault.Kind == Stale && mine {
		now, t.Stale = now.Add(-time.Duration(v.Fault.Amount)*time.Hour), true
	}
	t.NoBalance, t.NoRows = v.Fault.Kind == NoBalance && mine, v.Fault.Kind == NoRows && mine
	t.bookedCents, t.expectedCents = a.Balance(now), a.Expected(now)
	if !t.NoBalance {
		t.balances(h)
	}
	b.cover(&t, v, ask)
	t.Rows = b.rows(a, visit, ask.Channel, now, t.From)
	if v.Fault.Kind == Repeated && mine && len(t.Rows) > 0 {
		again := t.Rows[b.repeated(t.Rows, visit)]
		again.Again = true
		t.Rows = append(t.Rows, again)
	}
	if t.NoRows {
		t.Rows = t.Rows[:len(t.Rows)/2]
	}
	t.Done = !t.NoRows && !t.NoBalance
	return t
}

func (t *Told) balances(h Habits) {
	if h.Balances != "expected" {
		t.Booked = Decimal(t.bookedCents)
	}
	if h.Balances != "booked" {
		t.Expected = Decimal(t.expectedCents)
	}
}

// cover decides which days are told completely.
func (b Bank) cover(t *Told, v Visit, ask Ask) {
	today := dayIn(v.At, b.Life.Habits.Zone)
	from, asked := ask.From[t.BankID]
	if !asked {
		from = ask.Default
	}
	t.From = max(from, today.Add(-b.Life.Habits.History))
	if v.Fault.Kind == Short {
		if short := today.Add(-v.Fault.Amount); short > t.From {
			t.From, t.Shrunk = short, true
		}
	}
	t.To = ask.To
	if !b.Life.Habits.Ahead {
		t.To = min(ask.To, today)
	}
}

func (b Bank) accountID(a *Account, visit int, channel string) string {
	v := b.Life.Visits[visit]
	switch b.Life.Habits.Accounts {
	case OfConsent:
		if b.Life.Habits.Listed {
			return fmt.Sprintf("%s-%d", channel[10:], b.place(a, visit))
		}
		return fmt.Sprintf("%s-%d-%d", channel[10:], v.Consent, a.Serial*7919+v.Consent*13)
	case OfSession:
		return fmt.Sprintf("s%d-%d", visit, a.Serial)
	}
	return fmt.Sprintf("%s-account-%d", channel[10:], a.Serial)
}

// rows are what the bank has at an instant, from a day on.
func (b Bank) rows(a *Account, visit int, channel string, now time.Time, from Day) []Row {
	h := b.Life.Habits
	var rows []Row
	for _, m := range a.Movements {
		at := m.At(now)
		if at < 0 {
			continue
		}
		said := m.Stages[at].Said
		day := said.Accounted()
		if day < from && day != "" && (said.Status != Pending || !h.PendingAlways) {
			continue
		}
		rows = append(rows, Row{Movement: m, Stage: at, Said: said, Amount: Decimal(said.Cents)})
	}
	slices.SortStableFunc(rows, newestFirst)
	b.identify(rows, visit, channel)
	switch d := newDraw(b.Life.Seed, 7, uint64(visit), uint64(a.Serial)); h.Order { //nolint:gosec // small and positive
	case "oldest":
		slices.Reverse(rows)
	case "mixed":
		d.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	}
	for i := range rows {
		b.evidence(&rows[i], visit)
	}
	return rows
}

func newestFirst(x, y Row) int {
	if (x.Status == Pending) != (y.Status == Pending) {
		if x.Status == Pending {
			return -1
		}
		return 1
	}
	if c := strings.Compare(string(y.Accounted()), string(x.Accounted())); c != 0 {
		return c
	}
	return y.Movement.Happened().Compare(x.Movement.Happened())
}

// evidence adds the bank's own record, and drops zeroes on some days.
func (b Bank) evidence(row *Row, visit int) {
	if b.Life.Habits.Bare && visit%3 == 0 {
		row.Amount = strings.TrimSuffix(strings.TrimRight(row.Amount, "0"), ".")
	}
	if b.Life.Habits.Evidence {
		row.Raw, _ = json.Marshal(map[string]string{"id": row.ID, "amount": row.Amount, "text": row.Label, "date": string(row.Accounted())})
	}
}

// Decimal writes cents as an amount.
func Decimal(cents int64) string {
	sign := ""
	if cents < 0 {
		sign, cents = "-", -cents
	}
	return fmt.Sprintf("%s%d.%02d", sign, cents/100, cents%100)
}
