// Package sealertest owns the contract of ports/sealer: what every box must do
// and, above all, refuse. Its Fake passes it, so that a test of the core that
// mixes up two users or two purposes fails there and not in production.
//
// Invariant: no case knows how a box encrypts.
package sealertest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/sealer"
)

// Run checks a box, and so proves S2: what was sealed opens under its own
// binding and key and no other, whole and unchanged, or fails with
// sealer.ErrUnreadable. That the program binds what it stores to its place is
// proved in core/app/vault and core/app/synchronizing. Every call of open gives a fresh one, with a master key of
// its own.
func Run(t *testing.T, open func(t *testing.T) sealer.Box) {
	for name, check := range map[string]func(*testing.T, sealer.Box){
		"round_trips_any_text_under_any_binding":     roundTrip,
		"keeps_the_plain_text_out_of_what_is_stored": hides,
		"seals_the_same_text_differently_each_time":  differs,
		"makes_a_different_key_for_each_call":        distinctKeys,
		"refuses_another_binding":                    refusesEachField,
		"refuses_fields_that_only_join_to_the_same":  refusesMovedBorders,
		"refuses_any_other_binding":                  refusesAnyBinding,
		"refuses_any_flipped_bit_of_the_text":        refusesFlippedText,
		"refuses_any_flipped_bit_of_the_key":         refusesFlippedKey,
		"refuses_truncated_and_extended_texts":       refusesOtherLengths,
		"refuses_another_users_key":                  refusesOtherKey,
		"refuses_an_erased_or_broken_key":            refusesBrokenKey,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, open(t))
		})
	}
	t.Run("refuses_keys_of_another_master", func(t *testing.T) {
		t.Parallel()
		one, two := open(t), open(t)
		key, sealed := sealCanary(t, one)
		requireUnreadable(t, two, key, binding, sealed)
		_, err := two.Seal(key, binding, secret.FromBytes([]byte(canary)))
		require.ErrorIs(t, err, sealer.ErrUnreadable)
	})
}

const canary = "Canary-4c1d-correct-horse"

var binding = sealer.Binding{
	Client: "cli_one", User: "usr_one", Connection: "con_one",
	Channel: "embedded", Plugin: "testbank", Purpose: "credentials", Version: 1,
}

func newKey(t require.TestingT, box sealer.Box, b sealer.Binding) []byte {
	key, err := box.NewKey(b.Client, b.User)
	require.NoError(t, err)
	require.NotEmpty(t, key)
	return key
}

func seal(t require.TestingT, box sealer.Box, key []byte, b sealer.Binding, plain string) []byte {
	sealed, err := box.Seal(key, b, secret.FromBytes([]byte(plain)))
	require.NoError(t, err)
	return sealed
}

func sealCanary(t require.TestingT, box sealer.Box) (key, sealed []byte) {
	key = newKey(t, box, binding)
	return key, seal(t, box, key, binding, canary)
}

func requireUnreadable(t require.TestingT, box sealer.Box, key []byte, b sealer.Binding, sealed []byte) {
	plain, err := box.Open(key, b, sealed)
	require.ErrorIs(t, err, sealer.ErrUnreadable)
	require.True(t, plain.Empty(), "nothing is given out beside an error")
	require.NotContains(t, err.Error(), canary)
}
