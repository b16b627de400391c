package sdk

import "context"

// Provider is one plugin. It may serve many banks: each request names the
// provider and the channel definition it is for. Methods are called
// concurrently, for many connections at once; nothing of one session may
// reach another. A context's deadline is a promise of the caller to stop
// waiting: bank calls must end before it.
//
// Every error that the caller should be able to tell apart is a [*Failure];
// any other error is shown as a technical error of the plugin.
type Provider interface {
	// Describe lists the providers this plugin serves. It is called once after
	// the start and must not contact a bank.
	Describe(ctx context.Context) (Description, error)
	// Begin opens a session at the bank: with credentials, with the secrets an
	// earlier session left, or by sending the user to the bank.
	Begin(ctx context.Context, req BeginRequest) (Step, error)
	// Continue answers the challenge of an earlier step, polls it, or has it sent
	// again.
	Continue(ctx context.Context, req ContinueRequest) (Step, error)
	// Fetch reads what is asked and streams it to the sink. It must not rotate
	// secrets: where they are out of date it fails with [SecretStale].
	Fetch(ctx context.Context, req FetchRequest, sink Sink) error
}

// Refresher is implemented where secrets expire and can be renewed without the
// user. Refresh is the only call that rotates secrets; the server commits the
// result before it fetches anything.
type Refresher interface {
	Refresh(ctx context.Context, req RefreshRequest) (Ready, error)
}

// Ender is implemented where a session or a consent can be closed at the bank.
type Ender interface {
	End(ctx context.Context, req EndRequest) error
}

// Sink receives what Fetch reads, in the order in which it is read. Send
// returns an error when the server no longer wants it; Fetch then returns.
type Sink interface {
	Send(item Item) error
}

// Capabilities says which optional interfaces a provider implements. It is
// derived, never declared by hand.
type Capabilities struct {
	Refresh bool
	End     bool
}

// CapabilitiesOf looks at what p implements.
func CapabilitiesOf(p Provider) Capabilities {
	_, refresh := p.(Refresher)
	_, end := p.(Ender)
	return Capabilities{Refresh: refresh, End: end}
}
