package secret_test

import (
	"bytes"
	"encoding/json"
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
