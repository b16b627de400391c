package visiting

import (
	"context"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Look says where a visit is, and keeps it alive.
func (s Service) Look(ctx context.Context, v usecase.Visitor) (usecase.Visit, error) {
	visit, err := s.Watch(ctx, v)
	if err != nil || !visit.Session.Touch(s.Now()) {
		return visit, err
	}
	return visit, s.change(ctx, visit, func(*widget.Session) error { return nil })
}

// Watch says where a visit is.
func (s Service) Watch(ctx context.Context, v usecase.Visitor) (visit usecase.Visit, err error) {
	id, err := ident.Parse[ident.WidgetSession](v.Session)
	if err != nil {
		return visit, widget.ErrNotFound
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		visit, err = s.see(ctx, tx, id, v)
		return err
	})
	if err != nil {
		return usecase.Visit{}, err
	}
	if id := visit.Session.Progress.ProviderID; id != "" {
		visit.Provider, err = s.bank(ctx, id)
		visit.Ways = waysAt(visit)
	}
	for i := range visit.Holdings {
		if h := &visit.Holdings[i]; err == nil {
			h.Provider, err = s.bank(ctx, h.Diagnosis.Connection.ProviderID)
			h.Left = left(visit.Session.Order, h.Provider, h.Diagnosis.Connection)
		}
	}
	return visit, err
}

// waysAt are the channels that the page of a visit is about: those that are wanted,
// of which the first comes first; the one that is to be added; or those of the
// connection that there is.
func waysAt(visit usecase.Visit) []provider.Channel {
	order, c := visit.Session.Order, visit.Diagnosis.Connection
	switch {
	case c == nil && visit.Page == widget.Identify:
		return first(ways(order, visit.Provider))
	case c == nil:
		return ways(order, visit.Provider)
	case visit.Page == widget.AddChannel || visit.Page == widget.Agree && visit.Session.Progress.Adding:
		return first(left(order, visit.Provider, c))
	}
	return waysOf(c, visit.Provider)
}

func first(ways []provider.Channel) []provider.Channel { return ways[:min(1, len(ways))] }

// bank finds one in the catalogue, or what is left of it while its plugin is not
// served.
func (s Service) bank(ctx context.Context, id string) (provider.Provider, error) {
	found, err := s.Providers.Get(ctx, id)
	if fault.IsNotFound(err) {
		return provider.Provider{ID: id, Name: id}, nil
	}
	return found, err
}

func (s Service) see(ctx context.Context, tx store.Tx, id ident.WidgetSession, v usecase.Visitor) (visit usecase.Visit, err error) {
	if visit.Session, err = tx.WidgetSessions().Load(ctx, id); err != nil {
		return visit, err
	}
	session := visit.Session
	if err := session.Admit(v.Browser); err != nil {
		return visit, err
	}
	application, err := tx.Clients().Get(ctx, session.ClientID)
	if err != nil {
		return visit, err
	}
	if application.Disabled {
		return visit, widget.ErrNotFound
	}
	owner, err := tx.Users().Get(ctx, store.Owner{Client: session.ClientID}, session.UserID)
	if err != nil {
		return visit, err
	}
	visit.UserName = owner.Email
	if visit.Dress, err = dress(ctx, tx, session.Order, application); err != nil {
		return visit, err
	}
	if at := session.Progress.ConnectionID; at != "" {
		visit.Diagnosis, err = s.Links.DiagnoseIn(ctx, tx, principal(session, v), string(at))
		if err != nil && !fault.IsNotFound(err) {
			return visit, err
		}
		if err != nil {
			visit.Diagnosis = usecase.Diagnosis{}
		}
		visit.Seen, visit.Advice = see(visit.Diagnosis)
		if err := s.seeChannels(ctx, tx, session, visit.Diagnosis, &visit.Seen); err != nil {
			return visit, err
		}
	}
	visit.Page = session.Next(visit.Seen)
	if session.Over(s.Now()) {
		visit.Page = widget.Over
	}
	return visit, s.hold(ctx, tx, &visit, v)
}

// principal is the user who is there: whatever the client may, the widget may
// take credentials.
func principal(session *widget.Session, v usecase.Visitor) usecase.Principal {
	return usecase.Principal{
		Client: session.ClientID, User: session.UserID, Rights: []client.Right{client.DirectCredentials},
		PSU: v.PSU, Locale: v.Locale,
	}
}
