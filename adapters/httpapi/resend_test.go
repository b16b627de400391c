package httpapi

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/connection"
)

func TestResend(t *testing.T) {
	t.Parallel()
	const target = "/v1/connections/" + con + "/challenge/resend"

	t.Run("Answers_with_the_challenge_as_it_stands", func(t *testing.T) {
		t.Parallel()
		w := newRig().call("POST", target, userToken, "")
		require.Equal(t, http.StatusAccepted, w.Code)
		got := decoded(t, w)
		require.Equal(t, cha, got["id"])
		require.Equal(t, map[string]any{"available_at": "2026-03-02T12:00:00.123456Z", "left": 2.0, "pending": true}, got["resend"])
	})

	t.Run("Says_how_long_to_wait", func(t *testing.T) {
		t.Parallel()
		g := newRig()
		g.fail = connection.ErrResendEarly.About(cha).After(1500 * time.Millisecond)
		w := g.call("POST", target, userToken, "")
		require.Equal(t, "2", w.Header().Get("Retry-After"), "whole seconds, never too few")
		require.Equal(t, cha, *refused(t, w, http.StatusConflict, "resend_too_early").Subject)
	})

	t.Run("Has_one_code_for_each_reason", func(t *testing.T) {
		t.Parallel()
		for code, err := range map[string]error{"resend_not_supported": connection.ErrResend, "resend_exhausted": connection.ErrResendSpent} {
			g := newRig()
			g.fail = err
			w := g.call("POST", target, userToken, "")
			refused(t, w, http.StatusConflict, code)
			require.Empty(t, w.Header().Get("Retry-After"))
		}
	})
}
