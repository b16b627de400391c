package storetest

import (
	"context"

	"github.com/tributary-dev/tributary/core/provider"
)

type fakeOutages struct{ *fakeTx }

func (r fakeOutages) Begin(_ context.Context, o provider.Outage) (bool, error) {
	if err := r.writable(); err != nil {
		return false, err
	}
	_, known := r.state.outages[o.Plugin]
	if !known {
		r.state.outages[o.Plugin] = o
	}
	return !known, nil
}

func (r fakeOutages) End(_ context.Context, plugin string) (bool, error) {
	if err := r.writable(); err != nil {
		return false, err
	}
	_, known := r.state.outages[plugin]
	delete(r.state.outages, plugin)
	return known, nil
}
