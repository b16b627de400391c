// Package visiting leads users through the widget: it makes sessions for clients,
// lets one browser into each, says at which page a visit is, and has the services
// beside it do what the user decides. It talks to no bank, and draws no page.
//
// Invariant: a visit and the connection that it makes change in one transaction,
// so that whoever comes twice makes one.
package visiting

import (
	"context"
	"encoding/base64"
	"io"
	"time"

	"github.com/tributary-dev/tributary/core/app/access"
	"github.com/tributary-dev/tributary/core/app/connecting"
	"github.com/tributary-dev/tributary/core/app/keeping"
	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Service implements usecase.WidgetSessions and usecase.Visits.
type Service struct {
	Store     store.Store
	Links     connecting.Service
	Runs      synchronizing.Service
	Providers usecase.Providers
	// Consents and Accounts are what users manage.
	Consents usecase.Consents
	Accounts keeping.Service
	// Now is real time: links and visits end by it.
	Now  func() time.Time
	IDs  ident.Source
	Rand io.Reader
}

var (
	_ usecase.WidgetSessions = Service{}
	_ usecase.Visits         = Service{}
)

// Create makes a session whose link is still to be opened.
func (s Service) Create(ctx context.Context, p usecase.Principal, order usecase.NewWidgetSession) (made usecase.MadeWidgetSession, err error) {
	if order.Order.ConnectionID == "" {
		if err := s.offered(ctx, order.Order); err != nil {
			return made, err
		}
	}
	if made.Link, err = s.secret(); err != nil {
		return made, err
	}
	id := ident.New[ident.WidgetSession](s.IDs)
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		owner, err := access.User(ctx, tx, p, order.UserID)
		if err != nil {
			return err
		}
		application, err := tx.Clients().Get(ctx, p.Client)
		if err != nil {
			return err
		}
		known := registered(application)
		if known.Theme, err = themed(ctx, tx, p.Client, order.Order); err != nil {
			return err
		}
		order, err := order.Order.For(known)
		if err != nil {
			return err
		}
		if order.ProviderID, err = providerOf(ctx, tx, owner, order); err != nil {
			return err
		}
		made.Session = widget.New(id, p.Client, owner.ID, order, made.Link, s.Now())
		return tx.WidgetSessions().Put(ctx, made.Session)
	})
	return made, err
}

var errConnection = widget.ErrOrder.With(fault.At("body.connection_id", "is no connection of this user, or not at this bank"))

// providerOf is the bank of a visit: that of the connection which it is about.
func providerOf(ctx context.Context, tx store.Tx, owner *user.User, order widget.Order) (string, error) {
	if order.ConnectionID == "" {
		return order.ProviderID, nil
	}
	c, err := tx.Connections().Get(ctx, store.Owner{Client: owner.ClientID, User: owner.ID}, order.ConnectionID)
	if fault.IsNotFound(err) || (err == nil && order.ProviderID != "" && order.ProviderID != c.ProviderID) {
		return "", errConnection
	}
	if err != nil {
		return "", err
	}
	return c.ProviderID, nil
}

var errBank = widget.ErrOrder.With(fault.At("body.provider_id", "is no bank that has such accounts"))

// offered refuses a bank that the user would not find among those to choose.
func (s Service) offered(ctx context.Context, order widget.Order) error {
	if order.ProviderID == "" {
		return nil
	}
	bank, err := s.Providers.Get(ctx, order.ProviderID)
	if fault.IsNotFound(err) {
		return errBank
	}
	if err == nil && len(ways(order, bank)) == 0 {
		err = errBank
	}
	return err
}

// Get finds one session.
func (s Service) Get(ctx context.Context, p usecase.Principal, id string) (found *widget.Session, err error) {
	parsed, err := ident.Parse[ident.WidgetSession](id)
	if err != nil {
		return nil, widget.ErrNotFound
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		found, err = tx.WidgetSessions().Get(ctx, p.Owner(), parsed)
		return err
	})
	return found, err
}

// Open spends a link for a browser.
func (s Service) Open(ctx context.Context, session string, entry widget.Entry, link secret.String) (secret.String, error) {
	browser, err := s.secret()
	if err != nil {
		return secret.String{}, err
	}
	id, err := ident.Parse[ident.WidgetSession](session)
	if err != nil {
		return secret.String{}, widget.ErrLink
	}
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		found, err := tx.WidgetSessions().Load(ctx, id)
		if fault.IsNotFound(err) {
			return widget.ErrLink
		}
		if err != nil {
			return err
		}
		if err := found.Open(entry, link, browser, s.Now()); err != nil {
			return err
		}
		return tx.WidgetSessions().Put(ctx, found)
	})
	if err != nil {
		return secret.String{}, err
	}
	return browser, nil
}

// secret draws what a link or a browser is known by: 256 bits.
func (s Service) secret() (secret.String, error) {
	var raw [32]byte
	if _, err := io.ReadFull(s.Rand, raw[:]); err != nil {
		return secret.String{}, fault.New(fault.Internal, "no_randomness", "Something went wrong on our side.").Because(err)
	}
	return secret.New(base64.RawURLEncoding.EncodeToString(raw[:])), nil
}

// waysOf are the channels of a connection that there is, as its bank has them.
func waysOf(c *connection.Connection, bank provider.Provider) (found []provider.Channel) {
	for _, channel := range c.Channels {
		if way, err := bank.Channel(channel.DefinitionID); err == nil {
			found = append(found, way)
		}
	}
	return found
}

// left are the channels of a bank that a connection does not use yet, and that give
// more of what a visit is for.
func left(order widget.Order, bank provider.Provider, c *connection.Connection) (found []provider.Channel) {
	var used []widget.Offer
	for _, channel := range c.Channels {
		if way, err := bank.Channel(channel.DefinitionID); err == nil && !channel.Dropped() {
			used = append(used, offerOf(way))
		}
	}
	for _, way := range order.Left(offersOf(bank), used) {
		if channel, err := bank.Channel(way.ID); err == nil {
			found = append(found, channel)
		}
	}
	return found
}

func offerOf(c provider.Channel) widget.Offer {
	return widget.Offer{ID: c.ID, Type: c.Type, Types: c.AccountTypes}
}

func offersOf(bank provider.Provider) (offers []widget.Offer) {
	for _, c := range bank.Channels {
		offers = append(offers, offerOf(c))
	}
	return offers
}

// ways are the channels by which a visit reaches a bank.
func ways(order widget.Order, bank provider.Provider) (found []provider.Channel) {
	for _, way := range order.Ways(offersOf(bank)) {
		if channel, err := bank.Channel(way.ID); err == nil {
			found = append(found, channel)
		}
	}
	return found
}
