package repeating_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/repeating"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/ports/sealer/sealertest"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

// TestAKeptAnswerIsSealed: some answers tell a secret this once. Who sends the
// call again has the same answer; who reads the store has none; under another
// master key it is lost, which is told and never repeats the effect.
func TestAKeptAnswerIsSealed(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	answer := []byte(`{"secret":"whsec_Canary-77"}`)
	s := repeating.Service{Store: w.Store, Now: time.Now, Box: w.Box}
	sent := usecase.Sending{Key: "once", Route: "POST /v1/webhooks", Body: []byte("{}")}
	attempt, err := s.Begin(t.Context(), w.As(w.Acme), sent)
	require.NoError(t, err)
	require.NoError(t, s.Finish(t.Context(), attempt, usecase.Answer{Status: 201, Location: "/x", Body: answer}))

	kept := func() (a store.Attempt) {
		w.View(func(ctx context.Context, tx store.Tx) (err error) {
			a, err = tx.Attempts().Get(ctx, attempt.ID)
			return err
		})
		return a
	}
	require.NotContains(t, string(kept().Body), "Canary-77")
	again, err := s.Begin(t.Context(), w.As(w.Acme), sent)
	require.NoError(t, err)
	require.Equal(t, &usecase.Answer{Status: 201, Location: "/x", Body: answer}, again.Earlier)

	replaced := s
	replaced.Box = sealertest.NewFake() // with another master key
	for name, spoil := range map[string]func(body []byte) []byte{
		"the key was replaced": func(body []byte) []byte { return body },
		"cut short":            func(body []byte) []byte { return body[:3] },
		"cut in its key":       func(body []byte) []byte { return body[:10] },
		"changed":              func(body []byte) []byte { return append(bytes.Clone(body[:len(body)-1]), body[len(body)-1]^1) },
	} {
		before := kept()
		spoilt := before
		spoilt.Body = spoil(before.Body)
		w.Update(func(ctx context.Context, tx store.Tx) error { return tx.Attempts().Put(ctx, spoilt) })
		reader := s
		if name == "the key was replaced" {
			reader = replaced
		}
		_, err = reader.Begin(t.Context(), w.As(w.Acme), sent)
		require.ErrorIs(t, err, repeating.ErrLost, name)
		require.Equal(t, fault.Conflict, fault.KindOf(err), name)
		w.Update(func(ctx context.Context, tx store.Tx) error { return tx.Attempts().Put(ctx, before) })
	}
	plain := kept()
	plain.Body = answer // as it was kept before answers were sealed
	w.Update(func(ctx context.Context, tx store.Tx) error { return tx.Attempts().Put(ctx, plain) })
	again, err = s.Begin(t.Context(), w.As(w.Acme), sent)
	require.NoError(t, err)
	require.Equal(t, answer, again.Earlier.Body)
}
