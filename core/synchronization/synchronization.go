// Package synchronization owns one run that refreshes a connection: its state
// machine, its lease, its legs (one a channel) and the outcome per account. It
// knows nothing of banks, plugins or rows.
//
// Invariant: a final run never changes again.
package synchronization

import (
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/money"
)

// Synchronization is one run.
type Synchronization struct {
	event.Recorder
	ID           ident.Synchronization
	ClientID     ident.Client
	UserID       ident.User
	ConnectionID ident.Connection
	Type         Type
	Trigger      Trigger
	// Offers says that accounts which the run finds, or finds again, wait for the
	// choice of their user, whatever the connection does otherwise.
	Offers bool
	Status Status
	Stage  Stage
	// PSU is set when the user is really there.
	PSU        *PSU
	Locale     string
	CreatedAt  time.Time
	StartedAt  time.Time
	FinishedAt time.Time
	Legs       []Leg
	Accounts   []AccountOutcome
	Problem    *Problem

	Lease Lease
	// DueAt is when somebody has to look at the run again.
	DueAt time.Time
	// RetryAt is when a run that was turned away goes on by itself, and of one that
	// is over when its connection was to be tried again because of it, on the clock
	// that users see; it stays once the run did. Zero where nobody turned it away.
	RetryAt time.Time
	// Fruitless counts the holders that were lost since the run last got further.
	Fruitless int
}

// Type is what a run reads.
type Type string

// Types of run.
const (
	All          Type = "ALL"
	ListAccounts Type = "LIST_ACCOUNTS"
)

// Trigger is who asked for a run.
type Trigger string

// Triggers.
const (
	Connect   Trigger = "CONNECT"
	Manual    Trigger = "MANUAL"
	Scheduled Trigger = "SCHEDULED"
)

// Stage is how far a run is.
type Stage string

// Stages in their order; each leg goes through them from CONNECT on.
const (
	StageStart       Stage = "START"
	StageConnect     Stage = "CONNECT"
	StageInteractive Stage = "INTERACTIVE"
	StageAccounts    Stage = "ACCOUNTS"
	StageRecent      Stage = "RECENT"
	StageFull        Stage = "FULL"
	StageFinish      Stage = "FINISH"
)

// Problem says why a run failed.
type Problem struct {
	Code    string
	Message bank.Text
}

// AccountOutcome is what a run did for one account.
type AccountOutcome struct {
	AccountID ident.Account
	Outcome   string
	// Integrity says whether rows and balance agree: proven, gap or
	// not_computable (field note 15).
	Integrity string
	// Gap is set where they do not.
	Gap     *Gap
	Problem *Problem
}

// Gap is an amount that the rows do not explain, between two days.
type Gap struct {
	Missing  money.Amount
	From, To bank.Day
}

// Outcomes of an account. Of a partial one what is recent was read, and what is
// older was not. One that waits was not read, because the bank takes no more calls
// for now: that is no failure.
const (
	OutcomeSuccess = "SUCCESS"
	OutcomePartial = "PARTIAL_SUCCESS"
	OutcomeWaiting = "WAITING"
	OutcomeFailed  = "FAILED"
	OutcomeSkipped = "SKIPPED"
)

// Errors.
var (
	ErrNotFound = fault.New(fault.NotFound, "synchronization_not_found", "There is no such synchronization.")
	ErrRunning  = fault.New(fault.Conflict, "synchronization_running", "A synchronization of this connection is running already.")
	ErrOver     = fault.New(fault.Conflict, "synchronization_over", "This synchronization is over.")
	// ErrFenced says that somebody else holds the run now; the writer must stop.
	ErrFenced = fault.New(fault.Conflict, "fenced", "This run is held by another worker now.")
)

// Order is what a new run needs to know.
type Order struct {
	ID           ident.Synchronization
	ClientID     ident.Client
	UserID       ident.User
	ConnectionID ident.Connection
	Type         Type
	Trigger      Trigger
	PSU          *PSU
	Locale       string
	Channels     []string
}

// New queues a run.
func New(o Order, now time.Time) *Synchronization {
	s := &Synchronization{
		ID: o.ID, ClientID: o.ClientID, UserID: o.UserID, ConnectionID: o.ConnectionID, Type: o.Type, Trigger: o.Trigger,
		PSU: o.PSU, Locale: o.Locale, Status: Queued, Stage: StageStart, CreatedAt: now, DueAt: now,
	}
	for _, channel := range o.Channels {
		s.Legs = append(s.Legs, Leg{ChannelDefinition: channel, Phase: Waiting})
	}
	return s
}

// Stages lists them in their order.
func Stages() []Stage {
	return []Stage{StageStart, StageConnect, StageInteractive, StageAccounts, StageRecent, StageFull, StageFinish}
}

// Reach moves a running run to a stage, with how much of it is done where that
// is known. Going back is ignored except to CONNECT and INTERACTIVE, which a
// second channel needs; so is a stage that does not exist.
func (s *Synchronization) Reach(stage Stage, done, total int) {
	from, to := slices.Index(Stages(), s.Stage), slices.Index(Stages(), stage)
	again := stage == StageConnect || stage == StageInteractive
	if s.Status != Running || to < 0 || (to < from && !again) || (to == from && total == 0) {
		return
	}
	s.Stage = stage
	s.record(event.SynchronizationStage, "", event.Data{"stage": string(stage), "done": done, "total": total})
}

func (s *Synchronization) record(name event.Name, channel string, data event.Data) {
	if data == nil {
		data = event.Data{}
	}
	data["synchronization_id"] = string(s.ID)
	s.Record(event.Draft{Name: name, UserID: s.UserID, ConnectionID: s.ConnectionID, ChannelDefinition: channel, Data: data})
}
