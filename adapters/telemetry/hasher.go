package telemetry

import (
	"context"

	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/passwords"
)

// Hasher measures how long passwords take and how many wait.
func (i *Instruments) Hasher(next passwords.Hasher) passwords.Hasher { return hasher{i, next} }

type hasher struct {
	*Instruments
	next passwords.Hasher
}

func (h hasher) measure() func() {
	began, now := h.now(), h.hashesNow.WithLabelValues()
	now.Inc()
	return func() {
		now.Dec()
		h.hashing.WithLabelValues().Observe(h.since(began))
	}
}

// Hash implements the port.
func (h hasher) Hash(ctx context.Context, password secret.String) (string, error) {
	defer h.measure()()
	return h.next.Hash(ctx, password)
}

// Verify implements the port.
func (h hasher) Verify(ctx context.Context, hash string, password secret.String) (bool, error) {
	defer h.measure()()
	return h.next.Verify(ctx, hash, password)
}
