package httpapi

import (
	"time"

	"github.com/tributary-dev/tributary/core/synchronization"
)

type synchronizationView struct {
	ID           string               `json:"id" example:"syn_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The run's id."`
	ConnectionID string               `json:"connection_id" example:"con_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"What it refreshes."`
	UserID       string               `json:"user_id" example:"usr_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"Whose connection that is."`
	Type         string               `json:"type" enum:"ALL,LIST_ACCOUNTS" doc:"What it reads."`
	Trigger      string               `json:"trigger" enum:"CONNECT,MANUAL,SCHEDULED" doc:"What started it."`
	Status       string               `json:"status" enum:"QUEUED,RUNNING,WAITING,SUCCESS,PARTIAL_SUCCESS,FAILED,CANCELLED" doc:"Where it stands. WAITING: for the user, or with retry_at for the bank, which takes no more calls for now. The last four are final."`
	Stage        string               `json:"stage" enum:"START,CONNECT,INTERACTIVE,ACCOUNTS,RECENT,FULL,FINISH" doc:"How far it is."`
	CreatedAt    time.Time            `json:"created_at" doc:"When it was asked for."`
	StartedAt    *time.Time           `json:"started_at" doc:"When it began; null while QUEUED."`
	FinishedAt   *time.Time           `json:"finished_at" doc:"When it ended."`
	Accounts     []accountOutcomeView `json:"accounts" doc:"What it did for each account."`
	Error        *runErrorView        `json:"error" doc:"Why it failed."`
	RetryAt      *time.Time           `json:"retry_at" doc:"Where it waits for the bank: when it goes on by itself. Where it failed, or read not all: when we were to try again by ourselves, as planned at its end. Else null."`
}

type accountOutcomeView struct {
	AccountID string        `json:"account_id" example:"acc_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The account."`
	Outcome   string        `json:"outcome" enum:"SUCCESS,PARTIAL_SUCCESS,WAITING,FAILED,SKIPPED" doc:"What became of it. PARTIAL_SUCCESS: what is recent was read, what is older was not, see error. WAITING: the bank gives no more of it for now (RATE_LIMITED); it is read later, see the account's next_try_at."`
	Integrity *string       `json:"integrity" example:"proven" doc:"Whether the transactions explain the balance: proven, gap or not_computable."`
	Gap       *gapView      `json:"gap" doc:"What the transactions do not explain of the balance; null unless integrity is gap."`
	Error     *runErrorView `json:"error" doc:"Why it failed."`
}

type runErrorView struct {
	_       struct{} `nullable:"true"`
	Code    string   `json:"code" example:"PROVIDER_UNAVAILABLE" doc:"Stable; switch on it."`
	Message string   `json:"message" example:"Your bank cannot be reached. We will try again." doc:"A sentence for the user, in the call's language."`
}

func runIn(locale string) func(*synchronization.Synchronization) synchronizationView {
	return func(s *synchronization.Synchronization) synchronizationView {
		return synchronizationView{
			ID: string(s.ID), ConnectionID: string(s.ConnectionID), UserID: string(s.UserID), Type: string(s.Type),
			Trigger: string(s.Trigger), Status: string(s.Status), Stage: string(s.Stage), CreatedAt: instant(s.CreatedAt),
			StartedAt: moment(s.StartedAt), FinishedAt: moment(s.FinishedAt), Accounts: each(s.Accounts, outcomeIn(locale)),
			Error: runError(s.Problem, locale), RetryAt: moment(s.Next()),
		}
	}
}

func outcomeIn(locale string) func(synchronization.AccountOutcome) accountOutcomeView {
	return func(o synchronization.AccountOutcome) accountOutcomeView {
		return accountOutcomeView{
			AccountID: string(o.AccountID), Outcome: o.Outcome, Integrity: known(o.Integrity), Gap: showGap(o.Gap), Error: runError(o.Problem, locale),
		}
	}
}

func runError(p *synchronization.Problem, locale string) *runErrorView {
	if p == nil {
		return nil
	}
	return &runErrorView{Code: p.Code, Message: p.Message.In(locale)}
}
