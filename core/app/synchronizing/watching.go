package synchronizing

import (
	"context"
	"errors"
	"slices"

	"github.com/tributary-dev/tributary/ports/provider"
)

// Watch is told how banks answer, whichever connection asked.
type Watch interface {
	// Answered says that somebody was there at a channel, whatever they said.
	Answered(ctx context.Context, channel string)
	// Absent says that nobody was.
	Absent(ctx context.Context, channel string)
}

// answers are failures that only a bank which is there can tell.
var answers = []provider.Code{provider.AuthFailed, provider.AccountLocked, provider.PasswordChangeRequired, provider.UserActionRequired}

// watch tells how the bank answered a step of the visit. A log-in that went well
// says little yet: banks are seen to be half there. What is our own fault, or a
// plugin's, says nothing.
func (v *visit) watch(ctx context.Context, err error) {
	if v.Watch == nil || v.gone {
		return
	}
	if err == nil {
		if v.leg.Open() {
			v.Watch.Answered(ctx, v.channel.DefinitionID)
		}
		return
	}
	failure := failureOf(err)
	switch {
	case failure.Code == provider.ProviderUnavailable && failure.Whose != provider.Host, errors.Is(failure.Err, context.DeadlineExceeded):
		v.Watch.Absent(ctx, v.channel.DefinitionID)
	case slices.Contains(answers, failure.Code):
		v.Watch.Answered(ctx, v.channel.DefinitionID)
	}
}
