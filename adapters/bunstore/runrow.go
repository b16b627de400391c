package bunstore

import (
	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
)

type runRow struct {
	bun.BaseModel `bun:"table:synchronizations"`
	ID            ident.Synchronization   `bun:"id,pk"`
	ClientID      ident.Client            `bun:"client_id"`
	UserID        ident.User              `bun:"user_id"`
	ConnectionID  ident.Connection        `bun:"connection_id"`
	Type          synchronization.Type    `bun:"type"`
	Trigger       synchronization.Trigger `bun:"trigger"`
	Status        synchronization.Status  `bun:"status"`
	Stage         synchronization.Stage   `bun:"stage"`
	PSU           text                    `bun:"psu,nullzero"`
	Locale        string                  `bun:"locale"`
	CreatedAt     int64                   `bun:"created_at"`
	StartedAt     *int64                  `bun:"started_at"`
	FinishedAt    *int64                  `bun:"finished_at"`
	Legs          text                    `bun:"legs,nullzero"`
	Accounts      text                    `bun:"accounts,nullzero"`
	Problem       text                    `bun:"problem,nullzero"`
	LeaseOwner    string                  `bun:"lease_owner"`
	LeaseEpoch    int64                   `bun:"lease_epoch"`
	LeaseUntil    *int64                  `bun:"lease_until"`
	DueAt         *int64                  `bun:"due_at"`
	Fruitless     int                     `bun:"fruitless"`
	RetryAt       *int64                  `bun:"retry_at"`
	Offers        bool                    `bun:"offers"`
}

type (
	psuText struct {
		IP        string `json:"ip"`
		UserAgent string `json:"user_agent"`
	}
	problemText struct {
		Code    string    `json:"code"`
		Message bank.Text `json:"message,omitempty"`
	}
	legText struct {
		ChannelDefinition string                `json:"channel_definition"`
		Phase             synchronization.Phase `json:"phase"`
		SealedState       []byte                `json:"sealed_state,omitempty"`
		StateUntil        *int64                `json:"state_until,omitempty"`
		Authenticated     bool                  `json:"authenticated,omitempty"`
		ConsentID         ident.Consent         `json:"consent_id,omitempty"`
		Code              string                `json:"code,omitempty"`
	}
	outcomeText struct {
		AccountID ident.Account `json:"account_id"`
		Outcome   string        `json:"outcome"`
		Integrity string        `json:"integrity,omitempty"`
		Gap       *gapText      `json:"gap,omitempty"`
		Problem   *problemText  `json:"problem,omitempty"`
	}
)

func runRowOf(s *synchronization.Synchronization) runRow {
	return runRow{
		ID: s.ID, ClientID: s.ClientID, UserID: s.UserID, ConnectionID: s.ConnectionID, Type: s.Type, Trigger: s.Trigger,
		Status: s.Status, Stage: s.Stage, PSU: toText((*psuText)(s.PSU)), Locale: s.Locale, CreatedAt: micros(s.CreatedAt),
		StartedAt: known(s.StartedAt), FinishedAt: known(s.FinishedAt), Legs: toText(each(s.Legs, legTextOf)),
		Accounts: toText(each(s.Accounts, outcomeTextOf)), Problem: toText((*problemText)(s.Problem)),
		LeaseOwner: s.Lease.Owner, LeaseEpoch: s.Lease.Epoch, LeaseUntil: known(s.Lease.Until), DueAt: known(s.DueAt),
		Fruitless: s.Fruitless, RetryAt: known(s.RetryAt), Offers: s.Offers,
	}
}

func (r runRow) domain() (*synchronization.Synchronization, error) {
	s := &synchronization.Synchronization{
		ID: r.ID, ClientID: r.ClientID, UserID: r.UserID, ConnectionID: r.ConnectionID, Type: r.Type, Trigger: r.Trigger,
		Status: r.Status, Stage: r.Stage, Locale: r.Locale, CreatedAt: instant(r.CreatedAt),
		StartedAt: knownInstant(r.StartedAt), FinishedAt: knownInstant(r.FinishedAt),
		Lease: synchronization.Lease{Owner: r.LeaseOwner, Epoch: r.LeaseEpoch, Until: knownInstant(r.LeaseUntil)},
		DueAt: knownInstant(r.DueAt), Fruitless: r.Fruitless, RetryAt: knownInstant(r.RetryAt), Offers: r.Offers,
	}
	return s, r.parts(s)
}

func (r runRow) parts(s *synchronization.Synchronization) error {
	psu, err := fromText[*psuText](r.PSU)
	if err != nil {
		return err
	}
	legs, err := fromText[[]legText](r.Legs)
	if err != nil {
		return err
	}
	outcomes, err := fromText[[]outcomeText](r.Accounts)
	if err != nil {
		return err
	}
	problem, err := fromText[*problemText](r.Problem)
	if err != nil {
		return err
	}
	s.PSU, s.Problem = (*synchronization.PSU)(psu), (*synchronization.Problem)(problem)
	s.Legs, s.Accounts = each(legs, legText.leg), each(outcomes, outcomeText.outcome)
	for i, o := range outcomes {
		if s.Accounts[i].Gap, err = o.Gap.gap(); err != nil {
			return err
		}
	}
	return nil
}

func (r runRow) place() store.Key { return keyOf(r.CreatedAt, string(r.ID)) }

func legTextOf(l synchronization.Leg) legText {
	return legText{l.ChannelDefinition, l.Phase, blob(l.SealedState), known(l.StateUntil), l.Authenticated, l.ConsentID, l.Code}
}

func (l legText) leg() synchronization.Leg {
	return synchronization.Leg{
		ChannelDefinition: l.ChannelDefinition, Phase: l.Phase, SealedState: blob(l.SealedState),
		StateUntil: knownInstant(l.StateUntil), Authenticated: l.Authenticated, ConsentID: l.ConsentID, Code: l.Code,
	}
}

func outcomeTextOf(o synchronization.AccountOutcome) outcomeText {
	return outcomeText{o.AccountID, o.Outcome, o.Integrity, gapTextOf(o.Gap), (*problemText)(o.Problem)}
}

func (o outcomeText) outcome() synchronization.AccountOutcome {
	return synchronization.AccountOutcome{
		AccountID: o.AccountID, Outcome: o.Outcome, Integrity: o.Integrity, Problem: (*synchronization.Problem)(o.Problem),
	}
}
