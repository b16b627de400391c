package visiting

import (
	"context"
	"slices"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// needs says what an action means for a visit.
var needs = map[connection.Action]widget.Need{
	connection.ActionEditCredentials: widget.NeedCredentials,
	connection.ActionReauthenticate:  widget.NeedSignIn,
	connection.ActionAnswerChallenge: widget.NeedSignIn, // what was asked is over
	connection.ActionVisitBank:       widget.NeedBank,
	connection.ActionWait:            widget.NeedTime,
	connection.ActionSynchronize:     widget.NeedRetry,
	connection.ActionContactSupport:  widget.NeedRetry,
	connection.ActionNone:            widget.NeedAnew, // closed, or nothing to read
}

// see turns where a connection stands into what matters for the pages, with the
// advice that comes first. A connection that is gone needs to be made anew.
func see(d usecase.Diagnosis) (seen widget.Seen, first connection.Advice) {
	if d.Connection == nil {
		return widget.Seen{Need: widget.NeedAnew}, connection.Advice{}
	}
	first = foremost(d)
	switch status := d.Connection.Status; {
	case d.Asked != nil && d.Asked.Type == connection.Redirect:
		seen.Asked = widget.AskedAtBank
	case d.Asked != nil:
		seen.Asked = widget.AskedHere
	case status == connection.Running:
		seen.Running = true
	case status == connection.Success || status == connection.Partial:
		seen.Need = widget.NeedNothing
	default:
		seen.Need = needs[first.Action]
	}
	seen.Offered = len(d.Offered) > 0
	seen.Entered = entered(d.Run)
	seen.Spare = len(spare(d)) > 0
	return seen, first
}

// entered reports whether the bank has let a run in, on each channel of it.
func entered(run *synchronization.Synchronization) bool {
	return run != nil && !slices.ContainsFunc(run.Legs, func(l synchronization.Leg) bool { return !l.Open() && !l.Final() })
}

// spare are channels in trouble that never gave an account, beside one that reads:
// without them all would be well.
func spare(d usecase.Diagnosis) (definitions []string) {
	reads := false
	for _, channel := range d.Connection.Channels {
		gave := slices.ContainsFunc(d.Accounts, func(a ledger.Account) bool { return a.ShownBy(channel.DefinitionID) })
		switch {
		case channel.Status == connection.ChannelSuccess || channel.Status == connection.ChannelPartial:
			reads = true
		case channel.Status.Fails() && !gave:
			definitions = append(definitions, channel.DefinitionID)
		case channel.Status.Fails():
			return nil
		}
	}
	if !reads {
		return nil
	}
	return definitions
}

// seeChannels adds what the catalogue and the consents tell: whether the bank has
// a channel that is not used, and which consent has ended whose words would be
// others today.
func (s Service) seeChannels(ctx context.Context, tx store.Tx, session *widget.Session, d usecase.Diagnosis, seen *widget.Seen) error {
	if d.Connection == nil {
		return nil
	}
	bank, err := s.Links.Catalogue.Provider(ctx, d.Connection.ProviderID)
	if err != nil && !fault.IsNotFound(err) {
		return err
	}
	seen.Left = err == nil && len(left(session.Order, bank, d.Connection)) > 0
	for _, channel := range d.Connection.Channels {
		agreed, err := consentOf(ctx, tx, channel)
		if err != nil {
			return err
		}
		if agreed != nil && s.lapsed(session.Order, agreed) {
			seen.Lapsed = agreed.ID
			return nil
		}
	}
	return nil
}

func consentOf(ctx context.Context, tx store.Tx, channel connection.Channel) (*consent.Consent, error) {
	if channel.ConsentID == "" {
		return nil, nil
	}
	agreed, err := tx.Consents().Load(ctx, channel.ConsentID)
	if fault.IsNotFound(err) {
		return nil, nil
	}
	return agreed, err
}

// lapsed reports whether a user has to see the words before a consent is given
// anew: they are others by now, or the user took the consent back.
func (s Service) lapsed(order widget.Order, agreed *consent.Consent) bool {
	return !agreed.Live(s.Runs.Now()) && (agreed.Status == consent.Revoked || agreed.Terms.Version != order.TermsVersion())
}

// foremost is the advice of the channel that needs somebody first: what the user
// can do comes before what others do.
func foremost(d usecase.Diagnosis) connection.Advice {
	var all []connection.Advice
	for _, channel := range d.Connection.Channels {
		all = append(all, d.Connection.Advise(channel, d.Asked))
	}
	turn := connection.First(all)
	for _, advice := range all {
		if advice.Turn == turn {
			return advice
		}
	}
	return connection.Advice{}
}
