package rehearsing

import (
	"context"
	"errors"
	"log/slog"
	"time"
	"unicode/utf8"

	"github.com/tributary-dev/tributary/core/app/access"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/sandbox"
	"github.com/tributary-dev/tributary/ports/fetcher"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/testbank"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Configurations implements usecase.Configurations.
type Configurations struct {
	Store   store.Store
	Bank    testbank.Bank
	Fetcher fetcher.Fetcher
	Now     func() time.Time
	IDs     ident.Source
	Log     *slog.Logger
}

var _ usecase.Configurations = Configurations{}

// Create has the test bank check the text before it is stored: what is stored
// can be sent again. Where storing fails the bank is told to forget it.
func (s Configurations) Create(ctx context.Context, p usecase.Principal, source usecase.ConfigurationSource) (sandbox.Configuration, error) {
	var none sandbox.Configuration
	if err := access.ClientOnly(p); err != nil {
		return none, err
	}
	if err := s.Store.View(ctx, func(tx store.Tx) error { return room(ctx, tx, p) }); err != nil {
		return none, err
	}
	text, at, err := s.read(ctx, source)
	if err != nil {
		return none, err
	}
	made := sandbox.Configuration{ID: ident.New[ident.Configuration](s.IDs), ClientID: p.Client, Text: text, CreatedAt: s.Now()}
	if made.Bank, err = s.Bank.Put(ctx, made.ID, text); err != nil {
		return none, placed(err, at)
	}
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		if err := room(ctx, tx, p); err != nil {
			return err
		}
		return tx.Configurations().Put(ctx, made)
	})
	if err != nil {
		s.forget(ctx, made.ID)
		return none, err
	}
	return made, nil
}

// room fails where the client has as many as it may have.
func room(ctx context.Context, tx store.Tx, p usecase.Principal) error {
	found, err := tx.Configurations().List(ctx, p.Client, store.Page{Limit: sandbox.MaxConfigurations})
	if err == nil && len(found.Items) == sandbox.MaxConfigurations {
		return sandbox.ErrTooMany
	}
	return err
}

// read gives the text and where in the request it came from.
func (s Configurations) read(ctx context.Context, source usecase.ConfigurationSource) (text []byte, at string, err error) {
	if (source.Text == "") == (source.URL == "") {
		return nil, "", sandbox.ErrSource
	}
	text, at = []byte(source.Text), "body.text"
	if source.URL != "" {
		at = "body.url"
		if text, err = s.Fetcher.Fetch(ctx, source.URL); err != nil {
			return nil, at, placed(err, at)
		}
	}
	switch {
	case len(text) > sandbox.MaxText:
		return nil, at, sandbox.ErrTooLarge
	case !utf8.Valid(text):
		return nil, at, testbank.ErrMistakes.With(fault.At(at, "is no text in UTF-8"))
	}
	return text, at, nil
}

// placed says where in the request what is wrong came from.
func placed(err error, at string) error {
	e, typed := errors.AsType[*fault.Error](err)
	if !typed || e.Kind != fault.Invalid {
		return err
	}
	moved := *e
	moved.Details = nil
	for _, detail := range e.Details {
		moved.Details = append(moved.Details, fault.At(at, detail.Message))
	}
	if len(moved.Details) == 0 {
		moved.Details = []fault.Detail{fault.At(at, "cannot be used")}
	}
	return &moved
}

// forget is a courtesy to the test bank: what it serves for nobody is in
// nobody's way, and gone when it restarts.
func (s Configurations) forget(ctx context.Context, id ident.Configuration) {
	if err := s.Bank.Delete(context.WithoutCancel(ctx), id); err != nil {
		s.Log.InfoContext(ctx, "the test bank still serves a configuration that is gone", "configuration_id", id, "error", err)
	}
}

// Get finds one, with its text.
func (s Configurations) Get(ctx context.Context, p usecase.Principal, id string) (found sandbox.Configuration, err error) {
	if err := access.ClientOnly(p); err != nil {
		return found, err
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		found, err = own(ctx, tx, p, id)
		return err
	})
	return found, err
}

// own finds a configuration of a client's.
func own(ctx context.Context, tx store.Tx, p usecase.Principal, id string) (sandbox.Configuration, error) {
	parsed, err := ident.Parse[ident.Configuration](id)
	if err != nil {
		return sandbox.Configuration{}, sandbox.ErrNotFound
	}
	return tx.Configurations().Get(ctx, p.Client, parsed)
}

// List pages through them.
func (s Configurations) List(ctx context.Context, p usecase.Principal, page store.Page) (slice store.Slice[sandbox.Configuration], err error) {
	if err := access.ClientOnly(p); err != nil {
		return slice, err
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		slice, err = tx.Configurations().List(ctx, p.Client, page)
		return err
	})
	return slice, err
}

// Delete ends one. Connections that chose it find their bank gone.
func (s Configurations) Delete(ctx context.Context, p usecase.Principal, id string) error {
	if err := access.ClientOnly(p); err != nil {
		return err
	}
	err := s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		found, err := own(ctx, tx, p, id)
		if err != nil {
			return err
		}
		return tx.Configurations().Delete(ctx, p.Client, found.ID)
	})
	if err == nil {
		s.forget(ctx, ident.Configuration(id))
	}
	return err
}
