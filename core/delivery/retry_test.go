package delivery_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func fresh() delivery.Delivery {
	return delivery.NewDelivery("whk_1", event.Event{Seq: 7, ID: "evt_7"}, noon)
}

func TestSchedule_is_that_of_the_standard(t *testing.T) {
	t.Parallel()
	d, at := fresh(), noon
	for _, wait := range []time.Duration{
		5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
	} {
		d = d.Note(delivery.Answer{HTTPStatus: 500}, at, 0.5)
		require.Equal(t, delivery.Pending, d.Status)
		require.Equal(t, wait, d.NextAt.Sub(at))
		at = d.NextAt
	}
	require.InDelta(t, 75*time.Hour, at.Sub(noon), float64(time.Hour))
	d = d.Note(delivery.Answer{Code: delivery.TimedOut}, at, 0.5)
	require.Equal(t, delivery.Failed, d.Status)
	require.Zero(t, d.NextAt)
	require.Len(t, d.Attempts, delivery.Tries)
	again := d.Again(at)
	require.Equal(t, delivery.Pending, again.Status)
	require.Len(t, again.Attempts, delivery.Tries, "what was tried is still known")
	require.Equal(t, 5*time.Second, again.Note(delivery.Answer{HTTPStatus: 500}, at, 0.5).NextAt.Sub(at))
}

func TestAnswers_decide_what_follows(t *testing.T) {
	t.Parallel()
	for status := 100; status < 600; status++ {
		d := fresh().Note(delivery.Answer{HTTPStatus: status}, noon, 0)
		require.Equal(t, status >= 200 && status < 300, d.Status == delivery.Delivered, status)
		require.Equal(t, d.Status == delivery.Pending, !d.NextAt.IsZero(), status)
	}
	for _, code := range delivery.Codes() {
		d := fresh().Note(delivery.Answer{Code: code}, noon, 0)
		require.Equal(t, code == delivery.EventGone, d.Status == delivery.Failed, code)
	}
}

func TestRetryAfter_is_obeyed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status     int
		asked, got time.Duration
		step       int
	}{
		"longer than the schedule is a step":      {503, time.Hour, time.Hour, 1},
		"shorter than the schedule costs no step": {429, time.Second, time.Second, 0},
		"longer than a day is a day":              {503, 48 * time.Hour, 24 * time.Hour, 1},
		"other statuses are not asked":            {500, time.Hour, 5 * time.Second, 1},
		"nothing asked is the schedule":           {503, 0, 5 * time.Second, 1},
	} {
		d := fresh().Note(delivery.Answer{HTTPStatus: c.status, RetryAfter: c.asked}, noon, 0.5)
		require.InDelta(t, c.got, d.NextAt.Sub(noon), float64(c.got)/10, name)
		require.Equal(t, c.step, d.Step, name)
	}
	d, at := fresh(), noon
	for d.Status == delivery.Pending { // who always asks for a little time has as much as everybody, and a little more
		d = d.Note(delivery.Answer{HTTPStatus: 429, RetryAfter: time.Hour}, at, 0)
		if d.Status == delivery.Pending {
			at = d.NextAt
		}
	}
	require.Greater(t, at.Sub(noon), delivery.Span())
	require.LessOrEqual(t, len(d.Attempts), delivery.MaxAttempts)
}

func TestDelivery_ends_and_keeps_its_distance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		d, at, count := fresh(), noon, 0
		for d.Status == delivery.Pending {
			require.False(t, d.NextAt.Before(at), "it is never tried before its time")
			at = d.NextAt
			answer := delivery.Answer{
				HTTPStatus: rapid.SampledFrom([]int{0, 301, 400, 429, 500, 503}).Draw(r, "status"),
				RetryAfter: time.Duration(rapid.Int64Range(0, int64(100*time.Hour)).Draw(r, "after")),
				Took:       time.Duration(rapid.Int64Range(0, int64(15*time.Second)).Draw(r, "took")),
			}
			before, step := d, d.Step
			d = d.Note(answer, at, rapid.Float64Range(0, 1).Draw(r, "dice"))
			require.Len(t, before.Attempts, min(count, delivery.MaxAttempts), "what it was made of stays as it was")
			count++
			require.Contains(t, []int{step, step + 1}, d.Step)
			wait, more := delivery.Wait(step)
			obeyed := answer.RetryAfter > 0 && (answer.HTTPStatus == 429 || answer.HTTPStatus == 503)
			if d.Status == delivery.Pending && !obeyed {
				require.True(t, more)
				require.InDelta(t, wait, d.NextAt.Sub(at.Add(answer.Took)), float64(wait)*delivery.Jitter+1)
			}
			if d.Status == delivery.Pending && obeyed {
				require.GreaterOrEqual(t, d.NextAt.Sub(at.Add(answer.Took)), min(answer.RetryAfter, delivery.LongestWait))
			}
		}
		require.Equal(t, delivery.Failed, d.Status)
	})
}
