package rehearsing

import (
	"context"

	"github.com/tributary-dev/tributary/core/sandbox"
	"github.com/tributary-dev/tributary/ports/provider"
)

// Gateway lets nobody speak with a test bank that does not have the store's
// clock and configurations.
type Gateway struct {
	provider.Gateway
	Catalogue provider.Catalogue
	Keeper    *Keeper
}

var _ provider.Gateway = Gateway{}

// Begin implements provider.Gateway.
func (g Gateway) Begin(ctx context.Context, req provider.Begin) (provider.Step, error) {
	if err := g.settle(ctx, req.Session); err != nil {
		return provider.Step{}, err
	}
	return g.Gateway.Begin(ctx, req)
}

// Continue implements provider.Gateway.
func (g Gateway) Continue(ctx context.Context, req provider.Continue) (provider.Step, error) {
	if err := g.settle(ctx, req.Session); err != nil {
		return provider.Step{}, err
	}
	return g.Gateway.Continue(ctx, req)
}

// Refresh implements provider.Gateway.
func (g Gateway) Refresh(ctx context.Context, req provider.Refresh) (provider.Ready, error) {
	if err := g.settle(ctx, req.Session); err != nil {
		return provider.Ready{}, err
	}
	return g.Gateway.Refresh(ctx, req)
}

// Fetch implements provider.Gateway.
func (g Gateway) Fetch(ctx context.Context, req provider.Fetch, sink provider.Sink) error {
	if err := g.settle(ctx, req.Session); err != nil {
		return err
	}
	return g.Gateway.Fetch(ctx, req, sink)
}

func (g Gateway) settle(ctx context.Context, session provider.Session) error {
	found, err := g.Catalogue.Provider(ctx, session.ProviderID)
	channel, missing := found.Channel(session.ChannelID)
	if err != nil || missing != nil || !sandbox.OfTestBank(channel.Plugin, session.ProviderID) {
		return nil //nolint:nilerr // whatever is wrong, the session itself meets it
	}
	err = g.Keeper.Settle(ctx)
	if err != nil && ctx.Err() == nil {
		return &provider.Failure{Code: provider.ProviderUnavailable, Whose: provider.Bank, Err: err}
	}
	return err
}
