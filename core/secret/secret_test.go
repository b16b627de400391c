package secret_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/secret"
)

const canary = "Canary-7f3a"

type holder struct {
	Password secret.String
	State    secret.Bytes
	Named    secret.Values
}

func held() holder {
	return holder{secret.New(canary), secret.FromBytes([]byte(canary)), secret.Values{"pin": secret.New(canary)}}
}

// TestNoVerbPrintsASecret proves S5 with the two below it: however a secret is
// printed, told as JSON, logged or put into an error, it does not show. That a
// panic in a handler does not show it either is proved in adapters/httpapi.
func TestNoVerbPrintsASecret(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		verb := rapid.StringMatching(`%[-+# 0]{0,3}[0-9]{0,2}(\.[0-9])?[a-zA-Z]`).Draw(t, "verb")
		h := held()
		for _, v := range []any{h.Password, h.State, h, &h, h.Named, []any{h}} {
			out := fmt.Sprintf(verb, v)
			require.NotContains(t, out, canary)
			require.NotContains(t, out, fmt.Sprintf("%x", canary))
			require.NotContains(t, out, fmt.Sprintf("%X", canary))
			require.NotContains(t, out, "67 97 110 97 114 121")
		}
	})
}

func TestMarshalAndLogRedact(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(held())
	require.NoError(t, err)
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "h", held(), "p", held().Password)
	for _, out := range []string{string(text), log.String()} {
		require.NotContains(t, out, canary)
		require.Contains(t, out, "[redacted]")
	}
	require.Equal(t, canary, held().Password.Reveal())
}

func TestErrorsAndPanicsThatHoldASecretRedact(t *testing.T) {
	t.Parallel()
	h := held()
	for _, out := range []string{
		fmt.Errorf("log in with %v: %s %q %#v %x", h.Password, h.State, h.Named, h, h.Password).Error(),
		fmt.Sprint(errors.Join(fmt.Errorf("%v", h), fmt.Errorf("%+v", &h))), h.Password.String(), h.Password.GoString(), h.State.String(), h.State.GoString(),
		panicked(h), panicked(h.Password), panicked(fmt.Sprintf("%#v", h)),
	} {
		require.NotContains(t, out, canary)
		require.NotContains(t, out, fmt.Sprintf("%x", canary))
	}
}

// panicked is what a recovered panic looks like when it is printed.
func panicked(value any) (out string) {
	defer func() { out = fmt.Sprintf("%v %+v %#v", recover(), value, value) }()
	panic(value)
}
