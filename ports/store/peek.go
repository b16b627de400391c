package store

import (
	"context"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
)

// Peek is what is read most often and needs no other read beside it. Each call
// sees one consistent state, the newest, and two calls may see two: whoever wants
// two answers of one state takes a View.
type Peek interface {
	// Client is Clients.Get.
	Client(ctx context.Context, id ident.Client) (client.Client, error)
	// Bearer finds a token with its client. It fails with a NotFound fault where
	// there is no such token, or its client or user is gone.
	Bearer(ctx context.Context, hash string) (Bearer, error)
	// Transactions is Transactions.List, of each row what Listed leaves.
	Transactions(ctx context.Context, owner Owner, filter TransactionFilter, page Page) (Slice[ledger.Transaction], error)
}

// Bearer is a token with the client that may use it.
type Bearer struct {
	Token  Token
	Client client.Client
}

// Peeker is a Store that pays less for a Peek than a View costs.
type Peeker interface{ Peek() Peek }

// PeekOf is the store's own Peek, or one that takes a View for each call.
func PeekOf(s Store) Peek {
	if p, ok := s.(Peeker); ok {
		return p.Peek()
	}
	return viewing{s}
}

// Listed leaves of a transaction what lists tell of it: nothing that only
// recognises it, and not the bank's own words, which are long.
func Listed(t ledger.Transaction) ledger.Transaction {
	t.BankID, t.Fingerprint, t.Occurrence, t.Raw = "", "", 0, nil
	t.Counterparty, t.MerchantCode, t.EndToEndID = "", "", ""
	t.Removal, t.Revisions = "", 0
	return t
}

// viewing makes a Peek of Views.
type viewing struct{ store Store }

func (v viewing) Client(ctx context.Context, id ident.Client) (found client.Client, err error) {
	err = v.store.View(ctx, func(tx Tx) error {
		found, err = tx.Clients().Get(ctx, id)
		return err
	})
	return found, err
}

func (v viewing) Bearer(ctx context.Context, hash string) (found Bearer, err error) {
	err = v.store.View(ctx, func(tx Tx) error {
		if found.Token, err = tx.Tokens().Get(ctx, hash); err != nil {
			return err
		}
		if found.Client, err = tx.Clients().Get(ctx, found.Token.Owner.Client); err != nil || found.Token.Owner.User == "" {
			return err
		}
		_, err = tx.Users().Get(ctx, found.Token.Owner, found.Token.Owner.User)
		return err
	})
	return found, err
}

func (v viewing) Transactions(ctx context.Context, owner Owner, filter TransactionFilter, page Page) (slice Slice[ledger.Transaction], err error) {
	err = v.store.View(ctx, func(tx Tx) error {
		slice, err = tx.Transactions().List(ctx, owner, filter, page)
		return err
	})
	for i, t := range slice.Items {
		slice.Items[i] = Listed(t)
	}
	return slice, err
}
