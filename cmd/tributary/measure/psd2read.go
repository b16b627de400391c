package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"time"

	"github.com/tributary-dev/tributary/adapters/pluginhost"
	"github.com/tributary-dev/tributary/cmd/tributary/measure/aspsp"
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/provider"
)

// fetched is how long all rows of a bank took, and what the plugin spent on them.
type fetched struct{ took, spent time.Duration }

// fetch reads all rows of a bank through the plugin's process.
func (b *bench) fetch(ctx context.Context, a aspsps, of *aspsp.Bank, rows int) (out fetched, err error) {
	host, err := pluginhost.Open(ctx, pluginhost.Options{
		Dir: filepath.Join(b.bin, "plugins"), Settings: map[string]map[string]string{"psd2": a.settings},
	})
	if err != nil {
		return out, err
	}
	defer host.Close(time.Second)
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	session := provider.Session{ID: "measure", ProviderID: of.ID(), ChannelID: of.ID() + "-psd2"}
	ready, err := agreed(ctx, host, of, session)
	if err != nil {
		return out, err
	}
	process := pluginOf(host, "psd2")
	got, began, before := &counted{}, time.Now(), spent(process)
	err = host.Fetch(ctx, provider.Fetch{
		Session: session, Mode: synchronization.All, State: ready.State, Secrets: ready.Secrets, Window: provider.Window{To: bank.DayOf(time.Now())},
	}, got)
	if err == nil && got.rows != rows {
		err = fmt.Errorf("%d rows came out of %d", got.rows, rows)
	}
	return fetched{time.Since(began), spent(process) - before}, err
}

// pluginOf is the process of a plugin.
func pluginOf(host *pluginhost.Host, name string) int {
	for _, plugin := range host.Status() {
		if plugin.Name == name {
			return plugin.Pid
		}
	}
	return 0
}

// agreed has the user agree at the bank.
func agreed(ctx context.Context, host *pluginhost.Host, of *aspsp.Bank, session provider.Session) (*provider.Ready, error) {
	const returnURL = "https://us.example/return"
	here := &synchronization.PSU{IP: "192.0.2.1"}
	step, err := host.Begin(ctx, provider.Begin{Session: session, PSU: here, ReturnURL: returnURL, ReturnState: secret.New("state")})
	if err != nil {
		return nil, err
	}
	if step.Challenge == nil {
		return nil, errors.New("the user was not sent to the bank")
	}
	back, err := of.Visit(ctx, step.Challenge.Asked.URL)
	if err != nil {
		return nil, err
	}
	step, err = host.Continue(ctx, provider.Continue{
		Session: session, PSU: here, Challenge: step.Challenge.Asked.Ref, State: step.Challenge.State, ReturnURL: returnURL, ReturnState: secret.New("state"), Answers: brought(back.Query()),
	})
	if err == nil && step.Ready == nil {
		err = errors.New("the bank asks for more")
	}
	return step.Ready, err
}

// brought is what the browser brings back from the bank.
func brought(query url.Values) secret.Values {
	values := secret.Values{}
	for name := range query {
		values[name] = secret.New(query.Get(name))
	}
	return values
}
