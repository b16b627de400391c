package storetest

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
)

// newVisit makes a widget session that works on a connection.
func (w *world) newVisit(u *user.User, at ident.Connection) *widget.Session {
	s := &widget.Session{}
	w.filler.fill(s)
	s.ClientID, s.UserID, s.Progress.ConnectionID = u.ClientID, u.ID, at
	return s
}

func (w *world) visit(id ident.WidgetSession) (*widget.Session, error) {
	return ask(w, func(tx store.Tx) (*widget.Session, error) { return tx.WidgetSessions().Load(w.ctx, id) })
}

func (w *world) visitAt(id ident.Connection) (*widget.Session, error) {
	return ask(w, func(tx store.Tx) (*widget.Session, error) { return tx.WidgetSessions().At(w.ctx, id) })
}

// visitWrites are what a view must not do.
func (w *world) visitWrites(e estate) map[string]func(store.Tx) error {
	return map[string]func(store.Tx) error{
		"WidgetSessions.Put":   func(tx store.Tx) error { return tx.WidgetSessions().Put(w.ctx, e.visit) },
		"WidgetSessions.Sweep": func(tx store.Tx) error { return tx.WidgetSessions().Sweep(w.ctx, genesis) },
	}
}

var visitCases = []testCase{
	{"come_back_as_they_were", func(w *world) {
		e := w.newEstate(w.newClient())
		full := w.newVisit(e.user, e.connection.ID)
		bare := &widget.Session{ID: full.ID, ClientID: full.ClientID, UserID: full.UserID, CreatedAt: genesis, ExpiresAt: genesis}
		trip(w, full, bare,
			func(tx store.Tx, s *widget.Session) error { return tx.WidgetSessions().Put(w.ctx, s) },
			func(tx store.Tx) (*widget.Session, error) {
				return tx.WidgetSessions().Get(w.ctx, e.owner(), full.ID)
			})
	}},
	{"are_found_by_their_connection_the_newest_first", func(w *world) {
		e := w.newEstate(w.newClient())
		old, fresh := w.newVisit(e.user, e.connection.ID), w.newVisit(e.user, e.connection.ID)
		fresh.CreatedAt = old.CreatedAt.Add(time.Second)
		w.put(fresh)
		w.put(old)
		found, err := w.visitAt(e.connection.ID)
		require.NoError(w, err)
		require.Equal(w, fresh, found)
		fresh.Progress.ConnectionID = "" // it works on another bank by now
		w.put(fresh)
		found, err = w.visitAt(e.connection.ID)
		require.NoError(w, err)
		require.Equal(w, old, found)
		for _, nobodys := range []ident.Connection{"", "con_none"} {
			_, err = w.visitAt(nobodys)
			require.ErrorIs(w, err, widget.ErrNotFound)
		}
	}},
	{"end_when_they_are_old", func(w *world) {
		e := w.newEstate(w.newClient())
		late := w.newVisit(e.user, e.connection.ID)
		late.ExpiresAt = e.visit.ExpiresAt.Add(time.Hour)
		w.put(late)
		w.update(func(tx store.Tx) error { return tx.WidgetSessions().Sweep(w.ctx, late.ExpiresAt) })
		_, err := w.visit(e.visit.ID)
		require.ErrorIs(w, err, widget.ErrNotFound)
		_, err = w.visit(late.ID)
		require.NoError(w, err)
	}},
	{"lapse_by_time_the_first_before_the_others", func(w *world) {
		e := w.newEstate(w.newClient())
		var want []ident.WidgetSession
		end := genesis.Add(-40 * 365 * 24 * time.Hour) // before all others
		for i := range 3 {
			s := w.newVisit(e.user, e.connection.ID)
			s.Outcome, s.Settled, s.ExpiresAt = nil, false, end.Add(time.Duration(i)*time.Second)
			w.put(s)
			want = append(want, s.ID)
			over, settled := *s, *s
			over.ID, over.Outcome = w.newVisit(e.user, "").ID, &widget.Outcome{Result: widget.Cancelled, At: end}
			settled.ID, settled.Settled = w.newVisit(e.user, "").ID, true
			w.put(&over)
			w.put(&settled)
		}
		lapsed := func(now time.Time, limit int) []ident.WidgetSession {
			found, err := ask(w, func(tx store.Tx) ([]ident.WidgetSession, error) { return tx.WidgetSessions().Lapsed(w.ctx, now, limit) })
			require.NoError(w, err)
			return found
		}
		require.Empty(w, lapsed(end.Add(-time.Second), 9))
		require.Equal(w, want[:2], lapsed(end.Add(time.Second), 9))
		require.Equal(w, want, lapsed(end.Add(time.Minute), 3))
		require.Equal(w, want[:1], lapsed(end.Add(time.Minute), 1))
		_, err := ask(w, func(tx store.Tx) ([]ident.WidgetSession, error) { return tx.WidgetSessions().Lapsed(w.ctx, end, 0) })
		require.Error(w, err)
	}},
	{"belong_to_somebody", func(w *world) {
		stranger := w.newUser(w.newClient())
		err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
			return tx.WidgetSessions().Put(w.ctx, w.newVisit(stranger, ""))
		})
		require.True(w, fault.IsNotFound(err), "%v", err)
	}},
}
