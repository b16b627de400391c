package httpapi

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type diagnosisView struct {
	ConnectionID          string                 `json:"connection_id" example:"con_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The connection."`
	Status                string                 `json:"status" enum:"NONE,RUNNING,SUCCESS,PARTIAL_SUCCESS,FAILED,CLOSED" doc:"Where it stands."`
	Turn                  string                 `json:"turn" enum:"USER,US,BANK,NOBODY" doc:"Whose move it is. Of several channels the user's comes first, then ours."`
	LastSuccessAt         *time.Time             `json:"last_success_at" doc:"The end of the last run that brought data."`
	NextSynchronizationAt *time.Time             `json:"next_synchronization_at" doc:"When the next run is planned."`
	Synchronization       *diagnosedRunView      `json:"synchronization" doc:"The newest run."`
	Channels              []diagnosedChannelView `json:"channels" doc:"What is the matter with each channel."`
	Accounts              []diagnosedAccountView `json:"accounts" doc:"What became of each account."`
}

type diagnosedRunView struct {
	_            struct{}   `nullable:"true"`
	ID           string     `json:"id" example:"syn_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The run."`
	Trigger      string     `json:"trigger" enum:"CONNECT,MANUAL,SCHEDULED" doc:"What started it."`
	Status       string     `json:"status" enum:"QUEUED,RUNNING,WAITING,SUCCESS,PARTIAL_SUCCESS,FAILED,CANCELLED" doc:"Where it stands."`
	Stage        string     `json:"stage" enum:"START,CONNECT,INTERACTIVE,ACCOUNTS,RECENT,FULL,FINISH" doc:"How far it came."`
	StartedAt    *time.Time `json:"started_at" doc:"When it began."`
	FinishedAt   *time.Time `json:"finished_at" doc:"When it ended."`
	WhatHappened string     `json:"what_happened" example:"Everything was read." doc:"In plain words, in the call's language."`
}

type diagnosedChannelView struct {
	ChannelDefinitionID string              `json:"channel_definition_id" example:"testbank-web" doc:"The channel."`
	Type                string              `json:"type" enum:"REDIRECT,EMBEDDED" doc:"How the bank is reached."`
	Status              string              `json:"status" enum:"RUNNING,SUCCESS,PARTIAL_SUCCESS,EMPTY,CLOSED,AUTH_FAILED,ACCOUNT_LOCKED,TOKEN_EXPIRED,PASSWORD_CHANGE_REQUIRED,CHALLENGE_REQUIRED,USER_ACTION_REQUIRED,RATE_LIMITED,PROVIDER_UNAVAILABLE,BLOCKED,TECHNICAL_ERROR" doc:"Where it stands."`
	Cause               *string             `json:"cause" example:"SESSION_LOST" doc:"Closer than the status, for those who look after it; null where nothing is wrong."`
	Turn                string              `json:"turn" enum:"USER,US,BANK,NOBODY" doc:"Whose move it is."`
	WhatHappened        string              `json:"what_happened" example:"Your accounts are up to date." doc:"In plain words, in the call's language."`
	WhatToDo            string              `json:"what_to_do" example:"There is nothing to do." doc:"In plain words, in the call's language."`
	RequiredAction      *requiredActionView `json:"required_action" doc:"The same for programs; null where there is nothing to do."`
	RetryAt             *time.Time          `json:"retry_at" doc:"When we try again by ourselves; null where we do not."`
	ExpiresAt           *time.Time          `json:"expires_at" doc:"When the consent ends."`
	Allowance           *allowanceView      `json:"allowance" doc:"What the bank allows while the user is not there; null where it sets no limit."`
}

type allowanceView struct {
	_            struct{}   `nullable:"true"`
	State        string     `json:"state" enum:"FREE,PARTLY_SPENT,SPENT" doc:"What is left of it. PARTLY_SPENT: of some accounts nothing."`
	NextAccessAt *time.Time `json:"next_access_at" doc:"When more is possible; null where that is now."`
	WhatHappened string     `json:"what_happened" example:"Your bank lets us read your accounts now, also while you are not there." doc:"In plain words, in the call's language."`
}

