package pluginhost

import (
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/plugins/sdk"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// Secrets are revealed here and nowhere else: on their way to the pipe.

func beginOf(r port.Begin) sdk.BeginRequest {
	return sdk.BeginRequest{
		Session: sdk.Session(r.Session), PSU: psuOf(r.PSU), Credentials: secretsOf(r.Credentials),
		Secrets: bundleOf(r.Secrets), ReturnURL: r.ReturnURL, ReturnState: r.ReturnState.Reveal(),
	}
}

func continueOf(r port.Continue) sdk.ContinueRequest {
	return sdk.ContinueRequest{
		Session: sdk.Session(r.Session), PSU: psuOf(r.PSU), ChallengeID: r.Challenge,
		Answers: secretsOf(r.Answers), Poll: r.Poll, Resend: r.Resend, State: bundleOf(r.State), Secrets: bundleOf(r.Secrets),
		Credentials: secretsOf(r.Credentials), ReturnURL: r.ReturnURL, ReturnState: r.ReturnState.Reveal(),
	}
}

func refreshOf(r port.Refresh) sdk.RefreshRequest {
	return sdk.RefreshRequest{Session: sdk.Session(r.Session), PSU: psuOf(r.PSU), Secrets: bundleOf(r.Secrets)}
}

func endOf(r port.End) sdk.EndRequest {
	return sdk.EndRequest{
		Session: sdk.Session(r.Session), State: bundleOf(r.State), Secrets: bundleOf(r.Secrets), Revoke: r.Revoke,
	}
}

func fetchOf(r port.Fetch) sdk.FetchRequest {
	return sdk.FetchRequest{
		Session: sdk.Session(r.Session), PSU: psuOf(r.PSU), Mode: sdk.FetchMode(r.Mode),
		Window: windowOf(r.Window), Skip: r.Skip, Allowances: each(r.Allowances, allowanceOf),
		State: bundleOf(r.State), Secrets: bundleOf(r.Secrets), Deadline: r.Deadline,
	}
}

func psuOf(p *synchronization.PSU) *sdk.PSU {
	if p == nil {
		return nil
	}
	return &sdk.PSU{IP: p.IP, UserAgent: p.UserAgent}
}

func secretsOf(values secret.Values) sdk.Secrets {
	if len(values) == 0 {
		return nil
	}
	out := make(sdk.Secrets, len(values))
	for name, value := range values {
		out[name] = value.Reveal()
	}
	return out
}

func bundleOf(s port.State) sdk.Bundle { return sdk.Bundle{Version: s.Version, Data: s.Data.Reveal()} }

func windowOf(w port.Window) sdk.Window {
	out := sdk.Window{Default: sdk.Day(w.Default), To: sdk.Day(w.To)}
	if len(w.From) > 0 {
		out.From = make(map[string]sdk.Day, len(w.From))
	}
	for account, day := range w.From {
		out.From[account] = sdk.Day(day)
	}
	return out
}

func allowanceOf(a port.Allowance) sdk.Allowance {
	return sdk.Allowance{Account: a.Account, Scope: sdk.Scope(a.Scope), Left: a.Left}
}
