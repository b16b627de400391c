package connection_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/form"
	"github.com/tributary-dev/tributary/core/secret"
)

func asked(kind connection.ChallengeType, state connection.ChallengeState) *connection.Challenge {
	c := &connection.Challenge{ID: "cha_1", Type: kind, State: state, ExpiresAt: noon}
	switch kind {
	case connection.Form, connection.Image:
		c.Fields = []form.Field{{Name: "code", Type: form.Number, Required: true, Regex: "[0-9]{4}"}}
	case connection.Options:
		c.Options = []form.Choice{{Value: "sms"}, {Value: "app"}}
	}
	return c
}

// fitting answers, and those that do not fit, by type.
var answers = map[connection.ChallengeType]struct{ right, wrong []secret.Values }{
	connection.Form:      {values("code", "1234"), append(values("code", "12", "code", "", "option", "1234"), nil)},
	connection.Image:     {values("code", "1234"), append(values("code", "12", "code", "", "option", "1234"), nil)},
	connection.Options:   {values("option", "sms", "option", "app"), append(values("option", "fax", "code", "sms"), nil)},
	connection.Decoupled: {[]secret.Values{nil, {}}, values("code", "1234")},
	connection.Redirect:  {nil, append(values("code", "1234"), nil, secret.Values{})},
}

func values(pairs ...string) []secret.Values {
	var all []secret.Values
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, secret.Values{pairs[i]: secret.New(pairs[i+1])})
	}
	return all
}

// refusal restates what an answer meets that would fit, by state and time.
func refusal(state connection.ChallengeState, late bool) error {
	switch {
	case state == connection.Expired, state == connection.Open && late:
		return connection.ErrChallengeExpired
	case state != connection.Open:
		return connection.ErrChallengeOver
	}
	return nil
}

var moments = map[string]struct {
	at   time.Time
	late bool
}{
	"long_before": {noon.Add(-time.Hour), false}, "just_before": {noon.Add(-1), false}, "on_time": {noon, true}, "after": {noon.Add(time.Hour), true},
}

// TestChallenge_explored is every state × type × operation × time.
func TestChallenge_explored(t *testing.T) {
	t.Parallel()
	for _, kind := range connection.ChallengeTypes() {
		for _, state := range connection.ChallengeStates() {
			for name, moment := range moments {
				t.Run(string(kind)+"/"+string(state)+"/"+name, func(t *testing.T) {
					t.Parallel()
					requireChecks(t, kind, state, moment.at, refusal(state, moment.late))
					requireReturn(t, kind, state, moment.at, kind == connection.Redirect && refusal(state, moment.late) == nil)
					requireFinalStays(t, kind, state)
				})
			}
		}
	}
}

func requireChecks(t *testing.T, kind connection.ChallengeType, state connection.ChallengeState, at time.Time, refused error) {
	t.Helper()
	c := asked(kind, state)
	before := *c
	for _, right := range answers[kind].right {
		require.Equal(t, refused, c.Check(right, at))
	}
	for _, wrong := range answers[kind].wrong {
		err := c.Check(wrong, at)
		if refused != nil {
			require.Equal(t, refused, err)
			continue
		}
		require.ErrorIs(t, err, connection.ErrAnswer)
		typed := new(fault.Error)
		require.ErrorAs(t, err, &typed)
		require.NotEmpty(t, typed.Details)
		require.NotContains(t, err.Error(), "1234")
	}
	require.Equal(t, before, *c, "checking changes nothing")
}

func requireReturn(t *testing.T, kind connection.ChallengeType, state connection.ChallengeState, at time.Time, works bool) {
	t.Helper()
	c := asked(kind, state)
	before := *c
	if !works {
		require.ErrorIs(t, c.Return([]byte("sealed"), at), connection.ErrReturn)
		require.Equal(t, before, *c)
		return
	}
	require.NoError(t, c.Return([]byte("sealed"), at))
	require.Equal(t, connection.Answered, c.State)
	require.Equal(t, []byte("sealed"), c.SealedAnswer)
	require.ErrorIs(t, c.Return([]byte("again"), at), connection.ErrReturn, "once only")
	require.Equal(t, []byte("sealed"), c.SealedAnswer)
}

// requireFinalStays tries each way into a final state, from a final one and out
// of an open one.
func requireFinalStays(t *testing.T, kind connection.ChallengeType, state connection.ChallengeState) {
	t.Helper()
	c := asked(kind, state)
	c.Answer([]byte("sealed"))
	if state == connection.Open {
		require.Equal(t, connection.Answered, c.State)
	} else {
		require.Equal(t, state, c.State)
		require.Empty(t, c.SealedAnswer)
	}
	for _, end := range connection.ChallengeStates() {
		c := asked(kind, state)
		c.Close(end)
		closes := state == connection.Open && (end == connection.Expired || end == connection.Withdrawn)
		require.Equal(t, map[bool]connection.ChallengeState{true: end, false: state}[closes], c.State)
	}
}

func TestHashReturn(t *testing.T) {
	t.Parallel()
	hash := connection.HashReturn(secret.New("state"))
	require.Len(t, hash, 64)
	require.NotContains(t, hash, "state")
	require.NotEqual(t, hash, connection.HashReturn(secret.New("other")))
}
