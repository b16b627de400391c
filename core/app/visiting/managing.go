package visiting

import (
	"context"
	"slices"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// hold reads what a user shares, for the pages that show it: all of it, or what
// the client's order is about.
func (s Service) hold(ctx context.Context, tx store.Tx, visit *usecase.Visit, v usecase.Visitor) error {
	if visit.Page != widget.Manage && visit.Page != widget.Account && visit.Page != widget.Accesses {
		return nil
	}
	session := visit.Session
	owner := store.Owner{Client: session.ClientID, User: session.UserID}
	page := store.Page{Limit: 500}
	for {
		slice, err := tx.Connections().List(ctx, owner, store.ConnectionFilter{}, page)
		if err != nil {
			return err
		}
		for _, c := range slice.Items {
			if only := session.Order.ConnectionID; only != "" && only != c.ID {
				continue
			}
			held, err := s.holding(ctx, tx, principal(session, v), c)
			if err != nil {
				return err
			}
			visit.Holdings = append(visit.Holdings, held)
		}
		if page.After = slice.Next; page.After == nil {
			visit.Account, _ = heldAccount(*visit, string(session.Progress.AccountID))
			return nil
		}
	}
}

func (s Service) holding(ctx context.Context, tx store.Tx, p usecase.Principal, c *connection.Connection) (held usecase.Holding, err error) {
	if held.Diagnosis, err = s.Links.DiagnoseIn(ctx, tx, p, string(c.ID)); err != nil {
		return held, err
	}
	held.Seen, held.Advice = see(held.Diagnosis)
	for _, channel := range c.Channels {
		agreed, err := consentOf(ctx, tx, channel)
		if err != nil {
			return held, err
		}
		if agreed != nil {
			held.Consents = append(held.Consents, agreed)
		}
	}
	return held, nil
}

// heldAccount finds an account among what a visit shows.
func heldAccount(visit usecase.Visit, id string) (ledger.Account, bool) {
	for _, held := range visit.Holdings {
		for _, account := range held.Diagnosis.Accounts {
			if id != "" && string(account.ID) == id {
				return account, true
			}
		}
	}
	return ledger.Account{}, false
}

// pick finds what a move is about among what the visit shows: whatever else a
// form names is not there.
func pick(visit usecase.Visit, move usecase.Move, given *widget.Given) error {
	if visit.Page != widget.Manage {
		return nil
	}
	switch move.Input {
	case widget.Inspect:
		account, found := heldAccount(visit, move.Account)
		if !found {
			return widget.ErrMoved
		}
		given.Account = account.ID
	case widget.Review, widget.Resume, widget.Widen, widget.Find, widget.Extend, widget.End:
		at := slices.IndexFunc(visit.Holdings, func(held usecase.Holding) bool { return meant(held, move) })
		if at < 0 {
			return widget.ErrMoved
		}
		c := visit.Holdings[at].Diagnosis.Connection
		given.Connection, given.ProviderID, given.Consent = c.ID, c.ProviderID, ident.Consent(move.Consent)
	}
	return nil
}

// meant reports whether a move is about a connection, with what it needs of it.
func meant(held usecase.Holding, move usecase.Move) bool {
	if string(held.Diagnosis.Connection.ID) != move.Connection {
		return false
	}
	switch move.Input {
	case widget.Extend, widget.Review:
		return slices.ContainsFunc(held.Consents, func(a *consent.Consent) bool { return string(a.ID) == move.Consent })
	case widget.Widen:
		return len(held.Left) > 0
	}
	return true
}

// manage does what a user wants of what is shared. That it was done already, or
// that nothing is left to do it to, is no failure.
func (s Service) manage(ctx context.Context, p usecase.Principal, visit usecase.Visit, move usecase.Move, given widget.Given) (err error) {
	account, at := string(visit.Session.Progress.AccountID), visit.Session.Progress.ConnectionID
	switch move.Input {
	case widget.Rename:
		_, err = s.Accounts.Change(ctx, p, account, usecase.AccountChange{Name: &move.Name})
	case widget.Remove:
		err = s.Accounts.Delete(ctx, p, account)
	case widget.Find:
		err = s.Runs.Find(ctx, p, string(given.Connection))
	case widget.Revoke:
		err = s.revoke(ctx, p, visit.Diagnosis.Connection)
	case widget.Erase:
		err = s.Links.Delete(ctx, p, string(at))
	}
	if fault.IsNotFound(err) {
		return nil
	}
	return err
}

// revoke ends the consents of all channels of a connection.
func (s Service) revoke(ctx context.Context, p usecase.Principal, c *connection.Connection) error {
	if c == nil {
		return nil
	}
	for _, channel := range c.Channels {
		if channel.ConsentID == "" {
			continue
		}
		if _, err := s.Consents.Revoke(ctx, p, string(channel.ConsentID)); err != nil {
			return err
		}
	}
	return nil
}

// renew has the user agree at the bank anew, or says that credentials are needed
// for that: they were forgotten with the consent.
func (s Service) renew(ctx context.Context, p usecase.Principal, visit usecase.Visit, id ident.Consent, terms string) (anew bool, err error) {
	if c := visit.Diagnosis.Connection; c != nil {
		for _, channel := range c.Channels {
			if channel.ConsentID == id && channel.Type == bank.Embedded && len(channel.SealedCredentials) == 0 {
				return true, nil
			}
		}
	}
	_, err = s.Consents.Renew(ctx, p, string(id), terms)
	return false, err
}
