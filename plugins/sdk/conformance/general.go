package conformance

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/internal/contract"
)

func describes(ctx context.Context, p sdk.Provider, _ []Case) error {
	first, err := p.Describe(ctx)
	if err != nil {
		return err
	}
	if err := contract.Description(first); err != nil {
		return err
	}
	second, err := p.Describe(ctx)
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(first, second) {
		return errors.New("it describes itself otherwise the second time")
	}
	return nil
}

// logosDrawn: users see the pictures that the catalogue has.
func logosDrawn(ctx context.Context, p sdk.Provider, _ []Case) error {
	d, err := p.Describe(ctx)
	if err != nil {
		return err
	}
	return contract.Logos(d)
}

func casesKnown(ctx context.Context, p sdk.Provider, cases []Case) error {
	for _, c := range cases {
		if _, err := channelOf(ctx, p, c); err != nil {
			return err
		}
	}
	return nil
}

// channelOf finds the definition that a case is for.
func channelOf(ctx context.Context, p sdk.Provider, c Case) (sdk.ChannelDefinition, error) {
	d, err := p.Describe(ctx)
	if err != nil {
		return sdk.ChannelDefinition{}, err
	}
	for _, info := range d.Providers {
		for _, channel := range info.Channels {
			if info.ID == c.ProviderID && channel.ID == c.ChannelID {
				return channel, nil
			}
		}
	}
	return sdk.ChannelDefinition{}, fmt.Errorf("the case %q is for a channel that is not described", c.Name)
}

func unknownProvider(ctx context.Context, p sdk.Provider, c Case) error {
	c.ProviderID = "conformance-no-such-provider"
	_, err := p.Begin(ctx, c.begin("unknown"))
	_, err = typed(err)
	return err
}

func unknownChannel(ctx context.Context, p sdk.Provider, c Case) error {
	c.ChannelID = "conformance-no-such-channel"
	_, err := p.Begin(ctx, c.begin("unknown"))
	_, err = typed(err)
	return err
}

// unreadable gives bundles of a version that no plugin has.
func unreadable(ctx context.Context, p sdk.Provider, c Case) error {
	strange := sdk.Bundle{Version: 1 << 30, Data: []byte("from the future")}
	begin := c.begin("unreadable")
	begin.Secrets = strange
	_, err := p.Begin(ctx, begin)
	if _, err := typed(err, sdk.SecretUnreadable); err != nil {
		return fmt.Errorf("Begin with secrets of an unknown version: %w", err)
	}
	err = p.Fetch(ctx, c.fetch("unreadable", sdk.Ready{State: strange}), &reading{})
	if _, err := typed(err, sdk.SecretUnreadable); err != nil {
		return fmt.Errorf("Fetch with a state of an unknown version: %w", err)
	}
	if refresher, ok := p.(sdk.Refresher); ok {
		_, err := refresher.Refresh(ctx, sdk.RefreshRequest{Session: c.session("unreadable"), Secrets: strange})
		if _, err := typed(err, sdk.SecretUnreadable); err != nil {
			return fmt.Errorf("Refresh with secrets of an unknown version: %w", err)
		}
	}
	return nil
}

// prompt is how soon a call must return once its context has ended.
const prompt = 5 * time.Second

func contextEnds(ctx context.Context, p sdk.Provider, c Case) error {
	ready, err := open(ctx, p, c, "context")
	if err != nil {
		return err
	}
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- p.Fetch(inner, c.fetch("context", ready), &reading{first: cancel}) }()
	select {
	case <-inner.Done():
	case err := <-ended:
		return err // it had nothing to tell
	}
	select {
	case <-ended: //nolint:errcheck // whatever it says
		return nil
	case <-time.After(prompt):
		return fmt.Errorf("Fetch goes on %s after its context has ended", prompt)
	}
}

// sessionsApart reads all cases several times at once, and wants each to see
// what it sees alone.
func sessionsApart(ctx context.Context, p sdk.Provider, cases []Case) error {
	alone := make([][]string, len(cases))
	for i, c := range cases {
		seen, err := read(ctx, p, c, fmt.Sprintf("alone-%d", i))
		if err != nil {
			return err
		}
		alone[i] = seen.identities()
	}
	const times = 4
	wrong := make([]error, times*len(cases))
	var reads sync.WaitGroup
	for n := range wrong {
		reads.Go(func() {
			i := n % len(cases)
			seen, err := read(ctx, p, cases[i], fmt.Sprintf("together-%d", n))
			if err == nil && !slices.Equal(alone[i], seen.identities()) {
				err = fmt.Errorf("the case %q sees other accounts when several sessions are open", cases[i].Name)
			}
			wrong[n] = err
		})
	}
	reads.Wait()
	return errors.Join(wrong...)
}
