// Command simulated is the simulated bank as a plugin: it makes up the life that
// the credentials name, and tells of it what the bank would tell in the visit that
// they name as well.
package main

import (
	"context"
	"fmt"
	"strconv"
	"sync"

	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/serve"
)

func main() {
	serve.Main(func(serve.Settings) (sdk.Provider, error) {
		return &bank{lives: map[string]*life.Life{}}, nil
	})
}

type bank struct {
	mu    sync.Mutex
	lives map[string]*life.Life
}

func (*bank) Describe(context.Context) (sdk.Description, error) {
	types := []sdk.AccountType{sdk.Checkings, sdk.Savings, sdk.Loan, sdk.CreditCard}
	fields := []sdk.Field{{Name: "life", Type: sdk.FieldText, Label: sdk.Text{"en": "Life"}, Required: true}}
	return sdk.Description{Plugin: "simulated", Version: "1.0.0", Providers: []sdk.ProviderInfo{{
		ID: "simulated", Name: "Simulated", Country: "FR", Channels: []sdk.ChannelDefinition{
			{ID: life.Redirect, Type: sdk.Redirect, AccountTypes: types, CredentialFields: fields},
			{ID: life.Embedded, Type: sdk.Embedded, AccountTypes: types, CredentialFields: fields},
		},
	}}}, nil
}

func (b *bank) Begin(_ context.Context, req sdk.BeginRequest) (sdk.Step, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	key := req.Credentials["life"]
	if b.lives[key] == nil {
		var seed uint64
		var size life.Size
		if _, err := fmt.Sscanf(key, "%d/%d/%d", &seed, &size.Accounts, &size.Days); err != nil {
			return sdk.Step{}, sdk.Fail(sdk.AuthFailed, err)
		}
		b.lives[key] = life.New(seed, size)
	}
	number, err := strconv.Atoi(req.Credentials["visit"])
	if err != nil {
		return sdk.Step{}, sdk.Fail(sdk.AuthFailed, err)
	}
	visit := b.lives[key].Visits[number]
	if visit.Fault.Kind == life.Refused {
		return sdk.Step{}, sdk.Fail(sdk.ProviderUnavailable, nil)
	}
	return sdk.Step{Ready: &sdk.Ready{
		State: sdk.Bundle{Version: 1, Data: fmt.Appendf(nil, "%d %s", number, key)}, Consent: &sdk.Consent{ID: visit.Agreement()},
	}}, nil
}

func (*bank) Continue(context.Context, sdk.ContinueRequest) (sdk.Step, error) {
	return sdk.Step{}, sdk.Fail(sdk.NotSupported, nil)
}

func (b *bank) Fetch(_ context.Context, req sdk.FetchRequest, sink sdk.Sink) error {
	var number int
	var key string
	if _, err := fmt.Sscanf(string(req.State.Data), "%d %s", &number, &key); err != nil {
		return sdk.Fail(sdk.SecretUnreadable, err)
	}
	b.mu.Lock()
	l := b.lives[key]
	b.mu.Unlock()
	ask := life.Ask{
		Channel: req.Session.ChannelID, From: map[string]life.Day{}, Default: life.Day(req.Window.Default), To: life.Day(req.Window.To),
		Skip: req.Skip, Listing: req.Mode == sdk.FetchAccounts,
	}
	for account, day := range req.Window.From {
		ask.From[account] = life.Day(day)
	}
	answer := life.Bank{Life: l}.Answer(number, ask)
	for _, told := range answer.Streamed() {
		if err := tell(told, l.Visits[number], sink); err != nil {
			return err
		}
	}
	if answer.Broken {
		return sdk.Fail(sdk.ProviderUnavailable, nil)
	}
	return nil
}
