package connection_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/fault"
)

// TestAskAgain_explored is every state × time × way of sending again.
func TestAskAgain_explored(t *testing.T) {
	t.Parallel()
	before := noon.Add(-time.Hour)
	for name, c := range map[string]struct {
		resend *connection.Resend
		err    error
		news   bool
	}{
		"never":                {nil, connection.ErrResend, false},
		"at_once":              {&connection.Resend{Left: 1}, nil, true},
		"from_now_on":          {&connection.Resend{Left: 1, AvailableAt: before}, nil, true},
		"later":                {&connection.Resend{Left: 1, AvailableAt: before.Add(time.Second)}, connection.ErrResendEarly, false},
		"no_more":              {&connection.Resend{}, connection.ErrResendSpent, false},
		"no_more_and_later":    {&connection.Resend{AvailableAt: noon}, connection.ErrResendSpent, false},
		"wanted":               {&connection.Resend{Left: 1, Pending: true, AskedAt: before.Add(-time.Minute)}, nil, false},
		"just_sent":            {&connection.Resend{AvailableAt: noon, AskedAt: before.Add(-2 * time.Second)}, nil, false},
		"sent_a_while_ago":     {&connection.Resend{Left: 1, AskedAt: before.Add(-3 * time.Second)}, nil, true},
		"asked_in_the_future":  {&connection.Resend{Left: 1, AskedAt: before.Add(time.Hour)}, nil, true},
		"sent_and_no_more":     {&connection.Resend{AskedAt: before.Add(-3 * time.Second)}, connection.ErrResendSpent, false},
		"sent_and_again_later": {&connection.Resend{Left: 1, AvailableAt: noon, AskedAt: before.Add(-3 * time.Second)}, connection.ErrResendEarly, false},
	} {
		for _, state := range connection.ChallengeStates() {
			for _, at := range []time.Time{before, noon} {
				t.Run(name+"/"+string(state)+"/"+at.Format(time.TimeOnly), func(t *testing.T) {
					t.Parallel()
					challenge := asked(connection.Form, state)
					challenge.Resend = c.resend
					was := *challenge
					news, err := challenge.AskAgain(at)
					if refused := refusal(state, at.Equal(noon)); refused != nil {
						require.Equal(t, refused, err)
						require.Equal(t, was, *challenge)
						return
					}
					require.ErrorIs(t, err, c.err)
					require.Equal(t, c.news, news)
					require.Equal(t, connection.Open, challenge.State, "no answer")
					if !news {
						require.Equal(t, was, *challenge)
						return
					}
					require.True(t, challenge.Wanted())
					require.Equal(t, c.resend.Left, challenge.Resend.Left)
					require.False(t, c.resend.Pending, "what was loaded is not written to")
					again, err := challenge.AskAgain(at.Add(time.Minute))
					require.NoError(t, err)
					require.False(t, again, "wanted once")
				})
			}
		}
	}
}

func TestAskAgain_says_when(t *testing.T) {
	t.Parallel()
	c := asked(connection.Form, connection.Open)
	c.Resend = &connection.Resend{Left: 1, AvailableAt: noon.Add(-time.Minute)}
	_, err := c.AskAgain(noon.Add(-90 * time.Second))
	var early *fault.Error
	require.ErrorAs(t, err, &early)
	require.Equal(t, 30*time.Second, early.RetryAfter)
	require.Equal(t, "cha_1", early.Subject)
	require.Zero(t, connection.ErrResendEarly.RetryAfter)
}

func TestSentAgain(t *testing.T) {
	t.Parallel()
	wanted := func(state connection.ChallengeState) *connection.Challenge {
		c := asked(connection.Form, state)
		c.Ref, c.SealedState, c.SealedAnswer = "1", []byte("old"), []byte("answer")
		c.Resend = &connection.Resend{Left: 2, Pending: true, AskedAt: noon.Add(-time.Minute)}
		return c
	}
	sent := connection.Challenge{
		ID: "cha_2", Ref: "1", Message: bank.Text{"en": "Sent again."}, ExpiresAt: noon.Add(time.Hour), SealedState: []byte("new"),
		Resend: &connection.Resend{Left: 1, AvailableAt: noon},
	}
	for _, state := range []connection.ChallengeState{connection.Open, connection.Answered} {
		c := wanted(state)
		c.SentAgain(sent)
		require.EqualValues(t, "cha_1", c.ID, "an open form stays good")
		require.Equal(t, state, c.State)
		require.Equal(t, []byte("answer"), c.SealedAnswer)
		require.Equal(t, []byte("new"), c.SealedState)
		require.Equal(t, sent.ExpiresAt, c.ExpiresAt)
		require.Equal(t, sent.Message, c.Message)
		require.Equal(t, connection.Resend{Left: 1, AvailableAt: noon, AskedAt: noon.Add(-time.Minute)}, *c.Resend)
		require.False(t, c.Wanted())
		c.SentAgain(connection.Challenge{})
		require.Equal(t, connection.Resend{AskedAt: noon.Add(-time.Minute)}, *c.Resend, "nothing said is not again")
	}
	for _, state := range []connection.ChallengeState{connection.Expired, connection.Withdrawn} {
		c := wanted(state)
		was := *c
		c.SentAgain(sent)
		require.Equal(t, was, *c)
		require.False(t, c.Wanted())
	}
	c := wanted(connection.Open)
	c.NotSent(2, noon)
	require.Equal(t, connection.Resend{Left: 2, AvailableAt: noon, AskedAt: noon.Add(-time.Minute)}, *c.Resend)
	require.Equal(t, []byte("old"), c.SealedState)
	require.Equal(t, connection.Open, c.State)
	c.Resend = nil
	c.NotSent(1, noon)
	require.Nil(t, c.Resend)
}
