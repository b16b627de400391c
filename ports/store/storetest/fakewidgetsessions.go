package storetest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
)

type fakeWidgetSessions struct{ *fakeTx }

func (r fakeWidgetSessions) Get(ctx context.Context, owner store.Owner, id ident.WidgetSession) (*widget.Session, error) {
	found, err := r.Load(ctx, id)
	if err != nil || !owns(owner, found.ClientID, found.UserID) {
		return nil, widget.ErrNotFound
	}
	return found, nil
}

func (r fakeWidgetSessions) Load(_ context.Context, id ident.WidgetSession) (*widget.Session, error) {
	found, ok := r.state.visits[id]
	if !ok {
		return nil, widget.ErrNotFound
	}
	found = tidy(found)
	return &found, nil
}

func (r fakeWidgetSessions) At(_ context.Context, id ident.Connection) (newest *widget.Session, err error) {
	for _, s := range r.state.visits {
		at := s.Progress.ConnectionID == id && id != ""
		if at && (newest == nil || s.CreatedAt.After(newest.CreatedAt) || (s.CreatedAt.Equal(newest.CreatedAt) && s.ID > newest.ID)) {
			found := tidy(s)
			newest = &found
		}
	}
	if newest == nil {
		return nil, widget.ErrNotFound
	}
	return newest, nil
}

func (r fakeWidgetSessions) Put(_ context.Context, s *widget.Session) error {
	if err := r.writable(); err != nil {
		return err
	}
	_, client := r.state.clients[s.ClientID]
	if _, user := r.state.users[s.UserID]; !client || !user {
		return errOrphan
	}
	r.state.visits[s.ID] = tidy(*s)
	return nil
}

func (r fakeWidgetSessions) Lapsed(_ context.Context, now time.Time, limit int) (ids []ident.WidgetSession, err error) {
	if limit < 1 {
		return nil, errLimit
	}
	var lapsed []widget.Session
	for _, s := range r.state.visits {
		if s.Lapsed(now) {
			lapsed = append(lapsed, s)
		}
	}
	slices.SortFunc(lapsed, func(a, b widget.Session) int {
		return cmp.Or(a.ExpiresAt.Compare(b.ExpiresAt), cmp.Compare(a.ID, b.ID))
	})
	for _, s := range lapsed[:min(limit, len(lapsed))] {
		ids = append(ids, s.ID)
	}
	return ids, nil
}

func (r fakeWidgetSessions) Sweep(_ context.Context, before time.Time) error {
	if err := r.writable(); err != nil {
		return err
	}
	maps.DeleteFunc(r.state.visits, func(_ ident.WidgetSession, s widget.Session) bool { return s.ExpiresAt.Before(before) })
	return nil
}
