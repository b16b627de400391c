package connection_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/connection"
)

// The product's words, restated here by hand: a change of the code has to be a
// change of the rule.
var (
	needsActionOrFailed = []connection.ChannelStatus{
		"AUTH_FAILED", "ACCOUNT_LOCKED", "TOKEN_EXPIRED", "PASSWORD_CHANGE_REQUIRED", "CHALLENGE_REQUIRED", "USER_ACTION_REQUIRED",
		"PROVIDER_UNAVAILABLE", "BLOCKED", "TECHNICAL_ERROR",
	}
	leavesTheLastOutcome = []connection.ChannelStatus{"RATE_LIMITED", "EMPTY"}
	lasts                = []connection.Status{"NONE", "RUNNING", "SUCCESS", "PARTIAL_SUCCESS", "FAILED", "CLOSED"}
)

// rule is "RUNNING wins; else needs action or failed; else partial; else
// success", over the statuses given.
func rule(statuses []connection.ChannelStatus) connection.Status {
	for _, step := range []struct {
		when []connection.ChannelStatus
		then connection.Status
	}{
		{[]connection.ChannelStatus{"RUNNING"}, "RUNNING"}, {needsActionOrFailed, "FAILED"},
		{[]connection.ChannelStatus{"PARTIAL_SUCCESS"}, "PARTIAL_SUCCESS"}, {[]connection.ChannelStatus{"SUCCESS"}, "SUCCESS"},
	} {
		if slices.ContainsFunc(statuses, func(s connection.ChannelStatus) bool { return slices.Contains(step.when, s) }) {
			return step.then
		}
	}
	return ""
}

func expected(channels []connection.Channel, last connection.Status) connection.Status {
	if len(channels) == 0 {
		return "NONE"
	}
	var now, before []connection.ChannelStatus
	closed := 0
	for _, c := range channels {
		switch {
		case !slices.Contains(leavesTheLastOutcome, c.Status):
			now, before = append(now, c.Status), append(before, c.Status)
		case c.Status == "RATE_LIMITED":
			now, before = append(now, c.LastOutcome), append(before, c.LastOutcome)
		default:
			before = append(before, c.LastOutcome)
		}
		if c.Status == "CLOSED" {
			closed++
		}
	}
	for _, status := range []connection.Status{rule(now), rule(before)} {
		if status != "" {
			return status
		}
	}
	switch {
	case closed == len(channels):
		return "CLOSED"
	case last == "RUNNING" || last == "CLOSED":
		return "NONE" // nothing runs, and not all is closed: neither is true any more
	}
	return last
}

// every is each channel status, the waiting ones with each outcome before them.
func every() []connection.Channel {
	var channels []connection.Channel
	for _, status := range connection.ChannelStatuses() {
		if !slices.Contains(leavesTheLastOutcome, status) {
			channels = append(channels, connection.Channel{Status: status, LastOutcome: "SUCCESS"})
			continue
		}
		for _, before := range []connection.ChannelStatus{"", "SUCCESS", "PARTIAL_SUCCESS", "AUTH_FAILED", "EMPTY", "CLOSED"} {
			channels = append(channels, connection.Channel{Status: status, LastOutcome: before})
		}
	}
	return channels
}

func TestDerive_is_the_products_rule(t *testing.T) {
	t.Parallel()
	require.Equal(t, connection.None, connection.Derive(nil, connection.Success))
	check := func(last connection.Status, channels ...connection.Channel) {
		got := connection.Derive(channels, last)
		if want := expected(channels, last); want != got {
			require.Equal(t, want, got, "%v after %s", summary(channels), last)
		}
		require.Equal(t, got, connection.Derive(channels, got), "deriving again changes nothing: %v", summary(channels))
		if slices.ContainsFunc(channels, func(c connection.Channel) bool { return c.Status == "RUNNING" }) != (got == "RUNNING") {
			require.Fail(t, "RUNNING is what runs", "%v: %s", summary(channels), got)
		}
	}
	for _, last := range lasts {
		for _, a := range every() {
			check(last, a)
			for _, b := range every() {
				check(last, a, b)
				for _, c := range every() {
					check(last, a, b, c)
				}
			}
		}
	}
}

func summary(channels []connection.Channel) []string {
	var all []string
	for _, c := range channels {
		all = append(all, fmt.Sprintf("%s(%s)", c.Status, c.LastOutcome))
	}
	return all
}

func TestStatuses_have_a_rule_and_a_sentence(t *testing.T) {
	t.Parallel()
	byUser := []connection.Action{
		connection.ActionEditCredentials, connection.ActionReauthenticate, connection.ActionVisitBank, connection.ActionContactSupport,
	}
	for _, status := range connection.ChannelStatuses() {
		for _, locale := range []string{"en", "fr"} {
			require.NotEmpty(t, connection.Sentence(status)[locale], "%s in %s", status, locale)
		}
		rule := connection.RuleOf(status)
		switch status {
		case connection.ChannelRunning, connection.ChannelSuccess, connection.ChannelClosed, connection.ChannelEmpty:
			require.Equal(t, connection.Rule{}, rule, status)
			continue
		}
		require.NotEqual(t, connection.ActionNone, rule.Action, status)
		require.True(t, rule.Retries || slices.Contains(byUser, rule.Action), "%s is neither tried again nor the user's to mend", status)
		require.Equal(t, rule.Action == connection.ActionWait, rule.Retries && rule.Action != connection.ActionContactSupport, status)
	}
	require.False(t, connection.RuleOf(connection.AuthFailed).Retries, "a wrong password is not tried again: the bank would lock it")
	require.Len(t, leavesTheLastOutcome, len(connection.ChannelStatuses())-len(needsActionOrFailed)-4, "every status is in the restatement")
}

func TestLists_are_complete(t *testing.T) {
	t.Parallel()
	require.ElementsMatch(t, constants(t, "status.go", "ChannelStatus"), texts(connection.ChannelStatuses()))
	require.ElementsMatch(t, constants(t, "status.go", "Status"), texts(lasts))
	require.ElementsMatch(t, constants(t, "challenge.go", "ChallengeType"), texts(connection.ChallengeTypes()))
	require.ElementsMatch(t, constants(t, "challenge.go", "ChallengeState"), texts(connection.ChallengeStates()))
}

func texts[T ~string](values []T) []string {
	var all []string
	for _, v := range values {
		all = append(all, string(v))
	}
	return all
}

// constants reads the values of a type's constants out of the source.
func constants(t *testing.T, file, kind string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	require.NoError(t, err)
	var found []string
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if name, ok := spec.Type.(*ast.Ident); ok && name.Name == kind && len(spec.Values) == 1 {
			value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			require.NoError(t, err)
			found = append(found, value)
		}
		return true
	})
	return found
}
