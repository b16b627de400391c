package wire

import "github.com/tributary-dev/tributary/plugins/sdk"

// BeginRequestOf translates to the protocol.
func BeginRequestOf(r sdk.BeginRequest) *BeginRequest {
	return &BeginRequest{
		Session: SessionOf(r.Session), Psu: psuOf(r.PSU), Credentials: r.Credentials,
		Secrets: bundleOf(r.Secrets), ReturnUrl: r.ReturnURL, ReturnState: r.ReturnState,
	}
}

// SDK translates from the protocol.
func (x *BeginRequest) SDK() sdk.BeginRequest {
	return sdk.BeginRequest{
		Session: x.GetSession().SDK(), PSU: x.GetPsu().SDK(), Credentials: x.GetCredentials(),
		Secrets: x.GetSecrets().SDK(), ReturnURL: x.GetReturnUrl(), ReturnState: x.GetReturnState(),
	}
}

// ContinueRequestOf translates to the protocol.
func ContinueRequestOf(r sdk.ContinueRequest) *ContinueRequest {
	return &ContinueRequest{
		Session: SessionOf(r.Session), Psu: psuOf(r.PSU), ChallengeId: r.ChallengeID,
		Answers: r.Answers, Poll: r.Poll, Resend: r.Resend, State: bundleOf(r.State), Secrets: bundleOf(r.Secrets),
		Credentials: r.Credentials, ReturnUrl: r.ReturnURL, ReturnState: r.ReturnState,
	}
}

// SDK translates from the protocol.
func (x *ContinueRequest) SDK() sdk.ContinueRequest {
	return sdk.ContinueRequest{
		Session: x.GetSession().SDK(), PSU: x.GetPsu().SDK(), ChallengeID: x.GetChallengeId(),
		Answers: x.GetAnswers(), Poll: x.GetPoll(), Resend: x.GetResend(), State: x.GetState().SDK(), Secrets: x.GetSecrets().SDK(),
		Credentials: x.GetCredentials(), ReturnURL: x.GetReturnUrl(), ReturnState: x.GetReturnState(),
	}
}

// RefreshRequestOf translates to the protocol.
func RefreshRequestOf(r sdk.RefreshRequest) *RefreshRequest {
	return &RefreshRequest{Session: SessionOf(r.Session), Psu: psuOf(r.PSU), Secrets: bundleOf(r.Secrets)}
}

// SDK translates from the protocol.
func (x *RefreshRequest) SDK() sdk.RefreshRequest {
	return sdk.RefreshRequest{Session: x.GetSession().SDK(), PSU: x.GetPsu().SDK(), Secrets: x.GetSecrets().SDK()}
}

// EndRequestOf translates to the protocol.
func EndRequestOf(r sdk.EndRequest) *EndRequest {
	return &EndRequest{
		Session: SessionOf(r.Session), State: bundleOf(r.State), Secrets: bundleOf(r.Secrets), Revoke: r.Revoke,
	}
}

// SDK translates from the protocol.
func (x *EndRequest) SDK() sdk.EndRequest {
	return sdk.EndRequest{
		Session: x.GetSession().SDK(), State: x.GetState().SDK(), Secrets: x.GetSecrets().SDK(), Revoke: x.GetRevoke(),
	}
}

// FetchRequestOf translates to the protocol.
func FetchRequestOf(r sdk.FetchRequest) *FetchRequest {
	return &FetchRequest{
		Session: SessionOf(r.Session), Psu: psuOf(r.PSU), Mode: string(r.Mode), Window: windowOf(r.Window),
		Skip: r.Skip, Allowances: each(r.Allowances, allowanceOf),
		State: bundleOf(r.State), Secrets: bundleOf(r.Secrets), Deadline: instant(r.Deadline),
	}
}

// SDK translates from the protocol.
func (x *FetchRequest) SDK() sdk.FetchRequest {
	return sdk.FetchRequest{
		Session: x.GetSession().SDK(), PSU: x.GetPsu().SDK(), Mode: sdk.FetchMode(x.GetMode()), Window: x.GetWindow().SDK(),
		Skip: x.GetSkip(), Allowances: each(x.GetAllowances(), (*Allowance).SDK),
		State: x.GetState().SDK(), Secrets: x.GetSecrets().SDK(), Deadline: timeOf(x.GetDeadline()),
	}
}

func windowOf(w sdk.Window) *Window {
	out := &Window{Default: string(w.Default), To: string(w.To)}
	if len(w.From) > 0 {
		out.From = make(map[string]string, len(w.From))
	}
	for account, day := range w.From {
		out.From[account] = string(day)
	}
	return out
}

// SDK translates from the protocol.
func (x *Window) SDK() sdk.Window {
	out := sdk.Window{Default: sdk.Day(x.GetDefault()), To: sdk.Day(x.GetTo())}
	if len(x.GetFrom()) > 0 {
		out.From = make(map[string]sdk.Day, len(x.GetFrom()))
	}
	for account, day := range x.GetFrom() {
		out.From[account] = sdk.Day(day)
	}
	return out
}

func allowanceOf(a sdk.Allowance) *Allowance {
	return &Allowance{Account: a.Account, Scope: string(a.Scope), Left: int64(a.Left)}
}

// SDK translates from the protocol.
func (x *Allowance) SDK() sdk.Allowance {
	return sdk.Allowance{Account: x.GetAccount(), Scope: sdk.Scope(x.GetScope()), Left: int(x.GetLeft())}
}
