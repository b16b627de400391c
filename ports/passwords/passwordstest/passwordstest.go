// Package passwordstest owns the contract of ports/passwords. Its Fake passes
// it and is cheap, so that tests of the core do not pay for memory-hard hashes.
//
// Invariant: no case knows the form of a hash.
package passwordstest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/passwords"
)

// Run checks a hasher. Every call of open gives a fresh one.
func Run(t *testing.T, open func(t *testing.T) passwords.Hasher) {
	for name, check := range map[string]func(*testing.T, passwords.Hasher){
		"knows_a_password_by_its_hash":           knows,
		"tells_near_passwords_apart":             tellsApart,
		"hashes_differently_each_time":           differs,
		"keeps_the_password_out_of_the_hash":     hides,
		"answers_no_for_empty_and_broken_hashes": refusesBroken,
		"ends_with_its_context":                  endsWithContext,
		"serves_many_at_once":                    servesMany,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, open(t))
		})
	}
}

const canary = "Canary-9e2b"

func hash(t *testing.T, h passwords.Hasher, password string) string {
	t.Helper()
	text, err := h.Hash(t.Context(), secret.New(password))
	require.NoError(t, err)
	require.NotEmpty(t, text)
	return text
}

func verify(t *testing.T, h passwords.Hasher, hash, password string) bool {
	t.Helper()
	ok, err := h.Verify(t.Context(), hash, secret.New(password))
	require.NoError(t, err)
	return ok
}

func knows(t *testing.T, h passwords.Hasher) {
	for _, password := range []string{canary, "éé漢字1 ", "a\x00b1", "\xff\xfe1", strings.Repeat("long1", 200)} {
		require.True(t, verify(t, h, hash(t, h, password), password), "%q", password)
	}
}

func tellsApart(t *testing.T, h passwords.Hasher) {
	text := hash(t, h, canary)
	for _, other := range []string{"", canary + " ", canary + "\x00", canary[1:], strings.ToLower(canary), text} {
		require.False(t, verify(t, h, text, other), "%q", other)
	}
	// A hash that cut its input would take both for the same.
	long := strings.Repeat("x", 1000)
	require.False(t, verify(t, h, hash(t, h, long+"1"), long+"2"))
}

func differs(t *testing.T, h passwords.Hasher) {
	require.NotEqual(t, hash(t, h, canary), hash(t, h, canary))
}

func hides(t *testing.T, h passwords.Hasher) {
	require.NotContains(t, hash(t, h, canary), canary)
}

func refusesBroken(t *testing.T, h passwords.Hasher) {
	text := hash(t, h, canary)
	for _, broken := range []string{"", " ", "$", canary, text[:len(text)-1], text[1:], text + "A", text + text, text + "\n"} {
		require.False(t, verify(t, h, broken, canary), "%q", broken)
		require.False(t, verify(t, h, broken, ""), "%q", broken)
	}
}

func endsWithContext(t *testing.T, h passwords.Hasher) {
	text := hash(t, h, canary)
	ended, end := context.WithCancel(t.Context())
	end()
	_, hashErr := h.Hash(ended, secret.New(canary))
	ok, verifyErr := h.Verify(ended, text, secret.New(canary))
	require.False(t, ok)
	for _, err := range []error{hashErr, verifyErr} {
		require.Equal(t, fault.Unavailable, fault.KindOf(err))
		require.ErrorIs(t, err, context.Canceled)
		require.NotContains(t, err.Error(), canary)
	}
	require.True(t, verify(t, h, text, canary), "a turn that was given up is free again")
}

func servesMany(t *testing.T, h passwords.Hasher) {
	const callers = 6
	wrong := make([]error, callers)
	var done sync.WaitGroup
	for i := range callers {
		done.Go(func() { wrong[i] = serve(t.Context(), h, fmt.Sprintf("%s-%d", canary, i)) })
	}
	done.Wait()
	for _, err := range wrong {
		require.NoError(t, err)
	}
}

func serve(ctx context.Context, h passwords.Hasher, password string) error {
	text, err := h.Hash(ctx, secret.New(password))
	if err != nil {
		return err
	}
	ok, err := h.Verify(ctx, text, secret.New(password))
	if err == nil && !ok {
		return fmt.Errorf("a hash made among others does not verify")
	}
	return err
}
