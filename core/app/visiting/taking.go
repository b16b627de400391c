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
	p := principal(visit.Session, v)
	given := widget.Given{ProviderID: move.ProviderID}
	if err := pick(visit, move, &given); err != nil {
		return err
	}
	if visit.Diagnosis.Connection != nil {
		given.Status = string(visit.Diagnosis.Connection.Status)
	}
	if done, err := s.whole(ctx, p, visit, move, given); done || err != nil {
		return moved(err)
	}
	if err := s.act(ctx, p, visit, move, &given); err != nil {
		return moved(err)
	}
	return s.change(ctx, visit, func(session *widget.Session) error {
		return session.Take(move.Input, given, visit.Seen, s.Now())
	})
}

// whole does what changes the connection and the visit in one transaction; done
// says that it was something of the kind.
func (s Service) whole(ctx context.Context, p usecase.Principal, visit usecase.Visit, move usecase.Move, given widget.Given) (done bool, err error) {
	progress := visit.Session.Progress
	switch {
	case move.Input == widget.Accept && progress.ConnectionID == "" && len(Fields(first(visit.Ways))) == 0: // nothing is asked before the bank is
		given.Terms = visit.Session.Order.TermsVersion()
		return true, s.connect(ctx, p, visit, move, given)
	case move.Input == widget.Connect && progress.ConnectionID == "":
		return true, s.connect(ctx, p, visit, move, given)
	case move.Input == widget.Connect:
		return true, s.mend(ctx, p, visit, move)
	case move.Input == widget.Skip && visit.Page == widget.Trouble:
		return true, s.spare(ctx, p, visit)
	case move.Input == widget.Share:
		return true, s.share(ctx, p, visit, move)
	case move.Input == widget.Leave && visit.Page == widget.ChooseAccounts:
		return true, s.decline(ctx, p, visit, given)
	case move.Input == widget.Leave && progress.Own && working(visit.Diagnosis.Run):
		return true, s.abandon(ctx, p, visit, given)
	}
	return false, nil
}

// act does what the connection needs before the visit remembers.
func (s Service) act(ctx context.Context, p usecase.Principal, visit usecase.Visit, move usecase.Move, given *widget.Given) (err error) {
	progress := visit.Session.Progress
	at := string(progress.ConnectionID)
	switch move.Input {
	case widget.Choose:
		return s.choosable(ctx, visit.Session.Order, move.ProviderID)
	case widget.Accept:
		given.Terms = visit.Session.Order.TermsVersion()
		if progress.Renewing != "" {
			given.Anew, err = s.renew(ctx, p, visit, progress.Renewing, given.Terms)
		}
	case widget.Reply:
		err = s.Links.Answer(ctx, p, at, move.Challenge, move.Answers)
	case widget.Resend:
		_, err = s.Links.Resend(ctx, p, at)
	case widget.Again:
		if visit.Seen.Lapsed == "" { // else the words come first
			_, err = s.Runs.Start(ctx, p, at, synchronization.All)
		}
	default:
		err = s.manage(ctx, p, visit, move, *given)
	}
	return err
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

// connect makes the connection of a visit, with the first of its channels: the
// others are asked for once the bank has let the user in there.
func (s Service) connect(ctx context.Context, p usecase.Principal, visit usecase.Visit, move usecase.Move, given widget.Given) error {
	session := visit.Session
	order := usecase.NewConnection{
		ProviderID: session.Progress.ProviderID, AutoSync: session.Order.AutoSync, Selective: session.Order.SelectAccounts, TermsVersion: session.Order.TermsVersion(),
		Channels: filled(first(visit.Ways), move),
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

// filled are channels with what was typed for them.
func filled(ways []provider.Channel, move usecase.Move) (channels []usecase.NewChannel) {
	for _, way := range ways {
		channels = append(channels, usecase.NewChannel{DefinitionID: way.ID, Credentials: move.Credentials[way.ID]})
	}
	return channels
}

// mend adds the channel that is asked for, or replaces the credentials of those
// that ask for some. Where none does, the user signs in at the bank anew.
func (s Service) mend(ctx context.Context, p usecase.Principal, visit usecase.Visit, move usecase.Move) error {
	at, terms, asked := string(visit.Session.Progress.ConnectionID), visit.Session.Progress.Terms, visit.Ways
	taken := func(session *widget.Session) error {
		return session.Take(widget.Connect, widget.Given{}, visit.Seen, s.Now())
	}
	if visit.Page == widget.Identify {
		asked = slices.DeleteFunc(slices.Clone(asked), func(way provider.Channel) bool { return len(Fields([]provider.Channel{way})) == 0 })
	}
	if len(asked) == 0 {
		if err := s.signIn(ctx, p, visit); err != nil {
			return err
		}
		return s.change(ctx, visit, taken)
	}
	_, err := s.Links.ReplaceAlong(ctx, p, at, filled(asked, move), terms, func(tx store.Tx) error { return s.changeIn(ctx, tx, visit, taken) })
	return err
}

// signIn has the user go to the bank anew, by the words that they have just seen
// where these had to be shown.
func (s Service) signIn(ctx context.Context, p usecase.Principal, visit usecase.Visit) error {
	if lapsed := visit.Seen.Lapsed; lapsed != "" {
		_, err := s.renew(ctx, p, visit, lapsed, visit.Session.Progress.Terms)
		return err
	}
	_, err := s.Runs.Start(ctx, p, string(visit.Session.Progress.ConnectionID), synchronization.All)
	return err
}

// spare goes on without the channels that are in trouble and never gave anything.
func (s Service) spare(ctx context.Context, p usecase.Principal, visit usecase.Visit) error {
	return s.Links.GiveUp(ctx, p, string(visit.Session.Progress.ConnectionID), spare(visit.Diagnosis), func(tx store.Tx) error {
		return s.changeIn(ctx, tx, visit, func(session *widget.Session) error {
			return session.Take(widget.Skip, widget.Given{}, visit.Seen, s.Now())
		})
	})
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
