package config

// Move is what an aggregator does in a step of a play.
type Move string

// The moves.
const (
	MoveConnect     Move = "connect"
	MoveSynchronize Move = "synchronize"
	MoveMend        Move = "mend"
	MoveList        Move = "list_accounts"
)

// Step is one step of the play that a scenario is: when, what an aggregator does for the customer, and what it must
// hold then. All that the bank's truth says must be true after each step; a step says what is worth reading beside that.
type Step struct {
	On      Day           `yaml:"on" need:"true" doc:"The day, not before that of the step before."`
	At      Minute        `yaml:"at" doc:"The time of day, in the bank's time zone. Default: 12:00, later steps of one day an hour after the one before."`
	Do      Move          `yaml:"do" enum:"connect|synchronize|mend|list_accounts" doc:"connect: the customer connects the bank; synchronize: all is read again; mend: the customer does what is asked (types the new password, gives the consent again); list_accounts: only accounts are looked for. Default: connect in the first step, else synchronize."`
	Absent  bool          `yaml:"absent" doc:"Nobody is there in this step: no code is asked for."`
	Login   string        `yaml:"login" doc:"Who the customer is. Default: the first persona."`
	By      By            `yaml:"by" enum:"portal|consent" doc:"Whether the customer's log-in is used, or a consent given on the bank's page. Default: as in the step before, at first portal."`
	Ends    string        `yaml:"ends" enum:"SUCCESS|PARTIAL_SUCCESS|FAILED|WAITING" doc:"How it ends; WAITING is for the bank, which takes no more calls for now. Default: SUCCESS."`
	Because string        `yaml:"because" doc:"The status of the connection's channel, where that is not how it ends, such as PROVIDER_UNAVAILABLE."`
	Expect  []Expectation `yaml:"expect" max:"50" doc:"What is held then, account by account. Accounts that are not named are compared with the truth all the same."`
}

// By is the way to the bank.
type By string

// The ways.
const (
	ByPortal  By = "portal"
	ByConsent By = "consent"
)

// Expectation is what an aggregator holds of an account after a step.
type Expectation struct {
	Account  string `yaml:"account" need:"true" doc:"Ref of the account."`
	Status   string `yaml:"status" enum:"ACTIVE|ERROR|NOT_FOUND|CLOSED|NONE" doc:"What it is; NONE: it is not there. Default: ACTIVE."`
	Name     string `yaml:"name" doc:"Its name."`
	Booked   Count  `yaml:"booked" doc:"How many booked rows it has."`
	Pending  Count  `yaml:"pending" doc:"How many pending ones."`
	Other    Count  `yaml:"other" doc:"How many of any other status."`
	Added    Count  `yaml:"added" doc:"How many rows have an id that was not there after the step before."`
	Changed  Count  `yaml:"changed" doc:"How many kept their id and changed."`
	Removed  Count  `yaml:"removed" doc:"How many ids of the step before are gone."`
	Doubtful Count  `yaml:"duplicate_candidates" doc:"How many rows say that they may be another row once more. Default: 0."`
	Doubled  Count  `yaml:"doubled" doc:"How many rows there are beyond the real ones, because the bank left it open. Default: 0."`
	SameAs   Count  `yaml:"same_as" doc:"How many other accounts it is said to be as well: the same one, seen with the log-in of another customer. Default: 0."`
	Balance  string `yaml:"balance" enum:"proven|gap|not_computable" doc:"What the check of rows against balances says."`
	Defect   string `yaml:"defect" doc:"Day and reason why this is known not to be so yet. A step that comes out as expected must not have it."`
}

func (f *File) fillPlay() {
	login, by, previous := "", ByPortal, Step{}
	if len(f.Personas) > 0 {
		login = f.Personas[0].Login
	}
	for i := range f.Play {
		s := &f.Play[i]
		if !s.At.Given {
			s.At = Minute{Of: noon, Given: true}
			if i > 0 && s.On == previous.On {
				s.At.Of = min(previous.At.Of+60, lastMinute)
			}
		}
		if i == 0 {
			orText(&s.Do, MoveConnect)
		}
		orText(&s.Do, MoveSynchronize)
		orText(&s.Login, login)
		orText(&s.By, by)
		orText(&s.Ends, "SUCCESS")
		for j := range s.Expect {
			orText(&s.Expect[j].Status, "ACTIVE")
		}
		by, previous = s.By, *s
	}
}

const noon, lastMinute = 12 * 60, 24*60 - 1
