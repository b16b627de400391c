package visiting

import (
	"context"
	"reflect"
	"slices"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/form"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Take does what the user does on a page: first what the connection needs of it,
// then what the visit remembers.
func (s Service) Take(ctx context.Context, v usecase.Visitor, move usecase.Move) error {
	visit, err := s.Watch(ctx, v)
	if err != nil {
		return err
	}
	if visit.Page != move.Page || !visit.Session.Takes(move.Input, visit.Seen) {
		return widget.ErrMoved
	}
	p, at := principal(visit.Session, v), string(visit.Session.Progress.ConnectionID)
	given := widget.Given{ProviderID: move.ProviderID}
	if err := pick(visit, move, &given); err != nil {
		return err
	}
	if visit.Diagnosis.Connection != nil {
		given.Status = string(visit.Diagnosis.Connection.Status)
	}
	switch move.Input {
	case widget.Choose:
		err = s.choosable(ctx, visit.Session.Order, move.ProviderID)
	case widget.Accept:
		given.Terms = visit.Session.Order.TermsVersion()
		if visit.Session.Progress.Renewing != "" {
			if given.Anew, err = s.renew(ctx, p, visit, given.Terms); err != nil {
				return err
			}
		} else if len(Fields(visit.Ways)) == 0 { // nothing is asked before the bank is
			return s.connect(ctx, p, visit, move, given)
		}
	case widget.Connect:
		if at == "" {
			return s.connect(ctx, p, visit, move, given)
		}
		err = s.mend(ctx, p, visit, move)
	case widget.Share:
		return s.share(ctx, p, visit, move)
	case widget.Leave:
		if visit.Page == widget.ChooseAccounts {
			return s.decline(ctx, p, visit, given)
		}
	case widget.Reply:
		err = s.Links.Answer(ctx, p, at, move.Challenge, move.Answers)
	case widget.Resend:
		_, err = s.Links.Resend(ctx, p, at)
	case widget.Again:
		_, err = s.Runs.Start(ctx, p, at, synchronization.All)
	default:
		if err := s.manage(ctx, p, visit, move, given); err != nil {
			return err
		}
	}
	if err != nil {
		return moved(err)
	}
	return s.change(ctx, visit, func(session *widget.Session) error {
		return session.Take(move.Input, given, visit.Seen, s.Now())
	})
}

// moved takes a refusal which says that the same was done already for what it is.
func moved(err error) error {
	for _, done := range []*fault.Error{synchronization.ErrRunning, connection.ErrNoChallenge, connection.ErrChallengeOver, connection.ErrChallengeExpired} {
		if done.Is(err) {
			return widget.ErrMoved.Because(err)
		}
	}
	return err
}

// change stores what becomes of a visit that nobody changed since it was seen.
func (s Service) change(ctx context.Context, visit usecase.Visit, change func(*widget.Session) error) error {
	return s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error { return s.changeIn(ctx, tx, visit, change) })
}

func (s Service) changeIn(ctx context.Context, tx store.Tx, visit usecase.Visit, change func(*widget.Session) error) error {
	session, err := tx.WidgetSessions().Load(ctx, visit.Session.ID)
	if err != nil {
		return err
	}
	if session.Outcome != nil || !reflect.DeepEqual(session.Progress, visit.Session.Progress) {
		return widget.ErrMoved
	}
	session.Touch(s.Now())
	if err := change(session); err != nil {
		return err
	}
	return tx.WidgetSessions().Put(ctx, session)
}

// choosable refuses a bank that is not offered.
func (s Service) choosable(ctx context.Context, order widget.Order, id string) error {
	offered, err := s.offers(ctx, order)
	if err == nil && !slices.ContainsFunc(offered, func(p provider.Provider) bool { return p.ID == id }) {
		err = provider.ErrNotFound
	}
	return err
}

// connect makes the connection of a visit.
func (s Service) connect(ctx context.Context, p usecase.Principal, visit usecase.Visit, move usecase.Move, given widget.Given) error {
	session := visit.Session
	order := usecase.NewConnection{
		ProviderID: session.Progress.ProviderID, AutoSync: session.Order.AutoSync, Selective: session.Order.SelectAccounts, TermsVersion: session.Order.TermsVersion(),
	}
	for _, way := range visit.Ways {
		order.Channels = append(order.Channels, usecase.NewChannel{DefinitionID: way.ID, Credentials: move.Credentials[way.ID]})
	}
	_, err := s.Links.CreateAlong(ctx, p, order, func(tx store.Tx, made *connection.Connection) error {
		return s.changeIn(ctx, tx, visit, func(session *widget.Session) error {
			if move.Input == widget.Accept {
				if err := session.Take(widget.Accept, given, visit.Seen, s.Now()); err != nil {
					return err
				}
			}
			given.Connection = made.ID
			return session.Take(widget.Connect, given, visit.Seen, s.Now())
		})
	})
	return err
}

// mend replaces the credentials of the channels that ask for some. Where none
// does, the user signs in at the bank anew.
func (s Service) mend(ctx context.Context, p usecase.Principal, visit usecase.Visit, move usecase.Move) error {
	if len(Fields(visit.Ways)) == 0 {
		_, err := s.Runs.Start(ctx, p, string(visit.Session.Progress.ConnectionID), synchronization.All)
		return err
	}
	for _, way := range visit.Ways {
		if len(Fields([]provider.Channel{way})) == 0 {
			continue
		}
		if _, err := s.Links.ReplaceCredentials(ctx, p, string(visit.Session.Progress.ConnectionID), way.ID, move.Credentials[way.ID]); err != nil {
			return err
		}
	}
	return nil
}

// Fields are what a user is asked for before a bank is: what nobody sees is not.
func Fields(ways []provider.Channel) (asked []form.Field) {
	for _, way := range ways {
		for _, field := range way.CredentialFields {
			if field.Type != form.Hidden {
				asked = append(asked, field)
			}
		}
	}
	return asked
}
