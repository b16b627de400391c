package delivery_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
)

func hook() *delivery.Webhook {
	return &delivery.Webhook{ID: "whk_1", ClientID: "cli_1", URL: "https://a.example/", Algorithm: delivery.HMACSHA256, Status: delivery.Enabled}
}

func failed(at time.Time) delivery.Attempt { return delivery.Attempt{At: at, HTTPStatus: 500} }

func TestWebhook_is_checked(t *testing.T) {
	t.Parallel()
	require.NoError(t, hook().Check())
	for want, spoil := range map[error]func(*delivery.Webhook){
		delivery.ErrWebhookURL:  func(w *delivery.Webhook) { w.URL = "https://" + strings.Repeat("a", delivery.MaxURL) },
		delivery.ErrDescription: func(w *delivery.Webhook) { w.Description = strings.Repeat("a", delivery.MaxDescription+1) },
		delivery.ErrAlgorithm:   func(w *delivery.Webhook) { w.Algorithm = "NONE" },
		event.ErrName:           func(w *delivery.Webhook) { w.Filter.Names = []event.Name{"user.%"} },
	} {
		w := hook()
		spoil(w)
		require.Equal(t, want, w.Check())
	}
}

func TestWebhook_is_given_up_after_five_days_of_nothing_but_failure(t *testing.T) {
	t.Parallel()
	w := hook()
	w.Learn(failed(noon))
	w.Learn(failed(noon.Add(delivery.Patience - time.Microsecond)))
	require.True(t, w.Serves())
	w.Learn(delivery.Attempt{At: noon.Add(delivery.Patience), HTTPStatus: 204})
	require.Zero(t, w.FailingSince, "one success begins anew")
	later := noon.Add(delivery.Patience + time.Hour)
	w.Learn(failed(later))
	require.True(t, w.Serves())
	require.Empty(t, w.Drain())
	w.Learn(failed(later.Add(delivery.Patience)))
	require.Equal(t, delivery.Failing, w.Reason)
	require.Equal(t, []event.Draft{{Name: event.WebhookDisabled, Version: 1, Data: event.Data{"webhook_id": "whk_1", "reason": "FAILING"}}}, w.Drain())
	w.Learn(failed(later.Add(2 * delivery.Patience)))
	require.Empty(t, w.Drain(), "it is told once")
	w.Enable()
	require.True(t, w.Serves())
	require.Zero(t, w.FailingSince)
}

func TestWebhook_that_is_gone_is_disabled_at_once(t *testing.T) {
	t.Parallel()
	w := hook()
	w.Learn(delivery.Attempt{At: noon, HTTPStatus: 410})
	require.Equal(t, delivery.Gone, w.Reason)
	require.Len(t, w.Drain(), 1)
	w.Enable()
	w.Disable(delivery.ByClient)
	require.Equal(t, delivery.ByClient, w.Reason)
	require.Empty(t, w.Drain(), "who did it knows")
}

func TestWebhook_is_served_by_one_at_a_time(t *testing.T) {
	t.Parallel()
	w := hook()
	require.True(t, w.Claim("one", noon, noon.Add(time.Minute)))
	first := w.Hold.Epoch
	require.False(t, w.Claim("two", noon.Add(time.Minute-1), noon.Add(time.Hour)))
	require.True(t, w.Claim("two", noon.Add(time.Minute), noon.Add(time.Hour)))
	require.False(t, w.HeldAt(first))
	w.Release()
	require.False(t, w.HeldAt(w.Hold.Epoch))
	require.True(t, w.Claim("three", noon, noon.Add(time.Minute)))
	w.Release()
	w.Disable(delivery.ByClient)
	require.False(t, w.Claim("four", noon, noon.Add(time.Minute)))
}

// TestSecrets_overlap: at any time the newest signs without an end, and every
// other one signs for at most the overlap after it was replaced.
func TestSecrets_overlap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		w, now := hook(), noon
		ends := map[byte]time.Time{}
		for i := range byte(rapid.IntRange(1, 12).Draw(r, "rotations")) {
			overlap := time.Duration(rapid.Int64Range(0, int64(delivery.MaxOverlap)).Draw(r, "overlap"))
			for known, end := range ends {
				if end.IsZero() || end.After(now.Add(overlap)) {
					ends[known] = now.Add(overlap)
				}
			}
			ends[i] = time.Time{}
			w.Rotate(delivery.Secret{Sealed: []byte{i}, CreatedAt: now}, overlap, now)
			require.Equal(t, []byte{i}, w.Secrets[0].Sealed)
			for n, s := range w.Secrets {
				require.Equal(t, n == 0, s.Until.IsZero())
				require.True(t, ends[s.Sealed[0]].Equal(s.Until))
			}
			require.LessOrEqual(t, len(w.Secrets), 5)
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(delivery.MaxOverlap)).Draw(r, "pause")))
		}
	})
}
