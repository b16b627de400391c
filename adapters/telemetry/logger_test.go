package telemetry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/adapters/telemetry"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/secret"
)

func logger(t require.TestingT, config telemetry.Config) (*slog.Logger, *bytes.Buffer) {
	var out bytes.Buffer
	made, err := telemetry.NewLogger(&out, config)
	require.NoError(t, err)
	return made, &out
}

// TestOneRecordIsOneLine puts anything anywhere into a record (claim A13).
func TestOneRecordIsOneLine(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"text", "json"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				evil := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
					"a\nlevel=ERROR msg=forged", "\x1b[2J", "\u009b2J", "\x7f", "\u202egnp.exe", "\u2028", "\r", "\xff\xfe", "\U000e0041",
				})).Draw(t, "evil")
				log, out := logger(t, telemetry.Config{Format: format})
				log.With("with", evil).WithGroup("g").Error(evil, "key", evil, evil, 1, "err", errors.New(evil),
					"any", map[string]string{evil: evil})
				body, ended := strings.CutSuffix(out.String(), "\n")
				require.True(t, ended)
				require.NotContains(t, body, "\n")
				for _, r := range body {
					require.False(t, unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp), "%U in the log", r)
				}
				if format == "json" {
					var record map[string]any
					require.NoError(t, json.Unmarshal([]byte(body), &record))
					require.Equal(t, string([]rune(evil)), record["msg"], "escaping lost what was said")
				}
			})
		})
	}
}

func TestLevel(t *testing.T) {
	t.Parallel()
	for level, lines := range map[string]int{"debug": 4, "info": 3, "": 3, "warn": 2, "error": 1} {
		log, out := logger(t, telemetry.Config{Level: level})
		log.Debug("d")
		log.Info("i")
		log.Warn("w")
		log.Error("e")
		require.Equal(t, lines, strings.Count(out.String(), "\n"), "level %q", level)
	}
}

func TestUnknownSettings(t *testing.T) {
	t.Parallel()
	for _, config := range []telemetry.Config{{Level: "loud"}, {Level: "INFO"}, {Format: "xml"}} {
		_, err := telemetry.NewLogger(&bytes.Buffer{}, config)
		require.Equal(t, fault.Invalid, fault.KindOf(err))
		require.NotContains(t, err.Error(), "loud", "a rejected value is not echoed")
	}
}

type requestKey struct{}

func TestRecordSaysWhatTheContextKnows(t *testing.T) {
	t.Parallel()
	log, out := logger(t, telemetry.Config{Format: "json", FromContext: []func(context.Context) []slog.Attr{
		func(ctx context.Context) []slog.Attr {
			if id, known := ctx.Value(requestKey{}).(string); known {
				return []slog.Attr{slog.String("request_id", id)}
			}
			return nil
		},
	}})
	log.With("a", 1).InfoContext(context.WithValue(t.Context(), requestKey{}, "req_1"), "hello")
	require.Contains(t, out.String(), `"a":1,"request_id":"req_1"}`)
	out.Reset()
	log.InfoContext(t.Context(), "hello")
	require.NotContains(t, out.String(), "request_id")
}

func TestSecretsStayRedacted(t *testing.T) {
	t.Parallel()
	type login struct {
		Name     string
		Password secret.String
	}
	canary := secret.New("canary-7f3a")
	for _, format := range []string{"text", "json"} {
		log, out := logger(t, telemetry.Config{Format: format})
		log.Info("login", "plain", canary, "struct", login{"marie", canary}, "map", secret.Values{"code": canary},
			"bytes", secret.FromBytes([]byte("canary-7f3a")), slog.Group("g", "inner", &canary))
		require.NotContains(t, out.String(), "canary")
		require.NotContains(t, out.String(), "Y2FuYXJ5", "base64 hides nothing")
		require.Contains(t, out.String(), "[redacted]")
	}
}
