package oauth

import "time"

// Limits bound wrong passwords. An attempt is counted before the password is
// looked at and given back when it was right, so that parallel guesses do not
// slip through; a right one costs nothing.
//
// They are kept in memory, by each process for itself. A table would have to be
// written before every password is checked: whoever guesses could then keep the
// one writer of SQLite busy, which is worse than what it saves. What is lost: a
// restart gives Burst attempts back, which no attacker can bring about, and n
// servers together allow n times as much.
type Limits struct {
	// Account bounds guesses at one account by all those who never knew its
	// password; 20 and one a minute by default, less than 100 an hour.
	Account Limit
	// Client bounds guesses that one application passes on; 1000 and one a second.
	Client Limit
	// Address bounds guesses from one address at all accounts of a client; 100
	// and one in 5 seconds.
	Address Limit
	// Place bounds guesses at one account from one address; 10 and one in 2 minutes.
	// It refills more slowly than Account: one address alone shuts nobody out.
	Place Limit
}

func (l Limits) orDefaults() Limits {
	for _, d := range []struct {
		limit    *Limit
		standard Limit
	}{
		{&l.Account, Limit{20, time.Minute}}, {&l.Client, Limit{1000, time.Second}},
		{&l.Address, Limit{100, 5 * time.Second}}, {&l.Place, Limit{10, 2 * time.Minute}},
	} {
		if d.limit.Burst <= 0 || d.limit.Every <= 0 {
			*d.limit = d.standard
		}
	}
	return l
}
