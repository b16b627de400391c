package storetest

import (
	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/sandbox"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
)

// The functions below make things with every field filled that belong together.
// They are not stored yet.

func (w *world) newClient() client.Client {
	var c client.Client
	w.filler.fill(&c)
	return c
}

func (w *world) newUser(c client.Client) *user.User {
	u := &user.User{}
	w.filler.fill(u)
	u.ClientID = c.ID
	return u
}

func (w *world) newConnection(u *user.User) *connection.Connection {
	c := &connection.Connection{}
	w.filler.fill(c)
	c.ClientID, c.UserID = u.ClientID, u.ID
	return c
}

// newRun makes a run that is not final.
func (w *world) newRun(c *connection.Connection) *synchronization.Synchronization {
	s := &synchronization.Synchronization{}
	w.filler.fill(s)
	s.ClientID, s.UserID, s.ConnectionID, s.Status = c.ClientID, c.UserID, c.ID, synchronization.Queued
	return s
}

func (w *world) newChallenge(s *synchronization.Synchronization) *connection.Challenge {
	c := &connection.Challenge{}
	w.filler.fill(c)
	c.ClientID, c.UserID, c.ConnectionID, c.SynchronizationID = s.ClientID, s.UserID, s.ConnectionID, s.ID
	return c
}

func (w *world) newAccount(c *connection.Connection) ledger.Account {
	var a ledger.Account
	w.filler.fill(&a)
	a.ClientID, a.UserID, a.ConnectionID, a.Deleted = c.ClientID, c.UserID, c.ID, false
	return a
}

// newTransaction makes one that was not removed.
func (w *world) newTransaction(a ledger.Account) ledger.Transaction {
	var t ledger.Transaction
	w.filler.fill(&t)
	t.ClientID, t.UserID, t.ConnectionID, t.AccountID, t.Removed = a.ClientID, a.UserID, a.ConnectionID, a.ID, false
	return t
}

// newQueue makes one of a user.
func (w *world) newQueue(u *user.User) *delivery.Queue {
	q := &delivery.Queue{}
	w.filler.fill(q)
	q.ClientID, q.Filter.UserID = u.ClientID, u.ID
	return q
}

// newWebhook makes one of a client.
func (w *world) newWebhook(c client.Client) *delivery.Webhook {
	h := &delivery.Webhook{}
	w.filler.fill(h)
	h.ClientID = c.ID
	return h
}

// newDelivery makes one to a webhook.
func (w *world) newDelivery(h *delivery.Webhook) delivery.Delivery {
	var d delivery.Delivery
	w.filler.fill(&d)
	d.WebhookID = h.ID
	return d
}

func (w *world) newToken(u *user.User) store.Token {
	var t store.Token
	w.filler.fill(&t)
	t.Owner, t.Revoked = store.Owner{Client: u.ClientID, User: u.ID}, false
	return t
}

// estate is everything that hangs on one user, stored.
type estate struct {
	client      client.Client
	user        *user.User
	connection  *connection.Connection
	run         *synchronization.Synchronization
	challenge   *connection.Challenge
	account     ledger.Account
	transaction ledger.Transaction
	queue       *delivery.Queue
	token       store.Token
	rule        category.Rule
	consent     *consent.Consent
	access      consent.Access
	visit       *widget.Session
	// webhook is the client's.
	webhook *delivery.Webhook
	// configuration is the client's.
	configuration sandbox.Configuration
}

// newEstate stores a user of a client with all that can belong to it.
func (w *world) newEstate(c client.Client) estate {
	w.Helper()
	e := estate{client: c, user: w.newUser(c)}
	e.connection = w.newConnection(e.user)
	e.run = w.newRun(e.connection)
	e.challenge = w.newChallenge(e.run)
	e.challenge.State = connection.Open
	e.account = w.newAccount(e.connection)
	e.transaction = w.newTransaction(e.account)
	e.queue, e.token, e.configuration = w.newQueue(e.user), w.newToken(e.user), w.newConfiguration(c)
	e.rule = w.newRule(e.user)
	e.consent = w.newConsent(e)
	e.access = w.newAccess(e.consent)
	e.webhook = w.newWebhook(c)
	e.visit = w.newVisit(e.user, e.connection.ID)
	w.update(func(tx store.Tx) error {
		for _, thing := range []any{c, e.user, e.connection, e.run, e.challenge, e.account, e.transaction, e.token, e.configuration, e.rule, e.consent, e.access, e.webhook, e.visit} {
			if err := w.write(tx, thing); err != nil {
				return err
			}
		}
		return tx.Queues().Put(w.ctx, e.queue)
	})
	return e
}

// owner is the user's reach.
func (e estate) owner() store.Owner { return store.Owner{Client: e.client.ID, User: e.user.ID} }
