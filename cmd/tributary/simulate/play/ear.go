package play

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
	catalogue "github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/provider"
)

// ear stands between the application and the bank and keeps what was told.
type ear struct {
	banks Banks
	bank  life.Bank
	visit int
	heard []Heard
}

func (e *ear) listen(visit int) { e.visit, e.heard = visit, nil }

func (e *ear) ask(req provider.Fetch) life.Answer {
	ask := life.Ask{
		Channel: req.Session.ChannelID, From: map[string]life.Day{}, Default: life.Day(req.Window.Default), To: life.Day(req.Window.To),
		Skip: slices.Clone(req.Skip), Listing: req.Mode == synchronization.ListAccounts,
	}
	for account, day := range req.Window.From {
		ask.From[account] = life.Day(day)
	}
	return e.bank.Answer(e.visit, ask)
}

// Fetch implements provider.Gateway.
func (e *ear) Fetch(ctx context.Context, req provider.Fetch, sink provider.Sink) error {
	err := e.banks.Fetch(ctx, req, sink)
	if answer := e.ask(req); err == nil || answer.Broken {
		e.heard = append(e.heard, Heard{Channel: req.Session.ChannelID, Answer: answer.Kept()})
	}
	return err
}

// Begin implements provider.Gateway. A bank in another process learns from the
// credentials which visit this is; it could not count them itself, because not
// every visit asks on every channel.
func (e *ear) Begin(ctx context.Context, req provider.Begin) (provider.Step, error) {
	req.Credentials = maps.Clone(req.Credentials)
	req.Credentials["visit"] = secret.New(strconv.Itoa(e.visit))
	return e.banks.Begin(ctx, req)
}

// Continue implements provider.Gateway.
func (e *ear) Continue(ctx context.Context, req provider.Continue) (provider.Step, error) {
	return e.banks.Continue(ctx, req)
}

// Refresh implements provider.Gateway.
func (e *ear) Refresh(ctx context.Context, req provider.Refresh) (provider.Ready, error) {
	return e.banks.Refresh(ctx, req)
}

// End implements provider.Gateway.
func (e *ear) End(ctx context.Context, req provider.End) error { return e.banks.End(ctx, req) }

// Providers implements provider.Catalogue.
func (e *ear) Providers(ctx context.Context) ([]catalogue.Provider, error) {
	all, err := e.banks.Providers(ctx)
	for i := range all {
		all[i].Zone = e.bank.Life.Habits.Told()
	}
	return all, err
}

// Provider implements provider.Catalogue. A catalogue tells one zone of a bank,
// and the simulated one is another bank in each life.
func (e *ear) Provider(ctx context.Context, id string) (catalogue.Provider, error) {
	found, err := e.banks.Provider(ctx, id)
	found.Zone = e.bank.Life.Habits.Told()
	return found, err
}