type diagnosedAccountView struct {
	AccountID     string     `json:"account_id" example:"acc_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The account."`
	Status        string     `json:"status" enum:"ACTIVE,ERROR,NOT_FOUND,CLOSED,SUSPENDED,PENDING_CONSENT" doc:"Where it stands."`
	Outcome       *string    `json:"outcome" example:"SUCCESS" doc:"What the newest run did for it: SUCCESS, PARTIAL_SUCCESS, WAITING, FAILED or SKIPPED; null where nothing."`
	WhatHappened  string     `json:"what_happened" example:"It was read." doc:"In plain words, in the call's language."`
	History       string     `json:"history" enum:"NONE,RECENT,COMPLETE" doc:"How far back its transactions were read."`
	LastSuccessAt *time.Time `json:"last_success_at" doc:"When it was last read to the end."`
	NextTryAt     *time.Time `json:"next_try_at" doc:"When we try next."`
}

type oneDiagnosis struct{ Body diagnosisView }

func (a api) diagnoses() {
	add(a, operation{
		ID: "diagnose-connection", Method: http.MethodGet, Path: "/v1/connections/{id}/diagnosis", Tag: tagConnections,
		Summary: "Explain a connection", Text: "In plain words: what happened, whose move it is, what to do, and when we try again.",
		Worded: true, Who: holding(client.ConnectionsRead), Errors: []int{http.StatusNotFound},
	}, a.diagnose)
}

func (a api) diagnose(ctx context.Context, p usecase.Principal, in *connectionPath) (*oneDiagnosis, error) {
	found, err := a.Diagnoses.Diagnose(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return &oneDiagnosis{showDiagnosis(found, p.Locale)}, nil
}

func showDiagnosis(d usecase.Diagnosis, locale string) diagnosisView {
	c := d.Connection
	advice := each(c.Channels, func(channel connection.Channel) connection.Advice { return c.Advise(channel, d.Asked) })
	view := diagnosisView{
		ConnectionID: string(c.ID), Status: string(c.Status), Turn: string(connection.First(advice)), LastSuccessAt: moment(c.LastSuccessAt),
		NextSynchronizationAt: moment(c.NextSynchronizationAt), Synchronization: diagnosedRun(d.Run, locale), Channels: []diagnosedChannelView{},
		Accounts: each(d.Accounts, func(account ledger.Account) diagnosedAccountView { return diagnosedAccount(account, d.Run, locale) }),
	}
	for i, channel := range c.Channels {
		shown := diagnosedChannel(channel, advice[i], locale)
		shown.Allowance = allowanceOf(d.Quota, channel, locale)
		view.Channels = append(view.Channels, shown)
	}
	return view
}

func diagnosedRun(run *synchronization.Synchronization, locale string) *diagnosedRunView {
	if run == nil {
		return nil
	}
	return &diagnosedRunView{
		ID: string(run.ID), Trigger: string(run.Trigger), Status: string(run.Status), Stage: string(run.Stage),
		StartedAt: moment(run.StartedAt), FinishedAt: moment(run.FinishedAt), WhatHappened: run.Status.Sentence().In(locale),
	}
}

func diagnosedChannel(c connection.Channel, a connection.Advice, locale string) diagnosedChannelView {
	return diagnosedChannelView{
		ChannelDefinitionID: c.DefinitionID, Type: string(c.Type), Status: string(c.Status), Cause: known(c.Cause), Turn: string(a.Turn),
		WhatHappened: a.Message.In(locale), WhatToDo: a.Todo.In(locale), RequiredAction: requiredAction(a), RetryAt: moment(a.RetryAt),
		ExpiresAt: moment(c.ExpiresAt),
	}
}

func allowanceOf(q usecase.Quota, c connection.Channel, locale string) *allowanceView {
	at := slices.IndexFunc(q.Channels, func(one usecase.ChannelQuota) bool { return one.Channel == c.DefinitionID })
	if at < 0 || q.Channels[at].Standing.Sentence() == nil {
		return nil
	}
	s := q.Channels[at].Standing
	return &allowanceView{State: string(s.State), NextAccessAt: moment(s.Next), WhatHappened: s.Sentence().In(locale)}
}

func diagnosedAccount(a ledger.Account, run *synchronization.Synchronization, locale string) diagnosedAccountView {
	var outcome synchronization.AccountOutcome
	if found := outcomeFor(run, a.ID); found != nil {
		outcome = *found
	}
	return diagnosedAccountView{
		AccountID: string(a.ID), Status: string(a.Status), Outcome: known(outcome.Outcome), WhatHappened: outcome.Sentence().In(locale),
		History: historyOf(a.History), LastSuccessAt: moment(a.LastSuccessAt), NextTryAt: moment(a.NextTryAt),
	}
}

func outcomeFor(run *synchronization.Synchronization, id ident.Account) *synchronization.AccountOutcome {
	if run == nil {
		return nil
	}
	return run.Outcome(id)
}
