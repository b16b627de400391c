package main

import (
	"context"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Begin goes on with a consent, or asks for one.
func (p *provider) Begin(ctx context.Context, req sdk.BeginRequest) (sdk.Step, error) {
	d, err := p.of(req.Session)
	if err != nil {
		return sdk.Step{}, err
	}
	return d.Begin(ctx, req)
}

// Continue takes an answer, or asks how it stands.
func (p *provider) Continue(ctx context.Context, req sdk.ContinueRequest) (sdk.Step, error) {
	d, err := p.of(req.Session)
	if err != nil {
		return sdk.Step{}, err
	}
	return d.Continue(ctx, req)
}

// Refresh renews tokens, and nothing else does.
func (p *provider) Refresh(ctx context.Context, req sdk.RefreshRequest) (sdk.Ready, error) {
	d, err := p.of(req.Session)
	if err != nil {
		return sdk.Ready{}, err
	}
	return d.Refresh(ctx, req)
}

// Fetch reads accounts, balances and transactions.
func (p *provider) Fetch(ctx context.Context, req sdk.FetchRequest, sink sdk.Sink) error {
	d, err := p.of(req.Session)
	if err != nil {
		return err
	}
	return d.Fetch(ctx, req, sink)
}

// End revokes the consent at the bank where that is asked.
func (p *provider) End(ctx context.Context, req sdk.EndRequest) error {
	d, err := p.of(req.Session)
	if err != nil {
		return err
	}
	return d.End(ctx, req)
}
